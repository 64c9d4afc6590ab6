"""Minutes and root: collected only where it is asked for by name, as `make containers` does."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import lanes

from . import engine as engines
from . import images
from .engine import Engine

HERE = Path(__file__).parent


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    asked = [Path(argument.partition("::")[0]).resolve() for argument in config.args]
    return None if any(one.is_relative_to(HERE) for one in asked) else True


@pytest.fixture(scope="session")
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    # Uncaptured: what has to be installed is said before it is.
    with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        found = engines.find(tmp_path_factory.mktemp("engine"))
    lanes.ran("containers", found.said)
    yield found


@pytest.fixture(scope="session")
def base(engine: Engine) -> str:
    return images.python(engine)


@pytest.fixture(scope="session")
def product(engine: Engine, base: str) -> str:
    began = time.monotonic()
    name = images.product(engine, base)
    lanes.note(f"image: built on {base} in {time.monotonic() - began:.0f} s")
    return name
