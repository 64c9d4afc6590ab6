"""What people read instead of a code: the words that all services share. A service's own are in its `vocabulary.py`."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

COMMON: Mapping[str, str] = {
    "ImportStatus.checked": "核对完毕，未写入",
    "ImportStatus.checking": "核对中",
    "ImportStatus.entered": "已全部写入",
    "ImportStatus.entered_in_part": "已写入，有的行未能写入",
    "ImportStatus.entering": "写入中",
    "ImportStatus.given_up": "已停止",
    "ImportStatus.refused": "未写入",
    "ImportStatus.waiting": "等待处理",
    "application/pdf": "PDF 文件",
    "city": "市",
    "community": "社区",
    "csv": "CSV",
    "district": "区",
    "html": "网页",
    "image/jpeg": "JPEG 图片",
    "image/png": "PNG 图片",
    "json": "JSON",
    "other": "其他",
    "pdf": "PDF",
    "province": "省",
    "street": "街道",
    "wall": "连续计时",
    "working_days": "工作日",
    "working_hours": "工作小时",
    "xlsx": "Excel",
    "xml": "XML",
}
"""By the code, or by enumeration and code where a service may call something of its own by that code otherwise."""


def word_for(kind: str, code: Any, words: Mapping[str, str]) -> str | None:
    """What `code` of the enumeration `kind` is called: by both names, or by the code; the service's word first."""
    known = (one.get(key) for key in (f"{kind}.{code}", str(code)) for one in (words, COMMON))
    return next(filter(None, known), None)


def word_of(code: StrEnum | None, words: Mapping[str, str]) -> str:
    """The same of a code as the domain holds it, for what is said to people."""
    if code is None:
        return "无"
    return word_for(type(code).__name__, code.value, words) or code.value
