"""Every adapter of the store port, as one fixture for the suites that all of them must pass."""

from collections.abc import AsyncIterator

import pytest

from chassis.service import open_store
from chassis.store import Store

ADAPTERS = ("sqlite", "motor", "pymongo")


@pytest.fixture(params=ADAPTERS)
async def store(request: pytest.FixtureRequest) -> AsyncIterator[Store]:
    adapter = request.param
    url = request.getfixturevalue("sqlite_url" if adapter == "sqlite" else "mongo_url")
    opened = open_store(url, "suite", adapter)
    yield opened
    await opened.close()
