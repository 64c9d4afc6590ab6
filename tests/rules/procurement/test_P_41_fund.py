"""P-41: the fund of a community: from where, by whose decision, never below zero, public each quarter."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chassis.kernel.errors import OURS, Malformed, RuleBroken
from contracts import procurement as told
from services.procurement import announce
from services.procurement.domain.fund import (
    CommunityEnded,
    EntryStruck,
    Fund,
    Move,
    QuarterMissed,
    QuarterPublished,
    Received,
    Source,
    Spent,
    Struck,
    account_due,
    evolve,
    next_quarter,
    quarter_of,
    receive,
)
from services.procurement.domain.waiting import of_fund
from tests.support.specification import Decision, Given, past

CLAUSE = "官发〔2018〕15号 三（三）5"
NOW = datetime(2026, 5, 20, 4, tzinfo=UTC)
MORNING = datetime(2026, 2, 11, 4, tzinfo=UTC)
FIRST, SECOND = date(2026, 1, 1), date(2026, 4, 1)
DUE = datetime(2026, 4, 30, 16, tzinfo=UTC)
received = Received(
    street="guanshang",
    community="haihua",
    source=Source.GIFT,
    amount=10_000,
    on=date(2026, 2, 10),
    title="企业捐赠",
    at=datetime(2026, 2, 10, 4, tzinfo=UTC),
)
spent = Spent(
    amount=6_000,
    on=date(2026, 3, 5),
    title="楼道照明",
    decided_on=date(2026, 3, 5),
    at=NOW,
)
struck = EntryStruck(what=Move.SPENT, number=1, reason="重复登记", at=NOW, entered_at=spent.at)
published = QuarterPublished(quarter=FIRST, at=DUE - timedelta(days=9))


def given(*happened: Any) -> Given[Fund]:
    return past(None, evolve, (received, *happened))


def spends(state: Given[Fund], **other_than: Any) -> Decision[Fund]:
    said = {
        "amount": 6_000,
        "on": spent.on,
        "title": spent.title,
        "decided_on": spent.decided_on,
        **other_than,
    }
    return state.when(lambda fund: fund.spend(**said, now=NOW))


def test_P_41_residents_decide_before_it_is_spent() -> None:
    spends(given()).then(spent)
    late = date(2026, 3, 6)
    spends(given(), decided_on=late).breaks("P-41", clause=CLAUSE, field="decided_on")
    spends(given(), title=" ").refused(Malformed, field="title")
    spends(given(), amount=0).refused(Malformed, field="amount")
    spends(given(), on=date(2026, 5, 21), decided_on=FIRST).refused(Malformed, field="on")


def test_P_41_it_is_never_below_zero_on_any_day() -> None:
    assert spends(given(), amount=10_000).leads_to().state.balance == 0
    spends(given(), amount=10_001).breaks("P-41", clause=CLAUSE, field="amount")
    before_it_came = date(2026, 2, 9)
    spends(given(), on=before_it_came, decided_on=FIRST).breaks("P-41", field="amount")
    later = replace(received, on=date(2026, 5, 1))
    much = replace(spent, amount=19_000, on=date(2026, 5, 2))
    spends(given(later, much), amount=1_001).breaks("P-41", field="amount")
    assert spends(given(later, much), amount=1_000).happened


def test_P_41_what_comes_in_says_from_where_and_when() -> None:
    assert receive(None, received) == received
    for other_than in ({"title": " "}, {"amount": 0}, {"on": date(2026, 5, 21)}):
        with pytest.raises(Malformed):
            receive(None, replace(received, **other_than))


def test_P_41_a_quarter_is_published_once_when_it_is_over() -> None:
    def publish(quarter: date, now: datetime = DUE) -> Any:
        return lambda fund: fund.publish(quarter, None, now)

    early = datetime(2026, 3, 31, 15, 59, tzinfo=UTC)
    given().when(publish(FIRST, early)).breaks("P-41", clause=OURS, field="quarter")
    with pytest.raises(RuleBroken, match="此前没有可公布的账目"):
        given().state.publish(date(2025, 10, 1), None, DUE)
    in_time = DUE - timedelta(days=9)
    after = given(spent).when(publish(FIRST, in_time)).then(published)
    after.when(publish(FIRST)).breaks("P-41", field="quarter")
    account = after.state.account(FIRST)
    assert (account.income, account.spending, account.balance) == (10_000, 6_000, 4_000)
    assert after.state.account(SECOND).balance == 4_000


def strike(what: Move, number: int = 1, reason: str = struck.reason) -> Any:
    return lambda fund: fund.strike(what=what, number=number, reason=reason, now=NOW)


def test_P_41_what_was_entered_wrongly_counts_no_more_and_stays_to_be_read() -> None:
    after = given(spent).when(strike(Move.SPENT)).then(struck).state
    kept = Struck(
        what=Move.SPENT,
        amount=spent.amount,
        on=spent.on,
        title=spent.title,
        reason=struck.reason,
        at=NOW,
        entered_at=spent.at,
    )
    assert (after.balance, after.voided, after.account(FIRST).spending) == (10_000, (kept,), 0)
    again = replace(received, amount=9_000)
    right = given(again).when(strike(Move.RECEIVED)).leads_to().state
    assert (right.received, right.balance) == ((again,), 9_000)


def test_P_41_accounts_are_owed_since_the_fund_was_entered_whatever_is_struck_since() -> None:
    right = replace(received, amount=9_000, at=NOW)
    after = given(right).when(strike(Move.RECEIVED)).leads_to().state
    assert (after.owed_since, after.next_due) == (FIRST, DUE)
    kept_before = EntryStruck(what=Move.RECEIVED, number=1, reason="误录", at=NOW)
    assert given(right, kept_before).state.owed_since == SECOND, "as it was found then"


def test_P_41_nothing_is_struck_that_is_public_or_was_spent() -> None:
    given(spent).when(strike(Move.SPENT, 2)).breaks("P-41", clause=OURS, field="number")
    given(spent).when(strike(Move.SPENT, reason=" ")).refused(Malformed, field="reason")
    given().when(strike(Move.RECEIVED)).breaks("P-41", clause=OURS, field="number")
    little = replace(received, amount=5_999)
    given(little, spent).when(strike(Move.RECEIVED)).breaks("P-41", field="number")
    given(spent, published).when(strike(Move.SPENT)).breaks("P-41", clause=OURS, field="number")


def test_P_41_a_published_quarter_is_closed() -> None:
    closed = given(published)
    spends(closed).breaks("P-41", clause=OURS, field="on")
    with pytest.raises(RuleBroken) as broken:
        receive(closed.state, received)
    assert (broken.value.rule.id, broken.value.field) == ("P-41", "on")


def test_P_41_a_published_balance_stays_whichever_quarter_is_entered_late() -> None:
    """Also where a quarter before it isn't public yet: that may be published all the same."""
    july = datetime(2026, 7, 5, 4, tzinfo=UTC)
    fund = given(QuarterPublished(quarter=SECOND, at=july))
    fund.when(
        lambda one: one.spend(
            amount=1, on=date(2026, 3, 2), title="照明", decided_on=date(2026, 3, 2), now=july
        )
    ).breaks("P-41", clause=OURS, field="on")
    late, in_time = (replace(received, on=on, at=july) for on in (date(2026, 6, 30), july.date()))
    fund.when(lambda one: receive(one, late)).breaks("P-41", clause=OURS, field="on")
    fund.when(lambda one: receive(one, in_time)).then(in_time)
    fund.when(lambda one: one.publish(FIRST, None, july)).leads_to()


def test_P_41_an_account_that_is_late_is_found_once_and_told() -> None:
    assert given().state.next_due == DUE
    assert not given().when(lambda fund: fund.find_missed(DUE - timedelta(seconds=1))).happened
    missed = QuarterMissed(quarter=FIRST, due=DUE, at=DUE)
    after = given().when(lambda fund: fund.find_missed(DUE)).then(missed)
    assert not after.when(lambda fund: fund.find_missed(DUE)).happened
    assert after.state.next_due == datetime(2026, 7, 31, 16, tzinfo=UTC)
    event = announce.of_funds(missed, after.state)
    assert isinstance(event, told.PublicationMissed)
    assert (event.what, event.about, event.due) == ("fund", "haihua", DUE)
    assert announce.of_funds(received, after.state) is None
    late = given().when(lambda fund: fund.publish(FIRST, None, DUE))
    late.then(missed, QuarterPublished(quarter=FIRST, at=DUE))
    assert not given(published).when(lambda fund: fund.find_missed(DUE)).happened


def test_P_41_no_account_is_owed_of_quarters_that_begin_after_its_community_ended() -> None:
    last, much_later = date(2026, 4, 30), datetime(2029, 3, 1, tzinfo=UTC)
    ended = CommunityEnded(on=last, at=much_later)
    missed = [
        QuarterMissed(quarter=one, due=account_due(one), at=much_later) for one in (FIRST, SECOND)
    ]
    over = given().when(lambda fund: fund.come_due(last, much_later)).then(ended, *missed)
    assert (over.state.next_due, over.state.missed) == (None, (FIRST, SECOND))
    assert of_fund(over.state), "what it owed it owes still"
    assert not over.when(lambda fund: fund.come_due(last, much_later)).happened
    public = past(over.state, evolve, [published, replace(published, quarter=SECOND)])
    assert of_fund(public.state) == {}
    goes_on = given().when(lambda fund: fund.come_due(None, DUE)).leads_to()
    assert (goes_on.state.missed, goes_on.state.next_due) == ((FIRST,), account_due(SECOND))


def test_P_41_a_late_account_of_an_ended_community_finds_nothing_that_begins_after_its_end() -> (
    None
):
    last, later = date(2026, 3, 31), datetime(2027, 3, 1, tzinfo=UTC)
    found = (
        CommunityEnded(on=last, at=later),
        QuarterMissed(quarter=FIRST, due=DUE, at=later),
        replace(published, at=later),
    )
    given().when(lambda fund: fund.publish(FIRST, last, later)).then(*found)


def test_P_41_what_is_spent_after_its_community_ended_is_accounted_for() -> None:
    last, august = date(2026, 3, 31), date(2026, 8, 5)
    ended = CommunityEnded(on=last, at=DUE)
    fund = given(published, ended, replace(spent, on=august, decided_on=august))
    third = quarter_of(august)
    assert (fund.state.next_account, fund.state.next_due) == (third, account_due(third))
    late = account_due(third)
    missed = QuarterMissed(quarter=third, due=late, at=late)
    after = fund.when(lambda one: one.find_missed(late)).then(missed)
    assert (after.state.next_due, after.state.next_account) == (None, third)


def test_quarters_follow_one_another() -> None:
    days = [date(2026, month, 15) for month in (1, 4, 7, 10)]
    quarters = [quarter_of(day) for day in days]
    assert [next_quarter(one) for one in quarters] == [*quarters[1:], date(2027, 1, 1)]
    assert account_due(date(2026, 10, 1)) == datetime(2027, 1, 31, 16, tzinfo=UTC)


def test_P_41_no_account_is_owed_of_quarters_before_the_fund_was_entered() -> None:
    old = replace(received, on=date(1999, 1, 4))
    fund = past(None, evolve, (old,))
    assert fund.state.next_due == DUE
    missed = QuarterMissed(quarter=FIRST, due=DUE, at=DUE)
    fund.when(lambda known: known.find_missed(DUE)).then(missed)
    early = QuarterPublished(quarter=date(1999, 1, 1), at=MORNING)
    fund.when(lambda known: known.publish(early.quarter, None, MORNING)).then(early)
