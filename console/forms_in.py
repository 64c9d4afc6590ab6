"""A submitted form: fields, and files if it has any; and whether it is our own."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import Request

from .visitors import Visitor

FORGERY = "_forgery"
MOST = 2000
"""Fields of one form, and parts."""
LONGEST_HEAD = 8 * 1024
"""Bytes of what a part says of itself."""
LARGE = 64 * 1024
"""Bytes above which a form is read beside the loop: others wait for nothing that one of them sends."""
TYPE = re.compile(rb"^content-type:[ \t]*([^;\s]+)", re.IGNORECASE | re.MULTILINE)
DISPOSITION = re.compile(rb"^content-disposition:[^\r\n]*", re.IGNORECASE | re.MULTILINE)
SAID = re.compile(rb';[ \t]*([a-z*]+)[ \t]*=[ \t]*(?:"([^"]*)"|([^;\s]*))', re.IGNORECASE)
"""What a head says beside its first word. No browser writes a quotation mark within its quotation marks."""


@dataclass(frozen=True, slots=True)
class Sent:
    fields: Mapping[str, Sequence[str]]
    files: Mapping[str, tuple[str, bytes]]

    def one(self, name: str) -> str:
        return (self.fields.get(name) or [""])[-1]


async def sent(request: Request, visitor: Visitor) -> Sent:
    """403 where it doesn't carry what we gave this visitor's page; of who was given nothing it isn't even read."""
    if not visitor.known:
        raise HTTPException(403)
    form = await _read(request)
    if not visitor.meant(form.one(FORGERY)):
        raise HTTPException(403)
    return form


async def typed(request: Request, visitor: Visitor) -> list[str]:
    """What stood in its fields, to be read again and never acted on: whose form it was nobody knows. Of who never was
    here it isn't read.
    """
    if not visitor.known:
        return []
    form = await _read(request)
    return [
        text
        for name, said in form.fields.items()
        for text in said
        if text.strip() and not name.startswith("_")
    ]


def in_parts(request: Request) -> bool:
    return request.headers.get("content-type", "").startswith("multipart/")


async def _read(request: Request) -> Sent:
    """Read once per request, however often it is needed."""
    known = getattr(request.state, "form", None)
    if isinstance(known, Sent):
        return known
    body = await request.body()
    said = request.headers.get("content-type", "").encode() if in_parts(request) else None
    try:
        form = (
            await asyncio.to_thread(_form, said, body) if len(body) > LARGE else _form(said, body)
        )
    except ValueError:
        raise HTTPException(422) from None
    request.state.form = form
    return form


def _form(said: bytes | None, body: bytes) -> Sent:
    return _fields(body) if said is None else _parts(said, body)


def _fields(body: bytes) -> Sent:
    return Sent(parse_qs(body.decode(), keep_blank_values=True, max_num_fields=MOST), {})


def _parts(data: bytes, body: bytes) -> Sent:
    """Only their heads are looked at: a photograph is megabytes, and a line of it no line."""
    boundary = _said(data).get(b"boundary")
    if not boundary:
        raise ValueError(data)
    between, body = b"\r\n--" + boundary, b"\r\n" + body
    if body.count(between) > MOST + 1:
        raise ValueError("too many parts")
    fields: dict[str, list[str]] = {}
    files: dict[str, tuple[str, bytes]] = {}
    _, *parts = body.split(between)
    for part in parts:
        if part.startswith(b"--"):
            break
        head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        if len(head) > LONGEST_HEAD:
            raise ValueError("too long a head")
        disposition = DISPOSITION.search(head)
        called = _said(disposition[0]) if disposition else {}
        name = called.get(b"name", b"").decode()
        if b"filename" in called or b"filename*" in called:
            kind = TYPE.search(head)
            files[name] = (kind[1].decode().lower() if kind else "text/plain", content)
        else:
            fields.setdefault(name, []).append(content.decode())
    return Sent(fields, files)


def _said(head: bytes) -> dict[bytes, bytes]:
    return {one[1].lower(): one[2] if one[2] is not None else one[3] for one in SAID.finditer(head)}
