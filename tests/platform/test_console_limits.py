"""How often one may ask the console: a session has its own, who isn't signed in shares what his address has."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from console.limits import Limits
from console.visitors import Visitor
from tests.support.consoles import Hand, console_on, hand
from tests.support.held import WHISTLE
from tests.support.inside import Inside, inside

STREET = "street:jinma"


@pytest.fixture
async def platform(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Inside]:
    async with inside(tmp_path / "data", only=WHISTLE) as running:
        yield running


async def told(somebody: Hand, path: str) -> str:
    """The page that says it was too often."""
    async with somebody.session.get(somebody.url + path) as answer:
        assert answer.status == 429 and answer.content_type == "text/html"
        assert 0 < int(answer.headers["Retry-After"]) <= 3600
        assert answer.headers["RateLimit"].startswith('"')
        return await answer.text()


async def test_who_is_not_signed_in_shares_what_his_address_has_and_a_session_has_its_own(
    platform: Inside,
) -> None:
    limits = Limits(session="6/hour", address="5/hour")
    async with (
        console_on(platform, limits=limits) as url,
        hand(url, STREET) as signed_in,  # two of the address: the page, and what it sent
        hand(url) as nobody,
    ):
        for path in ("/console/sign-in", "/console/static/console.css", "/console/resident"):
            await nobody.read(path)
        for path in ("/console/resident", "/console/static/live.js", "/console/sign-in"):
            assert "3600 秒内最多 5 次" in await told(nobody, path)
        for _ in range(5):  # the first was the page that it was led to
            await signed_in.read("/console/static/console.css")
        assert "3600 秒内最多 6 次" in await told(signed_in, "/")


async def test_an_invented_session_is_none_and_what_watches_us_is_not_counted(
    platform: Inside,
) -> None:
    async with console_on(platform, limits=Limits(session="9/hour", address="2/hour")) as url:
        async with hand(url) as nobody:
            for n in range(3):
                headers = {"Cookie": f"gongzhi=invented-{n}"}
                async with nobody.session.get(url + "/console/sign-in", headers=headers) as answer:
                    assert answer.status == (200 if n < 2 else 429)
            for path in ("/livez", "/readyz", "/metrics"):
                await nobody.read(path)
            metrics = await nobody.read("/metrics")
        refused = [line for line in metrics.splitlines() if 'status="429"' in line]
        assert refused and all('route="unmatched"' in line for line in refused)


def test_an_office_that_comes_in_the_morning_behind_one_address_is_let_in() -> None:
    limits = Limits(clock=lambda: 0.0)
    for n in range(300):
        coming, there = (
            Visitor(forgery=f"{n}", token=token, address="10.0.0.1") for token in (None, "token")
        )
        assert all(limits.of(coming).admitted for _ in range(10))
        assert all(limits.of(there).admitted for _ in range(100))
