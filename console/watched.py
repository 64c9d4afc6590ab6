"""Around every request: a span and a metric, as in the gateway and the services."""

import time

from opentelemetry.trace import SpanKind
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.telemetry import Telemetry

NAME = "console"


class Watched:
    """Pure ASGI. A route's pattern is what is told, never an address with somebody's number in it."""

    def __init__(self, app: ASGIApp, telemetry: Telemetry) -> None:
        self._app = app
        self._telemetry = telemetry

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
        began, status = time.perf_counter(), 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with self._telemetry.span(
            f"{scope['method']} {NAME}",
            SpanKind.SERVER,
            parent=headers.get("traceparent"),
            attributes={"http.request.method": scope["method"], "gongzhi.service": NAME},
        ) as span:
            try:
                await self._app(scope, receive, noted)
            finally:
                route = getattr(scope.get("route"), "path", "unmatched")
                span.set_attribute("http.route", route)
                span.set_attribute("http.response.status_code", status)
                seconds = time.perf_counter() - began
                self._telemetry.answered(NAME, scope["method"], route, status, seconds)
