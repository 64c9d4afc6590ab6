"""What every page stands on: the gateway, what it says of itself, who looks, and the layout."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from .asking import Answer, Gateway, Query
from .described import Described, Describing
from .pages import Pages
from .registers import Names, Registers
from .sections import menu
from .visitors import Visitor, Visitors

SIGN_IN = "/console/sign-in"
SEE_OTHER = 303


class Closed(Exception):
    """The session is over: whoever it was signs in again."""


@dataclass(frozen=True)
class Look:
    """One request: who looks, at what, and what the platform says of itself."""

    request: Request
    visitor: Visitor
    described: Described
    names: Names
    gateway: Gateway

    async def ask(self, path: str, query: Query = (), **more: Any) -> Answer:
        """Closed where the token is no longer taken."""
        answer = await self.gateway.ask(self.visitor.caller, path, query, **more)
        if answer.status == 401:
            raise Closed
        return answer


Shown = Callable[[Look], Awaitable[Response]]
Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Desk:
    gateway: Gateway
    describing: Describing
    registers: Registers
    visitors: Visitors
    pages: Pages
    version: str

    async def look(self, request: Request, visitor: Visitor) -> Look:
        described, names = await asyncio.gather(self.describing(), self.registers(visitor.caller))
        return Look(request, visitor, described, names, self.gateway)

    def page(
        self, look: Look, template: str, context: Mapping[str, Any], status: int = 200
    ) -> Response:
        """On the common layout, with the visitor's token against forged forms."""
        said: dict[str, Any] = {
            "visitor": look.visitor,
            "menu": menu(look.described),
            "here": look.request.url.path,
            "version": self.version,
            **context,
        }
        response = self.pages(template, said, status)
        self.kept(look.request, response, look.visitor)
        return response

    def kept(self, request: Request, response: Response, visitor: Visitor) -> None:
        secure = request.url.scheme == "https"
        self.visitors.keep(response, visitor, secure=secure)

    def refused(self, look: Look, answer: Answer) -> Response:
        """A page that says why not."""
        status = answer.status if answer.status >= 400 else 502
        return self.page(
            look, "refused.html", {"problem": answer.problem, "title": "未能办理"}, status
        )

    def signed_in(self, shown: Shown) -> Handler:
        """For who is signed in; others are asked to, and come back."""

        async def handle(request: Request) -> Response:
            visitor = self.visitors.of(request)
            if visitor.token is None:
                return _to_sign_in(request)
            try:
                return await shown(await self.look(request, visitor))
            except Closed:
                response = _to_sign_in(request)
                self.visitors.forget(response)
                return response

        return handle

    def public(self, shown: Shown) -> Handler:
        """For anybody, and nobody in particular."""

        async def handle(request: Request) -> Response:
            visitor = self.visitors.of(request)
            return await shown(
                Look(request, visitor, await self.describing(), Names({}), self.gateway)
            )

        return handle


def _to_sign_in(request: Request) -> Response:
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    then = f"?then={quote(wanted)}" if request.method == "GET" and wanted != "/" else ""
    return RedirectResponse(SIGN_IN + then, SEE_OTHER)


def inside(path: str) -> str:
    """An address of our own, or the first screen: nobody is led elsewhere."""
    ours = path == "/" or (path.startswith("/console/") and "\\" not in path and "//" not in path)
    return path if ours else "/"
