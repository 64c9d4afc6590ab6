"""The gateway's entry: authentication, rate limits and routing."""

from collections.abc import Awaitable, Callable

from starlette.types import ASGIApp, Receive, Scope, Send

from chassis.faults import asks_english
from chassis.identity import Subject, Unauthenticated
from chassis.kernel.errors import NotAllowed, Refusal
from chassis.problems import problem
from chassis.telemetry import WATCHED
from chassis.tokens import Verifier
from contracts.public import is_public

from .forward import Forward
from .limits import Limits
from .seen import Answer

API = "/api/v1/"
DESCRIPTION = "openapi.json"
"""Of one service, as the gateway tells it."""
PROOF = frozenset((b"authorization", b"x-act-as"))
"""The headers that identify the caller: the others pass through unread."""


class FrontDoor:
    """Pure ASGI: a service's path goes to the service, with a proven token; the rest is the gateway's.

    `shut` gives the reason why a subject is refused everywhere, or None if it isn't. The token is forwarded and
    verified again by the service, which doesn't trust the gateway's word for it.
    """

    def __init__(
        self,
        own: ASGIApp,
        forward: Forward,
        verifier: Verifier,
        limits: Limits,
        shut: Callable[[Subject], Awaitable[Refusal | None]],
        *,
        access_log: bool = False,
    ) -> None:
        self._own = own
        self._forward = forward
        self._verifier = verifier
        self._limits = limits
        self._shut = shut
        self._access_log = access_log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] != "http" or path in WATCHED:
            await self._own(scope, receive, send)
            return
        service, _, rest = path.removeprefix(API).partition("/")
        led = service if service in self._forward.names and rest != DESCRIPTION else None
        public = led is not None and is_public(led, rest)
        answer = Answer(scope, send, kept=self._access_log)
        answer.service = led or answer.service
        try:
            subject = None if public else await self._subject(led, scope)
        except Refusal as refusal:
            allowance = self._limits.of_address(_address(scope))
            answered = refusal if allowance.admitted else allowance.refusal()
            await problem(answered, english=asks_english(scope))(
                scope, receive, allowance.on(answer)
            )
            return
        answer.subject = subject
        allowance = (
            self._limits.of_subject(subject)
            if subject
            else self._limits.of_address(_address(scope))
        )
        send = allowance.on(answer)
        if not allowance.admitted:
            await problem(allowance.refusal(), english=asks_english(scope))(scope, receive, send)
        elif subject is not None and (refused := await self._refused(subject)) is not None:
            await problem(refused, english=asks_english(scope))(scope, receive, send)
        elif led is not None:
            await self._forward(led, scope, receive, send)
        else:
            await self._own(scope, receive, send)

    async def _refused(self, subject: Subject) -> Refusal | None:
        try:
            return await self._shut(subject)
        except Refusal as refusal:  # where that can't be said now
            return refusal

    async def _subject(self, service: str | None, scope: Scope) -> Subject | None:
        """The caller; a service's path needs a token, the gateway's own routes each say what they need."""
        headers = {
            name: value.decode("latin-1") for name, value in scope["headers"] if name in PROOF
        }
        proof = headers.get(b"authorization"), headers.get(b"x-act-as")
        if service is None:
            try:
                return await self._verifier.subject(*proof) if proof[0] else None
            except (Unauthenticated, NotAllowed):
                return None  # the route itself refuses, if it needs a token; counted by address
        subject = await self._verifier.subject(*proof)
        if not any(scope.startswith(f"{service}:") for scope in subject.scopes):
            raise NotAllowed(
                f"令牌没有服务 {service} 的权限范围。",
                field="scope",
                english=f"The token has no scope of the service {service}.",
            )
        return subject


def _address(scope: Scope) -> str:
    client = scope.get("client")
    return client[0] if client else ""
