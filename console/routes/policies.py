"""规则: a service's numbers with their versions, who changed what and why; and which steps a rule stands before."""

import asyncio
import json
import re
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from console import views
from console.asking import Answer
from console.described import Described
from console.desk import SEE_OTHER, Desk, Look
from console.forms import Field
from console.forms_in import sent
from console.policy_names import NAMES
from console.registers import Names
from console.routes.records import DONE
from console.shown import Table, clock_face
from console.taking import errors_of

YES = {True: "是", False: "否"}
"""An edition may leave out what is no: that is the same."""
KEEPER = "district_admin"
"""Who sets the district's numbers, in every service."""
VALUES, REASON = "values.", "reason"
PATH = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_-]+)*")
"""How a refusal names what it is about."""
NUMBER = re.compile(r"-?[0-9]{1,15}")
STALE = "在您打开之后已有新的一版，请从现行的各项重新改起。"
UNIT = "unit"
UNITS = {"wall": "连续计时", "working_hours": "工作小时", "working_days": "工作日"}
"""What a clock counts in."""


def routes(desk: Desk) -> list[Route]:
    async def policy(look: Look) -> Response:
        return await _policy(desk, look)

    async def ask(look: Look) -> Response:
        return await _change(desk, look)

    async def change(look: Look) -> Response:
        return await _changed(desk, look)

    async def rule(look: Look) -> Response:
        return await _rule(desk, look)

    return [
        Route("/console/rules/{service}/policy", desk.signed_in(policy)),
        Route("/console/rules/{service}/policy/change", desk.signed_in(ask), methods=["GET"]),
        Route("/console/rules/{service}/policy/change", desk.signed_in(change), methods=["POST"]),
        Route("/console/rules/{service}/{rule}", desk.signed_in(rule)),
    ]


def _service(look: Look) -> tuple[str, str]:
    service = str(look.request.path_params["service"])
    if service not in look.described.services:
        raise HTTPException(404)
    return service, look.described.services[service]


async def _policy(desk: Desk, look: Look) -> Response:
    service, title = _service(look)
    book, trail = await asyncio.gather(
        look.ask(f"{views.API}/{service}/policy"), look.ask(f"{views.API}/{service}/policy/trail")
    )
    if not book.good:
        return desk.refused(look, book)
    editions = book.json()["state"]["editions"]
    actors = [one["actor"] for one in trail.json()["entries"]] if trail.good else []
    names = names_of(look.described, look.names, service)
    found = []
    before: dict[str, str] = {}
    for number, edition in enumerate(editions):
        values = dict(_flat(edition["values"], names))
        changed = [
            (name, before.get(name, "—"), values.get(name, "—"))
            for name in {**before, **values}
            if before.get(name, YES[False]) != values.get(name, YES[False])
        ]
        found.append(
            {
                "number": edition["number"],
                "since": clock_face(edition["since"]),
                "reason": edition["reason"],
                "by": look.names.office(actors[number]) if number < len(actors) else "",
                "changes": Table("", ("项目", "原为", "改为"), changed) if number else None,
            }
        )
        before = values
    context = {
        "title": f"{title}的平台默认值",
        "service": service,
        "editions": found[::-1],
        "values": Table("现行", ("项目", "值"), sorted(before.items())),
        "keeps": look.visitor.kind == KEEPER,
        "done": look.request.query_params.get(DONE, ""),
    }
    return desk.page(look, "policy.html", context)


def names_of(described: Described, known: Names, service: str) -> dict[str, str]:
    """What the keys and codes of its policy are called. A unit is `unit.emergency`: a kind of whistle has its code."""
    own = {**NAMES, **described.codes(service), **described.titles(service)}
    units = known.register("unit")
    here = f"{service}."
    mine = {name.removeprefix(here): said for name, said in NAMES.items() if name.startswith(here)}
    return {**units, **own, **mine, **{f"{UNIT}.{code}": name for code, name in units.items()}}


Node = tuple[tuple[str, ...], str, Any]
"""Where it stands, its whole name, and what stands there."""


def nodes(
    values: Mapping[str, Any],
    names: Mapping[str, str],
    path: tuple[str, ...] = (),
    under: str = "",
) -> Iterator[Node]:
    for key, value in values.items():
        own = value.get("name") if isinstance(value, Mapping) else None
        called = f"{under}{own or names.get(key, key)}"
        yield (*path, key), called, value
        if isinstance(value, Mapping):
            yield from nodes(value, names, (*path, key), f"{called} › ")


async def _change(
    desk: Desk,
    look: Look,
    said: Mapping[str, str] = {},
    kept: Mapping[str, str] = {},
    answer: Answer | None = None,
) -> Response:
    """What stands now, or what was said and refused; each by its name, and so is what the refusal is about."""
    service, title = _service(look)
    book = await look.ask(f"{views.API}/{service}/policy")
    if not book.good:
        return desk.refused(look, book)
    names = names_of(look.described, look.names, service)
    known = list(nodes(book.json()["state"]["editions"][-1]["values"], names))
    called = {".".join(path): name for path, name, _ in known}
    problem = dict(answer.problem) if answer else {}
    errors = {_dotted(name): _named(text, called) for name, text in errors_of(problem).items()}
    if "detail" in problem:
        problem["detail"] = (
            STALE if answer and answer.status == 412 else _named(problem["detail"], called)
        )
    fields = list(_fields(known, names, said, errors))
    context = {
        "title": f"更改{title}的平台默认值",
        "service": service,
        "problem": problem,
        "groups": [
            list(one) for _, one in groupby(fields, lambda field: field.name.partition(".")[0])
        ],
        "reason": Field(
            name=REASON,
            title="理由",
            kind="long",
            required=True,
            value=kept.get(REASON, ""),
            error=errors.get(REASON, ""),
        ),
        "version": kept.get("version") or str(book.json()["version"]),
        "key": str(uuid4()),
    }
    return desk.page(look, "policy_change.html", context, answer.status if answer else 200)


def _fields(
    known: list[Node], names: Mapping[str, str], said: Mapping[str, str], errors: Mapping[str, str]
) -> Iterator[Field]:
    """Numbers, texts and what is yes or no; what is listed, or one of the platform's codes, isn't changed here."""
    for path, name, value in known:
        text, dotted = str(value), ".".join(path)
        options: tuple[tuple[str, str], ...] = ()
        if isinstance(value, bool):
            kind, text = "yes", "yes" if value else "no"
        elif text in UNITS:
            kind, options = "choice", tuple(UNITS.items())
        elif (
            isinstance(value, Mapping | list)
            or value is None
            or (isinstance(value, str) and text in names)
        ):
            continue
        else:
            kind = "number" if isinstance(value, int) else "text"
        yield Field(
            name=dotted,
            title=name,
            kind=kind,
            options=options,
            value=said.get(dotted, text),
            error=next((errors[one] for one in _above(path) if one in errors), ""),
        )


def _above(path: tuple[str, ...]) -> Iterator[str]:
    """Itself and what it stands in."""
    return (".".join(path[:n]) for n in range(len(path), 0, -1))


def _dotted(name: str) -> str:
    return name.removeprefix(VALUES)


def _named(text: str, called: Mapping[str, str]) -> str:
    """With names in place of paths."""
    return PATH.sub(lambda found: called.get(_dotted(found[0]), found[0]), text)


async def _changed(desk: Desk, look: Look) -> Response:
    form = await sent(look.request, look.visitor)
    service, _ = _service(look)
    path = f"{views.API}/{service}/policy"
    book = await look.ask(path)
    if not book.good:
        return desk.refused(look, book)
    said = {name: form.one(name).strip() for name in form.fields if not name.startswith("_")}
    body = {
        "values": _with(book.json()["state"]["editions"][-1]["values"], said),
        "reason": form.one(REASON),
    }
    answer = await look.ask(
        path,
        method="PUT",
        body=json.dumps(body).encode(),
        headers={
            "Content-Type": "application/json",
            "Idempotency-Key": form.one("_key"),
            "If-Match": f'"{form.one("_version")}"',
        },
    )
    if not answer.good:
        stale = answer.status == 412
        kept = {REASON: form.one(REASON), "version": "" if stale else form.one("_version")}
        return await _change(desk, look, {} if stale else said, kept, answer)
    page = f"/console/rules/{service}/policy?{urlencode({DONE: '已记为新的一版'})}"
    return RedirectResponse(page, SEE_OTHER)


def _with(values: Mapping[str, Any], said: Mapping[str, str], under: str = "") -> dict[str, Any]:
    """The same numbers, as they were said; what is no number is sent as it stands, and refused where it is wrong."""
    return {key: _one(value, said, f"{under}{key}") for key, value in values.items()}


def _one(value: Any, said: Mapping[str, str], name: str) -> Any:
    if isinstance(value, Mapping):
        return _with(value, said, f"{name}.")
    if name not in said:
        return value
    text = said[name]
    if isinstance(value, bool):
        return text == "yes"
    return int(text) if isinstance(value, int) and NUMBER.fullmatch(text) else text


def _flat(values: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Each number by its whole name, in words where it has them."""
    for path, name, value in nodes(values, names):
        if isinstance(value, Mapping):
            continue
        if isinstance(value, list):
            yield name, "、".join(_word(path[-1], one, names) for one in value)
        else:
            yield (
                name,
                YES.get(value, "") if isinstance(value, bool) else _word(path[-1], value, names),
            )


def _word(key: str, value: Any, names: Mapping[str, str]) -> str:
    text = str(value)
    return names.get(f"{key}.{text}") or UNITS.get(text) or names.get(text, text)


async def _rule(desk: Desk, look: Look) -> Response:
    service, title = _service(look)
    wanted = str(look.request.path_params["rule"])
    rules, steps, refused = await asyncio.gather(
        look.ask(f"{views.API}/{service}/rules"),
        look.ask(f"{views.API}/{service}/steps"),
        refusals(look, service),
    )
    if not rules.good:
        return desk.refused(look, rules)
    found = next((one for one in rules.json() if one["rule"] == wanted), None)
    if found is None:
        raise HTTPException(404)
    before = [one for one in steps.json() if wanted in one["rules"]] if steps.good else []
    counted = (refused or {}).get(wanted)
    at = {one["operation"]: one["refused"] for one in counted["by_step"]} if counted else {}
    context = {
        "title": wanted,
        "service": service,
        "section": title,
        "rule": found,
        "counts": refused is not None,
        "refused": counted,
        "steps": [
            {
                "title": one["title"],
                "begin": _begin(look, service, one),
                "of": _collection(look, service, one["collection"]),
                "page": f"/console/{service}/{quote(one['collection'], safe='')}",
                "who": "、".join(look.names.office(kind) for kind in one["who"]),
                "refused": at.get(f"{service}.{one['collection']}.{one['name']}", 0),
            }
            for one in before
        ],
    }
    return desk.page(look, "rule.html", context)


def _begin(look: Look, service: str, step: Mapping[str, Any]) -> str:
    """Its form, if it begins a record and is open to the visitor."""
    wanted = (service, step["collection"], step["name"])
    for one in look.described.beginnings:
        if (one.service, one.collection, one.name) == wanted and look.begins(one):
            return f"/console/{service}/{quote(one.collection, safe='')}/new?step={one.name}"
    return ""


def _collection(look: Look, service: str, name: str) -> str:
    one = look.described.lists.get(f"{service}.{name}")
    return one.title if one else ""


async def refusals(look: Look, service: str) -> Mapping[str, Mapping[str, Any]] | None:
    """By rule, how often it refused; None if the visitor may not read that."""
    answer = await look.ask(f"{views.API}/{service}/refusals")
    return {one["rule"]: one for one in answer.json()} if answer.good else None
