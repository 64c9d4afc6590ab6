"""P-26: what is found while a project runs, put right by its day, counted where it wasn't."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from chassis.asking import Asking
from chassis.cause import Cause
from chassis.http import ReasonIn
from chassis.kernel.clock import Budget, start
from chassis.kernel.errors import OURS, Malformed
from chassis.kind import derived_id
from services.procurement.desk import ProcurementDesk
from services.procurement.domain.contract import Contract
from services.procurement.domain.evaluation import Band, Stage
from services.procurement.domain.events import ProjectEvaluated
from services.procurement.domain.evolution import evolve as evolve_contract
from services.procurement.domain.remark import (
    PutRight,
    Remark,
    RemarkCorrected,
    Remarked,
    RemarkJudged,
    RemarkMissed,
    RemarkStatus,
    RemarkWithdrawn,
    Source,
    evolve,
    remark,
)
from services.procurement.domain.tip import TipDismissed, TipGiven, TipReturned, TipTakenUp
from services.procurement.domain.tip import evolve as evolve_tip
from services.procurement.domain.waiting import of_remark, of_tip
from services.procurement.main import desk_on
from services.procurement.steps import remarks
from tests.support.memory import MemoryStore
from tests.support.specification import Given, past
from tests.support.taking import take
from tests.support.toy import Silent
from tests.support.walks import person

from .cases import (
    GOOD,
    JUNE,
    MARCH,
    POLICY,
    SCHEME,
    WORK,
    answered,
    before,
    found,
    mid,
    ready,
    shown,
    signed,
    terminated,
)

CLAUSE = "官社建办通〔2018〕15号 二.5.5"
COMMUNITY = "community:haihua"
remarked = Remarked(
    contract="c-1",
    supplier="tongxin",
    street="guanshang",
    community="haihua",
    purchaser="street:guanshang",
    source=Source.COMMUNITY,
    by=COMMUNITY,
    what="活动记录缺失",
    clock=start(Budget.working_days(10), MARCH, WORK),
    at=MARCH,
)
done = PutRight(what="已补齐", at=MARCH)
DUE = remarked.clock.due
LATE = DUE + timedelta(seconds=1)


SINCE = JUNE + timedelta(days=30)
TAKEN_BACK = RemarkWithdrawn(reason="记错项目", at=SINCE)
REOPENED = RemarkJudged(closed=False, opinion="未补齐", at=SINCE)
"""After the mid-term, in June."""


def given(*happened: Any) -> Given[Remark]:
    return past(None, evolve, (remarked, *happened))


def contract(*happened: Any) -> Contract:
    state: Contract = past(None, evolve_contract, (signed, *ready, *happened)).state
    return state


def make(known: Contract, what: str = "活动记录缺失") -> Remarked:
    return remark(
        known, source=Source.COMMUNITY, by=COMMUNITY, what=what, days=10, now=MARCH, work=WORK
    )


def test_P_26_is_found_in_a_project_that_runs() -> None:
    assert make(contract()) == remarked
    Given(contract(terminated), evolve).when(make).breaks("P-26", clause=CLAUSE)
    with pytest.raises(Malformed):
        make(contract(), " ")


def test_P_26_is_put_right_and_judged_by_who_found_it() -> None:
    right = lambda one: one.put_right(what="已补齐", now=MARCH)  # noqa: E731
    given().when(right).then(done)
    given(done).when(right).breaks("P-26", clause=CLAUSE)

    def judge(by: str = COMMUNITY, closed: bool = True) -> Any:
        return lambda one: one.judge(by=by, closed=closed, opinion="可", now=MARCH)

    given().when(judge()).breaks("P-26", clause=CLAUSE)
    given(done).when(judge("finance")).breaks("P-26", clause=CLAUSE)
    given(done).when(judge()).then(RemarkJudged(closed=True, opinion="可", at=MARCH))
    again = given(done).when(judge(closed=False)).leads_to()
    assert again.state.next_due == DUE
    assert again.when(right).happened == (done,)


def test_P_26_is_missed_once_whether_or_not_it_comes_later() -> None:
    assert not given().when(lambda one: one.miss(DUE)).happened
    missed = given().when(lambda one: one.miss(LATE)).then(RemarkMissed(at=LATE))
    assert missed.state.next_due is None
    assert not missed.when(lambda one: one.miss(LATE)).happened
    assert not given(done).when(lambda one: one.miss(LATE)).happened
    given().when(lambda one: one.put_right(what="已补齐", now=LATE)).then(
        RemarkMissed(at=LATE), PutRight(what="已补齐", at=LATE)
    )


corrected = RemarkCorrected(what="三月活动记录缺失", reason="月份漏写", at=MARCH)
withdrawn = RemarkWithdrawn(reason="记错项目", at=MARCH)


def test_P_26_what_was_found_is_put_in_other_words_by_who_judges_it() -> None:
    def correct(**other_than: Any) -> Any:
        said = {"by": COMMUNITY, "what": corrected.what, "reason": corrected.reason, **other_than}
        return lambda one: one.correct(**said, now=MARCH)

    after = given().when(correct()).then(corrected)
    assert (after.state.what, after.state.next_due) == (corrected.what, DUE)
    given().when(correct(by="finance")).breaks("P-26", clause=OURS)
    given().when(correct(what=remarked.what)).breaks("P-26", clause=OURS, field="what")
    for field in ("what", "reason"):
        given().when(correct(**{field: " "})).refused(Malformed, field=field)
    for over in (done, withdrawn):
        given(over).when(correct()).breaks("P-26", clause=OURS)


def test_P_26_what_was_found_by_mistake_is_withdrawn_and_counts_no_more() -> None:
    def withdraw(by: str = COMMUNITY, reason: str = withdrawn.reason) -> Any:
        return lambda one: one.withdraw(by=by, reason=reason, now=MARCH)

    missed = RemarkMissed(at=LATE)
    for so_far in ((), (done,), (missed,)):
        after = given(*so_far).when(withdraw()).then(withdrawn)
        assert (after.state.next_due, after.state.counts(LATE)) == (None, False)
        assert of_remark(after.state) == {}
    assert given(missed).state.counts(DUE) and given().state.counts(LATE)
    given().when(withdraw("finance")).breaks("P-26", clause=OURS)
    given().when(withdraw(reason=" ")).refused(Malformed, field="reason")
    closed = RemarkJudged(closed=True, opinion="可", at=MARCH)
    for over in (closed, withdrawn):
        given(done, over).when(withdraw()).breaks("P-26", clause=OURS)
        given(over).when(lambda one: one.put_right(what="已补齐", now=MARCH)).breaks("P-26")


def test_P_26_what_is_withdrawn_after_it_was_counted_adds_no_points() -> None:
    counted = contract(shown, answered, before, replace(mid, missed=1))
    last, *_ = counted.evaluate(
        by="expert:7", findings=found(Stage.FINAL, GOOD), policy=POLICY, now=JUNE, work=WORK
    )
    assert isinstance(last, ProjectEvaluated)
    assert (last.points, last.missed) == (800, 0)


@pytest.mark.parametrize(
    ("so_far", "counted"),
    [
        ((RemarkMissed(at=LATE), TAKEN_BACK), 2),
        ((TAKEN_BACK,), 2),
        ((RemarkMissed(at=LATE), withdrawn), 1),
        ((done, REOPENED, RemarkMissed(at=SINCE), TAKEN_BACK), 1),
    ],
    ids=["missed", "timer-late", "withdrawn-before", "missed-since"],
)
async def test_P_26_what_is_withdrawn_after_it_was_counted_lets_no_other_off(
    so_far: tuple[Any, ...], counted: int
) -> None:
    """Of another that was missed since the mid-term, with what the mid-term had counted."""
    desk, cause = desk_on(MemoryStore(), bytes(32), Silent(), WORK), Cause(actor="x", now=MARCH)
    evaluated = replace(mid, missed=1, at=JUNE)
    ran: list[Any] = [signed, *ready, shown, answered, before, evaluated]
    await desk.contracts.once("c-1", ran, cause)
    await desk.remarks.once("r-1", [remarked, *so_far], cause)
    other = replace(remarked, clock=start(Budget.working_days(10), JUNE, WORK), at=JUNE)
    await desk.remarks.once("r-2", [other], cause)
    assert await desk.missed_in("c-1", SINCE) == counted


def test_P_26_each_that_was_missed_costs_points_once() -> None:
    def evaluated(known: Contract, stage: Stage, missed: int) -> Any:
        [event, *_] = known.evaluate(
            by="expert:7",
            findings=found(stage, GOOD),
            policy=POLICY,
            now=JUNE,
            work=WORK,
            missed=missed,
        )
        return event

    so_far = contract(shown, answered, before)
    first = evaluated(so_far, Stage.MID, 6)
    assert (first.points, first.missed, first.band) == (740, 6, Band.QUALIFIED)
    assert evaluated(so_far, Stage.MID, 0) == mid
    assert evaluated(so_far, Stage.MID, 100).points == 0
    last = evaluated(evolve_contract(so_far, first), Stage.FINAL, 7)
    assert (last.points, last.missed) == (790, 1)


def test_P_26_each_costs_the_points_of_the_policy_that_the_evaluation_is_made_under() -> None:
    """Under which the scheme was shown; of an earlier scheme, and before the project, those of the day."""
    dear = (POLICY[0] + 1, replace(POLICY[1], missed_points=50))

    def points(known: Contract, stage: Stage) -> tuple[int, int]:
        event, *_ = known.evaluate(
            by="expert:7", findings=found(stage, GOOD), policy=dear, now=JUNE, work=WORK, missed=2
        )
        assert isinstance(event, ProjectEvaluated)
        return event.policy, event.points

    kept_less = replace(shown, scheme=replace(SCHEME, missed_points=None))
    assert points(contract(shown, answered, before), Stage.MID) == (SCHEME.policy, 780)
    assert points(contract(kept_less, answered, before), Stage.MID) == (SCHEME.policy, 700)
    assert points(contract(), Stage.BEFORE) == (dear[0], 700)


async def test_P_26_what_is_late_counts_whether_or_not_the_timer_came_by() -> None:
    desk = desk_on(MemoryStore(), bytes(32), Silent(), WORK)
    for id, so_far in (
        ("r-1", ()),
        ("r-2", (done,)),
        ("r-3", (RemarkMissed(at=LATE),)),
        ("r-5", (withdrawn,)),
    ):
        await desk.remarks.once(id, [remarked, *so_far], Cause(actor=COMMUNITY, now=MARCH))
    other = replace(remarked, contract="c-2")
    await desk.remarks.once("r-4", [other], Cause(actor=COMMUNITY, now=MARCH))
    await desk.contracts.once("c-1", [signed], Cause(actor=COMMUNITY, now=MARCH))
    assert [await desk.missed_in("c-1", now) for now in (DUE, LATE)] == [1, 2]


async def test_P_26_time_past_the_known_calendar_is_counted_again() -> None:
    """The weekday after Qingming of 2026 is a holiday; also of what was put right, as that may not be enough."""
    now, short = MARCH + timedelta(days=25), WORK.as_known_through(date(2025, 12, 31))
    days = Budget.working_days(10)
    running = replace(remarked, clock=start(days, now, short), at=now)
    known = start(days, now, WORK)
    assert running.clock.provisional and running.clock.due < known.due
    desk = desk_on(MemoryStore(), bytes(32), Silent(), WORK)
    missed = RemarkMissed(at=LATE)
    for id, so_far in (("r-1", ()), ("r-2", (done,)), ("r-3", (missed,))):
        await desk.remarks.once(id, [running, *so_far], Cause(actor=COMMUNITY, now=now))
    await desk.renew_calendar(now)
    after = [(await desk.remarks.get(id)).aggregate.clock for id in ("r-1", "r-2", "r-3")]
    assert after == [known, known, running.clock]
    late = past(None, evolve, (running,)).when(
        lambda one: one.renew_calendar(WORK, running.clock.due + timedelta(seconds=1))
    )
    late.then()


def test_P_26_what_a_resident_reports_is_answered_once() -> None:
    tip = past(None, evolve_tip, (TipGiven(contract="c-1", what="活动未开展", at=MARCH),))
    take = lambda one: one.take_up("r-1", MARCH)  # noqa: E731
    dismiss = lambda one: one.dismiss(reason="查证不实", now=MARCH)  # noqa: E731
    taken = tip.when(take).then(TipTakenUp(remark="r-1", at=MARCH))
    out = tip.when(dismiss).then(TipDismissed(reason="查证不实", at=MARCH))
    for answered_already in (taken, out):
        answered_already.when(take).breaks("P-26", clause=CLAUSE)
        answered_already.when(dismiss).breaks("P-26", clause=CLAUSE)


GIVEN = TipGiven(contract="c-1", what="活动未开展", at=MARCH)
MISTAKEN = ReasonIn(reason="记错项目")


@pytest.fixture
async def desk() -> ProcurementDesk:
    """Of a project that runs, with what a resident reported of it, and another resident."""
    made = desk_on(MemoryStore(), bytes(32), Silent(), WORK)
    cause = Cause(actor="platform", now=MARCH)
    await made.policies.seed(MARCH)
    await made.contracts.once("c-1", [signed], cause)
    for id in ("t-1", "t-2"):
        await made.tips.once(id, [GIVEN], cause)
    return made


async def taken_up(desk: ProcurementDesk, what: str, key: str | None = None) -> str:
    """The remark that the district made of it."""
    cause = Cause(actor="district_admin", now=MARCH, key=key)
    asking = Asking(person("district_admin"), cause)
    done = await take(remarks.take_up, desk, asking, remarks.TakenUpIn(what=what), id="t-1")
    return str(done.aggregate.remark)


async def test_P_26_what_a_resident_reported_is_answered_anew_once_its_remark_is_withdrawn(
    desk: ProcurementDesk,
) -> None:
    """It stayed taken up by what was withdrawn, and waited for nobody."""
    first = await taken_up(desk, "请核实三月活动")
    asking = Asking(person("district_admin"), Cause(actor="district_admin", now=MARCH))
    await take(remarks.withdraw, desk, asking, MISTAKEN, id=first)
    tip = (await desk.tips.get("t-1")).aggregate
    assert (tip.remark, tip.withdrawn) == (None, (first,))
    assert of_tip(tip) == of_tip(evolve_tip(None, GIVEN)) != {}
    assert (await desk.tips.get("t-2")).version == 1, "another's"
    second = await taken_up(desk, "请核实四月活动")
    assert second != first
    made: Remark = (await desk.remarks.get(second)).aggregate
    assert (made.what, made.status) == ("请核实四月活动", RemarkStatus.OPEN)


async def test_P_26_what_was_withdrawn_before_is_given_back_at_a_start(
    desk: ProcurementDesk,
) -> None:
    first = await taken_up(desk, "请核实三月活动")
    cause = Cause(actor="district_admin", now=MARCH)
    await desk.remarks.change(first, lambda _: [withdrawn], cause)
    for _ in range(2):
        await desk.give_back_all(MARCH)
    trail = await desk.tips.trail("t-1")
    assert [entry["type"] for entry in trail][2:] == [TipReturned.__name__]


async def test_P_26_what_a_resident_reported_is_not_taken_up_into_what_was_withdrawn(
    desk: ProcurementDesk,
) -> None:
    """The remark was made, its maker stopped before the tip was answered, and the remark withdrawn."""
    cause = Cause(actor="district_admin", now=MARCH)
    await desk.tips.once("t-3", [GIVEN], cause)
    half = derived_id("remark", "tip", "t-3")
    await desk.remarks.once(half, [remarked, withdrawn], cause)
    asking, what = Asking(person("district_admin"), cause), remarks.TakenUpIn(what="请核实")
    made = (await take(remarks.take_up, desk, asking, what, id="t-3")).aggregate.remark
    assert made != half
    assert (await desk.remarks.get(str(made))).aggregate.status is RemarkStatus.OPEN


async def test_P_26_what_a_resident_reported_is_taken_up_once_however_often_it_is_asked(
    desk: ProcurementDesk,
) -> None:
    """The same request again was refused; and after the remark was withdrawn it makes none anew."""
    first = await taken_up(desk, "请核实三月活动", key="k-1")
    assert await taken_up(desk, "请核实三月活动", key="k-1") == first
    asking = Asking(person("district_admin"), Cause(actor="district_admin", now=MARCH))
    await take(remarks.withdraw, desk, asking, MISTAKEN, id=first)
    await taken_up(desk, "请核实三月活动", key="k-1")
    assert [held.id async for held in desk.remarks.every({})] == [first]
