"""居民: without an account, report, follow by the receipt, rate, ask to open again."""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import Route

from chassis.kernel.errors import Malformed
from chassis.kernel.media import LARGEST_PHOTO, Media, recognised
from console.asking import Answer
from console.desk import Desk, Look
from console.forms_in import Sent, sent
from console.registers import Names
from console.shown import Showing

OPEN311 = "/api/v1/whistle/open311/v2"
RECEIPTS = "/api/v1/whistle/receipts"
PLACES = "/api/v1/housing/public/communities"
CODE = re.compile(r"[0-9]{16}")
PHOTO = "photo"
PHOTOGRAPHED = ("/console/resident", "/console/resident/receipt")
"""Whose forms may carry a photograph."""
STEPS = {"": "", "rate": "/rating", "reopen": "/reopen"}
FIELDS = (
    "service_code",
    "address_id",
    "address_string",
    "description",
    "last_name",
    "phone",
    "lat",
    "long",
)


def routes(desk: Desk) -> list[Route]:
    async def ask(look: Look) -> Response:
        return await _form(desk, look, {}, {})

    async def report(look: Look) -> Response:
        form = await sent(look.request, look.visitor)
        said = {name: form.one(name).strip() for name in FIELDS if form.one(name).strip()}
        if wrong := _unfit(form):
            return await _form(desk, look, said, {}, 422, wrong)
        answer = await look.gateway.ask(
            look.visitor.caller,
            f"{OPEN311}/requests.json",
            method="POST",
            body=urlencode(said).encode(),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        if not answer.good:
            return await _form(desk, look, said, _problem(answer), answer.status)
        notice = str(answer.json()[0]["service_notice"])
        found = CODE.search(notice)
        code = found[0] if found else ""
        context = {
            "title": "已收到",
            "notice": notice,
            "code": code,
            "photo": await _photo(look, form, code),
        }
        return desk.page(look, "reported.html", context)

    async def follow(look: Look) -> Response:
        return desk.page(look, "receipt.html", _receipt(None, "", {}))

    async def look_up(look: Look) -> Response:
        form = await sent(look.request, look.visitor)
        added = await _photo(look, form, form.one("code"))
        answer = await _case(look, form)
        context = _receipt(look, form.one("code"), answer.problem if not answer.good else {})
        context |= {"photo": added}
        if answer.good:
            described = Showing(look.described, Names({"category": dict(await _kinds(look))}))
            shape = look.described.answers.get(RECEIPTS, {})
            context |= {"case": described.record("", shape, answer.json()), "raw": answer.json()}
        return desk.page(look, "receipt.html", context, answer.status)

    return [
        Route("/console/resident", desk.public(ask), methods=["GET"]),
        Route("/console/resident", desk.public(report), methods=["POST"]),
        Route("/console/resident/receipt", desk.public(follow), methods=["GET"]),
        Route("/console/resident/receipt", desk.public(look_up), methods=["POST"]),
    ]


def _receipt(_: Look | None, code: str, problem: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "title": "查询办理情况",
        "code": code,
        "problem": problem,
        "case": None,
        "raw": {},
        "photo": None,
    }


async def _case(look: Look, form: Sent) -> Answer:
    step = form.one("step")
    said: dict[str, Any] = {"code": form.one("code").replace(" ", "")}
    if step == "rate":
        said["rating"] = int(form.one("rating")) if form.one("rating").isdecimal() else 0
    if step == "reopen":
        said["reason"] = form.one("reason")
    return await look.gateway.ask(
        look.visitor.caller,
        RECEIPTS + STEPS.get(step, ""),
        method="POST",
        body=json.dumps(said).encode(),
        headers={"Content-Type": "application/json"},
    )


async def _photo(look: Look, form: Sent, code: str) -> Answer | None:
    """What came of the photograph that was handed in; None where there is none."""
    media, content = form.files.get(PHOTO, ("", b""))
    if not content:
        return None
    return await look.gateway.ask(
        look.visitor.caller,
        f"{RECEIPTS}/photos",
        method="POST",
        body=content,
        headers={"Content-Type": media, "X-Receipt-Code": code.replace(" ", "")},
    )


def _unfit(form: Sent) -> str:
    """What is wrong with the photograph, while it can still be said at its field."""
    _, content = form.files.get(PHOTO, ("", b""))
    try:
        if not content or recognised(content, at_most=LARGEST_PHOTO) is not Media.PDF:
            return ""
        wrong = "照片只接受 JPEG 或 PNG。"
    except Malformed as refusal:
        wrong = refusal.detail
    return f"{wrong}请另选一张，或者不附照片；您填写的其他内容都还在。"


def _problem(answer: Answer) -> dict[str, Any]:
    """Open311 says what is wrong in its own way."""
    said = answer.json()
    if isinstance(said, list) and said:
        return {"title": "未能提交", "detail": said[0].get("description", "")}
    return answer.problem


async def _form(
    desk: Desk,
    look: Look,
    said: Mapping[str, str],
    problem: Mapping[str, Any],
    status: int = 200,
    unfit: str = "",
) -> Response:
    places = await look.gateway.ask(look.visitor.caller, PLACES)
    context = {
        "title": "反映问题",
        "said": {name: said.get(name, "") for name in FIELDS},
        "problem": problem,
        "unfit": unfit,
        "kinds": await _kinds(look),
        "streets": by_street(places.json() if places.good else []),
    }
    return desk.page(look, "resident.html", context, status)


async def _kinds(look: Look) -> list[tuple[str, str]]:
    answer = await look.gateway.ask(look.visitor.caller, f"{OPEN311}/services.json")
    found = answer.json() if answer.good else []
    return [(one["service_code"], one["service_name"]) for one in found]


def by_street(items: list[Mapping[str, str]]) -> list[tuple[str, list[tuple[str, str]]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for one in items:
        found.setdefault(one.get("street_name") or "其他", []).append((one["code"], one["name"]))
    return sorted(found.items())
