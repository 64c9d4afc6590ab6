"""The console's rate limits, applied before anything else."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from chassis.buckets import Allowance
from chassis.telemetry import WATCHED

from .desk import Desk
from .limits import Limits


class Counted:
    """Pure ASGI."""

    def __init__(self, app: ASGIApp, desk: Desk, limits: Limits) -> None:
        self._app, self._desk, self._limits = app, desk, limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in WATCHED:
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        allowance = self._limits.of(self._desk.visitors.of(request))
        answered = self._app if allowance.admitted else self._refused(request, allowance)
        await answered(scope, receive, allowance.on(send))

    def _refused(self, request: Request, allowance: Allowance) -> Response:
        refusal = allowance.refusal()
        problem = {"title": refusal.title, "detail": refusal.detail}
        context = {**self._desk.bare(request, refusal.title), "problem": problem}
        answer = self._desk.pages("refused.html", context, 429)
        answer.headers["Retry-After"] = str(refusal.wait)
        return answer
