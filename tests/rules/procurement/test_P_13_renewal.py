"""P-13: a project goes on for two more years, signed yearly; a term that is over ends its contract."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from contracts import procurement as published
from services.procurement import announce
from services.procurement.domain.contract import Contract
from services.procurement.domain.events import ContractEnded, Way, Why
from services.procurement.domain.evolution import evolve
from services.procurement.domain.payment import Instalment
from services.procurement.domain.signing import renew
from tests.support.specification import Given, past

from .cases import (
    MARCH,
    NOVEMBER,
    TERMS,
    WORK,
    accepted,
    agreed,
    answered,
    before,
    ended_unqualified,
    failed,
    filed,
    final_opened,
    first_opened,
    first_paid,
    mid,
    mid_opened,
    mid_paid,
    passed,
    shown,
    signed,
    terminated,
)

CLAUSE = "官社建办通〔2018〕15号 二.5.6"
LIFE = (shown, answered, filed, first_opened, before, first_paid, mid, mid_opened, mid_paid)
PASSED = (*LIFE, passed, final_opened)
final_paid = replace(first_paid, instalment=Instalment.FINAL, amount=6_000_000, at=NOVEMBER)
OVER = datetime(2027, 3, 1, 16, tzinfo=UTC)
"""The end of the term's last day, 1 March 2027, in Shanghai."""


def given(*happened: Any, first: Any = signed) -> Given[Contract]:
    return past(None, evolve, (first, *happened))


def agree(state: Given[Contract]) -> Any:
    return state.when(lambda c: c.agree(now=NOVEMBER))


def test_P_13_the_supplier_agrees_once_the_project_passed() -> None:
    agree(given(*PASSED)).then(agreed)
    agree(given(*LIFE)).breaks("P-13", clause=CLAUSE)
    agree(given(*LIFE, failed, ended_unqualified)).breaks("P-13")
    for early in (terminated, replace(terminated, why=Why.SUBCONTRACTED)):
        agree(given(*PASSED, early)).breaks("P-13")
    agree(given(*PASSED, agreed)).breaks("P-13")
    expired = ContractEnded(why=Why.EXPIRED, at=NOVEMBER)
    agree(given(*PASSED, expired)).then(agreed)


def test_P_13_only_the_linkage_of_three_and_for_two_more_years() -> None:
    for way in (Way.PURCHASE, Way.BUILDING):
        agree(given(*PASSED, first=replace(signed, way=way))).breaks("P-13")
    agree(given(*PASSED, first=replace(signed, turn=2))).then(agreed)
    agree(given(*PASSED, first=replace(signed, turn=3))).breaks("P-13")


AGAIN = replace(signed, contract="c-2", year=2027, turn=2, renews="c-1", at=NOVEMBER)


def again(state: Given[Contract], contract: Any = AGAIN) -> Any:
    def decided(previous: Contract) -> Any:
        renew(previous, contract)
        return contract

    return state.when(decided)


def test_P_13_is_signed_for_the_next_year_once_both_agree() -> None:
    ready = given(*PASSED, agreed)
    again(ready).then(AGAIN)
    again(given(*PASSED)).breaks("P-13", field="item")
    again(ready, replace(AGAIN, year=2028)).breaks("P-13", field="plan")
    expired = ContractEnded(why=Why.EXPIRED, at=NOVEMBER)
    again(given(*PASSED, agreed, expired)).then(AGAIN)


def test_P_13_what_ended_early_goes_on_with_nobody() -> None:
    again(given(*PASSED, agreed, terminated)).breaks("P-13", field="item")


@pytest.mark.parametrize(
    ("field", "other"),
    [
        ("supplier", "other"),
        ("project", "child-care"),
        ("street", "taihe"),
        ("community", "heping"),
        ("way", Way.BUILDING),
    ],
)
def test_P_13_is_the_same_project_of_the_same_parties(field: str, other: Any) -> None:
    again(given(*PASSED, agreed), replace(AGAIN, **{field: other})).breaks("P-13", field=field)


@pytest.mark.parametrize(
    ("on", "last"),
    [
        (MARCH, date(2027, 3, 2)),
        (datetime(2028, 2, 29, 1, tzinfo=UTC), date(2029, 2, 28)),
    ],
)
def test_P_13_is_signed_yearly(on: datetime, last: date) -> None:
    def file(until: date, way: Way = Way.LINKAGE) -> Any:
        terms = replace(TERMS, until=until)
        return given(first=replace(signed, at=on, way=way)).when(
            lambda c: c.file(by=signed.purchaser, terms=terms, years=3, now=on, work=WORK)
        )

    assert file(last).happened
    file(date(last.year, 3, 3)).breaks("P-13", field="until")
    assert file(date(last.year, 3, 3), Way.PURCHASE).happened


def test_P_13_a_term_of_which_all_is_paid_ends_by_itself() -> None:
    def due(now: datetime) -> Any:
        return lambda c: c.come_due(now=now)

    paid = given(*PASSED, accepted, final_paid)
    assert paid.state.next_due == OVER
    paid.when(due(OVER.replace(hour=15))).then()
    expired = ContractEnded(why=Why.EXPIRED, at=OVER)
    ended = paid.when(due(OVER)).then(expired)
    ended.when(due(OVER)).then()
    assert announce.of_contracts(expired, ended.state) == published.ContractEnded(
        street="guanshang",
        community="haihua",
        supplier="tongxin",
        contract="c-1",
        project="elderly-care",
        year=2026,
        why="expired",
    )
    owed = given(shown, answered, filed, before, mid, mid_opened, passed, final_opened, final_paid)
    assert owed.state.next_due == mid_opened.clock.due
