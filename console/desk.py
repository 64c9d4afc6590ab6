"""What every page needs: the gateway, its description, the visitor, and the layout."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from .asking import AWAY, Answer, Gateway, Query
from .described import Beginning, Described
from .describing import Describing
from .forms_in import FORGERY, sent
from .oidc import Away, NotEntered, Provider
from .pages import Pages
from .registers import Names, Registers
from .sections import may_begin, menu
from .visitors import Visitor, Visitors

SIGN_IN = "/console/sign-in"
OFFICE = "/console/office"
SEE_OTHER = 303


class Closed(Exception):
    """The session is over: the user has to sign in again."""


@dataclass(frozen=True)
class Look:
    """One request: the visitor, the page, and the platform's description."""

    request: Request
    visitor: Visitor
    described: Described
    names: Names
    gateway: Gateway

    @property
    def own(self) -> Mapping[str, frozenset[str]]:
        """The places that the visitor may act for."""
        return self.names.own(self.visitor.kind, self.visitor.code)

    def begins(self, step: Beginning) -> bool:
        """Whether the visitor may begin it."""
        return may_begin(step, self.visitor.kind, self.visitor.code)

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
    provider: Provider | None = None
    """The district's sign-in, where there is one."""

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
            "sent": look.request.method == "POST",
            "version": self.version,
            **context,
        }
        response = self.pages(template, said, status)
        # Said again only where it changed: a slow answer must not undo a renewal.
        if look.visitor != self.visitors.of(look.request):
            self.kept(look.request, response, look.visitor)
        return response

    def bare(self, request: Request, title: str) -> dict[str, Any]:
        """For a page that is nobody's in particular."""
        nobody = Visitor(forgery="")
        here = request.url.path
        return {
            "visitor": nobody,
            "menu": [],
            "here": here,
            "sent": request.method == "POST",
            "version": self.version,
            "title": title,
        }

    def kept(self, request: Request, response: Response, visitor: Visitor) -> None:
        self.visitors.keep(request, response, visitor)

    def refused(self, look: Look, answer: Answer) -> Response:
        """A page that says why not."""
        status = answer.status if answer.status >= 400 else 502
        return self.page(
            look, "refused.html", {"problem": answer.problem, "title": "未能办理"}, status
        )

    def signed_in(self, shown: Shown) -> Handler:
        """For visitors who are signed in and act as an office; others are asked to, and come back with what they had
        typed."""

        async def handle(request: Request) -> Response:
            was = self.visitors.of(request)
            visitor = await self._current(was)
            if visitor.token is None:
                return await self._again(request, visitor)
            if visitor.acts_as is None:
                return RedirectResponse(OFFICE + _then(request), SEE_OTHER)
            try:
                look = await self.look(request, visitor)
                # Nothing that a page could show: it must not look as if there were nothing to do.
                there = bool(look.described.services)
                response = await shown(look) if there else self.refused(look, AWAY)
            except Closed:
                return await self._again(request, visitor.ended())
            if visitor is not was:
                self.kept(request, response, visitor)
            return response

        return handle

    async def _current(self, visitor: Visitor) -> Visitor:
        """With a token that still lasts a little, where the issuer gives one."""
        if self.provider is None or visitor.refresh is None or not visitor.ends_soon:
            return visitor
        try:
            return visitor.granted(await self.provider.renewed(visitor.refresh, visitor.sub))
        except Away:
            return visitor
        except NotEntered:
            return visitor.ended()

    async def _again(self, request: Request, visitor: Visitor) -> Response:
        """What was filled in waits on its page until the user is back; everything else is fetched again."""
        if request.method == "GET":
            response: Response = RedirectResponse(SIGN_IN + _then(request), SEE_OTHER)
            self.kept(request, response, visitor)
            return response
        form = await sent(request, visitor)
        fields = [(name, text) for name, said in form.fields.items() for text in said]
        context = {
            "title": "登录已过期",
            "fields": [one for one in fields if one[0] != FORGERY],
            "files": list(form.files),
            "to": f"{request.url.path}?{request.url.query}",
            "sign_in": f"{SIGN_IN}?then={SIGN_IN}/done",
        }
        look = Look(request, visitor, await self.describing(), Names({}), self.gateway)
        return self.page(look, "again.html", context, 401)

    def public(self, shown: Shown) -> Handler:
        """For anybody, and nobody in particular."""

        async def handle(request: Request) -> Response:
            visitor = self.visitors.of(request)
            return await shown(
                Look(request, visitor, await self.describing(), Names({}), self.gateway)
            )

        return handle


def _then(request: Request) -> str:
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return f"?then={quote(wanted)}" if request.method == "GET" and wanted != "/" else ""


def inside(path: str) -> str:
    """An address of our own, or the first screen: nobody is led elsewhere."""
    if not path.isprintable() or "\\" in path or "//" in path.partition("?")[0]:
        return "/"
    parts = urlsplit(path)
    ours = not parts.scheme and not parts.netloc
    return path if ours and (parts.path == "/" or parts.path.startswith("/console/")) else "/"
