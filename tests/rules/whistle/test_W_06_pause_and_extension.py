"""W-06: clocks other than an emergency's are paused with a reason and the command centre's approval,
and extended only before they expire."""

from dataclasses import replace
from typing import Any

import pytest

from chassis.kernel.clock import Budget, Extension, Pause
from chassis.kernel.errors import Malformed, NotAllowed, UnknownReference
from services.whistle.domain.events import DeadlineMoved, ExtensionAsked, Kind, MissEscalated
from services.whistle.domain.task import Which, late_days
from services.whistle.domain.whistle import Whistle
from services.whistle.steps.whistles import next_due
from tests.support.specification import Given

from .cases import (
    ARRIVAL,
    ARRIVE_BY,
    CALLED,
    CALLED_BELOW,
    CENTRE,
    COMMUNITY,
    HANDLE_BY,
    HANDLING,
    LADDER,
    POLICY,
    SECOND,
    STREET,
    WORK,
    at,
    blown,
    called,
    came,
    filed,
    given,
    missed_arrival,
    missed_handling,
    registered,
)

asked = ExtensionAsked(
    unit="water", which=Which.HANDLING, budget=Budget.working_days(2), reason="等待配件"
)
PAUSED_AT, RESUMED_AT = at("03-04 09:00"), at("03-06 12:00")
ARRIVED = (*CALLED, came("water"))


def ask(which: Which = Which.HANDLING, reason: str = "等待配件", when: str = "03-04 09:00") -> Any:
    return lambda w: w.ask_extension(unit="water", which=which, days=2, reason=reason, now=at(when))


def grant(
    which: Which = Which.HANDLING, by: str = CENTRE, when: str = "03-05 09:00", unit: str = "water"
) -> Any:
    return lambda w: w.grant_extension(unit=unit, which=which, by=by, now=at(when), rungs=LADDER)


def pause(by: str = CENTRE, reason: str = "等待鉴定", now: Any = PAUSED_AT) -> Any:
    return lambda w: w.pause(unit="water", reason=reason, by=by, now=now)


def resume(by: str = CENTRE, now: Any = RESUMED_AT) -> Any:
    return lambda w: w.resume(unit="water", by=by, now=now, work=WORK)


def emergency() -> Given[Whistle]:
    called_out = given(replace(blown, kind=Kind.EMERGENCY), registered).when(
        lambda w: w.dispatch(by=CENTRE, policy=POLICY, now=at("03-02 10:00"), work=WORK)
    )
    return called_out.leads_to()


# An emergency never stops


@pytest.mark.parametrize("which", [Which.ARRIVAL, Which.HANDLING])
def test_W_06_an_emergency_is_never_extended(which: Which) -> None:
    emergency().when(ask(which, when="03-02 10:05")).breaks("W-06")
    emergency().when(grant(which, when="03-02 10:05")).breaks("W-06")


def test_W_06_an_emergency_is_never_paused() -> None:
    emergency().when(pause(now=at("03-02 10:05"))).breaks("W-06")


# Extending


def test_W_06_an_extension_asked_for_and_granted_moves_the_deadline_and_its_rung() -> None:
    there = given(*ARRIVED).when(ask()).then(asked)
    assert there.state.task("water").handling.asked == Budget.working_days(2)
    extended = DeadlineMoved(
        unit="water",
        which=Which.HANDLING,
        why="extended",
        deadline=replace(
            HANDLING,
            due=at("03-11 17:00"),
            extensions=(
                Extension(
                    at=at("03-05 09:00"),
                    budget=Budget.working_days(2),
                    reason="等待配件",
                    approved_by=CENTRE,
                ),
            ),
        ),
        was=HANDLE_BY,
    )
    there = there.when(grant()).then(extended)
    clock = there.state.task("water").handling
    assert (clock.next_rung, clock.asked, clock.asked_why) == (at("03-11 17:00"), None, None)


def test_W_06_an_extended_deadline_is_missed_by_its_new_time() -> None:
    alone = (
        replace(blown, summoned=("water",)),
        registered,
        replace(called, tasks=called.tasks[:1]),
        came("water"),
        asked,
    )
    there = given(*alone).when(grant()).leads_to()
    there.when(lambda w: w.fire(now=HANDLE_BY + SECOND, rungs=LADDER)).then()
    there.when(lambda w: w.fire(now=at("03-11 17:00"), rungs=LADDER)).then()
    [missed] = there.when(lambda w: w.fire(now=at("03-11 17:00:01"), rungs=LADDER)).happened
    assert (missed.due, missed.next_rung) == (at("03-11 17:00"), at("03-12 17:00"))


def test_W_06_an_arrival_is_extended_as_well() -> None:
    there = given(*CALLED).when(ask(Which.ARRIVAL, when="03-02 11:00")).leads_to()
    whistle = there.when(grant(Which.ARRIVAL, when="03-02 11:30")).leads_to().state
    assert whistle.task("water").arrival.next_rung == at("03-05 17:00")
    assert whistle.task("water").handling.next_rung == HANDLE_BY


def test_W_06_an_extension_is_asked_with_a_reason() -> None:
    given(*ARRIVED).when(ask(reason=" ")).breaks("W-06", field="reason")


def test_W_06_no_extension_is_asked_for_after_expiry() -> None:
    given(*ARRIVED).when(ask(when="03-09 17:00:01")).breaks("W-06")
    given(*ARRIVED, asked).when(ask(when="03-09 17:00:01")).breaks("W-06")


def test_W_06_what_was_asked_for_in_time_may_be_granted_after_expiry_and_the_miss_stays() -> None:
    [missed, extended] = given(*ARRIVED, asked).when(grant(when="03-10 09:00")).happened
    assert missed == missed_handling
    assert extended.deadline.due == at("03-11 17:00")
    whistle = given(*ARRIVED, asked, missed, extended).state
    clock = whistle.task("water").handling
    assert (clock.missed, clock.rungs, clock.asked) == (True, 1, None)
    # The ladder goes on from the new end: the head hears a working day after it.
    assert clock.next_rung == at("03-12 17:00")
    in_time = given(*ARRIVED, asked, missed, extended, filed("water", "03-11 16:00")).state
    assert late_days(in_time.task("water").handling, WORK) == 0


def test_W_06_a_miss_already_on_record_climbs_on_from_the_extended_end() -> None:
    told = MissEscalated(unit="water", which=Which.HANDLING, to="head", next_rung=at("03-11 17:00"))
    there = given(*ARRIVED, asked, missed_handling, told)
    [extended] = there.when(grant(when="03-10 18:00")).happened
    assert extended.next_rung == at("03-13 17:00")
    clock = there.when(grant(when="03-10 18:00")).leads_to().state.task("water").handling
    assert (clock.rungs, clock.next_rung) == (2, at("03-13 17:00"))


def test_W_06_an_extension_may_be_asked_for_until_the_very_deadline() -> None:
    given(*ARRIVED).when(ask(when="03-09 17:00")).then(asked)


def test_W_06_a_recorded_miss_is_not_extended_away() -> None:
    """Even by a caller whose clock is behind."""
    given(*CALLED, missed_arrival).when(ask(Which.ARRIVAL, when="03-03 09:00")).breaks("W-06")


def test_W_06_what_is_met_is_not_extended() -> None:
    given(*ARRIVED).when(ask(Which.ARRIVAL)).breaks("W-06")
    given(*ARRIVED, filed("water", "03-04 08:00")).when(ask()).breaks("W-06")


def test_W_06_only_what_was_asked_for_is_granted_and_only_once() -> None:
    given(*ARRIVED).when(grant()).breaks("W-06")
    once = given(*ARRIVED, asked).when(grant()).leads_to()
    once.when(grant(when="03-05 10:00")).breaks("W-06")
    given(*ARRIVED, came("transport"), asked).when(grant(unit="transport")).breaks("W-06")


@pytest.mark.parametrize("other", [STREET, COMMUNITY, "department:water"])
def test_W_06_the_centre_grants_and_pauses(other: str) -> None:
    given(*ARRIVED, asked).when(grant(by=other)).refused(NotAllowed)
    given(*ARRIVED).when(pause(by=other)).refused(NotAllowed)
    paused = given(*ARRIVED).when(pause()).leads_to()
    paused.when(resume(by=other)).refused(NotAllowed)


def test_W_06_below_too_a_pause_needs_the_centres_approval() -> None:
    def stop(by: str) -> Any:
        return lambda w: w.pause(
            unit="haihua_seven", reason="等待鉴定", by=by, now=at("03-02 11:00")
        )

    def go_on(by: str) -> Any:
        return lambda w: w.resume(unit="haihua_seven", by=by, now=RESUMED_AT, work=WORK)

    for other in (COMMUNITY, STREET):
        given(*CALLED_BELOW).when(stop(other)).refused(NotAllowed)
    paused = given(*CALLED_BELOW).when(stop(CENTRE))
    assert [moved.which for moved in paused.happened] == [Which.ARRIVAL, Which.HANDLING]
    paused.leads_to().when(go_on(COMMUNITY)).refused(NotAllowed)
    assert len(paused.leads_to().when(go_on(CENTRE)).happened) == 2


def test_W_06_below_the_community_that_dispatched_grants() -> None:
    below = given(*CALLED_BELOW, replace(asked, unit="haihua_seven"))
    below.when(grant(by=CENTRE, unit="haihua_seven")).refused(NotAllowed)
    [moved] = below.when(grant(by=COMMUNITY, unit="haihua_seven", when="03-03 09:00")).happened
    assert moved.deadline.due == at("03-11 17:00")


# Pausing


def test_W_06_a_pause_stops_every_running_clock_of_the_unit_and_no_other() -> None:
    pauses = (Pause(since=at("03-02 11:00"), reason="等待鉴定", approved_by=CENTRE),)
    there = given(*CALLED).when(pause(now=at("03-02 11:00")))
    after = there.then(
        *(
            DeadlineMoved(
                unit="water",
                which=which,
                why="paused",
                deadline=replace(deadline, pauses=pauses),
                was=deadline.due,
            )
            for which, deadline in ((Which.ARRIVAL, ARRIVAL), (Which.HANDLING, HANDLING))
        )
    )
    assert [task.wakes_at() for task in after.state.tasks] == [None, ARRIVE_BY, ARRIVE_BY]


def test_W_06_resuming_gives_the_working_time_back() -> None:
    """From Wednesday 09:00 to Friday 12:00: two days and three hours of work, added to the 9th."""
    there = given(*ARRIVED).when(pause()).leads_to()
    assert next_due(there.state) == ARRIVE_BY  # the others'
    whistle = there.when(resume()).leads_to().state
    clock = whistle.task("water").handling
    assert clock.deadline.due == clock.next_rung == at("03-12 12:00")
    assert clock.deadline.pauses == (
        Pause(since=PAUSED_AT, until=RESUMED_AT, reason="等待鉴定", approved_by=CENTRE),
    )


def test_W_06_a_pause_says_why() -> None:
    given(*ARRIVED).when(pause(reason=" ")).breaks("W-06", field="reason")


def test_W_06_a_pause_is_not_paused_and_what_runs_is_not_resumed() -> None:
    paused = given(*ARRIVED).when(pause()).leads_to()
    paused.when(pause(now=at("03-05 09:00"))).breaks("W-06")
    given(*ARRIVED).when(resume()).breaks("W-06")


def test_W_06_a_missed_arrival_does_not_keep_the_handling_clock_from_being_paused() -> None:
    there = given(*CALLED, missed_arrival)
    [moved] = there.when(pause()).happened
    assert (moved.which, moved.why) == (Which.HANDLING, "paused")
    paused = there.when(pause()).leads_to()
    [back] = paused.when(resume()).happened
    assert (back.which, back.deadline.due) == (Which.HANDLING, at("03-12 12:00"))


def test_W_06_what_has_expired_is_not_paused() -> None:
    given(*ARRIVED).when(pause(now=HANDLE_BY)).leads_to()
    given(*ARRIVED).when(pause(now=HANDLE_BY + SECOND)).breaks("W-06")


@pytest.mark.parametrize("decide", [pause(), resume()])
def test_W_06_a_unit_that_owes_nothing_has_nothing_to_pause(decide: Any) -> None:
    """Refused, not silently ignored."""
    given(*ARRIVED, filed("water", "03-03 09:00")).when(decide).breaks("W-06")


def test_W_06_a_unit_may_come_and_file_while_paused() -> None:
    paused = given(*CALLED).when(pause(now=at("03-02 11:00"))).leads_to()
    late = at("03-20 09:00")
    there = paused.when(lambda w: w.arrive(unit="water", now=late, rungs=LADDER)).then(
        replace(came("water"), at=late)
    )
    assert not there.state.task("water").arrival.missed


@pytest.mark.parametrize("decide", [ask(), grant(), pause(), resume()])
def test_W_06_only_a_summoned_unit_has_clocks(decide: Any) -> None:
    given(*CALLED_BELOW).when(
        lambda w: decide(replace(w, level=blown.level, blower=STREET))
    ).refused(UnknownReference, field="unit")


def test_W_06_an_extension_is_of_at_least_a_day() -> None:
    given(*ARRIVED).when(
        lambda w: w.ask_extension(
            unit="water", which=Which.HANDLING, days=0, reason="等待配件", now=PAUSED_AT
        )
    ).refused(Malformed, field="days")
