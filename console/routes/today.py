"""今日: what waits for me, what is about to be late, what came back; out of the lists of all services."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from console.described import Listed
from console.desk import Desk, Look
from console.lamps import Lamp, lamps
from console.rows import Row, row
from console.sections import NOTHING, Section, menu, shows

EACH = 20
"""Of one list: the most pressing."""
SHOWN = 60
"""Of what waits, of what is late: the most pressing; how many there are is said."""
OVERSEERS = frozenset(("command_centre", "discipline", "district_admin", "party_committee"))
CLOSED = 600.0
"""Seconds for which a list that isn't open to somebody isn't asked for again."""


@dataclass(frozen=True, slots=True)
class Found:
    one: Listed
    item: Mapping[str, Any]


def routes(desk: Desk) -> list[Route]:
    asking = Asking()

    async def today(look: Look) -> Response:
        found = await asking.found(look)
        known = await lamps(
            look.gateway, look.visitor.caller, (each.item.get("due") for each in found)
        )
        lit = [
            (each, known.get(each.item.get("due") or ""))
            for each in sorted(found, key=lambda one: one.item.get("due") or "9")
        ]
        waiting = [one for one in lit if _waits(one[0])]
        late = [one for one in lit if one[1] is not None and one[1].urgent]
        back = [one for one in lit if _came_back(one[0])]
        context = {
            "title": "今日",
            "waiting": _rows(look, waiting),
            "late": _rows(look, late),
            "back": _rows(look, back),
            "many": {"waiting": len(waiting), "late": len(late), "back": len(back)},
            "began": _beginnings(look),
            "counts": _counts([lamp for _, lamp in late if lamp]),
        }
        return desk.page(look, "today.html", context)

    home = [Route(path, _home) for path in ("/console", "/console/")]
    return [Route("/", desk.signed_in(today)), *home]


async def _home(_: Request) -> Response:
    return RedirectResponse("/", 303)


def _rows(look: Look, lit: list[tuple[Found, Lamp | None]]) -> list[Row]:
    return [
        row(look, each.one, each.item, lamp, back=_came_back(each)) for each, lamp in lit[:SHOWN]
    ]


def _counts(lit: list[Lamp]) -> dict[str, int]:
    return {colour: sum(lamp.colour == colour for lamp in lit) for colour in ("red", "yellow")}


class Asking:
    """The lists that make up somebody's day. Which ones aren't open to him is remembered for a while."""

    def __init__(self) -> None:
        self._closed: dict[tuple[str, str | None, str], float] = {}

    async def found(self, look: Look) -> list[Found]:
        """From every list that has deadlines, or of which it is said what to ask for."""
        now = time.monotonic()
        self._closed = {name: until for name, until in self._closed.items() if until > now}
        asked = [
            one
            for one in look.described.lists.values()
            if one.single and "actions" in one.asks and one.service != "gateway"
            if self._name(look, one) not in self._closed and _concerns(look, one)
            if "due" in one.sorts or shows(one).states
        ]
        answers = await asyncio.gather(*(self._listed(look, one) for one in asked))
        return [each for found in answers for each in found]

    def _name(self, look: Look, one: Listed) -> tuple[str, str | None, str]:
        return look.visitor.sub, look.visitor.acts_as, one.key

    async def _listed(self, look: Look, one: Listed) -> list[Found]:
        query: dict[str, str | Sequence[str]] = {"limit": str(EACH), "actions": "now"}
        if "due" in one.sorts:
            query["sort"] = "due"
        if states := shows(one).states:
            query["state"] = states
        answer = await look.ask(one.path, query)
        if answer.status == 403:
            self._closed[self._name(look, one)] = time.monotonic() + CLOSED
        items = answer.json().get("items", []) if answer.good else []
        return [Found(one, item) for item in items]


def _concerns(look: Look, one: Listed) -> bool:
    """What one has a step on; for who looks after all, whatever has deadlines."""
    does = look.visitor.kind in look.described.doers.get(one.key, ())
    return does or ("due" in one.sorts and look.visitor.kind in OVERSEERS)


def _waits(each: Found) -> bool:
    names = {action["name"] for action in each.item.get("actions") or ()}
    waits = shows(each.one).waits
    return bool(names & waits) if waits else bool(names and each.item.get("due"))


def _came_back(each: Found) -> bool:
    said = shows(each.one)
    if said == NOTHING:
        return False
    return any(each.item["state"].get(name) for name in said.back) and bool(each.item.get("due"))


def _beginnings(look: Look) -> list[tuple[Section, list[tuple[str, str]]]]:
    """What this office may begin, by section."""
    found = []
    for section in menu(look.described):
        steps = [
            (step.title, f"/console/{step.service}/{step.collection}/new?step={step.name}")
            for step in look.described.beginnings
            if step.service == section.service and look.visitor.kind in step.who
        ]
        if steps:
            found.append((section, steps))
    return found
