"""The whole platform inside the test's loop, once on each bus; to be imported as a fixture."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from contracts.heard import topology
from tests.support.buses import declared
from tests.support.inside import Inside, inside


@pytest.fixture(params=["local", "RabbitMQ"])
async def platform(
    request: pytest.FixtureRequest, tmp_path: Path, sqlite_url: str, amqp_names: set[str]
) -> AsyncIterator[Inside]:
    amqp_names |= declared(topology())
    url = request.getfixturevalue("amqp_url") if request.param == "RabbitMQ" else None
    async with inside(tmp_path / "data", bus_url=url) as running:
        yield running
