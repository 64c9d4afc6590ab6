"""What the console reads of a form, and how long: anybody may send one, and nobody waits for another's."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Scope

from chassis.edge import LONGEST_LENGTH
from chassis.sealing import Seal
from chassis.telemetry import Telemetry
from console import forms_in
from console.forms_in import LONGEST_HEAD, MOST, sent, typed
from console.limits import Limits
from console.main import MAX_BODY, MAX_FIELDS, build
from console.routes import residents
from console.visitors import Visitor, Visitors

OUT = "/console/sign-out"
PARTS = "multipart/form-data; boundary=b"
FIELDS = "application/x-www-form-urlencoded"
KNOWN, NEW = Visitor(forgery="f", known=True), Visitor(forgery="f")


def part(name: str, content: str, more: str = "", head: str = "") -> bytes:
    said = f'{head}Content-Disposition: form-data; name="{name}"{more}'
    return f"--b\r\n{said}\r\n\r\n{content}\r\n".encode()


def asked(body: bytes, kind: str = PARTS) -> Request:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body}

    headers = [(b"content-type", kind.encode())]
    scope: Scope = {"type": "http", "method": "POST", "path": "/", "headers": headers}
    where = {"scheme": "http", "server": ("x", 80), "client": ("::1", 1), "root_path": ""}
    return Request({**scope, **where, "query_string": b""}, receive)


@pytest.fixture
async def app() -> AsyncIterator[ASGIApp]:
    gateway, app = build("http://127.0.0.1:9", b"k" * 32, Telemetry("console"), Limits())
    yield app
    await gateway.close()


async def status(
    app: ASGIApp,
    *pieces: bytes,
    length: bytes,
    wait: float = 0,
    path: str = OUT,
    kind: str = PARTS,
    cookie: bytes = b"",
) -> int:
    left, answered = list(pieces), []

    async def receive() -> dict[str, Any]:
        if not left:
            await asyncio.sleep(wait)
        piece = left.pop(0) if left else b"x"
        return {"type": "http.request", "body": piece, "more_body": bool(left) or wait > 0}

    async def send(message: Any) -> None:
        answered.append(message.get("status"))

    headers = [(b"content-length", length), (b"content-type", kind.encode()), (b"cookie", cookie)]
    scope = {**asked(b"").scope, "path": path, "raw_path": path.encode(), "headers": headers}
    async with asyncio.timeout(60):
        await app(scope, receive, send)
    return int(answered[0])


async def test_fields_and_files_of_a_form_are_told_apart_by_what_their_heads_say() -> None:
    named = '; filename="图 ;name=no.png"'
    body = part("_forgery", "f") + part("a", "一\r\n二") + part("a", "三", head="X: y\r\n")
    body += part("p", "--", named, "content-type: Image/PNG; x=y\r\n") + part(
        "q", "", '; filename=""'
    )
    form = await sent(asked(body + b"--b--\r\n" + part("late", "")), KNOWN)
    assert form.fields == {"_forgery": ["f"], "a": ["一\r\n二", "三"]}
    assert form.files == {"p": ("image/png", b"--"), "q": ("text/plain", b"")}
    quoted = 'multipart/form-data; charset=utf-8; boundary="b"'
    assert (await sent(asked(part("_forgery", "f") + b"--b--", quoted), KNOWN)).one(
        "_forgery"
    ) == "f"


@pytest.mark.parametrize(
    "body",
    [
        part("_forgery", "f") + part("a", "x") * MOST,
        part("_forgery", "f") + part("a", "x", head="a:b\r\n" * LONGEST_HEAD),
    ],
    ids=["parts", "head"],
)
async def test_of_a_form_with_more_parts_than_any_of_ours_none_is_read(
    body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[bytes] = []

    def said(head: bytes) -> dict[bytes, bytes]:
        looked.append(head)
        return {b"boundary": b"b"}

    monkeypatch.setattr(forms_in, "_said", said)
    with pytest.raises(HTTPException) as refused:
        await sent(asked(body + b"--b--\r\n"), KNOWN)
    assert refused.value.status_code == 422 and len(looked) <= 2


async def test_a_form_as_long_as_any_of_ours_is_read() -> None:
    form = await sent(asked(part("_forgery", "f") + part("a", "x") * (MOST - 1) + b"--b--"), KNOWN)
    assert len(form.fields["a"]) == MOST - 1


async def test_a_form_is_read_once_however_it_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[bytes] = []
    as_ever = forms_in._form

    def once(said: bytes | None, body: bytes) -> forms_in.Sent:
        read.append(body)
        return as_ever(said, body)

    monkeypatch.setattr(forms_in, "_form", once)
    request = asked(part("_forgery", "forged") + part("a", "字") + b"--b--")
    with pytest.raises(HTTPException):
        await sent(request, KNOWN)
    assert await typed(request, KNOWN) == ["字"] and len(read) == 1


@pytest.mark.parametrize("kind", [PARTS, FIELDS])
async def test_of_who_was_given_no_page_no_form_is_read(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forms_in, "_form", None)
    request = asked(part("_forgery", "f") + part("a", "字"), kind)
    with pytest.raises(HTTPException) as refused:
        await sent(request, NEW)
    assert refused.value.status_code == 403 and await typed(request, NEW) == []


def cookie_of_one_over() -> str:
    over, answer = Visitor(forgery="f", over=int(time.time()) - 60), Response()
    Visitors(Seal.derived(b"k" * 32, "console sessions")).keep(asked(b""), answer, over)
    return answer.headers["set-cookie"]


async def test_whose_session_is_over_is_still_known_to_have_been_here() -> None:
    visitors, cookie = Visitors(Seal.derived(b"k" * 32, "console sessions")), cookie_of_one_over()
    assert int(cookie.partition("Max-Age=")[2].partition(";")[0]) > 60
    request = asked(b"")
    request.scope["headers"].append((b"cookie", cookie.partition(";")[0].encode()))
    back = Visitors(visitors._seal).of(Request(request.scope))
    assert back.known and back.forgery != "f" and not visitors.of(asked(b"")).known


async def test_a_large_form_is_read_beside_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_: Any) -> forms_in.Sent:
        asyncio.run_coroutine_threadsafe(asyncio.sleep(0), loop).result(5)
        return forms_in.Sent({"_forgery": ["f"]}, {})

    loop = asyncio.get_running_loop()
    monkeypatch.setattr(forms_in, "_form", slow)
    form = await sent(asked(b"x" * (forms_in.LARGE + 1)), KNOWN)
    assert form.one("_forgery") == "f"


async def test_a_length_is_read_whole_or_refused(app: ASGIApp) -> None:
    zeros = b"0" * LONGEST_LENGTH
    for length in (zeros + b"999999999", zeros + b"1", str(MAX_BODY + 1).encode(), b"-1", b""):
        assert await status(app, b"a=b", length=length) == 413, length
    assert await status(app, b"a=b", length=b"0003") == 403


async def test_a_form_without_files_is_small_wherever_it_is_sent(app: ASGIApp) -> None:
    for path in (OUT, *residents.PHOTOGRAPHED, "/console/housing/imports"):
        for length, refused in ((MAX_FIELDS, 403), (MAX_FIELDS + 1, 413)):
            said = str(length).encode()
            assert await status(app, b"a=b", length=said, path=path, kind=FIELDS) == refused, path


@pytest.mark.parametrize(
    ("kind", "length", "less"),
    [
        (PARTS, str(MAX_BODY + 1).encode(), "换一个 1 MB 以内的文件"),
        (FIELDS, str(MAX_FIELDS + 1).encode(), "减少文字"),
    ],
)
async def test_a_form_that_is_too_large_is_answered_by_a_page(
    app: ASGIApp, kind: str, length: bytes, less: str
) -> None:
    sent_back = []

    async def send(message: Any) -> None:
        sent_back.append(message)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"a=b", "more_body": False}

    headers = [(b"content-length", length), (b"content-type", kind.encode())]
    await app({**asked(b"").scope, "path": OUT, "headers": headers}, receive, send)
    page = sent_back[1]["body"].decode()
    assert sent_back[0]["status"] == 413
    assert '<html lang="zh-CN">' in page and less in page


async def test_a_form_that_does_not_come_to_its_end_in_time_is_refused(
    app: ASGIApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chassis.edge.BODY_WITHIN", 0.3)
    cookie = cookie_of_one_over().partition(";")[0].encode()
    assert await status(app, b"--b", length=b"100000", wait=0.1, cookie=cookie) == 408
