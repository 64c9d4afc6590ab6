"""Composition root of the console."""

import hashlib
from collections.abc import Callable
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.edge import MAX_UPLOAD, Room, fits, limited
from chassis.sealing import Seal
from chassis.telemetry import Telemetry

from .asking import Gateway
from .describing import Describing
from .desk import Desk
from .door import Counted
from .forms_in import in_parts, typed
from .limits import Limits
from .oidc import Client, Provider
from .pages import FOLDER, Pages
from .registers import Registers
from .routes import (
    batches,
    boards,
    editions,
    entries,
    evaluations,
    figures,
    imports,
    live,
    mine,
    notices,
    papers,
    photos,
    platform,
    policies,
    premises,
    published,
    purchases,
    readings,
    records,
    registering,
    reports,
    residents,
    rooms,
    scoring,
    sessions,
    sign_in,
    steps,
    stories,
    today,
    topics,
    wall,
    years,
)
from .sections import called
from .visitors import Visitors
from .watched import Watched

NAME = "console"
PURPOSE = "console sessions"
MAX_FIELDS = 256 * 1024
"""Of a form without files: some 28,000 characters. Reading one takes up to eighty times its bytes."""
MAX_BODY = 1_200_000
"""Of a form, with a file: a little more than the gateway takes of a file."""
MAX_TABLE = MAX_UPLOAD + MAX_BODY
"""Of a form with a table to import: the gateway says what is too large of it."""
MAX_SENT = 4 * MAX_UPLOAD
"""Of a form with a photograph: what is beyond an upload isn't read, but comes, so that its page can be answered."""
HELD = 2 * MAX_UPLOAD
"""Of all forms that are coming in and being passed on at once."""
LESS = {MAX_FIELDS: "减少文字（一次至多约两万八千字）"} | {
    most: f"换一个 {file} MB 以内的文件"
    for most, file in ((MAX_BODY, 1), (MAX_TABLE, 16), (MAX_SENT, 8))
}
"""What is to be done about a form that is larger, as its page says."""
STATIC = {
    "console.css": "text/css",
    "live.js": "text/javascript",
    "drop.js": "text/javascript",
    "photo.js": "text/javascript",
    "place.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}
WRONG = {
    403: "登录已过期，或本页不是由本平台打开的，没有办理。请重新登录后再试。",
    404: "没有这一页，或它不归您查看。",
    405: "此页不支持这样打开。",
    408: "提交的内容没有按时传完，没有办理。请检查网络后再试。",
    422: "提交的内容无法读取。",
    503: "现在提交的文件过多，没有办理。请稍后再试。",
}


def build(
    url: str,
    key: bytes,
    telemetry: Telemetry,
    limits: Limits,
    tokens: Callable[[str], str] | None = None,
    client: Client | None = None,
) -> tuple[Gateway, ASGIApp]:
    """`tokens`: of the built-in issuer, where one may pick a demo role; never beside the district's own sign-in."""
    gateway = Gateway(url)
    desk = Desk(
        gateway=gateway,
        describing=Describing(gateway),
        registers=Registers(gateway),
        visitors=Visitors(Seal.derived(key, PURPOSE), shut=client is not None and client.shut),
        pages=Pages(),
        version=_version(),
        provider=None if client is None else Provider(client),
    )
    routes = [
        Route("/console/static/{name}", _static),
        Route("/livez", _alive),
        Route("/readyz", _ready(desk)),
        Route("/metrics", _metrics(telemetry)),
        *sign_in.routes(desk, tokens if client is None else None),
        *today.routes(desk),
        *mine.routes(desk),
        *live.routes(desk),
        *stories.routes(desk),
        *platform.routes(desk),
        *residents.routes(desk),
        *notices.routes(desk),
        *published.routes(desk),
        *reports.routes(desk),
        *papers.routes(desk),
        *photos.routes(desk),
        *imports.routes(desk),
        *purchases.routes(desk),
        *premises.routes(desk),
        *rooms.routes(desk),
        *editions.routes(desk),
        *evaluations.routes(desk),
        *figures.routes(desk),
        *batches.routes(desk),
        *policies.routes(desk),
        *boards.routes(desk),
        *topics.routes(desk),
        *scoring.routes(desk),
        *sessions.routes(desk),
        *wall.routes(desk),
        *registering.routes(desk),
        *years.routes(desk),
        *steps.routes(desk),
        *readings.routes(desk),
        *entries.routes(desk),
        *records.routes(desk),
    ]
    app = Starlette(
        routes=routes, exception_handlers={HTTPException: _wrong(desk), Exception: _failed}
    )
    return gateway, Watched(Counted(Limited(app, desk), desk, limits), telemetry)


def is_ours(path: str) -> bool:
    """Where the gateway and the console share one address: what is the console's."""
    return path in ("/", "/console") or path.startswith("/console/")


class Limited:
    """A form that is too large is refused before it is read, and one that doesn't come to its end in time; of one
    with a photograph the beginning is read, with all that was typed: its page says what is wrong, and keeps the rest.
    """

    def __init__(self, app: ASGIApp, desk: Desk) -> None:
        self._app, self._desk, self._room = app, desk, Room(HELD)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        said = dict(scope["headers"]).get(b"content-length", b"0")
        chunked = b"transfer-encoding" in dict(scope["headers"])
        most = _most(Request(scope))
        if chunked or not fits(said, most):
            await self._refused(Request(scope), most)(scope, receive, send)
            return
        if most == MAX_SENT:
            receive = _beginning(receive, MAX_UPLOAD)
        with self._room.holding(receive) as held:
            await self._app(scope, limited(held, most), send)

    def _refused(self, request: Request, most: int) -> Response:
        detail = f"提交的内容过大，没有办理。请返回上一页，{LESS[most]}再提交。"
        problem = {"title": "未能办理", "detail": detail}
        context = {**self._desk.bare(request, "未能办理"), "problem": problem}
        return self._desk.pages("refused.html", context, 413)


def _most(request: Request) -> int:
    path = request.url.path
    if not in_parts(request):
        return MAX_FIELDS
    if path in residents.PHOTOGRAPHED:
        return MAX_SENT
    return MAX_TABLE if imports.TABLES.fullmatch(path) else MAX_BODY


def _beginning(receive: Receive, most: int) -> Receive:
    """So many bytes of what comes; the others are thrown away as they come."""
    left = most

    async def begun() -> Message:
        nonlocal left
        message = await receive()
        if content := message.get("body"):
            message = {**message, "body": content[:left]}
            left -= len(message["body"])
        return message

    return begun


def _version() -> str:
    """Of what is kept by browsers: another content, another address."""
    content = b"".join((FOLDER / "static" / name).read_bytes() for name in STATIC)
    return hashlib.sha256(content).hexdigest()[:12]


async def _static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in STATIC:
        raise HTTPException(404)
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable",
        "X-Content-Type-Options": "nosniff",
    }
    return Response((FOLDER / "static" / name).read_bytes(), 200, headers, STATIC[name])


async def _alive(_: Request) -> Response:
    return JSONResponse({"alive": True})


def _metrics(telemetry: Telemetry) -> Callable[[Request], Any]:
    async def metrics(_: Request) -> Response:
        return Response(generate_latest(telemetry.registry), media_type=CONTENT_TYPE_LATEST)

    return metrics


def _ready(desk: Desk) -> Callable[[Request], Any]:
    async def ready(_: Request) -> Response:
        """When it has read what the gateway says of itself."""
        there = bool((await desk.describing()).lists)
        troubles = {} if there else {"gateway": "网关没有应答"}
        body = {"ready": there, "troubles": troubles, "degraded": {}}
        return JSONResponse(body, 200 if there else 503)

    return ready


async def _failed(_: Request, __: Exception) -> Response:
    """Raised again by the framework, and logged by whoever serves."""
    return HTMLResponse("<!doctype html><title>共治</title><p>内部错误，请稍后再试。</p>", 500)


def _wrong(desk: Desk) -> Callable[[Request, Exception], Any]:
    async def answered(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        visitor = desk.visitors.of(request)
        look = await desk.look(request, visitor)
        service = request.url.path.removeprefix("/console/").partition("/")[0]
        detail = WRONG.get(status, "请稍后再试。")
        if status == 404 and service in look.described.missing:
            status, detail = 503, f"{called(look.described, service)}没有应答，请稍后再试。"
        problem = {"title": "未能办理", "detail": detail}
        context: dict[str, Any] = {"problem": problem, "title": "未能办理"}
        if status == 403 and request.method == "POST":
            context["typed"] = await typed(request, visitor)
        page = desk.page(look, "refused.html", context, status)
        if isinstance(error, HTTPException):
            page.headers.update(error.headers or {})
        return page

    return answered
