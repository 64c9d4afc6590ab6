"""Any list of any service, and any one of it: filters, orders and search; facts, clocks, trail and buttons."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console import papers, views
from console.asking import Answer
from console.described import Listed, Parameter, Schema
from console.desk import Desk, Look
from console.forms import Field, Making
from console.handed import FILED, proofs
from console.lamps import lamps
from console.registers import Names
from console.rows import buttons, called, cell, choices, row, together
from console.sections import column, columns_of, shows
from console.shown import Showing, clock_face, hidden
from console.trails import CLOCKS, clocks

PAGE = 50
SORTS = {"newest": "最新在前", "due": "最急在前"}
DONE = "done"
PHOTOS = "photos"
Said = str | list[str]
ALWAYS = frozenset(("count", "count_by", "names", "actions", "limit"))
"""Of a list's parameters those that the page says itself."""
MINE = {"waiting": "待办", "acted_by": "已办", "begun_by": "我发起的"}
"""Lists of one's own office's, which the page says above and keeps while one looks further."""
TEXTS = ("reason", "answer", "summary", "text", "what")
"""Of what was said that which needs no title."""
FIRST = frozenset(("state", "overdue", "kind"))
"""Filters that are always in sight; the others are a click away."""


def routes(desk: Desk) -> list[Route]:
    async def listed(look: Look) -> Response:
        one = the_list(look)
        asked = asked_for(one, look.request)
        answer = await look.ask(one.path, {**asked, **_always(one)})
        if not answer.good:
            return desk.refused(look, answer)
        return desk.page(look, "list.html", await _list_context(look, one, asked, answer))

    async def shown(look: Look) -> Response:
        one, id = the_list(look), look.request.path_params["id"]
        answer = await look.ask(one.at(id), {"actions": "all" if every_step(look) else "now"})
        if not answer.good:
            return desk.refused(look, answer)
        return desk.page(look, "record.html", await record_context(look, one, answer))

    return [
        Route("/console/{service}/{collection}", desk.signed_in(listed)),
        Route("/console/{service}/{collection}/{id}", desk.signed_in(shown)),
    ]


def the_list(look: Look) -> Listed:
    named = look.request.path_params
    found = look.described.lists.get(f"{named['service']}.{named['collection']}")
    if found is None:
        raise HTTPException(404)
    return found


def asked_for(one: Listed, request: Request) -> dict[str, Said]:
    """Of what the address says, what this list knows; of what it may be several of, all that is said."""
    several = {each.name for each in one.filters if each.several}
    found: dict[str, Said] = {}
    for name, said in request.query_params.multi_items():
        if name not in one.asks or name in ALWAYS or not said.strip():
            continue
        known = found.get(name, [])
        found[name] = [*known, said.strip()] if name in several else said.strip()
    return found


def _enters(look: Look, one: Listed) -> str:
    """The title of entering a row of it, for offices that may."""
    step = look.described.registers.get(one.key)
    return step.title if step and look.begins(step) else ""


def _always(one: Listed) -> dict[str, str]:
    said = {"limit": str(PAGE), "count": "true"}
    return said | ({"actions": "now"} if "actions" in one.asks else {})


def _filter(look: Look, one: Listed, parameter: Parameter, said: Said) -> Field:
    making = Making(described=look.described, names=look.names, service=one.service)
    known: Mapping[Any, Any] = {"true": True, "false": False}
    value: Any = said if isinstance(said, list) else known.get(said, said or None)
    found = making.one(
        parameter.name, {**parameter.schema, "title": parameter.title}, value, required=False
    )
    if found.kind == "yes":
        options = [("true", "是"), ("false", "否")]
        return Field(name=found.name, title=found.title, kind="choice", value=said, options=options)
    return found


async def _list_context(
    look: Look, one: Listed, asked: Mapping[str, Said], answer: Answer
) -> dict[str, Any]:
    body = answer.json()
    items: Sequence[Mapping[str, Any]] = body["items"]
    lit = await lamps(look.gateway, look.visitor.caller, items)
    showing = Showing(look.described, look.names, one.service)
    columns = [
        name
        for name in columns_of(look.described, one)
        if not items or _tells(showing, one, name, items)
    ]
    filters = [_filter(look, one, each, asked.get(each.name, "")) for each in one.filters]
    kept = {name: value for name, value in asked.items() if name != "cursor"}
    rows = [row(look, one, item, lamp, columns) for item, lamp in zip(items, lit, strict=True)]
    following = urlencode({**kept, "cursor": body["next"]}, doseq=True) if body.get("next") else ""
    return {
        "title": one.title,
        "one": one,
        "section": look.described.services.get(one.service, one.service),
        "filters": [one for one in filters if one.name in FIRST],
        "more": [one for one in filters if one.name not in FIRST],
        "narrowed": any(one.value for one in filters if one.name not in FIRST),
        "filtered": bool(set(asked) - {"sort", "cursor"}),
        "mine": {name: word for name, word in MINE.items() if name in asked},
        "search": asked.get("q", "") if "q" in one.asks else None,
        "sorts": [(name, SORTS.get(name, name)) for name in one.sorts],
        "sort": asked.get("sort", one.sorts[0] if one.sorts else ""),
        "columns": [showing.title(name, column(look.described, one, name)) for name in columns],
        "rows": rows,
        "choices": choices(rows) if one.single else [],
        "due": any(item.get("due") for item in items),
        "count": body.get("count"),
        "following": f"{one.page}?{following}" if following else "",
        "paged": "cursor" in asked,
        "done": look.request.query_params.get(DONE, ""),
        "enters": _enters(look, one),
        "began": [
            step
            for step in look.described.beginnings
            if (step.service, step.collection) == (one.service, one.name) and look.begins(step)
        ],
    }


def _tells(showing: Showing, one: Listed, name: str, items: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a column says anything but what its rows are called by already."""
    return any(
        (text := cell(showing, one, name, item["state"]))
        and text != (item.get("number") or called(showing, one, item))
        for item in items
    )


def every_step(look: Look) -> bool:
    """Whether also what isn't open now is asked for."""
    return look.request.query_params.get("all") == "1"


async def record_context(look: Look, one: Listed, answer: Answer) -> dict[str, Any]:
    item = answer.json()
    known = await views.naming(look, one.service, item["state"])
    showing = Showing(look.described, look.names, one.service, known=known)
    steps, said = buttons(look, one, item, known), look.request.query_params
    # None of these needs another's answer.
    [lamp], (place, asked), record, trail, handed, pages = await asyncio.gather(
        lamps(look.gateway, look.visitor.caller, [item]),
        views.asked(look, one, item),
        views.within_reach(look, showing.record("", one.state, item["state"])),
        _trail(look, one, item["id"], showing),
        proofs(look, one, item),
        _views(look, one, item["id"]),
    )
    return {
        "title": called(showing, one, item),
        "one": one,
        "section": look.described.services.get(one.service, one.service),
        "item": item,
        "row": row(look, one, item, lamp),
        "record": record,
        "asked": asked,
        "open": together([step for step in steps if step.open]),
        "closed": [step for step in steps if not step.open],
        "every": every_step(look),
        "views": pages,
        "leads": [*_enters_it(look, one, item["id"]), *_leads(look, one, item)],
        "trail": trail,
        "place": place,
        "done": said.get(DONE, ""),
        "filed": said.getlist(FILED),
        "filing": urlencode([(FILED, id) for id in said.getlist(FILED)]),
        "proofs": handed,
    }


async def _views(look: Look, one: Listed, id: str) -> tuple[tuple[str, str], ...]:
    """The pages of one of it; of photographs where there are any that the reader may see."""
    made = () if look.visitor.kind in shows(one).kept_from else shows(one).views
    if any(part == PHOTOS for _, part in made):
        answer = await look.ask(f"{one.path}/{quote(id, safe='')}/{PHOTOS}")
        if not answer.good or not answer.json():
            made = tuple(each for each in made if each[1] != PHOTOS)
    return (*made, (papers.CALLED, papers.PART)) if papers.papers_of(look, one) else made


def _enters_it(look: Look, one: Listed, id: str) -> list[tuple[str, str]]:
    """What is entered as a whole is so again, where it has a page."""
    called = _enters(look, one)
    return [(called, f"{one.page}/enter?{urlencode({'code': id})}")] if called else []


def _leads(look: Look, one: Listed, item: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What may be begun from here, elsewhere."""
    state = item["state"]
    wanted = {
        f"{one.service}.{lead.step}": lead
        for lead in shows(one).leads
        if state["status"] in lead.states
        and (not lead.whose or state[lead.whose] == look.visitor.acts_as)
    }
    found = []
    for step in look.described.beginnings:
        lead = wanted.get(f"{step.service}.{step.collection}.{step.name}")
        if lead and look.begins(step):
            said = {lead.field: item["id"], **{name: state[name] for name in lead.carries}}
            asked = urlencode({"step": step.name, **said})
            found.append((step.title, f"/console/{one.service}/{step.collection}/new?{asked}"))
    return found


async def _trail(look: Look, one: Listed, id: str, showing: Showing) -> list[dict[str, str]]:
    """Newest first: who did what, when, and what was said."""
    if not one.trail:
        return []
    answer = await look.ask(f"{one.path}/{quote(id, safe='')}/trail")
    entries = answer.json().get("entries", []) if answer.good else []
    codes = look.described.codes(one.service)
    return [_entry(one, showing, look.names, codes, entry) for entry in reversed(entries)]


def _entry(
    one: Listed, showing: Showing, names: Names, codes: Mapping[str, str], entry: Mapping[str, Any]
) -> dict[str, str]:
    """What was said is in the record, or stands here alone: an opinion, a ground, yes or no."""
    properties, data = one.state.get("properties", {}), entry.get("data", {})
    own = {name: value for name, value in data.items() if name not in properties}
    said = clocks(names, codes, own)
    asked = showing.described.bodies.get(one.key, {})
    for name, value in data.items():
        if isinstance(value, Mapping | list) or not value and name in TEXTS:
            continue
        if name in properties:
            said += _said(showing, name, properties[name], data)
        elif name in TEXTS:
            said.append(str(value))
        elif name in asked and name not in CLOCKS and not _otherwise(showing, asked[name], value):
            plain = {**data, name: codes.get(value, value) if isinstance(value, str) else value}
            said += _said(showing, name, asked[name], plain)
    return {
        "version": str(entry["version"]),
        "at": clock_face(entry["at"]),
        "by": names.office(entry["actor"]),
        "what": entry.get("title") or entry["type"],
        "said": "，".join(said),
    }


def _otherwise(showing: Showing, shape: Schema, value: Any) -> bool:
    """Whether it is kept in another measure than it was said in: what is typed as 85.50 is kept as 8550."""
    return type(value) is int and showing.described.plain(shape)[0].get("type") == "string"


def _said(showing: Showing, name: str, shape: Schema, data: Mapping[str, Any]) -> Iterator[str]:
    """Under its title."""
    if not hidden(name, data):
        plain = showing.described.plain(shape)[0]
        if text := showing.text(name, plain, data[name]):
            yield f"{showing.title(name, plain)}：{text}"
