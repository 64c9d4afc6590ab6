"""M-10: who leads is on the roster, trained and of the place; a settled case earns what the policy says."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest

from chassis.cause import Cause
from chassis.kernel.clock import local_date
from chassis.kernel.errors import OURS, Malformed, RuleBroken
from services.mediation.domain import mediating, mediator
from services.mediation.domain.dispute import Body, Conflict, How, Remedy, Risk
from services.mediation.domain.events import CaseEnded
from services.mediation.domain.evolution import evolve as evolve_case
from services.mediation.domain.mediator import (
    Grade,
    Mediator,
    MediatorDated,
    MediatorEnlisted,
    MediatorEvent,
    MediatorGraded,
    MediatorLeft,
    MediatorTrained,
    Reward,
    evolve,
    fit,
    rewards,
)
from services.mediation.domain.rules import CORPS
from services.mediation.main import desk_on
from services.mediation.queries.figures import earned
from tests.support.memory import MemoryStore
from tests.support.specification import Given, past
from tests.support.toy import Silent
from tests.support.walks import person

from .lives import (
    AGREEMENT,
    DONE,
    HELD,
    LATER,
    MET,
    MORNING,
    PERFORMING,
    POLICY,
    REGISTERED,
    SIGNED,
    TAKEN,
    WILLING,
    WORK,
    given,
)

ENLISTED = MediatorEnlisted(code="m1", street="guanshang", grade=Grade.UNRATED, at=MORNING)
TRAINED = MediatorTrained(on=date(2026, 3, 2), hours=8, subject="调解技巧")
LEFT = MediatorLeft(reason="调离。", at=LATER)
TOMORROW = LATER.date() + timedelta(days=1)


def on_roster(*events: MediatorEvent) -> Given[Mediator]:
    return past(None, evolve, (ENLISTED, *events))


def test_M_10_the_roster_has_levels_and_training() -> None:
    here = on_roster()
    here.when(lambda m: mediator.grade(m, Grade.FIRST, MORNING.date(), LATER)).then(
        MediatorGraded(grade=Grade.FIRST, on=MORNING.date())
    )
    here.when(lambda m: mediator.grade(m, Grade.FIRST, TOMORROW, LATER)).refused(Malformed)
    here.when(lambda m: mediator.train(m, TRAINED.on, 0, "调解技巧", LATER)).refused(
        Malformed, field="hours"
    )
    here.when(lambda m: mediator.train(m, TRAINED.on, 8, " ", LATER)).refused(Malformed)
    here.when(lambda m: mediator.train(m, TOMORROW, 8, "调解技巧", LATER)).refused(Malformed)
    trained = here.when(lambda m: mediator.train(m, TRAINED.on, 8, "调解技巧", LATER)).then(TRAINED)
    here.when(lambda m: mediator.leave(m, " ", LATER)).refused(Malformed, field="reason")
    left = trained.when(lambda m: mediator.leave(m, "调离。", LATER)).then(LEFT)
    steps = (
        partial(mediator.grade, to=Grade.FIRST, on=MORNING.date(), now=LATER),
        partial(mediator.train, on=MORNING.date(), hours=8, subject="调解技巧", now=LATER),
        partial(mediator.leave, reason="调离。", now=LATER),
    )
    for step in steps:
        left.when(step).breaks("M-10")
    with pytest.raises(Malformed):
        mediator.enlist(trained.state, ENLISTED)
    again = (
        left.when(lambda m: mediator.enlist(m, ENLISTED))
        .then(replace(ENLISTED, left_on=LATER.date()))
        .state
    )
    assert (again.left_at, again.training) == (None, (TRAINED,))


def test_M_10_since_when_it_was_on_the_roster_on_paper_is_said_once_afterwards() -> None:
    """Who was entered before that was asked for led nothing on paper before the day it was entered."""
    since, entered = date(2020, 5, 1), local_date(MORNING)
    here = on_roster(TRAINED)
    dated = here.when(lambda m: mediator.date_since(m, since)).then(MediatorDated(since=since))
    assert (here.state.listed(since), dated.state.listed(since)) == (False, True)
    dated.when(lambda m: mediator.date_since(m, since)).breaks("M-10", clause=OURS)
    later = entered + timedelta(days=1)
    here.when(lambda m: mediator.date_since(m, later)).breaks("M-10", clause=OURS, field="since")
    on_roster(LEFT).when(lambda m: mediator.date_since(m, since)).breaks("M-10")


BACK = replace(ENLISTED, at=LATER + timedelta(days=90))


@pytest.mark.parametrize("since", [LATER.date() - timedelta(days=1), date(2020, 5, 1)])
def test_M_10_who_came_back_is_not_dated_over_the_time_it_was_away(since: date) -> None:
    """Neither as it is entered nor afterwards; of an earlier build's it isn't known when it had left."""
    left, away, early = LATER.date(), on_roster(LEFT), replace(BACK, since=since)
    again = replace(BACK, left_on=left)
    away.when(lambda m: mediator.enlist(m, BACK)).then(again)
    away.when(lambda m: mediator.enlist(m, early)).breaks("M-10", clause=OURS, field="since")
    here = on_roster(LEFT, again)
    here.when(lambda m: mediator.date_since(m, since)).breaks("M-10", clause=OURS, field="since")
    dated = here.when(lambda m: mediator.date_since(m, left)).leads_to().state
    assert [dated.listed(left + timedelta(days=n)) for n in (-1, 0, 1)] == [False, True, True]
    on_roster(LEFT, BACK).when(lambda m: mediator.date_since(m, since)).leads_to()


@pytest.mark.parametrize(
    ("known", "street"),
    [
        (on_roster(TRAINED), "liujia"),
        (on_roster(), "guanshang"),
        (on_roster(TRAINED, LEFT), "guanshang"),
    ],
)
def test_M_10_who_leads_is_there_trained_and_of_the_place(
    known: Given[Mediator], street: str
) -> None:
    ready = on_roster(TRAINED).state
    fit({"m1": ready}, ("m1",), "guanshang", TOMORROW)
    fit({"m1": replace(ready, street=None)}, ("m1",), "liujia", TOMORROW)
    for roster, codes in (({"m1": known.state}, ("m1",)), ({"m1": ready}, ("m1", "m2"))):
        with pytest.raises(RuleBroken) as refusal:
            fit(roster, codes, street, TOMORROW)
        assert (refusal.value.rule.id, refusal.value.field) == ("M-10", "mediators")
        away = "不在调解员名册中" in refusal.value.detail
        assert refusal.value.clause == (CORPS if away else None)


def test_M_10_a_session_is_recorded_of_who_was_there_on_its_day() -> None:
    """A clerk writes down on Friday what a mediator led on Wednesday who left on Thursday."""
    left = {"m1": on_roster(TRAINED, LEFT).state}
    trained = {"m1": on_roster(TRAINED).state}
    day = timedelta(days=1)
    fit(left, ("m1",), "guanshang", local_date(LEFT.at))
    fit(trained, ("m1",), "guanshang", TRAINED.on)
    for roster, on in ((left, local_date(LEFT.at) + day), (trained, TRAINED.on - day)):
        with pytest.raises(RuleBroken) as refusal:
            fit(roster, ("m1",), "guanshang", on)
        assert (refusal.value.rule.id, refusal.value.field) == ("M-10", "mediators")


def test_M_10_a_settled_case_is_rewarded_by_its_risk_and_shared_by_who_led() -> None:
    settled = CaseEnded(how=How.SETTLED, at=LATER)
    failed = CaseEnded(how=How.UNSUITED, told=(Remedy.COURT,), at=LATER)
    alone = given((*DONE, settled)).state
    two = replace(HELD, mediators=("m1", "m2"))
    serious = replace(alone, risk=Risk.SERIOUS, sessions=(HELD, two))
    per_case = {**POLICY.reward_fen, Risk.SERIOUS: 10_001}
    assert rewards([alone, serious, given((*MET, failed)).state], per_case) == [
        Reward(mediator="m1", settled=2, fen=5_000 + 5_001),
        Reward(mediator="m2", settled=1, fen=5_000),
    ]
    assert rewards([given((REGISTERED,)).state], per_case) == []


def test_M_10_a_conflict_that_comes_out_after_the_session_asks_for_another() -> None:
    met = given(MET).when(lambda c: mediating.recuse(c, "m1", Conflict.KIN, LATER)).leads_to()
    met.when(lambda c: mediating.agree(c, AGREEMENT, "（虚构）", LATER)).breaks("M-10", clause=OURS)
    other = partial(mediating.meet, on=AGREEMENT.signed_on, body=Body.COMMITTEE, now=LATER)
    again = met.when(partial(other, mediators=("m2",))).leads_to()
    again.when(lambda c: mediating.agree(c, AGREEMENT, "（虚构）", LATER)).leads_to()


def test_M_10_a_conflict_that_comes_out_after_the_agreement_earns_nothing() -> None:
    two = replace(HELD, mediators=("m1", "m2"))
    settled = CaseEnded(how=How.SETTLED, at=LATER)
    for known in (given((*MET, two, SIGNED, PERFORMING)), given((*MET, two, *DONE[len(MET) :]))):
        out = known.when(lambda c: mediating.recuse(c, "m1", Conflict.KIN, LATER)).leads_to()
        case = evolve_case(out.state, settled)
        assert rewards([case], POLICY.reward_fen) == [
            Reward(mediator="m2", settled=1, fen=POLICY.reward_fen[case.risk])
        ]


def test_M_10_a_mediator_is_named_once_and_a_case_counts_once_for_whoever_led_it() -> None:
    met = given(TAKEN, *WILLING)
    meet = partial(mediating.meet, on=HELD.on, body=Body.COMMITTEE, now=LATER)
    met.when(partial(meet, mediators=("m1", "m2", "m1"))).refused(Malformed, field="mediators")
    met.when(partial(meet, mediators=("m1", "m2"))).leads_to()
    written = replace(HELD, mediators=("m1", "m2", "m1"))
    settled = CaseEnded(how=How.SETTLED, at=LATER)
    case = given((*TAKEN, *WILLING, written, *DONE[len(MET) :], settled)).state
    assert rewards([case], {**POLICY.reward_fen, Risk.ORDINARY: 9_001}) == [
        Reward(mediator="m1", settled=1, fen=4_501),
        Reward(mediator="m2", settled=1, fen=4_500),
    ]


def test_M_10_who_came_on_the_roster_later_led_nothing_before() -> None:
    """Nor while it was away; who was on it before on paper says since when."""
    came, day = local_date(ENLISTED.at), timedelta(days=1)
    early = replace(TRAINED, on=came - 100 * day)
    paper = replace(ENLISTED, since=came - 50 * day)
    back = replace(ENLISTED, at=LEFT.at + 10 * day)
    for events, first in (
        ((ENLISTED, early), came),
        ((paper, early), came - 50 * day),
        ((ENLISTED, early, LEFT, back), local_date(back.at)),
    ):
        roster = {"m1": past(None, evolve, events).state}
        fit(roster, ("m1",), "guanshang", first)
        with pytest.raises(RuleBroken, match="当日不在调解员名册中") as refusal:
            fit(roster, ("m1",), "guanshang", first - day)
        assert (refusal.value.rule.id, refusal.value.field) == ("M-10", "mediators")
    assert mediator.enlist(None, paper) == paper
    with pytest.raises(Malformed) as wrong:
        mediator.enlist(None, replace(ENLISTED, since=came + day))
    assert wrong.value.field == "since"


async def test_M_10_what_was_earned_in_a_quarter_stands_when_the_amounts_change() -> None:
    desk = desk_on(MemoryStore(), bytes(32), Silent(), WORK)
    await desk.policies.seed(MORNING)
    settled = CaseEnded(how=How.SETTLED, at=LATER)
    cause = Cause(actor="district_admin", now=LATER)
    await desk.cases.once("c-1", [*DONE, settled], cause)
    values = (await desk.policies.book()).aggregate.editions[-1].values

    async def adopted(fen: int, at: datetime) -> list[int]:
        amounts = {**values, "reward_fen": {**values["reward_fen"], "ordinary": fen}}
        await desk.policies.put(amounts, "调整", replace(cause, now=at))
        return [one.fen for one in await earned(desk, "2026-Q1", person("district_admin"))]

    assert await adopted(6_000, datetime(2026, 3, 31, 15, 59, tzinfo=UTC)) == [6_000]
    assert await adopted(7_000, datetime(2026, 4, 1, 2, 0, tzinfo=UTC)) == [6_000]
