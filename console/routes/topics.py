"""居民: propose what should be deliberated in one's community, and follow it by the receipt; no account."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from starlette.responses import Response
from starlette.routing import Route

from console import views
from console.desk import Desk, Look
from console.forms_in import sent
from console.registers import Names
from console.routes.residents import CODE, KEY, PLACES, by_street, code_of, keyed
from console.shown import Showing
from console.taking import errors_of

PROPOSALS, CASE = "/consultation/public/proposals", "/consultation/public/case"
FIELDS = ("community", "title", "text")
PAGE = "/console/resident/topic"
NO_CODE = "查询码是 16 位数字，请核对。"


def routes(desk: Desk) -> list[Route]:
    async def ask(look: Look) -> Response:
        return await _form(desk, look, {}, {})

    async def propose(look: Look) -> Response:
        form = await sent(look.request, look.visitor)
        fields = {name: form.one(name).strip() for name in FIELDS}
        answer = await _post(look, PROPOSALS, fields, keyed(form))
        if not answer.good:
            return await _form(desk, look, fields, answer.problem, answer.status, form.one(KEY))
        return desk.page(look, "proposed.html", {"title": "已收到", **answer.json()})

    async def follow(look: Look) -> Response:
        return desk.page(look, "topic_case.html", _case("", {}))

    async def look_up(look: Look) -> Response:
        form = await sent(look.request, look.visitor)
        code = code_of(form.one("code"))
        if not CODE.fullmatch(code):
            problem = {"title": "未能查询", "detail": NO_CODE, "field": "code"}
            return desk.page(look, "topic_case.html", _case(form.one("code"), problem), 422)
        answer = await _post(look, CASE, {"code": code})
        context = _case(code, answer.problem if not answer.good else {})
        if answer.good:
            shape = look.described.answers.get(views.API + CASE, {})
            showing = Showing(look.described, Names({}))
            context["case"] = showing.record("", shape, answer.json())
        return desk.page(look, "topic_case.html", context, answer.status)

    return [
        Route(PAGE, desk.public(ask), methods=["GET"]),
        Route(PAGE, desk.public(propose), methods=["POST"]),
        Route(f"{PAGE}/receipt", desk.public(follow), methods=["GET"]),
        Route(f"{PAGE}/receipt", desk.public(look_up), methods=["POST"]),
    ]


async def _post(
    look: Look, path: str, said: Mapping[str, str], more: Mapping[str, str] = {}
) -> Any:
    return await look.gateway.ask(
        look.visitor.caller,
        views.API + path,
        method="POST",
        body=json.dumps(said, ensure_ascii=False).encode(),
        headers={"Content-Type": "application/json", **more},
    )


def _case(code: str, problem: Mapping[str, Any]) -> dict[str, Any]:
    said = {"title": "查询建议的办理", "code": code, "problem": problem}
    return {**said, "errors": errors_of(problem), "case": None}


async def _form(
    desk: Desk,
    look: Look,
    said: Mapping[str, str],
    problem: Mapping[str, Any],
    status: int = 200,
    key: str = "",
) -> Response:
    places = await look.gateway.ask(look.visitor.caller, PLACES)
    context = {
        "title": "建议议题",
        "key": key or str(uuid4()),
        "said": {name: said.get(name, "") for name in FIELDS},
        "problem": problem,
        "errors": errors_of(problem),
        "streets": by_street(places.json() if places.good else []),
    }
    return desk.page(look, "topic.html", context, status)
