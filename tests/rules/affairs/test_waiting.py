"""Whose move it is: the office reviews, the street arranges, the community takes on; and who pays, walks, discloses."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chassis.kernel.clock import Awaits, Ends, end_of
from chassis.lists import due
from services.affairs.domain import charter, contract, waiting
from services.affairs.domain.admission import (
    ClaimAccepted,
    Ended,
    Free,
    FundsMissing,
    FundsReceived,
    Refused,
    ReviewMissed,
    ShortConfirmed,
)
from services.affairs.domain.admission import (
    End as How,
)
from services.affairs.domain.disclosure import PeriodBegan
from services.affairs.domain.exercise import CaseDone, OutcomeHeard
from services.affairs.domain.sheet import MonthMissed, MonthPaid, SheetReturned, evolve
from services.affairs.domain.year import (
    LevelsReviewed,
    TrainingHeld,
    YearClosed,
    YearOpened,
)
from services.affairs.domain.year import (
    evolve as evolve_year,
)
from services.affairs.steps.admissions import ADMISSIONS
from services.affairs.steps.checks import CHECKS
from tests.support.specification import past
from tests.support.walks import person

from . import test_A_08_intrusions as intrusions
from . import test_A_17_quarters as quarters
from . import test_A_20_powers as powers
from . import test_A_22_open as opened
from . import test_A_25_lists as lists
from .cases import ADMITTED, DUE, ENTERED, LATER, MARCH, TODAY, WHEN, applied, arranged, given
from .cases import reviewed as first_look
from .test_A_03_admission import ASSESSED, EXEMPT, SHORT

OFFICE, STREET, COMMUNITY = "department:civil_affairs", "street:guanshang", "community:haihua"
refused = Refused(reason="无依据", document="和社〔2026〕2号", at=MARCH)
funded = FundsReceived(fen=2_000_000, evidence="到账单", on=WHEN, at=LATER)
reported = ShortConfirmed(opinion="属实", at=LATER)
BEGAN = Ends(due=end_of(WHEN))


def _admission(*happened: Any) -> Awaits:
    return waiting.of_admission(given(*happened).state)


@pytest.mark.parametrize(
    ("happened", "offices"),
    [
        ((applied, first_look), [OFFICE]),
        ((applied, first_look, refused), []),
        (ADMITTED, [STREET]),
        ((EXEMPT,), [STREET]),
        ((*ADMITTED, arranged), [COMMUNITY]),
        ((*ENTERED, funded), []),
        ((*ENTERED, funded, ASSESSED), []),
        ((*ENTERED, funded, SHORT), [STREET]),
        ((*ENTERED, funded, SHORT, reported), [OFFICE]),
        ((*ENTERED, Ended(how=How.TERM, at=LATER)), []),
    ],
)
def test_A_08_work_waits_for_the_office_then_the_street_then_the_community(
    happened: tuple[Any, ...], offices: list[str]
) -> None:
    assert _admission(*happened) == dict.fromkeys(offices)


def test_A_02_a_claim_waits_for_the_office_and_an_emergency_for_the_street_as_well() -> None:
    law = replace(EXEMPT, free=Free.LAW, claimed=True)
    emergency = replace(EXEMPT, claimed=True)
    accepted, no = ClaimAccepted(at=LATER), Ended(how=How.CONTESTED, at=LATER)
    assert _admission(law) == {OFFICE: None}
    assert _admission(law, accepted) == _admission(emergency, accepted) == {STREET: None}
    assert _admission(law, refused) == _admission(emergency, no) == {}
    assert _admission(emergency) == {OFFICE: None, STREET: None}
    assert _admission(emergency, arranged) == {OFFICE: None, STREET: None}


def test_A_08_a_whole_streets_work_is_taken_on_by_the_street() -> None:
    whole = replace(applied, community=None)
    assert _admission(whole, *ADMITTED[1:], arranged) == {STREET: None}
    assert _admission(whole, *ENTERED[1:]) == {STREET: BEGAN}


def test_A_04_the_first_review_waits_to_its_date_missed_or_not() -> None:
    by = Ends(due=DUE, provisional=False)
    assert _admission(applied) == {OFFICE: by}
    assert _admission(applied, ReviewMissed(due=DUE)) == {OFFICE: by}
    assumed = replace(applied, provisional=True)
    assert _admission(assumed) == {OFFICE: Ends(due=DUE, provisional=True)}


def test_A_07_work_that_has_begun_waits_for_its_funds_until_they_are_all_there() -> None:
    half = replace(funded, fen=1_000_000)
    for happened in ((), (half,), (FundsMissing(due=end_of(WHEN)),)):
        assert _admission(*ENTERED, *happened) == {COMMUNITY: BEGAN}
    assert _admission(*ENTERED, SHORT) == {STREET: None, COMMUNITY: BEGAN}
    assert _admission(*ENTERED, half, replace(half, evidence="到账单二")) == {}


def test_A_07_funds_that_are_missing_are_due_before_the_term_ends() -> None:
    missing = given(*ENTERED, FundsMissing(due=end_of(WHEN))).state
    assert ADMISSIONS.keys(missing)["due"] == due(end_of(WHEN))
    paid_up = given(*ENTERED, funded).state
    assert ADMISSIONS.keys(paid_up)["due"] == due(end_of(date(2026, 6, 30)))


def test_A_04_a_missed_review_is_due_still_to_all_but_the_unit_that_applied() -> None:
    late = given(applied, ReviewMissed(due=DUE)).state
    assert ADMISSIONS.keys(late)["due"] == ADMISSIONS.keys(given(applied).state)["due"]
    for office in (OFFICE, STREET, "district_admin"):
        ends = ADMISSIONS.ends(late, person(office))
        assert ends is not None and ends.due == DUE
    assert ADMISSIONS.ends(late, person("department:health")) is None
    assert ADMISSIONS.ends(given(applied).state, person("department:health")) == Ends(due=DUE)


def test_A_08_the_street_verifies_what_was_reported_and_sees_it_out() -> None:
    def of(*happened: Any) -> Awaits:
        return waiting.of_intrusion(intrusions.given(*happened).state)

    assert of() == of(intrusions.found) == {STREET: None}
    assert of(replace(intrusions.found, found=False)) == {}
    assert of(intrusions.found, intrusions.gone) == {}


def _pay(*happened: Any) -> Awaits:
    return waiting.of_pay(quarters.sheet(*happened).state)


JANUARY = Ends(due=end_of(date(2026, 1, 31)))
SUBMITTED = (quarters.submitted,)
APPROVED = (*SUBMITTED, *quarters.approvals, quarters.whole)


def test_A_17_a_quarter_waits_for_the_street_then_for_whoever_has_not_approved() -> None:
    organisation, civil, finance = "department:organisation", OFFICE, "finance"
    assert _pay() == {STREET: JANUARY}
    assert _pay(*SUBMITTED) == dict.fromkeys((organisation, civil, finance))
    assert _pay(*SUBMITTED, quarters.approvals[0]) == dict.fromkeys((civil, finance))
    back = SheetReturned(office="finance", reason="漏人", at=MARCH)
    assert _pay(*SUBMITTED, quarters.approvals[0], back) == {STREET: JANUARY}


def test_A_17_each_month_waits_to_be_paid_found_unpaid_or_not() -> None:
    missed = MonthMissed(month="2026-01", due=end_of(date(2026, 1, 31)))
    paid = [MonthPaid(month=f"2026-0{month}", sum=1, at=MARCH) for month in (1, 2, 3)]
    assert _pay(*APPROVED) == _pay(*APPROVED, missed) == {STREET: JANUARY}
    assert _pay(*APPROVED, missed, paid[0]) == {STREET: Ends(due=end_of(date(2026, 2, 28)))}
    assert _pay(*APPROVED, *paid) == {}


def test_A_17_no_month_waits_that_was_over_before_anybody_was_entered() -> None:
    begun = replace(quarters.begun, since=date(2026, 3, 2))
    sheet = past(quarters.sheet().state, evolve, (begun,)).state
    assert waiting.of_pay(sheet) == {STREET: Ends(due=end_of(date(2026, 3, 31)))}


def test_A_24_a_year_waits_for_its_training_and_the_review_of_levels() -> None:
    by = {STREET: Ends(due=end_of(date(2026, 12, 31)))}
    begun = YearOpened(street="guanshang", year=2026, at=MARCH)
    training = TrainingHeld(on=TODAY, subject="社区工作", hours=8)
    review = LevelsReviewed(by_level={"17": 1}, sum=1, proofs="证明", at=LATER)
    over = YearClosed(untrained=(), held=False, at=LATER)

    def of(*happened: Any) -> Awaits:
        return waiting.of_year(past(None, evolve_year, (begun, *happened)).state)

    assert of() == of(training) == of(review) == of(training, over) == by
    assert of(training, review) == of(review, over) == {}


def test_A_25_a_request_waits_for_the_communitys_answer() -> None:
    assert waiting.of_proof(lists.request().state) == {COMMUNITY: None}
    for answer in (lists.given, lists.declined):
        assert waiting.of_proof(lists.request(answer).state) == {}


def _power(*happened: Any) -> Awaits:
    return waiting.of_power_case(powers.running(*happened).state)


def test_A_21_a_case_waits_for_the_community_unless_a_consultation_decides_first() -> None:
    assert _power() == {COMMUNITY: None}
    assert _power(powers.first) == {}
    no = OutcomeHeard(outcome="declined", at=MARCH)
    assert _power(powers.first, no) == {}
    assert _power(powers.first, powers.agreed) == {COMMUNITY: None}
    assert _power(powers.stopped) == {}


def test_A_21_a_step_that_wants_a_second_office_waits_for_it_as_whichever_it_acts() -> None:
    here = (powers.first, powers.agreed, powers.second)

    def second(office: str) -> Awaits:
        return _power(*here, replace(powers.waiting, second=office))

    assert second("street:guanshang") == {"street:guanshang": None}
    assert second("department:health") == {"department:health": None}
    assert second("department:finance") == {"department:finance": None, "finance": None}
    assert _power(*here, powers.waiting, powers.returned) == {COMMUNITY: None}
    assert _power(*here, powers.waiting, powers.confirmed, CaseDone(at=LATER)) == {}


def test_A_22_a_disclosure_waits_for_the_community_once_its_period_is_over() -> None:
    def of(*happened: Any) -> Awaits:
        return waiting.of_disclosure(opened.awaiting(*happened).state)

    owed = {COMMUNITY: Ends(due=opened.APRIL_DUE)}
    may = {COMMUNITY: Ends(due=end_of(date(2026, 6, 10)))}
    june = PeriodBegan(period="2026-06")
    assert of() == of(opened.april) == of(opened.april_over, opened.told) == {}
    assert of(opened.april_over) == of(opened.april_over, opened.missed) == of(june) == owed
    assert of(june, opened.told) == may


def test_A_22_a_contract_waits_for_the_street_before_the_community_signs() -> None:
    def of(*happened: Any) -> Awaits:
        return waiting.of_contract(past(None, contract.evolve, happened).state)

    assert of(opened.submitted) == {STREET: None}
    assert of(opened.submitted, opened.passed) == {COMMUNITY: None}
    assert of(opened.submitted, replace(opened.passed, passed=False)) == {}
    assert of(opened.submitted, opened.passed, opened.signed) == {}


def test_A_23_a_finding_waits_for_who_checks_until_it_is_put_right() -> None:
    by = Ends(due=opened.DUE)
    late = opened.finding(opened.found, opened.late).state
    for one in (opened.finding().state, late):
        assert waiting.of_check(one) == {STREET: by, OFFICE: by}
        assert CHECKS.ends(one, person("discipline")) == by
    assert waiting.of_check(opened.finding(opened.found, opened.right).state) == {}
    assert waiting.of_check(opened.finding(opened.handed).state) == {}


def test_A_26_a_charter_waits_for_the_community_and_while_it_is_judged_for_the_street() -> None:
    def of(*happened: Any) -> Awaits:
        return waiting.of_charter(past(None, charter.evolve, (opened.drafted, *happened)).state)

    sent = (*opened.TALKED, opened.sent)
    assert of() == of(*opened.TALKED) == of(*sent, opened.back) == {COMMUNITY: None}
    assert of(*sent) == {STREET: None}
    assert of(*sent, opened.filed) == {COMMUNITY: None}
    assert of(*sent, opened.filed, opened.published) == {}
