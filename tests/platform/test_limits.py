"""How often one may ask: a subject, a partner whatever its tokens, an address; said with each answer."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from multidict import CIMultiDictProxy

from chassis.buckets import Buckets
from gateway.limits import Limits
from gateway.partnership.proof import SIGNED
from gongzhi import keys
from tests.support.inside import Inside, inside, starting

OF_EVERY_ANSWER = {
    "access-control-allow-origin",
    "access-control-expose-headers",
    "cache-control",
    "content-length",
    "content-type",
    "date",
    "server",
    "vary",
}
"""What a browser gives every page, and what is for the browser itself."""


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Inside]:
    async with inside(
        tmp_path, only=("housing",), limit_subject="5/hour", limit_address="3/hour"
    ) as running:
        yield running


async def asked(
    here: Inside, path: str, token: str | None = None
) -> tuple[int, CIMultiDictProxy[str]]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with here.session.get(here.url + path, headers=headers) as answer:
        if answer.status == 429:
            assert answer.content_type == "application/problem+json"
            assert (await answer.json())["type"] == "/problems/too-many"
        return answer.status, answer.headers


def token(here: Inside, acts_as: str, sub: str) -> str:
    return keys.token(here.data, acts_as, sub=sub)


async def test_a_subject_has_its_share_of_all_paths_and_another_has_its_own(here: Inside) -> None:
    one, other = token(here, "command_centre", "one"), token(here, "command_centre", "other")
    paths = ("/api/v1/housing/communities", "/api/v1/events")
    for n in range(5):
        status, headers = await asked(here, paths[n % 2], one)
        assert status == 200
        assert headers["RateLimit-Policy"] == '"subject";q=5;w=3600'
        assert headers["RateLimit"].startswith(f'"subject";r={4 - n};t=')
    for path in paths:
        status, headers = await asked(here, path, one)
        assert status == 429
        assert 0 < int(headers["Retry-After"]) <= 3600
        assert headers["RateLimit"].startswith('"subject";r=0;t=')
    assert (await asked(here, paths[0], other))[0] == 200


async def test_a_partner_s_tokens_share_one(here: Inside) -> None:
    found = [
        (await asked(here, "/api/v1/events", token(here, "partner:hotline", f"t{n}")))[0]
        for n in range(6)
    ]
    assert found == [200] * 5 + [429]
    assert (await asked(here, "/api/v1/events", token(here, "partner:grid", "t0")))[0] == 200


async def test_an_address_is_counted_where_nobody_says_who_he_is(here: Inside) -> None:
    public, closed = "/api/v1/housing/rules", "/api/v1/housing/communities"
    assert (await asked(here, public))[0] == 200
    status, headers = await asked(here, closed)
    assert (status, headers["RateLimit-Policy"]) == (401, '"address";q=3;w=3600')
    assert (await asked(here, "/docs"))[0] == 200
    for path in (public, closed, "/docs", "/api/v1/events"):
        assert (await asked(here, path))[0] == 429
    assert (await asked(here, closed, token(here, "command_centre", "one")))[0] == 200


async def test_what_watches_us_is_not_counted(here: Inside) -> None:
    for _ in range(5):
        for path in ("/livez", "/metrics"):
            status, headers = await asked(here, path)
            assert (status, "RateLimit" in headers) == (200, False)


async def test_pages_of_the_named_origins_may_ask_and_no_others(tmp_path: Path) -> None:
    async with starting(tmp_path, only=("housing",), cors="https://front.example") as here:
        asks = {
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,if-match,idempotency-key",
        }
        for origin, let_in in (("https://front.example", True), ("https://else.example", False)):
            said = {"Origin": origin, **asks}
            url = here.url + "/api/v1/housing/rules"
            async with here.session.options(url, headers=said) as answer:
                assert (answer.status == 200) is let_in
                assert ("Access-Control-Allow-Origin" in answer.headers) is let_in
            async with here.session.get(url, headers={"Origin": origin}) as answer:
                assert answer.status == 200
                assert answer.headers.get("Access-Control-Allow-Origin") == (
                    origin if let_in else None
                )
                assert "Access-Control-Allow-Credentials" not in answer.headers


async def test_a_page_may_send_each_header_that_is_described_and_read_each_that_is_answered(
    tmp_path: Path,
) -> None:
    front = {"Origin": "https://front.example"}
    async with inside(tmp_path, only=("housing", "whistle"), cors=front["Origin"]) as here:

        async def let_in(name: str) -> bool:
            asks = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": name}
            url = here.url + "/api/v1/events/stream"
            async with here.session.options(url, headers={**front, **asks}) as answer:
                return answer.status == 200

        async with here.session.get(here.url + "/openapi.json", headers=front) as answer:
            paths = (await answer.json())["paths"].values()
        described = {
            one["name"].lower()
            for path in paths
            for operation in path.values()
            for one in operation.get("parameters", ())
            if one["in"] == "header"
        } - {one["name"] for one in SIGNED}
        assert {"last-event-id", "x-receipt-code", "if-match"} <= described
        for name in (*described, "authorization", "traceparent"):
            assert await let_in(name), name
        assert not await let_in("x-anything-else")
        said = {**front, "Authorization": f"Bearer {keys.token(here.data, 'district_admin')}"}
        housing = here.url + "/api/v1/housing"
        sent = set()
        for path in (
            "/communities/jiangong",
            "/communities?cursor=x",
            "/imports/x/y",
            "/streets/x",
        ):
            async with here.session.post(housing + path, headers=said) as answer:
                sent |= {name.lower() for name in answer.headers}
            async with here.session.get(housing + path, headers=said) as answer:
                sent |= {name.lower() for name in answer.headers}
                told = answer.headers["Access-Control-Expose-Headers"].lower().split(", ")
        assert {"etag", "allow", "ratelimit", "ratelimit-policy"} <= sent & set(told)
        assert sent - set(told) <= OF_EVERY_ANSWER


def test_a_bucket_is_filled_again_evenly_and_never_over_its_rim() -> None:
    now = [0.0]
    limits = Limits("60/minute", "6/minute", clock=lambda: now[0])

    def admitted(many: int) -> int:
        return sum(limits.of_address("a").admitted for _ in range(many))

    assert admitted(10) == 6
    assert (limits.of_address("a").until, limits.of_address("b").left) == (10, 5)
    now[0] = 21.0
    assert admitted(10) == 2
    now[0] = 10_000.0
    assert admitted(10) == 6


def test_who_has_asked_nothing_for_a_window_is_forgotten() -> None:
    now = [0.0]
    buckets = Buckets("address", "6/minute", lambda: now[0])
    for n in range(1000):
        buckets.take(str(n))
    now[0] = 59.0
    buckets.take("7")
    now[0] = 61.0
    buckets.take("new")
    assert set(buckets._of) == {"7", "new"}
