"""两房: the rooms of a community's premises, what is booked in each month, and bookings that come again every week."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from chassis.kernel.clock import SHANGHAI
from console import views
from console.desk import SEE_OTHER, Desk, Look
from console.forms_in import Sent, sent
from console.months import Entry, month_of
from console.shown import clock_face

PREMISES = "housing.premises"
BOOKINGS = "/housing/rooms/{room}/bookings"
UTILISATION = "/housing/rooms/{room}/utilisation"
MOST = 26
"""Weeks for which a booking may come again at once (ours)."""


@dataclass(frozen=True, slots=True)
class Booked:
    """What became of one of them."""

    on: str
    good: bool
    said: str
    cited: str = ""


def routes(desk: Desk) -> list[Route]:
    async def every(look: Look) -> Response:
        return await _every(desk, look)

    async def room(look: Look) -> Response:
        return await _room(desk, look)

    async def book(look: Look) -> Response:
        form = await sent(look.request, look.visitor)
        if form.one("cancel"):
            return await _cancel(desk, look, form)
        return await _room(desk, look, await _book(look, form), form)

    path = "/console/housing/premises/{id}/rooms"
    return [
        Route(path, desk.signed_in(every)),
        Route(f"{path}/{{room}}", desk.signed_in(room), methods=["GET"]),
        Route(f"{path}/{{room}}", desk.signed_in(book), methods=["POST"]),
    ]


async def _premises(look: Look) -> Any:
    return await views.record(look, PREMISES, look.request.path_params["id"])


async def _every(desk: Desk, look: Look) -> Response:
    answer = await _premises(look)
    if not answer.good:
        return desk.refused(look, answer)
    state, month = answer.json()["state"], month_of("")
    rooms = state.get("rooms") or ()
    used = await asyncio.gather(
        *(views.read(look, UTILISATION, {"month": month.name}, room=one["id"]) for one in rooms)
    )
    codes = look.described.codes("housing")
    context = {
        "title": f"{look.names.named('community', state['community'])} 房间",
        "month": month,
        "rooms": [
            {
                **one,
                "kind": codes.get(one["kind"], one["kind"]),
                "use": codes.get(one["use"], one["use"]),
                "page": f"{look.request.url.path}/{quote(one['id'], safe='')}",
                "used": _percent(said.json()) if said.good else "",
            }
            for one, said in zip(rooms, used, strict=True)
        ],
        "page": f"/console/housing/premises/{quote(answer.json()['id'], safe='')}",
    }
    return desk.page(look, "rooms.html", context)


def _percent(said: Mapping[str, Any]) -> str:
    return f"{said['permille'] // 10}.{said['permille'] % 10}%，{said['bookings']} 次"


async def _room(
    desk: Desk, look: Look, came: list[Booked] | None = None, form: Sent | None = None
) -> Response:
    month = month_of(look.request.query_params.get("month", ""))
    room = look.request.path_params["room"]
    premises, *answers = await asyncio.gather(
        _premises(look),
        *(views.read(look, BOOKINGS, {"month": name}, room=room) for name in month.names),
    )
    answer = answers[month.names.index(month.name)]
    if not premises.good or not answer.good:
        return desk.refused(look, answer if premises.good else premises)
    rooms = {one["id"]: one for one in premises.json()["state"].get("rooms") or ()}
    if room not in rooms:
        raise HTTPException(404)
    said, codes = answer.json(), look.described.codes("housing")
    bookings = said["bookings"]
    context = {
        "title": rooms[room]["name"],
        "place": look.names.named("community", premises.json()["state"]["community"]),
        "page": look.request.url.path.rpartition("/")[0],
        "month": month,
        "days": month.days(
            _entry(look, one, codes)
            for each in answers
            for one in (each.json()["bookings"] if each.good else ())
        ),
        "mine": [
            (one["id"], clock_face(one["start"]), look.names.office(one["by"]))
            for one in bookings
            if not one["cancelled"] and one["id"] in _cancellable(said)
        ],
        "may_book": look.visitor.kind in look.described.offices.get(views.API + BOOKINGS, ()),
        "purposes": look.described.words(look.described.schemas["housing.Purpose"]),
        "came": came or [],
        "kept": {
            name: form.one(name) if form else "" for name in ("on", "begins", "ends", "weeks")
        },
        "key": str(uuid4()),
        "done": look.request.query_params.get("done", ""),
        "problem": {},
    }
    return desk.page(look, "room.html", context, 200 if not came or came[0].good else 409)


def _entry(look: Look, one: Mapping[str, Any], codes: Mapping[str, str]) -> tuple[date, Entry]:
    begins, ends = clock_face(one["start"]), clock_face(one["end"])
    title = codes.get(one["purpose"], one["purpose"])
    entry = Entry(
        f"{begins[11:]}–{ends[11:]}", title, look.names.office(one["by"]), gone=one["cancelled"]
    )
    return date.fromisoformat(begins[:10]), entry


def _cancellable(said: Mapping[str, Any]) -> set[str]:
    """As the platform offers it."""
    return {
        one["href"].split("/")[-2]
        for one in said["actions"] or ()
        if one["name"] == "cancel" and one.get("open", True)
    }


async def _book(look: Look, form: Sent) -> list[Booked]:
    """One request for each week, and what was said to each; one that is refused holds up no other."""
    try:
        first = date.fromisoformat(form.one("on"))
        hours = [time.fromisoformat(form.one(name)) for name in ("begins", "ends")]
        count = min(max(int(form.one("weeks") or 1), 1), MOST)
        days = [first + timedelta(weeks=n) for n in range(count)]
    except (ValueError, OverflowError):
        return [Booked(form.one("on"), False, "请写明日期、起止时间和周数。")]
    path = views.API + BOOKINGS.replace("{room}", quote(look.request.path_params["room"], safe=""))
    found = []
    for n, day in enumerate(days):
        begins, ends = (datetime.combine(day, at, SHANGHAI).isoformat() for at in hours)
        answer = await look.ask(
            path,
            method="POST",
            body=json.dumps(
                {"start": begins, "end": ends, "purpose": form.one("purpose")}
            ).encode(),
            headers={
                "Content-Type": "application/json",
                "Idempotency-Key": f"{form.one('_key')}-{n}",
            },
        )
        said = answer.problem
        cited = "，".join(str(said[name]) for name in ("rule", "clause") if said.get(name))
        detail = "已预订" if answer.good else str(said.get("detail", ""))
        found.append(Booked(day.isoformat(), answer.good, detail, "" if answer.good else cited))
    return found


async def _cancel(desk: Desk, look: Look, form: Sent) -> Response:
    named = look.request.path_params
    month = month_of(look.request.query_params.get("month", "")).name
    path = BOOKINGS.replace("{room}", quote(named["room"], safe=""))
    answer = await look.ask(
        f"{views.API}{path}/{month}/{quote(form.one('cancel'), safe='')}/cancel",
        method="POST",
        body=json.dumps({"reason": form.one("reason")}).encode(),
        headers={"Content-Type": "application/json", "Idempotency-Key": form.one("_key")},
    )
    if not answer.good:
        return desk.refused(look, answer)
    return RedirectResponse(f"{look.request.url.path}?month={month}&done=取消预订", SEE_OTHER)
