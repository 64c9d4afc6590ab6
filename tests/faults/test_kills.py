"""Three deaths at each kill point, on RabbitMQ and on the local bus; `make faults` does a hundred."""

from pathlib import Path

import pytest

from .killing import kill
from .life import POINTS


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("bus", ["local", "RabbitMQ"])
async def test_whatever_is_killed_nothing_is_lost_and_nothing_counts_twice(
    bus: str, point: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    local = bus == "local"
    store_url = request.getfixturevalue("sqlite_url" if local else "mongo_url")
    bus_url = f"local://{data}/bus.db" if local else request.getfixturevalue("amqp_url")
    counts = await kill(bus, point, 3, data, store_url, bus_url)
    assert counts.accepted == counts.closed == counts.entered == counts.told == 3, str(counts)
    if point == POINTS[1]:
        assert counts.duplicates >= 3, str(counts)
