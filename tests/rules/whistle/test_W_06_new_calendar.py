"""W-06: a new year's calendar, and words, which never move a clock."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given as for_any
from hypothesis import strategies as st

from chassis.calendar import NationalCalendar, Notice, read_notices
from chassis.kernel.clock import Budget, Deadline, WorkTime, start
from chassis.kernel.errors import RuleBroken
from services.whistle.domain import judging
from services.whistle.domain.events import (
    Assignment,
    CalendarRenewed,
    Marker,
    MarkGiven,
    MissEscalated,
    Noted,
    Projected,
    RungMoved,
    StreetSolves,
    WhistleAnswered,
    WhistleEvaluated,
    WhistleRegistered,
    WordGiven,
)
from services.whistle.domain.evolution import evolve
from services.whistle.domain.ladder import Steps
from services.whistle.domain.policy import check
from services.whistle.domain.task import Which
from services.whistle.domain.whistle import Whistle
from services.whistle.steps.whistles import next_due
from tests.support.calendars import lengthened
from tests.support.specification import Given

from .cases import (
    CALLED,
    CENTRE,
    KNOWN,
    LADDER,
    NUMBERS,
    POLICY,
    WORK,
    at,
    blown,
    called,
    came,
    filed,
    given,
    missed_arrival,
    paused_pair,
    registered,
    state,
)
from .test_W_06_deadlines_and_rungs import ALONE, ONE, fire
from .test_W_06_pause_and_extension import ARRIVED, asked, grant

# A new year's calendar

NEXT_YEAR = Notice(year=2027, days_off={date(2027, 1, 1): "-"}, worked={})
BEFORE_NOTICE = WorkTime(days=NationalCalendar(date(2025, 12, 31)))
NEW_YEAR_EVE = at("2025-12-31 10:00")


def provisional() -> Given[Whistle]:
    """Dispatched on 31 December 2025, when 1 January was only assumed to be worked."""
    return (
        given(replace(blown, summoned=("water", "transport")), registered)
        .when(lambda w: w.dispatch(by=CENTRE, policy=POLICY, now=NEW_YEAR_EVE, work=BEFORE_NOTICE))
        .leads_to()
    )


def handling_of(whistle: Whistle, unit: str) -> Deadline:
    return whistle.task(unit).handling.deadline


def test_W_06_past_the_last_notice_a_deadline_is_provisional() -> None:
    arrival = provisional().state.task("water").arrival.deadline
    assert (arrival.due, arrival.provisional) == (at("2026-01-01 17:00"), True)


def test_W_06_a_new_notice_computes_the_provisional_again_with_an_entry() -> None:
    there = provisional().when(lambda w: judging.renew_calendar(w, rungs=LADDER, now=NEW_YEAR_EVE))
    [entry] = there.happened
    assert isinstance(entry, CalendarRenewed)
    assert entry.calendar == "2026-12-31"
    assert [(moved.unit, moved.which.value) for moved in entry.moved] == [
        ("water", "arrival"),
        ("water", "handling"),
        ("transport", "arrival"),
        ("transport", "handling"),
    ]
    whistle = there.leads_to().state
    for unit in ("water", "transport"):
        task = whistle.task(unit)
        # 1 to 3 January 2026 are the holiday, the 4th (a Sunday) is worked.
        assert task.arrival.deadline.due == task.arrival.next_rung == at("2026-01-04 17:00")
        assert task.handling.deadline.due == at("2026-01-08 17:00")
        assert not task.handling.deadline.provisional
    assert whistle.calendar == "2026-12-31"
    assert next_due(whistle) == at("2026-01-04 17:00")


def test_W_06_only_what_was_provisional_and_still_runs_is_computed_again() -> None:
    surely = replace(
        called,
        calendar="2025-12-31",
        tasks=(
            Assignment(
                unit="water",
                lead=True,
                arrival=Deadline(
                    started=at("2025-12-30 10:00"),
                    budget=Budget.working_days(1),
                    due=at("2025-12-31 17:00"),
                    provisional=False,
                ),
                handling=Deadline(
                    started=at("2025-12-30 10:00"),
                    budget=Budget.working_days(5),
                    due=at("2026-01-06 17:00"),
                    provisional=True,
                ),
            ),
        ),
    )
    [entry] = (
        given(ONE[0], registered, surely)
        .when(lambda w: judging.renew_calendar(w, rungs=LADDER, now=NEW_YEAR_EVE))
        .happened
    )
    moved = replace(surely.tasks[0].handling, due=at("2026-01-07 17:00"), provisional=False)
    assert entry == CalendarRenewed(
        calendar="2026-12-31",
        moved=(Projected(unit="water", which=Which.HANDLING, deadline=moved),),
    )


def test_W_06_what_is_met_or_missed_is_not_computed_again() -> None:
    there = provisional()
    late = there.when(fire(at("2026-01-01 17:00:01"))).happened
    assert [event.unit for event in late] == ["water", "transport"]
    so_far = evolve(there.state, replace(came("transport"), at=at("2025-12-31 11:00")))
    so_far = evolve(so_far, late[0])
    [entry] = judging.renew_calendar(so_far, rungs=LADDER, now=at("2026-01-01 18:00"))
    assert [(moved.unit, moved.which.value) for moved in entry.moved] == [
        ("water", "handling"),
        ("transport", "handling"),
    ]


def test_W_06_a_calendar_is_renewed_once_and_never_shortened() -> None:
    there = (
        provisional()
        .when(lambda w: judging.renew_calendar(w, rungs=LADDER, now=NEW_YEAR_EVE))
        .leads_to()
    )
    there.when(lambda w: judging.renew_calendar(w, rungs=LADDER, now=NEW_YEAR_EVE)).then()
    there.when(
        lambda w: judging.renew_calendar(
            w, rungs=Steps(rungs=lambda _: NUMBERS.rungs, work=BEFORE_NOTICE), now=NEW_YEAR_EVE
        )
    ).then()
    given(blown).when(lambda w: judging.renew_calendar(w, rungs=LADDER, now=NEW_YEAR_EVE)).then()


def test_W_06_a_rung_that_was_assumed_is_computed_again_though_the_miss_stands() -> None:
    """Missed on 1 January, when the 2nd was assumed to be worked; the 4th (a Sunday) is."""
    assumed = Steps(rungs=lambda _: NUMBERS.rungs, work=BEFORE_NOTICE)
    there = provisional()
    [missed, _] = there.when(
        lambda w: w.fire(now=at("2026-01-01 17:00:01"), rungs=assumed)
    ).happened
    assert missed.next_rung == at("2026-01-02 17:00")
    [entry] = judging.renew_calendar(
        evolve(there.state, missed), rungs=LADDER, now=at("2026-01-01 18:00")
    )
    assert entry.rungs == (
        RungMoved(unit="water", which=Which.ARRIVAL, next_rung=at("2026-01-04 17:00")),
    )
    after = evolve(evolve(there.state, missed), entry).task("water").arrival
    assert (after.next_rung, after.rungs) == (at("2026-01-04 17:00"), 1)
    assert after.deadline.due == at("2026-01-01 17:00")


@pytest.fixture
def amended(tmp_path: Path) -> WorkTime:
    """2026 as a district's file says it: 4 and 5 March are off, which nobody knew."""
    days = "2026-03-04,holiday,-\n2026-03-05,holiday,-\n"
    (tmp_path / "2026.csv").write_text(days, encoding="utf-8")
    return WorkTime(days=NationalCalendar(notices=read_notices(tmp_path)))


def test_W_06_an_amended_notice_moves_what_was_sure_and_still_runs(amended: WorkTime) -> None:
    """Called on Monday 2 March: to arrive by the close of the 3rd, to be done in days that are off now."""
    there = given(*CALLED)
    before = there.state.task("water")
    assert not before.handling.deadline.provisional
    rungs = Steps(rungs=lambda _: NUMBERS.rungs, work=amended)
    [entry] = judging.renew_calendar(there.state, rungs=rungs, now=at("03-02 11:00"))
    assert entry.calendar == amended.days.version != WORK.days.version
    moved = {(one.unit, one.which) for one in entry.moved}
    assert ("water", Which.HANDLING) in moved and ("water", Which.ARRIVAL) not in moved
    after = evolve(there.state, entry)
    assert after.task("water").arrival == before.arrival
    assert after.task("water").handling.deadline.due - before.handling.deadline.due == timedelta(2)
    assert judging.renew_calendar(after, rungs=rungs, now=at("03-02 11:00")) == ()
    [back] = judging.renew_calendar(after, rungs=LADDER, now=at("03-02 11:00"))
    assert evolve(after, back).task("water").handling == before.handling


def test_W_06_a_missed_deadline_stands_whatever_is_amended(amended: WorkTime) -> None:
    late = fire(at("03-03 17:00:01"))
    there = given(*CALLED)
    so_far = there.state
    for event in there.when(late).happened:
        so_far = evolve(so_far, event)
    missed = so_far.task("water").arrival
    assert missed.missed
    rungs = Steps(rungs=lambda _: NUMBERS.rungs, work=amended)
    [entry] = judging.renew_calendar(so_far, rungs=rungs, now=at("03-03 18:00"))
    after = evolve(so_far, entry).task("water").arrival
    assert (after.missed, after.deadline) == (missed.missed, missed.deadline)
    assert missed.next_rung == at("2026-03-04 17:00")
    assert after.next_rung == at("2026-03-06 17:00")
    [untold] = judging.renew_calendar(so_far, rungs=rungs, now=at("03-04 17:00:01"))
    assert untold.rungs == (), "a rung whose time has come"


def test_W_06_a_deadline_that_passed_unseen_stays_where_it_was(amended: WorkTime) -> None:
    """The service was down as it passed, and came back with the amended notice."""
    whistle = given(*CALLED).state
    before = whistle.task("water")
    passed, rungs = at("03-10 09:00"), Steps(rungs=lambda _: NUMBERS.rungs, work=amended)
    assert before.handling.deadline.due < passed
    [entry] = judging.renew_calendar(whistle, rungs=rungs, now=passed)
    assert entry == CalendarRenewed(calendar=amended.days.version)
    assert evolve(whistle, entry).task("water") == before


def test_W_06_a_missed_clock_that_was_extended_is_computed_again_and_its_rung_from_there() -> None:
    """Missed at the close of the 9th, extended on the 10th to the 11th; then the 10th to the 13th are off."""
    extended = given(*ARRIVED, asked).when(grant(when="03-10 09:00")).leads_to().state
    before = extended.task("water").handling
    assert before.missed and before.deadline.due == at("03-11 17:00")
    off = lengthened(*(date(2026, 3, day) for day in range(10, 14)))
    rungs = Steps(rungs=lambda _: NUMBERS.rungs, work=off)
    [entry] = judging.renew_calendar(extended, rungs=rungs, now=at("03-10 10:00"))
    after = evolve(extended, entry).task("water").handling
    assert (after.rungs, after.deadline.due) == (before.rungs, at("03-17 17:00"))
    assert after.next_rung == at("03-18 17:00")
    [stands] = judging.renew_calendar(extended, rungs=rungs, now=at("03-11 17:00:01"))
    assert stands.moved == ()
    assert [one.next_rung for one in stands.rungs] == [at("03-16 17:00")]


def later_policy(work: WorkTime) -> Steps:
    """From the morning of 4 March on, the rungs after a miss are farther from it."""
    later = replace(NUMBERS.rungs, head=5, linked_leader=6, discipline=9)
    return Steps(rungs=lambda of: later if of >= at("03-04 09:00") else NUMBERS.rungs, work=work)


def test_W_06_a_further_year_moves_no_rung_to_a_policy_of_after_the_start() -> None:
    """Missed in March of the last known year: nothing was assumed of the rung."""
    whistle = given(*CALLED, missed_arrival).state
    assert whistle.calendar == KNOWN
    further = WorkTime(days=NationalCalendar(notices=[NEXT_YEAR]))
    [entry] = judging.renew_calendar(whistle, rungs=later_policy(further), now=at("03-04 10:00"))
    assert (entry.calendar, entry.rungs) == (further.days.version, ())


def test_W_06_a_further_year_brings_no_rung_forward_that_was_said_under_another_policy() -> None:
    """The head was to hear on the 9th, by the policy of the day of the miss; by that of the start, on the 4th."""
    said = replace(missed_arrival, next_rung=at("03-09 17:00"))
    whistle = given(*CALLED, said).state
    further = WorkTime(days=NationalCalendar(notices=[NEXT_YEAR]))
    [entry] = judging.renew_calendar(whistle, rungs=later_policy(further), now=at("03-05 10:00"))
    assert (entry.calendar, entry.rungs) == (further.days.version, ())


def test_W_06_an_amended_notice_moves_a_rung_by_its_days_and_not_to_a_policy_of_after_the_start(
    amended: WorkTime,
) -> None:
    """To be told on the 4th; that and the 5th are off now."""
    whistle = given(*CALLED, missed_arrival).state
    assert whistle.task("water").arrival.next_rung == at("2026-03-04 17:00")
    [entry] = judging.renew_calendar(whistle, rungs=later_policy(amended), now=at("03-04 10:00"))
    [moved] = [one for one in entry.rungs if one.unit == "water"]
    assert moved.next_rung == at("2026-03-06 17:00")


def test_W_06_a_ladder_goes_on_by_the_policy_under_which_its_clock_was_started() -> None:
    """The head hears on the 4th, when the policy has changed: the linked leader on the 5th all the same."""
    told = given(*CALLED, missed_arrival).when(
        lambda w: w.fire(now=at("03-04 17:00"), rungs=later_policy(WORK))
    )
    [head] = [one for one in told.happened if isinstance(one, MissEscalated)]
    assert (head.to, head.next_rung) == ("head", at("2026-03-05 17:00"))


def test_W_06_a_further_year_that_comes_with_an_amended_one_moves_what_was_sure_too() -> None:
    """Called when 2025 was known; with the notice of 2026 comes a day off of December 2025 that nobody knew."""
    since = at("2025-12-11 10:00")
    there = given(replace(blown, summoned=("water",)), registered).when(
        lambda w: w.dispatch(by=CENTRE, policy=POLICY, now=since, work=BEFORE_NOTICE)
    )
    whistle = there.leads_to().state
    before = handling_of(whistle, "water")
    assert (before.due, before.provisional) == (at("2025-12-18 17:00"), False)
    rungs = Steps(rungs=lambda _: NUMBERS.rungs, work=lengthened(date(2025, 12, 18), year=2025))
    [entry] = judging.renew_calendar(whistle, rungs=rungs, now=since)
    after = evolve(whistle, entry)
    assert handling_of(after, "water") == replace(before, due=at("2025-12-19 17:00"))
    assert after.task("water").arrival == whistle.task("water").arrival


def test_W_06_no_policy_gives_an_emergency_a_clock_that_stops() -> None:
    for field in ("arrival", "handling"):
        for pace in (Budget.working_hours(1), Budget.working_days(1)):
            budgets: Any = {**getattr(NUMBERS, field), "emergency": pace}
            with pytest.raises(RuleBroken) as refusal:
                check(replace(NUMBERS, **{field: budgets}))
            assert (refusal.value.rule.id, refusal.value.field) == ("W-06", field)
    check(NUMBERS)


def test_W_06_a_returned_handling_is_as_long_as_the_round_it_repeats() -> None:
    """Whatever the policy says by then: ten working days were given, ten are given again."""
    ten = replace(
        called.tasks[0],
        handling=start(Budget.working_days(10), at("03-02 10:00"), WORK),
    )
    there = given(ONE[0], registered, replace(ALONE, tasks=(ten,)), came("water"), filed("water"))
    [returned] = there.when(
        lambda w: w.send_back(
            by=CENTRE, units=("water",), reason="-", now=at("03-06 10:00"), work=WORK
        )
    ).happened
    assert returned.handling[0].due == at("03-20 17:00")


# Words never move a clock

texts = st.text(min_size=1, max_size=20)
WORDS = st.one_of(
    st.builds(Noted, what=texts, about=texts),
    st.builds(WordGiven, done=st.booleans(), said=texts),
    st.builds(MarkGiven, by=st.sampled_from(Marker), points=st.integers(0, 100), policy=st.just(3)),
    st.builds(WhistleAnswered, answer=texts, at=st.just(at("03-03 09:00"))),
    st.builds(WhistleEvaluated, scores=st.just(()), policy=st.just(3)),
    st.builds(StreetSolves, leader=texts, office=texts, by=texts),
    st.just(WhistleRegistered()),
)


@for_any(st.lists(WORDS, max_size=8))
def test_W_06_notes_words_and_marks_never_move_a_clock(said: list[Any]) -> None:
    before = state((*CALLED, missed_arrival, *paused_pair))
    after = before
    for event in said:
        after = evolve(after, event)
    assert after.tasks == before.tasks
    assert after.calendar == before.calendar


def test_W_06_the_defaults_are_written_in_the_policy() -> None:
    assert {kind: budget.amount for kind, budget in NUMBERS.arrival.items()} == {
        "emergency": 1800,
        "tackle": 14400,
        "problem": 1,
        "service": 2,
    }
