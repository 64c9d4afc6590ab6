"""治理指数: editions with their tree, coverage and rank intervals; streets' scorecards, down to the events."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from chassis.kernel.clock import SHANGHAI
from console import tables, views
from console.desk import Desk, Look
from console.rows import buttons, called
from console.shown import Table, clock_face

EDITIONS, EDITION = "/index/editions", "index.editions"
DEMANDS, IMPROVEMENTS = "/index/editions/{id}/demands", "index.improvements"
FIGURES = "/index/scorecards/{street}/figures"
EVENTS = "/index/scorecards/{street}/{figure}/events"
STANDINGS, RANKINGS = "/index/rankings/standings", "/api/v1/index/rankings"


def routes(desk: Desk) -> list[Route]:
    async def every(look: Look) -> Response:
        return await _every(desk, look)

    async def edition(look: Look) -> Response:
        return await _edition(desk, look)

    async def cards(look: Look) -> Response:
        return await _cards(desk, look)

    async def counted(look: Look) -> Response:
        return await _counted(desk, look)

    return [
        Route("/console/index/editions", desk.signed_in(every)),
        Route("/console/index/editions/{id}", desk.signed_in(edition)),
        Route("/console/index/scorecards", desk.signed_in(cards)),
        Route("/console/index/scorecards/{street}/{figure}", desk.signed_in(counted)),
    ]


async def _every(desk: Desk, look: Look) -> Response:
    answer = await views.read(look, EDITIONS)
    if not answer.good:
        return desk.refused(look, answer)
    codes = look.described.codes("index")
    found = [
        {
            **one,
            "stage": codes.get(one["stage"], one["stage"]),
            "score": hundredths(one["score"]),
            "coverage": hundredths(one["coverage"]),
            "missed": len(one["binding_missed"]),
            "page": f"/console/index/editions/{quote(one['id'], safe='')}",
        }
        for one in answer.json()
    ]
    return desk.page(look, "editions.html", {"title": "指数版本", "found": found})


def hundredths(value: int | None) -> str:
    """As they are kept, in hundredths."""
    return "—" if value is None else f"{value / 100:.2f}"


async def _edition(desk: Desk, look: Look) -> Response:
    id = look.request.path_params["id"]
    answer = await views.read(look, f"{EDITIONS}/{{id}}", {"actions": "all"}, id=id)
    if not answer.good:
        return desk.refused(look, answer)
    item = answer.json()
    demands = await views.read(look, DEMANDS, id=id)
    state, codes = item["state"], look.described.codes("index")
    drafted = state["drafted"]
    result = drafted["result"]
    names = {one["point"]: one["name"] for one in result["points"]}
    steps = buttons(look, look.described.singles[EDITION], item)
    context = {
        "title": f"{drafted['year']} 年指数，第 {drafted['number']} 版",
        "item": item,
        "stage": codes.get(state["stage"], state["stage"]),
        "tree": _tree(result, codes),
        "missed": [names.get(point, str(point)) for point in result["binding_missed"]],
        "uncertainty": _uncertain(drafted.get("uncertainty")),
        "intervals": _intervals(look, drafted.get("streets")),
        "asked": _asked(look, item, demands.json()["asked"] if demands.good else ()),
        "comments": state.get("comments") or (),
        "open": [step for step in steps if step.open],
        "closed": [step for step in steps if not step.open],
        "least": hundredths(drafted["least_covered"]),
    }
    return desk.page(look, "edition.html", context)


def _asked(
    look: Look, item: Mapping[str, Any], asked: Sequence[Mapping[str, Any]]
) -> list[dict[str, str]]:
    """Its weak points, each with who is asked and what was answered; once it is published, with the page for that."""
    page, state = views.lists(look, IMPROVEMENTS).page, item["state"]
    codes = look.described.codes("index")
    published = state["stage"] == "published"
    return [
        {
            "name": f"{one['ask']['point']} {one['ask']['name']}",
            "why": codes.get(one["ask"]["why"], ""),
            "units": "、".join(look.names.named("unit", unit) for unit in one["units"]),
            "answer": next((said["what"] for said in reversed(_answers(one))), ""),
            "page": f"{page}/{state['drafted']['year']}.{one['ask']['point']}" if published else "",
        }
        for one in asked
    ]


def _answers(asked: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return (asked.get("improvement") or {}).get("answers") or ()


def _tree(result: Mapping[str, Any], codes: Mapping[str, str]) -> list[dict[str, Any]]:
    """Levels in their order, each by how deep it stands; the points below the deepest."""
    levels = [
        {
            "deep": len(one["path"]),
            "name": one["path"][-1] if one["path"] else "总分",
            "score": hundredths(one["score"]),
            "weight": hundredths(one["weight"]),
            "coverage": hundredths(one["coverage"]),
            "attribute": "",
        }
        for one in result["levels"]
    ]
    points = [
        {
            "deep": 4,
            "name": f"{one['point']} {one['name']}",
            "score": hundredths(one["score"]),
            "weight": hundredths(one["weight"]),
            "coverage": codes.get(one["lacks"] or "", "") or "齐",
            "attribute": codes.get(one["attribute"], one["attribute"])
            + ("" if one["met"] is None else "，已达成" if one["met"] else "，未达成"),
        }
        for one in result["points"]
    ]
    return levels + points


def _uncertain(said: Mapping[str, Any] | None) -> str:
    if not said:
        return ""
    low, middle, high = (hundredths(said[name]) for name in ("low", "middle", "high"))
    return f"抽样 {said['draws']} 次，得分在 {low} 至 {high} 之间，中位 {middle}"


def _intervals(look: Look, said: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Each street with the places it may as well have had."""
    streets: Sequence[Mapping[str, Any]] = (said or {}).get("streets") or ()
    return [
        {**one, "name": look.names.named("street", one["street"]), "code": one["street"]}
        for one in sorted(streets, key=lambda one: (one["rank"], one["street"]))
    ]


def _quarter(look: Look) -> str:
    today = datetime.now(SHANGHAI)
    return look.request.query_params.get("quarter", "") or f"{today.year}-Q{(today.month + 2) // 3}"


async def _cards(desk: Desk, look: Look) -> Response:
    quarter = _quarter(look)
    street = look.request.query_params.get("street", "")
    if not street and look.visitor.kind == "street":
        street = look.visitor.code
    ranking, standings = await asyncio.gather(
        tables.read(look, RANKINGS, {"quarter": quarter}, "各街道排名"),
        views.read(look, STANDINGS, {"quarter": quarter}),
    )
    if standings.status == 422:
        return desk.refused(look, standings)
    problem: Mapping[str, Any] = {}
    figures: list[Any] = []
    if street:
        answer = await views.read(look, FIGURES, {"quarter": quarter}, street=street)
        figures = answer.json() if answer.good else []
        problem = {} if answer.good else answer.problem
    context = {
        "title": "街道记分卡",
        "quarter": quarter,
        "street": street,
        "streets": look.names.register("street"),
        "figures": figures,
        "problem": problem,
        "ranking": ranking or Table("各街道排名", (), ()),
        "intervals": _intervals(look, standings.json()) if standings.good else [],
    }
    return desk.page(look, "scorecards.html", context)


async def _counted(desk: Desk, look: Look) -> Response:
    named, quarter = look.request.path_params, _quarter(look)
    asked = {"quarter": quarter}
    if cursor := look.request.query_params.get("cursor"):
        asked["cursor"] = cursor
    figures, answer = await asyncio.gather(
        views.read(look, FIGURES, {"quarter": quarter}, street=named["street"]),
        views.read(look, EVENTS, asked, street=named["street"], figure=named["figure"]),
    )
    if not answer.good or not figures.good:
        return desk.refused(look, figures if answer.good else answer)
    figure = next((one for one in figures.json() if one["figure"] == named["figure"]), None)
    if figure is None:
        raise HTTPException(404)
    told = await _titles(look)
    body = answer.json()
    context = {
        "title": f"{look.names.named('street', named['street'])}：{figure['called']}",
        "figure": figure,
        "quarter": quarter,
        "street": named["street"],
        "items": await asyncio.gather(
            *(behind(look, one, told, figure["unit"]) for one in body["items"])
        ),
        "following": body.get("next") or "",
    }
    return desk.page(look, "behind.html", context)


async def _titles(look: Look) -> Mapping[str, str]:
    """What events are called, as the journal says."""
    answer = await views.read(look, "/events", {"limit": "500"})
    items = answer.json().get("items", []) if answer.good else []
    return {one["event"]["type"]: one["title"] for one in items if one.get("title")}


PLURALS = {"whistle": "whistles", "contract": "contracts", "community": "communities"}


def _adds(one: Mapping[str, Any], unit: str) -> str:
    """What of the figure comes from it."""
    if "value" not in one or one["value"] is None:
        return ""
    if unit == "%":
        return f"{one['part']}/{one['of']}"
    return f"{one['value'] if one['of'] is None else hundredths(one['value'])} {unit}"


def _annex9(one: Mapping[str, Any]) -> str:
    if "bonus" in one:
        return f"附件9加分：{hundredths(one['bonus'])}"
    return (
        f"附件9第 {one['item']} 项：{hundredths(one['points'])}（满分 {hundredths(one['full'])}）"
    )


async def behind(
    look: Look, one: Mapping[str, Any], told: Mapping[str, str], unit: str
) -> dict[str, Any]:
    """The record behind it, with what it adds and was told of it; of annex 9 an item with its points, or the bonus."""
    if "item" in one or "bonus" in one:
        return {
            "title": _annex9(one),
            "page": "",
            "adds": "",
            "events": (),
        }
    kind, id = next((name, str(value)) for name, value in one.items() if name != "events")
    title, page = look.names.named(kind, id), ""
    name = PLURALS.get(kind, f"{kind}s")
    for each in look.described.lists.values():
        if each.single and each.name == name:
            answer = await views.record(look, each.key, id)
            if answer.good:
                title = called(views.showing(look, each.service), each, answer.json())
                page = f"{each.page}/{quote(id, safe='')}"
    if title == id:  # nothing of ours that has a name: what was told of it has one
        title = next((told.get(event["type"], "") for event in one["events"]), "")
    return {
        "title": title,
        "page": page,
        "adds": _adds(one, unit),
        "events": [
            (clock_face(event.get("at") or event["day"]), told.get(event["type"], ""))
            for event in one["events"]
        ],
    }
