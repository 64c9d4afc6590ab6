"""两房: streets and communities with standard and shortfall as of a date; an agreement with its photographs."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from starlette.responses import Response
from starlette.routing import Route

from chassis.kernel.clock import SHANGHAI, local_date
from console import tables, views
from console.desk import Desk, Look
from console.rows import buttons, called
from console.shown import Table, clock_face

PREMISES, AGREEMENTS = "housing.premises", "housing.agreements"
STATEMENT = "/api/v1/housing/statement"
BY = {"street": "按街道", "community": "按社区", "district": "全区"}


def routes(desk: Desk) -> list[Route]:
    async def table(look: Look) -> Response:
        return await _table(desk, look)

    async def agreement(look: Look) -> Response:
        return await _agreement(desk, look)

    return [
        Route("/console/housing/table", desk.signed_in(table)),
        Route("/console/housing/agreements/{id}/photos", desk.signed_in(agreement)),
    ]


async def _table(desk: Desk, look: Look) -> Response:
    asked = look.request.query_params
    by = asked.get("by", "street")
    by = by if by in BY else "street"
    as_of = asked.get("as_of") or local_date(datetime.now(SHANGHAI)).isoformat()
    statement, found = await asyncio.gather(
        tables.read(look, STATEMENT, {"by": by, "as_of": as_of}, "台账"),
        views.every(look, PREMISES),
    )
    context = {
        "title": "街道和社区用房",
        "by": by,
        "ways": BY,
        "as_of": as_of,
        "statement": statement,
        "standing": _standing(look, found),
    }
    return desk.page(look, "premises.html", context)


def _standing(look: Look, found: list[Mapping[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """By street, those that fall short first."""
    by_street: dict[str, list[dict[str, Any]]] = {}
    for item in found:
        state = item["state"]
        answer = state.get("answer") or {}
        street = look.names.named("street", state.get("street") or "") or "其他"
        by_street.setdefault(street, []).append(
            {
                "name": look.names.named("community", state["community"]),
                "page": f"/console/housing/premises/{quote(item['id'], safe='')}",
                "rooms": len(state.get("rooms") or ()),
                "area": answer.get("area") or state.get("own_area") or "",
                "required": answer.get("required") or "",
                "short": _short(answer),
                "per_hundred": answer.get("per_hundred") or "",
                "met": answer.get("met"),
            }
        )
    for rows in by_street.values():
        rows.sort(key=lambda row: (row["met"] is not False, row["met"] is None, row["name"]))
    return sorted(by_street.items())


def _short(answer: Mapping[str, Any]) -> str:
    """What is wanting to the standard, where the register says that it isn't met."""
    if answer.get("met") is not False or not answer.get("required"):
        return ""
    return str(Decimal(answer["required"]) - Decimal(answer["area"]))


async def _agreement(desk: Desk, look: Look) -> Response:
    answer = await views.record(look, AGREEMENTS, look.request.path_params["id"])
    if not answer.good:
        return desk.refused(look, answer)
    item, one = answer.json(), views.lists(look, AGREEMENTS)
    state, showing = item["state"], views.showing(look, "housing")
    codes = look.described.codes("housing")
    bare = {**state, "inspections": [], "handovers": []}
    context = {
        "title": called(showing, one, item),
        "page": f"{one.page}/{quote(item['id'], safe='')}",
        "facts": showing.record("", one.state, bare),
        "inspections": [_inspection(each, codes) for each in state.get("inspections") or ()],
        "handovers": [_handover(each, codes) for each in state.get("handovers") or ()],
        "steps": [step for step in buttons(look, one, item) if step.open],
    }
    return desk.page(look, "agreement.html", context)


def _inspection(one: Mapping[str, Any], codes: Mapping[str, str]) -> dict[str, Any]:
    return {
        "title": f"第 {one['number']} 次验收，{one['area']} 平方米",
        "at": clock_face(one["at"]),
        "floors": f"一层 {one['first']}、二层 {one['second']} 平方米",
        "findings": [
            (codes.get(each["point"], each["point"]), each["met"], each.get("photos") or ())
            for each in one.get("findings") or ()
        ],
    }


def _handover(one: Mapping[str, Any], codes: Mapping[str, str]) -> dict[str, Any]:
    rows = [
        (
            codes.get(each["point"], each["point"]),
            each["what"],
            each["due"],
            clock_face(each["done_at"]) if each.get("done_at") else "未完成",
        )
        for each in one.get("remedies") or ()
    ]
    return {
        "title": f"移交 {one['area']} 平方米",
        "at": clock_face(one["at"]),
        "remedies": Table("整改", ("项目", "内容", "期限", "完成"), rows),
        "photos": [
            photo for each in one.get("remedies") or () for photo in each.get("photos") or ()
        ],
    }
