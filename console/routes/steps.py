"""Taking a step: its form from its schema, and what the platform says to it, at the field that it is about."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from console import views
from console.answered import once, told
from console.asking import Answer
from console.described import Schema
from console.desk import SEE_OTHER, Desk, Look, inside
from console.filled import filled
from console.forms import MORE, Making, longer
from console.forms_in import Sent, sent
from console.handed import FILED, choices, just_handed, naming
from console.parts import part_of
from console.references import codes_in, references, suggested
from console.routes.records import DONE, the_list
from console.rows import METHOD, called, readable, row
from console.shown import Showing
from console.taking import Taking, errors_of, offered, sent_on

BACK = "back"
STALE = 412
WHY = "reason"
CHANGES, CORRECTS = ("修改", "变更"), "更正"
"""How what changes something that is there is called, and what puts it right."""
AGAIN = 5
"""Times that a step which nobody's seen version holds back is sent on with the one that stands now."""


def routes(desk: Desk) -> list[Route]:
    async def ask(look: Look) -> Response:
        taking = await _taking(look)
        if isinstance(taking, Answer):
            return desk.refused(look, taking)
        return await _form(desk, look, taking, taking.preset, {"version": taking.version})

    async def take(look: Look) -> Response:
        form = await sent(look.request, look.visitor)
        taking = await _taking(look)
        if isinstance(taking, Answer):
            return desk.refused(look, taking)
        said = filled(look.described, taking.schema, form.fields) if taking.schema else {}
        kept = {"version": form.one("_version"), "key": form.one("_key")}
        if more := form.one(MORE):
            return await _form(desk, look, taking, said, {**kept, "more": more})
        answer = await _sent(look, taking, form, said)
        if not answer.good:
            kept |= {"key": ""} if answer.reused else {}
            return await _form(desk, look, taking, said, kept, answer)
        return await _taken(desk, look, taking, answer)

    paths = ("/console/{service}/{collection}/new", "/console/{service}/{collection}/{id}/do")
    return [
        route
        for path in paths
        for route in (
            Route(path, desk.signed_in(ask), methods=["GET"]),
            Route(path, desk.signed_in(take), methods=["POST"]),
        )
    ]


async def _sent(look: Look, taking: Taking, form: Sent, said: Mapping[str, Any]) -> Answer:
    """A form that names no version is one that holds whatever else has happened meanwhile, as a check-in does."""
    seen, key = form.one("_version"), form.one("_key")
    for _ in range(AGAIN):
        version = seen or taking.version
        answer = await sent_on(look, taking, said, version=version, key=key, files=form)
        if answer.status != STALE or seen:
            break
        again = await _taking(look)
        if isinstance(again, Answer):
            return again
        taking = again
    return answer


def _back(said: str) -> str:
    """The page of ours that led here, where one did."""
    return said if said and inside(said) == said else ""


async def _taking(look: Look) -> Taking | Answer:
    if "id" in look.request.path_params:
        return await _on_record(look)
    one, named = the_list(look), look.request.query_params.get("step")
    for step in look.described.beginnings:
        if (step.service, step.collection, step.name) == (one.service, one.name, named):
            return Taking(
                one=one,
                title=step.title,
                href=step.path,
                method="POST",
                versioned=False,
                schema=look.described.at(step.schema),
                uploads=step.uploads,
                back=one.page,
                preset=_preset(look),
            )
    raise HTTPException(404)


async def _on_record(look: Look) -> Taking | Answer:
    """Only what the platform itself offers this office on this record."""
    named = look.request.path_params
    single = look.described.singles.get(f"{named['service']}.{named['collection']}")
    one, id = single or the_list(look), quote(named["id"], safe="")
    answer = await look.ask(one.at(named["id"]), {"actions": "all"})
    if not answer.good:
        return answer
    item = answer.json()
    action = _wanted(look, item["actions"])
    schema = look.described.at(action["schema"]) or {}
    part = part_of(Showing(look.described, look.names, one.service), one, item, action)
    if part is not None:
        known = await views.naming(look, one.service, part.row)
        showing = Showing(look.described, look.names, one.service, known=known)
        part = part_of(showing, one, item, action)
    preset = {
        **there(action, schema, item["state"] if part is None else part.row),
        **_said(look),
        **just_handed(look, schema),
    }
    return offered(
        look,
        one,
        item,
        action,
        back=_back(look.request.query_params.get(BACK, "")) or f"{one.page}/{id}",
        preset=preset,
        part=part.called if part else "",
        row=part.row if part else {},
    )


def _wanted(look: Look, actions: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Of those at one address the one that is meant: what is posted, where nothing else is said."""
    asked = look.request.query_params
    there = {one["method"]: one for one in actions if one["href"] == asked.get("step")}
    if not there:
        raise HTTPException(404)
    return there.get(asked.get(METHOD, "POST")) or next(iter(there.values()))


def there(action: Mapping[str, Any], schema: Schema, state: Mapping[str, Any]) -> dict[str, Any]:
    """What stands now, where it is only changed: nobody types all of it again. A correction says all of it anew, of
    the record or of the one thing in it that its address names; one that asks for anything else is of one of several,
    and what stands may be their sum.
    """
    asked = schema.get("properties", {}).keys() - {WHY}
    if action["title"].startswith(CHANGES):
        return {name: state[name] for name in asked if name in state}
    if not action["title"].startswith(CORRECTS):
        return {}
    named = state.get(action["href"].split("/")[-2])
    for one in (state, named if isinstance(named, Mapping) else {}):
        if asked <= one.keys():
            return {name: one[name] for name in asked}
    return {}


def _preset(look: Look) -> dict[str, Any]:
    """What is known of the visitor, and what the page that led here said."""
    kind, code = look.visitor.kind, look.visitor.code
    known: dict[str, Any] = {kind: code, "level": kind} if kind in ("street", "community") else {}
    return known | _said(look)


def _said(look: Look) -> dict[str, Any]:
    asked = look.request.query_params.items()
    return {name: text for name, text in asked if name not in ("step", METHOD, BACK, FILED)}


async def _taken(desk: Desk, look: Look, taking: Taking, answer: Answer) -> Response:
    """What the step tells is shown where it comes, since it is told once; else one is led to where it was taken."""
    page, shape = (
        await _after(look, taking, answer),
        look.described.tells(taking.href, taking.method),
    )
    if shape is None:
        said = [(DONE, taking.title), *((FILED, id) for id in _filed(look, taking, answer))]
        joint = "&" if "?" in page else "?"
        return RedirectResponse(f"{page}{joint}{urlencode(said)}", SEE_OTHER)
    showing, said = Showing(look.described, look.names, taking.one.service), answer.json()
    item = said if "state" in said else taking.item
    context = {
        "title": taking.title,
        "section": look.described.services.get(taking.one.service, taking.one.service),
        "taking": taking,
        "row": row(look, taking.one, item, None) if item else None,
        "once": once(said),
        "told": told(showing, taking.one, shape, said),
        "read": "properties" not in shape,
        "page": page,
    }
    return desk.page(look, "answered.html", context)


def _filed(look: Look, taking: Taking, answer: Answer) -> list[str]:
    """The file that was just handed in, after those from the same page before it."""
    if not taking.uploads or "id" not in answer.json():
        return []
    return list(dict.fromkeys([*look.request.query_params.getlist(FILED), answer.json()["id"]]))


async def _after(look: Look, taking: Taking, answer: Answer) -> str:
    """The record, as it is now; its list, where this was the last that one sees of it."""
    page, made = taking.back, answer.json()
    if taking.item:
        shown = await look.ask(taking.one.at(taking.item["id"]))
        page = taking.one.page if shown.status == 404 else page
    if not taking.item and isinstance(made, Mapping) and isinstance(made.get("id"), str):
        page = f"{taking.one.page}/{quote(made['id'], safe='')}"
    return page


async def _form(
    desk: Desk,
    look: Look,
    taking: Taking,
    said: Mapping[str, Any],
    kept: Mapping[str, str],
    answer: Answer | None = None,
) -> Response:
    problem = dict(answer.problem) if answer else {}
    if "detail" in problem:
        problem["detail"] = readable(look, taking.one, taking.item, problem["detail"])
    files = await choices(look, taking.one, taking.item, taking.schema)
    making = Making(
        described=look.described,
        names=look.names,
        service=taking.one.service,
        errors={
            name: readable(look, taking.one, taking.item, said)
            for name, said in errors_of(problem).items()
        },
        own={**codes_in(taking.item), **look.own},
        more=longer(kept.get("more", ""), said),
        records={
            **await references(look, taking.one, taking.whole, taking.schema, said),
            **{name: [(each.id, each.title) for each in kept] for name, kept in files.items()},
        },
        suggested=await suggested(look, taking.one, taking.schema),
    )
    showing = Showing(look.described, look.names, taking.one.service)
    stale = answer is not None and answer.status in (412, 428)
    fields = making.fields(taking.schema, said) if taking.schema else []
    fileless = () if files else naming(look.described, taking.schema)
    fields = [one for one in fields if one.name not in fileless or one.required or one.value]
    context = {
        "title": taking.title,
        "taking": taking,
        "section": look.described.services.get(taking.one.service, taking.one.service),
        "about": called(showing, taking.one, taking.item) if taking.item else "",
        "row": row(look, taking.one, taking.item, None) if taking.item else None,
        "asked": (await views.asked(look, taking.one, taking.item))[1] if taking.item else "",
        "fields": fields,
        "faults": making.faults(fields),
        "files": next(iter(files.values()), ()),
        "fileless": bool(fileless),
        "problem": problem,
        "closed": readable(look, taking.one, taking.item, taking.closed),
        "stale": stale,
        "here_with": f"{look.request.url.path}?{look.request.url.query}",
        "key": kept.get("key") or str(uuid4()),
        "version": taking.version if stale or not kept.get("version") else kept["version"],
    }
    status = answer.status if answer else 200
    return desk.page(look, "step.html", {**context, "seen": context["version"]}, status)
