"""治理指数: the sheet of a year's figures, and each of them: what is asked, what is filed, what the platform holds."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from chassis.kernel.clock import SHANGHAI
from console import views
from console.desk import Desk, Look
from console.routes.records import every_step, record_context
from console.shown import Group

YEARS, OBSERVATIONS = "index.years", "index.observations"
SHEET, FEED = "/index/observations/{year}", "/index/observations/{year}/{point}/feed"
ONE = re.compile(r"(20[0-9]{2})\.([0-9]{1,3})")
ASKED = (
    ("level3", "三级指标"),
    ("unit", "单位"),
    ("target", "2020年目标值（照印）"),
    ("data_source", "数据来源"),
    ("due", "截止日"),
)
"""Of a row of the sheet what whoever files has to know, and what it is called there."""
HELD = ("figure", "value", "reports")
"""What the platform and its partners say of a point; the events behind it are read elsewhere."""


def routes(desk: Desk) -> list[Route]:
    async def every(look: Look) -> Response:
        return await _every(desk, look)

    async def one(look: Look) -> Response:
        return await _one(desk, look)

    return [
        Route("/console/index/figures", desk.signed_in(every)),
        Route("/console/index/observations/{id}", desk.signed_in(one)),
    ]


async def _every(desk: Desk, look: Look) -> Response:
    opened = sorted(one["state"]["year"] for one in await views.every(look, YEARS))
    year = look.request.query_params.get("year") or str(_usual(opened))
    answer = await views.read(look, SHEET, year=year)
    page = views.lists(look, OBSERVATIONS).page
    context = {
        "title": "填报数据",
        "year": year,
        "years": [str(one) for one in opened],
        "problem": answer.problem,
        "found": [
            {
                **row,
                "said": "、".join((*row.get("values", ()), *row.get("grades", ()))),
                "page": f"{page}/{year}.{row['point']}",
            }
            for row in (answer.json()["items"] if answer.good else ())
        ],
    }
    return desk.page(look, "figures.html", context, answer.status)


def _usual(opened: list[int]) -> int:
    """The year that is asked for: this one, or the one that is open."""
    today = datetime.now(SHANGHAI).year
    return today if today in opened or not opened else opened[-1]


async def _one(desk: Desk, look: Look) -> Response:
    id = look.request.path_params["id"]
    found = ONE.fullmatch(id)
    if found is None:
        raise HTTPException(404)
    year, point = found.groups()
    answer, sheet, feed = await asyncio.gather(
        views.record(look, OBSERVATIONS, id, "all" if every_step(look) else "now"),
        views.read(look, SHEET, year=year),
        views.read(look, FEED, {"limit": "1"}, year=year, point=point),
    )
    if not answer.good:
        return desk.refused(look, answer)
    context = await record_context(look, views.lists(look, OBSERVATIONS), answer)
    rows = {str(row["point"]): row for row in sheet.json()["items"]} if sheet.good else {}
    row = rows.get(point, {})
    held = _held(look, feed.json()) if feed.good else Group("")
    asked = Group(
        "填报要求", [(called, str(row[name]), "") for name, called in ASKED if name in row]
    )
    record = context["record"]
    groups = (asked, held, *record.groups)
    context["record"] = replace(record, groups=[one for one in groups if _says(one)])
    context["title"] = f"{year}年 {point}. {row.get('name') or context['title']}"
    return desk.page(look, "record.html", context)


def _held(look: Look, said: Mapping[str, Any]) -> Group:
    schema = look.described.reads.get(views.API + FEED, {})
    told = {name: said.get(name) for name in HELD}
    return views.showing(look, "index").record("平台和伙伴系统的数据", schema, told)


def _says(one: Group) -> bool:
    return bool(one.facts or one.tables or one.groups)
