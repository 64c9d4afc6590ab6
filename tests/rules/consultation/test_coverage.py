"""C-29: which communities a deliberated matter counts for, and in which years."""

from dataclasses import replace

from services.consultation.domain.coverage import consulted_by
from services.consultation.domain.evolution import evolve
from services.consultation.domain.following_events import MatterReopened
from services.consultation.domain.matter import Matter
from services.consultation.domain.watching_events import Fault, MatterCorrected, Stage
from tests.support.specification import past

from .test_matter import ACCEPTED, EVENING, MEMBERS, MORNING, PROPOSED, RESEARCHED, USABLE

YEAR, DAY = MORNING.year, MORNING.date()
HELD = replace(USABLE, held_on=DAY)
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
