"""一事一链: the story of one case through all services, from the journal."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from console.described import Described, Listed
from console.desk import SEE_OTHER, Desk, Look
from console.shown import clock_face

PAGE = 500


def routes(desk: Desk) -> list[Route]:
    async def search(look: Look) -> Response:
        if wanted := look.request.query_params.get("of", "").strip():
            return RedirectResponse(f"/console/story/{wanted}", SEE_OTHER)
        return desk.page(look, "story.html", {"title": "一事一链", "of": "", "steps": []})

    async def story(look: Look) -> Response:
        of = look.request.path_params["of"]
        answer = await look.ask("/api/v1/events", {"correlation": of, "limit": PAGE})
        if not answer.good:
            return desk.refused(look, answer)
        steps = [_step(look, one) for one in answer.json()["items"]]
        context = {"title": "一事一链", "of": of, "steps": steps}
        return desk.page(look, "story.html", context, 200 if steps else 404)

    return [
        Route("/console/story", desk.signed_in(search)),
        Route("/console/story/{of}", desk.signed_in(story)),
    ]


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
        "said": _said(look, look.described, one, event.get("data", {})),
    }


def _said(look: Look, described: Described, one: Listed | None, data: Mapping[str, Any]) -> str:
    """What is in it that people read: words for codes, names for places."""
    shapes = one.state.get("properties", {}) if one else {}
    parts = []
    for name, value in data.items():
        if isinstance(value, str | int) and not isinstance(value, bool) and name in shapes:
            plain = described.plain(shapes[name])[0]
            word = described.words(plain).get(str(value)) or look.names.named(name, str(value))
            parts.append(f"{plain.get('title', name)}：{clock_face(word)}")
    return "，".join(parts[:6])
