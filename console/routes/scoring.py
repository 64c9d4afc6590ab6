"""购买服务: what a supplier may take on and why not; and an expert's sheet of scores, sealed until it is opened."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

from starlette.responses import Response
from starlette.routing import Route

from chassis.kernel.clock import SHANGHAI
from console import views
from console.desk import Desk, Look
from console.routes.steps import BACK
from console.shown import Table, yuan

SUPPLIERS, CALLS = "procurement.suppliers", "procurement.solicitations"
CONTRACTS = "procurement.contracts"
ELIGIBILITY = "/procurement/suppliers/{id}/eligibility"
EVALUATIONS = "/procurement/suppliers/{id}/evaluations"
LAMPS = {"eligible": ("green", "绿"), "preferred": ("green", "绿")}
STOPPED = ("red", "红")


def routes(desk: Desk) -> list[Route]:
    async def standing(look: Look) -> Response:
        return await _standing(desk, look)

    async def sheet(look: Look) -> Response:
        return await _sheet(desk, look)

    return [
        Route("/console/procurement/suppliers/{id}/standing", desk.signed_in(standing)),
        Route("/console/procurement/solicitations/{id}/sheet", desk.signed_in(sheet)),
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


async def _sheet(desk: Desk, look: Look) -> Response:
    id = look.request.path_params["id"]
    answer = await views.record(look, CALLS, id, "all")
    if not answer.good:
        return desk.refused(look, answer)
    item = answer.json()
    state = item["state"]
    steps = {one["name"]: one for one in item["actions"]}
    page = f"/console/procurement/solicitations/{quote(id, safe='')}"
    drawn = (state.get("panel") or {}).get("drawn") or ()
    done = look.request.query_params.get("done", "")
    score = steps.get("score")
    context = {
        "title": state["title"],
        "page": page,
        "state": state,
        "drawn": len(drawn),
        "handed": len(state.get("sealed") or ()) or len(state.get("scores") or ()),
        "applicants": [_applicant(look, one) for one in state.get("applications") or ()],
        "score": score,
        "action": f"{page}/do?{urlencode({'step': score['href'], BACK: look.request.url.path})}"
        if score
        else "",
        "others": [
            (
                one["title"],
                f"{page}/do?{urlencode({'step': one['href'], BACK: look.request.url.path})}",
            )
            for one in item["actions"]
            if one["name"] != "score" and one.get("open", True)
        ],
        "key": str(uuid4()),
        "done": done,
        "ranking": _ranking(look, state),
        "version": item["version"],
    }
    return desk.page(look, "sheet.html", context)


def _applicant(look: Look, one: Mapping[str, Any]) -> dict[str, str]:
    return {
        "code": one["supplier"],
        "name": look.names.named("supplier", one["supplier"]),
        "amount": yuan(one["amount"]),
        "summary": one["summary"],
    }


def _ranking(look: Look, state: Mapping[str, Any]) -> Any:
    """Nothing until it is opened."""
    if not state.get("ranking"):
        return None
    one = views.lists(look, CALLS)
    shape = one.state["properties"]
    named = {"type": "object", "properties": {"ranking": shape["ranking"]}}
    return views.showing(look, "procurement").record("", named, state)
