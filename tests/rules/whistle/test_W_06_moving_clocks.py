"""W-06: what moves one clock moves no other, and what is computed again leaves alone what has ended."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chassis.calendar import NationalCalendar
from chassis.kernel.clock import Budget, WorkTime, start
from chassis.kernel.errors import Malformed
from services.whistle.domain import judging
from services.whistle.domain.events import MissEscalated, Projected
from services.whistle.domain.ladder import Steps
from services.whistle.domain.policy import WhistlePolicy, check
from services.whistle.domain.task import Which

from .cases import (
    ARRIVE_BY,
    CALLED,
    CENTRE,
    LADDER,
    NUMBERS,
    POLICY,
    SECOND,
    at,
    blown,
    came,
    filed,
    given,
    missed_arrival,
    registered,
)
from .test_W_05_outcomes_and_competence import ARRIVED as DISPUTED
from .test_W_05_outcomes_and_competence import second
from .test_W_06_new_calendar import provisional
from .test_W_06_pause_and_extension import ask, asked, grant, pause

BEFORE_NOTICE = WorkTime(days=NationalCalendar(date(2025, 12, 31)))


# One clock and not the other


def test_W_06_granting_one_clock_its_extension_says_nothing_of_the_others_miss() -> None:
    """Late with both, asked for the handling in time: the arrival's miss is the scheduler's to say."""
    both = given(*CALLED, asked).when(grant(when="03-10 09:00"))
    missed, moved = both.happened
    assert (missed.which, moved.which) == (Which.HANDLING, Which.HANDLING)
    # The extended ladder begins with its first rung, one working day after its new end.
    assert (moved.deadline.due, moved.next_rung) == (at("03-11 17:00"), at("03-12 17:00"))


def test_W_06_who_has_filed_is_granted_nothing() -> None:
    filed_since = given(*CALLED, came("water"), asked, filed("water", "03-04 15:00"))
    filed_since.when(grant()).breaks("W-06")


def test_W_06_what_was_asked_for_stays_asked_while_the_clock_is_paused() -> None:
    there = given(*CALLED, came("water"), asked).when(pause()).leads_to()
    there.when(grant()).leads_to()
    granted = there.when(grant()).leads_to().state.task("water").handling
    assert (granted.asked, granted.asked_why) == (None, None)


def test_W_06_a_clock_that_is_late_unrecorded_is_left_out_of_a_pause() -> None:
    late = given(*CALLED).when(pause(now=ARRIVE_BY + SECOND))
    assert [moved.which for moved in late.happened] == [Which.HANDLING]


def test_W_06_a_clock_that_was_missed_and_then_extended_is_left_out_of_a_pause() -> None:
    """The miss stands, though the clock runs on to a new end."""
    there = given(*CALLED).when(ask(Which.ARRIVAL, when="03-03 09:00")).leads_to()
    there = there.when(grant(Which.ARRIVAL, when="03-04 09:00")).leads_to()
    assert there.state.task("water").arrival.missed
    moved = there.when(pause(now=at("03-04 10:00"))).happened
    assert [one.which for one in moved] == [Which.HANDLING]


# Computed again


def test_W_06_the_centres_own_clock_is_computed_again_while_it_runs() -> None:
    assumed = start(Budget.working_days(1), at("2025-12-31 10:00"), BEFORE_NOTICE)
    pending = given(*DISPUTED, replace(second, decision=assumed)).state
    pending = replace(pending, calendar="2025-12-31")
    [entry] = judging.renew_calendar(pending, rungs=LADDER, now=at("2025-12-31 12:00"))
    due = at("2026-01-04 17:00")
    anew = Projected(
        unit=CENTRE,
        which=Which.COMPETENCE,
        deadline=replace(assumed, due=due, provisional=False),
    )
    assert entry.moved == (anew,)
    there = given(*DISPUTED, replace(second, decision=assumed)).evolve(pending, entry)
    assert there.decision is not None and there.decision.next_rung == due
    ended = replace(pending, decision=replace(pending.decision, met_at=at("2025-12-31 11:00")))  # type: ignore[type-var]
    [entry] = judging.renew_calendar(ended, rungs=LADDER, now=at("2025-12-31 12:00"))
    assert entry.moved == ()


def test_W_06_a_ladder_that_is_at_its_end_is_left_there() -> None:
    there = provisional()
    whistle = there.state
    for rung in [
        *(replace(missed_arrival, due=at("2026-01-01 17:00")),),
        *(
            MissEscalated(unit="water", which=Which.ARRIVAL, to=to)
            for to in ("head", "linked_leader", "discipline")
        ),
    ]:
        whistle = there.evolve(whistle, rung)
    assert whistle.task("water").arrival.next_rung is None
    [entry] = judging.renew_calendar(whistle, rungs=LADDER, now=at("2026-01-05 10:00"))
    assert entry.rungs == ()


def test_W_06_a_rung_on_the_last_known_day_was_never_assumed() -> None:
    """Missed on the 30th; the head hears at the close of the 31st, which the old notice knew."""
    assumed = Steps(rungs=lambda _: NUMBERS.rungs, work=BEFORE_NOTICE)
    alone = given(replace(blown, summoned=("water",)), registered).when(
        lambda w: w.dispatch(
            by=CENTRE, policy=POLICY, now=at("2025-12-29 10:00"), work=BEFORE_NOTICE
        )
    )
    late = alone.leads_to().when(lambda w: w.fire(now=at("2025-12-30 17:00:01"), rungs=assumed))
    [missed] = late.happened
    assert missed.next_rung == at("2025-12-31 17:00")
    [entry] = judging.renew_calendar(
        late.leads_to().state, rungs=LADDER, now=at("2025-12-30 18:00")
    )
    assert entry.rungs == ()
    assert [moved.which for moved in entry.moved] == [Which.HANDLING]


# The numbers themselves

IMPOSSIBLE: list[tuple[str, dict[str, Any]]] = [
    ("scoring", {"grid_percent": 61}),
    ("scoring", {"street_percent": 39}),
    ("rungs", {"head": 0}),
    ("rungs", {"linked_leader": 1}),
    ("rungs", {"discipline": 1}),
    ("accountability", {"reports": 1}),
    ("accountability", {"days": 0}),
    ("statistics", {"least": 1}),
    ("competence", {"returns": 0}),
    ("assessment", {"weight_percent": 101}),
    ("assessment", {"appeal_days": 0}),
]
POSSIBLE: list[tuple[str, dict[str, Any]]] = [
    ("rungs", {"head": 1, "linked_leader": 2, "discipline": 3}),
    ("accountability", {"reports": 2}),
    ("accountability", {"days": 1}),
    ("statistics", {"least": 2}),
    ("competence", {"returns": 1}),
    ("assessment", {"weight_percent": 100}),
    ("assessment", {"appeal_days": 1}),
]


def changed(part: str, numbers: dict[str, Any]) -> WhistlePolicy:
    return replace(NUMBERS, **{part: replace(getattr(NUMBERS, part), **numbers)})


@pytest.mark.parametrize(("part", "numbers"), IMPOSSIBLE)
def test_W_06_no_policy_has_numbers_that_can_not_be(part: str, numbers: dict[str, Any]) -> None:
    with pytest.raises(Malformed) as refusal:
        check(changed(part, numbers))
    assert refusal.value.field == part


@pytest.mark.parametrize(("part", "numbers"), POSSIBLE)
def test_W_06_a_policy_may_go_to_the_edge(part: str, numbers: dict[str, Any]) -> None:
    check(changed(part, numbers))


@pytest.mark.parametrize("field", ["arrival", "handling"])
def test_W_06_a_policy_has_a_budget_for_each_kind_and_a_category(field: str) -> None:
    for without in getattr(NUMBERS, field):
        budgets: Any = {
            kind: one for kind, one in getattr(NUMBERS, field).items() if kind != without
        }
        with pytest.raises(Malformed) as refusal:
            check(replace(NUMBERS, **{field: budgets}))
        assert refusal.value.field == field
    with pytest.raises(Malformed) as refusal:
        check(replace(NUMBERS, categories={}))
    assert refusal.value.field == "categories"
