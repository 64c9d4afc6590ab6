"""Conditional GET: `If-None-Match` with the current ETag is answered 304, with no body.

A tag is the version of a record. What may be done with it, and by when, may change with time alone and without a new
version: a client that shows these must read the full answer.
"""

from collections.abc import Mapping

from starlette.types import Message, Scope, Send

IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "schema": {"type": "string"},
    "description": "读过的 ETag：记录仍是这一版的，答复 304，没有正文。可办事项和期限随时间变化，要看时读全文",
}
UNCHANGED = "仍是 If-None-Match 所写的那一版"
OF_A_BODY = frozenset((b"content-length", b"content-type"))


def unless_unchanged(scope: Scope, headers: Mapping[bytes, bytes], send: Send) -> Send:
    known = headers.get(b"if-none-match")
    if known is None or scope["method"] != "GET":
        return send
    unchanged = False

    async def told(message: Message) -> None:
        nonlocal unchanged
        if message.get("status") == 200 and _names(known, message["headers"]):
            unchanged = True
            left = [one for one in message["headers"] if one[0] not in OF_A_BODY]
            message = {**message, "status": 304, "headers": left}
        elif unchanged:
            message = {**message, "body": b""}
        await send(message)

    return told


def _names(known: bytes, headers: list[tuple[bytes, bytes]]) -> bool:
    """Weakly, as it is of whole answers: `W/` says nothing."""
    tag = next((value for name, value in headers if name == b"etag"), None)
    named = {one.strip().removeprefix(b"W/") for one in known.split(b",")}
    return tag is not None and (tag.removeprefix(b"W/") in named or b"*" in named)
