"""一览: how many stand where, and what is late or about to be; to be read from five metres, and live."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from console.described import Described, Listed
from console.desk import Desk, Look
from console.lamps import lamps
from console.rows import Row, row
from console.sections import section_of, shows
from console.waiting import named

EACH = 12


def routes(desk: Desk) -> list[Route]:
    async def wall(look: Look) -> Response:
        service = look.request.path_params["service"]
        boards = boards_of(look.described, service)
        if not boards:
            raise HTTPException(404)
        asked = await asyncio.gather(*(asked_of(look, one) for one in boards))
        context = {
            "title": look.described.services.get(service, service),
            "service": service,
            "boards": [
                (one, shows(one).by, counted(look, one, said)) for one, said in asked if said
            ],
            "pressing": await _pressing(look, asked),
            "silent": named(look, [one.service for one, said in asked if said is None]),
        }
        return desk.page(look, "wall.html", context)

    return [Route("/console/{service}/wall", desk.signed_in(wall))]


def boards_of(described: Described, service: str) -> list[Listed]:
    """The lists of which the section says in which states somebody is at work, in its order."""
    order = list(section_of(service).lists)
    return sorted(
        (
            one
            for one in described.lists.values()
            if one.service == service and shows(one).states and states_of(described, one)
        ),
        key=lambda one: order.index(one.name),
    )


def states_of(described: Described, one: Listed) -> Mapping[str, str]:
    """What its records can stand at, and what that is called."""
    said = [each.schema for each in one.filters if each.name == shows(one).by]
    shape = described.plain(said[0])[0] if said else {}
    return described.words(described.plain(shape.get("items", {}))[0])


async def asked_of(look: Look, one: Listed) -> tuple[Listed, Mapping[str, Any] | None]:
    """How many stand where and, where there are deadlines, the most pressing; None where nobody answers."""
    query = {"count_by": shows(one).by, "limit": "1"}
    if "due" in one.sorts:
        query |= {"sort": "due", "limit": str(EACH)}
    answer = await look.ask(one.path, query)
    return one, answer.listed


def counted(look: Look, one: Listed, said: Mapping[str, Any]) -> list[tuple[str, str, int]]:
    """Code, word and number of each state."""
    counts = said.get("counts") or {}
    words = states_of(look.described, one)
    return [(state, word, counts.get(state, 0)) for state, word in words.items()]


async def _pressing(
    look: Look, asked: Sequence[tuple[Listed, Mapping[str, Any] | None]]
) -> list[Row]:
    found = [
        (one, each)
        for one, said in asked
        if said and "due" in one.sorts
        for each in said.get("items") or ()
    ]
    lit = await lamps(look.gateway, look.visitor.caller, [each for _, each in found])
    return [
        row(look, one, each, lamp)
        for (one, each), lamp in zip(found, lit, strict=True)
        if lamp and lamp.urgent
    ]
