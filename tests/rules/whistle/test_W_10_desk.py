"""W-10 at the desk: which years there are, which whistles may be left out of one, and by whom."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chassis.kernel.errors import NotAllowed, NotFound, RuleBroken, UnknownReference
from chassis.store_sqlite import SqliteStore
from services.whistle.desk import WhistleDesk, answered_in
from services.whistle.desk.yearly import parsed
from services.whistle.domain.events import CompetenceDeclined, UnitScore
from services.whistle.domain.task import Outcome
from services.whistle.domain.unit import UnitEntered
from services.whistle.domain.yearly import Exclusion, Year
from services.whistle.steps import years
from services.whistle.steps.years import ExclusionIn, VerdictIn
from tests.support.memory import MemoryStore
from tests.support.taking import take

from .cases import (
    ANSWERED,
    CALLED,
    EVALUATED,
    HANDLED,
    MONDAY,
    POLICY,
    SECOND,
    UNITS,
    answered,
    assigned,
    at,
    came,
    done,
    evaluated,
    filed,
    grid_80,
    street_90,
    verified,
)
from .test_W_10_years import appealed, asked, assessed, begun, late
from .test_W_16_reporters import CAUSE, asking, desk
from .test_W_17_reopening import reopened

CENTRE, ADMIN = asking("command_centre"), asking("district_admin")
EARTHQUAKE = ExclusionIn(whistle="w-1", reason="地震期间")


@pytest.mark.parametrize("id", ["water", "water.26", "water.2o26", ".2026", "water.20261", ""])
def test_W_10_a_year_is_named_by_its_unit_and_four_digits(id: str) -> None:
    assert parsed("haihua.seven.2026") == ("haihua.seven", 2026)
    with pytest.raises(NotFound):
        parsed(id)


@pytest.fixture
async def there(tmp_path: Path) -> AsyncIterator[WhistleDesk]:
    """`w-1` was answered in 2026, `w-0` in 2025; `w-2` is still open, and `w-3` again."""
    store = SqliteStore(tmp_path / "whistle.db")
    made = desk(store, MemoryStore())
    for kept in (made.units, made.whistles, made.years, made.policies.aggregates):
        await kept.prepare()
    await made.policies.seed(MONDAY)
    values = (await made.policies.book()).aggregate.editions[-1].values
    for _ in range(POLICY[0] - 1):
        await made.policies.put(values, "沿用", replace(CAUSE, key=None))
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
    yield made
    await store.close()


AGAIN = (
    *(filed(unit, "2026-03-12 10:00") for unit in ("water", "transport", "health")),
    done,
    verified,
    grid_80,
    street_90,
    evaluated,
)
LATER: tuple[Any, ...] = (*AGAIN, answered)


async def test_W_10_what_is_handled_again_next_year_counts_once_where_it_was_answered_first(
    there: WhistleDesk,
) -> None:
    days = ("2025-12-30 10:00", "2026-03-20 10:00")
    first, again = (replace(answered, at=at(when)) for when in days)
    life = (*EVALUATED, first, reopened, *AGAIN)
    await there.whistles.once("w-4", (*life, again), CAUSE)
    await there.whistles.once("w-5", life, CAUSE)

    async def counted(year: int) -> list[str]:
        return sorted([held.id async for held in there.whistles.every(answered_in(year))])

    assert await counted(2025) == ["w-0", "w-4"]
    assert await counted(2026) == ["w-1"]
    before, now = (Year(unit="water", year=year) for year in (2025, 2024))
    # `w-5` is open again: the year it belongs to isn't whole.
    assert await there.reopened(before) and not await there.reopened(now)
    assert not await there.reopened(replace(before, unit="justice"))
    left_out = Exclusion(whistle="w-5", reason="地震", asked_by="command_centre", approved_by="x")
    assert not await there.reopened(replace(before, exclusions=(left_out,)))


async def test_W_10_who_is_called_in_when_it_is_handled_again_has_it_in_the_year_of_the_first_answer(
    there: WhistleDesk,
) -> None:
    """It counts once, and for every unit in the same year; whose result is out has it only after an appeal."""
    first = replace(answered, at=at("2025-12-30 10:00"))
    call = CompetenceDeclined(
        unit="water", whose="justice", ground="-", call=assigned("justice"), at=MONDAY
    )
    life: tuple[Any, ...] = (*EVALUATED, first, reopened, call)
    await there.whistles.once("w-4", life, CAUSE)
    year = Year(unit="justice", year=2025)
    assert await there.reopened(year)
    assert not await there.reopened(replace(year, year=2026))
    scored = replace(
        evaluated, scores=(*evaluated.scores, UnitScore(unit="justice", score=7400, taken_off=10))
    )
    rest: tuple[Any, ...] = (came("justice"), filed("justice"), *AGAIN[:-1], scored, answered)
    await there.whistles.once("w-5", (*life, *rest), CAUSE)
    assert await there.scores("justice.2025") == (7400,)
    assert await there.scores("justice.2026") == ()


async def test_W_10_no_result_is_published_while_a_whistle_of_the_year_is_handled_again(
    there: WhistleDesk,
) -> None:
    after = replace(ADMIN, cause=replace(ADMIN.cause, now=at("2027-01-10 10:00")))
    with pytest.raises(RuleBroken, match="正在重新办理"):
        await take(years.publish, there, after, id="water.2026")
    await there.whistles.change("w-3", lambda _: LATER, CAUSE)
    published = await take(years.publish, there, after, id="water.2026")
    assert published.aggregate.results[0].whistles == 2


async def test_W_10_a_year_waits_for_what_is_its_units_own(there: WhistleDesk) -> None:
    """Whose it turned out not to be has nothing to handle again."""
    others = replace(filed("water", outcome=Outcome.NOT_OURS), whose="transport")
    life = (*CALLED, came("water"), came("transport"), others, filed("transport"), filed("health"))
    again = replace(reopened, handling=reopened.handling[:2])
    await there.whistles.once("w-4", (*life, *EVALUATED[len(HANDLED) :], answered, again), CAUSE)
    await there.whistles.change("w-3", lambda _: LATER, CAUSE)
    assert not await there.reopened(Year(unit="water", year=2026))
    assert await there.reopened(Year(unit="transport", year=2026))


async def exclude(there: WhistleDesk, whistle: str, year: str = "water.2026") -> Any:
    said = ExclusionIn(whistle=whistle, reason="地震期间")
    return await take(years.exclude, there, CENTRE, said, id=year)


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
        await take(years.approve, there, ADMIN, id="nobody.2026", whistle="w-1")
    assert refusal.value.field == "id"


async def test_W_11_the_assessed_department_leaves_nothing_out_and_decides_nothing(
    there: WhistleDesk,
) -> None:
    await exclude(there, "w-1")
    water = asking("department", "water")
    with pytest.raises(NotAllowed):
        await take(years.exclude, there, water, EARTHQUAKE, id="water.2026")
    with pytest.raises(NotAllowed):
        await take(years.approve, there, water, id="water.2026", whistle="w-1")
    with pytest.raises(NotAllowed):
        verdict = VerdictIn(upheld=True, reason="确有漏计")
        await take(years.decide_appeal, there, water, verdict, id="water.2026")
    assert (await there.years.get("water.2026")).version == 2


async def test_W_10_the_miss_of_an_appeal_is_recorded_when_it_is_due(there: WhistleDesk) -> None:
    await there.years.once("water.2026", (begun, assessed, appealed), CAUSE)
    await there.fire_appeal("water.2026", replace(CAUSE, key=None, now=late.due))
    assert (await there.years.get("water.2026")).version == 3
    await there.fire_appeal("water.2026", replace(CAUSE, key=None, now=late.due + SECOND))
    [appeal] = (await there.years.get("water.2026")).aggregate.appeals
    assert appeal.overdue
