"""The backends as fixtures: started when a test first asks, named at the end of the run.

A test that asks for a URL gets a place nobody else uses: a virtual host, a database, a file.
"""

import gc
import os
import re
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from fastapi.dependencies import models
from hypothesis import HealthCheck, settings

from tests.support import browser, folders, lanes, mongo, rabbit
from tests.support.lanes import pytest_sessionfinish, pytest_testnodedown, pytest_unconfigure

__all__ = ["pytest_sessionfinish", "pytest_testnodedown", "pytest_unconfigure"]

# How fast this machine makes examples is no property of what is tested, nor is which ones it draws: the same each time.
# `--hypothesis-profile=searching` draws others, and more.
settings.register_profile(
    "any machine", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "searching", settings.get_profile("any machine"), derandomize=False, max_examples=2000
)
settings.load_profile("any machine")

lanes.ran("files", folders.choose())  # Before anybody asks for a folder.


def _interrupted(number: int, frame: object) -> None:
    raise KeyboardInterrupt


# Python's own, under another name. For its own an asyncio.Runner sets one of its task's and asks for it when that is
# done, by which a whole fixture is written out (Enum's message, a task's result): a quarter of what the tests cost.
signal.signal(signal.SIGINT, _interrupted)

# What fails on purpose is logged a thousand times: its traceback needn't be drawn.
*_before, _ = structlog.get_config()["processors"]
_plainly = structlog.dev.ConsoleRenderer(
    colors=False, exception_formatter=structlog.dev.plain_traceback
)
structlog.configure(processors=[*_before, _plainly])

# A platform that a test starts needs what was compiled for the one before it: a second of each start.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


# The paths of all services are a thousand patterns, of which Python keeps half: each platform made all of them anew.
re._MAXCACHE = 10_000  # type: ignore[attr-defined]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where several processes share a run, each platform is started by one of them only."""
    for item in items:
        size = getattr(getattr(item, "callspec", None), "params", {}).get("platform")
        if size is not None:
            item.add_marker(pytest.mark.xdist_group(str(size)))


def pytest_collection_finish() -> None:
    """What was collected stays to the end: else each collection of garbage goes through it all."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    """A service built for a test goes with it. FastAPI remembers of 4,096 functions what kind they are, and so keeps
    what they close over: eight hundred services, in a process that grew to 1.6 GB."""
    for remembers in (
        models._is_gen_callable_cached,
        models._is_async_gen_callable_cached,
        models._is_coroutine_callable_cached,
    ):
        remembers.cache_clear()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Not before what the test held is let go: the client and its looks are among it."""
    done = yield
    if "pymongo" in item.nodeid:
        mongo.sweep_looks()
    return done


@pytest.fixture(scope="session")
def broker(request: pytest.FixtureRequest) -> Iterator[rabbit.Broker]:
    # Uncaptured: should a broker have to be installed, that is said before it is done.
    with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        found = rabbit.find()
    lanes.ran("RabbitMQ", f"{found.version} ({found.how})")
    yield found
    found.stop()


@pytest.fixture
def private_node(broker: rabbit.Broker) -> Iterator[rabbit.PrivateNode]:
    """For tests that kill the broker, which only our own may suffer."""
    if not isinstance(broker, rabbit.PrivateNode):
        lanes.note(f"tests that kill the broker: not run, it is not ours ({broker.how})")
        pytest.skip(f"the broker is not ours to kill: {broker.how}")
    yield broker
    broker.start()  # whatever the test did to it, the next one finds it up


@pytest.fixture
def amqp_names() -> set[str]:
    """Where a test puts the names of the exchanges and queues it declares, so that they can be
    deleted on a broker that has no virtual host for each test.
    """
    return set()


@pytest.fixture
def amqp_url(broker: rabbit.Broker, amqp_names: set[str]) -> Iterator[str]:
    if isinstance(broker, rabbit.PrivateNode):
        [url] = broker.vhosts(1)
        yield url
        broker.drop([url])
    else:
        yield broker.url
        rabbit.in_a_loop_of_its_own(rabbit.sweep(broker.url, amqp_names))


@pytest.fixture(scope="session")
def mongo_server() -> Iterator[mongo.MongoServer]:
    found = mongo.find()
    lanes.ran("MongoDB", found.name)
    yield found
    found.stop()


@pytest.fixture
def mongo_url(mongo_server: mongo.MongoServer) -> Iterator[str]:
    url = mongo_server.database_url()
    yield url
    mongo_server.drop(url)


@pytest.fixture(scope="session")
def chromium(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        program = browser.find()
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    lanes.ran("Chromium", said.stdout.strip().removeprefix("Chromium ").partition(" ")[0])
    with browser.started(program, tmp_path_factory.mktemp("chromium")) as address:
        yield address


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    lanes.ran("SQLite", sqlite3.sqlite_version)
    return f"sqlite://{tmp_path}"
