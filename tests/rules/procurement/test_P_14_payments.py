"""P-14, P-30, P-31: what is paid, behind which gates, and in time until when."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from chassis.kernel.clock import start
from chassis.kernel.errors import OURS, Malformed, RuleBroken
from contracts import procurement as published
from services.procurement import announce
from services.procurement.domain.contract import Contract
from services.procurement.domain.evaluation import Band, Stage
from services.procurement.domain.events import (
    PaymentOpened,
    PaymentRenewed,
    PerformanceAccepted,
    Terms,
    Way,
)
from services.procurement.domain.evolution import evolve
from services.procurement.domain.payment import SHARES, TIME_TO_PAY, Instalment, plan
from services.procurement.domain.rules import ACCEPTANCE, INSTALMENTS
from services.procurement.domain.signing import sign
from tests.support.calendars import lengthened
from tests.support.specification import Decision, Given, past

from .cases import (
    AGREED,
    JUNE,
    MARCH,
    NOVEMBER,
    POLICY,
    POOR,
    STREET,
    TERMS,
    WORK,
    accepted,
    answered,
    before,
    ended_unqualified,
    failed,
    filed,
    final_opened,
    first_missed,
    first_opened,
    first_paid,
    found,
    mid,
    mid_opened,
    mid_paid,
    passed,
    ready,
    shown,
    signed,
    stands,
    terminated,
)

FIRST, MID, FINAL = Instalment
PURCHASER = signed.purchaser
ELIGIBLE = stands()
FILED = (filed, first_opened)
MID_PASSED = (mid, mid_opened)
FINAL_PASSED = (passed, final_opened)


def given(*happened: Any) -> Given[Contract]:
    return past(None, evolve, (signed, *ready, shown, answered, *happened))


def pay(
    state: Given[Contract], instalment: Instalment, now: datetime = MARCH
) -> Decision[Contract]:
    return state.when(lambda c: c.pay(by="finance", instalment=instalment, now=now))


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
    pay(given(*FILED), FIRST).then(first_paid)


def test_P_14_an_instalment_is_paid_once() -> None:
    pay(given(*FILED, before, *MID_PASSED, first_paid), FIRST).breaks("P-14", field="instalment")
    pay(given(*FILED, first_paid), FIRST).breaks("P-14")


def test_P_14_the_second_waits_for_a_passed_mid_term_evaluation() -> None:
    pay(given(*FILED, before), MID).breaks("P-14", field="instalment")
    poor = evaluated_mid_poorly()
    pay(given(*FILED, before, poor), MID).breaks("P-14", field="instalment")
    paid = (
        pay(given(*FILED, before, *MID_PASSED, first_paid), MID, JUNE).leads_to().state.payments[-1]
    )
    assert (paid.amount, paid.due) == (6_000_000, datetime(2026, 6, 24, 9, tzinfo=UTC))


def evaluated_mid_poorly() -> Any:
    return replace(mid, parts=POOR, points=599, band=Band.UNQUALIFIED)


def test_P_14_nothing_is_paid_of_a_contract_that_has_ended() -> None:
    pay(given(*FILED, terminated), FIRST).breaks("P-14")
    pay(given(*FILED, before, *MID_PASSED, failed), FINAL).breaks("P-14")


def test_P_14_never_more_than_the_contract() -> None:
    done = given(*FILED, before, *MID_PASSED, *FINAL_PASSED, accepted)
    for instalment in Instalment:
        done = pay(done, instalment, NOVEMBER).leads_to()
    assert sum(paid.amount for paid in done.state.payments) == signed.amount
    for instalment in Instalment:
        pay(done, instalment, NOVEMBER).breaks("P-14")


def test_P_14_a_payment_is_told_with_its_day() -> None:
    state = pay(given(*FILED), FIRST).leads_to().state
    assert announce.of_contracts(first_paid, state) == published.PaymentReleased(
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
    pay(given(before, *MID_PASSED, *FINAL_PASSED), MID).breaks("P-30")


def test_P_30_a_contract_is_filed_once_and_while_it_goes_on() -> None:
    given().when(lambda c: c.file(by=PURCHASER, terms=TERMS, years=3, now=MARCH, work=WORK)).then(
        *FILED
    )
    given(*FILED).when(
        lambda c: c.file(by=PURCHASER, terms=TERMS, years=3, now=MARCH, work=WORK)
    ).breaks("P-30")
    given(terminated).when(
        lambda c: c.file(by=PURCHASER, terms=TERMS, years=3, now=JUNE, work=WORK)
    ).breaks("P-30")


def test_P_30_its_term_does_not_end_before_it_was_signed() -> None:
    over = Terms(
        scope="甲",
        object="乙",
        quantity="1",
        quality="良",
        payment="分三次",
        duties="无",
        liability="无",
        until=date(2026, 3, 1),
    )
    given().when(lambda c: c.file(by=PURCHASER, terms=over, years=3, now=MARCH, work=WORK)).breaks(
        "P-30", field="until"
    )


def test_P_30_its_term_is_no_longer_than_the_policy_says() -> None:
    def files(until: date, way: Way = Way.PURCHASE, years: int = 3) -> Decision[Contract]:
        terms = replace(TERMS, until=until)
        return past(None, evolve, (replace(signed, way=way),)).when(
            lambda c: c.file(by=PURCHASER, terms=terms, years=years, now=MARCH, work=WORK)
        )

    for way in (Way.PURCHASE, Way.BUILDING):
        assert files(date(2029, 3, 2), way).happened
        files(date(2029, 3, 3), way).breaks("P-30", field="until")
    files(date(2029, 3, 2), years=2).breaks("P-30", field="until")


@pytest.mark.parametrize(
    "part", ["scope", "object", "quantity", "quality", "payment", "duties", "liability"]
)
def test_P_30_every_part_says_something(part: str) -> None:
    blank = replace(TERMS, **{part: " "})  # type: ignore[arg-type]
    given().when(
        lambda c: c.file(by=PURCHASER, terms=blank, years=3, now=MARCH, work=WORK)
    ).refused(Malformed, field=part)


def test_P_30_who_signed_files_it() -> None:
    given().when(
        lambda c: c.file(by="street:wujing", terms=TERMS, years=3, now=MARCH, work=WORK)
    ).breaks("P-30")


def test_P_31_who_bought_does_not_pay() -> None:
    own = given(*FILED).when(lambda c: c.pay(by=PURCHASER, instalment=FIRST, now=MARCH))
    own.breaks("P-31")


def test_P_31_a_wait_for_acceptance_alone_closes_paying() -> None:
    waiting = given(*FILED, before, *MID_PASSED, *FINAL_PASSED, first_paid, mid_paid)
    waiting.when(lambda c: c.may_pay("finance")).breaks("P-31")
    bought = past(
        None, evolve, (replace(signed, purchaser="department:finance"), filed, first_opened)
    )
    bought.when(lambda c: c.may_pay("finance")).breaks("P-31")
    accepted_too = given(*FILED, before, *MID_PASSED, *FINAL_PASSED, first_paid, mid_paid, accepted)
    accepted_too.state.may_pay("finance")


def test_P_14_what_is_paid_and_what_cannot_be_yet_are_told_apart() -> None:
    for happened, detail in ((first_paid, "已经拨付"), (mid_paid, "尚未具备")):
        state = given(*FILED, *MID_PASSED, first_paid).state
        with pytest.raises(RuleBroken, match=detail):
            state.pay(
                by="finance",
                instalment=FIRST if happened is first_paid else FINAL,
                now=MARCH,
            )


def test_P_14_a_late_instalment_of_an_ended_contract_is_no_longer_called_overdue() -> None:
    late_one = given(*FILED, first_missed)
    assert late_one.state.overdue
    assert not given(*FILED, first_missed, terminated).state.overdue


def test_P_14_no_instalment_is_nothing() -> None:
    for amount in (1, 2):
        with pytest.raises(Malformed) as refusal:
            sign(replace(signed, amount=amount), ELIGIBLE)
        assert refusal.value.field == "amount"
    assert min(plan(3).values()) == 1
    sign(replace(signed, amount=3), ELIGIBLE)


def accept(by: str = PURCHASER, *, ok: bool = True) -> Any:
    return lambda c: c.accept(by=by, passed=ok, findings="符合合同标准", now=NOVEMBER)


def test_P_31_the_last_instalment_waits_for_acceptance() -> None:
    evaluated = given(*FILED, before, *MID_PASSED, *FINAL_PASSED)
    pay(evaluated, FINAL).breaks("P-31", clause=ACCEPTANCE, field="instalment")
    refused = PerformanceAccepted(passed=False, findings="台账不全", at=NOVEMBER)
    pay(given(*FILED, before, *MID_PASSED, *FINAL_PASSED, refused), FINAL).breaks("P-31")
    paid = pay(
        given(*FILED, before, *MID_PASSED, *FINAL_PASSED, accepted), FINAL, NOVEMBER
    ).leads_to()
    assert paid.state.payments[-1].amount == 6_000_000


def test_P_31_the_purchaser_accepts_after_the_final_evaluation_and_once() -> None:
    evaluated = (*FILED, before, *MID_PASSED, *FINAL_PASSED)
    given(*evaluated).when(accept()).then(accepted)
    given(*evaluated).when(accept("street:wujing")).breaks("P-31")
    given(*FILED, before, *MID_PASSED).when(accept()).breaks("P-31")
    given(before, *MID_PASSED, *FINAL_PASSED).when(accept()).breaks("P-31")
    given(*evaluated, accepted).when(accept()).breaks("P-31")
    again = given(*evaluated).when(accept(ok=False)).leads_to()
    again.when(accept()).then(accepted)


def late(now: datetime) -> Any:
    return lambda c: c.miss(now=now)


def test_P_14_a_late_payment_is_found_once_and_may_still_be_made() -> None:
    due = first_opened.clock.due
    given(*FILED).when(late(due)).then()
    missed = given(*FILED).when(late(JUNE)).then(first_missed)
    assert (given(*FILED).state.next_due, missed.state.next_due) == (due, None)
    missed.when(late(NOVEMBER)).then()
    assert announce.of_contracts(first_missed, missed.state) == published.PaymentOverdue(
        street="guanshang",
        community="haihua",
        supplier="tongxin",
        contract="c-1",
        project="elderly-care",
        instalment="first",
        due=due,
    )
    paid = pay(missed, FIRST, NOVEMBER).leads_to()
    assert paid.state.payments[0].at > paid.state.payments[0].due


def test_P_14_what_ends_the_wait_after_its_day_finds_it_late_before_the_timer_does() -> None:
    late_paid = replace(first_paid, at=JUNE)
    pay(given(*FILED), FIRST, JUNE).then(first_missed, late_paid)
    given(*FILED).when(
        lambda c: c.terminate(by=STREET, ground=AGREED, reason="街道撤销项目", now=JUNE)
    ).then(first_missed, terminated)
    late_first = replace(first_missed, at=NOVEMBER)
    given(*FILED, before, *MID_PASSED).when(
        lambda c: c.evaluate(
            by="expert:7",
            findings=found(Stage.FINAL, POOR),
            policy=POLICY,
            now=NOVEMBER,
            work=WORK,
        )
    ).then(
        late_first,
        replace(late_first, instalment=MID, due=mid_opened.clock.due),
        failed,
        ended_unqualified,
    )


def test_P_14_what_is_paid_or_ended_is_never_late() -> None:
    given(*FILED, first_paid).when(late(NOVEMBER)).then()
    given(*FILED, terminated).when(late(NOVEMBER)).then()
    assert given(*FILED, first_paid).state.next_due is None
    assert given(*FILED, terminated).state.next_due is None


def files(state: Given[Contract], now: datetime) -> Decision[Contract]:
    return state.when(lambda c: c.file(by=PURCHASER, terms=TERMS, years=3, now=now, work=WORK))


def test_P_14_who_pays_isnt_late_with_what_was_filed_late() -> None:
    from_filing = start(TIME_TO_PAY, JUNE, WORK)
    filing = files(given(), JUNE).then(
        replace(filed, at=JUNE), PaymentOpened(instalment=FIRST, clock=from_filing)
    )
    assert filing.state.next_due == from_filing.due
    filing.when(late(from_filing.due)).then()
    assert filing.when(late(NOVEMBER)).happened
    assert announce.of_contracts(first_opened, filing.state) is None


def test_P_14_what_was_evaluated_before_the_filing_is_paid_in_time_after_it() -> None:
    unfiled = given(before, *MID_PASSED)
    assert unfiled.state.next_due is None
    unfiled.when(late(NOVEMBER)).then()
    from_filing = start(TIME_TO_PAY, NOVEMBER, WORK)
    filing = files(unfiled, NOVEMBER).leads_to()
    assert [(one.instalment, one.clock) for one in filing.state.claims] == [
        (MID, from_filing),
        (FIRST, from_filing),
    ]
    told_late = given(before, *MID_PASSED, replace(first_missed, instalment=MID))
    kept = files(told_late, NOVEMBER).leads_to().state.claims[0]
    assert (kept.missed, kept.clock) == (True, mid_opened.clock), "as it was told"


def comes_due(now: datetime) -> Any:
    return lambda c: c.come_due(now=now)


def test_P_14_what_was_kept_with_a_day_before_its_filing_comes_due_once() -> None:
    """Kept again as it is, it has none any more."""
    unfiled = given(before, *MID_PASSED)
    unfiled.when(comes_due(mid_opened.clock.due)).then()
    renewed = PaymentRenewed(instalment=MID, clock=mid_opened.clock)
    after = unfiled.when(comes_due(NOVEMBER)).then(renewed).state
    assert after == unfiled.state
    assert after.next_due is None
    given(before, *MID_PASSED, terminated).when(comes_due(NOVEMBER)).then()
    given(before, *MID_PASSED, replace(first_missed, instalment=MID)).when(
        comes_due(NOVEMBER)
    ).then()


def test_P_14_time_past_the_known_calendar_is_counted_again() -> None:
    short = WORK.as_known_through(date(2025, 12, 31))
    provisional = PaymentOpened(instalment=FIRST, clock=start(TIME_TO_PAY, MARCH, short))
    assert provisional.clock.provisional
    running = given(filed, provisional)
    running.when(lambda c: c.renew_calendar(short, MARCH)).then()
    renewed = running.when(lambda c: c.renew_calendar(WORK, MARCH)).leads_to()
    [claim] = renewed.state.claims
    assert claim.clock == first_opened.clock
    running.when(lambda c: c.renew_calendar(WORK, NOVEMBER)).then()
    given(*FILED).when(lambda c: c.renew_calendar(short, MARCH)).then()


def test_P_14_an_amended_notice_moves_what_runs_also_onto_days_that_are_assumed() -> None:
    since = datetime(2026, 11, 23, 2, tzinfo=UTC)
    sure = start(TIME_TO_PAY, since, WORK)
    assert not sure.provisional
    longer = lengthened(*(date(2026, 12, 2) + timedelta(days=n) for n in range(14)))
    again = start(TIME_TO_PAY, since, longer)
    assert again.provisional
    running = given(filed, PaymentOpened(instalment=FIRST, clock=sure))
    running.when(lambda c: c.renew_calendar(longer, since)).then(
        PaymentRenewed(instalment=FIRST, clock=again)
    )


def test_P_31_acceptance_is_the_clauses_and_who_does_not_pay_is_ours() -> None:
    own = given(*FILED).when(lambda c: c.pay(by=PURCHASER, instalment=FIRST, now=MARCH))
    own.breaks("P-31", clause=OURS)
    given(*FILED, before, *MID_PASSED).when(accept()).breaks("P-31", clause=OURS)
    evaluated = given(*FILED, before, *MID_PASSED, *FINAL_PASSED)
    evaluated.when(accept("street:wujing")).breaks("P-31", clause=ACCEPTANCE)


@pytest.mark.parametrize("way", Way)
def test_P_14_the_three_parts_are_a_clause_of_linkage_and_ours_of_other_ways(way: Way) -> None:
    state = past(None, evolve, (replace(signed, way=way), *FILED))
    pay(state, FINAL).breaks("P-14", clause=INSTALMENTS if way is Way.LINKAGE else OURS)
