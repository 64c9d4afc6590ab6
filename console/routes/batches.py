"""One step on several records at once: one request a row, as if each were taken by hand, and a result for each."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from console.described import Listed
from console.desk import SEE_OTHER, Desk, Look
from console.filled import filled
from console.forms import MORE, Making, longer
from console.forms_in import sent
from console.routes.records import the_list
from console.rows import called, readable
from console.shown import Showing
from console.taking import Taking, offered, sent_on

MOST = 50
"""Rows at once: as many as a page of a list has."""


@dataclass(frozen=True, slots=True)
class Came:
    """What became of one of them; before it is sent, whether it may be."""

    id: str
    title: str
    page: str
    good: bool
    said: str = ""
    rule: str = ""
    clause: str = ""


def routes(desk: Desk) -> list[Route]:
    async def ask(look: Look) -> Response:
        one, asked = the_list(look), look.request.query_params
        ids, step = asked.getlist("ids")[:MOST], asked.get("step", "")
        if not ids or not step:
            return RedirectResponse(one.page, SEE_OTHER)
        return _form(desk, look, one, step, await _found(look, one, ids, step), {}, {})

    async def take(look: Look) -> Response:
        one, form = the_list(look), await sent(look.request, look.visitor)
        ids, step = list(form.fields.get("ids", ()))[:MOST], form.one("step")
        found = await _found(look, one, ids, step)
        first = _first(found)
        shape = first.schema if first else None
        said = filled(look.described, shape, form.fields) if shape else {}
        if more := form.one(MORE):
            return _form(desk, look, one, step, found, said, longer(more, said))
        came = []
        # In turn: what is done to one may decide about the next.
        for item, taking in found:
            came.append(await _taken(look, one, item, taking, said, form.one("_key")))
        return _page(desk, look, one, step, first, {"came": came})

    path = "/console/{service}/{collection}/batch"
    return [
        Route(path, desk.signed_in(ask), methods=["GET"]),
        Route(path, desk.signed_in(take), methods=["POST"]),
    ]


Found = Sequence[tuple[Mapping[str, Any], Taking | Came]]


async def _found(look: Look, one: Listed, ids: Sequence[str], step: str) -> Found:
    """Each as it is now, with that step where it is open; else why it isn't."""
    answers = await asyncio.gather(*(look.ask(one.at(id), {"actions": "all"}) for id in ids))
    return [
        (answer.json(), _step(look, one, answer.json(), step)) for answer in answers if answer.good
    ]


def _step(look: Look, one: Listed, item: Mapping[str, Any], step: str) -> Taking | Came:
    page = f"{one.page}/{quote(item['id'], safe='')}"
    title = called(Showing(look.described, look.names, one.service), one, item)
    for action in item["actions"]:
        if action["name"] == step:
            if look.described.tells(action["href"]) is not None:
                return Came(item["id"], title, page, False, "结果只显示给办理的人，须逐件办理。")
            if action.get("open", True):
                return offered(look, one, item, action, back=one.page)
            why = readable(look, one, item, action.get("detail", ""))
            return Came(
                item["id"], title, page, False, why, action["rule"], action.get("clause") or ""
            )
    return Came(item["id"], title, page, False, "不由您办理。")


def _first(found: Found) -> Taking | None:
    """Whose form is filled in for all; none where somebody was quicker with each."""
    takings = (taking for _, taking in found if isinstance(taking, Taking))
    return next((one for one in takings if not one.uploads), None)


async def _taken(
    look: Look,
    one: Listed,
    item: Mapping[str, Any],
    taking: Taking | Came,
    said: Mapping[str, Any],
    key: str,
) -> Came:
    if isinstance(taking, Came):
        return taking
    own = f"{key}-{item['id']}"[:128]
    answer = await sent_on(look, taking, said, version=taking.version, key=own)
    problem = answer.problem if not answer.good else {}
    return Came(
        id=item["id"],
        title=called(Showing(look.described, look.names, one.service), one, item),
        page=f"{one.page}/{quote(item['id'], safe='')}",
        good=answer.good,
        said="已办" if answer.good else readable(look, one, item, str(problem.get("detail", ""))),
        rule=str(problem.get("rule") or ""),
        clause=str(problem.get("clause") or ""),
    )


def _form(
    desk: Desk,
    look: Look,
    one: Listed,
    step: str,
    found: Found,
    said: Mapping[str, Any],
    more: Mapping[str, int],
) -> Response:
    first = _first(found)
    showing = Showing(look.described, look.names, one.service)
    rows = [
        taking
        if isinstance(taking, Came)
        else Came(
            item["id"],
            called(showing, one, item),
            f"{one.page}/{quote(item['id'], safe='')}",
            True,
            "可以办理",
        )
        for item, taking in found
    ]
    making = Making(
        described=look.described, names=look.names, service=one.service, own=look.own, more=more
    )
    context = {
        "rows": rows,
        "fields": making.fields(first.schema, said) if first and first.schema else [],
        "key": str(uuid4()),
    }
    return _page(desk, look, one, step, first, context)


def _page(
    desk: Desk,
    look: Look,
    one: Listed,
    step: str,
    first: Taking | None,
    context: Mapping[str, Any],
) -> Response:
    title = first.title if first else look.described.steps.get(one.key, {}).get(step, "办理")
    every = {
        "title": f"批量{title}",
        "one": one,
        "section": look.described.services.get(one.service, one.service),
        "step": step,
        "button": title,
        "came": (),
        "rows": (),
        "fields": (),
        "key": "",
    }
    return desk.page(look, "batch.html", {**every, **context})
