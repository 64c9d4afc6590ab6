"""P-06, P-07: what the register of social organisations tells about a supplier, and what follows."""

from dataclasses import replace
from datetime import date
from functools import reduce
from itertools import permutations
from typing import Any

import pytest

from contracts import procurement as published
from services.procurement import announce
from services.procurement.domain.applicant import Applicant
from services.procurement.domain.eligibility import (
    Eligibility,
    StandingTold,
    State,
    evolve,
    hear,
    hear_organisation,
)
from services.procurement.domain.supplier import Fact, FactKind, Supplier

from .cases import FACTS, SUPPLIER, heard, stands, told_of

TODAY = date(2026, 3, 2)
LISTED = "官办通〔2017〕52号 （三）3"
listed = told_of("s-1", 1, abnormal=("report_missed",))
free = told_of("s-2", 2)


def listen(*news: Any) -> Eligibility:
    def one(known: Eligibility | None, news: Any) -> Eligibility | None:
        return reduce(evolve, hear_organisation(known, news, TODAY), known)

    after = reduce(one, news, None)
    assert after is not None
    return after


def test_P_06_an_abnormal_listing_restricts_and_its_end_lifts() -> None:
    now = stands(listen(listed))
    assert (now.state, now.may_bid) == (State.RESTRICTED, False)
    [reason] = now.reasons
    assert (reason.rule, reason.clause, reason.event) == ("P-06", LISTED, "s-1")
    assert stands(listen(listed, free)).state is State.ELIGIBLE


@pytest.mark.parametrize(
    ("how", "state"),
    [
        ({"blacklisted": ("fraud",), "blacklisted_until": date(2028, 1, 1)}, State.BARRED),
        ({"ended": "deregistered"}, State.RESTRICTED),
        ({"grade": 2}, State.ELIGIBLE),
        ({"grade": 3}, State.PREFERRED),
        ({"grade": 4, "grade_until": date(2026, 3, 2)}, State.PREFERRED),
        ({"grade": 4, "grade_until": date(2026, 3, 1)}, State.ELIGIBLE),
    ],
)
def test_P_07_each_standing_has_its_consequence(how: Any, state: State) -> None:
    assert stands(listen(told_of("s-1", 1, **how))).state is state


def paper(grade: int) -> Supplier:
    """Its own, of a rating."""
    fact = Fact(kind=FactKind.RATING, evidence="证-9", on=date(2020, 1, 5), grade=grade)
    return replace(SUPPLIER, facts=(*FACTS, fact))


@pytest.mark.parametrize(
    ("how", "own", "grade"),
    [
        ({"grade": 2}, 5, 2),
        ({"grade": 4}, 2, 4),
        ({"grade": 3, "grade_until": date(2026, 3, 1)}, 4, 4),
        ({}, 4, 4),
        ({"grade": 3}, None, 3),
    ],
)
def test_P_06_the_registers_rating_counts_before_a_paper(
    how: Any, own: int | None, grade: int
) -> None:
    """A paper of long ago says what was, the register what is; where it has none, the paper counts."""
    supplier, known = paper(own) if own else SUPPLIER, listen(told_of("s-1", 1, **how))
    now = stands(known, supplier=supplier)
    assert [one.text for one in now.preferring] == ([f"评估等级 {grade}A。"] if grade > 2 else [])
    assert now.simple_check is (grade > 3)
    applicant = Applicant(standing=now, supplier=supplier, heard=known)
    assert applicant.precedence(2, 3).grade == grade


def test_P_08_the_latest_word_counts_however_often_and_in_whatever_order() -> None:
    news = [listed, free, told_of("s-3", 3, abnormal=("charter",))]
    for order in permutations([*news, listed]):
        known = listen(*order)
        assert known.organisation == news[-1]
        assert stands(known).state is State.RESTRICTED


def test_P_08_evaluations_stay_beside_it() -> None:
    after = reduce(evolve, hear(listen(listed), heard("e-1")), listen(listed))
    assert (after.organisation, len(after.heard)) == (listed, 1)
    assert evolve(after, free).heard == after.heard


def test_P_06_a_change_is_told_once_with_its_clause() -> None:
    assert list(hear_organisation(None, free, TODAY)) == [free]
    begun = StandingTold(state=State.RESTRICTED, until=None)
    assert list(hear_organisation(None, listed, TODAY)) == [listed, begun]
    known = listen(listed)
    again = told_of("s-2", 2, abnormal=("report_missed", "charter"))
    assert list(hear_organisation(known, again, TODAY)) == [again]
    ended = StandingTold(state=State.ELIGIBLE, until=None)
    assert list(hear_organisation(known, free, TODAY)) == [free, ended]
    assert announce.of_eligibilities(listed, known) is None
    assert announce.of_eligibilities(begun, known) == published.EligibilityChanged(
        supplier="tongxin", state="restricted", rule="P-06", clause=LISTED
    )
    black = told_of("s-2", 2, blacklisted=("fraud",), blacklisted_until=date(2028, 1, 1))
    [_, barred] = hear_organisation(known, black, TODAY)
    assert announce.of_eligibilities(barred, known) == published.EligibilityChanged(
        supplier="tongxin", state="barred", until="2028-01-01", rule="P-07", clause=LISTED
    )
