"""W-12: three reports of one place within ninety days, nothing done, and who held them answers for it."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given as for_any
from hypothesis import strategies as st

from chassis.calendar import NationalCalendar
from chassis.kernel.clock import Budget, WorkTime, local_minute, start
from chassis.kernel.errors import Malformed, NotAllowed, RuleBroken
from contracts import whistle as published
from services.whistle import announce
from services.whistle.domain import accountability, problem, spot
from services.whistle.domain.accountability import (
    AnswerRenewed,
    CaseAnswered,
    CaseClosed,
    CaseOpened,
)
from services.whistle.domain.policy import check
from services.whistle.domain.spot import ReportCounted, SpotLookedAt, SpotRepeated
from services.whistle.kinds import SPOTS
from tests.support.specification import Given, past

from .cases import (
    ANSWERED,
    CALLED,
    MONDAY,
    NUMBERS,
    SECOND,
    WORK,
    assigned,
    at,
    blown,
    called,
    came,
    missed_handling,
    registered,
    rejected,
    state,
    withdrawn,
)
from .test_W_01_problems import collected, joint, settled, small

DAY = timedelta(days=1)


def report(n: int, days: int) -> ReportCounted:
    return ReportCounted(
        problem=f"p-{n}",
        street="liujia",
        community="haihua",
        category="parking",
        at=MONDAY + days * DAY,
    )


def heard(*reports: ReportCounted) -> list[SpotRepeated]:
    place, said = None, []
    for one in reports:
        for event in spot.count(place, one, NUMBERS.accountability, WORK):
            place = spot.evolve(place, event)
            said += [event] if isinstance(event, SpotRepeated) else []
    return said


first_run = SpotRepeated(problems=("p-1", "p-2", "p-3"), first=MONDAY, last=MONDAY + 90 * DAY)


def test_W_12_the_third_report_within_ninety_days_is_told() -> None:
    assert heard(report(1, 0), report(2, 30)) == []
    assert heard(report(1, 0), report(2, 30), report(3, 90)) == [first_run]
    assert heard(report(1, 0), report(2, 30), report(3, 91)) == []


def test_W_12_a_fourth_in_the_same_run_is_not_told_again_but_another_run_is() -> None:
    run = [report(1, 0), report(2, 3), report(3, 6), report(4, 9)]
    assert len(heard(*run)) == 1
    later = [report(5, 100), report(6, 103), report(7, 106)]
    assert [one.problems for one in heard(*run, *later)] == [
        ("p-1", "p-2", "p-3"),
        ("p-5", "p-6", "p-7"),
    ]


def test_W_12_who_acted_on_three_answers_for_the_next_three_within_the_days_too() -> None:
    days = (0, 3, 7, 14, 21, 28, 35)
    said = heard(*(report(n, day) for n, day in enumerate(days, 1)))
    assert [one.problems for one in said] == [("p-1", "p-2", "p-3"), ("p-4", "p-5", "p-6")]


def test_W_12_a_report_counts_once_in_whatever_order_the_news_comes() -> None:
    for order in permutations([report(1, 0), report(2, 30), report(3, 90)]):
        assert heard(*order, *order) == [first_run]


def test_W_12_the_same_problem_told_again_is_no_further_report() -> None:
    assert heard(*[report(1, 0)] * 3, report(2, 1)) == []


def test_W_12_a_run_is_in_the_order_of_its_days_not_of_its_names() -> None:
    mixed = [replace(report(n, days), problem=id) for n, days, id in ((1, 0, "c"), (2, 9, "a"))]
    tied = [replace(report(3, 20), problem=id) for id in ("e", "b")]
    for order in permutations([*mixed, tied[1]]):
        assert heard(*order) == [
            SpotRepeated(problems=("c", "a", "b"), first=MONDAY, last=MONDAY + 20 * DAY)
        ]
    four = replace(NUMBERS.accountability, reports=4)
    for order in permutations([*mixed, *tied]):
        place = None
        for one in (*order, replace(report(5, 40), problem="d")):
            said = spot.count(place, one, four, WORK)
            place = past(place, spot.evolve, said).state
        assert [event.problems for event in said if isinstance(event, SpotRepeated)] == [
            ("c", "a", "b", "e", "d")
        ]


def test_W_12_a_run_that_begins_with_the_end_of_one_that_was_told_is_the_same_run() -> None:
    run = [report(1, 0), report(2, 3), report(3, 6)]
    assert len(heard(*run, report(4, 50), report(5, 96))) == 1
    assert len(heard(*run, report(4, 50), report(5, 97))) == 1
    assert len(heard(*run, report(4, 50), report(5, 60), report(6, 97))) == 2


def at_times(*times: str) -> list[SpotRepeated]:
    reports = (replace(report(n, 0), at=at(time)) for n, time in enumerate(times, 1))
    return heard(*reports)


def test_W_12_what_is_told_again_before_there_was_time_to_act_is_no_further_time() -> None:
    """A working day: what is told on Monday may be acted on until Tuesday at five, on Friday until Monday at five."""
    assert at_times("03-02 10:00:00", "03-02 10:00:01", "03-02 10:00:02") == []
    assert at_times("03-02 10:00", "03-03 17:00", "03-06 09:00") == []
    assert len(at_times("03-02 10:00", "03-03 17:00:01", "03-06 09:00")) == 1
    assert at_times("03-06 18:00", "03-07 09:00", "03-08 09:00") == []
    assert at_times("03-06 18:00", "03-09 17:00", "03-11 09:00") == []
    neighbours = ("03-02 10:00", "03-02 10:05", "03-02 11:00", "03-05 09:00", "03-09 09:00")
    [said] = at_times(*neighbours)
    assert (len(said.problems), said.first, said.last) == (5, MONDAY, at("03-09 09:00"))


@pytest.mark.parametrize("apart", [0, 11])
def test_W_12_the_time_to_act_is_from_one_to_ten_working_days(apart: int) -> None:
    with pytest.raises(Malformed) as refusal:
        check(replace(NUMBERS, accountability=replace(NUMBERS.accountability, apart=apart)))
    assert refusal.value.field == "accountability.apart"


def test_W_12_the_report_that_completes_a_run_is_counted_with_it() -> None:
    place = past(None, spot.evolve, (report(1, 0), report(2, 30))).state
    assert list(spot.count(place, report(3, 90), NUMBERS.accountability, WORK)) == [
        report(3, 90),
        first_run,
    ]


@for_any(st.lists(st.integers(0, 400), max_size=12))
def test_W_12_nothing_is_told_without_three_within_ninety_days(days: list[int]) -> None:
    for one in heard(*(report(n, day) for n, day in enumerate(days))):
        assert len(one.problems) >= 3
        assert one.last - one.first <= 90 * DAY


def test_W_12_repeated_reports_are_told_by_their_days() -> None:
    place = past(None, spot.evolve, (report(1, 0), report(2, 30), report(3, 90), first_run)).state
    assert announce.of_spots(first_run, place) == published.ProblemRepeated(
        street="liujia",
        community="haihua",
        category="parking",
        count=3,
        first="2026-03-02",
        last="2026-05-31",
    )
    assert announce.of_spots(report(1, 0), place) is None


def test_W_12_of_whichever_runs_as_many_within_the_days_are_answered_for() -> None:
    def run(*reports: ReportCounted) -> list[str]:
        return [one.problem for one in spot.run_of(reports, NUMBERS.accountability, WORK)]

    assert run(report(1, 0), report(2, 30)) == []
    assert run(report(4, 91), report(1, 0), report(2, 30)) == []
    assert run(report(4, 90), report(1, 0), report(2, 30)) == ["p-1", "p-2", "p-4"]
    # The first that are as many; who told it at the same moment told it with them.
    twin = replace(report(4, 0), at=report(3, 6).at)
    assert run(*(report(n, 3 * (n - 1)) for n in range(1, 6))) == ["p-1", "p-2", "p-3"]
    assert run(report(1, 0), report(2, 3), report(3, 6), twin) == ["p-1", "p-2", "p-3", "p-4"]
    assert run(report(1, 0), report(2, 200), report(3, 203), report(5, 206)) == [
        "p-2",
        "p-3",
        "p-5",
    ]


looked_at = SpotLookedAt(next_at=MONDAY + 92 * DAY)


def test_W_12_a_place_is_looked_at_every_day_until_its_days_are_over() -> None:
    policy = NUMBERS.accountability
    quiet = past(None, spot.evolve, (report(1, 0), report(2, 30))).state
    assert SPOTS.next_due(quiet) is None
    run = past(quiet, spot.evolve, (report(3, 60), replace(first_run, last=MONDAY + 60 * DAY)))
    assert SPOTS.next_due(run.state) == MONDAY + 61 * DAY

    def look(day: int) -> Any:
        return lambda known: spot.looked_at(known, policy, MONDAY + day * DAY)

    run.when(look(60)).then()
    run.when(look(61)).then(SpotLookedAt(next_at=MONDAY + 62 * DAY))
    run.when(look(149)).then(SpotLookedAt(next_at=MONDAY + 150 * DAY))
    over = run.when(look(150)).then(SpotLookedAt(next_at=None))
    over.when(look(151)).then()
    again = past(over.state, spot.evolve, (report(4, 151),)).state
    assert again.look_at == MONDAY + 152 * DAY


# Who did nothing


def matter(*happened: Any) -> problem.Problem:
    return past(None, problem.evolve, (collected, *happened)).state


LED_BY_ANOTHER = (
    replace(blown, lead="transport"),
    registered,
    replace(called, tasks=(assigned("water"), assigned("transport", lead=True))),
    came("water"),
)
IGNORED = [
    (None, True, "community:haihua"),
    ((blown,), True, "community:haihua"),
    ((blown, rejected), True, "community:haihua"),
    ((blown, withdrawn), True, "community:haihua"),
    (CALLED, True, "department:water"),
    ((*CALLED, came("water")), False, "department:water"),
    ((*CALLED, came("transport")), True, "department:water"),
    (LED_BY_ANOTHER, True, "department:transport"),
    ((*LED_BY_ANOTHER, came("transport")), False, "department:transport"),
    ((*CALLED, came("water"), missed_handling), True, "department:water"),
    (ANSWERED, False, "department:water"),
]


@pytest.mark.parametrize(("so_far", "ignored", "holder"), IGNORED)
def test_W_12_who_called_nobody_or_did_not_come_has_done_nothing(
    so_far: Any, ignored: bool, holder: str
) -> None:
    whistle = state(so_far) if so_far else None
    assert accountability.ignored(matter(joint), whistle) is ignored
    assert accountability.holder(matter(joint), whistle) == holder


def test_W_12_what_was_settled_was_acted_on() -> None:
    assert not accountability.ignored(matter(small, settled), None)


# The case

opened = CaseOpened(
    holder="department:water",
    street="liujia",
    community="haihua",
    category="parking",
    problems=("p-1", "p-2", "p-3"),
    first=MONDAY,
    last=MONDAY + 30 * DAY,
    answer_by=start(Budget.working_days(5), MONDAY, WORK),
    at=MONDAY,
)
answered = CaseAnswered(answer="已列入计划", by="department:water", at=at("03-04 10:00"))
closed = CaseClosed(upheld=True, finding="推诿属实", by="discipline", at=at("03-05 10:00"))
renewed = AnswerRenewed(answer_by=opened.answer_by)
CASE = (opened, renewed, answered, closed)


def given(*happened: Any) -> Given[Any]:
    return past(None, accountability.evolve, happened)


def answer(by: str = "department:water", text: str = "已列入计划") -> Any:
    return lambda c: c.answer(by=by, answer=text, now=at("03-04 10:00"))


THURSDAY = at("03-05 10:00")


def close(when: Any = THURSDAY, finding: str = "推诿属实") -> Any:
    return lambda c: c.close(by="discipline", upheld=True, finding=finding, now=when)


def test_W_12_who_held_it_answers_and_the_discipline_group_closes() -> None:
    with pytest.raises(NotAllowed, match="^由责任单位答复。$"):
        given(opened).when(answer("department:justice")).leads_to()
    given(opened).when(answer(text=" ")).refused(Malformed, field="answer")
    there = given(opened).when(answer()).then(answered)
    there.when(answer()).breaks("W-12")
    there.when(close(finding=" ")).refused(Malformed, field="finding")
    over = there.when(close()).then(closed)
    assert (over.state.status.value, over.state.upheld) == ("closed", True)
    assert (over.state.answer_given, over.state.finding) == ("已列入计划", "推诿属实")
    over.when(close()).breaks("W-12")


def test_W_12_a_step_out_of_order_is_refused_naming_those_allowed() -> None:
    assert given(opened).state.next_steps() == ["answer", "close"]
    assert given(opened, answered).state.next_steps() == ["close"]
    for events, allowed in (((opened, answered), "close"), (CASE, "无")):
        with pytest.raises(RuleBroken, match=f"允许的步骤：{allowed}。"):
            answer()(given(*events).state)


def test_W_12_a_case_begins_by_being_opened() -> None:
    with pytest.raises(ValueError, match="opened first"):
        accountability.evolve(None, answered)


def test_W_12_it_is_not_closed_unheard_unless_the_time_to_answer_has_passed() -> None:
    given(opened).when(close()).breaks("W-12", clause="官办通〔2019〕80号 五.18")
    until = local_minute(opened.answer_by.due)
    given(opened).when(close(opened.answer_by.due)).breaks("W-12", says=f"（至 {until}）")
    given(opened).when(close(opened.answer_by.due + SECOND)).leads_to()


def test_W_06_the_time_to_answer_is_computed_again_with_the_new_years_notice() -> None:
    """Five days after Wednesday 11 February 2026 are Monday to Friday; then there is Spring Festival."""
    before = WorkTime(days=NationalCalendar(date(2025, 12, 31)))
    assumed = start(Budget.working_days(5), at("2026-02-11 10:00"), before)
    there = given(replace(opened, answer_by=assumed))
    assert there.state.answer_by.provisional and assumed.due == at("2026-02-18 17:00")

    def renew(when: str, work: WorkTime = WORK) -> Any:
        return lambda c: c.renew_calendar(work, at(when))

    after = there.when(renew("2026-02-12 10:00")).leads_to()
    again = after.state.answer_by
    assert (again.provisional, again.due) == (False, at("2026-02-25 17:00"))
    after.when(renew("2026-02-12 10:00")).then()
    after.when(renew("2026-02-12 10:00", before)).then()
    there.when(renew("2026-02-12 10:00", before)).then()
    there.when(renew("2026-02-18 17:00:01")).then()
    there.when(answer()).leads_to().when(renew("2026-02-12 10:00")).then()


def test_W_12_an_opened_case_is_told_with_its_holder() -> None:
    letter = announce.of_cases(opened, given(opened).state)
    assert isinstance(letter, published.AccountabilityOpened)
    assert (letter.units, letter.holder, letter.count) == (("water",), "department:water", 3)
    below = replace(opened, holder="community:haihua")
    letter = announce.of_cases(below, given(below).state)
    assert letter is not None and letter.units == ()
    for silent in (renewed, answered, closed):
        assert announce.of_cases(silent, given(*CASE).state) is None
