"""The access log: who requested what, for an inquiry after a leak. Never an id, a code, a query or a body.

Only the service that answers knows which route an address belongs to; it says so in an internal header, which is
removed from the answer.
"""

from typing import Any

import structlog
from starlette.types import Message, Scope, Send

from chassis.edge import ROUTE, UNSEEN
from chassis.identity import Subject

UNMATCHED = "unmatched"
"""The address of no route; or no service answered that would know it."""

access: Any = structlog.wrap_logger(None, wrapper_class=structlog.BoundLogger)
"""Whatever the level: who switches it on wants every line."""


class Answer:
    """One answer on its way out: without what is said inside only, and written down when it begins."""

    def __init__(self, scope: Scope, send: Send, *, kept: bool) -> None:
        self._scope, self._send, self._kept = scope, send, kept
        self.subject: Subject | None = None
        self.service = "gateway"

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            said = [value for name, value in message["headers"] if name == ROUTE]
            if said:
                headers = [one for one in message["headers"] if one[0] != ROUTE]
                message = {**message, "headers": headers}
            if self._kept:
                self._write(message["status"], said[0].decode("latin-1") if said else None)
        await self._send(message)

    def _write(self, status: int, route: str | None) -> None:
        """Of what is unseen nobody is named: that somebody asked there tells that they applied."""
        own = getattr(self._scope.get("route"), "path", UNMATCHED)
        named = self.subject if route != UNSEEN else None
        access.info(
            "asked",
            sub=named.sub if named else None,
            office=named.office if named else None,
            service=self.service,
            method=self._scope["method"],
            route=route or own,
            status=status,
        )
