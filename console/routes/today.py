"""今日: what waits for me, what is about to be late, what came back; out of the lists of all services."""

import asyncio

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from console.declared import Section
from console.desk import Desk, Look
from console.errands import errands
from console.sections import menu
from console.waiting import Asking, pressing


def routes(desk: Desk) -> list[Route]:
    asking = Asking()

    async def today(look: Look) -> Response:
        found, own = await asyncio.gather(asking.found(look), errands(look))
        waits = {each.item["id"] for each in found.found if each.waits}
        context = {
            "title": "今日",
            **await pressing(look, found, errands=[one for one in own if one.id not in waits]),
            "began": _beginnings(look),
        }
        return desk.page(look, "today.html", context)

    home = [Route(path, _home) for path in ("/console", "/console/")]
    return [Route("/", desk.signed_in(today)), *home]


async def _home(_: Request) -> Response:
    return RedirectResponse("/", 303)


def _beginnings(look: Look) -> list[tuple[Section, list[tuple[str, str]]]]:
    """What this office may begin, by section."""
    found = []
    for section in menu(look.described):
        steps = [
            (step.title, f"/console/{step.service}/{step.collection}/new?step={step.name}")
            for step in look.described.beginnings
            if step.service == section.service and look.begins(step)
        ]
        if steps:
            found.append((section, steps))
    return found
