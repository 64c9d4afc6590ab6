"""A quarter, a year and a duty open the next; nobody else does, so nothing may come between."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from chassis.aggregates import Aggregates
from chassis.cause import Cause
from chassis.store import Document
from services.index.desk import IndexDesk
from services.index.domain.collecting import YearLapsed
from services.index.domain.weakness import QuarterClosed
from services.index.main import desk_on
from services.index.shipped import printed_duties
from tests.support.memory import MemoryStore
from tests.support.toy import Silent

NOW = datetime(2026, 12, 1, tzinfo=UTC)
CLOCK = "system:clock"


class Shaky(MemoryStore):
    """Takes nothing new while it is `away`; there is nothing to add up in it."""

    away = False

    async def tally(self, *_: Any, **__: Any) -> list[dict[str, Any]]:
        return []

    async def insert(self, collection: str, document: Document, *, ahead: bool = False) -> None:
        if self.away:
            raise OSError("away")
        await super().insert(collection, document, ahead=ahead)


@pytest.fixture
async def store() -> Shaky:
    return Shaky()


@pytest.fixture
async def desk(store: Shaky) -> AsyncIterator[IndexDesk]:
    desk = desk_on(store, bytes(32), Silent())
    await desk.policies.seed(NOW)
    await desk.systems.seed(NOW)
    yield desk


async def falls_due(
    kept: Aggregates[Any, Any], fire: Callable[[str, Cause], Awaitable[None]], store: Shaky
) -> list[str]:
    """Every one until it isn't due any more, the end of it first tried while nothing new is taken."""
    [first] = [held.id async for held in kept.every({})]
    while due := (await kept.get(first)).aggregate.wakes_at:
        cause = Cause(actor=CLOCK, now=due)
        store.away = True
        try:
            await fire(first, cause)
        except OSError:
            assert (await kept.get(first)).aggregate.wakes_at == due
            store.away = False
            await fire(first, cause)
        store.away = False
    return sorted([held.id async for held in kept.every({})])


async def test_I_13_a_quarter_is_not_closed_before_the_next_one_is_open(
    desk: IndexDesk, store: Shaky
) -> None:
    await desk.seed_quarters(NOW)
    assert await falls_due(desk.quarters, desk.close_quarter, store) == ["2026-Q4", "2027-Q1"]


async def test_I_13_where_the_last_quarter_is_closed_a_start_opens_the_next(
    desk: IndexDesk,
) -> None:
    await desk.seed_quarters(NOW)
    cause = Cause(actor=CLOCK, now=NOW)
    await desk.quarters.change("2026-Q4", lambda _: [QuarterClosed(levels=(), at=NOW)], cause)
    for _ in range(2):
        await desk.seed_quarters(NOW)
        assert sorted([one.id async for one in desk.quarters.every({})]) == ["2026-Q4", "2027-Q1"]


async def test_I_03_a_year_does_not_lapse_before_the_next_one_is_open(
    desk: IndexDesk, store: Shaky
) -> None:
    await desk.seed_years(NOW)
    assert await falls_due(desk.years, desk.come_due, store) == ["2027", "2028"]


async def test_I_03_where_the_last_year_has_lapsed_a_start_opens_the_next(desk: IndexDesk) -> None:
    await desk.seed_years(NOW)
    cause = Cause(actor=CLOCK, now=NOW)
    await desk.years.change("2027", lambda _: [YearLapsed(at=NOW)], cause)
    for _ in range(2):
        await desk.seed_years(NOW)
        assert sorted([one.id async for one in desk.years.every({})]) == ["2027", "2028"]


@pytest.mark.parametrize("code", ["standing_committee", "district_party_building"])
async def test_I_18_a_duty_is_not_over_before_the_next_years_is_there(
    desk: IndexDesk, store: Shaky, code: str
) -> None:
    printed = [one for one in printed_duties() if one.code == code]
    await desk.seed_duties(printed, (), 2026, NOW)
    assert await falls_due(desk.duties, desk.close_period, store) == [
        f"{code}.district.{year}" for year in (2026, 2027)
    ]
