"""C-29: which communities a deliberated matter counts for, and in which years."""

from dataclasses import replace
from datetime import date

from chassis.cause import Cause
from chassis.copies import Told
from services.consultation.desk import ConsultationDesk
from services.consultation.domain.coverage import consulted_by, gone_on
from services.consultation.domain.events import MatterEvent
from services.consultation.domain.evolution import evolve
from services.consultation.domain.following_events import MatterReopened
from services.consultation.domain.matter import Matter
from services.consultation.domain.watching_events import Fault, MatterCorrected, Stage
from services.consultation.main import desk_on
from services.consultation.queries.coverage import coverage
from tests.support.memory import MemoryStore
from tests.support.specification import past
from tests.support.toy import Silent
from tests.support.walks import person

from .test_matter import (
    ACCEPTED,
    EVENING,
    MEMBERS,
    MORNING,
    PROPOSED,
    RESEARCHED,
    USABLE,
    recorded,
)
from .test_session import WORK

YEAR, DAY = MORNING.year, MORNING.date()
LATER = date(YEAR + 2, 3, 1)
HELD = replace(USABLE, held_on=DAY)
CAUSE = Cause(actor="platform", now=EVENING)
REOPENED = MatterReopened(reason="居民另有意见。")


def deliberated() -> Matter:
    ready = past(None, evolve, [PROPOSED, ACCEPTED, RESEARCHED])
    return ready.when(lambda m: m.conclude(HELD, members=MEMBERS, now=EVENING)).leads_to().state


def test_C_29_what_is_taken_up_again_stays_in_the_year_it_was_deliberated_in() -> None:
    assert consulted_by(deliberated(), YEAR) == {"guanshangzhongxinqu"}
    again = evolve(deliberated(), REOPENED)
    assert (again.held_on, again.earlier_on) == (None, (DAY,))
    assert consulted_by(again, YEAR) == {"guanshangzhongxinqu"}
    assert consulted_by(again, YEAR + 1) == frozenset()
    next_year = replace(HELD, held_on=DAY.replace(year=YEAR + 1))
    later = replace(again, conclusion=next_year, concluded_at=EVENING)
    for matter in (later, evolve(later, REOPENED)):
        assert all(consulted_by(matter, year) for year in (YEAR, YEAR + 1))


def test_C_29_what_is_put_right_counts_only_as_it_is_deliberated_again() -> None:
    back = MatterCorrected(
        fault=Fault.PROCEDURE, back_to=Stage.DELIBERATION, reason="人数不足。", at=EVENING
    )
    assert consulted_by(evolve(deliberated(), back), YEAR) == frozenset()
    assert consulted_by(evolve(evolve(deliberated(), REOPENED), back), YEAR)


def test_C_13_a_matter_of_several_communities_counts_for_each_of_them() -> None:
    several = replace(deliberated(), community=None, communities=("wula", "haihua"))
    assert consulted_by(several, YEAR) == {"wula", "haihua"}


async def consulting() -> ConsultationDesk:
    """Two communities, of which one consulted in the year."""
    desk = desk_on(MemoryStore(), bytes(32), Silent(), WORK)
    for code in ("guanshangzhongxinqu", "haihua"):
        await tell(desk, code, 1)
    happened: list[MatterEvent] = [PROPOSED, ACCEPTED, RESEARCHED, recorded(HELD)]
    await desk.matters.once("m-1", happened, CAUSE)
    return desk


async def tell(desk: ConsultationDesk, code: str, sequence: int, **said: str) -> None:
    entry = {"code": code, "name": code, "street": "guanshang", "valid_from": "2018-01-01"}
    told = Told(event=f"{code}-{sequence}", sequence=sequence, data={**entry, "listed": 2, **said})
    await desk.communities.aggregates.record(code, lambda _: [told], CAUSE)


async def of(desk: ConsultationDesk, year: int, today: date) -> list[tuple[int, int]]:
    rows = await coverage(desk, year, person("district_admin"), today)
    return [(row.communities, row.consulted) for row in rows]


async def test_C_29_a_community_that_was_merged_counts_in_the_years_before() -> None:
    """What a year that is over came to isn't changed by what becomes of its communities."""
    desk = await consulting()
    await tell(desk, "guanshangzhongxinqu", 2, valid_to=f"{YEAR + 1}-06-30")
    assert await of(desk, YEAR, DAY) == await of(desk, YEAR, LATER) == [(2, 1)]
    assert await of(desk, YEAR + 1, date(YEAR + 1, 6, 30)) == [(2, 0)]
    assert await of(desk, YEAR + 1, LATER) == [(1, 0)]


async def test_C_29_communities_that_are_new_since_change_no_year_before() -> None:
    """One was divided; the other, which was renamed, was there before."""
    desk = await consulting()
    await tell(desk, "haihua", 2, valid_to=f"{YEAR + 1}-06-30")
    for code in ("haihua-east", "haihua-west"):
        await tell(desk, code, 1, valid_from=f"{YEAR + 1}-07-01")
    await tell(desk, "guanshangzhongxinqu", 2, name="关上", valid_from=f"{YEAR + 1}-07-01")
    assert await of(desk, YEAR, LATER) == [(2, 1)]
    assert await of(desk, YEAR + 1, LATER) == [(3, 0)]


async def test_C_29_what_a_merged_community_deliberated_counts_for_what_it_had_become_by_the_end() -> (
    None
):
    """Of the year of the merger; one that comes later changes none of before."""
    desk = await consulting()
    merged = {"valid_to": f"{YEAR}-12-30", "became": "haihua"}
    assert await of(desk, YEAR, LATER) == [(2, 1)]
    await tell(desk, "guanshangzhongxinqu", 2, **merged)
    assert await of(desk, YEAR, date(YEAR, 12, 30)) == [(2, 1)]
    assert await of(desk, YEAR, LATER) == [(1, 1)]
    assert await of(desk, YEAR + 1, LATER) == [(1, 0)]
    await tell(desk, "further", 1)
    await tell(desk, "haihua", 2, valid_to=f"{YEAR + 1}-06-30", became="further")
    assert await of(desk, YEAR, LATER) == [(2, 1)]


def test_C_29_it_is_followed_from_one_merger_to_the_next() -> None:
    became = {"wula": "haihua", "haihua": "further", "other": "wula"}
    assert gone_on(["wula"], became) == {"wula", "haihua", "further"}
