"""P-33, P-30, P-36: awarded by the ranking, revised, approved, contracted, in time."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chassis.cause import Cause
from chassis.kernel.clock import Budget, start
from chassis.kernel.errors import OURS
from contracts import procurement as published
from services.procurement import announce
from services.procurement.domain.announcement import announced
from services.procurement.domain.awarding import (
    approve,
    award,
    bought_by,
    carried_out_by,
    confirm,
    is_out,
    revise,
    winner,
    won,
)
from services.procurement.domain.call import Call
from services.procurement.domain.call_events import (
    Applied,
    Awarded,
    CallCancelled,
    ResultMissed,
    SigningChecked,
)
from services.procurement.domain.call_evolution import evolve
from services.procurement.domain.events import Way
from services.procurement.domain.item import Lot
from services.procurement.domain.waiting import of_call
from services.procurement.main import desk_on
from tests.support.memory import MemoryStore
from tests.support.specification import Decision, Given, past
from tests.support.toy import Silent

from .calling import (
    AFTER,
    GUIDE,
    LATER,
    PROGRAMME,
    SEATED,
    approved,
    called,
    closed,
    confirmed,
    given,
    mine,
    opened,
    revised,
)
from .cases import BAR, FORM, SERVICES, SUPPLIER, WORK, signed, stands
from .cases import GUIDE as SHIPPED

# Awarding

AWARDING = f"{GUIDE} 二.5.3"


def awards(state: Given[Call], supplier: str = "tongxin", standing: Any = None) -> Any:
    return state.when(
        lambda call: award(
            call, supplier=supplier, standing=standing or stands(), now=AFTER, days=30
        )
    )


def test_P_33_the_first_of_the_ranking_is_awarded() -> None:
    ranked = given(*SEATED, closed)
    awards(given(*SEATED)).breaks("P-33")
    awards(ranked, "other").breaks("P-33", clause=AWARDING, field="supplier")
    barred = stands(supplier=replace(SUPPLIER, bars=(BAR,)))
    awards(ranked, standing=barred).breaks("P-07")
    won = awards(ranked).leads_to()
    awards(won).breaks("P-33")
    assert announced(won.state).awarded == "tongxin"


def test_P_33_the_next_one_is_awarded_where_the_first_may_not_have_it_any_more() -> None:
    ranked = given(*SEATED, closed)

    def next_one(out: tuple[str, ...], supplier: str = "other") -> Any:
        return ranked.when(
            lambda call: award(
                call, supplier=supplier, standing=stands(), out=out, now=AFTER, days=30
            )
        )

    next_one(()).breaks("P-33", clause=AWARDING, field="supplier")
    next_one(("tongxin", "other"), "stranger").breaks("P-33", clause=AWARDING, field="supplier")
    after = next_one(("tongxin",)).leads_to().state
    assert after.awarded is not None
    assert (after.awarded.supplier, after.awarded.passed_over) == ("other", ("tongxin",))
    public = announced(after)
    assert (public.awarded, public.passed_over) == ("other", ("tongxin",))
    assert awards(ranked).leads_to().state.awarded.passed_over == ()
    barred = stands(supplier=replace(SUPPLIER, bars=(BAR,)))
    assert (is_out(ranked.state, barred, ()), is_out(ranked.state, stands(), ())) == (True, False)
    lot = replace(after, item=replace(after.item, lot=Lot.EVALUATION))
    assert is_out(ranked.state, stands(), (lot,))


def test_P_36_a_result_that_is_late_is_found_once() -> None:
    ranked = given(*SEATED, closed)
    assert ranked.state.next_due == LATER
    late = lambda call: call.come_due(signed=False, now=LATER)  # noqa: E731
    early = ranked.when(lambda call: call.come_due(signed=False, now=LATER - timedelta(seconds=1)))
    assert not early.happened
    found = ranked.when(late)
    found.then(ResultMissed(due=LATER, at=LATER))
    after = found.leads_to()
    assert (after.state.next_due, after.state.result_missed) == (None, True)
    assert not after.when(late).happened
    [event] = found.happened
    missed = announce.of_calls(event, after.state)
    assert isinstance(missed, published.PublicationMissed)
    assert (missed.what, missed.about, missed.street) == ("result", "call-1", "guanshang")
    assert awards(ranked).leads_to().state.next_due != LATER


def test_P_36_a_late_result_is_found_before_it_is_awarded_or_cancelled() -> None:
    """Whether or not the timer came by."""
    ranked, found = given(*SEATED, closed), ResultMissed(due=LATER, at=LATER)

    def awards_at(state: Given[Call], now: datetime) -> Decision[Call]:
        return state.when(
            lambda call: award(call, supplier="tongxin", standing=stands(), now=now, days=30)
        )

    def cancels_at(state: Given[Call], now: datetime) -> Decision[Call]:
        return state.when(
            lambda call: call.cancel(
                reason="重新征集", by="finance", keeps=True, contracted=False, now=now
            )
        )

    for step in (awards_at, cancels_at):
        assert [type(one) for one in step(ranked, LATER).happened][:-1] == [ResultMissed]
        assert step(ranked, LATER).happened[0] == found
        before = step(ranked, LATER - timedelta(seconds=1)).happened
        after = step(past(ranked.state, evolve, [found]), LATER).happened
        assert len(before) == len(after) == 1


async def test_P_36_the_days_of_a_result_are_counted_again_where_more_is_known() -> None:
    now, short = AFTER + timedelta(days=15), WORK.as_known_through(date(2025, 12, 31))
    days = Budget.working_days(10)
    clock, known = start(days, now, short), start(days, now, WORK)
    ranked = replace(closed, publish_by=clock.due, clock=clock, at=now)
    assert clock.provisional and clock.due < known.due
    [ends] = of_call(given(*SEATED, ranked).state).values()
    assert ends is not None and (ends.due, ends.provisional) == (clock.due, True)
    before = replace(ranked, clock=None)
    [ends] = of_call(given(*SEATED, before).state).values()
    assert ends is not None and (ends.due, ends.provisional) == (clock.due, None)

    desk = desk_on(MemoryStore(), bytes(32), Silent(), WORK)
    missed = ResultMissed(due=clock.due, at=clock.due)
    for id, so_far in (("1", (ranked,)), ("2", (ranked, missed)), ("3", (before,))):
        await desk.calls.once(id, [opened, *SEATED, *so_far], Cause(actor="platform", now=now))
    await desk.renew_calendar(now)
    after = [(await desk.calls.get(id)).aggregate for id in ("1", "2", "3")]
    assert [one.publish_by for one in after] == [known.due, None, clock.due]


@pytest.mark.parametrize("early", [timedelta(seconds=1), timedelta()])
async def test_P_30_a_contract_of_after_its_day_is_late_whenever_that_is_looked_at(
    early: timedelta,
) -> None:
    desk, by = (
        desk_on(MemoryStore(), bytes(32), Silent(), WORK),
        datetime(2026, 4, 10, 16, tzinfo=UTC),
    )
    won = Awarded(supplier="tongxin", amount=20_000_000, sign_by=by, at=AFTER)
    cause = Cause(actor="platform", now=by + timedelta(days=1))
    await desk.calls.once("call-1", [opened, *SEATED, closed, won], cause)
    late = replace(signed, plan="p-1", item="i1", at=by - early)
    await desk.contracts.once("c-1", [late], cause)
    await desk.call_due("call-1", cause)
    assert (await desk.calls.get("call-1")).aggregate.signed_in_time is bool(early)


def test_P_30_whether_it_was_signed_in_its_days_is_looked_at_once() -> None:
    won = awards(given(*SEATED, closed)).leads_to()
    by = datetime(2026, 4, 10, 16, tzinfo=UTC)
    assert won.state.next_due == by
    assert not won.when(lambda call: call.come_due(signed=False, now=AFTER)).happened
    for there in (True, False):
        checked = won.when(lambda call, there=there: call.come_due(signed=there, now=by)).leads_to()
        assert (checked.state.signed_in_time, checked.state.next_due) == (there, None)
        assert announce.of_calls(SigningChecked(signed=there, at=by), checked.state) is None


REVISING = f"{GUIDE} 二.5.4"


def signs(state: Given[Call], supplier: str, project: str, amount: int) -> Decision[Call]:
    return state.when(lambda call: won(call, supplier, project, amount))


def test_P_33_only_the_award_is_contracted_for_no_more_than_it_asked() -> None:
    ranked = given(*SEATED, closed)
    state = past(awards(ranked).leads_to().state, evolve, PROGRAMME)
    assert signs(state, "tongxin", "elderly-care", 20_000_000).decide(state.state) is None
    signs(ranked, "tongxin", "elderly-care", 1).breaks("P-33", field="item")
    signs(state, "other", "elderly-care", 1).breaks("P-33", field="supplier")
    signs(state, "tongxin", "child-care", 1).breaks("P-33", field="project")
    signs(state, "tongxin", "elderly-care", 20_000_001).breaks("P-33", field="amount")
    cancelled = CallCancelled(reason="中选人放弃", at=AFTER)
    gone = past(state.state, evolve, [cancelled])
    signs(gone, "tongxin", "elderly-care", 1).breaks("P-33", field="item")


def test_P_33_a_call_that_stands_is_what_an_item_is_bought_by() -> None:
    cancelled = CallCancelled(reason="中选人放弃", at=AFTER)
    for way, always in ((Way.LINKAGE, True), (Way.BUILDING, True), (Way.PURCHASE, False)):
        first = called(way)
        stands_, gone = given(first=first).state, given(cancelled, first=first).state
        assert bought_by(stands_, first.item) is stands_
        assert bought_by(gone, first.item) is (gone if always else None)
        assert bought_by(stands_, replace(first.item, renews="c-0")) is None
        uncalled = Given(first.item, evolve).when(lambda item: bought_by(None, item))
        if always:
            uncalled.breaks("P-33", clause=AWARDING if way is Way.LINKAGE else OURS, field="item")
        else:
            assert uncalled.decide(first.item) is None
    alone = replace(mine, community=None)
    own = given(Applied(application=alone), closed, first=called(Way.PURCHASE))
    after = awards(own).leads_to().state
    together = winner(after).community
    assert [carried_out_by(together, said) for said in (None, "heping")] == [None, "heping"]


def test_P_33_the_community_that_applied_carries_it_out_said_or_not() -> None:
    state = awards(given(*SEATED, closed)).leads_to()
    for said in (None, "haihua"):
        assert carried_out_by(winner(state.state).community, said) == "haihua"
    state.when(lambda call: carried_out_by(winner(call).community, "heping")).breaks(
        "P-33", clause=OURS, field="community"
    )


def test_P_33_the_plan_is_revised_confirmed_and_approved_before_the_contract() -> None:
    revising = lambda call: revise(  # noqa: E731
        call, form=FORM, services=SERVICES, known=SHIPPED, now=AFTER
    )
    confirming = lambda call: confirm(call, AFTER)  # noqa: E731
    approving = lambda call: approve(call, approved=True, opinion="同意", now=AFTER)  # noqa: E731
    given(*SEATED, closed).when(revising).breaks("P-33")
    state = awards(given(*SEATED, closed)).leads_to()
    for early in (confirming, approving):
        state.when(early).breaks("P-33", clause=REVISING)
    state = state.when(revising).then(revised)
    state.when(approving).breaks("P-33", clause=REVISING)
    state = state.when(confirming).then(confirmed)
    state.when(confirming).breaks("P-33", clause=REVISING)
    signs(state, "tongxin", "elderly-care", 1).breaks("P-33", clause=REVISING, field="item")
    again = past(state.state, evolve, [replace(approved, approved=False)])
    signs(again, "tongxin", "elderly-care", 1).breaks("P-33", field="item")
    for unrevised in (approving, confirming):
        again.when(unrevised).breaks("P-33", clause=REVISING)
    assert again.when(revising).leads_to().when(confirming).happened
    anew = state.when(revising).leads_to()
    anew.when(approving).breaks("P-33", clause=REVISING)
    state = state.when(approving).then(approved)
    state.when(revising).breaks("P-33", clause=REVISING)


def test_P_33_a_revised_plan_still_offers_what_the_guide_wants() -> None:
    state: Given[Call] = awards(given(*SEATED, closed)).leads_to()

    def with_(form: Any = FORM, services: Any = SERVICES) -> Decision[Call]:
        return state.when(
            lambda call: revise(call, form=form, services=services, known=SHIPPED, now=AFTER)
        )

    with_(services=SERVICES[1:]).breaks("P-05", field="services")
    with_(form=replace(FORM, budget=" ")).breaks("P-34", field="budget")


def test_P_33_of_other_ways_nothing_is_revised() -> None:
    building = called(Way.BUILDING)
    state = awards(given(*SEATED, closed, first=building)).leads_to()
    state.when(
        lambda call: revise(call, form=FORM, services=SERVICES, known=SHIPPED, now=AFTER)
    ).breaks("P-33", clause=REVISING)
    assert signs(state, "tongxin", "elderly-care", 1).decide(state.state) is None
