"""吹哨: the board, state by state; and 排行榜: departments of the year, streets of the quarter, bulletins."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from chassis.kernel.clock import SHANGHAI
from console import tables, views
from console.described import Listed
from console.desk import Desk, Look
from console.lamps import lamps
from console.routes.wall import boards_of, counted
from console.rows import Row, row
from console.sections import shows
from console.shown import Table

EACH = 15
"""Of each state: the most pressing."""
DEPARTMENTS = "/whistle/assessments/departments"
RANKINGS = "/api/v1/index/rankings"


def routes(desk: Desk) -> list[Route]:
    async def board(look: Look) -> Response:
        return await _board(desk, look)

    async def ranks(look: Look) -> Response:
        return await _ranks(desk, look)

    return [
        Route("/console/{service}/board", desk.signed_in(board)),
        Route("/console/whistle/ranks", desk.signed_in(ranks)),
    ]


async def _board(desk: Desk, look: Look) -> Response:
    service = look.request.path_params["service"]
    boards = boards_of(look.described, service)
    wanted = look.request.query_params.get("of", "")
    one = next((each for each in boards if each.name == wanted), boards[0] if boards else None)
    if one is None:
        raise HTTPException(404)
    answer = await look.ask(one.path, {"count_by": shows(one).by, "limit": "1"})
    if answer.status >= 500:
        return desk.refused(look, answer)
    there = [each for each in counted(look, one, answer.json() if answer.good else {}) if each[2]]
    columns = await asyncio.gather(*(_column(look, one, state) for state, _, _ in there))
    context = {
        "title": f"{one.title}看板",
        "service": service,
        "section": look.described.services.get(service, service),
        "boards": boards,
        "one": one,
        "columns": [
            (word, f"{one.page}?{shows(one).by}={state}", count, rows)
            for (state, word, count), rows in zip(there, columns, strict=True)
        ],
    }
    return desk.page(look, "board.html", context)


async def _column(look: Look, one: Listed, state: str) -> list[Row]:
    query = {shows(one).by: state, "limit": str(EACH)}
    query |= {"sort": "due"} if "due" in one.sorts else {}
    answer = await look.ask(one.path, query)
    items = answer.json().get("items", []) if answer.good else []
    lit = await lamps(look.gateway, look.visitor.caller, items)
    return [row(look, one, item, lamp) for item, lamp in zip(items, lit, strict=True)]


async def _ranks(desk: Desk, look: Look) -> Response:
    today = datetime.now(SHANGHAI)
    quarter = f"{today.year}-Q{(today.month + 2) // 3}"
    last = (today.replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
    departments, streets = await asyncio.gather(
        views.read(look, DEPARTMENTS, {"year": str(today.year), "limit": "100"}),
        tables.read(look, RANKINGS, {"quarter": quarter}, f"街道 {quarter}"),
    )
    context = {
        "title": "排行榜",
        "year": today.year,
        "departments": _departments(departments.json()) if departments.good else None,
        "why": departments.problem.get("detail", "") if not departments.good else "",
        "streets": streets,
        "months": (today.strftime("%Y-%m"), last),
    }
    return desk.page(look, "ranks.html", context)


def _departments(said: Mapping[str, Any]) -> Table:
    """Those with a place first, in its order."""
    items = sorted(
        said["items"], key=lambda one: (one["rank"] is None, one["rank"] or 0, one["unit"])
    )
    rows = [
        (
            str(one["rank"]) if one["rank"] else "—",
            one["name"],
            "—" if one["result"] is None else f"{one['result'] / 100:.2f}",
            str(one["whistles"]),
            str(one["excluded"]),
        )
        for one in items
    ]
    return Table(f"部门 {said['year']} 年", ("名次", "部门", "得分", "哨", "不计"), rows)
