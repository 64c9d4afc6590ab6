"""`make faults` on three nodes of RabbitMQ 4: a service killed at each point, counted as on one node."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.containers import brokers, images
from tests.containers.brokers import Brokers
from tests.containers.engine import Engine
from tests.faults.killing import kill
from tests.faults.life import POINTS
from tests.support import lanes

TIMES = 30


@pytest.fixture(scope="module")
def cluster(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Brokers]:
    with brokers.three(
        engine, images.rabbitmq(engine), tmp_path_factory.mktemp("brokers")
    ) as found:
        yield found


@pytest.mark.parametrize("point", POINTS)
async def test_nothing_is_lost_and_nothing_counted_twice_on_three_nodes(
    cluster: Brokers, tmp_path: Path, point: str
) -> None:
    url = cluster.vhost(f"faults-{POINTS.index(point)}")
    counts = await kill("3 nodes", point, TIMES, tmp_path, f"sqlite://{tmp_path}", url)
    lanes.note(str(counts))
    assert counts.accepted == counts.closed == counts.entered == counts.told == TIMES
