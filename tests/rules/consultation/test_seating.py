"""C-02: seats are allocated to classes; C-01: one committee sits at a place."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest

from chassis.kernel.clock import SHANGHAI
from chassis.kernel.errors import Malformed, RuleBroken
from chassis.vocabulary import word_of
from services.consultation.domain import appointing, seating
from services.consultation.domain.committee import Committee
from services.consultation.domain.members import CommitteeDissolved, MemberClass, SeatsAllocated
from services.consultation.vocabulary import WORDS
from tests.support.specification import Decision, Given

from .test_committee import MORNING, policy
from .test_members import GOOD, NOMINATED, sitting

NOMINATING = "官办通〔2018〕58号 附件1 第4条"
SHARES = {MemberClass.RESIDENT: 1, MemberClass.CADRE: 19}


def allocating(here: Given[Committee], seats: dict[MemberClass, int]) -> Decision[Committee]:
    return here.when(lambda c: seating.allocate(c, seats, policy(), MORNING))


def nominating(here: Given[Committee], **about: Any) -> Decision[Committee]:
    nominated = replace(NOMINATED, **about)
    return here.when(lambda c: appointing.nominate(c, nominated, GOOD, MORNING))


def test_C_02_a_nomination_is_for_a_seat_its_class_has() -> None:
    here = allocating(sitting(), SHARES).then(SeatsAllocated(seats=SHARES))
    taken = nominating(here).then(NOMINATED)
    nominating(taken, seat="n2").breaks("C-02", clause=NOMINATING, field="member_class")
    with pytest.raises(RuleBroken, match=f"{word_of(NOMINATED.member_class, WORDS)}的名额为"):
        appointing.nominate(taken.state, replace(NOMINATED, seat="n2"), GOOD, MORNING)
    nominating(here, member_class=MemberClass.VETERAN).breaks("C-02", field="member_class")
    nominating(sitting(), member_class=MemberClass.VETERAN).leads_to()


@pytest.mark.parametrize("count", [18, 30])
def test_C_02_what_is_allocated_is_the_committee_s_size(count: int) -> None:
    off = {MemberClass.RESIDENT: 1, MemberClass.CADRE: count}
    allocating(sitting(), off).breaks("C-02", clause=NOMINATING, field="seats")
    allocating(sitting(), {MemberClass.RESIDENT: 0}).refused(Malformed, field="seats")


def test_C_01_a_dissolved_committee_takes_up_nothing() -> None:
    here = sitting()
    here.when(lambda c: seating.dissolve(c, " ", MORNING)).breaks("C-01", field="reason")
    gone = CommitteeDissolved(reason="区划调整。", at=MORNING)
    after = here.when(lambda c: seating.dissolve(c, "区划调整。", MORNING)).then(gone)
    nominating(after).breaks("C-01", field="committee")
    after.when(lambda c: seating.dissolve(c, "再次。", MORNING)).breaks("C-01")
    allocating(after, SHARES).breaks("C-01")


def test_C_01_one_committee_sits_at_a_place() -> None:
    here = sitting()
    with pytest.raises(RuleBroken) as refusal:
        seating.alone(here.state)
    assert (refusal.value.rule.id, refusal.value.field) == ("C-01", "level")
    seating.alone(None)


def test_C_01_a_committee_sits_until_its_term_is_over_or_it_is_dissolved() -> None:
    here = sitting()
    begins = datetime.combine(here.state.term_ends, time(), SHANGHAI)
    assert here.state.sits(MORNING) and here.state.sits(begins - timedelta(seconds=1))
    assert not here.state.sits(begins)
    gone = here.when(lambda c: seating.dissolve(c, "区划调整。", MORNING)).leads_to()
    assert not gone.state.sits(MORNING)
