"""Whose move it is: premises wait for who takes them over, a community without a street for the district."""

from dataclasses import replace
from datetime import date
from typing import Any

from chassis.kernel.clock import Ends, end_of
from chassis.lists import moment
from services.housing.domain import waiting
from services.housing.domain.agreement import evolve
from services.housing.domain.community import evolve as enter
from services.housing.domain.events import AgreementSigned
from services.housing.steps.agreements import AGREEMENTS
from tests.support.specification import past
from tests.support.walks import person

from .test_agreement import (
    ENDED,
    LATER_ENDED,
    accepted_bare,
    bare,
    cancelled,
    extended,
    fulfilled,
    given,
    half,
    overdue,
    remedied,
    remedy,
    replaced,
    rest,
    seen_half,
    seen_rest,
    signed,
)
from .test_register import closed, entered, seeded

REMEDIED_BY = end_of(remedy.due)


def of(*happened: Any) -> Any:
    return waiting.of_agreement(given(*happened).state)


def by(due: Any) -> Any:
    return dict.fromkeys(("street:yiliu", "department:housing_construction"), Ends(due=due))


def test_H_06_an_agreement_waits_for_its_street_and_the_department_to_its_day_missed_or_not() -> (
    None
):
    assert of() == of(seen_half, half) == of(overdue) == by(ENDED)
    assert of(overdue, extended) == by(LATER_ENDED)
    assert of(seen_half, half, seen_rest, rest, fulfilled) == of(cancelled) == of(replaced) == {}


def test_H_04_what_is_to_be_put_right_waits_to_its_own_day() -> None:
    assert of(bare, accepted_bare) == by(REMEDIED_BY)
    assert of(bare, accepted_bare, remedied) == by(ENDED)
    assert of(bare, accepted_bare, seen_rest, rest, fulfilled) == by(REMEDIED_BY)
    assert of(bare, accepted_bare, cancelled) == by(REMEDIED_BY)
    assert of(bare, accepted_bare, replaced) == {}


def test_H_04_of_several_that_are_to_be_put_right_the_soonest_says_the_day() -> None:
    later = replace(remedy, due=date(2026, 12, 1))
    both = replace(accepted_bare, remedies=(later, remedy))
    assert of(bare, both) == by(REMEDIED_BY)
    assert of(bare, replace(accepted_bare, remedies=(later,))) == by(ENDED)


def test_H_04_the_soonest_day_orders_the_list_and_is_due_for_who_is_awaited_alone() -> None:
    state = given(bare, accepted_bare, seen_rest, rest, fulfilled).state
    assert AGREEMENTS.keys(state)["due"] == moment(REMEDIED_BY)
    assert AGREEMENTS.ends(state, person("street:yiliu")) == Ends(due=REMEDIED_BY)
    assert AGREEMENTS.ends(state, person("community:yunxiang")) is None
    still_owed = given(bare, accepted_bare).state
    assert AGREEMENTS.ends(still_owed, person("community:yunxiang")) == Ends(due=ENDED)


def test_H_12_what_takes_the_place_of_another_waits_to_its_own_day() -> None:
    successor: AgreementSigned = given(bare, accepted_bare).state.successor(replaced)
    later = replace(successor, carried=(), due=date(2027, 1, 31))
    state = past(None, evolve, (later,)).state
    assert waiting.of_agreement(state) == by(end_of(date(2027, 1, 31)))
    carried = past(None, evolve, (successor,)).state
    assert waiting.of_agreement(carried) == by(REMEDIED_BY)


def test_H_11_a_community_whose_street_nobody_knows_waits_for_the_district() -> None:
    assert waiting.of_community(enter(None, seeded)) == {"district_admin": None}
    assert waiting.of_community(enter(enter(None, seeded), entered)) == {}
    assert waiting.of_community(enter(None, closed)) == {}
    gone = replace(seeded, valid_to=date(2026, 6, 30))
    assert waiting.of_community(enter(None, gone)) == {}


def test_H_06_signed_alike_each_waits_for_its_own_street() -> None:
    other = past(None, evolve, (replace(signed, street="guandu"),)).state
    assert "street:guandu" in waiting.of_agreement(other)
