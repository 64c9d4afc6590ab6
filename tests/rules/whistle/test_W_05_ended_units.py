"""W-05: a called unit that the register no longer has neither settles a case nor says whose it is; the centre does."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from typing import Any, cast

import pytest

from chassis.identity import Subject
from chassis.kernel.errors import NotAllowed, UnknownReference
from chassis.kind import Held
from chassis.store import Where
from contracts import whistle as published
from services.whistle.announce import of_whistles
from services.whistle.domain import competence, figures, judging, waiting
from services.whistle.domain.assessment import mean_score
from services.whistle.domain.course import Status
from services.whistle.domain.events import DeadlineMissed, WhistleEvaluated, WhistleReopened
from services.whistle.domain.evolution import evolve
from services.whistle.domain.task import Which
from services.whistle.domain.unit import UnitEntered, UnitKind
from services.whistle.domain.whistle import Whistle
from services.whistle.domain.yearly import Year, left_out
from services.whistle.queries import Queries, lists
from services.whistle.steps.whistles import keys, next_due
from tests.support.memory import MemoryStore
from tests.support.specification import Given, past

from .cases import (
    ANSWERED,
    CALLED,
    CALLED_BELOW,
    CENTRE,
    HANDLING,
    KNOWN,
    LADDER,
    NUMBERS,
    POLICY,
    STREET,
    UNITS,
    WORK,
    answered,
    at,
    came,
    done,
    filed,
    given,
    grid_80,
    street_90,
    verified,
)
from .test_W_05_outcomes_and_competence import ARRIVED, decided, first, second
from .test_W_09_judging import returned
from .test_W_16_reporters import CAUSE, asking, desk
from .test_W_17_reopening import reopen, reopened

THERE = (*CALLED, came("transport"), came("health"))
"""The lead, water, never came."""


def decide(unit: str, *ended: str, by: str = CENTRE, when: str = "03-03 10:00") -> Any:
    known = {code: entry for code, entry in UNITS.items() if code not in ended}
    return lambda w: competence.decide(
        w,
        by=by,
        unit=unit,
        reason="机构改革，职责划转",
        units=known,
        policy=POLICY,
        now=at(when),
        rungs=LADDER,
        ended=ended,
    )


def then(there: Given[Any], *happened: object) -> Given[Any]:
    return past(there.state, there.evolve, happened)


def test_W_05_the_centre_replaces_a_lead_that_has_ended() -> None:
    there = given(*THERE)
    there.when(decide("justice")).breaks("W-05", field=None, says="已撤销")
    there.when(decide("justice", "water", by=STREET)).refused(NotAllowed)
    there.when(decide("water", "water")).refused(UnknownReference, field="unit")
    [ruling] = there.when(decide("justice", "water")).happened
    assert (ruling.ended, ruling.call.unit) == (("water",), "justice")
    whistle = then(there, ruling).state
    assert (whistle.lead, whistle.competent) == ("justice", "justice")
    assert (whistle.status, keys(whistle)["route"] is None) == (Status.DISPATCHED, False)
    assert whistle.task("justice").handling.deadline.started == at("03-03 10:00")
    result = whistle.task("water").rounds[-1].result
    assert result is not None
    assert (result.whose, result.summary) == ("justice", "单位已撤销，由其他单位接办")
    rest = (came("justice", "03-03 15:00"), *map(filed, ("transport", "health", "justice")))
    assert then(there, ruling, *rest).state.status is Status.HANDLED


def test_W_05_who_replaces_one_beside_the_lead_does_not_lead() -> None:
    """Nothing is ruled on whose it is: the lead may still say so, and nothing is suggested for the next one."""
    there = given(*CALLED, came("water"), came("transport"))
    after = there.when(decide("justice", "health")).leads_to().state
    assert (after.lead, after.competent, after.decided_at) == ("water", None, None)
    assert (after.status, keys(after)["route"]) == (Status.ARRIVED, None)
    assert after.task("justice").handling.running and after.task("health").released
    competence.may_decline(after, "water")


def test_W_05_one_that_was_called_already_takes_over_and_what_all_have_filed_is_handled() -> None:
    there = given(*THERE, filed("transport"), filed("health"))
    [ruling] = there.when(decide("health", "water")).happened
    after = then(there, ruling).state
    assert (ruling.call, after.lead, after.status) == (None, "health", Status.HANDLED)


def test_W_05_who_has_filed_and_ended_since_keeps_its_result() -> None:
    there = given(*CALLED, came("health"), filed("health"))
    there.when(decide("justice", "health")).breaks("W-05", says="已撤销")
    after = there.when(decide("justice", "health", "water")).leads_to().state
    assert not after.task("health").released and after.task("water").released


def test_W_05_a_ruling_lets_go_who_has_ended_as_well() -> None:
    """Else it would be waited for when all others have settled it."""
    there = given(*ARRIVED, second)
    [ruling] = there.when(decide("transport", "water", when="03-05 10:00")).happened
    assert ruling.ended == ("water",)
    alone = given(*ARRIVED[:-1], second)
    after = alone.when(decide("water", "justice", when="03-04 10:00")).leads_to().state
    assert (after.lead, after.task("justice").released) == ("water", True)
    assert not after.disputed and after.competent == "water"


def test_W_05_one_that_was_named_and_ended_leaves_the_case_with_the_first_receiver() -> None:
    there = given(*ARRIVED[:-2], first)
    after = there.when(decide("transport", "justice", when="03-04 10:00")).leads_to().state
    assert (after.lead, after.task("water").released) == ("water", False)
    assert after.task("transport").handling.running


def test_W_05_who_once_said_not_ours_stays_where_nothing_is_in_dispute() -> None:
    """One such return is no dispute: nobody has said that it was right, and it still answers for its part."""
    there = given(*THERE, replace(first, unit="transport"))
    after = there.when(decide("health", "water")).leads_to().state
    assert (after.lead, after.task("water").released) == ("health", True)
    assert not after.task("transport").released and after.task("transport").handling.running


def test_W_05_who_replaces_the_one_that_was_ruled_on_leaves_the_ruling_in_its_time() -> None:
    there = given(*ARRIVED, second, decided)
    after = there.when(decide("health", "justice", when="03-20 10:00")).leads_to().state
    assert after.decision is not None and not after.decision.missed
    assert (after.decision.met_at, after.decided_at) == (decided.at, at("03-20 10:00"))
    assert (after.lead, after.competent) == ("health", "health")


def test_W_05_who_was_replaced_and_came_back_is_not_told_that_it_had_said_not_ours() -> None:
    """Nor is it called anew: who replaced it has the case, with its clocks."""
    there = given(*THERE).when(decide("justice", "water")).leads_to()
    back = there.when(decide("water", "justice", when="03-05 10:00"))
    back.breaks("W-05", field="unit", says="已由其他单位接办")


def test_W_08_a_trail_in_which_such_a_unit_was_released_still_folds() -> None:
    """A build that released it counted no handling for it when the case was opened again."""
    there = given(*THERE, replace(first, unit="transport"))
    after = there.when(decide("justice", "water", when="03-04 10:00")).leads_to()
    rest = (came("justice", "03-04 12:00"), filed("health"), filed("justice"), done, verified)
    again = replace(reopened, handling=(reopened.handling[0], replace(HANDLING, provisional=True)))
    whistle = then(after, *rest, answered, again).state
    rounds = {task.unit: len(task.rounds) for task in whistle.tasks}
    assert rounds == {"water": 1, "transport": 1, "health": 2, "justice": 2}
    clocks = [whistle.task(unit).handling.deadline for unit in ("health", "justice")]
    assert clocks == [*again.handling]
    anew = then(after, *rest, answered).when(reopen(when="03-06 10:00")).happened
    assert [len(one.handling) for one in anew] == [2]


def test_W_07_what_it_missed_is_said_first_and_nothing_of_it_runs_on() -> None:
    late = given(*THERE).when(decide("justice", "water", when="03-03 17:00:01"))
    missed, _ = late.happened
    assert isinstance(missed, DeadlineMissed)
    assert (missed.unit, missed.which) == ("water", Which.ARRIVAL)
    after = late.leads_to()
    assert next_due(after.state) == at("03-04 17:00")
    assert "department:water" not in waiting.of_whistle(after.state)
    fired = after.when(lambda w: w.fire(now=at("03-04 16:59"), rungs=LADDER))
    assert fired.happened == () and after.state.late == ()
    assert after.state.task("water").misses == 1
    come = after.when(lambda w: w.arrive(unit="water", now=at("03-04 09:00"), rungs=LADDER))
    come.breaks("W-05", says="不再报到")


def test_W_06_who_was_released_before_it_came_has_no_arrival_to_put_off() -> None:
    let_go = given(*THERE).when(decide("justice", "water")).leads_to()
    more = let_go.when(
        lambda w: w.ask_extension(
            unit="water", which=Which.ARRIVAL, days=2, reason="路远", now=at("03-03 10:30")
        )
    )
    more.breaks("W-06", field="which", says="不再办理")


def test_W_02_what_a_community_called_goes_up_to_the_street_instead() -> None:
    there = given(*CALLED_BELOW)
    there.when(decide("justice", "haihua_seven")).breaks("W-05", says="没有待裁定")


def test_W_10_what_a_unit_settled_counts_as_its_own_though_it_ended_when_that_was_opened_again() -> (
    None
):
    whistle = replaced_after(reopened)
    everybody = {"water", "transport", "health", "justice"}
    assert left_out(whistle, "w-1", Year(unit="water", year=2026)) == (None, None)
    assert {one.unit for one in figures.departments([whistle])} == everybody
    assert figures.closed([whistle], 3).handling_on_time.of == len(everybody)
    account = of_whistles(WORK)(answered, whistle)
    assert isinstance(account, published.Closed)
    own = {one.unit for one in account.records if one.outcome != "not_ours" or one.settled_before}
    assert own == everybody
    assert [one.unit for one in account.records if not one.settled_before] == ["justice"]


def test_W_10_where_it_was_opened_again_before_the_last_result_says_whose_it_is() -> None:
    """What is on record by a reopening of an earlier build gives the figures that were out."""
    whistle = replaced_after(replace(reopened, keeps=False))
    assert whistle.task("water").anothers
    assert left_out(whistle, "w-1", Year(unit="water", year=2026)) != (None, None)
    theirs = tuple(one for one in whistle.scores if one.unit != "water")
    assert whistle.score == mean_score(theirs) != mean_score(whistle.scores)
    assert {one.unit for one in figures.departments([whistle])} == {one.unit for one in theirs}
    assert figures.closed([whistle], 3).handling_on_time.of == len(theirs)
    account = of_whistles(WORK)(answered, whistle)
    assert isinstance(account, published.Closed)
    assert not any(one.settled_before for one in account.records)


def test_W_10_what_one_reopening_keeps_the_next_one_keeps_too() -> None:
    whistle = replaced_after(reopened)
    again = replace(reopened, keeps=False)
    kept = past(whistle, evolve, (again,)).state
    assert kept.task("transport").settled_before and not kept.task("justice").settled_before


def replaced_after(again: WhistleReopened) -> Whistle:
    """Water, which had settled it, ended after it was opened again; justice did the rest."""
    after = given(*ANSWERED, again).when(decide("justice", "water", when="03-12 10:00")).leads_to()
    rest = (
        came("justice", "03-12 11:00"),
        *(filed(one, "03-13 10:00") for one in ("transport", "health", "justice")),
    )
    marked = then(after, *rest, done, verified, grid_80, street_90)
    scores = tuple(
        replace(one, score=2000) if one.unit == "water" else one
        for one in judging.scores(marked.state, NUMBERS.scoring, WORK)
    )
    evaluated = WhistleEvaluated(scores=scores, policy=3, calendar=KNOWN)
    whistle: Whistle = then(marked, evaluated, answered).state
    return whistle


def test_W_10_what_was_sent_back_to_it_and_it_never_settled_is_anothers() -> None:
    there = given(*ANSWERED[:-5], returned)
    after = there.when(decide("justice", "transport", when="03-12 10:00")).leads_to().state
    assert after.task("transport").anothers and not after.task("water").settled_before


async def test_W_05_of_what_waits_for_ended_units_no_more_is_read_than_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Three units ended, each with two whistles of its own; two of them are as many as are shown."""
    monkeypatch.setattr(lists, "MOST_LEFT", 2)
    there, read = desk(MemoryStore(), MemoryStore()), []
    for code in ("a", "b", "c"):
        gone = UnitEntered(
            code=code,
            name=code,
            kind=UnitKind.DEPARTMENT,
            valid_from=date(2020, 1, 1),
            valid_to=date(2026, 1, 1),
            listed=3,
        )
        await there.units.once(code, [gone], CAUSE)

    class Whistles:
        async def every_of(self, _: Subject, wanted: Where) -> AsyncIterator[Held[Whistle]]:
            one = given(*THERE).state
            mine = replace(one.task("water"), unit=str(wanted["units"]))
            for number in (1, 2):
                read.append(f"{mine.unit}-{number}")
                yield Held(read[-1], replace(one, tasks=(mine,)), 1, "c")

    queries = replace(Queries.of(there).lists, whistles=cast("Any", Whistles()))
    found = await queries.left(date(2026, 3, 2), asking("command_centre", None).subject)
    assert found == [{"whistle": "a-1", "unit": "a"}, {"whistle": "a-2", "unit": "a"}]
    assert read == ["a-1", "a-2"]
