"""已办 and 我发起的: what one's own office acted on and what it began, out of the lists of all services."""

import asyncio
from dataclasses import dataclass
from functools import partial

from starlette.responses import Response
from starlette.routing import Route

from console.described import Listed
from console.desk import Desk, Look
from console.rows import Row, row
from console.sections import section_of

EACH = 5
"""Of one list; all of them are a click away, page by page."""
KINDS = {
    "done": ("acted_by", "已办", "还没有经您办理的事项。"),
    "begun": ("begun_by", "我发起的", "还没有由您发起的事项。"),
}


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    section: str
    count: int
    page: str
    rows: list[Row]


def routes(desk: Desk) -> list[Route]:
    return [
        Route(f"/console/{kind}", desk.signed_in(partial(_shown, desk, kind))) for kind in KINDS
    ]


async def _shown(desk: Desk, kind: str, look: Look) -> Response:
    asks, title, nothing = KINDS[kind]
    lists = [one for one in look.described.lists.values() if _may_hold(look, one, asks)]
    found = await asyncio.gather(*(_group(look, one, asks) for one in lists))
    groups = [one for one in found if one is not None]
    context = {"title": title, "groups": groups, "nothing": nothing}
    return desk.page(look, "mine.html", context)


def _may_hold(look: Look, one: Listed, asks: str) -> bool:
    """Nobody acts where his office has no step."""
    does = look.visitor.kind in look.described.doers.get(one.key, ())
    return does and one.single and asks in one.asks and one.service != "gateway"


async def _group(look: Look, one: Listed, asks: str) -> Group | None:
    query = {asks: "me", "limit": str(EACH), "count": "true"}
    if "newest" in one.sorts:
        query["sort"] = "newest"
    answer = await look.ask(one.path, query)
    said = answer.json() if answer.good else {}
    if not said.get("count"):
        return None
    return Group(
        title=one.title,
        section=section_of(one.service).title,
        count=said["count"],
        page=f"{one.page}?{asks}=me",
        rows=[row(look, one, item, None) for item in said["items"]],
    )
