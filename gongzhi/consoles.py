"""The console: beside the gateway at one address in the all-in-one, or alone in its own process."""

import asyncio
import signal
import socket
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import structlog
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from pydantic import ValidationError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.faults import Fault, said
from chassis.health import LOOK_EVERY
from chassis.settings import Misconfigured
from chassis.telemetry import Telemetry, log_as_json
from console.asking import Gateway
from console.main import build, is_ours
from console.settings import ConsoleSettings, SignIn
from contracts.text import Unfit
from gateway.forward import Direct

from . import keys
from .roster import CONSOLE
from .serving import Server

log = structlog.get_logger()
WILD = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}
"""Where somebody in this process finds what listens everywhere."""


def beside(
    door: ASGIApp, data: Path, host: str, port: int, telemetry: Telemetry
) -> tuple[Gateway, ASGIApp]:
    """One port: `/` and `/console/` are the console's, all else the gateway's. It calls it over HTTP all the same."""
    here = WILD.get(host, f"[{host}]" if ":" in host else host)
    known = told(SignIn)
    gateway, console = build(
        f"http://{here}:{port}",
        keys.console_key(data),
        telemetry,
        known.limits,
        tokens(data),
        known.client(),
    )

    behind = read_by_people(door, console)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        ours = scope["type"] == "http" and is_ours(scope["path"])
        await (console if ours else behind)(scope, receive, send)

    return gateway, app


def read_by_people(door: ASGIApp, console: ASGIApp) -> ASGIApp:
    """The gateway; who came with a browser to where nothing is has the console's page in place of a JSON document."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _by_browser(scope):
            await door(scope, receive, send)
            return
        missing = False

        async def told(message: Message) -> None:
            nonlocal missing
            missing = missing or message.get("status") == 404
            if not missing:
                await send(message)

        await door(scope, receive, told)
        if missing:
            await console(scope, receive, send)

    return app


def _by_browser(scope: Scope) -> bool:
    asked = dict(scope["headers"]).get(b"accept", b"")
    return (
        scope["method"] == "GET" and b"text/html" in asked and not scope["path"].startswith("/api/")
    )


def tokens(data: Path) -> Callable[[str], str] | None:
    """Of the built-in issuer, unless another's tokens are taken."""
    try:
        keys.token(data, "command_centre")
    except Misconfigured:
        return None

    def token(acts_as: str) -> str:
        try:
            return keys.token(data, acts_as)
        except Misconfigured as error:
            raise ValueError(acts_as) from error

    return token


async def closing(serving: Awaitable[None], gateway: Gateway) -> None:
    try:
        await serving
    finally:
        await gateway.close()


Settings = TypeVar("Settings", bound=SignIn)


OVER_TLS = "应为 https:// 开头的地址（同一台机器上可用 http）"
AS_IT_SHOULD_BE = {
    "console_key": "应为 32 字节的密钥，写成 64 个十六进制字符（openssl rand -hex 32）",
    "console_url": f"{OVER_TLS}，不带路径",
    "oidc_issuer": OVER_TLS,
    "oidc_scope": "应以 openid 开头，各项以空格分开",
}
"""What a setting is to be, where what is wrong with it doesn't say so."""


def told(kind: type[Settings]) -> Settings:
    """Misconfigured names the setting and what it should be, never its value."""
    try:
        known = kind()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = str(first["loc"][0])
        setting = f"GONGZHI_{name.upper()}"
        if first["type"] == "missing":
            raise Misconfigured(f"缺少 {setting}（见 deploy/README.md）") from None
        raise _wrong(setting, _expected(name, first)) from None
    if isinstance(known, ConsoleSettings):
        try:
            _ = known.key
        except ValueError:
            raise _wrong("GONGZHI_CONSOLE_KEY", AS_IT_SHOULD_BE["console_key"]) from None
    return known


def _expected(name: str, fault: Fault) -> str:
    own = isinstance(fault.get("ctx", {}).get("error"), Unfit)
    return said(fault) if own or name not in AS_IT_SHOULD_BE else AS_IT_SHOULD_BE[name]


def _wrong(setting: str, expected: str) -> Misconfigured:
    return Misconfigured(f"{setting} 有误：{expected}（见 deploy/README.md）")


def telemetry(known: ConsoleSettings) -> Telemetry:
    where = known.otlp_endpoint
    return Telemetry(CONSOLE, OTLPSpanExporter(endpoint=where) if where else None)


async def tell_ready(app: ASGIApp, telemetry: Telemetry) -> bool:
    """Measured as a service's is, so that a console that is away, or has no gateway, is told as one."""
    try:
        status, _ = await Direct({CONSOLE: app}).ask(CONSOLE, "/readyz", LOOK_EVERY)
    except Exception:
        log.exception("look_failed", service=CONSOLE)
        status = 500
    telemetry.ready.labels(CONSOLE).set(status == 200)
    return status == 200


async def keep_telling(app: ASGIApp, telemetry: Telemetry) -> None:
    while True:
        await tell_ready(app, telemetry)
        await asyncio.sleep(LOOK_EVERY)


async def serve_alone(
    door: Server,
    gateway: Gateway,
    opened: socket.socket,
    log_level: str,
    looking: Coroutine[Any, Any, None],
) -> None:
    """Until SIGTERM or SIGINT; `looking` goes on beside it."""
    log_as_json(log_level)

    def leave() -> None:
        door.should_exit = True
        gateway.leave()

    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, leave)
    beside = asyncio.create_task(looking)
    try:
        await closing(door.serve(sockets=[opened]), gateway)
    finally:
        beside.cancel()
