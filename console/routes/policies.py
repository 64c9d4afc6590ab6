"""规则: a service's numbers with their versions, who changed what and why; and which steps a rule stands before."""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from console import views
from console.desk import Desk, Look
from console.policy_names import NAMES
from console.shown import Table, clock_face

YES = {True: "是", False: "否"}
"""An edition may leave out what is no: that is the same."""
UNITS = {"wall": "自然时间", "working": "工作时间", "working_days": "工作日", "days": "日"}


def routes(desk: Desk) -> list[Route]:
    async def policy(look: Look) -> Response:
        return await _policy(desk, look)

    async def rule(look: Look) -> Response:
        return await _rule(desk, look)

    return [
        Route("/console/rules/{service}/policy", desk.signed_in(policy)),
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
    described = look.described
    own = {**NAMES, **described.codes(service), **described.titles(service)}
    names = {**own, **look.names.register("unit")}
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
    }
    return desk.page(look, "policy.html", context)


def _flat(
    values: Mapping[str, Any], names: Mapping[str, str], under: str = ""
) -> Iterator[tuple[str, str]]:
    """Each number by its whole name, in words where it has them."""
    for key, value in values.items():
        own = value.get("name") if isinstance(value, Mapping) else None
        name = f"{under}{own or names.get(key, key)}"
        if isinstance(value, Mapping):
            yield from _flat(value, names, f"{name} › ")
        elif isinstance(value, list):
            yield name, "、".join(names.get(str(one), str(one)) for one in value)
        else:
            yield name, YES.get(value, "") if isinstance(value, bool) else _word(value, names)


def _word(value: Any, names: Mapping[str, str]) -> str:
    text = str(value)
    return UNITS.get(text) or names.get(text, text)


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
                "of": _collection(look, service, one["collection"]),
                "page": f"/console/{service}/{quote(one['collection'], safe='')}",
                "who": "、".join(look.names.office(kind) for kind in one["who"]),
                "refused": at.get(f"{service}.{one['collection']}.{one['name']}", 0),
            }
            for one in before
        ],
    }
    return desk.page(look, "rule.html", context)


def _collection(look: Look, service: str, name: str) -> str:
    one = look.described.lists.get(f"{service}.{name}")
    return one.title if one else ""


async def refusals(look: Look, service: str) -> Mapping[str, Mapping[str, Any]] | None:
    """By rule, how often it stood in the way; None for whom it isn't."""
    answer = await look.ask(f"{views.API}/{service}/refusals")
    return {one["rule"]: one for one in answer.json()} if answer.good else None
