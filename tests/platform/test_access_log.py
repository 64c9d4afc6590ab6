"""Who asked for what: a line for each request where it is switched on, and nothing in it that is anybody's."""

import json
import urllib.request
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send
from structlog.testing import capture_logs

from chassis.edge import Edge
from chassis.telemetry import Telemetry
from gateway.forward import OverHttp
from gateway.seen import Answer
from gongzhi import keys
from tests.platform.test_forward import HERE, served
from tests.platform.test_forward import asked as over_http
from tests.support.inside import Inside, inside
from tests.support.platform import all_in_one
from tests.support.procurement import APPLICATION

PROBLEMS = "/api/v1/whistle/problems"
PRIVATE = "1234567890123456"


def asked(logged: list[Any]) -> list[dict[str, Any]]:
    return [{**one} for one in logged if one["event"] == "asked"]


async def got(here: Inside, path: str, sub: str | None, acts_as: str = "street:guanshang") -> int:
    headers = {}
    if sub:
        headers["Authorization"] = f"Bearer {keys.token(here.data, acts_as, sub=sub)}"
    async with here.session.get(here.url + path, headers=headers) as answer:
        assert "gongzhi-route" not in answer.headers
        return answer.status


async def test_each_request_is_a_line_of_who_and_what_and_of_nothing_private(
    tmp_path: Path,
) -> None:
    async with inside(tmp_path, only=("housing", "whistle"), access_log=True) as here:
        with capture_logs() as logged:
            found = [
                await got(here, f"{PROBLEMS}?q=张三的电话", "one"),
                await got(here, f"{PROBLEMS}/{PRIVATE}", "one"),
                await got(here, "/api/v1/events", "two", "department:water"),
                await got(here, f"/api/v1/whistle/{PRIVATE}/x", "one"),
                await got(here, PROBLEMS, None),
                await got(here, f"/{PRIVATE}", None),
            ]
            body = {"number": PRIVATE, "code": PRIVATE}
            async with here.session.post(here.url + "/api/v1/whistle/receipts", json=body) as post:
                found.append(post.status)
            assert await got(here, "/readyz", None) == 200
    lines = asked(logged)
    assert [line["status"] for line in lines] == found
    street = {"sub": "one", "office": "street:guanshang", "method": "GET", "service": "whistle"}
    wanted: list[dict[str, Any]] = [
        {**street, "route": PROBLEMS, "status": 200},
        {**street, "route": PROBLEMS + "/{id}", "status": 404},
        {"sub": "two", "office": "department:water", "route": "/api/v1/events"},
        {**street, "route": "unmatched", "status": 404},
        {"sub": None, "office": None, "service": "whistle", "status": 401},
        {"sub": None, "service": "gateway", "route": "unmatched", "status": 404},
        {"sub": None, "method": "POST", "route": "/api/v1/whistle/receipts"},
    ]
    for line, expected in zip(lines, wanted, strict=True):
        assert line.items() >= expected.items(), line
    said = json.dumps(lines, ensure_ascii=False)
    assert PRIVATE not in said and "张三" not in said and "127.0.0.1" not in said


async def test_P_10_who_applies_or_brings_applications_is_in_no_line_metric_or_count_of_refusals(
    tmp_path: Path,
) -> None:
    supplier = "supplier:tongxin"
    async with inside(tmp_path, only=("housing", "procurement"), access_log=True) as here:
        with capture_logs() as logged:
            for path in ("/applications", "/imports", "/applications/import/template"):
                assert await got(here, f"/api/v1/procurement{path}", "one", supplier) == 200
            application = "/api/v1/procurement/solicitations/c1/applications"
            assert await got(here, f"{application}/tongxin", "one", supplier) == 404
            headers = {"Authorization": f"Bearer {keys.token(here.data, supplier, sub='one')}"}
            keyed = {**headers, "Idempotency-Key": "applies-once"}
            async with here.session.post(
                here.url + application, json=APPLICATION, headers=keyed
            ) as applied:
                assert applied.status == 404
            path = f"{here.url}/api/v1/procurement/applications/import?reason=%20"
            async with here.session.post(path, data=b"x", headers=headers) as refused:
                assert (await refused.json())["rule"]
            assert await got(here, "/api/v1/procurement/calls", "one", supplier) == 404
        assert await here("finance").get("/api/v1/procurement/refusals") == []
        async with here.session.get(here.url + "/metrics") as answer:
            metrics = await answer.text()
    *lines, seen = asked(logged)
    assert {(one["sub"], one["office"], one["route"]) for one in lines} == {(None, None, "unseen")}
    assert len(lines) == 6 and seen["sub"] == "one"
    counted = [one for one in metrics.splitlines() if 'service="procurement"' in one]
    assert any('route="unseen"' in one for one in counted)
    assert not any("applications" in one or "imports" in one for one in counted)


async def test_unless_it_is_switched_on_nobody_is_written_down(tmp_path: Path) -> None:
    async with inside(tmp_path, only=("housing",)) as here:
        with capture_logs() as logged:
            assert await got(here, "/api/v1/housing/communities", "one") == 200
    assert asked(logged) == []


async def test_a_service_elsewhere_says_which_route_it_was() -> None:
    async def service(scope: Scope, receive: Receive, send: Send) -> None:
        scope["route"] = SimpleNamespace(path="/api/v1/toy/{id}")
        await JSONResponse({})(scope, receive, send)

    async with served(Edge(service, "toy", Telemetry("test"), behind=True)) as behind:
        forward = OverHttp({"toy": f"http://{HERE}:{behind}"})

        async def door(scope: Scope, receive: Receive, send: Send) -> None:
            await forward("toy", scope, receive, Answer(scope, send, kept=True))

        async with served(door) as port:
            with capture_logs() as logged:
                assert (await over_http(port, f"/api/v1/toy/{PRIVATE}"))[0] == 200
        await forward.close()
    [line] = asked(logged)
    assert line["route"] == "/api/v1/toy/{id}"


def test_lines_are_written_whatever_the_level(tmp_path: Path) -> None:
    with all_in_one(tmp_path / "data", GONGZHI_ACCESS_LOG="true") as platform:
        token = keys.token(platform.data, "finance", sub="one")
        request = urllib.request.Request(
            platform.url + "/api/v1/events", headers={"Authorization": f"Bearer {token}"}
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            assert answer.status == 200
    written = (tmp_path / "data.log").read_text(encoding="utf-8").splitlines()
    lines = [json.loads(line) for line in written if '"asked"' in line]
    assert [(line["sub"], line["office"]) for line in lines if line["sub"]] == [("one", "finance")]
