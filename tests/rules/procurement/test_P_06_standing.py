"""P-06, P-07: what a supplier may bid for follows from its papers, its bars and its evaluations."""

from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from chassis import step_taken
from chassis.asking import Asking
from chassis.cause import Cause
from chassis.kernel.errors import Malformed, NotFound
from contracts import procurement as published
from services.procurement import announce
from services.procurement.domain.applicant import Applicant
from services.procurement.domain.eligibility import State
from services.procurement.domain.eligibility import evolve as hear
from services.procurement.domain.evaluation import Band
from services.procurement.domain.signing import sign
from services.procurement.domain.standing import NAMES
from services.procurement.domain.supplier import (
    Bar,
    BarAppealed,
    BarEnded,
    Barred,
    BarReviewed,
    Fact,
    FactFiled,
    FactKind,
    Ground,
    Supplier,
    evolve,
)
from services.procurement.main import desk_on
from services.procurement.steps import contracts
from tests.support.memory import MemoryStore
from tests.support.specification import Decision, Given, past
from tests.support.toy import Silent
from tests.support.walks import person

from .cases import (
    BAR,
    FACTS,
    ITEM,
    JUNE,
    MARCH,
    NEEDED,
    NOVEMBER,
    SUPPLIER,
    TERMS,
    WORK,
    heard,
    registered,
    signed,
    stands,
)

CONDITIONS = "官政办通〔2016〕40号 二.2"
FRAUD = "官政办通〔2016〕40号 三.3"
DISHONEST = "官办通〔2019〕77号 四.5.1"
DAY, TOMORROW = date(2026, 3, 2), date(2026, 3, 3)
barred = Barred(bar=BAR, at=MARCH)
appealed = BarAppealed(bar="1", grounds="事实不清", at=MARCH)
kept = BarReviewed(bar="1", lifted=False, answer="维持", at=MARCH)
lifted = BarReviewed(bar="1", lifted=True, answer="解除", at=MARCH)


def given(*happened: Any) -> Given[Supplier]:
    return past(None, evolve, (registered, *happened))


# Facts


def test_P_06_every_condition_that_is_asked_for_has_to_be_shown() -> None:
    assert stands().state is State.ELIGIBLE
    for kind in NEEDED:
        without = replace(SUPPLIER, facts=tuple(one for one in FACTS if one.kind is not kind))
        now = stands(supplier=without)
        assert (now.state, now.may_bid) == (State.RESTRICTED, False)
        [reason] = now.reasons
        assert (reason.rule, reason.clause) == ("P-06", CONDITIONS)
        assert NAMES[kind] in reason.text


def test_P_06_a_paper_counts_until_its_last_day_and_the_latest_counts() -> None:
    lapsing = replace(FACTS[0], until=DAY)
    old = replace(SUPPLIER, facts=(*FACTS, lapsing))
    assert stands(supplier=old, on=DAY).may_bid
    assert not stands(supplier=old, on=date(2026, 3, 3)).may_bid
    renewed = replace(old, facts=(*old.facts, replace(lapsing, until=date(2027, 3, 2))))
    assert stands(supplier=renewed, on=date(2026, 3, 3)).may_bid


def test_P_06_a_paper_that_lapsed_since_the_award_is_renewed_before_it_is_signed() -> None:
    """It is asked for again on the day: the award stands meanwhile."""
    lapsing = replace(FACTS[0], until=DAY)
    awarded = replace(SUPPLIER, facts=(lapsing, *FACTS[1:]))
    renewed = replace(awarded, facts=(*awarded.facts, replace(lapsing, until=date(2027, 3, 2))))

    def signs(supplier: Supplier, on: date) -> Decision[Supplier]:
        return Given(supplier, evolve).when(lambda one: sign(signed, stands(supplier=one, on=on)))

    assert signs(awarded, DAY).happened
    signs(awarded, TOMORROW).breaks("P-06", clause=CONDITIONS, field="supplier")
    assert signs(renewed, TOMORROW).happened


async def test_P_06_what_was_signed_stands_when_a_paper_lapses_after() -> None:
    """And goes on: what a step asks of it, it doesn't ask of its supplier again."""
    desk = desk_on(MemoryStore(), bytes(32), Silent(), WORK)
    await desk.policies.seed(MARCH)
    lapsing = tuple(replace(one, until=DAY) for one in FACTS)
    cause = Cause(actor="platform", now=MARCH)
    await desk.suppliers.once("tongxin", [replace(registered, facts=lapsing)], cause)
    await desk.contracts.once("c-1", [sign(signed, stands(on=DAY))], cause)
    applicant = await desk.applicant("tongxin", "elderly-care", JUNE, "p-1", 2026, ITEM)
    assert not applicant.standing.may_bid
    asking = Asking(person("street:guanshang"), Cause(actor="street:guanshang", now=JUNE))
    said = (contracts.TermsIn(**asdict(TERMS)),)
    after, _ = await step_taken.take(contracts.file, desk, asking, {"id": "c-1"}, said)
    assert after.aggregate.filed_at == JUNE


@pytest.mark.parametrize(
    ("grade", "state"), [(2, State.ELIGIBLE), (3, "preferred"), (5, "preferred")]
)
def test_P_06_from_three_a_on_is_preferred(grade: int, state: State) -> None:
    rating = Fact(kind=FactKind.RATING, evidence="证-9", on=date(2026, 1, 5), grade=grade)
    now = stands(supplier=replace(SUPPLIER, facts=(*FACTS, rating)))
    assert (now.state, now.may_bid) == (state, True)
    lapsed = replace(rating, until=date(2026, 2, 1))
    assert stands(supplier=replace(SUPPLIER, facts=(*FACTS, lapsed))).state is State.ELIGIBLE


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"on": date(2026, 3, 3)}, "on"),
        ({"until": date(2026, 1, 4)}, "until"),
        ({"grade": 3}, "grade"),
        ({"kind": FactKind.RATING}, "grade"),
    ],
)
def test_P_06_a_fact_that_cannot_be_is_refused(changed: Any, field: str) -> None:
    fact = replace(FACTS[0], **changed)
    given().when(lambda s: s.file(fact, now=MARCH)).refused(Malformed, field=field)


def test_P_06_each_fact_has_its_evidence() -> None:
    given().when(lambda s: s.file(FACTS[0], now=MARCH)).then(FactFiled(fact=FACTS[0], at=MARCH))
    bare = replace(FACTS[0], evidence=" ")
    given().when(lambda s: s.file(bare, now=MARCH)).breaks("P-06", field="evidence")


# Bars


def bar(ground: Ground = Ground.FRAUD, **said: Any) -> Any:
    asked = {
        "ground": ground,
        "document": BAR.document,
        "findings": BAR.findings,
        "decided_on": BAR.decided_on,
        "until": None,
        **said,
    }
    return given().when(lambda s: s.bar(**asked, now=MARCH))


def test_P_07_fraud_bars_for_three_years_from_the_decision() -> None:
    bar().then(barred)
    bar(until=date(2027, 1, 1)).breaks("P-07", clause=FRAUD, field="until")
    leap = bar(decided_on=date(2024, 2, 29)).leads_to()
    assert leap.state.bars[0].until == date(2027, 2, 28)
    state = given(barred).state
    for day, expected in (
        (date(2026, 2, 28), State.ELIGIBLE),
        (date(2026, 3, 1), State.BARRED),
        (date(2029, 3, 1), State.BARRED),
        (date(2029, 3, 2), State.ELIGIBLE),
    ):
        now = stands(supplier=state, on=day, year=day.year)
        assert now.state is expected
    [reason] = stands(supplier=state).reasons
    assert (reason.rule, reason.clause, reason.until) == ("P-07", FRAUD, date(2029, 3, 1))


def test_P_07_dishonesty_bars_as_long_as_the_decision_says() -> None:
    until = date(2026, 12, 31)
    state = bar(Ground.DISHONESTY, until=until).leads_to().state
    [reason] = stands(supplier=state).reasons
    assert (reason.clause, reason.until) == (DISHONEST, until)
    for wrong in (None, BAR.decided_on):
        bar(Ground.DISHONESTY, until=wrong).refused(Malformed, field="until")


@pytest.mark.parametrize("field", ["document", "findings"])
def test_P_07_a_bar_says_what_it_rests_on(field: str) -> None:
    blank: Any = {field: " "}
    bar(**blank).refused(Malformed, field=field)
    bar(decided_on=date(2026, 3, 3)).refused(Malformed, field="decided_on")


def test_P_07_a_barred_supplier_signs_nothing_and_is_told_why() -> None:
    standing = stands(supplier=given(barred).state, project="child-care")
    Given(standing, evolve).when(lambda s: sign(signed, s)).breaks(
        "P-07", clause=FRAUD, field="supplier"
    )


def test_P_07_the_weightiest_reason_comes_first() -> None:
    known = hear(None, heard("e-1"))
    known = hear(known, heard("e-2", project="other", points=950, band=Band.EXCELLENT))
    state = replace(given(barred).state, facts=FACTS[1:])
    now = stands(known, year=2027, supplier=state, on=date(2027, 1, 4))
    assert [one.state for one in now.reasons] == ["barred", "restricted", "restricted", "preferred"]
    assert now.state is State.BARRED


def test_P_07_outstanding_work_speaks_for_it_in_the_year_after() -> None:
    known = hear(None, heard("e-2", points=950, band=Band.EXCELLENT))
    [reason] = stands(known, project="other", year=2027).reasons
    assert (reason.state, reason.clause) == (State.PREFERRED, FRAUD)
    assert stands(known, year=2028).reasons == ()
    late = datetime(2028, 1, 3, tzinfo=UTC)
    known = hear(None, heard("e-2", points=950, band=Band.EXCELLENT, at=late))
    speaks = [year for year in range(2026, 2031) if stands(known, year=year).preferring]
    assert speaks == [2028, 2029]


def test_P_07_is_appealed_once_and_reviewed_once() -> None:
    def appeal(*happened: Any) -> Any:
        return given(*happened).when(lambda s: s.appeal("1", grounds="事实不清", now=MARCH))

    def review(*happened: Any, free: bool = False) -> Any:
        answer = "解除" if free else "维持"
        return given(*happened).when(lambda s: s.review("1", lifted=free, answer=answer, now=MARCH))

    appeal(barred).then(appealed)
    appeal(barred, appealed).breaks("P-07")
    appeal().refused(NotFound)
    review(barred).breaks("P-07")
    review(barred, appealed).then(kept)
    review(barred, appealed, kept).breaks("P-07")
    free = review(barred, appealed, free=True).then(lifted)
    assert stands(supplier=free.state).state is State.ELIGIBLE
    assert free.state.next_due is None
    given(barred).when(lambda s: s.appeal("1", grounds=" ", now=MARCH)).refused(
        Malformed, field="grounds"
    )


def test_P_09_a_bar_that_was_lifted_speaks_against_nobody() -> None:
    ended = BarEnded(bar="1", at=NOVEMBER)
    for so_far, clean in (
        ((), True),
        ((barred,), False),
        ((barred, appealed, kept), False),
        ((barred, ended), False),
        ((barred, appealed, lifted), True),
    ):
        known = given(*so_far).state
        applicant = Applicant(standing=stands(supplier=known), supplier=known)
        assert applicant.precedence(1, 1).clean is clean


OVER = datetime(2029, 3, 1, 16, tzinfo=UTC)
"""The end of 1 March 2029 in Shanghai."""


def test_P_07_a_bar_lifts_by_itself_once() -> None:
    state = given(barred)
    assert state.state.next_due == OVER
    state.when(lambda s: s.end_bars(now=OVER.replace(hour=15))).then()
    ended = state.when(lambda s: s.end_bars(now=OVER)).then(BarEnded(bar="1", at=OVER))
    ended.when(lambda s: s.end_bars(now=OVER)).then()
    ended.when(lambda s: s.appeal("1", grounds="迟", now=OVER)).breaks("P-07")


def test_P_07_what_bars_and_what_ends_it_is_told() -> None:
    after = given(barred).state
    assert announce.of_suppliers(barred, after) == published.EligibilityChanged(
        supplier="tongxin", state="barred", until="2029-03-01", rule="P-07", clause=FRAUD
    )
    assert announce.of_suppliers(appealed, after) is None
    assert announce.of_suppliers(kept, given(barred, appealed, kept).state) is None
    free = published.EligibilityChanged(supplier="tongxin", state="eligible", rule="P-07")
    ended = BarEnded(bar="1", at=NOVEMBER)
    for event in (lifted, ended):
        assert announce.of_suppliers(event, given(barred, event).state) == free


def test_P_07_what_is_told_is_the_longest_of_the_bars_that_stand() -> None:
    """A shorter one that comes after it doesn't end it, and what is left of them is told with the end of another."""

    def of(event: Any, *before: Any) -> Any:
        said = announce.of_suppliers(event, given(*before, event).state)
        assert isinstance(said, published.EligibilityChanged)
        return said.state, said.until, said.clause

    shorter = Bar(
        id="2",
        ground=Ground.DISHONESTY,
        document="失信2号",
        findings="失信",
        decided_on=BAR.decided_on,
        until=date(2027, 3, 1),
    )
    second, longest = Barred(bar=shorter, at=MARCH), ("barred", "2029-03-01", FRAUD)
    assert of(second, barred) == longest
    assert of(BarEnded(bar="2", at=NOVEMBER), barred, second) == longest
    assert of(lifted, barred, second) == ("barred", "2027-03-01", DISHONEST)
