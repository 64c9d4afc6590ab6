"""已办 and 我发起的: what one's own office acted on and what it began, out of the lists of all services."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from console.described import Listed
from console.desk import Desk, Look
from console.rows import Row, row
from console.sections import section_of
from console.waiting import named

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
    asked = await asyncio.gather(*(_asked(look, one, asks) for one in lists))
    found = list(zip(lists, asked, strict=True))
    context = {
        "title": title,
        "groups": [_group(look, one, asks, said) for one, said in found if said and said["count"]],
        "nothing": nothing,
        "silent": named(
            look, [*look.described.missing, *(one.service for one, said in found if said is None)]
        ),
    }
    return desk.page(look, "mine.html", context)


def _may_hold(look: Look, one: Listed, asks: str) -> bool:
    """Only a list in which the visitor's office has a step can hold any."""
    does = look.visitor.kind in look.described.doers.get(one.key, ())
    return does and one.single and asks in one.asks and one.service != "gateway"


async def _asked(look: Look, one: Listed, asks: str) -> Mapping[str, Any] | None:
    query = {asks: "me", "limit": str(EACH), "count": "true"}
    if "newest" in one.sorts:
        query["sort"] = "newest"
    return (await look.ask(one.path, query)).listed


def _group(look: Look, one: Listed, asks: str, said: Mapping[str, Any]) -> Group:
    return Group(
        title=one.title,
        section=section_of(one.service).title,
        count=said["count"],
        page=f"{one.page}?{asks}=me",
        rows=[row(look, one, item, None) for item in said["items"]],
    )
