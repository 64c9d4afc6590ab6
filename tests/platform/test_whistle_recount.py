"""W-10: last year computed again from the trails, to the last digit; the bench does the same with 20,000 whistles."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import get_args

import pytest

from chassis.store import Has
from services.whistle.desk import WhistleDesk
from services.whistle.domain.events import Noted, WhistleEvent
from tests.support import whistle_year
from tests.support.whistle_recount import recount

WHISTLES, SEED = 150, 4


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("year") / "whistle.db"

    async def live() -> None:
        async with whistle_year.opened(path) as desk:
            await whistle_year.begin(desk)
            await whistle_year.live(desk, range(WHISTLES), SEED)
            await whistle_year.publish(desk, SEED)

    asyncio.run(live())
    return path


@pytest.fixture
async def desk(lived: Path, tmp_path: Path, sqlite_url: str) -> AsyncIterator[WhistleDesk]:
    async with whistle_year.opened(Path(shutil.copy(lived, tmp_path))) as desk:
        yield desk


async def test_W_10_a_year_is_computed_again_to_the_last_digit(desk: WhistleDesk) -> None:
    found = await recount(desk)
    assert found.differences == []
    happened = {cls.__name__ for cls in get_args(WhistleEvent)} - {Noted.__name__}
    assert set(found.events) == happened
    assert found.whistles == WHISTLES < found.scores
    assert found.departments == 32 and found.years > 10 and found.exclusions > 5
    assert found.elsewise > 0, "no day was assumed"


async def test_W_10_counted_under_another_edition_it_differs(desk: WhistleDesk) -> None:
    assert len((await recount(desk, wrong=lambda _: 1)).differences) > 50


async def test_W_10_a_result_that_was_touched_is_found(desk: WhistleDesk) -> None:
    store = desk.whistles.store
    [document] = await store.find("assessments", {"keys.units": Has(["agriculture"])})
    [said] = [entry for entry in document["trail"] if entry["type"] == "YearAssessed"][:1]
    said["data"]["result"] += 1
    assert await store.replace("assessments", document, document["rev"])
    [difference] = (await recount(desk)).differences
    assert difference.startswith("agriculture 2026-01-05")
