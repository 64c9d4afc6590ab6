"""W-10 at the desk: which years there are, which whistles may be left out of one, and by whom."""

from dataclasses import replace
from typing import Any

import pytest

from chassis.kernel.errors import NotAllowed, NotFound, UnknownReference
from services.whistle.desk import WhistleDesk
from services.whistle.desk.yearly import parsed
from services.whistle.domain.unit import UnitEntered

from .cases import ANSWERED, EVALUATED, SECOND, UNITS, answered, at
from .memory import MemoryStore
from .test_W_10_years import appealed, asked, assessed, begun, late
from .test_W_16_reporters import CAUSE, asking, desk
from .test_W_17_reopening import reopened

CENTRE, ADMIN = asking("command_centre"), asking("district_admin")


@pytest.mark.parametrize("id", ["water", "water.26", "water.2o26", ".2026", "water.20261", ""])
def test_W_10_a_year_is_named_by_its_unit_and_four_digits(id: str) -> None:
    assert parsed("haihua.seven.2026") == ("haihua.seven", 2026)
    with pytest.raises(NotFound):
        parsed(id)


@pytest.fixture
async def there() -> WhistleDesk:
    """`w-1` was answered in 2026, `w-0` in 2025; `w-2` is still open, and `w-3` again."""
    made = desk(MemoryStore(), MemoryStore())
    for code in ("water", "justice"):
        unit = UNITS[code]
        entered = UnitEntered(
            code=code, name=unit.name, kind=unit.kind, valid_from=unit.valid_from, listed=2
        )
        await made.units.once(code, [entered], CAUSE)
    last_year = replace(answered, at=at("2025-12-31 10:00"))
    lives: tuple[tuple[str, tuple[Any, ...]], ...] = (
        ("w-0", (*EVALUATED, last_year)),
        ("w-1", ANSWERED),
        ("w-2", EVALUATED),
        ("w-3", (*ANSWERED, reopened)),
    )
    for id, happened in lives:
        await made.whistles.once(id, happened, CAUSE)
    return made


async def exclude(there: WhistleDesk, whistle: str, year: str = "water.2026") -> Any:
    return await there.ask_exclusion(year, whistle, "地震期间", CENTRE)


async def test_W_10_only_what_was_answered_and_scored_in_the_year_is_left_out_of_it(
    there: WhistleDesk,
) -> None:
    for whistle, year in (
        ("nothing", "water.2026"),
        ("w-0", "water.2026"),
        ("w-1", "water.2025"),
        ("w-2", "water.2026"),
        ("w-3", "water.2026"),
        ("w-1", "justice.2026"),
    ):
        with pytest.raises(UnknownReference) as refusal:
            await exclude(there, whistle, year)
        assert refusal.value.field == "whistle"
        assert await there.years.look(year) is None
    assert (await exclude(there, "w-1")).events == (begun, asked)
    assert (await exclude(there, "w-0", "water.2025")).aggregate.year == 2025


async def test_W_10_a_year_is_of_a_unit_that_the_register_knows(there: WhistleDesk) -> None:
    with pytest.raises(UnknownReference) as refusal:
        await there.approve_exclusion("nobody.2026", "w-1", ADMIN)
    assert refusal.value.field == "id"


async def test_W_11_the_assessed_department_leaves_nothing_out_and_decides_nothing(
    there: WhistleDesk,
) -> None:
    await exclude(there, "w-1")
    water = asking("department", "water")
    with pytest.raises(NotAllowed):
        await there.ask_exclusion("water.2026", "w-1", "地震期间", water)
    with pytest.raises(NotAllowed):
        await there.approve_exclusion("water.2026", "w-1", water)
    with pytest.raises(NotAllowed):
        await there.decide_appeal("water.2026", True, "确有漏计", water)
    assert (await there.years.get("water.2026")).version == 2


async def test_W_10_the_miss_of_an_appeal_is_recorded_when_it_is_due(there: WhistleDesk) -> None:
    await there.years.once("water.2026", (begun, assessed, appealed), CAUSE)
    await there.fire_appeal("water.2026", replace(CAUSE, key=None, now=late.due))
    assert (await there.years.get("water.2026")).version == 3
    await there.fire_appeal("water.2026", replace(CAUSE, key=None, now=late.due + SECOND))
    [appeal] = (await there.years.get("water.2026")).aggregate.appeals
    assert appeal.overdue
