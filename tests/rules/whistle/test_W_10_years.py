"""W-10, W-11: a department's year is the mean of its whistles; what is left out has a reason and an approver."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chassis.calendar import NationalCalendar
from chassis.kernel.clock import Budget, Deadline, WorkTime
from chassis.kernel.errors import OURS, Malformed, NotAllowed, RuleBroken
from contracts import whistle as published
from services.whistle import announce
from services.whistle.domain.policy import Assessment, check
from services.whistle.domain.task import Outcome
from services.whistle.domain.yearly import (
    AppealDecided,
    AppealFiled,
    AppealOverdue,
    AppealRenewed,
    ExclusionApproved,
    ExclusionAsked,
    YearAssessed,
    YearBegun,
    evolve,
    left_out,
)
from services.whistle.queries.rankings import Account
from services.whistle.steps import judging, years
from services.whistle.steps.years import YEARS
from tests.support.specification import Given, past

from .cases import ANSWERED, CENTRE, KNOWN, NUMBERS, POLICY, WORK, at, filed, state

next_due = YEARS.next_due
ADMIN, WATER = "district_admin", "department:water"
begun = YearBegun(unit="water", year=2026)
asked = ExclusionAsked(whistle="w-1", reason="地震期间", by=CENTRE)
approved = ExclusionApproved(whistle="w-1", by=ADMIN)
assessed = YearAssessed(
    result=8450, whistles=2, excluded=0, weight=20, policy=3, at=at("2027-01-10 10:00")
)
appealed = AppealFiled(
    grounds="漏计一哨",
    by=WATER,
    at=at("2027-01-12 10:00"),
    decide_by=Deadline(
        started=at("2027-01-12 10:00"),
        budget=Budget.working_days(10),
        due=at("2027-01-26 17:00"),
        provisional=True,
    ),
    calendar=KNOWN,
)
late = AppealOverdue(due=at("2027-01-26 17:00"))
assert appealed.decide_by is not None
renewed = AppealRenewed(calendar="2027-12-31", decide_by=appealed.decide_by)
upheld = AppealDecided(upheld=True, reason="确有漏计", by=ADMIN, at=at("2027-01-13 10:00"))
LIFE = (begun, asked, approved, assessed, appealed, renewed, late, upheld)


def given(*happened: Any) -> Given[Any]:
    return past(None, evolve, (begun, *happened))


def assess(*scores: int, when: str = "2027-01-10 10:00", reopened: bool = False) -> Any:
    return lambda y: y.assess(scores=scores, policy=POLICY, now=at(when), reopened=reopened)


def appeal(by: str = WATER, grounds: str = "漏计一哨", when: str = "2027-01-12 10:00") -> Any:
    return lambda y: y.appeal(grounds=grounds, by=by, policy=NUMBERS, now=at(when), work=WORK)


def test_W_10_a_year_is_published_when_it_is_over() -> None:
    for early in ("2026-11-29 10:00", "2026-12-31 23:59"):
        given().when(assess(80, when=early)).breaks("W-10", clause=OURS)
    assert given().when(assess(80, when="2027-01-01 00:00")).happened


def test_W_10_a_year_is_published_when_none_of_its_whistles_is_handled_again() -> None:
    given().when(assess(80, reopened=True)).breaks("W-10", clause=OURS)
    given(assessed, appealed, upheld).when(assess(9000, reopened=True)).breaks("W-10")


# The weight


@pytest.mark.parametrize("weight", [0, 19])
def test_W_10_a_weight_below_20_percent_is_refused_by_the_document(weight: int) -> None:
    with pytest.raises(RuleBroken) as refusal:
        check(replace(NUMBERS, assessment=Assessment(weight_percent=weight, appeal_days=15)))
    assert (refusal.value.rule.id, refusal.value.clause) == ("W-10", "官办通〔2019〕80号 四.6")
    assert refusal.value.field == "assessment.weight_percent"


def test_W_10_twenty_percent_and_more_is_allowed() -> None:
    for weight in (20, 100):
        check(replace(NUMBERS, assessment=Assessment(weight_percent=weight, appeal_days=15)))
    with pytest.raises(Malformed):
        check(replace(NUMBERS, assessment=Assessment(weight_percent=101, appeal_days=15)))


# The result


def test_W_10_the_result_is_the_mean_of_the_whistles() -> None:
    given().when(assess(8400, 8500)).then(assessed)
    [odd] = given().when(assess(8400, 8401)).happened
    assert odd.result == 8401
    given().when(assess()).breaks("W-10")


def test_W_10_a_result_is_said_once_and_again_after_an_upheld_appeal() -> None:
    given(assessed).when(assess(8400, 8500)).breaks("W-10")
    given(assessed, appealed, replace(upheld, upheld=False)).when(assess(9000)).breaks("W-10")
    there = given(assessed, appealed, upheld).when(assess(9000)).leads_to()
    assert [one.result for one in there.state.results] == [8450, 9000]


def test_W_10_a_result_ends_with_the_appeal_that_was_upheld_also_where_nothing_counts_any_more() -> (
    None
):
    assert given().state.stands is None
    assert given(assessed, appealed).state.stands == assessed
    assert given(assessed, appealed, replace(upheld, upheld=False)).state.stands == assessed
    there = given(assessed, appealed, upheld)
    assert there.state.stands is None
    there.when(assess()).breaks("W-10")
    assert there.state.stands is None
    another = replace(assessed, result=9000)
    assert given(assessed, appealed, upheld, another).state.stands == another
    account = Account(there.state).shown("水务局", None)
    assert (account.result, account.published) == (None, None)
    assert Account(given(assessed).state).shown("水务局", None).published == assessed.result


def test_W_10_the_departments_year_is_told() -> None:
    year = given(asked, approved, assessed).state
    assert announce.of_years(assessed, year) == published.DepartmentAssessed(
        units=("water",),
        unit="water",
        year=2026,
        result=8450,
        whistles=2,
        excluded=0,
        weight_percent=20,
        policy=3,
    )
    for silent in (begun, asked, approved, appealed, renewed, upheld):
        assert announce.of_years(silent, year) is None


# Leaving out


def test_W_10_an_exclusion_needs_a_reason_and_somebody_else_to_approve_it() -> None:
    def ask(reason: str = "地震期间") -> Any:
        return lambda y: y.ask_exclusion(whistle="w-1", reason=reason, by=CENTRE)

    def approve(by: str = ADMIN) -> Any:
        return lambda y: y.approve_exclusion(whistle="w-1", by=by)

    given().when(ask(" ")).breaks("W-10", field="reason")
    there = given().when(ask()).then(asked)
    assert there.state.excluded == frozenset()
    there.when(ask()).breaks("W-10", field="whistle")
    there.when(approve(CENTRE)).refused(NotAllowed)
    after = there.when(approve()).then(approved)
    assert after.state.excluded == {"w-1"}
    after.when(approve()).breaks("W-10", field="whistle")
    given().when(approve()).breaks("W-10", field="whistle")


def test_W_10_one_exclusion_among_several_is_approved_and_only_that_one() -> None:
    other = replace(asked, whistle="w-2", reason="停电", by=ADMIN)

    def approve(whistle: str, by: str = "finance") -> Any:
        return lambda y: y.approve_exclusion(whistle=whistle, by=by)

    there = given(asked, other)
    there.when(approve("w-2", ADMIN)).refused(NotAllowed)
    there.when(approve("w-3")).breaks("W-10", field="whistle")
    after = there.when(approve("w-1")).leads_to()
    assert after.state.excluded == {"w-1"}
    after = after.when(approve("w-2")).then(ExclusionApproved(whistle="w-2", by="finance"))
    assert [(one.whistle, one.reason, one.approved_by) for one in after.state.exclusions] == [
        ("w-1", "地震期间", "finance"),
        ("w-2", "停电", "finance"),
    ]


def test_W_10_what_is_left_out_says_why_and_on_whose_word() -> None:
    whistle, year = state(ANSWERED), given(asked, approved).state
    assert left_out(whistle, "w-1", year) == ("地震期间", ADMIN)
    assert left_out(whistle, "w-2", year) == (None, None)
    assert left_out(whistle, "w-1", given(asked).state) == (None, None)
    mine, *others = whistle.tasks
    not_ours = replace(
        filed("water", outcome=Outcome.NOT_OURS), summary="不属本单位", whose="health"
    ).result
    released = replace(mine, rounds=(replace(mine.rounds[-1], result=not_ours),))
    theirs = replace(whistle, tasks=(released, *others))
    assert left_out(theirs, "w-2", year) == ("不属该单位，由其他单位办理", whistle.authority)
    assert left_out(theirs, "w-1", year) == ("地震期间", ADMIN)


# The appeal


def test_W_10_the_department_appeals_once_and_in_time() -> None:
    with pytest.raises(RuleBroken, match="尚未公布"):
        appeal()(given().state)
    given(assessed).when(appeal(by="department:justice")).refused(NotAllowed)
    given(assessed).when(appeal(grounds=" ")).refused(Malformed, field="grounds")
    given(assessed).when(appeal(when="2027-01-25 10:00:01")).breaks("W-10")
    given(assessed).when(appeal(when="2027-01-25 10:00")).leads_to()
    given(assessed).when(appeal()).then(appealed).when(appeal()).breaks("W-10")


def decide(reason: str = "确有漏计", when: str = "2027-01-13 10:00") -> Any:
    return lambda y: y.decide_appeal(upheld=True, reason=reason, by=ADMIN, now=at(when))


def overdue(when: str) -> Any:
    return lambda y: y.overdue(at(when))


def test_W_10_an_appeal_is_decided_once_with_a_reason() -> None:
    given(assessed).when(decide()).breaks("W-10")
    given(assessed, appealed).when(decide(" ")).refused(Malformed, field="reason")
    there = given(assessed, appealed).when(decide()).then(upheld)
    assert [one.reason for one in there.state.appeals] == ["确有漏计"]
    there.when(decide()).breaks("W-10")


def test_W_10_each_result_has_its_own_appeal_and_the_first_stays_as_it_was_decided() -> None:
    second = replace(appealed, grounds="仍有漏计")
    there = given(assessed, appealed, upheld, assessed, second).when(
        lambda y: y.decide_appeal(upheld=False, reason="无误", by=ADMIN, now=upheld.at)
    )
    found = there.leads_to().state.appeals
    assert [(one.grounds, one.upheld, one.reason) for one in found] == [
        ("漏计一哨", True, "确有漏计"),
        ("仍有漏计", False, "无误"),
    ]


# The district's clock for deciding it


def test_W_10_an_appeal_not_decided_in_ten_working_days_is_recorded_once_and_told() -> None:
    there = given(assessed, appealed)
    assert next_due(there.state) == at("2027-01-26 17:00")
    there.when(overdue("2027-01-26 17:00")).then()
    after = there.when(overdue("2027-01-26 17:00:01")).then(late)
    assert next_due(after.state) is None
    after.when(overdue("2027-02-26 17:00")).then()
    letter = announce.of_years(late, after.state)
    assert letter == published.AppealOverdue(
        units=("water",), unit="water", year=2026, due=late.due
    )


def test_W_10_a_decision_that_comes_late_says_so_itself_and_the_miss_stays() -> None:
    there = given(assessed, appealed)
    tardy = replace(upheld, at=at("2027-01-27 09:00"))
    after = there.when(decide(when="2027-01-27 09:00")).then(late, tardy)
    [appeal] = after.state.appeals
    assert (appeal.overdue, appeal.upheld, appeal.decided_at) == (True, True, tardy.at)
    given(assessed, appealed, late).when(decide(when="2027-01-27 09:00")).then(tardy)
    punctual = there.when(decide()).then(upheld)
    assert (punctual.state.appeals[0].overdue, next_due(punctual.state)) == (False, None)
    punctual.when(overdue("2027-02-26 17:00")).then()


def test_W_10_the_deadline_of_an_appeal_is_computed_again_with_the_new_years_notice() -> None:
    """Ten days after Monday 9 February 2026 are Monday to Friday; then 2026 has Spring Festival in it."""
    before = WorkTime(days=NationalCalendar(date(2025, 12, 31)))
    filed = at("2026-02-09 10:00")
    result = replace(assessed, at=at("2026-02-06 10:00"))
    there = given(result).when(
        lambda y: y.appeal(grounds="漏计", by=WATER, policy=NUMBERS, now=filed, work=before)
    )
    year = there.leads_to()
    assert YEARS.keys(year.state)["calendar"] == "2025-12-31"
    assert next_due(year.state) == at("2026-02-23 17:00")
    after = year.when(lambda y: y.renew_calendar(WORK, filed)).leads_to()
    assert YEARS.keys(after.state)["calendar"] == KNOWN
    assert next_due(after.state) == at("2026-02-28 17:00")
    after.when(lambda y: y.renew_calendar(WORK, filed)).then()
    passed = at("2026-02-23 17:00:01")
    stands = year.when(lambda y: y.renew_calendar(WORK, passed)).leads_to()
    assert next_due(stands.state) == at("2026-02-23 17:00")
    missed = year.when(overdue("2026-02-23 17:00:01")).leads_to()
    missed.when(lambda y: y.renew_calendar(WORK, filed)).then()
    decided = year.when(decide(when="2026-02-10 10:00")).leads_to()
    decided.when(lambda y: y.renew_calendar(WORK, filed)).then()
    assert YEARS.keys(decided.state)["calendar"] is None


def test_W_10_an_appeal_of_before_the_clock_has_none() -> None:
    old = replace(appealed, decide_by=None, calendar=None)
    there = given(assessed, old)
    assert next_due(there.state) is None
    there.when(overdue("2030-01-01 10:00")).then()
    there.when(decide(when="2030-01-01 10:00")).leads_to()


# Who assesses whom


@pytest.mark.parametrize(
    "step",
    [
        judging.marks,
        judging.evaluate,
        years.exclude,
        years.approve,
        years.publish,
        years.decide_appeal,
    ],
)
def test_W_11_a_department_assesses_nobody(step: Any) -> None:
    assert "department" not in step.who


def test_W_11_streets_mark_departments_and_only_the_district_says_the_years() -> None:
    assert judging.marks.who == {"street", "command_centre"}
    assert years.publish.who == years.decide_appeal.who == {"district_admin"}
