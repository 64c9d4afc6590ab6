"""C-11, C-12: what becomes of an outcome, by which date, and what is said of a date that was missed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chassis.kernel.clock import end_of
from chassis.kernel.errors import Malformed, RuleBroken
from services.consultation import announce
from services.consultation.domain import following
from services.consultation.domain.committee import Level
from services.consultation.domain.events import (
    Conclusion,
    Decider,
    MatterAccepted,
    MatterEvent,
    Outcome,
    Settler,
)
from services.consultation.domain.evolution import evolve
from services.consultation.domain.following_events import (
    Awaited,
    ClockStarted,
    DateMissed,
    DecidedElsewhere,
    Decision,
    MatterClosed,
    MatterReopened,
    MembersToldBack,
    OutcomeDecided,
    OutcomePublished,
    OutcomeSentUp,
    ProgressReported,
)
from services.consultation.domain.matter import Matter, Status
from services.consultation.domain.watching_events import Fault, Stage
from tests.support.specification import Given, past

from .test_matter import (
    ACCEPTED,
    CLOCKS,
    DECLINED,
    EVENING,
    INFORMED,
    KEPT,
    MEMBERS,
    NOT_YET,
    OLDER,
    PROPOSED,
    RESEARCHED,
    SETTLED,
    UPPER,
    USABLE,
    WHISTLE,
)

DECIDING, CONVERTING = "官办通〔2018〕58号 六.1.4", "官办通〔2018〕58号 六.2.4"
STREET = replace(PROPOSED, level=Level.STREET)
ENTRUSTED = replace(PROPOSED, entrusted=True)
LATER = EVENING + timedelta(days=60)
OUTCOMES = [WHISTLE, UPPER, USABLE, NOT_YET, DECLINED]


def concluded(conclusion: Conclusion = USABLE, start: MatterEvent = STREET) -> Given[Matter]:
    here = past(None, evolve, [start, ACCEPTED, RESEARCHED])

    def concluding(m: Matter) -> tuple[MatterEvent, ...]:
        happened = m.conclude(conclusion, members=MEMBERS, now=EVENING)
        return following.concluded(m, happened, CLOCKS, EVENING)

    return past(here.when(concluding).leads_to().state, evolve, [KEPT])


def going(here: Given[Matter], *steps: str, now: datetime = EVENING) -> Given[Matter]:
    for step in steps:
        here = here.when(taking(step, now)).leads_to()
    return here


def taking(step: str, now: datetime = EVENING) -> Callable[[Matter], Any]:
    return lambda m: STEPS[step](m, now)


STEPS: dict[str, Callable[[Matter, datetime], Any]] = {
    "report": lambda m, now: following.report(m, CLOCKS, now),
    "adopt": lambda m, now: following.decide(m, Decision.ADOPTED, None, CLOCKS, now),
    "decline": lambda m, now: following.decide(m, Decision.DECLINED, "经费不足。", CLOCKS, now),
    "feedback": lambda m, now: following.tell_back(m, "已反馈。", 21, 15, CLOCKS, now),
    "publish": lambda m, now: following.publish(m, "已张贴。", CLOCKS, now),
    "progress": lambda m, now: following.progress(m, "已划线一半。", CLOCKS, now),
    "complete": lambda m, now: following.complete(m, "已划线。", now),
}
WAYS = {
    (Level.STREET, True): ["report", "adopt", "feedback", "progress", "complete"],
    (Level.STREET, False): ["feedback"],
    (Level.COMMUNITY, True): ["publish", "progress", "complete"],
    (Level.COMMUNITY, False): ["publish"],
}
STEP_OF = {"adopt": "decide", "decline": "decide"}


@pytest.mark.parametrize("conclusion", OUTCOMES, ids=lambda c: f"{c.outcome}-{c.target}")
@pytest.mark.parametrize("level", [Level.STREET, Level.COMMUNITY])
def test_C_11_each_of_the_four_outcomes_goes_its_way_to_an_end(
    level: Level, conclusion: Conclusion
) -> None:
    goes_on = conclusion.outcome in (Outcome.NEEDS_UPPER_LEVEL, Outcome.USABLE_HERE)
    here = concluded(conclusion, replace(PROPOSED, level=level))
    for step in WAYS[level, goes_on]:
        assert STEP_OF.get(step, step) in here.state.next_steps()
        assert here.state.awaits is not None
        others = set(STEPS) - {step, "adopt", "decline", *STEPS_WITH.get(step, ())}
        for other in others:
            here.when(taking(other)).breaks("C-16")
        here = going(here, step)
    assert (here.state.status, here.state.awaits) == (Status.CLOSED, None)
    assert here.state.next_steps() == ["reopen", "inspect"]


STEPS_WITH = {"progress": ("complete",), "complete": ("progress",)}


def test_C_11_a_decline_ends_with_its_feedback() -> None:
    after = going(concluded(), "report", "decline", "feedback").state
    assert (after.status, after.result) == (Status.CLOSED, None)


@pytest.mark.parametrize(
    ("start", "before", "awaited", "due"),
    [
        (STREET, (), Awaited.REPORT, datetime(2025, 3, 27, 9, tzinfo=UTC)),
        (STREET, ("report",), Awaited.DECISION, datetime(2025, 4, 3, 9, tzinfo=UTC)),
        (STREET, ("report", "adopt"), Awaited.FEEDBACK, datetime(2025, 3, 27, 9, tzinfo=UTC)),
        (
            STREET,
            ("report", "adopt", "feedback"),
            Awaited.PROGRESS,
            datetime(2025, 6, 19, 16, tzinfo=UTC),  # 24:00 of the 91st day in Shanghai
        ),
        (PROPOSED, (), Awaited.PUBLICATION, datetime(2025, 4, 3, 9, tzinfo=UTC)),
        (ENTRUSTED, (), Awaited.REPORT, datetime(2025, 3, 27, 9, tzinfo=UTC)),
        (ENTRUSTED, ("report",), Awaited.PUBLICATION, datetime(2025, 4, 3, 9, tzinfo=UTC)),
    ],
)
def test_C_12_each_step_has_its_date(
    start: MatterEvent, before: tuple[str, ...], awaited: Awaited, due: datetime
) -> None:
    awaits = going(concluded(USABLE, start), *before).state.awaits
    assert awaits is not None
    assert (awaits.awaited, awaits.due, awaits.missed) == (awaited, due, False)


@pytest.mark.parametrize("hour", [0, 15, 16, 23])
def test_C_11_progress_is_reported_by_the_end_of_a_day_whatever_the_hour_of_the_last(
    hour: int,
) -> None:
    now = datetime(2025, 3, 20, hour, 59, tzinfo=UTC)
    last = date(2025, 3, 20 + (hour >= 16)) + timedelta(days=91)
    assert CLOCKS.started(Awaited.PROGRESS, now).due == end_of(last)


def test_C_11_a_missed_date_is_recorded_once_and_the_step_may_still_be_taken() -> None:
    here = concluded()
    awaits = here.state.awaits
    assert awaits is not None
    missed = DateMissed(awaited=Awaited.REPORT, due=awaits.due)
    here.when(lambda m: following.late(m, awaits.due)).then()
    after = here.when(lambda m: following.late(m, LATER)).then(missed)
    after.when(lambda m: following.late(m, LATER)).then()
    assert after.state.missed == (missed,)
    went_on = going(after, "report", now=LATER).state
    assert went_on.missed == (missed,)


@pytest.mark.parametrize(
    ("before", "step"),
    [
        ((), "report"),
        (("report",), "adopt"),
        (("report", "adopt"), "feedback"),
        (("report", "adopt", "feedback"), "progress"),
        (("report", "adopt", "feedback"), "complete"),
    ],
)
def test_C_11_an_act_that_comes_late_says_so_itself(before: tuple[str, ...], step: str) -> None:
    later = EVENING + timedelta(days=120)
    first, *_ = going(concluded(), *before).when(lambda m: STEPS[step](m, later)).happened
    assert isinstance(first, DateMissed)


def test_C_11_what_was_decided_is_said_of_where_a_matter_stands() -> None:
    for steps, stands in (
        (("report",), "当前状态为“已交办”"),
        (("report", "adopt"), "当前状态为“已交办，采纳”"),
        (("report", "decline"), "当前状态为“已交办，不予采纳”"),
    ):
        with pytest.raises(RuleBroken, match=stands):
            STEPS["report"](going(concluded(), *steps).state, EVENING)


@pytest.mark.parametrize("decision", [Decision.PARTLY, Decision.DECLINED])
def test_C_11_a_decline_or_a_deviation_has_its_reasons(decision: Decision) -> None:
    here = going(concluded(), "report")
    here.when(lambda m: following.decide(m, decision, " ", CLOCKS, EVENING)).breaks(
        "C-11", clause=DECIDING, field="reasons"
    )
    after = here.when(lambda m: following.decide(m, decision, "经费不足。", CLOCKS, EVENING))
    assert after.leads_to().state.decision is decision


@pytest.mark.parametrize(
    ("informed", "written", "field"),
    [(22, 0, "informed"), (-1, 0, "informed"), (20, 21, "written"), (20, -1, "written")],
)
def test_C_11_feedback_counts_its_members(informed: int, written: int, field: str) -> None:
    here = going(concluded(), "report", "adopt")
    here.when(
        lambda m: following.tell_back(m, "已反馈。", informed, written, CLOCKS, EVENING)
    ).refused(Malformed, field=field)


@pytest.mark.parametrize(
    ("start", "before", "step", "rule", "field"),
    [
        (
            STREET,
            ("report", "adopt"),
            lambda m: following.tell_back(m, " ", 1, 1, CLOCKS, EVENING),
            "C-11",
            "feedback",
        ),
        (PROPOSED, (), lambda m: following.publish(m, " ", CLOCKS, EVENING), "C-12", "notice"),
        (
            PROPOSED,
            ("publish",),
            lambda m: following.progress(m, " ", CLOCKS, EVENING),
            "C-11",
            "progress",
        ),
        (PROPOSED, ("publish",), lambda m: following.complete(m, " ", EVENING), "C-11", "result"),
        (PROPOSED, (), lambda m: following.reopen(m, " ", EVENING), "C-12", "reason"),
    ],
)
def test_C_12_nothing_is_reported_without_a_word(
    start: MatterEvent,
    before: tuple[str, ...],
    step: Callable[[Matter], Any],
    rule: str,
    field: str,
) -> None:
    going(concluded(USABLE, start), *before).when(step).breaks(rule, field=field)


def test_C_12_a_matter_is_deliberated_again() -> None:
    closed = going(concluded(USABLE, PROPOSED), "publish", "complete")
    reopened = MatterReopened(reason="居民另有意见。")
    after = (
        closed.when(lambda m: following.reopen(m, "居民另有意见。", EVENING)).then(reopened).state
    )
    assert (after.status, after.conclusion, after.result) == (Status.RESEARCHED, None, None)
    assert (after.reopened, after.awaits) == (("居民另有意见。",), None)
    assert after.next_steps() == ["outcome", "invite"]


def test_C_11_what_is_late_when_it_is_deliberated_again_or_corrected_stays_so() -> None:
    """Its clock goes with its outcome: whoever comes before the timer leaves no date unsaid."""
    here = concluded()
    assert here.state.awaits is not None
    missed = DateMissed(awaited=Awaited.REPORT, due=here.state.awaits.due)
    back = (Fault.PROCEDURE, Stage.DELIBERATION, "人数不足。")
    for again in (
        here.when(lambda m: following.reopen(m, "居民另有意见。", LATER)),
        here.when(lambda m: following.correct(m, *back, LATER)),
    ):
        assert again.happened[0] == missed
        assert again.leads_to().state.missed == (missed,)
    here.when(lambda m: following.reopen(m, "另有意见。", missed.due)).then(
        MatterReopened(reason="另有意见。")
    )


def test_C_12_the_procedure_of_2016_has_no_clocks() -> None:
    here = past(None, evolve, [OLDER, INFORMED])

    def concluding(m: Matter) -> tuple[MatterEvent, ...]:
        happened = m.conclude(USABLE, members=MEMBERS, now=EVENING)
        return following.concluded(m, happened, CLOCKS, EVENING)

    assert here.when(concluding).leads_to().state.awaits is None


def test_C_12_an_outcome_from_before_there_were_clocks_goes_on() -> None:
    here = concluded(USABLE, PROPOSED).state
    old = past(replace(here, awaits=None), evolve, [])
    assert old.state.next_steps() == ["publish", "reopen", "inspect"]
    assert going(old, "publish").state.awaits is not None


def test_C_11_what_is_told_of_a_matter_s_end() -> None:
    events: list[MatterEvent] = [
        DateMissed(awaited=Awaited.DECISION, due=EVENING),
        OutcomeSentUp(at=EVENING),
        OutcomeDecided(decision=Decision.ADOPTED, at=EVENING),
        MembersToldBack(feedback="已反馈。", informed=21, written=15, at=EVENING),
        OutcomePublished(notice="已张贴。", at=EVENING),
        ProgressReported(progress="一半。", at=EVENING),
        ClockStarted(awaited=Awaited.PROGRESS, due=LATER, provisional=False),
        MatterClosed(result="已划线。", at=EVENING),
        MatterReopened(reason="另有意见。"),
    ]
    state, told = concluded().state, []
    for event in events:
        state = evolve(state, event)
        if letter := announce.of_matters(event, state):
            told.append({"type": letter.type, **letter.model_dump(mode="json", exclude_none=True)})
    about = {"street": "guanshang", "community": "guanshangzhongxinqu", "matter": "m-1"}
    about |= {"units": ["urban_management"]}  # type: ignore[dict-item]
    at = "2025-03-20T11:30:00.000000Z"
    assert told == [
        {
            "type": "consultation.date_missed.v1",
            **about,
            "awaited": "decision",
            "due": at,
            "level": "street",
        },
        *(
            {
                "type": "consultation.outcome_followed.v1",
                **about,
                "fixed": 21,
                "informed": 21,
                "written": 15,
                "progress": progress,
                "level": "street",
                "decided": at,
                "at": at,
            }
            for progress in (0, 1)
        ),
        {
            "type": "consultation.matter_closed.v1",
            **about,
            "completed": True,
            "decision": "adopted",
            "fixed": 21,
            "informed": 21,
            "written": 15,
            "progress": 1,
            "missed": 1,
            "level": "street",
            "decided": at,
            "at": at,
        },
    ]


def test_C_11_where_nothing_is_to_be_carried_out_only_the_end_is_told() -> None:
    there = concluded(DECLINED).state
    told_back = MembersToldBack(feedback="已反馈。", informed=21, written=15, at=EVENING)
    after = evolve(there, told_back)
    assert announce.of_matters(told_back, after) is None
    assert announce.of_matters(MatterClosed(at=EVENING), evolve(after, MatterClosed(at=EVENING)))


# --- C-22

IMPORTANT = replace(SETTLED, by=Settler.PARTY_COMMITTEE, important=True)


def important(mark: bool = True, held_on: date | None = None) -> Given[Matter]:
    accepted = MatterAccepted(settled=replace(IMPORTANT, important=mark))
    here = past(None, evolve, [STREET, accepted, RESEARCHED])

    def concluding(m: Matter) -> tuple[MatterEvent, ...]:
        said = replace(USABLE, held_on=held_on)
        happened = m.conclude(said, members=MEMBERS, now=EVENING)
        return following.concluded(m, happened, CLOCKS, EVENING)

    return past(here.when(concluding).leads_to().state, evolve, [KEPT])


def deciding(on: date) -> Callable[[Matter], Any]:
    return lambda m: following.decide(m, Decision.ADOPTED, None, CLOCKS, LATER, on)


@pytest.mark.parametrize(
    ("held_on", "on", "good"),
    [
        (None, date(2025, 3, 20), True),
        (None, date(2025, 3, 19), False),
        (date(2025, 3, 18), date(2025, 3, 18), True),
        (date(2025, 3, 18), date(2025, 3, 17), False),
    ],
)
def test_C_22_what_is_important_is_decided_and_done_after_its_session(
    held_on: date | None, on: date, good: bool
) -> None:
    reported = going(important(held_on=held_on), "report")
    decided = reported.when(deciding(on))
    done = going(reported, "adopt", "feedback").when(
        lambda m: following.complete(m, "已划线。", LATER, on)
    )
    for act in (decided, done):
        if good:
            act.leads_to()
        else:
            act.breaks("C-22", clause="官办通〔2018〕58号 附件8", field="on")


def test_C_22_the_order_is_held_for_what_is_marked_important() -> None:
    going(important(mark=False), "report").when(deciding(date(2025, 3, 4))).leads_to()


def test_a_day_that_is_said_is_not_to_come() -> None:
    going(important(), "report").when(deciding(date(2025, 6, 1))).refused(Malformed, field="on")
    here = past(None, evolve, [STREET, ACCEPTED, RESEARCHED])
    tomorrow = replace(USABLE, held_on=date(2025, 3, 21))
    here.when(lambda m: m.conclude(tomorrow, members=MEMBERS, now=EVENING)).refused(
        Malformed, field="held_on"
    )


# --- C-21


@pytest.mark.parametrize("level", [Level.QUARTER, Level.BUILDING])
def test_C_21_a_quarter_s_or_building_s_outcome_is_filed_first(level: Level) -> None:
    here = concluded(USABLE, replace(PROPOSED, level=level))
    awaits = here.state.awaits
    assert awaits is not None
    assert (awaits.awaited, awaits.due) == (Awaited.FILING, datetime(2025, 3, 27, 9, tzinfo=UTC))
    here.when(taking("publish")).breaks("C-16")
    filed = here.when(lambda m: following.file(m, CLOCKS, EVENING)).leads_to()
    assert filed.state.filed_at == EVENING
    first, *_ = here.when(lambda m: following.file(m, CLOCKS, LATER)).happened
    assert first == DateMissed(awaited=Awaited.FILING, due=awaits.due)
    going(filed, "publish", "complete")


@pytest.mark.parametrize("level", [Level.QUARTER, Level.BUILDING])
def test_C_12_what_was_entrusted_to_a_quarter_or_building_is_reported_back_too(
    level: Level,
) -> None:
    """Filing is with the community's party organisation, which need not be who entrusted it."""
    here = concluded(USABLE, replace(ENTRUSTED, level=level))
    filed = here.when(lambda m: following.file(m, CLOCKS, EVENING)).leads_to()
    awaits = filed.state.awaits
    assert awaits is not None
    assert (awaits.awaited, awaits.due) == (Awaited.REPORT, datetime(2025, 3, 27, 9, tzinfo=UTC))
    filed.when(taking("publish")).breaks("C-16")
    going(filed, "report", "publish", "complete")


@pytest.mark.parametrize("before", Decider)
def test_C_21_a_matter_before_another_s_decision_says_what_came_of_it(before: Decider) -> None:
    here = concluded(USABLE, replace(PROPOSED, before=before))
    decided = DecidedElsewhere(adopted=True, result="票决通过。", at=EVENING)

    def telling(m: Matter, result: str = "票决通过。") -> DecidedElsewhere:
        return following.elsewhere(m, True, result, EVENING)

    after = here.when(telling).then(decided)
    assert after.state.elsewhere == decided
    after.when(telling).breaks("C-16")
    here.when(lambda m: telling(m, " ")).breaks(
        "C-21", clause="官办通〔2018〕58号 附件8", field="result"
    )
    concluded(USABLE, PROPOSED).when(telling).breaks("C-16")
