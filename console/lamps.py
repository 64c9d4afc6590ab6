"""红黄绿: how much time is left until something is due: in working time, as the gateway counts it, or in calendar
time."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .asking import Caller, Gateway
from .shown import due_face, moment

SOON = 4 * 3600
"""Seconds, of whichever kind, below which it is 黄 (ours)."""
DAY = 7 * 3600
EACH = 100
Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Lamp:
    """`colour` is red, yellow or green; it says so in a word, too."""

    colour: str
    word: str
    text: str
    due: str

    @property
    def urgent(self) -> bool:
        return self.colour != "green"


def lit(item: Item, left: int | None, now: datetime) -> Lamp:
    """`left`: working seconds. Where nobody works between now and then, it is the hours themselves that run out, and
    what is over is over.
    """
    at, face = moment(item["due"]), due_face(item["due"])
    face += "（暂定）" if item.get("provisional") else ""
    straight = int((at - now).total_seconds()) if at is not None else 0
    by_wall = bool(item.get("wall")) or left == 0
    if left is None and not by_wall:
        return Lamp("green", "绿", "一年以上", face)
    seconds = straight if by_wall or left is None else left
    said = _by_wall(abs(seconds)) if by_wall else _long(abs(seconds))
    if seconds < 0:
        return Lamp("red", "红", f"逾期{said}", face)
    if seconds < SOON or left == 0:
        return Lamp("yellow", "黄", f"剩{said}", face)
    return Lamp("green", "绿", f"剩{said}", face)


def _long(seconds: int) -> str:
    days, rest = divmod(seconds, DAY)
    hours, minutes = rest // 3600, rest % 3600 // 60
    if days:
        return f"{days}工作日" + (f"{hours}小时" if hours else "")
    return f"{hours}工作小时" if hours else f"{minutes}分钟"


def _by_wall(seconds: int) -> str:
    hours, minutes = seconds // 3600, seconds % 3600 // 60
    return f"{hours}小时" if hours else f"{minutes}分钟"


async def lamps(gateway: Gateway, caller: Caller, items: Sequence[Item]) -> list[Lamp | None]:
    """Of each, one after the other; of what isn't due there is none. Only what is due is asked for."""
    wanted = sorted({item["due"] for item in items if moment(item.get("due") or "")})
    left: dict[str, tuple[int | None, datetime]] = {}
    parts = [wanted[begin : begin + EACH] for begin in range(0, len(wanted), EACH)]
    answers = await asyncio.gather(
        *(
            gateway.ask(caller, "/api/v1/gateway/hours", [("until", one) for one in part])
            for part in parts
        )
    )
    for part, answer in zip(parts, answers, strict=True):
        if answer.good:
            body = answer.json()
            now = datetime.fromisoformat(body["now"])
            left |= {
                due: (each["seconds"], now) for due, each in zip(part, body["items"], strict=True)
            }
    return [lit(item, *left[due]) if (due := item.get("due")) in left else None for item in items]
