"""一览: how many stand where, and what is late or about to be; to be read from five metres, and live."""

import asyncio
from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from console.described import Described, Listed
from console.desk import Desk, Look
from console.lamps import lamps
from console.rows import Row, row
from console.sections import section_of, shows

EACH = 12


def routes(desk: Desk) -> list[Route]:
    async def wall(look: Look) -> Response:
        service = look.request.path_params["service"]
        boards = boards_of(look.described, service)
        if not boards:
            raise HTTPException(404)
        counted = await asyncio.gather(*(_counted(look, one) for one in boards))
        context = {
            "title": look.described.services.get(service, service),
            "service": service,
            "boards": list(zip(boards, counted, strict=True)),
            "pressing": await _pressing(look, boards),
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
    said = [each.schema for each in one.filters if each.name == "state"]
    return described.words(described.plain(said[0])[0]) if said else {}


async def _counted(look: Look, one: Listed) -> list[tuple[str, str, int]]:
    """Page, word and number of each state."""
    words = states_of(look.described, one)
    asked = ({"state": state, "count": "true", "limit": "1"} for state in words)
    answers = await asyncio.gather(*(look.ask(one.path, query) for query in asked))
    return [
        (f"{one.page}?state={state}", word, int(answer.json().get("count") or 0))
        for (state, word), answer in zip(words.items(), answers, strict=True)
        if answer.good
    ]


async def _pressing(look: Look, boards: list[Listed]) -> list[Row]:
    found: list[Row] = []
    for one in boards:
        if "due" in one.sorts:
            answer = await look.ask(one.path, {"sort": "due", "limit": str(EACH)})
            items = answer.json().get("items", []) if answer.good else []
            known = await lamps(look.gateway, look.visitor.caller, (each["due"] for each in items))
            lit = [(each, known.get(each["due"] or "")) for each in items]
            found += [row(look, one, each, lamp) for each, lamp in lit if lamp and lamp.urgent]
    return found
