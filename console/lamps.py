"""红黄绿: how long is left of what is due, in working time, as the gateway counts it."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from .asking import Caller, Gateway
from .shown import clock_face, moment

SOON = 4 * 3600
"""Working seconds below which it is 黄 (ours)."""
DAY = 7 * 3600
EACH = 100
FAR = "far"


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


def lit(due: str, left: int | None, now: datetime) -> Lamp:
    """Where nobody works until then, it is the hours themselves that run out."""
    face, at = clock_face(due), moment(due)
    if left == 0 and at is not None and at > now:
        hours, rest = divmod(int((at - now).total_seconds()), 3600)
        return Lamp("yellow", "黄", f"剩{hours}小时" if hours else f"剩{rest // 60}分钟", face)
    if left is None:
        return Lamp("green", "绿", "一年以上", face)
    if left < 0:
        return Lamp("red", "红", f"逾期{_long(-left)}", face)
    if left < SOON:
        return Lamp("yellow", "黄", f"剩{_long(left)}", face)
    return Lamp("green", "绿", f"剩{_long(left)}", face)


def _long(seconds: int) -> str:
    days, rest = divmod(seconds, DAY)
    hours, minutes = rest // 3600, rest % 3600 // 60
    if days:
        return f"{days}工作日" + (f"{hours}小时" if hours else "")
    return f"{hours}工作小时" if hours else f"{minutes}分钟"


async def lamps(gateway: Gateway, caller: Caller, dues: Iterable[str | None]) -> Mapping[str, Lamp]:
    """By when it is due; only what is asked for."""
    wanted = sorted({due for due in dues if due and moment(due)})
    found: dict[str, Lamp] = {}
    parts = [wanted[begin : begin + EACH] for begin in range(0, len(wanted), EACH)]
    answers = await asyncio.gather(
        *(
            gateway.ask(caller, "/api/v1/gateway/hours", [("until", one) for one in part])
            for part in parts
        )
    )
    for part, answer in zip(parts, answers, strict=True):
        if answer.good:
            said = answer.json()
            now = datetime.fromisoformat(said["now"])
            left = [one["seconds"] for one in said["items"]]
            found |= {due: lit(due, each, now) for due, each in zip(part, left, strict=True)}
    return found
