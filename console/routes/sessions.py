"""协商: the calendar of sessions, and one that is being held: roll, quorum, floor, decision, and what came of it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

from starlette.responses import Response
from starlette.routing import Route

from console import views
from console.desk import Desk, Look
from console.months import Entry, month_of
from console.routes.steps import BACK
from console.rows import Button, buttons, called
from console.sections import column
from console.shown import clock_face, moment

SESSIONS, COMMITTEES, MATTERS = (
    f"consultation.{name}" for name in ("sessions", "committees", "matters")
)
ROLL = "/consultation/sessions/{id}/roll"
AT_HAND = frozenset(("arrive", "leave", "ask", "speak"))
"""The steps that are taken on the page itself."""


def routes(desk: Desk) -> list[Route]:
    async def calendar(look: Look) -> Response:
        return await _calendar(desk, look)

    async def held(look: Look) -> Response:
        return await _held(desk, look)

    return [
        Route("/console/consultation/calendar", desk.signed_in(calendar)),
        Route("/console/consultation/sessions/{id}/held", desk.signed_in(held)),
    ]


async def _calendar(desk: Desk, look: Look) -> Response:
    month = month_of(look.request.query_params.get("month", ""))
    span = {"from": month.first.isoformat(), "to": month.last.isoformat()}
    found = await views.every(look, SESSIONS, span)
    committees = await views.records(
        look, COMMITTEES, [one["state"]["called"]["committee"] for one in found]
    )
    days = month.days(_entry(look, one, committees) for one in found)
    context = {
        "title": "会议日历",
        "month": month,
        "days": days,
        "count": sum(len(day.entries) for day in days if day.within),
    }
    return desk.page(look, "sessions.html", context)


def _entry(
    look: Look, item: Mapping[str, Any], committees: Mapping[str, Mapping[str, Any]]
) -> tuple[date, Entry]:
    said = item["state"]["called"]
    seated = committees.get(said["committee"])
    face = clock_face(said["held_at"])
    entry = Entry(
        at=face[11:],
        title=seated["state"]["name"] if seated else said["place"],
        said=f"{said['place']} · {_word(look, 'status', item['state']['status'])}",
        page=f"/console/consultation/sessions/{quote(item['id'], safe='')}/held",
        gone=item["state"]["status"] == "adjourned",
    )
    return date.fromisoformat(face[:10]), entry


def _word(look: Look, name: str, code: str | None) -> str:
    """What a code in a field of a session is called."""
    shape = column(look.described, views.lists(look, SESSIONS), name)
    return look.described.words(shape).get(code or "", code or "")


async def _held(desk: Desk, look: Look) -> Response:
    id = look.request.path_params["id"]
    answer = await views.record(look, SESSIONS, id, "all")
    if not answer.good:
        return desk.refused(look, answer)
    item = answer.json()
    roll = await views.read(look, ROLL, id=id)
    if not roll.good:
        return desk.refused(look, roll)
    context = {
        **await _about(look, item),
        "item": item,
        "page": f"/console/consultation/sessions/{quote(id, safe='')}",
        "roll": roll.json(),
        "kinds": look.described.words(_kind(look)),
        "status": _word(look, "status", item["state"]["status"]),
        "at": clock_face(item["state"]["called"]["held_at"]),
        **_floor(look, item),
        **_steps(look, item),
        "key": str(uuid4()),
        "done": look.request.query_params.get("done", ""),
        "conclusion": _group(look, item, "conclusion"),
        "votes": _group(look, item, "votes"),
    }
    return desk.page(look, "session.html", context)


def _kind(look: Look) -> Mapping[str, Any]:
    shape = look.described.reads.get(views.API + ROLL, {})
    for name in ("seats",):
        rows = look.described.plain(look.described.plain(shape)[0]["properties"][name])[0]
        shape = look.described.plain(rows["items"])[0]["properties"]["kind"]
    return look.described.plain(shape)[0]


async def _about(look: Look, item: Mapping[str, Any]) -> dict[str, Any]:
    """Whose session, and about what; what became of it."""
    said = item["state"]["called"]
    seated = await views.record(look, COMMITTEES, said["committee"])
    matter = await views.record(look, MATTERS, said["matter"]) if said.get("matter") else None
    about = matter.json() if matter and matter.good else None
    one = views.lists(look, MATTERS)
    showing = views.showing(look, "consultation")
    return {
        "title": seated.json()["state"]["name"] if seated.good else "会场",
        "matter": called(showing, one, about) if about else "",
        "matter_page": f"{one.page}/{quote(about['id'], safe='')}" if about else "",
        "matter_status": showing.text(
            "status", column(look.described, one, "status"), about["state"]["status"]
        )
        if about
        else "",
        "correlation": item["correlation"],
    }


def _group(look: Look, item: Mapping[str, Any], name: str) -> Any:
    said = item["state"].get(name)
    if not said:
        return None
    shape = column(look.described, views.lists(look, SESSIONS), name)
    return views.showing(look, "consultation").record("", shape, said)


def _floor(look: Look, item: Mapping[str, Any]) -> dict[str, Any]:
    """Speakers waiting for the floor, in turn; speakers who had it, from when and how long."""
    state = item["state"]
    inner = look.described.plain(column(look.described, views.lists(look, SESSIONS), "waiting"))[0]
    asked = look.described.plain(inner["items"])[0]["properties"]["side"]
    sides = look.described.words(look.described.plain(asked)[0])
    speeches: Sequence[Mapping[str, Any]] = state.get("speeches") or ()
    ends = [one["at"] for one in speeches[1:]] + [state.get("decided_at") or state.get("ended_at")]
    return {
        "sides": sides,
        "waiting": [(one["seat"], sides[one["side"]]) for one in state.get("waiting") or ()],
        "speeches": [
            (
                one["seat"],
                sides[one["side"]],
                clock_face(one["at"])[11:],
                one["at"],
                _long(one["at"], end),
            )
            for one, end in zip(speeches, ends, strict=False)
        ],
    }


def _long(begins: str, ends: str | None) -> str:
    """Nothing while it goes on."""
    first, last = moment(begins), moment(ends or "")
    if first is None or last is None:
        return ""
    minutes, seconds = divmod(int((last - first).total_seconds()), 60)
    return f"{minutes}分{seconds:02d}秒"


def _steps(look: Look, item: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the page itself by name; the others as buttons that lead back here."""
    one = views.lists(look, SESSIONS)
    back = urlencode({BACK: look.request.url.path})
    every: list[Button] = buttons(look, one, item)
    return {
        "at_hand": {
            step.name: f"{step.page}&{back}" for step in every if step.open and step.name in AT_HAND
        },
        "others": [
            (step.title, f"{step.page}&{back}")
            for step in every
            if step.open and step.name not in AT_HAND
        ],
        "closed": [step for step in every if not step.open],
    }
