"""M-04, M-07, M-08: one clock's news moves no other; what is said of one thing is said of no other."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chassis.cause import Cause
from chassis.kernel.errors import OURS, RuleBroken
from services.mediation.domain import clocks, following, mediating, risk
from services.mediation.domain.case import Case
from services.mediation.domain.dispute import Awaited, Effect, How, Remedy, Risk, Word
from services.mediation.domain.events import (
    CaseEnded,
    ClockRenewed,
    DateMissed,
    EffectNoted,
    RiskRaised,
)
from services.mediation.main import desk_on
from tests.support.calendars import lengthened
from tests.support.memory import MemoryStore
from tests.support.specification import Decision
from tests.support.toy import Silent

from .lives import (
    AGREED,
    BOTH,
    CLOCKS,
    LATER,
    MEDIATION,
    MORNING,
    RECEIVED,
    RESPONSE,
    TAKEN,
    WILLING,
    given,
)

DAY = date(2026, 3, 20)
RAISED = RiskRaised(risk=Risk.MASS, reason="扬言。", at=MORNING)
LONGER = lengthened(date(2026, 3, 3), date(2026, 3, 4))
CHARGE = replace(CLOCKS.started(Awaited.CHARGE, MORNING), due=RESPONSE.due + timedelta(days=400))


def test_M_04_a_date_that_was_missed_waits_for_nothing_more() -> None:
    missed = DateMissed(awaited=Awaited.RESPONSE, due=RESPONSE.due)
    case = given(RECEIVED, missed).state
    assert (case.next_due, case.late) == (None, True)
    assert given(RECEIVED).state.next_due == RESPONSE.due


def test_M_04_a_date_counted_again_or_missed_is_one_clock_s() -> None:
    both = given(RECEIVED, RAISED, CHARGE)
    later = RESPONSE.due + timedelta(days=1)
    renewed = ClockRenewed(awaited=Awaited.RESPONSE, due=later, provisional=False)
    dues = {one.awaited: one.due for one in given(RECEIVED, RAISED, CHARGE, renewed).state.clocks}
    assert dues == {Awaited.RESPONSE: later, Awaited.CHARGE: CHARGE.due}
    missed = DateMissed(awaited=Awaited.RESPONSE, due=RESPONSE.due)
    clocks = given(RECEIVED, RAISED, CHARGE, missed).state.clocks
    assert {one.awaited: one.missed for one in clocks} == {
        Awaited.RESPONSE: True,
        Awaited.CHARGE: False,
    }
    assert len(both.state.clocks) == 2


def test_M_04_an_amended_notice_moves_a_sure_date_that_runs_and_no_other() -> None:
    """As the Spring Festival of 2020 was lengthened: false misses would be published, and never be taken back."""
    case = given((*RECEIVED, RAISED, CHARGE)).state
    assert not RESPONSE.provisional
    [renewed] = clocks.renew(case, LONGER, MORNING)
    later = RESPONSE.due + timedelta(days=4)
    assert renewed == ClockRenewed(awaited=Awaited.RESPONSE, due=later, provisional=False)
    assert list(clocks.renew(case, LONGER, RESPONSE.due + timedelta(seconds=1))) == []


async def test_M_04_it_is_done_at_a_start() -> None:
    desk = desk_on(MemoryStore(), bytes(32), Silent(), LONGER)
    await desk.cases.once("c-1", RECEIVED, Cause(actor="platform", now=MORNING))
    for _ in range(2):
        await desk.renew_calendar(MORNING)
    trail = [entry["type"] for entry in await desk.cases.trail("c-1")]
    assert trail.count("ClockRenewed") == 1


def test_M_04_mediation_is_extended_from_its_own_date() -> None:
    here = given(TAKEN, RAISED, CHARGE, *WILLING)
    *_, started = here.when(lambda c: mediating.extend(c, BOTH, CLOCKS, MORNING)).happened
    assert started.due == MEDIATION.due + timedelta(days=CLOCKS.policy.mediation_days)


def test_M_04_days_that_have_run_out_are_not_made_longer() -> None:
    """A miss would be told, and a new time begin after it."""
    here = given(TAKEN, *WILLING)
    last, over = MEDIATION.due, MEDIATION.due + timedelta(seconds=1)
    here.when(lambda c: mediating.extend(c, BOTH, CLOCKS, last)).leads_to()
    here.when(lambda c: mediating.extend(c, BOTH, CLOCKS, over)).breaks(
        "M-04", clause=OURS, field=None, says="至 2026-04-01 24:00"
    )
    missed = given(TAKEN, *WILLING, DateMissed(awaited=Awaited.MEDIATION, due=last))
    missed.when(lambda c: mediating.may_extend(c, over)).breaks("M-04")


def test_M_04_a_refusal_says_which_steps_are_open() -> None:
    with pytest.raises(RuleBroken) as refusal:
        given(AGREED).state.may("accept")
    assert "perform" in refusal.value.detail and "visit" not in refusal.value.detail


def test_M_07_what_ended_without_an_agreement_has_none_to_enforce() -> None:
    failed = given(TAKEN, CaseEnded(how=How.UNSUITED, told=(Remedy.COURT,), at=LATER))
    failed.when(following.may_effect).breaks("M-07")


def test_M_07_each_force_of_the_law_is_asked_for_by_itself() -> None:
    asked = EffectNoted(effect=Effect.CONFIRMATION, word=Word.ASKED, on=DAY, at=LATER)
    here = given(AGREED, asked)

    def says(effect: Effect, word: Word) -> Decision[Case]:
        return here.when(lambda c: following.effect(c, effect, word, DAY, LATER))

    says(Effect.PAYMENT_ORDER, Word.ASKED).leads_to()
    says(Effect.PAYMENT_ORDER, Word.GRANTED).breaks("M-07", field="word")


def test_M_08_what_can_grow_no_further_is_not_raised() -> None:
    given(TAKEN, RAISED).when(risk.may_raise).breaks("M-08")
