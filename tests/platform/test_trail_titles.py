"""Whatever happened is called something that people read: no trail shows the name of a class."""

import re
from collections.abc import Iterator
from typing import Any, get_args

import pytest

from chassis.imports import api as imports
from chassis.imports.domain import ImportEvent
from gateway import main as gateway
from gateway.forward import Direct
from gateway.happened import HAPPENED
from gongzhi import compose, keys
from gongzhi.roster import GATEWAY, SERVICES, build

pytestmark = pytest.mark.xdist_group("described")
"""One process makes what all of them look at."""

CHINESE = re.compile(r"^[\u4e00-\u9fff，]+$")


@pytest.fixture(scope="module", params=[*SERVICES, GATEWAY])
def told(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[set[str], Any]]:
    """What may stand in a trail that the service shows; and what it calls that."""
    runtime = compose.runtime(keys.settings_for(tmp_path_factory.mktemp("titles")), "tests")
    if request.param == GATEWAY:
        service, _ = gateway.build(runtime, Direct({}))
        happened: Any = HAPPENED
    else:
        service = build(request.param, runtime)
        happened = service.happened
    shown = [one.collection for one in service.collections if "trail" in one.collection.read]
    yield {event.__name__ for one in shown for event in one.events}, happened


def test_each_event_in_a_trail_has_a_title_and_each_title_an_event(
    told: tuple[set[str], dict[str, str]],
) -> None:
    events, happened = told
    assert sorted(events - set(happened)) == []
    assert sorted(set(happened) - events) == []
    assert [name for name, title in happened.items() if not CHINESE.match(title)] == []


def test_what_happens_to_a_table_that_is_brought_has_one_too() -> None:
    assert {event.__name__ for event in get_args(ImportEvent)} == set(imports.HAPPENED)
