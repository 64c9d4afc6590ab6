"""Every flow runs in both sizes: the all-in-one, and one process per service on RabbitMQ and MongoDB."""

import sqlite3
from collections.abc import AsyncIterator, Iterator

import pytest

from contracts.heard import topology
from tests.support import lanes
from tests.support.buses import declared
from tests.support.mongo import MongoServer
from tests.support.platform import Cast, Platform, all_in_one, one_per_service
from tests.support.rabbit import Broker, PrivateNode, in_a_loop_of_its_own, sweep


@pytest.fixture(scope="package", params=["all-in-one", "one per service"])
def platform(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Platform]:
    data = tmp_path_factory.mktemp("flows") / "data"
    if request.param == "all-in-one":
        lanes.ran("SQLite", sqlite3.sqlite_version)
        with all_in_one(data) as running:
            yield running
        return
    broker: Broker = request.getfixturevalue("broker")
    mongo: MongoServer = request.getfixturevalue("mongo_server")
    store_url = mongo.database_url()
    own = isinstance(broker, PrivateNode)
    url = broker.vhosts(1)[0] if isinstance(broker, PrivateNode) else broker.url
    with one_per_service(data, store_url, url) as running:
        yield running
    if not own:
        in_a_loop_of_its_own(sweep(url, declared(topology())))


@pytest.fixture
async def cast(platform: Platform) -> AsyncIterator[Cast]:
    async with platform.offices() as offices:
        yield offices
