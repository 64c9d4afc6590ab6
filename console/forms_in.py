"""A form as it comes in: fields, and files where it has any; and whether it is our own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import Request

from .visitors import Visitor

FORGERY = "_forgery"
MOST = 2000
"""Fields of one form."""


@dataclass(frozen=True, slots=True)
class Sent:
    fields: Mapping[str, Sequence[str]]
    files: Mapping[str, tuple[str, bytes]]

    def one(self, name: str) -> str:
        return (self.fields.get(name) or [""])[-1]


async def sent(request: Request, visitor: Visitor) -> Sent:
    """403 where it doesn't carry what we gave this visitor's page."""
    form = await _read(request)
    if not visitor.meant(form.one(FORGERY)):
        raise HTTPException(403)
    return form


async def typed(request: Request) -> list[str]:
    """What stood in its fields, to be read again and never acted on: whose form it was nobody knows."""
    form = await _read(request)
    return [
        text
        for name, said in form.fields.items()
        for text in said
        if text.strip() and not name.startswith("_")
    ]


async def _read(request: Request) -> Sent:
    body = await request.body()
    said = request.headers.get("content-type", "")
    try:
        return _parts(said, body) if said.startswith("multipart/") else _fields(body)
    except ValueError:
        raise HTTPException(422) from None


def _fields(body: bytes) -> Sent:
    return Sent(parse_qs(body.decode(), keep_blank_values=True, max_num_fields=MOST), {})


def _parts(said: str, body: bytes) -> Sent:
    """Only their heads are parsed: a photograph is megabytes, and a line of it no line."""
    boundary = _head(f"Content-Type: {said}".encode()).get_boundary()
    if not boundary:
        raise ValueError(said)
    fields: dict[str, list[str]] = {}
    files: dict[str, tuple[str, bytes]] = {}
    _, *parts = (b"\r\n" + body).split(b"\r\n--" + boundary.encode())
    for part in parts:
        if part.startswith(b"--"):
            break
        written, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        head = _head(written)
        name = str(head.get_param("name", "", header="content-disposition"))
        if head.get_filename() is not None:
            files[name] = (head.get_content_type(), content)
        else:
            fields.setdefault(name, []).append(content.decode())
    return Sent(fields, files)


def _head(written: bytes) -> EmailMessage:
    return BytesParser(EmailMessage, policy=HTTP).parsebytes(written + b"\r\n\r\n")
