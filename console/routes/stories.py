"""一事一链: the story of one case through all services, from the journal."""

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from console import views
from console.described import Listed
from console.desk import SEE_OTHER, Desk, Look
from console.shown import clock_face

PAGE = 500


def routes(desk: Desk) -> list[Route]:
    async def search(look: Look) -> Response:
        if wanted := look.request.query_params.get("of", "").strip():
            of = quote(await _numbered(look, wanted) or wanted, safe="")
            return RedirectResponse(f"/console/story/{of}", SEE_OTHER)
        return desk.page(look, "story.html", {"title": "一事一链", "of": "", "steps": []})

    async def story(look: Look) -> Response:
        of = look.request.path_params["of"]
        answer = await look.ask("/api/v1/events", {"correlation": of, "limit": PAGE})
        if not answer.good:
            return desk.refused(look, answer)
        steps = [_step(look, one) for one in answer.json()["items"]]
        context = {"title": "一事一链", "of": of, "steps": steps}
        return desk.page(look, "story.html", context)

    return [
        Route("/console/story", desk.signed_in(search)),
        Route("/console/story/{of}", desk.signed_in(story)),
    ]


async def _numbered(look: Look, number: str) -> str | None:
    """Whose story that is: of the record with that number, among those that the reader may see."""
    lists = [one for one in look.described.lists.values() if "q" in one.asks]
    answers = await asyncio.gather(*(look.ask(one.path, {"q": number}) for one in lists))
    found = (item for answer in answers if answer.good for item in answer.json()["items"])
    return next((str(one["correlation"]) for one in found if one.get("number") == number), None)


def _step(look: Look, told: Mapping[str, Any]) -> dict[str, str]:
    event = told["event"]
    service, what, _ = event["type"].split(".")
    collection, _, id = str(event.get("subject", "")).partition("/")
    one = look.described.lists.get(f"{service}.{collection}")
    return {
        "at": clock_face(event["time"]),
        "service": look.described.services.get(service, service),
        "type": event["type"],
        "what": told.get("title") or what.replace("_", " "),
        "page": f"{one.page}/{id}" if one else "",
        "said": _said(look, service, one, event.get("data", {})),
    }


def _said(look: Look, service: str, one: Listed | None, data: Mapping[str, Any]) -> str:
    """What is in it that people read: words for codes, names for places."""
    shapes = one.state.get("properties", {}) if one else {}
    showing = views.showing(look, service)
    parts = []
    for name, value in data.items():
        if isinstance(value, str | int) and not isinstance(value, bool) and name in shapes:
            plain = look.described.plain(shapes[name])[0]
            if text := showing.text(name, plain, value):
                parts.append(f"{showing.title(name, plain)}：{clock_face(text)}")
    return "，".join(parts[:6])
