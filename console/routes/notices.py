"""居民: what was published of what a community or street deliberated, for anybody."""

from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from console import views
from console.desk import Desk, Look
from console.routes.residents import PLACES, by_street
from console.shown import clock_face

NOTICES = views.API + "/consultation/public/notices"
PAGE = "/console/resident/notices"


def routes(desk: Desk) -> list[Route]:
    async def published(look: Look) -> Response:
        community = look.request.query_params.get("community", "").strip()
        places = await look.gateway.ask(look.visitor.caller, PLACES)
        known = places.json() if places.good else []
        asked = {"community": community} if community else {}
        answer = await look.gateway.ask(look.visitor.caller, NOTICES, asked)
        called = {one["code"]: one["name"] for one in known}
        called |= {one["street"]: one["street_name"] for one in known if one.get("street_name")}
        context = {
            "title": "协商结果公示",
            "community": community,
            "streets": by_street(known),
            "problem": answer.problem if not answer.good else {},
            "notices": [_shown(one, called) for one in answer.json()] if answer.good else [],
        }
        return desk.page(look, "notices.html", context, answer.status)

    return [Route(PAGE, desk.public(published))]


def _shown(one: dict[str, Any], called: dict[str, str]) -> dict[str, str]:
    place = one.get("community") or one["street"]
    return {
        "title": one["title"],
        "number": one.get("number") or "",
        "place": called.get(place, ""),
        "at": clock_face(one["published_at"])[:10],
        "notice": one["notice"],
    }
