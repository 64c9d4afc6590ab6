"""What people read instead of a code: the words that every service has. Its own stand in its `vocabulary.py`."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

COMMON: Mapping[str, str] = {
    "application/pdf": "PDF 文件",
    "checked": "核对完毕，未写入",
    "checking": "核对中",
    "city": "市",
    "community": "社区",
    "csv": "CSV",
    "district": "区",
    "entered": "已全部写入",
    "entered_in_part": "已写入，有的行未能写入",
    "entering": "写入中",
    "given_up": "已停止",
    "html": "网页",
    "image/jpeg": "JPEG 图片",
    "image/png": "PNG 图片",
    "json": "JSON",
    "other": "其他",
    "pdf": "PDF",
    "province": "省",
    "refused": "未写入",
    "street": "街道",
    "waiting": "等待处理",
    "wall": "连续计时",
    "working_days": "工作日",
    "working_hours": "工作小时",
    "xlsx": "Excel",
    "xml": "XML",
}


def word_for(kind: str, code: Any, words: Mapping[str, str]) -> str | None:
    """What `code` of the enumeration `kind` is called: by both names, by the code, or as everywhere."""
    return words.get(f"{kind}.{code}") or words.get(str(code)) or COMMON.get(str(code))


def word_of(code: StrEnum | None, words: Mapping[str, str]) -> str:
    """The same of a code as the domain holds it, for what is said to people."""
    if code is None:
        return "无"
    return word_for(type(code).__name__, code.value, words) or code.value
