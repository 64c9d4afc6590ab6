"""吹哨: a department's year, with what counts in it and what may be done about it; and the points of who blows."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from chassis.kernel.clock import SHANGHAI
from console import views
from console.asking import Answer
from console.desk import Desk, Look
from console.lamps import lamps
from console.rows import buttons
from console.sections import column
from console.shown import Group

YEARS, WHISTLES = "whistle.assessments", "whistle.whistles"
DEPARTMENTS, POINTS = "/whistle/assessments/departments", "/whistle/assessments/whistlers/{blower}"
PAGE = "/console/whistle/years"
BLOWERS = ("street", "community")
SAID = ("published", "appeals")
"""Of an account what is shown as it is described."""


def routes(desk: Desk) -> list[Route]:
    async def every(look: Look) -> Response:
        return await _every(desk, look)

    async def one(look: Look) -> Response:
        return await _one(desk, look)

    return [
        Route(PAGE, desk.signed_in(every)),
        Route("/console/whistle/assessments/{id}", desk.signed_in(one)),
    ]


def _year(look: Look) -> str:
    said = look.request.query_params.get("year", "")
    return said if said.isdecimal() and len(said) == 4 else str(datetime.now(SHANGHAI).year)


async def _every(desk: Desk, look: Look) -> Response:
    year = _year(look)
    answer = await views.read(look, DEPARTMENTS, {"year": year, "limit": "100"})
    if not answer.good:
        return desk.refused(look, answer)
    items = sorted(
        answer.json()["items"],
        key=lambda one: (one["rank"] is None, one["rank"] or 0, one["unit"]),
    )
    own = f"{look.visitor.kind}:{look.visitor.code}" if look.visitor.kind in BLOWERS else ""
    blower = own or look.request.query_params.get("of", "")
    context = {
        "title": "年度考核",
        "year": year,
        "departments": [
            {**one, "page": f"/console/whistle/assessments/{one['unit']}.{year}"} for one in items
        ],
        "blower": blower,
        "blowers": []
        if own
        else [one for one in look.names.offices() if one[0].partition(":")[0] in BLOWERS],
        "points": await _points(look, blower, year) if blower else None,
    }
    return desk.page(look, "years.html", context)


async def _points(look: Look, blower: str, year: str) -> Group | None:
    """What an office that blows has left of the year's points, and how its whistles stand; None if the visitor may not
    read that."""
    answer = await views.read(look, POINTS, {"year": year}, blower=blower)
    if not answer.good:
        return None
    body = answer.json()
    states = look.described.words(column(look.described, views.lists(look, WHISTLES), "status"))
    facts = [
        ("剩余积分", str(body["points"]), ""),
        ("不规范的哨", str(body["irregular"]), ""),
        *((f"哨：{states.get(state, state)}", str(n), "") for state, n in body["whistles"].items()),
    ]
    return Group(f"{look.names.office(blower)} {year} 年积分", facts)


async def _one(desk: Desk, look: Look) -> Response:
    id = look.request.path_params["id"]
    single = look.described.singles.get(YEARS)
    if single is None:
        raise HTTPException(404)
    answer: Answer = await look.ask(f"{single.path}/{quote(id, safe='')}", {"actions": "all"})
    if not answer.good:
        return desk.refused(look, answer)
    item = answer.json()
    state, steps = item["state"], buttons(look, single, item)
    [lamp] = await lamps(look.gateway, look.visitor.caller, [item])
    called = {one["whistle"]: _called(one) for one in (*state["counted"], *state["left_out"])}
    excluding = next((one.page for one in steps if one.open and one.name == "exclude"), "")
    context = {
        "title": f"{look.names.named('unit', state['unit'])} {state['year']} 年度考核",
        "year": state["year"],
        "state": state,
        "lamp": lamp,
        "called": called,
        "office": look.names.office,
        "exclude": f"{excluding}&{urlencode({'whistle': ''})}" if excluding else "",
        "said": views.showing(look, "whistle").record("", _shape(single.state), state),
        "open": [one for one in steps if one.open and one.name != "exclude"],
        "closed": [one for one in steps if not one.open],
        "done": look.request.query_params.get("done", ""),
    }
    return desk.page(look, "year.html", context)


def _called(row: Mapping[str, Any]) -> str:
    number, title = row.get("number") or "", row.get("title") or ""
    return f"{title}（{number}）" if title and number else title or number


def _shape(state: Mapping[str, Any]) -> dict[str, Any]:
    return {"properties": {name: state["properties"][name] for name in SAID}}
