"""P-06, P-07, P-09: what registers of credit, penalties and yearly checks mean for a supplier."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import permutations

import pytest

from contracts import procurement as published
from services.procurement import announce
from services.procurement.domain.applicant import Applicant
from services.procurement.domain.eligibility import (
    Eligibility,
    OrganisationHeard,
    StandingTold,
    State,
    evolve,
    hear_integrity,
    hear_organisation,
)
from services.procurement.domain.integrity import IntegrityHeard, Register
from tests.support.specification import Decision, past

from .cases import SUPPLIER, stands, told_of

DISHONEST = "官办通〔2019〕77号 四.5.1"
CONDITIONS = "官政办通〔2016〕40号 二.2"
TODAY = date(2026, 3, 2)
poor = IntegrityHeard(
    event="e-1",
    supplier="tongxin",
    register=Register.CREDIT,
    reference="credit-17",
    clean=False,
    on=date(2026, 2, 1),
)
serious = replace(poor, event="e-2", serious=True, until=date(2027, 1, 31))
again = replace(poor, event="e-3", clean=True, on=date(2026, 2, 20))
penalty = replace(poor, event="e-4", register=Register.PENALTY, reference="罚-1")
failed = replace(poor, event="e-5", register=Register.ANNUAL_CHECK, reference="check-2025")


def known(*heard: IntegrityHeard) -> Eligibility:
    after = past(None, evolve, heard).state
    assert after is not None
    return after


def hears(
    *before: IntegrityHeard | OrganisationHeard, told_: IntegrityHeard
) -> Decision[Eligibility]:
    return past(None, evolve, before).when(lambda e: tuple(hear_integrity(e, told_, TODAY)))


@pytest.mark.parametrize(
    ("heard", "state", "rule", "clause"),
    [
        (serious, State.BARRED, "P-07", DISHONEST),
        (poor, State.RESTRICTED, "P-06", CONDITIONS),
        (failed, State.RESTRICTED, "P-06", CONDITIONS),
    ],
)
def test_P_06_what_a_register_says_keeps_it_from_bidding(
    heard: IntegrityHeard, state: State, rule: str, clause: str
) -> None:
    standing = stands(known(heard))
    [reason] = standing.reasons
    assert (standing.state, reason.rule, reason.clause) == (state, rule, clause)
    assert reason.until == heard.until
    assert not standing.may_bid
    check = replace(failed, serious=True)
    assert stands(known(check)).state is State.RESTRICTED, "only dishonesty bars"


def test_P_06_the_last_entry_counts_while_it_holds() -> None:
    assert stands(known(poor, again)).may_bid
    assert not stands(known(again, replace(poor, on=date(2026, 3, 1)))).may_bid
    over = replace(poor, until=date(2026, 3, 1))
    assert stands(known(over)).may_bid
    assert not stands(known(replace(over, until=TODAY))).may_bid
    assert stands(known(replace(poor, on=date(2026, 3, 3)))).may_bid
    assert not stands(known(poor, replace(again, on=date(2026, 3, 3)))).may_bid
    assert not stands(known(poor, replace(again, register=Register.ANNUAL_CHECK))).may_bid


def test_P_09_a_penalty_speaks_against_it_until_it_is_lifted() -> None:
    def clean(*heard: IntegrityHeard) -> bool:
        eligibility = known(*heard) if heard else None
        standing = stands(eligibility)
        applicant = Applicant(standing=standing, supplier=SUPPLIER, heard=eligibility)
        assert standing.may_bid
        return applicant.precedence(1, 1).clean

    assert clean()
    assert not clean(penalty)
    lifted = replace(penalty, event="e-6", clean=True, on=TODAY)
    assert clean(penalty, lifted)
    assert not clean(penalty, replace(lifted, reference="罚-2"))


def test_P_07_an_entry_counts_once_and_what_it_changes_is_told() -> None:
    bars = StandingTold(state=State.BARRED, until=date(2027, 1, 31), clause=DISHONEST)
    hears(told_=serious).then(serious, bars)
    hears(serious, told_=serious).then()
    hears(told_=penalty).then(penalty)
    hears(poor, told_=again).then(again, StandingTold(state=State.ELIGIBLE))
    event = announce.of_eligibilities(bars, known(serious))
    assert event == published.EligibilityChanged(
        supplier="tongxin", state="barred", until="2027-01-31", rule="P-07", clause=DISHONEST
    )
    back = announce.of_eligibilities(StandingTold(state=State.ELIGIBLE), known(again))
    assert isinstance(back, published.EligibilityChanged)
    assert (back.state, back.rule, back.until) == ("eligible", "P-06", None)


def test_P_07_what_registers_say_is_told_until_the_last_of_it() -> None:
    """A longer entry beside one that bars already, and what is left when the longer one goes."""
    bars = StandingTold(state=State.BARRED, until=date(2027, 1, 31), clause=DISHONEST)
    longer = replace(serious, event="e-7", reference="失-7", until=date(2029, 1, 31))
    hears(serious, told_=longer).then(longer, replace(bars, until=longer.until))
    hears(longer, told_=serious).then(serious)
    for_good, cleared = told_of("s-1", 1, blacklisted=("fraud",)), told_of("s-2", 2)
    after = past(None, evolve, (serious,)).when(
        lambda e: tuple(hear_organisation(e, for_good, TODAY))
    )
    listed = after.then(for_good, StandingTold(state=State.BARRED))
    listed.when(lambda e: tuple(hear_organisation(e, cleared, TODAY))).then(cleared, bars)


def test_P_08_the_order_of_entries_does_not_show() -> None:
    orders = {known(*order) for order in permutations((poor, again, penalty, failed))}
    assert len(orders) == 1


def test_P_07_one_register_does_not_take_back_what_another_says() -> None:
    listed = told_of("s-1", 1, abnormal=("report_missed",))
    cleared = told_of("s-2", 2)
    hears(listed, told_=serious).then(
        serious, StandingTold(state=State.BARRED, until=serious.until, clause=DISHONEST)
    )
    known_ = past(None, evolve, (listed, serious))
    known_.when(lambda e: tuple(hear_organisation(e, cleared, TODAY))).then(cleared)
    past(None, evolve, (listed,)).when(lambda e: tuple(hear_organisation(e, cleared, TODAY))).then(
        cleared, StandingTold(state=State.ELIGIBLE)
    )


def test_P_07_late_news_of_an_organisation_lift_no_bar_that_stands_today() -> None:
    """Its listing ended before it was found dishonest, and we hear of that afterwards."""
    listed = told_of("s-1", 1, abnormal=("report_missed",))
    cleared = replace(told_of("s-2", 2), at=datetime(2026, 1, 20, 2, tzinfo=UTC))
    known_ = past(None, evolve, (listed, serious))
    known_.when(lambda e: tuple(hear_organisation(e, cleared, TODAY))).then(cleared)
