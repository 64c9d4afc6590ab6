"""W-09, W-10: a score is counted again in the working days that were known when it was made."""

from dataclasses import replace
from datetime import date
from typing import Any

from chassis.calendar import NationalCalendar
from chassis.kernel.clock import WorkTime
from services.whistle.domain import judging
from services.whistle.domain.events import CalendarRenewed, UnitScore
from services.whistle.domain.rating import rate
from services.whistle.domain.whistle import Whistle
from tests.support.specification import Given

from .cases import (
    CENTRE,
    LADDER,
    NUMBERS,
    POLICY,
    WORK,
    at,
    blown,
    came,
    done,
    filed,
    given,
    grid_80,
    registered,
    street_90,
    verified,
)

ASSUMED = WorkTime(days=NationalCalendar(date(2025, 12, 31)))
"""When Spring Festival 2026 (15 to 23 February) was taken for ordinary days."""


def handled() -> Given[Whistle]:
    """Due on Monday 16 February as far as anybody knew; the result came on Thursday the 26th."""
    one = replace(blown, summoned=("water",), lead="water", at=at("02-09 10:00"))
    return (
        given(one, registered)
        .when(lambda w: w.dispatch(by=CENTRE, policy=POLICY, now=at("02-09 10:00"), work=ASSUMED))
        .leads_to()
        .when(lambda w: [came("water", "02-09 11:00")])
        .leads_to()
        .when(lambda w: [*replace(LADDER, work=ASSUMED).missed(w.task("water"), at("02-26 11:00"))])
        .leads_to()
        .when(lambda w: [filed("water", "02-26 11:00"), done, verified, grid_80, street_90])
        .leads_to()
    )


def evaluate(work: WorkTime = ASSUMED) -> Any:
    return lambda w: judging.evaluate(w, by=CENTRE, policy=POLICY, work=work)


def score(points: int, off: int) -> tuple[UnitScore, ...]:
    return (UnitScore(unit="water", score=points, taken_off=off),)


def scored_again(whistle: Whistle) -> tuple[UnitScore, ...]:
    return judging.scored_again(whistle, NUMBERS, WORK)


def test_W_09_a_score_says_until_when_the_working_days_were_known() -> None:
    [assumed] = handled().when(evaluate()).happened
    assert (assumed.scores, assumed.calendar) == (score(6800, 16), "2025-12-31")
    [known] = handled().when(evaluate(WORK)).happened
    assert (known.scores, known.calendar) == (score(7800, 6), "2026-12-31")


def test_W_10_a_notice_that_comes_later_does_not_change_what_a_score_comes_to() -> None:
    whistle = handled().when(evaluate()).leads_to().state
    assert scored_again(whistle) == whistle.scores == score(6800, 16)
    assert judging.scores(whistle, NUMBERS.scoring, WORK) == score(7800, 6)


def test_W_10_what_was_scored_after_the_notice_is_counted_in_it() -> None:
    """Although its deadlines had been computed before."""
    whistle = handled().when(evaluate(WORK)).leads_to().state
    assert whistle.calendar == "2025-12-31"
    assert scored_again(whistle) == whistle.scores == score(7800, 6)


def test_W_09_a_rating_changes_the_streets_side_and_not_the_days() -> None:
    """20 r for 5 is 100: S is 95, and late days stay as they were counted."""
    there = handled().when(evaluate()).leads_to()
    [rated] = there.when(
        lambda w: rate(w, rating=5, days=15, scored_under=NUMBERS, now=at("03-02 10:00"), work=WORK)
    ).happened
    assert rated.scores == score(7000, 16)
    whistle = there.when(lambda w: [rated]).leads_to().state
    assert scored_again(whistle) == whistle.scores


def test_W_10_an_older_trail_is_counted_in_the_calendar_of_its_deadlines() -> None:
    [evaluated] = handled().when(evaluate()).happened
    old = replace(evaluated, calendar=None)
    whistle = handled().when(lambda w: [old]).leads_to().state
    assert whistle.scored_calendar is None
    assert scored_again(whistle) == score(6800, 16)
    renewed = CalendarRenewed(calendar="2026-12-31")
    whistle = handled().when(lambda w: [renewed, old]).leads_to().state
    assert scored_again(whistle) == score(7800, 6)


def test_W_10_a_calendar_that_knows_less_than_the_score_leaves_it_as_it_can_be_counted() -> None:
    whistle = handled().when(evaluate(WORK)).leads_to().state
    assert judging.scored_again(whistle, NUMBERS, ASSUMED) == score(6800, 16)
