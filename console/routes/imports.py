"""导入: a table is dropped, tried out, looked at line by line, and entered."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from console import views
from console.asking import Answer
from console.described import Table
from console.desk import SEE_OTHER, Desk, Look
from console.forms_in import Sent, sent
from console.shown import Table as Shown
from console.shown import clock_face

UNDER_WAY = frozenset(("waiting", "checking", "entering"))
FILE = "file"
TABLES = re.compile(r"/console/[^/]+/imports")
"""Where tables come in."""
LATEST = {"limit": "20"}


def routes(desk: Desk) -> list[Route]:
    async def every(look: Look) -> Response:
        return await _every(desk, look)

    async def bring(look: Look) -> Response:
        form = await sent(look.request, look.visitor)
        table = next((one for one in _tables(look) if one.name == form.one("table")), None)
        if table is None:
            raise HTTPException(422)
        media, content = form.files.get(FILE, ("application/octet-stream", b""))
        answer = await look.gateway.ask(
            look.visitor.caller,
            table.path,
            {"reason": form.one("reason"), "dry_run": "true"},
            method="POST",
            body=content,
            headers={"Content-Type": media, "Idempotency-Key": form.one("_key")},
        )
        if not answer.good:
            return await _every(desk, look, form, answer)
        made = quote(answer.json()["id"], safe="")
        return RedirectResponse(f"{look.request.url.path}/{made}", SEE_OTHER)

    async def shown(look: Look) -> Response:
        return await _one(desk, look, {})

    async def enter(look: Look) -> Response:
        await sent(look.request, look.visitor)
        headers = {"Idempotency-Key": str(uuid4()), **await _seen(look)}
        answer = await look.ask(f"{_path(look)}/enter", method="POST", headers=headers)
        if not answer.good:
            return await _one(desk, look, answer.problem, answer.status)
        return RedirectResponse(f"{look.request.url.path}?done=写入", SEE_OTHER)

    return [
        Route("/console/{service}/imports", desk.signed_in(every), methods=["GET"]),
        Route("/console/{service}/imports", desk.signed_in(bring), methods=["POST"]),
        Route("/console/{service}/imports/{id}", desk.signed_in(shown), methods=["GET"]),
        Route("/console/{service}/imports/{id}", desk.signed_in(enter), methods=["POST"]),
    ]


def _service(look: Look) -> str:
    return str(look.request.path_params["service"])


def _tables(look: Look) -> list[Table]:
    """Those that this office may bring in."""
    return [
        one
        for one in look.described.tables
        if one.service == _service(look) and look.visitor.kind in one.who
    ]


def _path(look: Look) -> str:
    return f"{views.API}/{_service(look)}/imports/{quote(look.request.path_params['id'], safe='')}"


async def _seen(look: Look) -> dict[str, str]:
    answer = await look.ask(_path(look))
    return {"If-Match": f'"{answer.json()["version"]}"'} if answer.good else {}


async def _every(
    desk: Desk, look: Look, form: Sent | None = None, refused: Answer | None = None
) -> Response:
    service = _service(look)
    if not any(one.service == service for one in look.described.tables):
        raise HTTPException(404)
    answer = await look.ask(f"{views.API}/{service}/imports", LATEST)
    titles = _titles(look, service)
    context = {
        "title": "导入",
        "service": service,
        "section": look.described.services.get(service, service),
        "tables": _tables(look),
        "came": [
            _came(look, item, titles) for item in (answer.json()["items"] if answer.good else ())
        ],
        "problem": refused.problem if refused else {},
        "chosen": form.one("table") if form else "",
        "reason": form.one("reason") if form else "",
        "key": str(uuid4()),
    }
    return desk.page(look, "imports.html", context, refused.status if refused else 200)


def _titles(look: Look, service: str) -> dict[str, str]:
    """Of its tables, as they are called in addresses."""
    tables = (one for one in look.described.tables if one.service == service)
    return {one.path.removesuffix("/import").rpartition("/")[2]: one.title for one in tables}


def status_words(look: Look, service: str) -> Mapping[str, str]:
    """How an import stands."""
    reads = look.described.reads
    said = look.described.resolved(reads.get(f"{views.API}/{service}/imports/{{id}}", {}))
    state = look.described.plain(said.get("properties", {}).get("state", {}))[0]
    status = look.described.plain(state.get("properties", {}).get("status", {}))[0]
    return look.described.words(status)


def _came(look: Look, item: Mapping[str, Any], titles: Mapping[str, str]) -> dict[str, Any]:
    state, codes = item["state"], status_words(look, _service(look))
    return {
        "page": f"/console/{_service(look)}/imports/{quote(item['id'], safe='')}",
        "title": titles.get(state["table"], state["table"]),
        "status": codes.get(state["status"], state["status"]),
        "state": state,
        "at": clock_face(state["received_at"]),
        "by": look.names.office(state["by"]),
    }


async def _one(desk: Desk, look: Look, problem: Mapping[str, Any], status: int = 200) -> Response:
    answer = await look.ask(_path(look))
    if not answer.good:
        return desk.refused(look, answer)
    cursor = look.request.query_params.get("cursor", "")
    found = await look.ask(f"{_path(look)}/findings", {"cursor": cursor} if cursor else {})
    service, item = _service(look), answer.json()
    came = _came(look, item, _titles(look, service))
    state = item["state"]
    context = {
        "came": came,
        "title": f"导入{came['title']}",
        "service": service,
        "section": look.described.services.get(service, service),
        "going": state["status"] in UNDER_WAY,
        "enterable": state["status"] == "checked" and not state.get("bad") and not state["enter"],
        **_findings(look, service, state["table"], found),
        "following": (found.json().get("next") or "") if found.good else "",
        "problem": problem,
        "done": look.request.query_params.get("done", ""),
    }
    return desk.page(look, "import.html", context, status)


def _findings(look: Look, service: str, table: str, answer: Answer) -> dict[str, Any]:
    """What is wrong, and what would change, by the line of the file."""
    items = answer.json().get("items", []) if answer.good else []
    one = look.described.lists.get(f"{service}.{table}")
    own = {
        name: str(look.described.plain(shape)[0].get("title", name))
        for name, shape in (one.state.get("properties", {}) if one else {}).items()
    }
    titles = {**look.described.titles(service), **own}
    bad = [
        (
            str(item["line"]),
            item.get("column") or titles.get(item.get("field") or "", item.get("field") or ""),
            item["detail"],
        )
        for item in items
        if "detail" in item
    ]
    changes = [
        (str(item["line"]), _change(look, service, titles, item["change"]))
        for item in items
        if item.get("change")
    ]
    return {
        "bad": Shown("差错", ("行", "栏", "说明"), bad),
        "changes": Shown("变更", ("行", "改为"), changes),
    }


def _change(look: Look, service: str, titles: Mapping[str, str], change: Any) -> str:
    codes = look.described.codes(service)

    def said(name: str, value: Any) -> str:
        if isinstance(value, Mapping):
            return "，".join(_fact(inner, each) for inner, each in value.items())
        if isinstance(value, list):
            return "、".join(said(name, each) for each in value)
        if value is None:
            return "空"
        text = str(value)
        return codes.get(text) or look.names.named(name, text)

    def _fact(name: str, value: Any) -> str:
        if name in ("fields", "code") and isinstance(value, Mapping):
            return said(name, value)
        if isinstance(value, list) and len(value) == 2:
            return f"{titles.get(name, name)}：{said(name, value[0])} → {said(name, value[1])}"
        return f"{titles.get(name, name)}：{said(name, value)}"

    return said("", change)
