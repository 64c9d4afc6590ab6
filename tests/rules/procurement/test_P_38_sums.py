"""P-38: what a year's 社区营造 passes down to streets, and how they report its use; its calls by category."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chassis.asking import Asking
from chassis.cause import Cause
from chassis.kernel.errors import Malformed, UnknownReference
from chassis.kind import derived_id
from contracts.housing import CommunityProfiled
from services.procurement.domain.call_events import Awarded, CallCancelled
from services.procurement.domain.events import Way
from services.procurement.domain.passed import (
    Passed,
    StreetSum,
    SumPassed,
    UsePutRight,
    UseReported,
    evolve,
    pass_down,
    shown,
)
from services.procurement.domain.printed import Counted, counted
from services.procurement.main import desk_on
from services.procurement.steps import passed as steps
from tests.support.memory import MemoryStore
from tests.support.specification import Decision, Given, past
from tests.support.taking import take
from tests.support.toy import Silent
from tests.support.walks import person

from .calling import AFTER, called
from .calling import given as call
from .cases import MARCH, WORK
from .hearing import heard_of

CLAUSE = "官民函〔2021〕64号 二"
passed = SumPassed(street="guanshang", year=2026, amount=900, document="官民字3号", at=MARCH)
used = UseReported(spent=400, on=date(2026, 3, 1), text="社区花园", at=MARCH)
put_right = UsePutRight(number=1, spent=40, reason="多写一个零", at=MARCH)


def given(*happened: Any) -> Given[Passed]:
    return past(None, evolve, (passed, *happened))


def passes(known: Any = None, **other: Any) -> Decision[Any]:
    said = replace(passed, **other)
    return Given(known, evolve).when(lambda one: pass_down(one, said))


def reports(state: Given[Passed], **other: Any) -> Decision[Passed]:
    said = {"spent": used.spent, "on": used.on, "text": used.text, **other}
    return state.when(lambda one: one.report(**said, now=MARCH))


def test_P_38_a_report_that_was_wrong_is_put_right_beside_it() -> None:
    def correct(spent: int = 40, number: int = 1, reason: str = put_right.reason) -> Any:
        return lambda one: one.put_right(number=number, spent=spent, reason=reason, now=MARCH)

    known = given(used, replace(used, spent=100))
    after = known.when(correct()).then(put_right).state
    assert (after.spent, after.reports[0].spent) == (140, 400)
    assert shown([after]) == (StreetSum(street="guanshang", amount=900, spent=140),)
    again = given(used, put_right)
    again.when(correct()).breaks("P-38", clause=CLAUSE, field="spent")
    assert again.when(correct(900)).leads_to().state.spent == 900
    again.when(correct(901)).breaks("P-38", clause=CLAUSE, field="spent")
    assert again.when(correct(0)).leads_to().state.spent == 0
    known.when(correct(number=3)).breaks("P-38", clause=CLAUSE, field="number")
    known.when(correct(reason=" ")).breaks("P-38", clause=CLAUSE, field="reason")
    given().when(correct()).breaks("P-38", clause=CLAUSE)


def test_P_38_a_sum_is_passed_down_with_its_document_and_may_be_changed() -> None:
    passes().then(passed)
    passes(document=" ").refused(Malformed, field="document")
    passes(amount=0).refused(Malformed, field="amount")
    known = given(used).state
    passes(known, amount=400).then(replace(passed, amount=400))
    passes(known, amount=399).breaks("P-38", clause=CLAUSE, field="amount")
    changed = given(used, replace(passed, amount=500)).state
    assert (changed.amount, changed.spent) == (500, 400)


async def test_P_38_a_street_whose_communities_have_all_ended_is_given_no_new_sum() -> None:
    """What it was given before may still be put right."""
    desk = desk_on(MemoryStore(), bytes(32), Silent(), WORK)
    ended = CommunityProfiled(
        street="taihe",
        community="jiu",
        code="jiu",
        name="旧社区",
        valid_from="2019-01-01",
        valid_to="2026-02-28",
        listed=1,
    )
    await desk.communities.hear(heard_of("communities/jiu", ended))
    cause = Cause(actor="district_admin", now=MARCH)
    before = replace(passed, street="taihe", year=2025)
    await desk.sums.once(derived_id("sum", "taihe", "2025"), [before], cause)

    async def give(year: int) -> Any:
        said = steps.SumIn(street="taihe", year=year, amount=800, document="官民字4号")
        asking = Asking(person("district_admin"), cause)
        return await take(steps.pass_down, desk, asking, said)

    with pytest.raises(UnknownReference, match="均已终止") as refused:
        await give(2026)
    assert refused.value.field == "street"
    assert (await give(2025)).aggregate.amount == 800


def test_P_38_a_street_reports_no_more_than_it_was_given() -> None:
    reports(given()).then(used)
    assert reports(given(used), spent=500).happened
    reports(given(used), spent=501).breaks("P-38", clause=CLAUSE, field="spent")
    reports(given(), spent=0).refused(Malformed, field="spent")
    reports(given(), text=" ").breaks("P-38", clause=CLAUSE, field="text")
    reports(given(), on=date(2026, 3, 3)).refused(Malformed, field="on")


def test_P_38_everybody_sees_what_was_given_and_used() -> None:
    other = replace(given().state, street="aijing")
    assert shown([given(used).state, other]) == (
        StreetSum(street="aijing", amount=900, spent=0),
        StreetSum(street="guanshang", amount=900, spent=400),
    )


def test_P_38_a_years_calls_are_listed_by_category() -> None:
    first = called(Way.BUILDING)
    won = call(Awarded(supplier="tongxin", amount=7, at=AFTER), first=first).state
    other = call(first=replace(first, category="社区微公益类")).state
    assert counted([other, won, call(first=first).state]) == (
        Counted(name="社区微公益类", calls=1, awarded=0, amount=0),
        Counted(name="社区文化营造类", calls=2, awarded=1, amount=7),
    )


def test_P_38_what_was_cancelled_after_its_award_is_won_by_nobody() -> None:
    first, won = called(Way.BUILDING), Awarded(supplier="tongxin", amount=7, at=AFTER)
    gone = call(won, CallCancelled(reason="中选方放弃", at=AFTER), first=first).state
    [category] = counted([gone])
    assert (category.calls, category.awarded, category.amount) == (1, 0, 0)
