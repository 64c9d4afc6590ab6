"""The fast path for the usual request of a step, past the framework.

Anything unusual, an invalid body or a query, takes the framework's path, which reports what is wrong. So a step is
described and refused like every other route.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from pydantic import TypeAdapter, ValidationError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .asking import Asking
from .kernel.errors import Malformed

JSON = frozenset(("application/json", "application/json; charset=utf-8"))
MOST_VALUES = 10_000
"""Of one body, by its commas (ours): a megabyte of empty objects would take a gigabyte to be told what they lack."""
Taken = Callable[[Response, Asking, Mapping[str, Any], Any], Awaitable[Any]]
"""Takes the step, given the response being built, the caller, the parts of the path and the body; returns its
answer."""


class Unusual(Exception):
    """Nothing to be taken as it is."""


class StepRoute(APIRoute):
    """`writer` authenticates the caller, `taken` takes the step; `asks`, `parts` and `answers` are the types of the
    body (None where it has none), of the parts of the path and of the answer.
    """

    def __init__(
        self,
        path: str,
        endpoint: Callable[..., Any],
        *,
        writer: Callable[[Request, None], Awaitable[Asking]],
        taken: Taken,
        asks: Any,
        parts: Mapping[str, Any],
        answers: Any,
        **described: Any,
    ) -> None:
        super().__init__(path, endpoint, **described)
        self._writer = writer
        self._taken = taken
        self._asks = None if asks is None else TypeAdapter(asks)
        self._parts = {name: TypeAdapter(type) for name, type in parts.items()}
        self._answers = TypeAdapter(answers)
        self._status = described["status_code"]
        self._framework: ASGIApp = self.app
        self.app = self._straight

    async def _straight(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive, send)
        body = None if self._asks is None else await request.body()
        if body is not None and body.count(b",") > MOST_VALUES:
            await self._writer(request, None)
            raise Malformed(
                f"内容过多：一次至多 {MOST_VALUES} 项。",
                field="body",
                english=f"Too much at once: at most {MOST_VALUES} values.",
            )
        try:
            said, path = self._read(request, body)
        except Unusual:
            unread = receive if body is None else _again(body, receive)
            await self._framework(scope, unread, send)
            return
        begun = Response(status_code=self._status, media_type="application/json")
        answer = await self._taken(begun, await self._writer(request, None), path, said)
        shown = self._answers.validate_python(answer, from_attributes=True)
        begun.body = self._answers.dump_json(shown, by_alias=True)
        begun.headers["content-length"] = str(len(begun.body))
        await begun(scope, receive, send)

    def _read(self, request: Request, body: bytes | None) -> tuple[Any, Mapping[str, Any]]:
        """What was said, and the parts of the path; Unusual for what the framework has to look at."""
        if request.scope["query_string"]:
            raise Unusual
        try:
            path = {
                name: self._parts[name].validate_python(value)
                for name, value in request.path_params.items()
            }
            if self._asks is None or body is None:
                return None, path
            if request.headers.get("content-type") not in JSON:
                raise Unusual
            return self._asks.validate_python(json.loads(body)), path
        except (ValidationError, ValueError, RecursionError):
            raise Unusual from None


def _again(body: bytes, receive: Receive) -> Receive:
    """The body once more, and then what comes after it."""
    read = False

    async def received() -> Message:
        nonlocal read
        if read:
            return await receive()
        read = True
        return {"type": "http.request", "body": body, "more_body": False}

    return received
