"""C-16: what a matter's days are held against: its topic, and being sent back to be put right."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chassis.kernel.errors import OURS
from services.consultation.domain import following
from services.consultation.domain.committee import Level
from services.consultation.domain.evolution import evolve
from services.consultation.domain.following_events import Awaited, MatterReopened
from services.consultation.domain.matter import Matter
from services.consultation.domain.watching_events import Fault, MatterCorrected, Stage
from tests.support.specification import Given, past

from .test_following import LATER, deciding, going, important
from .test_matter import (
    ACCEPTED,
    CLOCKS,
    EVENING,
    MEMBERS,
    MORNING,
    PROPOSED,
    RESEARCHED,
    USABLE,
    recorded,
)


def test_C_16_nothing_is_dated_before_its_topic_or_before_it_was_sent_back() -> None:
    """Also where it isn't marked important: a year's coverage isn't made afterwards."""
    first, before = MORNING.date(), MORNING.date() - timedelta(days=1)
    ready = past(None, evolve, [PROPOSED, ACCEPTED, RESEARCHED])

    def concluding(on: date) -> Callable[[Matter], Any]:
        return lambda m: m.conclude(replace(USABLE, held_on=on), members=MEMBERS, now=EVENING)

    ready.when(concluding(before)).breaks("C-16", clause=OURS, field="held_on")
    ready.when(concluding(first)).leads_to()
    going(important(mark=False), "report").when(deciding(before)).breaks("C-16", field="on")
    back = MatterCorrected(
        fault=Fault.PROCEDURE, back_to=Stage.DELIBERATION, reason="人数不足。", at=EVENING
    )
    again = past(ready.when(concluding(first)).leads_to().state, evolve, [back])
    again.when(concluding(EVENING.date() - timedelta(days=1))).breaks("C-16", field="held_on")
    again.when(concluding(EVENING.date())).leads_to()


def test_C_12_what_is_deliberated_again_is_so_no_earlier_than_the_session_it_had() -> None:
    held = MORNING.date() + timedelta(days=3)
    concluded = recorded(replace(USABLE, held_on=held))
    again = past(
        None,
        evolve,
        [PROPOSED, ACCEPTED, RESEARCHED, concluded, MatterReopened(reason="另有意见。")],
    )

    def concluding(on: date) -> Callable[[Matter], Any]:
        return lambda m: m.conclude(replace(USABLE, held_on=on), members=MEMBERS, now=EVENING)

    again.when(concluding(held - timedelta(days=1))).breaks("C-16", field="held_on")
    again.when(concluding(held)).leads_to()


@pytest.mark.parametrize(("level", "due"), [(Level.STREET, 13), (Level.COMMUNITY, 20)])
def test_C_11_what_follows_a_session_on_paper_is_due_from_its_day_whenever_it_is_entered(
    level: Level, due: int
) -> None:
    """Entered late, it is no later due: what has passed by then is missed."""
    ready = past(None, evolve, [replace(PROPOSED, level=level), ACCEPTED, RESEARCHED])

    def concluding(on: date | None) -> Given[Matter]:
        def its(m: Matter) -> Any:
            said = replace(USABLE, held_on=on)
            happened = m.conclude(said, members=MEMBERS, now=EVENING)
            return following.concluded(m, happened, CLOCKS, EVENING)

        return ready.when(its).leads_to()

    earlier = concluding(date(2025, 3, 6))
    awaits = earlier.state.awaits
    assert awaits is not None
    assert awaits.due == datetime(2025, 3, due, 9, tzinfo=UTC)
    assert bool(following.late(earlier.state, EVENING)) is (awaits.due < EVENING)
    assert concluding(EVENING.date()).state.awaits == concluding(None).state.awaits


def test_C_11_feedback_is_due_from_the_day_of_the_decision_whenever_it_is_entered() -> None:
    reported = going(important(), "report")
    for on, due in ((EVENING.date(), date(2025, 3, 27)), (LATER.date(), date(2025, 5, 26))):
        awaits = reported.when(deciding(on)).leads_to().state.awaits
        assert awaits is not None
        assert (awaits.awaited, awaits.due.date()) == (Awaited.FEEDBACK, due)


def test_C_11_feedback_is_due_no_earlier_than_if_it_was_decided_on_the_day_of_the_session() -> None:
    """What isn't important may be decided on before it."""
    reported = going(important(mark=False, held_on=EVENING.date()), "report")
    before, of_it = (
        reported.when(deciding(EVENING.date() - timedelta(days=days))).leads_to().state.awaits
        for days in (14, 0)
    )
    assert before == of_it
