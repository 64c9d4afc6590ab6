"""The first page of a service: what waits in it, how many stand where, its figures, and the ways from here."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from chassis.kernel.clock import SHANGHAI, local_date
from console import views
from console.declared import Figures
from console.described import Listed
from console.desk import Desk, Look
from console.routes.reports import reports_of, usual_asks
from console.routes.wall import asked_of, boards_of, counted
from console.sections import section_of, shows
from console.shown import EMPTY, Group
from console.waiting import Asking, pressing

SHOWN = 20
"""Of what waits, of what is late: the page has more to say."""


def routes(desk: Desk) -> list[Route]:
    asking = Asking()

    async def entry(look: Look) -> Response:
        service = look.request.path_params["service"]
        lists = [one for one in look.described.lists.values() if one.service == service]
        if not lists:
            raise HTTPException(404)
        found, counts, figures = await asyncio.gather(
            asking.found(look, service), _counts(look, service), _figures(look, service)
        )
        context = {
            "title": look.described.services.get(service, service),
            "service": service,
            **await pressing(look, found, SHOWN),
            "lists": [(one, counts.get(one.name, [])) for one in sorted(lists, key=_rank)],
            "figures": figures,
            **_ways(look, service),
        }
        return desk.page(look, "section.html", context)

    return [Route("/console/{service}", desk.signed_in(entry))]


def _rank(one: Listed) -> tuple[bool, str]:
    return (not shows(one).columns, one.name)


async def _counts(look: Look, service: str) -> dict[str, list[tuple[str, str, int]]]:
    """By list: the states in which somebody is at work, with the page of those, and how many there are."""
    asked = await asyncio.gather(
        *(asked_of(look, one) for one in boards_of(look.described, service))
    )
    return {
        one.name: [
            (word, f"{one.page}?{shows(one).by}={state}", count)
            for state, word, count in counted(look, one, said)
            if count and state in shows(one).states
        ]
        for one, said in asked
        if said
    }


async def _figures(look: Look, service: str) -> list[Group]:
    found = await asyncio.gather(*(_read(look, one) for one in section_of(service).figures))
    return [one for one in found if one is not None and (one.facts or one.tables or one.groups)]


async def _read(look: Look, figures: Figures) -> Group | None:
    """None if the visitor may not read them, or none is his: what was asked for is no figure."""
    usual = usual_asks(local_date(datetime.now(SHANGHAI)))
    asks = {name: said or usual[name] for name, said in figures.asks}
    answer = await views.read(look, figures.path, asks)
    if not answer.good:
        return None
    said = answer.json()
    if isinstance(said, Mapping) and all(said[name] in EMPTY for name in said.keys() - asks):
        return None
    return views.shown(look, figures.path, answer, figures.title)


def _ways(look: Look, service: str) -> dict[str, Any]:
    """To its other pages, and what may be begun."""
    described, kind = look.described, look.visitor.kind
    return {
        "pages": section_of(service).pages,
        "imports": any(one.service == service and kind in one.who for one in described.tables),
        "wall": bool(boards_of(described, service)),
        "reports": bool(reports_of(look, service)),
        "began": [
            step for step in described.beginnings if step.service == service and look.begins(step)
        ],
    }
