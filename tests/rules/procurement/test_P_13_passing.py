"""P-13: a contract isn't passed on; what is found of it is answered, settled by another office, and has its price."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from chassis.kernel.clock import start
from chassis.kernel.errors import OURS, Malformed
from contracts import procurement as published
from services.procurement import announce
from services.procurement.domain.applicant import Applicant
from services.procurement.domain.appraisal import taken_part_in
from services.procurement.domain.contract import Contract
from services.procurement.domain.eligibility import (
    BreachHeard,
    EligibilityChanged,
    State,
    evolve,
    hear,
)
from services.procurement.domain.events import ContractEnded, PaymentRenewed, Way, Why
from services.procurement.domain.evolution import evolve as evolve_contract
from services.procurement.domain.passing import PassingAnswered, PassingFound, PassingSettled
from services.procurement.domain.payment import TIME_TO_PAY, Instalment
from services.procurement.domain.signing import replace_ended
from services.procurement.domain.standing import Lost
from tests.support.specification import Decision, Given, past

from .cases import (
    JUNE,
    MARCH,
    STREET,
    SUPPLIER,
    WORK,
    filed,
    first_missed,
    first_opened,
    heard,
    signed,
    stands,
)

CLAUSE = "官政办通〔2016〕40号 二.4.4"
found = PassingFound(
    to="某机构", findings="主要服务由他人提供", document="记录3号", by=STREET, at=MARCH
)
answered = PassingAnswered(answer="仅为场地合作", at=MARCH)
upheld = PassingSettled(upheld=True, opinion="属实", at=JUNE)
cleared = PassingSettled(upheld=False, opinion="不属实", at=JUNE)
ended = ContractEnded(why=Why.SUBCONTRACTED, at=JUNE)
breach = BreachHeard(
    event="e-1",
    supplier="tongxin",
    contract="c-1",
    project="elderly-care",
    year=2026,
    at=datetime(2026, 6, 2, tzinfo=UTC),
)


def given(*happened: Any) -> Given[Contract]:
    return past(None, evolve_contract, (signed, *happened))


def finds(state: Given[Contract], **other: str) -> Decision[Contract]:
    texts = {"to": found.to, "findings": found.findings, "document": found.document}
    return state.when(lambda c: c.find_passing(**{**texts, "by": STREET, **other}, now=MARCH))


def settles(state: Given[Contract], *, by: str = "finance", upheld: bool = True) -> Any:
    opinion = "属实" if upheld else "不属实"
    return state.when(
        lambda c: c.settle_passing(by=by, upheld=upheld, opinion=opinion, now=JUNE, work=WORK)
    )


@pytest.mark.parametrize("field", ["to", "findings", "document"])
def test_P_13_a_finding_says_to_whom_what_and_where_it_stands(field: str) -> None:
    finds(given()).then(found)
    finds(given(), **{field: " "}).refused(Malformed, field=field)
    finds(given(found)).breaks("P-13", clause=CLAUSE)
    finds(given(found, upheld, ended)).breaks("P-13")
    assert finds(given(found, cleared)).happened


def test_P_13_its_supplier_answers_once_before_it_is_settled() -> None:
    answering = lambda c: c.answer_passing(answer="仅为场地合作", now=MARCH)  # noqa: E731
    given().when(answering).breaks("P-13", clause=CLAUSE)
    after = given(found).when(answering).then(answered)
    after.when(answering).breaks("P-13", clause=CLAUSE)
    given(found, cleared).when(answering).breaks("P-13", clause=CLAUSE)
    given(found).when(lambda c: c.answer_passing(answer=" ", now=MARCH)).refused(Malformed)


def test_P_13_another_office_settles_it_and_upheld_it_ends_the_contract() -> None:
    settles(given()).breaks("P-13", clause=CLAUSE)
    settles(given(found), by=STREET).breaks("P-13", clause=OURS)
    settles(given(found), upheld=False).then(cleared)
    settles(given(found, cleared)).breaks("P-13", clause=CLAUSE)
    silent = given(found).when(
        lambda c: c.settle_passing(by="finance", upheld=True, opinion=" ", now=JUNE, work=WORK)
    )
    silent.refused(Malformed, field="opinion")
    after = settles(given(found, answered)).then(upheld, ended)
    assert announce.of_contracts(upheld, after.state) is None
    assert announce.of_contracts(ended, after.state) == published.ContractEnded(
        street="guanshang",
        community="haihua",
        supplier="tongxin",
        contract="c-1",
        project="elderly-care",
        year=2026,
        why="subcontracted",
    )
    after.when(lambda c: replace_ended(c, signed, signed.amount)).decide(after.state)


def test_P_13_who_bought_finds_it_and_no_street_where_it_is_only_delivered() -> None:
    bought = past(None, evolve_contract, (replace(signed, purchaser="department:civil-affairs"),))
    finds(bought).breaks("P-13", clause=CLAUSE)
    for by in ("department:civil-affairs", "finance"):
        finds(bought, by=by).then(replace(found, by=by))


def test_P_13_nothing_is_paid_while_a_finding_waits() -> None:
    paying = lambda c: c.pay(by="finance", instalment=Instalment.FIRST, now=MARCH)  # noqa: E731
    given(filed, first_opened, found).when(paying).breaks("P-13", clause=OURS)
    assert given(filed, first_opened, found, cleared).when(paying).happened


def test_P_14_nobody_is_late_while_a_finding_waits_and_the_time_to_pay_begins_anew_after_it() -> (
    None
):
    waits = given(filed, first_opened, found)
    assert waits.state.next_due is None
    late = waits.when(lambda c: c.come_due(now=JUNE))
    late.then(PaymentRenewed(instalment=Instalment.FIRST, clock=first_opened.clock))
    assert settles(waits).happened == (upheld, ended)
    again = PaymentRenewed(instalment=Instalment.FIRST, clock=start(TIME_TO_PAY, JUNE, WORK))
    after = settles(waits, upheld=False).then(cleared, again)
    assert after.state.next_due == again.clock.due
    settles(given(found), upheld=False).then(cleared)


def test_P_14_what_was_late_before_a_finding_stays_late() -> None:
    finding = given(filed, first_opened).when(
        lambda c: c.find_passing(
            to=found.to, findings=found.findings, document=found.document, by=STREET, now=JUNE
        )
    )
    after = finding.then(first_missed, replace(found, at=JUNE))
    settles(after, upheld=False).then(cleared)


def test_P_13_whoever_passed_it_on_may_not_have_the_project_in_the_next_year() -> None:
    begun = EligibilityChanged(
        state=State.RESTRICTED, project="elderly-care", year=2027, rule="P-13"
    )
    known = past(None, evolve, ()).when(lambda e: tuple(hear(e, breach))).then(breach, begun)
    known.when(lambda e: tuple(hear(e, breach))).then()
    event = announce.of_eligibilities(begun, known.state)
    assert isinstance(event, published.EligibilityChanged)
    assert (event.rule, event.clause, event.until) == ("P-13", CLAUSE, "2027-12-31")
    assert announce.of_eligibilities(breach, known.state) is None
    Given(stands(known.state, year=2027), evolve).when(lambda s: s.must_bid()).breaks(
        "P-13", clause=CLAUSE, field="supplier"
    )
    assert stands(known.state, year=2026).may_bid
    late = evolve(None, replace(breach, at=datetime(2028, 6, 2, tzinfo=UTC)))
    assert [year for year in range(2026, 2031) if not stands(late, year=year).may_bid] == [
        2028,
        2029,
    ]
    [reason] = stands(late, year=2028).reasons
    assert reason.until == date(2029, 12, 31)
    assert stands(known.state, project="child-care", year=2027).may_bid
    both = [evolve(evolve(None, breach), heard("e-2")), evolve(evolve(None, heard("e-2")), breach)]
    assert both[0] == both[1]


def test_P_13_what_ended_by_its_suppliers_fault_is_not_given_to_it_again() -> None:
    """In the same year, in which the documents don't restrict it yet."""
    for why, rule in ((Why.SUBCONTRACTED, "P-13"), (Why.UNQUALIFIED, "P-07")):
        lost = given(replace(ended, why=why)).state.lost
        assert lost == Lost(contract="c-1", rule=rule)
        Given(stands(lost=(lost,)), evolve).when(lambda s: s.must_bid()).breaks(
            rule, clause=OURS, field="supplier"
        )
    for other in (Why.TERMINATED, Why.EXPIRED):
        assert given(replace(ended, why=other)).state.lost is None
    assert given().state.lost is None


def test_P_09_who_passed_one_on_is_not_clean() -> None:
    known = past(None, evolve, (breach,)).state
    for heard_, clean in ((known, False), (None, True)):
        applicant = Applicant(standing=stands(heard_), supplier=SUPPLIER, heard=heard_)
        assert applicant.precedence(1, 1).clean is clean


def test_P_13_is_of_every_way_of_buying() -> None:
    for way in Way:
        assert finds(past(None, evolve_contract, (replace(signed, way=way),))).happened


def test_P_13_who_evaluates_is_not_answered_with_a_finding_that_waits() -> None:
    contract = given(found).state
    assert contract is not None and contract.passing is not None
    assert taken_part_in(contract, "expert:7").passing is None
