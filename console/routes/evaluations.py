"""协商民主评价: a year's sheets of annex 9, one for each street whose sheet is for the reader, begun or not."""

import asyncio
from datetime import datetime
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from chassis.kernel.clock import SHANGHAI
from console import views
from console.desk import Desk, Look

SHEETS = "index.consultation_sheets"
MARKS = ("own", "assessed")
BEFORE = 3
"""Years that can be chosen besides this one."""


def routes(desk: Desk) -> list[Route]:
    async def every(look: Look) -> Response:
        return await _every(desk, look)

    return [Route("/console/index/evaluations", desk.signed_in(every))]


async def _every(desk: Desk, look: Look) -> Response:
    this = datetime.now(SHANGHAI).year
    years = [str(year) for year in range(this, this - BEFORE - 1, -1)]
    said = look.request.query_params.get("year", "")
    year = said if said in years else years[0]
    found = await asyncio.gather(
        *(_row(look, street, name, year) for street, name in look.names.register("street").items())
    )
    context = {
        "title": "协商民主评价",
        "year": year,
        "years": years,
        "found": [row for row in found if row],
    }
    return desk.page(look, "evaluations.html", context)


async def _row(look: Look, street: str, name: str, year: str) -> dict[str, Any] | None:
    """None where its sheet isn't for the reader."""
    id = f"{street}.{year}"
    answer = await views.record(look, SHEETS, id)
    if not answer.good:
        return None
    state = answer.json()["state"]
    return {
        "name": name,
        "page": f"{views.lists(look, SHEETS).page}/{id}",
        **{mark: state[mark]["points"] for mark in MARKS},
        "without": {mark: len(state[mark]["without"]) for mark in MARKS},
        "due": state["due"],
    }
