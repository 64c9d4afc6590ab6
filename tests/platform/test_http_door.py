"""The edge of a service on its own: who may come in, which version and which request it is, how a list goes on."""

import asyncio
import base64
import json
import re
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi import FastAPI, HTTPException, Request, Response
from starlette.types import ASGIApp, Message

from chassis.asking import Asking
from chassis.brake import Brake
from chassis.edge import MAX_BODY, MAX_HEADERS, MAX_UPLOAD, Edge
from chassis.http import (
    Door,
    Paged,
    Paging,
    cursor_after,
    listed,
    shown,
)
from chassis.identity import Subject, Unauthenticated
from chassis.kernel.errors import (
    OURS,
    KeyReused,
    Malformed,
    NotFound,
    Refusal,
    RuleBroken,
    Stale,
    TooMany,
    Unavailable,
    UnknownReference,
)
from chassis.kernel.rule import Rule
from chassis.kind import Held
from chassis.problems import answer_refusals
from chassis.telemetry import Telemetry
from tests.support.toy import FULL, NOON

WRITTEN = Rule(id="T-02", text="有章可循。", clauses=("某办〔2019〕1号 二.3",))
KEY = {"idempotency-key": "12345678"}


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: Any


async def ask(
    app: ASGIApp,
    target: str,
    method: str = "GET",
    body: bytes = b"",
    chunks: int = 1,
    /,
    **headers: str,
) -> Answer:
    """One request, the body in so many pieces (and told of in no Content-Length)."""
    path, _, query = target.partition("?")
    size = -(-len(body) // chunks) or 1
    pieces = [body[at : at + size] for at in range(0, len(body), size)] or [b""]
    started: dict[str, Any] = {}
    content = b""

    async def receive() -> Message:
        return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}

    async def send(message: Message) -> None:
        nonlocal content
        if message["type"] == "http.response.start":
            started.update(message)
        content += message.get("body", b"")

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    await app(scope, receive, send)
    names = {name.decode().lower(): value.decode() for name, value in started["headers"]}
    return Answer(started["status"], names, json.loads(content) if content else None)


class Known:
    """Takes the token for the caller's `sub` and scopes: `anna+toy:read`."""

    async def subject(self, authorization: str | None, acting: str | None = None) -> Subject:
        if not authorization:
            raise Unauthenticated("需要 Bearer 访问令牌。")
        sub, *scopes = authorization.split("+")
        return Subject(sub=sub, kind="street", code="liujia", scopes=frozenset(scopes))


def toy() -> FastAPI:
    app = FastAPI()
    answer_refusals(app, {})
    door = Door("toy", Known(), lambda: NOON, Brake())  # type: ignore[arg-type]
    reading, creator = door.reading(), door.writing(versioned=False)
    changer, either = door.writing(versioned=True), door.writing(versioned=None)
    lidder = door.writing(versioned=False, scope="toy:lid")

    def said(asking: Asking) -> dict[str, Any]:
        cause = asking.cause
        return {
            "actor": cause.actor,
            "at": cause.now.isoformat(),
            "expected": cause.expected,
            "key": cause.key,
            "fingerprint": cause.fingerprint,
            "traceparent": cause.traceparent,
        }

    @app.get("/jars")
    async def jars(page: Paged, _: Subject = reading) -> dict[str, Any]:
        after = [page.after.value, page.after.id] if page.after else None
        return {"after": after, "limit": page.limit}

    @app.get("/jars/j")
    async def jar(response: Response, _: Subject = reading) -> Any:
        return shown(Held("j", {"holds": 1}, 7, "j"), response)

    @app.post("/jars")
    async def create(asking: Asking = creator) -> dict[str, Any]:
        return said(asking)

    @app.post("/jars/j")
    @app.put("/jars/j")
    @app.put("/jars/k")
    async def change(asking: Asking = changer) -> dict[str, Any]:
        return said(asking)

    @app.post("/jars/j/maybe")
    async def maybe(asking: Asking = either) -> dict[str, Any]:
        return said(asking)

    @app.post("/jars/j/lid")
    async def lid(asking: Asking = lidder) -> dict[str, Any]:
        return said(asking)

    return app


READS, WRITES = {"authorization": "anna+toy:read"}, {"authorization": "anna+toy:write"}


# Who


async def test_no_token_is_401_and_says_what_is_wanted() -> None:
    for method, path in (("GET", "/jars"), ("POST", "/jars")):
        answer = await ask(toy(), path, method)
        assert (answer.status, answer.headers["www-authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize(
    ("method", "path", "wants"),
    [
        ("GET", "/jars", "toy:read"),
        ("POST", "/jars", "toy:write"),
        ("POST", "/jars/j/lid", "toy:lid"),
    ],
)
async def test_a_token_is_good_for_its_scopes_only(method: str, path: str, wants: str) -> None:
    others = {"toy:read", "toy:write", "toy:lid", "jar:read", "jar:write"} - {wants}
    refused = await ask(toy(), path, method, authorization="+".join(["anna", *others]))
    assert (refused.status, refused.body["field"]) == (403, "scope")
    assert "www-authenticate" not in refused.headers
    assert (await ask(toy(), path, method, authorization=f"anna+{wants}")).status == 200


# Which version


async def test_a_change_names_the_version_it_is_of() -> None:
    refused = await ask(toy(), "/jars/j", "POST", **WRITES)
    assert (refused.status, refused.body["field"]) == (428, "If-Match")
    for text in ('"7"', 'W/"7"', "7", ' "7" '):
        answer = await ask(toy(), "/jars/j", "POST", **WRITES, **{"if-match": text})
        assert answer.body["expected"] == 7
    tag = (await ask(toy(), "/jars/j", **READS)).headers["etag"]
    assert tag == '"7"'


@pytest.mark.parametrize("text", ["", '""', "abc", "-1", "1.5", "1234567890", "*"])
async def test_a_version_that_is_none_is_malformed(text: str) -> None:
    answer = await ask(toy(), "/jars/j", "POST", **WRITES, **{"if-match": text})
    assert (answer.status, answer.body["field"]) == (422, "If-Match")


async def test_where_a_version_is_optional_it_counts_and_where_there_is_none_it_does_not() -> None:
    of = {"if-match": "999999999"}
    assert (await ask(toy(), "/jars/j/maybe", "POST", **WRITES)).body["expected"] is None
    assert (await ask(toy(), "/jars/j/maybe", "POST", **WRITES, **of)).body["expected"] == 999999999
    assert (await ask(toy(), "/jars", "POST", **WRITES, **of)).body["expected"] is None


# Which request


async def test_a_request_without_a_key_is_not_recognised_again() -> None:
    said = (await ask(toy(), "/jars", "POST", **WRITES)).body
    assert (said["actor"], said["at"]) == ("street:liujia", NOON.isoformat())
    assert (said["key"], said["fingerprint"]) == (None, "")


async def test_a_key_is_its_callers_and_stands_for_one_request() -> None:
    async def asked(target: str = "/jars/j?a=1", method: str = "PUT", body: bytes = b"x") -> Any:
        of = {**WRITES, **KEY, "if-match": "1"}
        return (await ask(toy(), target, method, body, **of)).body

    first = await asked()
    assert first["key"] == "anna 12345678"
    assert await asked() == first
    for other in (
        await asked(method="POST"),
        await asked("/jars/k?a=1"),
        await asked("/jars/j?a=2"),
        await asked(body=b"y"),
    ):
        assert other["key"] == first["key"]
        assert other["fingerprint"] != first["fingerprint"]


@pytest.mark.parametrize("key", ["1234567", "1234 5678", "x" * 129])
async def test_a_key_of_another_shape_is_malformed(key: str) -> None:
    answer = await ask(toy(), "/jars", "POST", **WRITES, **{"idempotency-key": key})
    assert answer.status == 422


# How a list goes on


@pytest.mark.parametrize("place", ["j9", 0, -5, 2**63 - 1])
async def test_a_cursor_leads_to_where_the_page_ended(place: str | int) -> None:
    answer = await ask(toy(), f"/jars?cursor={cursor_after(place, 'j9')}&limit=200", **READS)
    assert answer.body == {"after": [place, "j9"], "limit": 200}
    assert (await ask(toy(), "/jars", **READS)).body == {"after": None, "limit": 50}


@pytest.mark.parametrize(
    "of",
    [["j", 1], ["j\0", "j"], ["j", "j\0"], [2**63, "j"], [None, "j"], [1.5, "j"], ["j"], {}, 1],
)
async def test_a_cursor_that_is_none_of_ours_is_malformed(of: Any) -> None:
    cursor = base64.urlsafe_b64encode(json.dumps(of).encode()).decode()
    answer = await ask(toy(), f"/jars?cursor={cursor}", **READS)
    assert (answer.status, answer.body["field"]) == (422, "cursor")


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "cursor=" + "W" * 501])
async def test_a_page_beyond_the_limits_is_malformed(query: str) -> None:
    assert (await ask(toy(), f"/jars?{query}", **READS)).status == 422


async def test_only_a_full_page_says_how_it_goes_on() -> None:
    held: list[Held[dict[str, Any]]] = [Held(id, {}, 1, id) for id in ("a", "b")]
    assert listed(held, Paging(None, 3)).next is None
    page = listed(held, Paging(None, 2))
    assert ([one.id for one in page.items], page.next) == (["a", "b"], cursor_after("b", "b"))


# How it says no


REFUSALS = [
    (RuleBroken(FULL, "满了", field="holds"), 409, {"rule": "T-01", "source": "platform"}),
    (RuleBroken(WRITTEN, "不行"), 409, {"clause": "某办〔2019〕1号 二.3", "source": "document"}),
    (RuleBroken(WRITTEN, "不行", clause=OURS), 409, {"rule": WRITTEN.id, "source": "platform"}),
    (UnknownReference("没有", field="unit"), 422, {"field": "unit"}),
    (Malformed("不对"), 422, {}),
    (NotFound("没有"), 404, {}),
    (Stale("旧了"), 412, {}),
    (KeyReused("用过"), 422, {}),
    (TooMany("太多", wait=51), 429, {"retry-after": "51"}),
    (Unavailable("稍后"), 503, {"retry-after": "2"}),
]


@pytest.mark.parametrize(("refusal", "status", "says"), REFUSALS)
async def test_a_refusal_is_a_problem_document(
    refusal: Refusal, status: int, says: dict[str, str]
) -> None:
    app = toy()

    @app.get("/no")
    async def no() -> None:
        raise refusal

    answer = await ask(app, "/no")
    assert answer.headers["content-type"] == "application/problem+json"
    found = {**answer.body, **answer.headers}
    assert (answer.status, found["status"], found["type"]) == (
        status,
        status,
        f"/problems/{refusal.kind}",
    )
    assert (found["title"], found["detail"]) == (refusal.title, refusal.detail)
    assert {name: found.get(name) for name in says} == says
    assert ("rule" in found) == isinstance(refusal, RuleBroken)
    assert ("field" in found) == (refusal.field is not None)
    assert ("retry-after" in found) == (status in (429, 503))


@pytest.mark.parametrize("started", [True, False])
async def test_what_is_missing_while_it_starts_is_said_to_be_on_its_way(started: bool) -> None:
    app = FastAPI()
    answer_refusals(app, {}, started=lambda: started)

    @app.get("/no")
    async def no(away: bool) -> None:
        raise Unavailable("存储暂时不可用，请稍后再试。") if away else NotFound

    answer = await ask(app, "/no?away=true")
    assert (answer.status, answer.headers["retry-after"]) == (503, "2")
    assert ("正在启动" in answer.body["detail"]) != started
    assert (await ask(app, "/no?away=false")).status == 404


async def test_an_address_or_a_method_that_is_none_is_a_problem_document_too() -> None:
    for method, path, status, kind in (
        ("GET", "/nowhere", 404, "no-such-address"),
        ("DELETE", "/jars", 405, "method-not-allowed"),
    ):
        answer = await ask(toy(), path, method)
        assert (answer.status, answer.body["status"]) == (status, status)
        assert answer.body["type"] == f"/problems/{kind}"
    odd = toy()

    @odd.get("/odd")
    async def refuse() -> None:
        raise HTTPException(400)

    answer = await ask(odd, "/odd")
    assert (answer.status, answer.body["type"]) == (400, "/problems/malformed")


@pytest.mark.parametrize(
    ("method", "path", "headers", "said"),
    [
        ("GET", "/nowhere", {}, "没有这个地址"),
        ("GET", "/nowhere", {"accept-language": "en"}, "No such address"),
        ("DELETE", "/jars", {"accept-language": "en"}, "This address doesn't know this method"),
        (
            "GET",
            "/jars",
            {"if-none-match": "x" * MAX_HEADERS},
            "请求头过大：至多 32 KiB（32768 字节）",
        ),
        ("GET", "/jars", {"content-length": "9" * 40}, "请求体过大：至多 1 MiB（1048576 字节）"),
        (
            "GET",
            "/jars",
            {"content-length": "x", "accept-language": "en"},
            "The body is too large: at most 1 MiB (1048576 bytes)",
        ),
    ],
)
async def test_it_bears_its_trace_and_speaks_the_caller_s_language(
    method: str, path: str, headers: dict[str, str], said: str
) -> None:
    answer = await ask(edged(), path, method, **headers)
    assert answer.body["detail"] == said
    assert re.fullmatch("[0-9a-f]{32}", answer.body["trace"])


async def test_what_is_no_json_is_wrong_as_a_whole_and_in_no_field() -> None:
    app = toy()

    @app.post("/read")
    async def read(_: dict[str, str]) -> None: ...

    kind = {"content-type": "application/json"}
    answer = await ask(app, "/read", "POST", b'{"title": "x', **kind)
    assert (answer.status, answer.body["field"]) == (422, "body")
    assert answer.body["detail"] == "请求内容：不是有效的 JSON。"


async def test_of_very_much_that_is_wrong_the_first_is_named() -> None:
    app = toy()

    @app.post("/read")
    async def read(_: list[int]) -> None: ...

    kind = {"content-type": "application/json"}
    answer = await ask(app, "/read", "POST", json.dumps(["x"] * 1000).encode(), **kind)
    assert answer.status == 422
    assert [one["field"] for one in answer.body["errors"]] == [f"body.{n}" for n in range(100)]


@pytest.mark.parametrize("body", [b'{"title":"\xff"}', b"[" * 100_000])
async def test_a_body_that_cannot_be_read_is_said_to_be_that(body: bytes) -> None:
    app = toy()

    @app.post("/read")
    async def read(_: dict[str, str]) -> None: ...

    answer = await ask(app, "/read", "POST", body, **{"content-type": "application/json"})
    assert answer.status == 400 and "请求体" in answer.body["detail"]


# Around every request


def edged(*uploads: str) -> Edge:
    app = toy()

    @app.post("/size")
    @app.post("/file")
    async def size(request: Request) -> int:
        return len(await request.body())

    return Edge(app, "toy", Telemetry("test"), uploads)


async def test_nothing_that_is_answered_is_kept_by_a_cache() -> None:
    for path in ("/jars", "/nowhere"):
        headers = (await ask(edged(), path, **READS)).headers
        assert headers["cache-control"] == "no-store"
        assert headers["content-type"].endswith("json")


async def test_a_change_goes_on_in_the_trace_it_came_with() -> None:
    parent = f"00-{'1' * 32}-{'2' * 16}-01"
    said = (await ask(edged(), "/jars", "POST", **WRITES, traceparent=parent)).body
    assert said["traceparent"].startswith(f"00-{'1' * 32}-")


@pytest.mark.parametrize(("size", "status"), [(MAX_HEADERS - 200, 200), (MAX_HEADERS, 431)])
async def test_headers_have_a_limit(size: int, status: int) -> None:
    answer = await ask(edged(), "/size", "POST", b"x", **{"x-long": "x" * size})
    assert answer.status == status


async def test_a_body_that_never_ends_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chassis.edge.BODY_WITHIN", 0.2)
    told: list[Message] = []

    async def slow() -> Message:
        await asyncio.sleep(0.06)
        return {"type": "http.request", "body": b"x", "more_body": True}

    async def send(message: Message) -> None:
        told.append(message)

    scope = {"type": "http", "method": "POST", "path": "/size", "raw_path": b"/size"}
    async with asyncio.timeout(30):
        await edged()({**scope, "query_string": b"", "headers": []}, slow, send)
    assert told[0]["status"] == 408


@pytest.mark.parametrize(("length", "status"), [(MAX_BODY, 200), (MAX_BODY + 1, 413)])
async def test_a_body_is_at_most_so_long_whether_its_length_is_told_or_not(
    length: int, status: int
) -> None:
    body = b'"' + b"x" * (length - 2) + b'"'
    of = {"content-type": "application/json"}
    assert (await ask(edged(), "/size", "POST", body, 5, **of)).status == status
    told = {**of, "content-length": str(length)}
    assert (await ask(edged(), "/size", "POST", body, **told)).status == status
    assert (await ask(edged("/file"), "/size", "POST", body, **told)).status == status
    assert (await ask(edged("/file"), "/file", "POST", body, **told)).status == 200


@pytest.mark.parametrize("length", [str(MAX_UPLOAD + 1), "-1", "x", "1e3"])
async def test_a_length_that_is_too_much_or_none_is_refused_before_the_body(length: str) -> None:
    answer = await ask(edged("/file"), "/file", "POST", **{"content-length": length})
    assert (answer.status, answer.body["title"]) == (413, "请求体过大")


@pytest.mark.parametrize(
    ("path", "chunks", "size", "bound"),
    [
        ("/size", 1, MAX_BODY + 1, "1 MiB（1048576 字节）"),
        ("/size", 5, MAX_BODY + 1, "1 MiB（1048576 字节）"),
        ("/file", 1, MAX_UPLOAD + 1, "16 MiB（16777216 字节）"),
    ],
)
async def test_what_is_too_large_is_told_how_much_may_come(
    path: str, chunks: int, size: int, bound: str
) -> None:
    of = {"content-type": "application/json"}
    told = of if chunks > 1 else {**of, "content-length": str(size)}
    body = b"x" * size
    said = (await ask(edged("/file"), path, "POST", body, chunks, **told)).body
    assert (said["status"], said["detail"]) == (413, f"请求体过大：至多 {bound}")
    said = (
        await ask(edged("/file"), path, "POST", body, chunks, **told, **{"accept-language": "en"})
    ).body
    assert said["detail"].startswith(f"The body is too large: at most {bound[:5].strip()}")


async def test_what_is_no_request_goes_through_untouched() -> None:
    met = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        met.append((scope, receive, send))

    await Edge(app, "toy", Telemetry("test"))({"type": "lifespan"}, toy, ask)  # type: ignore[arg-type]
    assert met == [({"type": "lifespan"}, toy, ask)]
