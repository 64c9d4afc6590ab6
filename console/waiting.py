"""What waits, what is about to be late, what came back: out of the lists of all services, or of one."""

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .described import Listed
from .desk import Look
from .lamps import Lamp, lamps
from .rows import Row, row
from .sections import called, shows

EACH = 50
"""Of one list: the most pressing."""
SHOWN = 60
"""Of what waits, of what is late: the most pressing; how many there are is said."""
OVERSEERS = frozenset(("command_centre", "discipline", "district_admin", "party_committee"))
CLOSED = 600.0
"""Seconds for which a list that isn't open to somebody isn't asked for again."""
EMERGENCY = "emergency"
UNIT = "department"


@dataclass(frozen=True, slots=True)
class Found:
    """One of a list, and whether it waits for the visitor."""

    one: Listed
    item: Mapping[str, Any]
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """What was found, and how much more waits in lists that are longer."""

    found: Sequence[Found] = field(default_factory=tuple)
    more: int = 0
    silent: frozenset[str] = frozenset()
    """The services that didn't answer: what waits there isn't known."""


async def pressing(
    look: Look, day: Day, most: int = SHOWN, errands: Sequence[Row] = ()
) -> dict[str, Any]:
    """What pages show of it, the most pressing first, and `most` of each; before it the `errands`."""
    known = await lamps(look.gateway, look.visitor.caller, [each.item for each in day.found])
    lit = sorted(zip(day.found, known, strict=True), key=_order)
    waiting = [one for one in lit if one[0].waits]
    late = [one for one in lit if one[1] is not None and one[1].urgent]
    back = [one for one in lit if _came_back(look, one[0])]
    return {
        "waiting": [*errands, *_rows(look, waiting[:most])],
        "late": _rows(look, late[:most]),
        "back": _rows(look, back[:most]),
        "many": {
            "waiting": len(errands) + len(waiting) + day.more,
            "late": len(late),
            "back": len(back),
        },
        "counts": _counts([lamp for _, lamp in late if lamp]),
        "silent": named(look, day.silent),
    }


def named(look: Look, silent: Iterable[str]) -> list[str]:
    """The services that didn't answer, each once, as people call them."""
    return [called(look.described, service) for service in sorted(set(silent))]


class Asking:
    """The lists that make up somebody's day. Which ones aren't open to him is remembered for a while."""

    def __init__(self) -> None:
        self._closed: dict[tuple[str, str | None, str], float] = {}

    async def found(self, look: Look, service: str = "") -> Day:
        """From every list that has deadlines or knows for whom it waits; of one service, where it is named."""
        now = time.monotonic()
        self._closed = {name: until for name, until in self._closed.items() if until > now}
        asked = [
            one
            for one in look.described.lists.values()
            if one.single and "actions" in one.asks and one.service != "gateway"
            if service in ("", one.service)
            if self._name(look, one) not in self._closed and _concerns(look, one)
            if "due" in one.sorts or "waiting" in one.asks
        ]
        days = await asyncio.gather(*(self._day(look, one) for one in asked))
        return Day(
            [each for day in days for each in day.found],
            sum(day.more for day in days),
            frozenset(() if service else look.described.missing).union(
                *(day.silent for day in days)
            ),
        )

    def _name(self, look: Look, one: Listed) -> tuple[str, str | None, str]:
        return look.visitor.sub, look.visitor.acts_as, one.key

    async def _day(self, look: Look, one: Listed) -> Day:
        """What waits and, beside it, what is due."""
        waiting, due = await asyncio.gather(
            self._listed(look, one, {"waiting": "me", "count": "true", "actions": "now"})
            if "waiting" in one.asks
            else _nothing(),
            self._listed(look, one, {}) if "due" in one.sorts else _nothing(),
        )
        silent = frozenset((one.service,) if None in (waiting, due) else ())
        waiting, due = waiting or {}, due or {}
        mine = waiting.get("items", ())
        known = {item["id"] for item in mine}
        rest = [Found(one, item) for item in due.get("items", ()) if item["id"] not in known]
        more = max(0, (waiting.get("count") or 0) - len(mine))
        return Day([*(Found(one, item, waits=True) for item in mine), *rest], more, silent)

    async def _listed(
        self, look: Look, one: Listed, asks: Mapping[str, str | Sequence[str]]
    ) -> Mapping[str, Any] | None:
        """None where nobody answers: what is in it isn't known."""
        query = {"limit": str(EACH), **asks}
        if "due" in one.sorts:
            query["sort"] = "due"
        answer = await look.ask(one.path, query)
        if answer.status == 403:
            self._closed[self._name(look, one)] = time.monotonic() + CLOSED
        return answer.listed


async def _nothing() -> Mapping[str, Any]:
    return {}


def _concerns(look: Look, one: Listed) -> bool:
    """What the visitor has a step on; for offices that oversee all, everything that has deadlines."""
    does = look.visitor.kind in look.described.doers.get(one.key, ())
    return does or ("due" in one.sorts and look.visitor.kind in OVERSEERS)


def _order(lit: tuple[Found, Lamp | None]) -> tuple[int, str]:
    """What is late or urgent, then what has no deadline, then what has time."""
    each, lamp = lit
    state = each.item["state"]
    urgent = EMERGENCY in (state.get("kind"), state.get("urgency"))
    rank = 1 if lamp is None else 0 if lamp.urgent else 2
    return 0 if urgent else rank, each.item.get("due") or ""


def _came_back(look: Look, each: Found) -> bool:
    """To a unit only where its own part did."""
    state, back = each.item["state"], shows(each.one).back
    if look.visitor.kind == UNIT and "tasks" in state:
        own = (task for task in state["tasks"] if task["unit"] == look.visitor.code)
        return any(task.get(name) for task in own for name in back) and each.waits
    return any(state.get(name) for name in back) and bool(each.item.get("due"))


def _rows(look: Look, lit: list[tuple[Found, Lamp | None]]) -> list[Row]:
    return [row(look, each.one, each.item, lamp, back=_came_back(look, each)) for each, lamp in lit]


def _counts(lit: list[Lamp]) -> dict[str, int]:
    return {colour: sum(lamp.colour == colour for lamp in lit) for colour in ("red", "yellow")}
