"""W-05: honest outcomes, and whose a case is: the first receiver keeps it until another has come or the
centre has decided, within a deadline of its own."""

from dataclasses import replace
from typing import Any

import pytest

from chassis.kernel.clock import Budget, Deadline
from chassis.kernel.errors import Malformed, NotAllowed, UnknownReference
from services.whistle.domain import competence
from services.whistle.domain.assessment import mean_score
from services.whistle.domain.course import Status
from services.whistle.domain.events import (
    Assignment,
    CompetenceDecided,
    CompetenceDeclined,
    DeadlineMissed,
    ResultFiled,
)
from services.whistle.domain.task import Outcome, Result, Which
from services.whistle.steps.whistles import keys as whistle_keys
from services.whistle.steps.whistles import next_due
from tests.support.specification import past

from .cases import (
    CALLED,
    CALLED_BELOW,
    CENTRE,
    HANDLE_BY,
    HANDLED,
    LADDER,
    POLICY,
    SECOND,
    STREET,
    UNITS,
    WORK,
    answered,
    assigned,
    at,
    blown,
    called,
    came,
    done,
    evaluated,
    filed,
    given,
    missed_handling,
    registered,
    verified,
)

WHEN, LATER = at("03-03 10:00"), at("03-04 10:00")
JUSTICE = Assignment(
    unit="justice",
    lead=False,
    arrival=Deadline(
        started=WHEN, budget=Budget.working_days(1), due=at("03-04 17:00"), provisional=False
    ),
    handling=Deadline(
        started=WHEN, budget=Budget.working_days(5), due=at("03-10 17:00"), provisional=False
    ),
)
DECISION = Deadline(
    started=LATER, budget=Budget.working_days(1), due=at("03-05 17:00"), provisional=False
)
first = CompetenceDeclined(
    unit="water", whose="justice", ground="属物业纠纷", call=JUSTICE, at=WHEN
)
second = CompetenceDeclined(
    unit="justice", whose="transport", ground="属道路设施", decision=DECISION, at=LATER
)
decided = CompetenceDecided(unit="justice", reason="物业服务合同纠纷", at=at("03-05 09:00"))
ALONE = (
    replace(blown, summoned=("water",)),
    registered,
    replace(called, tasks=(assigned("water", lead=True),)),
    came("water"),
)
ARRIVED = (*ALONE, first, came("justice", "03-03 15:00"))


def decline(unit: str = "water", whose: str = "justice", when: Any = WHEN, **other: Any) -> Any:
    return lambda w: competence.decline(
        w,
        unit=unit,
        whose=whose,
        ground=other.get("ground", "属物业纠纷"),
        units=UNITS,
        policy=other.get("policy", POLICY),
        now=when,
        rungs=LADDER,
    )


def decide(unit: str = "justice", by: str = CENTRE, when: str = "03-05 09:00") -> Any:
    return lambda w: competence.decide(
        w,
        by=by,
        unit=unit,
        reason="物业服务合同纠纷",
        units=UNITS,
        policy=POLICY,
        now=at(when),
        rungs=LADDER,
    )


def result(outcome: Outcome, unit: str = "water", **said: Any) -> Any:
    return lambda w: w.file_result(
        unit=unit,
        result=Result(outcome=outcome, summary="经核查。", **said),
        now=at("03-05 11:00"),
        rungs=LADDER,
    )


# Outcomes


def test_W_05_the_five_outcomes() -> None:
    assert {outcome.value for outcome in Outcome} == {
        "resolved",
        "partly_resolved",
        "cannot_act",
        "not_ours",
        "invalid",
    }


@pytest.mark.parametrize("missing", ["ground", "who_can"])
def test_W_05_who_cannot_act_says_on_what_ground_and_who_can(missing: str) -> None:
    said = {"ground": "《物业管理条例》第三条", "who_can": "业主大会"}
    there = given(*ALONE)
    there.when(result(Outcome.CANNOT_ACT, **{**said, missing: " "})).breaks("W-05", field=missing)
    whistle = there.when(result(Outcome.CANNOT_ACT, **said)).leads_to().state
    assert (whistle.status, whistle.outcome) == (Status.HANDLED, Outcome.CANNOT_ACT)


def test_W_05_an_invalid_matter_is_said_to_be_so() -> None:
    assert given(*ALONE).when(result(Outcome.INVALID)).leads_to().state.outcome is Outcome.INVALID


# Whose it is


def test_W_05_the_unit_named_is_called_in_and_the_first_receiver_keeps_the_case() -> None:
    there = given(*ALONE).when(decline()).then(first)
    whistle = there.state
    assert (whistle.summoned, whistle.lead) == (("water", "justice"), "water")
    assert whistle.task("water").handling.running
    assert whistle.task("justice").arrival.next_rung == at("03-04 17:00")
    assert (whistle.status, whistle.decision) == (Status.ARRIVED, None)
    there.when(result(Outcome.NOT_OURS, whose="justice")).breaks("W-05", field="whose")


def test_W_05_once_the_other_has_come_the_case_goes_over_with_the_lead() -> None:
    there = given(*ARRIVED).when(result(Outcome.NOT_OURS, whose="justice")).leads_to()
    assert (there.state.lead, there.state.status) == ("justice", Status.ARRIVED)
    assert there.state.task("water").released
    done = ResultFiled(
        unit="justice",
        outcome=Outcome.RESOLVED,
        summary="已调解。",
        at=at("03-06 10:00"),
    )
    whistle = given(*ARRIVED, *there_events(there), done).state
    assert (whistle.status, whistle.outcome) == (Status.HANDLED, Outcome.RESOLVED)


def there_events(_: Any) -> tuple[ResultFiled, ...]:
    over = ResultFiled(
        unit="water",
        outcome=Outcome.NOT_OURS,
        summary="经核查。",
        whose="justice",
        at=at("03-05 11:00"),
    )
    return (over,)


def test_W_05_who_was_named_hands_the_case_back_by_a_return_that_counts() -> None:
    """Handed back as a result it would be with who said that it isn't its own, and nobody could decide of it."""
    back = result(Outcome.NOT_OURS, "justice", whose="water")
    given(*ARRIVED).when(back).breaks("W-05", field="whose", says="由指挥中心裁定")
    disputed = given(*ARRIVED).when(decline("justice", "water", LATER)).leads_to()
    assert disputed.state.disputed
    disputed.when(back).breaks("W-05", field="whose")
    waters = disputed.when(decide("water")).leads_to().state
    assert [task.unit for task in waters.tasks if not task.released] == ["water"]


def test_W_05_who_is_released_is_not_named_by_a_return_that_would_call_nobody() -> None:
    """The unit would keep the case with its only return used up; the last one is decided of, so it may name anybody."""
    there = given(*CALLED, came("water"), came("transport"))
    gone = there.when(result(Outcome.NOT_OURS, "transport", whose="water")).leads_to()
    gone.when(decline(whose="transport")).breaks("W-05", field="whose", says="请点名其他单位")
    assert gone.when(decline()).leads_to().state.summoned[-1] == "justice"
    back = given(*ARRIVED).when(result(Outcome.NOT_OURS, whose="justice")).leads_to()
    assert back.when(decline("justice", "water", LATER)).leads_to().state.disputed


def test_W_05_where_both_declined_and_nobody_will_decide_a_result_ends_it() -> None:
    """Sent back for another reason, its dispute has ended undecided; neither may decline a second time."""
    disputed = given(*ARRIVED).when(decline("justice", "water", LATER)).leads_to()
    cannot = {"ground": "《物业管理条例》第三条", "who_can": "业主大会"}
    handled = disputed.when(result(Outcome.CANNOT_ACT, "water", **cannot)).leads_to()
    handled = handled.when(result(Outcome.CANNOT_ACT, "justice", **cannot)).leads_to()
    again = handled.when(
        lambda w: w.send_back(
            by=CENTRE,
            units=("water", "justice"),
            reason="没有办好",
            now=at("03-05 12:00"),
            work=WORK,
        )
    ).leads_to()
    again.when(decline("justice", "water", at("03-05 13:00"))).breaks("W-05")
    over = again.when(result(Outcome.NOT_OURS, "justice", whose="water")).leads_to().state
    assert [task.unit for task in over.tasks if not task.released] == ["water"]


def test_W_05_where_the_policy_has_the_centre_decide_later_both_are_not_kept_in_it() -> None:
    number, numbers = POLICY
    third = (number, replace(numbers, competence=replace(numbers.competence, returns=3)))
    both = given(*ARRIVED).when(decline("justice", "water", LATER, policy=third)).leads_to()
    assert not both.state.disputed
    over = both.when(result(Outcome.NOT_OURS, "justice", whose="water")).leads_to().state
    assert [task.unit for task in over.tasks if not task.released] == ["water"]


def test_W_05_not_ours_names_whose() -> None:
    given(*ARRIVED).when(result(Outcome.NOT_OURS)).breaks("W-05", field="whose")
    given(*ARRIVED).when(result(Outcome.NOT_OURS, whose="water")).breaks("W-05", field="whose")
    given(*ALONE).when(decline(whose="water")).breaks("W-05", field="whose")
    given(*ALONE).when(decline(whose="nobody")).refused(UnknownReference, field="whose")
    given(*ALONE).when(decline(ground=" ")).refused(Malformed, field="ground")


def test_W_05_after_two_such_returns_the_centre_decides_on_a_clock_of_its_own() -> None:
    there = (
        given(*ARRIVED)
        .when(decline("justice", "transport", LATER, ground="属道路设施"))
        .then(second)
    )
    assert there.state.summoned == ("water", "justice")
    assert there.state.decision is not None and there.state.decision.next_rung == at("03-05 17:00")
    there.when(decline("water", "transport", LATER)).breaks("W-05")
    there.when(decide(by=STREET)).refused(NotAllowed)
    after = there.when(decide()).then(decided).state
    assert (after.lead, after.competent, after.status) == ("justice", "justice", Status.ARRIVED)
    assert after.task("water").released and not after.task("justice").filed
    given(*ARRIVED, second, decided).when(decline("justice", "water", LATER)).breaks("W-05")


def test_W_05_the_centre_may_name_a_unit_that_was_not_there_yet() -> None:
    after = given(*ARRIVED, second).when(decide("transport")).leads_to().state
    assert (after.lead, after.summoned[-1], after.status) == (
        "transport",
        "transport",
        Status.DISPATCHED,
    )
    assert after.task("water").released and after.task("justice").released


def test_W_05_no_case_bounces_more_often_than_the_policy_allows() -> None:
    there, bounced = given(*ARRIVED), 1
    for unit in ("justice", "water"):
        try:
            there = there.when(decline(unit, "health", LATER)).leads_to()
            bounced += 1
        except Exception as refusal:
            assert "裁定" in str(refusal) or "已经提出过" in str(refusal)
    assert bounced == POLICY[1].competence.returns


def test_W_07_the_centres_own_deadline_is_recorded_once_and_told() -> None:
    late = at("03-05 17:00:01")
    missed = DeadlineMissed(unit=CENTRE, which=Which.COMPETENCE, due=at("03-05 17:00"))
    there = given(*ARRIVED, second)
    assert next_due(there.state) == at("03-05 17:00")
    there = there.when(lambda w: w.fire(now=late, rungs=LADDER)).then(missed)
    assert whistle_keys(there.state)["overdue"]
    there.when(lambda w: w.fire(now=late, rungs=LADDER)).then()
    by_itself = given(*ARRIVED, second).when(decide(when="03-05 17:00:01"))
    assert by_itself.happened[0] == missed


def test_W_07_deciding_says_first_what_the_released_have_missed() -> None:
    """`water`'s handling ends by the decision, a second after its deadline and before any scheduler."""
    pending = given(*ARRIVED, replace(second, decision=replace(DECISION, due=at("03-10 17:00"))))
    pending.when(decide(when="03-09 17:00")).then(replace(decided, at=HANDLE_BY))
    late = pending.when(decide(when="03-09 17:00:01"))
    assert late.happened == (missed_handling, replace(decided, at=HANDLE_BY + SECOND))
    assert late.leads_to().state.task("water").handling.missed
    on_record = past(pending.state, pending.evolve, [missed_handling]).when(
        decide(when="03-09 17:00:01")
    )
    assert on_record.happened == (replace(decided, at=HANDLE_BY + SECOND),)
    stays = pending.when(decide("water", when="03-09 17:00:01"))
    assert [type(event) for event in stays.happened] == [CompetenceDecided]


def test_W_05_a_decision_is_the_next_ones_suggestion() -> None:
    assert whistle_keys(given(*ARRIVED, second, decided).state)["route"] == "haihua/water"
    assert whistle_keys(given(*ARRIVED).state)["route"] is None


@pytest.mark.parametrize(
    "so_far",
    [ALONE[:3], (*ALONE, filed("water"), came("justice")), (*ALONE, first)],
    ids=["before coming", "after filing", "a second time"],
)
def test_W_05_it_is_said_after_coming_before_filing_and_once(so_far: Any) -> None:
    events = so_far if len(so_far) < 5 or so_far[-1] is first else (*HANDLED[:-1],)
    given(*events).when(decline()).breaks("W-05")


def test_W_02_a_communitys_own_force_has_the_street_above_it() -> None:
    given(*CALLED_BELOW, came("haihua_seven")).when(decline("haihua_seven")).breaks("W-02")


def test_W_05_without_a_dispute_there_is_nothing_to_decide() -> None:
    given(*ARRIVED).when(decide()).breaks("W-05")
    given(*ARRIVED, second, decided).when(decide()).breaks("W-05")


def test_W_05_nothing_is_returned_to_whose_it_turned_out_not_to_be() -> None:
    over = there_events(None)
    filed = ResultFiled(
        unit="justice", outcome=Outcome.RESOLVED, summary="已调解。", at=at("03-06 10:00")
    )

    def back(unit: str) -> Any:
        return lambda w: w.send_back(
            by=CENTRE, units=(unit,), reason="没有办好", now=at("03-07 10:00"), work=WORK
        )

    there = given(*ARRIVED, *over, filed)
    there.when(back("water")).breaks("W-05", field="units")
    there.when(back("justice")).leads_to()


def test_W_17_a_reopened_case_goes_back_to_whose_it_is() -> None:
    over = there_events(None)
    done_by_justice = ResultFiled(
        unit="justice",
        outcome=Outcome.RESOLVED,
        summary="已调解。",
        at=at("03-06 10:00"),
    )
    judged = (
        done,
        verified,
        replace(answered, at=at("03-10 10:00")),
    )
    there = given(*ARRIVED, *over, done_by_justice, *judged).when(
        lambda w: w.reopen(
            by=STREET, reason="又来了", policy=POLICY[1], now=at("03-11 10:00"), work=WORK
        )
    )
    [again] = there.happened
    assert len(again.handling) == 1
    whistle = there.leads_to().state
    assert (whistle.task("water").filed, whistle.task("justice").filed) == (True, False)


def test_W_05_who_reported_that_it_is_not_its_case_is_not_decided_on() -> None:
    came_all = given(*CALLED, *(came(unit) for unit in ("water", "transport", "health")))
    elsewhere = came_all.when(
        lambda w: w.file_result(
            unit="water",
            result=Result(outcome=Outcome.NOT_OURS, summary="-", whose="transport"),
            now=at("03-03 09:00"),
            rungs=LADDER,
        )
    ).leads_to()
    first = elsewhere.when(decline("transport", "health", at("03-03 10:00"))).leads_to()
    disputed = first.when(decline("health", "transport", at("03-03 11:00"))).leads_to()
    disputed.when(decide("water", when="03-03 15:00")).breaks("W-05", field="unit")
    decided = disputed.when(decide("health", when="03-03 15:00")).leads_to().state
    assert [task.unit for task in decided.tasks if not task.released] == ["health"]


def test_W_09_what_turned_out_to_be_nobodys_has_the_mean_of_all() -> None:
    whistle = given(*CALLED).state
    tasks = tuple(
        task.with_round(
            replace(
                task.rounds[-1],
                result=Result(outcome=Outcome.NOT_OURS, summary="-", whose="justice"),
            )
        )
        for task in whistle.tasks
    )
    nobodys = replace(whistle, tasks=tasks, scores=evaluated.scores)
    assert nobodys.score == mean_score(evaluated.scores)
