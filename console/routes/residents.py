"""居民: without an account, report, follow by the receipt, rate, ask to open again."""

import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from starlette.responses import Response
from starlette.routing import Route

from chassis.kernel.errors import Malformed
from chassis.kernel.media import LARGEST_PHOTO, Media, recognised
from console.asking import Answer
from console.desk import Desk, Look
from console.forms_in import Sent, sent
from console.registers import Names
from console.shown import Group, Showing
from console.taking import errors_of

OPEN311 = "/api/v1/whistle/open311/v2"
RECEIPTS = "/api/v1/whistle/receipts"
PLACES = "/api/v1/housing/public/communities"
CODE = re.compile(r"[0-9]{16}")
LONGEST = 100
"""Characters of what is typed for a code that are looked at."""
RATED = re.compile(r"[0-9]")
BETWEEN = re.compile(r"[\s\-\u2010-\u2015\u2212]+")
"""What people write between the digits of a code."""
NO_CODE = "回执码是 16 位数字，请核对。"
CLOSED = {
    "title": "暂时不能提交",
    "detail": "平台有一部分没有应答，读不到问题类别或社区名单。请稍后重新打开本页再试。",
}
KEY = "_key"
PHOTO = "photo"
PHOTOGRAPHED = ("/console/resident", "/console/resident/receipt")
"""Whose forms may carry a photograph."""
STEPS = {"": "", "rate": "/rating", "reopen": "/reopen"}
NOT_HIS = (404, 429)
"""How a code is refused that is nobody's."""
OWN = frozenset(("steps", "over", "units"))
"""Of what is told what the page itself goes by, and codes that have their names beside them."""
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


CALLED = {
    "service_code": "哪一类问题",
    "address_id": "在哪个社区",
    "address_string": "具体位置",
    "description": "什么问题",
    "last_name": "姓名",
    "phone": "电话",
}
"""What the form calls them: Open311 has the standard's own names, and says them where it refuses."""
FAULT = re.compile(r"([a-z0-9_]+)：(.+)")


def routes(desk: Desk) -> list[Route]:
    async def ask(look: Look) -> Response:
        return await _form(desk, look, {}, {})

    async def report(look: Look) -> Response:
        form = await sent(look.request, look.visitor)
        fields = {name: form.one(name).strip() for name in FIELDS if form.one(name).strip()}
        if wrong := _unfit(form):
            return await _form(desk, look, fields, {}, 422, wrong, form.one(KEY))
        answer = await look.gateway.ask(
            look.visitor.caller,
            f"{OPEN311}/requests.json",
            method="POST",
            body=urlencode(fields).encode(),
            headers={"Content-Type": "application/x-www-form-urlencoded", **keyed(form)},
        )
        if not answer.good:
            problem = _problem(answer)
            return await _form(desk, look, fields, problem, answer.status, key=form.one(KEY))
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
        return desk.page(look, "receipt.html", _receipt("", {}))

    async def look_up(look: Look) -> Response:
        form = await sent(look.request, look.visitor)
        code = code_of(form.one("code"))
        if not CODE.fullmatch(code):
            problem = {"title": "未能查询", "detail": NO_CODE, "field": "code"}
            return desk.page(look, "receipt.html", _receipt(form.one("code"), problem), 422)
        added = await _photo(look, form, code)
        answer = await _case(look, code, form)
        told = answer if answer.good or not form.one("step") else await _told(look, code, answer)
        context = _receipt(code, answer.problem if not answer.good else {})
        context |= {"photo": added, "reason": form.one("reason") if not answer.good else ""}
        if told.good:
            context |= {"case": await _shown(look, told.json()), "raw": told.json()}
        return desk.page(look, "receipt.html", context, answer.status)

    return [
        Route("/console/resident", desk.public(ask), methods=["GET"]),
        Route("/console/resident", desk.public(report), methods=["POST"]),
        Route("/console/resident/receipt", desk.public(follow), methods=["GET"]),
        Route("/console/resident/receipt", desk.public(look_up), methods=["POST"]),
    ]


def keyed(form: Sent) -> dict[str, str]:
    """A form that comes again, by a second tap or because its answer is loaded anew, is the same one."""
    return {"Idempotency-Key": key} if (key := form.one(KEY)) else {}


def code_of(text: str) -> str:
    """As it is asked for, however it was typed: a phone's keyboard writes wide digits, and people groups of four."""
    return BETWEEN.sub("", unicodedata.normalize("NFKC", text[:LONGEST]))


def _receipt(code: str, problem: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "title": "查询办理情况",
        "code": code,
        "problem": problem,
        "errors": errors_of(problem),
        "case": None,
        "raw": {},
        "photo": None,
        "reason": "",
    }


async def _case(look: Look, code: str, form: Sent) -> Answer:
    step, said = form.one("step"), dict[str, Any](code=code)
    if step == "rate":
        said["rating"] = int(form.one("rating")) if RATED.fullmatch(form.one("rating")) else 0
    if step == "reopen":
        said["reason"] = form.one("reason")
    return await _asked(look, RECEIPTS + STEPS.get(step, ""), said)


async def _told(look: Look, code: str, refused: Answer) -> Answer:
    """The case as it is, below what was refused; not where the code was: a second try would count, too."""
    return refused if refused.status in NOT_HIS else await _asked(look, RECEIPTS, {"code": code})


async def _asked(look: Look, path: str, said: Mapping[str, Any]) -> Answer:
    return await look.gateway.ask(
        look.visitor.caller,
        path,
        method="POST",
        body=json.dumps(said).encode(),
        headers={"Content-Type": "application/json"},
    )


async def _shown(look: Look, case: Mapping[str, Any]) -> Group:
    described = Showing(look.described, Names({"category": dict(await _kinds(look))}))
    told = {name: said for name, said in case.items() if name not in OWN}
    return described.record("", look.described.answers.get(RECEIPTS, {}), told)


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
        headers={"Content-Type": media, "X-Receipt-Code": code},
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
    body = answer.json()
    if not isinstance(body, list) or not body:
        return answer.problem
    told = [str(one.get("description", "")) for one in body]
    faults = [fault for one in told if (fault := FAULT.fullmatch(one)) and fault[1] in CALLED]
    if not faults:
        return {"title": "未能提交", "detail": told[0]}
    errors = [
        {"field": name, "detail": f"“{CALLED[name]}”{why.removesuffix('。')}。"}
        for name, why in (fault.groups() for fault in faults)
    ]
    detail = "".join(one["detail"] for one in errors)
    return {"title": "未能提交", "detail": detail, "errors": errors}


async def _form(
    desk: Desk,
    look: Look,
    said: Mapping[str, str],
    problem: Mapping[str, Any],
    status: int = 200,
    unfit: str = "",
    key: str = "",
) -> Response:
    places = await look.gateway.ask(look.visitor.caller, PLACES)
    kinds = await _kinds(look)
    if not problem and not (places.good and kinds):
        # Nothing could be chosen: said before he fills in the rest.
        problem, status = CLOSED, 503
    context = {
        "title": "反映问题",
        "key": key or str(uuid4()),
        "said": {name: said.get(name, "") for name in FIELDS},
        "problem": problem,
        "errors": errors_of(problem),
        "unfit": unfit,
        "kinds": kinds,
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
