"""W-02: what a community can't settle goes up to the street, as the same whistle, and is never dropped."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chassis import step_taken
from chassis.asking import Asking
from chassis.cause import Cause
from chassis.copies import Told
from chassis.http import ReasonIn
from chassis.kernel.errors import Malformed, NotAllowed, UnknownReference
from services.whistle.domain.course import Status
from services.whistle.domain.events import (
    Kind,
    Level,
    StreetBlew,
    StreetSolves,
    WhistleReopened,
    WhistleReturned,
)
from services.whistle.domain.task import Outcome
from services.whistle.domain.unit import Unit, UnitEntered, UnitKind
from services.whistle.queries import Queries
from services.whistle.steps import calling
from services.whistle.steps.whistles import keys as whistle_keys
from services.whistle.steps.whistles import next_due
from tests.support.memory import MemoryStore
from tests.support.walks import person

from .cases import (
    ARRIVE_BY,
    CALLED,
    CALLED_BELOW,
    CENTRE,
    COMMUNITY,
    HANDLED_BELOW,
    HANDLING,
    KNOWN,
    LADDER,
    MONDAY,
    POLICY,
    RAISED,
    SECOND,
    STREET,
    UNITS,
    WORK,
    answered,
    assigned,
    at,
    blown,
    blown_below,
    called,
    came,
    done,
    escalated,
    evaluated,
    filed,
    given,
    missed_arrival,
    not_done,
    registered,
    street_90,
    verified,
)
from .test_W_16_reporters import CAUSE, desk

solves = StreetSolves(leader="街道办副主任", office="liujia_safety", by=STREET)
street_blew = StreetBlew(
    by=STREET,
    kind=Kind.TACKLE,
    summoned=("water", "transport"),
    lead="water",
    at=at("03-02 14:00"),
)


def escalate(by: str = COMMUNITY, reason: str = "超出社区能力") -> Any:
    return lambda w: w.escalate(by=by, reason=reason, now=MONDAY, rungs=LADDER)


def solve(
    by: str = STREET,
    leader: str = "街道办副主任",
    units: dict[str, Unit] | None = None,
    office: str = "liujia_safety",
    chiefs: tuple[str, ...] = (),
) -> Any:
    return lambda w: w.solve(
        by=by,
        leader=leader,
        office=office,
        units=UNITS if units is None else units,
        policy=POLICY,
        now=MONDAY,
        work=WORK,
        chiefs=chiefs,
    )


def blow(by: str = STREET, *summoned: str, units: dict[str, Unit] = UNITS) -> Any:
    called = summoned or ("water", "transport")
    return lambda w: w.blow_at_street(
        by=by,
        kind=Kind.TACKLE,
        summoned=called,
        lead=called[0],
        units=units,
        now=at("03-02 14:00"),
    )


@pytest.mark.parametrize(
    "so_far",
    [
        CALLED_BELOW,
        (*CALLED_BELOW, came("haihua_seven")),
        HANDLED_BELOW,
        (*HANDLED_BELOW, not_done),
    ],
    ids=["dispatched", "arrived", "handled", "not done"],
)
def test_W_02_the_same_whistle_goes_back_to_blown_at_street_level(so_far: tuple[Any, ...]) -> None:
    whistle = given(*so_far).when(escalate()).then(escalated).state
    assert (whistle.status, whistle.level) == (Status.BLOWN, Level.STREET)
    assert (whistle.blower, whistle.problem, whistle.word) == (COMMUNITY, "p-1", None)
    assert whistle.undecided
    assert whistle.authority == CENTRE


def test_W_02_only_the_community_that_blew_escalates_and_says_why() -> None:
    given(*CALLED_BELOW).when(escalate(by=STREET)).refused(NotAllowed)
    given(*CALLED_BELOW).when(escalate(by="community:haixiang")).refused(NotAllowed)
    given(*CALLED_BELOW).when(escalate(reason=" ")).refused(Malformed, field="reason")


@pytest.mark.parametrize("so_far", [CALLED_BELOW, (*HANDLED_BELOW, done)])
def test_W_02_the_street_takes_up_what_a_community_that_has_ended_called_for(
    so_far: tuple[Any, ...],
) -> None:
    def taking_up(by: str) -> Any:
        about = {"reason": "社区已并入海翔", "now": MONDAY, "rungs": LADDER, "over": True}
        return lambda w: w.escalate(by=by, **about)

    raised = given(*so_far).when(taking_up(STREET)).leads_to()
    assert (raised.state.level, raised.state.undecided) == (Level.STREET, True)
    assert raised.when(solve()).leads_to().state.blower == STREET
    given(*so_far).when(taking_up("street:guandu")).refused(NotAllowed)
    given(*HANDLED_BELOW, done, verified).when(taking_up(STREET)).breaks("W-17")


def test_W_02_the_street_answers_what_was_evaluated_when_its_community_had_ended() -> None:
    def answering(by: str, over: bool = True) -> Any:
        return lambda w: w.answer(by=by, answer="已修复。", now=MONDAY, over=over)

    below = given(*HANDLED_BELOW, done, verified, street_90, evaluated)
    assert below.when(answering(STREET)).leads_to().state.status is Status.ANSWERED
    for refused in (answering(STREET, over=False), answering("street:guandu")):
        below.when(refused).refused(NotAllowed)
    given(*HANDLED_BELOW, done, verified).when(answering(STREET)).breaks("W-17")


@pytest.mark.parametrize(
    ("last", "ended"), [("2026-03-01", True), ("2026-03-02", False), (None, False)]
)
async def test_W_02_a_community_has_ended_when_its_last_day_is_over(
    last: str | None, ended: bool
) -> None:
    there = desk(MemoryStore(), MemoryStore())
    await there.policies.seed(MONDAY)
    data = {"code": "haihua", "name": "海华", "valid_from": "2018-12-01", "listed": 1}
    told = Told(event="e-1", sequence=1, data={**data, "street": "liujia", "valid_to": last})
    await there.communities.aggregates.once("haihua", [told], CAUSE)
    await there.whistles.once("w-1", CALLED_BELOW, CAUSE)
    cause = Cause(actor=STREET, now=MONDAY, expected=len(CALLED_BELOW))
    taking = step_taken.take(
        calling.escalate,
        there,
        Asking(person(STREET), cause),
        {"id": "w-1"},
        (ReasonIn(reason="社区已并入海翔"),),
    )
    if ended:
        assert (await taking)[0].aggregate.undecided
        return
    with pytest.raises(NotAllowed):
        await taking


async def test_W_02_its_street_finds_what_waits_for_a_community_that_has_ended() -> None:
    there = desk(MemoryStore(), MemoryStore())
    settled = (*HANDLED_BELOW, done, verified, street_90, evaluated)
    await there.whistles.once("w-1", HANDLED_BELOW, CAUSE)
    await there.whistles.once("w-2", settled, CAUSE)
    await there.whistles.once("w-3", CALLED_BELOW, CAUSE)
    data = {"code": "haihua", "name": "海华", "valid_from": "2018-12-01", "listed": 1}
    told = Told(
        event="e-1", sequence=1, data={**data, "street": "liujia", "valid_to": "2026-03-01"}
    )
    await there.communities.aggregates.once("haihua", [told], CAUSE)
    lists = Queries.of(there).lists
    gone = [{"whistle": id, "community": "haihua"} for id in ("w-1", "w-2")]
    assert await lists.left(MONDAY.date(), person(STREET)) == gone
    assert await lists.left(date(2026, 3, 1), person(STREET)) == []
    for other in ("street:guandu", CENTRE):
        assert await lists.left(MONDAY.date(), person(other)) == []


async def test_W_02_its_street_finds_what_waits_for_the_forces_that_ended_with_their_community() -> (
    None
):
    """Else it would be in nobody's list: they neither come nor settle it, and the centre decides of no such whistle."""
    there = desk(MemoryStore(), MemoryStore())
    await there.whistles.once("w-1", CALLED_BELOW, CAUSE)
    await there.whistles.once("w-2", HANDLED_BELOW, CAUSE)
    seven = UnitEntered(
        code="haihua_seven",
        name="海华七员",
        kind=UnitKind.COMMUNITY_FORCE,
        valid_from=date(2020, 1, 1),
        valid_to=date(2026, 3, 1),
        listed=1,
    )
    await there.units.once("haihua_seven", [seven], CAUSE)
    lists = Queries.of(there).lists
    assert await lists.left(MONDAY.date(), person(STREET)) == []
    data = {"code": "haihua", "name": "海华", "valid_from": "2018-12-01", "listed": 1}
    told = Told(
        event="e-1", sequence=1, data={**data, "street": "liujia", "valid_to": "2026-03-01"}
    )
    await there.communities.aggregates.once("haihua", [told], CAUSE)
    gone = [{"whistle": id, "community": "haihua"} for id in ("w-1", "w-2")]
    assert await lists.left(MONDAY.date(), person(STREET)) == gone


def test_W_02_a_street_whistle_goes_no_higher() -> None:
    given(*CALLED).when(escalate(by=STREET)).breaks("W-02")


def test_W_02_the_clocks_of_those_called_before_stop() -> None:
    whistle = given(*RAISED).state
    assert (whistle.tasks, whistle.calendar, next_due(whistle)) == ((), None, None)
    assert not whistle_keys(whistle)["overdue"]


def test_W_02_the_street_solves_it_with_a_named_leader_and_office() -> None:
    there = given(*RAISED).when(solve())
    happened = there.happened
    assert happened[:2] == (solves, registered)
    dispatched = happened[2]
    assert dispatched.tasks == (assigned("liujia_safety", lead=True),)
    assert (dispatched.policy, dispatched.calendar) == (3, KNOWN)
    whistle = there.leads_to().state
    assert (whistle.status, whistle.solver) == (Status.DISPATCHED, "街道办副主任")
    assert (whistle.blower, whistle.undecided) == (STREET, False)
    assert (whistle.summoned, whistle.lead) == (("liujia_safety",), "liujia_safety")


def test_W_02_who_answers_for_it_is_named() -> None:
    given(*RAISED).when(solve(leader=" ")).breaks(
        "W-02", clause="官办通〔2019〕80号 四.5", field="leader"
    )


@pytest.mark.parametrize("other", [CENTRE, COMMUNITY, "street:guandu"])
def test_W_02_the_whistles_own_street_decides_to_solve(other: str) -> None:
    given(*RAISED).when(solve(by=other)).refused(NotAllowed)


def test_W_02_the_solving_office_is_one_the_register_lists_today() -> None:
    given(*RAISED).when(solve(units={})).refused(UnknownReference, field="office")
    gone = {"liujia_safety": replace(UNITS["liujia_safety"], valid_to=date(2026, 3, 1))}
    given(*RAISED).when(solve(units=gone)).refused(UnknownReference, field="office")


@pytest.mark.parametrize("office", ["water", "guandu_safety", "haihua_seven", "leader_1"])
def test_W_02_the_solving_office_is_one_of_the_streets_own(office: str) -> None:
    """Whoever else is needed is called by a whistle, which the centre registers (W-03)."""
    given(*RAISED).when(solve(office=office)).breaks(
        "W-02", clause="官办通〔2019〕80号 四.5", field="office"
    )


def test_W_13_a_river_matter_that_the_street_settles_goes_to_the_chief_too() -> None:
    whistle = given(*RAISED).when(solve(chiefs=("baoxiang_chief",))).leads_to().state
    assert [(task.unit, task.lead) for task in whistle.tasks] == [
        ("liujia_safety", True),
        ("baoxiang_chief", False),
    ]
    assert whistle.summoned == ("liujia_safety", "baoxiang_chief")


def test_W_02_what_a_community_can_not_settle_is_not_closed_there() -> None:
    cannot = replace(
        filed("haihua_seven", outcome=Outcome.CANNOT_ACT), ground="无执法权", who_can="区水务局"
    )
    below = given(*CALLED_BELOW, came("haihua_seven"), cannot, done)
    below.when(lambda w: w.verify(by=COMMUNITY)).breaks("W-02")
    below.when(escalate()).then(escalated)
    partly = replace(cannot, outcome=Outcome.PARTLY_RESOLVED)
    settled = given(*CALLED_BELOW, came("haihua_seven"), partly, done)
    settled.when(lambda w: w.verify(by=COMMUNITY)).then(verified)
    alone = (blown, registered, replace(called, tasks=called.tasks[:1]), came("water"))
    above = given(*alone, replace(cannot, unit="water"), done)
    above.when(lambda w: w.verify(by=CENTRE)).then(verified)


def test_W_02_only_what_came_up_is_solved_or_blown_by_the_street() -> None:
    given(blown).when(solve()).breaks("W-02")
    given(blown).when(blow()).breaks("W-02")
    given(*RAISED, street_blew).when(solve()).breaks("W-02")


@pytest.mark.parametrize(
    "decide",
    [
        lambda w: w.register(by=CENTRE),
        lambda w: w.reject(by=CENTRE, reason="吹空哨", policy=POLICY),
        lambda w: w.withdraw(by=COMMUNITY, reason="不吹了"),
    ],
    ids=["register", "reject", "withdraw"],
)
def test_W_02_until_the_street_decides_nothing_else_happens(decide: Any) -> None:
    given(*RAISED).when(decide).breaks("W-02")
    assert given(*RAISED).state.next_steps() == ["solve", "blow"]


def test_W_02_the_street_blows_naming_kind_units_and_lead_anew() -> None:
    there = given(*RAISED).when(blow()).then(street_blew)
    whistle = there.state
    assert (whistle.status, whistle.level, whistle.kind) == (
        Status.BLOWN,
        Level.STREET,
        Kind.TACKLE,
    )
    assert (whistle.summoned, whistle.lead) == (("water", "transport"), "water")
    assert (whistle.blower, whistle.undecided) == (STREET, False)
    there = there.when(lambda w: w.register(by=CENTRE)).then(registered)
    called = there.when(lambda w: w.dispatch(by=CENTRE, policy=POLICY, now=MONDAY, work=WORK))
    assert [task.unit for task in called.leads_to().state.tasks] == ["water", "transport"]


def test_W_02_what_the_street_blows_anew_is_summoned_as_any_whistle_is() -> None:
    raised = given(*RAISED)
    raised.when(blow(STREET, "nobody")).refused(UnknownReference, field="units")
    raised.when(blow(STREET, "leader_1")).breaks("W-03", field="units")
    for place in ("haihua", "liujia"):
        linked = {**UNITS, "leader_1": replace(UNITS["leader_1"], serves=(place,))}
        raised.when(blow(STREET, "water", "leader_1", units=linked)).leads_to()
    elsewhere = {**UNITS, "leader_1": replace(UNITS["leader_1"], serves=("guandu",))}
    raised.when(blow(STREET, "water", "leader_1", units=elsewhere)).breaks("W-03")


@pytest.mark.parametrize("other", [CENTRE, COMMUNITY, "street:guandu"])
def test_W_02_no_other_blows_it_for_the_street(other: str) -> None:
    given(*RAISED).when(blow(other)).refused(NotAllowed)


def test_W_02_the_street_is_the_blower_from_then_on() -> None:
    there = given(*RAISED, street_blew)
    there.when(lambda w: w.withdraw(by=COMMUNITY, reason="不吹了")).refused(NotAllowed)
    there.when(lambda w: w.withdraw(by=STREET, reason="不吹了")).leads_to()
    rejected = there.when(lambda w: w.reject(by=CENTRE, reason="吹空哨", policy=POLICY)).leads_to()
    keys = whistle_keys(rejected.state)
    assert (keys["blower"], keys["cost"]) == (STREET, 5)
    handled = given(
        *RAISED,
        street_blew,
        registered,
        replace(called, tasks=called.tasks[:1]),
        came("water"),
        filed("water"),
    )
    handled.when(lambda w: w.give_word(by=COMMUNITY, done=True, what="")).refused(NotAllowed)
    handled.when(lambda w: w.give_word(by=STREET, done=True, what="")).leads_to()


def test_W_07_escalating_says_first_what_was_missed_and_keeps_it() -> None:
    late = given(*CALLED_BELOW).when(
        lambda w: w.escalate(
            by=COMMUNITY, reason="超出社区能力", now=ARRIVE_BY + SECOND, rungs=LADDER
        )
    )
    assert late.happened == (replace(missed_arrival, unit="haihua_seven"), escalated)
    whistle = late.leads_to().state
    assert [task.arrival.missed for task in whistle.earlier] == [True]
    on_record = given(*CALLED_BELOW, replace(missed_arrival, unit="haihua_seven"))
    assert on_record.when(
        lambda w: w.escalate(
            by=COMMUNITY, reason="超出社区能力", now=ARRIVE_BY + SECOND, rungs=LADDER
        )
    ).happened == (escalated,)


def test_W_09_the_returns_of_the_whistle_are_those_of_its_units() -> None:
    """What was returned in the community goes with the tasks that ended there."""
    again = WhistleReturned(units=("haihua_seven",), reason="-", handling=(HANDLING,))
    whistle = given(*HANDLED_BELOW, not_done, again, escalated).state
    assert whistle.returns == sum(task.returns for task in whistle.tasks) == 0
    assert [task.returns for task in whistle.earlier] == [1]


def test_W_10_what_goes_up_when_it_is_handled_again_counts_in_the_year_of_its_new_units() -> None:
    """They were called by nobody in the year in which the community's own answer was given."""
    below = (*HANDLED_BELOW, done, verified, evaluated, replace(answered, at=at("12-29 10:00")))
    reopened = WhistleReopened(reason="-", handling=(HANDLING,))
    whistle = given(*below, reopened, escalated, street_blew).state
    assert whistle_keys(whistle)["closed_on"] is None
    again = given(*below, reopened, escalated, street_blew, registered, called, came("water"))
    assert again.state.closed_at is None


def test_W_02_an_escalated_whistle_is_marked_by_the_centre_and_the_street() -> None:
    raised = given(*RAISED).state
    assert (raised.evaluator, raised.authority) == (CENTRE, CENTRE)
    below = given(blown_below).state
    assert (below.evaluator, below.authority) == (STREET, COMMUNITY)
    assert called.tasks[0].unit == "water"
