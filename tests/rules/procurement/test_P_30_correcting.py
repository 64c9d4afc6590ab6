"""P-30: what was written wrong into a contract is put right by both who signed it, beside what was said."""

from dataclasses import asdict, replace
from datetime import date
from typing import Any

import pytest

from chassis.asking import Asking
from chassis.cause import Cause
from chassis.kernel.errors import Malformed, RuleBroken
from services.procurement import announce
from services.procurement.domain.contract import Contract
from services.procurement.domain.events import Corrected, CorrectionAnswered, CorrectionAsked
from services.procurement.domain.evolution import evolve
from services.procurement.domain.payment import Instalment, plan
from services.procurement.domain.waiting import of_contract
from services.procurement.main import desk_on
from services.procurement.steps import contracts, supervisions
from tests.support.memory import MemoryStore
from tests.support.specification import Given, past
from tests.support.taking import take
from tests.support.toy import Silent
from tests.support.walks import person

from .cases import (
    ITEM,
    MARCH,
    TERMS,
    WORK,
    drafted,
    examined,
    filed,
    first_opened,
    first_paid,
    published,
    registered,
    reviewed,
    signed,
    submitted,
    terminated,
)
from .test_P_15_supervision import commissioned

STREET, SUPPLIER = "street:guanshang", f"supplier:{signed.supplier}"
RIGHT = replace(TERMS, until=date(2026, 11, 30))
asked = CorrectionAsked(terms=RIGHT, amount=90, reason="期限和金额写错", at=MARCH)
confirmed = CorrectionAnswered(agreed=True, at=MARCH)


def given(*happened: Any) -> Given[Contract]:
    return past(None, evolve, (signed, *happened))


def correct(**other: Any) -> Any:
    said = {
        "by": STREET,
        "terms": RIGHT,
        "amount": 90,
        "reason": asked.reason,
        "most": 100,
        "years": 3,
        "now": MARCH,
        **other,
    }
    return lambda c: c.correct(**said)


def answer(*, agreed: bool = True, comment: str = "") -> Any:
    return lambda c: c.answer_correction(agreed=agreed, comment=comment, now=MARCH)


def test_P_30_an_amount_said_as_it_stands_is_no_correction_of_what_was_paid_by_it() -> None:
    paid = given(filed, first_opened, first_paid)
    paid.when(correct(amount=signed.amount)).then(replace(asked, amount=None))


def test_P_30_a_correction_holds_once_who_delivers_has_confirmed_it() -> None:
    waits = given(filed).when(correct()).then(asked)
    assert (waits.state.terms, waits.state.amount) == (TERMS, signed.amount)
    assert SUPPLIER in of_contract(waits.state)
    right = waits.when(answer()).then(confirmed).state
    assert (right.terms, right.amount, right.correction) == (RIGHT, 90, None)
    before = Corrected(
        terms_before=TERMS, amount_before=signed.amount, reason=asked.reason, at=MARCH
    )
    assert right.corrected == (before,)
    assert announce.of_contracts(confirmed, right) is None


def test_P_30_what_is_not_confirmed_stays_as_it_was_signed() -> None:
    waits = given(filed, asked)
    waits.when(answer(agreed=False)).refused(Malformed, field="comment")
    stays = waits.when(answer(agreed=False, comment="原写无误")).leads_to().state
    assert (stays.terms, stays.amount, stays.correction, stays.corrected) == (
        TERMS,
        signed.amount,
        None,
        (),
    )
    given(filed).when(answer()).breaks("P-30")
    given(filed, asked, terminated).when(answer()).breaks("P-30")


def test_P_30_who_signed_it_corrects_it_with_a_reason_as_it_might_have_been_written() -> None:
    on_file = given(filed)
    on_file.when(correct(by="finance")).breaks("P-30")
    on_file.when(correct(reason=" ")).refused(Malformed, field="reason")
    on_file.when(correct(terms=replace(RIGHT, scope=" "))).refused(Malformed, field="scope")
    late = replace(RIGHT, until=date(2027, 12, 31))
    on_file.when(correct(terms=late)).breaks("P-13", field="until")
    on_file.when(correct(terms=TERMS, amount=None)).breaks("P-30", field="terms")
    on_file.when(correct(terms=None, amount=None)).breaks("P-30", field="terms")
    on_file.when(correct(amount=101)).breaks("P-02", field="amount")
    on_file.when(correct(amount=1)).breaks("P-02", field="amount")
    given().when(correct()).breaks("P-30", field="terms")
    assert given().when(correct(terms=None)).happened, "a wrong sum is seen before it is filed, too"
    given(filed, terminated).when(correct()).breaks("P-30")


def test_P_30_a_sum_of_which_something_was_paid_is_not_corrected() -> None:
    paid = given(filed, first_opened, first_paid)
    paid.when(correct()).breaks("P-30", field="amount")
    assert paid.when(correct(amount=None)).happened
    meanwhile = given(filed, first_opened, asked, first_paid)
    meanwhile.when(answer()).breaks("P-30", field="agreed")


def test_P_14_a_corrected_sum_is_what_is_paid() -> None:
    right = given(filed, first_opened, asked, confirmed)
    [released] = right.when(
        lambda c: c.pay(by="finance", instalment=Instalment.FIRST, now=MARCH)
    ).happened
    assert released.amount == plan(90)[Instalment.FIRST]


async def test_P_02_a_corrected_sum_is_no_more_than_was_planned() -> None:
    desk = desk_on(MemoryStore(), bytes(32), Silent(), WORK)
    cause = Cause(actor=STREET, now=MARCH)
    await desk.policies.seed(MARCH)
    life = (drafted, submitted, reviewed, examined, published)
    await desk.plans.once("p-1", life, cause)
    await desk.contracts.once(
        "c-1", [replace(signed, plan="p-1", item=ITEM.code, amount=100)], cause
    )

    async def corrects(amount: int) -> Any:
        body = contracts.CorrectionIn(amount=amount, reason="金额写错")
        return await take(contracts.correct, desk, Asking(person(STREET), cause), body, id="c-1")

    with pytest.raises(RuleBroken) as broken:
        await corrects(ITEM.amount + 1)
    assert (broken.value.rule.id, broken.value.field) == ("P-02", "amount")
    made = (await corrects(ITEM.amount)).aggregate.correction
    assert made.amount == ITEM.amount


async def test_P_15_a_term_ends_no_earlier_than_its_supervision() -> None:
    """Filed or corrected; supervision is ended first, and commissioned within a term that is to be confirmed."""
    desk = desk_on(MemoryStore(), bytes(32), Silent(), WORK)
    cause = Cause(actor=STREET, now=MARCH)
    asking = Asking(person(STREET), cause)
    await desk.policies.seed(MARCH)
    await desk.suppliers.record("duxun", lambda _: [replace(registered, code="duxun")], cause)
    await desk.contracts.once("c-1", [signed], cause)
    december = replace(commissioned, last=date(2026, 12, 1))
    await desk.supervisions.once("c-1", [december], cause)
    short, whole = (
        contracts.TermsIn(**{**asdict(TERMS), "until": until})
        for until in (RIGHT.until, date(2026, 12, 1))
    )
    corrected = contracts.CorrectionIn(terms=short, reason="期限写错")

    async def refused(step: Any, said: Any) -> None:
        with pytest.raises(RuleBroken, match="督导期至 2026-12") as broken:
            await take(step, desk, asking, said, id="c-1")
        assert (broken.value.rule.id, broken.value.field) == ("P-15", "until")

    await refused(contracts.file, short)
    assert (await take(contracts.file, desk, asking, whole, id="c-1")).events
    await refused(contracts.correct, corrected)
    await desk.supervisions.change("c-1", lambda one: one.end(by=STREET, now=MARCH), cause)
    assert (await take(contracts.correct, desk, asking, corrected, id="c-1")).events
    again = supervisions.CommissionIn(
        supervisor="duxun", first=date(2026, 3, 1), last=date(2026, 12, 1), qualified=1
    )
    with pytest.raises(RuleBroken, match="合同期限至 2026-11-30"):
        await take(supervisions.commission, desk, asking, again, id="c-1")
