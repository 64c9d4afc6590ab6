"""P-09, P-10, P-12, P-33: who may apply with what, in which stages, scored in secret, ranked, awarded, contracted."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chassis.kernel.errors import Malformed
from contracts import procurement as told
from services.procurement import announce
from services.procurement.domain.announcement import announced
from services.procurement.domain.application import Application, Precedence, Prepared
from services.procurement.domain.awarding import approve, award, confirm, revise, won
from services.procurement.domain.call import (
    Applied,
    Call,
    CallCancelled,
    CallOpened,
    Criterion,
    PanelClosed,
    Points,
    ResultMissed,
    ScreeningStage,
    SigningChecked,
    StagePassed,
    open_call,
)
from services.procurement.domain.call_evolution import evolve
from services.procurement.domain.events import Way
from services.procurement.domain.panel import ExpertRecused, PanelDrawn
from services.procurement.domain.programme import (
    ProgrammeApproved,
    ProgrammeConfirmed,
    ProgrammeRevised,
)
from services.procurement.domain.ranking import Ranked
from services.procurement.domain.standing import Standing
from services.procurement.sealing import Seal
from tests.support.specification import Decision, Given, past

from .cases import BANK, BAR, FORM, ITEM, MARCH, SERVICES, SUPPLIER, WORK, listed, stands
from .cases import GUIDE as SHIPPED

BUILDING = "官民函〔2021〕64号 二"
TOGETHER = "官办通〔2019〕77号 四.4.4"
GUIDE = "官社建办通〔2018〕15号"
CLOSES = date(2026, 3, 10)
AFTER = datetime(2026, 3, 10, 16, tzinfo=UTC)
"""The first moment after the closing day in Shanghai."""
LATER = AFTER + timedelta(days=14)
CRITERIA = (
    Criterion(code="need", text="需求", points=40),
    Criterion(code="design", text="设计", points=60),
)
opened = CallOpened(
    call="call-1",
    plan="p-1",
    item=ITEM,
    project="elderly-care",
    year=2026,
    purchaser="street:guanshang",
    title="长者关怀服务征集",
    closes=CLOSES,
    criteria=CRITERIA,
    at=MARCH,
)
EQUAL = Precedence(social=True, workers_share=(2, 3), outstanding=False, clean=True, grade=0)
mine = Application(
    supplier="tongxin",
    community="haihua",
    workers=2,
    staff=3,
    amount=20_000_000,
    summary="为社区长者提供关怀服务",
    prepared=Prepared(
        heard_on=date(2026, 2, 1), decided_on=date(2026, 2, 2), posted_on=date(2026, 2, 3)
    ),
    form=FORM,
    services=SERVICES,
    precedence=EQUAL,
    at=MARCH,
)
other = replace(mine, supplier="other")
APPLIED = (Applied(application=mine), Applied(application=other))
drawn = PanelDrawn(seed="1", drawn=("7", "8", "9", "a", "b"), at=AFTER)
SEATED = (*APPLIED, listed, drawn)


def given(*happened: Any, first: CallOpened = opened) -> Given[Call]:
    return past(None, evolve, (first, *happened))


def called(way: Way) -> CallOpened:
    return replace(opened, item=replace(ITEM, way=way))


# Opening


def opens(state: Any = None, **other_than: Any) -> Decision[Any]:
    said = replace(opened, **other_than)
    return Given(state, evolve).when(lambda known: open_call(known, said))


def test_P_10_an_item_is_called_for_once_unless_the_call_was_cancelled() -> None:
    opens().then(opened)
    opens(given().state).breaks("P-10", clause=BUILDING, field="item")
    cancelled = CallCancelled(reason="重新征集", at=MARCH)
    opens(given(*APPLIED, cancelled).state).decide(given(cancelled).state)
    assert evolve(given(*APPLIED, cancelled).state, opened).applications == ()
    opens(title=" ").refused(Malformed, field="title")
    opens(closes=date(2026, 3, 2)).refused(Malformed, field="closes")


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


def applies(
    state: Given[Call] | None = None,
    standing: Standing | None = None,
    **changed: Any,
) -> Decision[Call]:
    application = replace(mine, **changed)
    return (state or given()).when(
        lambda call: call.apply(application, standing or stands(), WORK, SHIPPED)
    )


def test_P_34_a_linkage_project_fills_the_form_and_offers_by_the_guide() -> None:
    applies(form=None).breaks("P-34", field="form")
    applies(form=replace(FORM, aims=" ")).breaks("P-34", field="aims")
    applies(services=()).breaks("P-05", field="services")
    building = given(first=called(Way.BUILDING))
    assert applies(building, form=None, services=()).happened


def test_P_10_before_the_closing_day_is_over() -> None:
    applies().then(APPLIED[0])
    last = AFTER - timedelta(seconds=1)
    assert applies(at=last).happened
    applies(at=AFTER).breaks("P-10", clause=BUILDING)
    applies(given(CallCancelled(reason="取消", at=MARCH))).breaks("P-10")


def test_P_10_a_second_application_takes_the_place_of_the_first() -> None:
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
    state = given(*APPLIED, first=called(Way.BUILDING))
    listing = lambda call: call.list_panel(BANK, by="finance", size=3, now=AFTER)  # noqa: E731
    for stage in ScreeningStage:
        state.when(listing).breaks("P-10", clause=BUILDING)
        for wrong in set(ScreeningStage) - {stage}:
            passes(state, wrong, "tongxin").breaks("P-10", field="stage")
        state = passes(state, stage, "tongxin").leads_to()
    passes(state, ScreeningStage.ROADSHOW, "tongxin").breaks("P-10")
    assert [one.supplier for one in state.state.going_on] == ["tongxin"]
    assert state.when(listing).happened


def test_P_10_who_is_out_stays_out_and_nothing_is_judged_before_the_closing_day() -> None:
    state = given(*APPLIED, first=called(Way.BUILDING))
    first = passes(state, ScreeningStage.QUALIFICATION, "other").then(
        StagePassed(stage=ScreeningStage.QUALIFICATION, passed=("other",), at=AFTER)
    )
    passes(first, ScreeningStage.SCREENING, "tongxin").refused(Malformed, field="passed")
    early = AFTER - timedelta(seconds=1)
    state.when(
        lambda call: call.pass_stage(ScreeningStage.QUALIFICATION, ("other",), early)
    ).breaks("P-10")
    given(*APPLIED).when(
        lambda call: call.list_panel(BANK, by="finance", size=3, now=early)
    ).breaks("P-10")
    given().when(lambda call: call.list_panel(BANK, by="finance", size=3, now=AFTER)).breaks("P-10")
    passes(given(*APPLIED), ScreeningStage.QUALIFICATION, "tongxin").breaks("P-10")


def test_P_11_who_works_for_an_applicant_or_its_community_does_not_review() -> None:
    for employer in ("guanshang", "tongxin", "other", "haihua"):
        bank = (*BANK, replace(BANK[0], code="x", employer=employer))
        event = given(*APPLIED).state.list_panel(bank, by="finance", size=3, now=AFTER)
        assert [one.code for one in event.excluded] == ["x"]


# Scoring


def points(need: int, design: int, supplier: str) -> tuple[Points, ...]:
    return (
        Points(supplier=supplier, criterion="need", points=need),
        Points(supplier=supplier, criterion="design", points=design),
    )


FULL = (*points(40, 60, "tongxin"), *points(10, 20, "other"))


def scores(state: Given[Call], by: str = "expert:7", said: Any = FULL) -> Decision[Call]:
    return state.when(lambda call: call.score(by=by, points=said, box="sealed", now=AFTER))


def test_P_12_each_member_scores_everything_once() -> None:
    state = scores(given(*SEATED)).leads_to()
    scores(state).breaks("P-12")
    scores(state, by="expert:a").breaks("P-11")
    scores(given(*APPLIED)).breaks("P-11")
    back = ExpertRecused(expert="8", reason="回避", at=AFTER)
    scores(given(*SEATED, back), by="expert:8").breaks("P-11")
    assert scores(given(*SEATED, back), by="expert:a").happened
    for wrong in (FULL[:-1], (*FULL, FULL[0]), (*FULL, *points(1, 1, "nobody"))):
        scores(given(*SEATED), said=wrong).refused(Malformed, field="points")
    for off in (-1, 41):
        over = (replace(FULL[0], points=off), *FULL[1:])
        scores(given(*SEATED), said=over).refused(Malformed, field="points")


def test_P_12_nothing_is_opened_before_all_have_scored() -> None:
    state = given(*SEATED)
    opened_boxes = dict.fromkeys(("7", "8", "9"), FULL)
    closing = lambda call: call.close_panel(opened_boxes, AFTER, LATER)  # noqa: E731
    for expert in ("7", "8", "9"):
        state.when(closing).breaks("P-12")
        state = scores(state, by=f"expert:{expert}").leads_to()
    closed = state.when(closing).leads_to()
    assert [(one.supplier, one.points) for one in closed.state.ranking] == [
        ("tongxin", 300),
        ("other", 90),
    ]
    closed.when(closing).breaks("P-11")


def test_P_12_a_box_says_nothing_and_only_its_own_key_opens_it() -> None:
    seal = Seal(b"k" * 32)
    box, again = seal.close(FULL), seal.close(FULL)
    assert box != again
    for told_by in ("tongxin", "need", "40"):
        assert told_by not in box
    call = scores(given(*SEATED)).leads_to().state
    [sealed] = call.sealed
    held = replace(call, sealed=(replace(sealed, box=box),))
    assert seal.open(held) == {"7": FULL}
    Given(held, evolve).when(Seal(b"x" * 32).open).breaks("P-12")
    assert "kkk" not in repr(seal)


# Awarding

RANKING = (
    Ranked(rank=1, supplier="tongxin", points=300),
    Ranked(rank=2, supplier="other", points=90),
)
closed = PanelClosed(scores=(("7", FULL),), ranking=RANKING, publish_by=LATER, at=AFTER)
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
    assert isinstance(missed, told.PublicationMissed)
    assert (missed.what, missed.about, missed.street) == ("result", "call-1", "guanshang")
    assert awards(ranked).leads_to().state.next_due != LATER


def test_P_30_whether_it_was_signed_in_its_days_is_looked_at_once() -> None:
    won = awards(given(*SEATED, closed)).leads_to()
    by = datetime(2026, 4, 10, 16, tzinfo=UTC)
    assert won.state.next_due == by
    assert not won.when(lambda call: call.come_due(signed=False, now=AFTER)).happened
    for signed in (True, False):
        checked = won.when(
            lambda call, signed=signed: call.come_due(signed=signed, now=by)
        ).leads_to()
        assert (checked.state.signed_in_time, checked.state.next_due) == (signed, None)
        assert announce.of_calls(SigningChecked(signed=signed, at=by), checked.state) is None


REVISING = f"{GUIDE} 二.5.4"
revised = ProgrammeRevised(form=FORM, services=SERVICES, at=AFTER)
confirmed = ProgrammeConfirmed(at=AFTER)
approved = ProgrammeApproved(approved=True, opinion="同意", at=AFTER)
PROGRAMME = (revised, confirmed, approved)


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
    again.when(approving).breaks("P-33", clause=REVISING)
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


def test_P_10_a_call_is_cancelled_once_with_a_reason() -> None:
    given().when(lambda call: call.cancel(reason=" ", now=MARCH)).refused(Malformed, field="reason")
    gone = given().when(lambda call: call.cancel(reason="取消", now=MARCH)).leads_to()
    gone.when(lambda call: call.cancel(reason="再", now=MARCH)).breaks("P-10")
