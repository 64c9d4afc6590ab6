"""The platform that pages are looked at on, with the console before it and a browser to look with.

A module says in `SERVICES` which of them it needs; none said is all.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.support.browser import browser
from tests.support.consoles import url
from tests.support.inside import Inside, inside

__all__ = ["url"]


@pytest.fixture
async def platform(
    request: pytest.FixtureRequest, tmp_path: Path, sqlite_url: str
) -> AsyncIterator[Inside]:
    only = getattr(request.module, "SERVICES", ())
    async with inside(tmp_path / "data", only=only) as running:
        # What it says of itself is put together once, and not while a page waits for it.
        async with running.session.get(f"{running.url}/openapi.json") as answer:
            await answer.read()
        yield running


@pytest.fixture
async def opened(chromium: str) -> AsyncIterator[Browser]:
    async with browser(chromium) as connected:
        yield connected
