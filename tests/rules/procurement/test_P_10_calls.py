"""P-10: who may apply with what, and through which stages it goes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chassis.cause import Cause
from chassis.kernel.errors import OURS, Malformed, RuleBroken
from contracts import procurement as told
from contracts.whistle import UnitListed
from services.procurement import announce
from services.procurement.domain import offer as offers
from services.procurement.domain.announcement import announced
from services.procurement.domain.application import Prepared
from services.procurement.domain.call import Call, CallStatus, open_call
from services.procurement.domain.call_events import (
    Applied,
    CallCancelled,
    ScreeningStage,
    StagePassed,
)
from services.procurement.domain.call_evolution import evolve
from services.procurement.domain.events import Way
from services.procurement.domain.hearing import Hearing
from services.procurement.domain.offer import Offer, OfferFiled
from services.procurement.domain.standing import Standing
from services.procurement.main import desk_on
from tests.support.memory import MemoryStore
from tests.support.specification import Decision, Given
from tests.support.toy import Silent

from .calling import (
    AFTER,
    APPLIED,
    BUILDING,
    CLOSES,
    CRITERIA,
    GUIDE,
    SEATED,
    TOGETHER,
    called,
    given,
    listing,
    mine,
    offered,
    opened,
    over,
)
from .cases import (
    BANK,
    BAR,
    FORM,
    ITEM,
    MARCH,
    POPULATIONS,
    SUPPLIER,
    WORK,
    drafted,
    examined,
    published,
    reviewed,
    stands,
    submitted,
)
from .cases import GUIDE as SHIPPED
from .hearing import heard_of

# Opening


def opens(state: Any = None, **other_than: Any) -> Decision[Any]:
    said = replace(opened, **other_than)
    return Given(state, evolve).when(lambda known: open_call(known, said))


def test_P_10_an_item_is_called_for_once_unless_the_call_was_cancelled() -> None:
    opens().then(opened)
    opens(given().state).breaks("P-10", clause=OURS, field="item")
    cancelled = CallCancelled(reason="重新征集", at=MARCH)
    opens(given(*APPLIED, cancelled).state).decide(given(cancelled).state)
    assert evolve(given(*APPLIED, cancelled).state, opened).applications == ()
    building = called(Way.BUILDING)
    assert opens(item=building.item, category=building.category).happened
    opens(item=building.item, category=" ").breaks("P-38", clause=BUILDING, field="category")
    opens(title=" ").refused(Malformed, field="title")
    opens(closes=date(2026, 3, 2)).refused(Malformed, field="closes")


async def test_P_28_what_buys_no_more_calls_for_nothing() -> None:
    desk, water = desk_on(MemoryStore(), bytes(32), Silent(), WORK), "department:water"
    cause = Cause(actor=water, now=MARCH)
    own = (replace(drafted, purchaser=water), submitted, reviewed, examined, published)
    await desk.plans.once("p-1", own, cause)
    plan, item = await desk.bought("p-1", "i1", 0, water, MARCH)
    assert (plan.id, item) == ("p-1", ITEM)
    listed = UnitListed(
        code="water",
        name="水务局",
        kind="department",
        valid_from="2019-01-01",
        valid_to="2026-01-01",
        listed=1,
    )
    await desk.units.hear(heard_of("units/water", listed))
    with pytest.raises(RuleBroken) as refused:
        await desk.bought("p-1", "i1", 0, water, MARCH)
    assert refused.value.rule.id == "P-28"


def test_P_02_nothing_is_called_for_that_could_be_signed_no_more() -> None:
    """What is planned for 2026 is signed by the end of 2027."""
    assert opens(closes=date(2027, 12, 31)).happened
    opens(closes=date(2028, 1, 1)).breaks("P-02", clause=OURS, field="closes")


@pytest.mark.parametrize("points", [39, 41])
def test_the_criteria_of_a_call_add_up_to_a_hundred(points: int) -> None:
    opens(criteria=(replace(CRITERIA[0], points=points), CRITERIA[1])).refused(
        Malformed, field="criteria"
    )
    twice = (replace(CRITERIA[1], points=40), CRITERIA[1])
    opens(criteria=twice).refused(Malformed, field="criteria")


def test_a_call_is_told_and_announced_without_what_nobody_may_know() -> None:
    state = given(*SEATED).state
    assert announce.of_calls(opened, state) == told.SolicitationOpened(
        street="guanshang",
        call="call-1",
        plan="p-1",
        project="elderly-care",
        year=2026,
        way="linkage",
        closes="2026-03-10",
    )
    assert announce.of_calls(APPLIED[0], state) is None
    public = announced(state)
    assert "tongxin" not in repr(public)
    assert (public.amount, public.awarded) == (ITEM.amount, None)


# Applying


HEARD = Hearing(matter="m-1", outcome="usable_here", at=datetime(2026, 2, 2, 4, tzinfo=UTC))


def applies(
    state: Given[Call] | None = None,
    standing: Standing | None = None,
    hearing: Hearing | None = HEARD,
    **changed: Any,
) -> Decision[Offer]:
    application = replace(mine, **changed)

    def files(call: Call) -> OfferFiled:
        call.may_take(application, standing or stands(), WORK, SHIPPED, hearing)
        return offers.file(call, application)

    return Given[Any]((state or given()).state, offers.evolve).when(files)


def test_P_34_a_linkage_project_fills_the_form_and_offers_by_the_guide() -> None:
    applies(form=None).breaks("P-34", field="form")
    applies(form=replace(FORM, aims=" ")).breaks("P-34", field="aims")
    applies(services=()).breaks("P-05", field="services")
    building = given(first=called(Way.BUILDING))
    assert applies(building, form=None, services=(), populations=()).happened


def test_P_05_a_linkage_application_counts_each_population() -> None:
    for left_out in range(3):
        two = tuple(one for nth, one in enumerate(POPULATIONS) if nth != left_out)
        applies(populations=two).breaks("P-05", clause=OURS, field="populations")
    applies(populations=()).breaks("P-05", field="populations")
    everybody = tuple(replace(one, people=21) for one in POPULATIONS)
    applies(populations=everybody).breaks("P-05", clause=f"{GUIDE} 二.4.5", field="populations")


def test_P_10_before_the_closing_day_is_over() -> None:
    applies().then(offered)
    last = AFTER - timedelta(seconds=1)
    assert applies(at=last).happened
    applies(at=AFTER).breaks("P-10", clause=OURS)
    applies(given(first=called(Way.BUILDING)), at=AFTER).breaks("P-10", clause=BUILDING)
    applies(given(CallCancelled(reason="取消", at=MARCH))).breaks("P-10")


def test_P_10_a_second_application_takes_the_place_of_the_first() -> None:
    """As it did when they stood in their call at once."""
    again = given(*APPLIED, Applied(application=replace(mine, amount=1))).state
    assert [(one.supplier, one.amount) for one in again.applications] == [
        ("other", 20_000_000),
        ("tongxin", 1),
    ]


@pytest.mark.parametrize("way", [Way.LINKAGE, Way.BUILDING])
def test_P_10_community_organisation_and_social_workers_apply_together(way: Way) -> None:
    state = given(first=called(way))
    applies(state, community=None).breaks("P-10", clause=TOGETHER, field="community")
    applies(state, workers=0).breaks("P-10", clause=TOGETHER, field="workers")
    alone = given(first=called(Way.PURCHASE))
    assert applies(alone, community=None, workers=0, prepared=None).happened


def test_P_06_two_thirds_of_a_linkage_are_social_workers() -> None:
    clause = f"{GUIDE} 二.5.1"
    applies(workers=199, staff=300).breaks("P-06", clause=clause, field="workers")
    assert applies(workers=200, staff=300).happened
    assert applies(given(first=called(Way.BUILDING)), workers=1, staff=9).happened
    applies(workers=4).refused(Malformed, field="workers")


def test_P_10_a_linkage_was_heard_decided_and_posted_for_five_working_days() -> None:
    clause = f"{GUIDE} 二.5.2"
    applies(prepared=None).breaks("P-10", clause=clause, field="prepared")
    early, late = date(2026, 2, 2), date(2026, 2, 3)
    for heard, decided, posted in ((late, early, late), (early, late, early)):
        prepared = Prepared(heard_on=heard, decided_on=decided, posted_on=posted)
        applies(prepared=prepared).breaks("P-10", clause=clause, field="prepared")
    # Posted on Tuesday 3 March: the fifth working day after it is Tuesday 10 March.
    week = Prepared(heard_on=early, decided_on=late, posted_on=date(2026, 3, 3))
    ninth, tenth = (datetime(2026, 3, day, 4, tzinfo=UTC) for day in (9, 10))
    applies(prepared=week, at=ninth).breaks("P-10", clause=clause, field="posted_on")
    assert applies(prepared=week, at=tenth).happened
    assert applies(given(first=called(Way.BUILDING)), prepared=None).happened


@pytest.mark.parametrize("outcome", ["needs_upper_level", "not_yet_possible", "declined"])
def test_P_10_the_hearing_of_a_linkage_is_on_record_and_carries_it(outcome: str) -> None:
    clause = f"{GUIDE} 二.5.2"
    applies(hearing=None).breaks("P-10", clause=clause, field="prepared")
    against = replace(HEARD, outcome=outcome)
    applies(hearing=against).breaks("P-10", clause=clause, field="prepared")
    for day in (datetime(2026, 1, 31, 4, tzinfo=UTC), datetime(2026, 2, 4, 4, tzinfo=UTC)):
        other_day = replace(HEARD, at=day)
        applies(hearing=other_day).breaks("P-10", clause=clause, field="heard_on")
    for day in (datetime(2026, 2, 1, 4, tzinfo=UTC), datetime(2026, 2, 3, 4, tzinfo=UTC)):
        assert applies(hearing=replace(HEARD, at=day)).happened
    assert applies(given(first=called(Way.BUILDING)), hearing=None).happened


def test_P_07_only_who_may_bid_applies() -> None:
    barred = stands(supplier=replace(SUPPLIER, bars=(BAR,)))
    applies(standing=barred).breaks("P-07", clause="官政办通〔2016〕40号 三.3", field="supplier")
    unproved = stands(supplier=replace(SUPPLIER, facts=()))
    applies(standing=unproved).breaks("P-06", field="supplier")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"amount": 0}, "amount"),
        ({"amount": ITEM.amount + 1}, "amount"),
        ({"summary": " "}, "summary"),
    ],
)
def test_an_application_that_cannot_be_is_refused(changed: Any, field: str) -> None:
    applies(**changed).refused(Malformed, field=field)


# Stages


def passes(state: Given[Call], stage: ScreeningStage, *passed: str) -> Decision[Call]:
    return state.when(lambda call: call.pass_stage(stage, passed, AFTER))


def test_P_10_building_goes_through_its_stages_in_order_before_the_review() -> None:
    state = given(*APPLIED, over, first=called(Way.BUILDING))
    for stage in ScreeningStage:
        state.when(listing).breaks("P-10", clause=BUILDING)
        for wrong in set(ScreeningStage) - {stage}:
            passes(state, wrong, "tongxin").breaks("P-10", field="stage")
        state = passes(state, stage, "tongxin").leads_to()
    passes(state, ScreeningStage.ROADSHOW, "tongxin").breaks("P-10")
    assert [one.supplier for one in state.state.going_on] == ["tongxin"]
    assert state.when(listing).happened


def test_P_10_who_is_out_stays_out_and_nothing_is_judged_before_the_closing_day() -> None:
    state = given(*APPLIED, over, first=called(Way.BUILDING))
    first = passes(state, ScreeningStage.QUALIFICATION, "other").then(
        StagePassed(stage=ScreeningStage.QUALIFICATION, passed=("other",), at=AFTER)
    )
    passes(first, ScreeningStage.SCREENING, "tongxin").refused(Malformed, field="passed")
    early = AFTER - timedelta(seconds=1)
    state.when(
        lambda call: call.pass_stage(ScreeningStage.QUALIFICATION, ("other",), early)
    ).breaks("P-10")
    given(*APPLIED).when(lambda call: listing(call, now=early)).breaks(
        "P-10", says=f"至 {CLOSES} 截止"
    )
    given(over).when(listing).breaks("P-10")
    passes(given(*APPLIED, over), ScreeningStage.QUALIFICATION, "tongxin").breaks("P-10")


def test_P_11_who_works_for_an_applicant_or_its_community_does_not_review() -> None:
    for employer in ("guanshang", "tongxin", "other", "haihua"):
        bank = (*BANK, replace(BANK[0], code="x", employer=employer))
        event = listing(given(*APPLIED, over).state, bank)
        assert [one.code for one in event.excluded] == ["x"]


def cancels(
    by: str = "street:guanshang",
    *,
    reason: str = "取消",
    keeps: bool = False,
    contracted: bool = False,
) -> Any:
    return lambda call: call.cancel(
        reason=reason, by=by, keeps=keeps, contracted=contracted, now=MARCH
    )


def test_P_10_a_call_is_cancelled_once_with_a_reason() -> None:
    given().when(cancels(reason=" ")).refused(Malformed, field="reason")
    gone = given().when(cancels()).then(CallCancelled(reason="取消", at=MARCH))
    gone.when(cancels()).breaks("P-10")


@pytest.mark.parametrize("status", [CallStatus.RANKED, CallStatus.AWARDED])
def test_P_12_who_buys_does_not_cancel_what_was_scored(status: CallStatus) -> None:
    scored = replace(given(*APPLIED).state, status=status)
    state = replace(given(), state=scored)
    state.when(cancels()).breaks("P-12")
    state.when(cancels(keeps=True)).breaks("P-12")
    assert state.when(cancels("finance", keeps=True)).happened
    bought_by_finance = replace(state, state=replace(scored, purchaser="department:finance"))
    bought_by_finance.when(cancels("finance", keeps=True)).breaks("P-12")


def test_P_33_what_was_contracted_is_called_for_no_more() -> None:
    given(*APPLIED).when(cancels("finance", keeps=True, contracted=True)).breaks("P-33")
