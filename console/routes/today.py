"""今日: what waits for me, what is about to be late, what came back; out of the lists of all services."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from console.described import Listed
from console.desk import Desk, Look
from console.lamps import Lamp, lamps
from console.rows import Row, row
from console.sections import NOTHING, Section, menu, shows

EACH = 20
"""Of one list: the most pressing."""


@dataclass(frozen=True, slots=True)
class Found:
    one: Listed
    item: Mapping[str, Any]


def routes(desk: Desk) -> list[Route]:
    async def today(look: Look) -> Response:
        found = await _found(look)
        known = await lamps(
            look.gateway, look.visitor.caller, (each.item.get("due") for each in found)
        )
        waiting, late, back = [], [], []
        for each in sorted(found, key=lambda one: one.item.get("due") or "9"):
            lamp = known.get(each.item.get("due") or "")
            shown = row(look, each.one, each.item, lamp, back=_came_back(each))
            if _waits(each):
                waiting.append(shown)
            if lamp is not None and lamp.urgent:
                late.append(shown)
            if shown.back:
                back.append(shown)
        context = {
            "title": "今日",
            "waiting": waiting,
            "late": late,
            "back": back,
            "began": _beginnings(look),
            "counts": _counts(late),
        }
        return desk.page(look, "today.html", context)

    return [Route("/", desk.signed_in(today))]


def _counts(late: list[Row]) -> dict[str, int]:
    lit: list[Lamp] = [one.lamp for one in late if one.lamp]
    return {colour: sum(lamp.colour == colour for lamp in lit) for colour in ("red", "yellow")}


async def _found(look: Look) -> list[Found]:
    """From every list that has deadlines, or of which it is said what to ask for."""
    asked = [
        (one, state)
        for one in look.described.lists.values()
        if one.single and "actions" in one.asks and one.service != "gateway"
        for state in _states(one)
    ]
    answers = await asyncio.gather(*(_listed(look, one, state) for one, state in asked))
    seen: dict[tuple[str, str], Found] = {}
    for found in answers:
        for each in found:
            seen.setdefault((each.one.key, each.item["id"]), each)
    return list(seen.values())


def _states(one: Listed) -> tuple[str | None, ...]:
    said = shows(one).states
    if said:
        return said
    return (None,) if "due" in one.sorts else ()


async def _listed(look: Look, one: Listed, state: str | None) -> list[Found]:
    query = {"limit": str(EACH), "actions": "now"}
    if "due" in one.sorts:
        query["sort"] = "due"
    if state is not None:
        query["state"] = state
    answer = await look.ask(one.path, query)
    items = answer.json().get("items", []) if answer.good else []
    return [Found(one, item) for item in items]


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
