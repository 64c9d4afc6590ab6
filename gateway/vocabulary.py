"""What people read instead of the gateway's codes."""

from collections.abc import Mapping

WORDS: Mapping[str, str] = {
    "active": "推送中",
    "disabled": "已停用",
    "paused": "已暂停",
    "removed": "已删除",
}
