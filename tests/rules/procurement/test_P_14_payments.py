"""P-14, P-30, P-31: what is paid, behind which gates, and in time until when."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from contracts import procurement as told
from services.procurement import announce
from services.procurement.domain.contract import Contract, PerformanceAccepted, Terms, evolve
from services.procurement.domain.evaluation import Band
from services.procurement.domain.payment import SHARES, Instalment, plan
from tests.support.specification import Decision, Given, past

from .cases import (
    JUNE,
    MARCH,
    NOVEMBER,
    POOR,
    TERMS,
    WORK,
    accepted,
    before,
    failed,
    filed,
    first_paid,
    mid,
    passed,
    signed,
    terminated,
)

FIRST, MID, FINAL = Instalment
PURCHASER = signed.purchaser


def given(*happened: Any) -> Given[Contract]:
    return past(None, evolve, (signed, *happened))


def pay(
    state: Given[Contract], instalment: Instalment, now: datetime = MARCH
) -> Decision[Contract]:
    return state.when(lambda c: c.pay(instalment=instalment, now=now, work=WORK))


@for_all(st.integers(1, 10**13))
@settings(max_examples=10_000, deadline=None)
def test_P_14_the_instalments_add_up_to_the_fen(amount: int) -> None:
    parts = plan(amount)
    assert list(parts) == list(Instalment)
    assert sum(parts.values()) == amount
    for instalment, per_cent in SHARES.items():
        assert abs(100 * parts[instalment] - per_cent * amount) < 100


def test_P_14_sixty_twenty_twenty() -> None:
    assert plan(101) == {FIRST: 60, MID: 20, FINAL: 21}


def test_P_14_the_first_is_in_time_for_fifteen_working_days_from_signing() -> None:
    pay(given(filed), FIRST).then(first_paid)


def test_P_14_an_instalment_is_paid_once() -> None:
    pay(given(filed, before, mid, first_paid), FIRST).breaks("P-14", field="instalment")
    pay(given(filed, first_paid), FIRST).breaks("P-14")


def test_P_14_the_second_waits_for_a_passed_mid_term_evaluation() -> None:
    pay(given(filed, before), MID).breaks("P-14", field="instalment")
    poor = evaluated_mid_poorly()
    pay(given(filed, before, poor), MID).breaks("P-14", field="instalment")
    paid = pay(given(filed, before, mid, first_paid), MID, JUNE).leads_to().state.payments[-1]
    assert (paid.amount, paid.due) == (6_000_000, datetime(2026, 6, 24, 9, tzinfo=UTC))


def evaluated_mid_poorly() -> Any:
    return replace(mid, parts=POOR, points=599, band=Band.UNQUALIFIED)


def test_P_14_nothing_is_paid_of_a_contract_that_has_ended() -> None:
    pay(given(filed, terminated), FIRST).breaks("P-14")
    pay(given(filed, before, mid, failed), FINAL).breaks("P-14")


def test_P_14_never_more_than_the_contract() -> None:
    done = given(filed, before, mid, passed, accepted)
    for instalment in Instalment:
        done = pay(done, instalment, NOVEMBER).leads_to()
    assert sum(paid.amount for paid in done.state.payments) == signed.amount
    for instalment in Instalment:
        pay(done, instalment, NOVEMBER).breaks("P-14")


def test_P_14_a_payment_is_told_with_its_day() -> None:
    state = pay(given(filed), FIRST).leads_to().state
    assert announce.of_contracts(first_paid, state) == told.PaymentReleased(
        street="guanshang",
        community="haihua",
        supplier="tongxin",
        contract="c-1",
        project="elderly-care",
        instalment="first",
        amount=18_000_000,
        due=first_paid.due,
    )
    assert announce.of_contracts(filed, state) is None
    assert announce.of_contracts(accepted, state) is None


def test_P_30_nothing_is_paid_before_filing() -> None:
    pay(given(), FIRST).breaks("P-30", clause="官政办通〔2016〕40号 二.4.4")
    pay(given(before, mid, passed), MID).breaks("P-30")


def test_P_30_a_contract_is_filed_once_and_while_it_goes_on() -> None:
    given().when(lambda c: c.file(terms=TERMS, now=MARCH)).then(filed)
    given(filed).when(lambda c: c.file(terms=TERMS, now=MARCH)).breaks("P-30")
    given(terminated).when(lambda c: c.file(terms=TERMS, now=JUNE)).breaks("P-30")


def test_P_30_its_term_does_not_end_before_it_was_signed() -> None:
    over = Terms(
        scope="甲",
        object="乙",
        quantity="1",
        quality="良",
        duties="无",
        liability="无",
        until=date(2026, 3, 1),
    )
    given().when(lambda c: c.file(terms=over, now=MARCH)).breaks("P-30", field="until")


def accept(by: str = PURCHASER, *, ok: bool = True) -> Any:
    return lambda c: c.accept(by=by, passed=ok, findings="符合合同标准", now=NOVEMBER)


def test_P_31_the_last_instalment_waits_for_acceptance() -> None:
    evaluated = given(filed, before, mid, passed)
    pay(evaluated, FINAL).breaks("P-31", clause="官政办通〔2016〕40号 二.4.5", field="instalment")
    refused = PerformanceAccepted(passed=False, findings="台账不全", at=NOVEMBER)
    pay(given(filed, before, mid, passed, refused), FINAL).breaks("P-31")
    paid = pay(given(filed, before, mid, passed, accepted), FINAL, NOVEMBER).leads_to()
    assert paid.state.payments[-1].amount == 6_000_000


def test_P_31_the_purchaser_accepts_after_the_final_evaluation_and_once() -> None:
    evaluated = (filed, before, mid, passed)
    given(*evaluated).when(accept()).then(accepted)
    given(*evaluated).when(accept("street:wujing")).breaks("P-31")
    given(filed, before, mid).when(accept()).breaks("P-31")
    given(before, mid, passed).when(accept()).breaks("P-31")
    given(*evaluated, accepted).when(accept()).breaks("P-31")
    again = given(*evaluated).when(accept(ok=False)).leads_to()
    again.when(accept()).then(accepted)
