"""购买服务: what a supplier may take on and why not; and an expert's sheet of scores, sealed until it is opened."""

import asyncio
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from chassis.kernel.clock import SHANGHAI
from console import views
from console.asking import Answer
from console.desk import SEE_OTHER, Desk, Look
from console.filled import filled
from console.forms_in import sent
from console.routes.steps import BACK
from console.shown import Table, yuan

SUPPLIERS, CALLS = "procurement.suppliers", "procurement.solicitations"
REVIEWS = "procurement.reviews"
"""The calls as an expert of their panel sees them."""
CONTRACTS = "procurement.contracts"
ELIGIBILITY = "/procurement/suppliers/{id}/eligibility"
EVALUATIONS = "/procurement/suppliers/{id}/evaluations"
SHEET, SCORES = "/procurement/solicitations/{id}/sheet", "procurement.ScoresIn"
SCORED = "score"
"""The step that the sheet itself is."""
LAMPS = {"eligible": ("green", "绿"), "preferred": ("green", "绿")}
STOPPED = ("red", "红")


def routes(desk: Desk) -> list[Route]:
    async def standing(look: Look) -> Response:
        return await _standing(desk, look)

    async def sheet(look: Look) -> Response:
        return await _sheet(desk, look)

    async def score(look: Look) -> Response:
        return await _score(desk, look)

    return [
        Route("/console/procurement/suppliers/{id}/standing", desk.signed_in(standing)),
        *(
            Route(f"/console/procurement/{of}/{{id}}/sheet", desk.signed_in(does), methods=[method])
            for of in ("solicitations", "reviews")
            for method, does in (("GET", sheet), ("POST", score))
        ),
    ]


async def _standing(desk: Desk, look: Look) -> Response:
    id, asked = look.request.path_params["id"], look.request.query_params
    supplier = await views.record(look, SUPPLIERS, id)
    if not supplier.good:
        return desk.refused(look, supplier)
    project, year = asked.get("for", "").strip(), asked.get("year", "")
    year = year if year.isdecimal() else str(datetime.now(SHANGHAI).year)
    past, calls, contracts, answer = await asyncio.gather(
        views.read(look, EVALUATIONS, id=id),
        views.every(look, CALLS, {}, 2),
        views.every(look, CONTRACTS, {"supplier": id}, 2),
        views.read(look, ELIGIBILITY, {"for": project or "-", "year": year}, id=id),
    )
    found = answer.json() if answer.good and project else None
    codes = look.described.codes("procurement")
    evaluated = past.json() if past.good else []
    projects = {one["state"]["project"]: one["state"]["title"] for one in (*calls, *contracts)}
    projects |= {
        one["project"]: one["project"] for one in evaluated if one["project"] not in projects
    }
    context = {
        "title": supplier.json()["state"]["name"],
        "page": f"/console/procurement/suppliers/{quote(id, safe='')}",
        "projects": projects,
        "project": project,
        "year": year,
        "found": found,
        "codes": codes,
        "lamp": LAMPS.get(found["state"], STOPPED) if found else None,
        "problem": {} if answer.good or not project else answer.problem,
        "evaluated": Table(
            "历次评估",
            ("项目", "年度", "阶段", "得分", "等次"),
            [
                (
                    projects[one["project"]],
                    str(one["year"]),
                    codes.get(one["stage"], ""),
                    str(one["points"]),
                    codes.get(one["band"], ""),
                )
                for one in evaluated
            ],
        ),
    }
    return desk.page(look, "standing.html", context)


async def _sheet(
    desk: Desk,
    look: Look,
    said: Mapping[str, Any] | None = None,
    problem: Mapping[str, Any] | None = None,
    status: int = 200,
) -> Response:
    id = look.request.path_params["id"]
    of = views.lists(look, REVIEWS if look.visitor.kind == "expert" else CALLS)
    answer, call = await asyncio.gather(
        views.read(look, SHEET, id=id), views.record(look, of.key, id)
    )
    if not answer.good:
        return desk.refused(look, answer)
    sheet = answer.json()
    page = f"{of.page}/{quote(id, safe='')}"
    given = {
        (one.get("supplier"), one.get("criterion")): one.get("points", "")
        for one in (said or {}).get("points", ())
    }
    context = {
        "title": sheet["title"],
        "page": page if call.good else "",
        "of": of,
        "sheet": sheet,
        "rows": [
            {
                "name": one["name"],
                "code": one["code"],
                "amount": yuan(one["amount"]),
                "summary": one["summary"],
                "marks": [
                    (criterion, given.get((one["code"], criterion["code"]), ""))
                    for criterion in sheet["criteria"]
                ],
            }
            for one in sheet["applicants"]
        ],
        "scores": look.visitor.kind == "expert" and not sheet["done"] and not sheet["ranking"],
        "others": _others(look, page, call),
        "key": str(uuid4()),
        "done": look.request.query_params.get("done", ""),
        "problem": problem or {},
        "ranking": views.shown(look, SHEET, answer).tables[-1] if sheet["ranking"] else None,
    }
    return desk.page(look, "sheet.html", context, status)


def _others(look: Look, page: str, call: Answer) -> list[tuple[str, str]]:
    """What whoever sees the call may do with it, and come back here."""
    if not call.good:
        return []
    back = {BACK: look.request.url.path}
    return [
        (one["title"], f"{page}/do?{urlencode({'step': one['href'], **back})}")
        for one in call.json()["actions"]
        if one["name"] != SCORED
    ]


async def _score(desk: Desk, look: Look) -> Response:
    form = await sent(look.request, look.visitor)
    fields = filled(look.described, look.described.schemas[SCORES], form.fields)
    path = SHEET.removesuffix("sheet") + "scores"
    answer = await look.ask(
        views.API + path.replace("{id}", quote(look.request.path_params["id"], safe="")),
        method="POST",
        body=json.dumps(fields).encode(),
        headers={"Content-Type": "application/json", "Idempotency-Key": form.one("_key")},
    )
    if not answer.good:
        return await _sheet(desk, look, fields, answer.problem, answer.status)
    return RedirectResponse(f"{look.request.url.path}?done=提交评分", SEE_OTHER)
