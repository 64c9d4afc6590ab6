"""W-12 asked of the desk: which of the reports were ignored, who held them, and one case for a run."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from chassis.kernel.errors import NotAllowed, NotFound
from services.whistle.desk import WhistleDesk, case_resource
from services.whistle.desk.registers import whistle_of
from services.whistle.domain.accountability import Case, CaseStatus, evolve
from services.whistle.domain.spot import ReportCounted, SpotRepeated
from services.whistle.spots import Spots
from services.whistle.steps.cases import CloseIn, answer, close
from services.whistle.steps.judging import AnswerIn
from tests.support.memory import MemoryStore
from tests.support.specification import past
from tests.support.taking import take

from .cases import ANSWERED, CALLED, HANDLED, MONDAY, blown, came, missed_handling, withdrawn
from .test_W_01_problems import collected, joint, noise, settled, small
from .test_W_12_repeated import opened
from .test_W_16_reporters import CAUSE, asking, desk

DAY = timedelta(days=1)
PLANNED = AnswerIn(answer="已列入计划")
SHIRKED = CloseIn(upheld=True, finding="推诿属实")


def days_later(n: int) -> datetime:
    return MONDAY + 3 * n * DAY


async def spot(
    *matters: tuple[Any, ...] | None, at: Mapping[int, datetime] = {}, told: tuple[int, ...] = ()
) -> tuple[WhistleDesk, list[Case]]:
    """Reports of one place three days apart, each with what happened to its whistle; and the cases opened.

    `told`: with which of them a run was, where that isn't the last one.
    """
    store = MemoryStore()
    there = desk(store, MemoryStore())
    await there.policies.seed(MONDAY)
    ids = [f"p-{n}" for n in range(len(matters))]
    for id, happened in zip(ids, matters, strict=True):
        seen: list[Any] = [small, settled] if happened == () else [joint]
        await there.problems.once(id, [collected, *seen], CAUSE)
        if happened:
            first = replace(happened[0], problem=id)
            await there.whistles.once(whistle_of(id, 0), [first, *happened[1:]], CAUSE)
    counted = [
        ReportCounted(
            problem=id,
            street="liujia",
            community="haihua",
            category="noise",
            at=at.get(n) or days_later(n),
        )
        for n, id in enumerate(ids)
    ]
    happened_here: list[Any] = []
    for n, report in enumerate(counted):
        happened_here.append(report)
        if n in (told or (len(counted) - 1,)):
            run = SpotRepeated(problems=tuple(ids[: n + 1]), first=MONDAY, last=report.at)
            happened_here.append(run)
    await there.spots.create("here", lambda: happened_here, CAUSE)
    for _ in range(2):
        await there.hold_to_account("here", CAUSE)
    return there, await opened_at(there)


async def opened_at(there: WhistleDesk) -> list[Case]:
    return [held.aggregate async for held in there.cases.every({"category": "noise"})]


async def reported(there: WhistleDesk, problem: str, at: datetime) -> ReportCounted:
    """One more, of which nothing has come yet."""
    await there.problems.once(problem, [collected, joint], CAUSE)
    report = ReportCounted(
        problem=problem, street="liujia", community="haihua", category="noise", at=at
    )
    await there.count_report("here", report, CAUSE)
    return report


async def test_W_12_three_ignored_reports_are_one_case_of_that_place() -> None:
    _, [case] = await spot(None, (blown,), CALLED)
    assert (case.status, case.holder) == (CaseStatus.OPEN, "department:water")
    assert (case.street, case.community, case.category) == ("liujia", "haihua", "noise")
    assert case.problems == ("p-0", "p-1", "p-2")
    assert (case.first, case.last) == (MONDAY, days_later(2))


async def test_W_12_of_what_was_ignored_there_was_time_to_act_as_often() -> None:
    """Four reports, the second within an hour of the first; of the three times one was acted on."""
    soon = MONDAY + timedelta(hours=1)
    _, cases = await spot(None, None, ANSWERED, None, at={1: soon})
    assert cases == []
    _, [case] = await spot(None, None, None, None, at={1: soon})
    assert case.problems == ("p-0", "p-1", "p-2", "p-3")


async def test_W_12_a_report_that_is_put_right_counts_where_it_was_reported() -> None:
    """Who is to be held to account corrects it, too, and takes nothing out of the run by that."""
    there, cases = await spot(None, ANSWERED, None)
    assert cases == []
    await there.problems.change("p-2", lambda _: [noise], CAUSE)
    fourth = await reported(there, "p-3", days_later(3))
    await there.look_again("here", replace(CAUSE, now=fourth.at + DAY))
    [case] = await opened_at(there)
    assert case.problems == ("p-0", "p-2", "p-3")


async def test_W_12_ignored_reports_of_several_runs_are_one_case() -> None:
    """Two of the first three were ignored and one of the next, which make no run of their own yet."""
    there, cases = await spot(None, CALLED, ANSWERED)
    assert cases == []
    fourth = await reported(there, "p-3", days_later(3))
    await there.look_again("here", replace(CAUSE, now=fourth.at + DAY))
    [case] = await opened_at(there)
    assert case.problems == ("p-0", "p-1", "p-3")
    assert (case.first, case.last) == (MONDAY, fourth.at)
    # What stands in a case counts for no other.
    await reported(there, "p-4", days_later(4))
    await there.look_again("here", replace(CAUSE, now=days_later(5)))
    assert len(await opened_at(there)) == 1
    await reported(there, "p-5", days_later(5))
    await reported(there, "p-6", days_later(6))
    await there.look_again("here", replace(CAUSE, now=days_later(7)))
    assert ("p-4", "p-5", "p-6") in [one.problems for one in await opened_at(there)]


async def test_W_12_a_deadline_that_passes_after_the_third_report_is_asked_about_again() -> None:
    at_work = (*CALLED, came("water"))
    there, cases = await spot(at_work, at_work, at_work)
    assert cases == []
    await there.look_again("here", replace(CAUSE, now=days_later(2) + DAY))
    assert await opened_at(there) == []
    for n in range(3):
        await there.whistles.change(whistle_of(f"p-{n}", 0), lambda _: [missed_handling], CAUSE)
    await there.look_again("here", replace(CAUSE, now=days_later(2) + 2 * DAY))
    [case] = await opened_at(there)
    assert (case.holder, len(case.problems)) == ("department:water", 3)
    known = (await there.spots.get("here")).aggregate
    assert known.look_at == days_later(2) + 3 * DAY


async def test_W_12_a_late_reaction_holds_to_account_for_the_run_it_is_about() -> None:
    there, cases = await spot(None, None, None, ANSWERED, ANSWERED, ANSWERED, told=(2, 5))
    [case] = cases
    assert case.problems == ("p-0", "p-1", "p-2")


async def test_W_12_what_is_older_than_two_runs_is_not_asked_about() -> None:
    there, _ = await spot(ANSWERED, None, None)
    await reported(there, "p-3", days_later(3))
    for days, cases in ((183 + 1, 0), (183, 1)):
        await there.look_again("here", replace(CAUSE, now=MONDAY + days * DAY))
        assert len(await opened_at(there)) == cases


@pytest.mark.parametrize(
    "acted_on",
    [(), (*CALLED, came("water")), HANDLED, ANSWERED],
    ids=["settled", "came", "handled", "answered"],
)
async def test_W_12_what_was_acted_on_is_no_ignored_report(acted_on: tuple[Any, ...]) -> None:
    _, cases = await spot(None, acted_on, CALLED)
    assert cases == []
    _, cases = await spot(None, acted_on, CALLED, None)
    assert len(cases) == 1


@pytest.mark.parametrize(
    ("matters", "holder"),
    [
        ((None, None, None), "community:haihua"),
        ((None, (blown,), (blown, withdrawn)), "community:haihua"),
        ((CALLED, None, (blown,)), "department:water"),
        ((CALLED, (replace(blown, lead="health"), *CALLED[1:]), None), "department:health"),
    ],
)
async def test_W_12_the_last_that_was_called_held_it_or_else_the_community(
    matters: Any, holder: str
) -> None:
    _, [case] = await spot(*matters)
    assert case.holder == holder


async def test_W_12_a_place_that_was_not_told_of_has_no_case() -> None:
    store = MemoryStore()
    there = desk(store, MemoryStore())
    await there.policies.seed(MONDAY)
    report = ReportCounted(
        problem="p-0", street="liujia", community="haihua", category="noise", at=MONDAY
    )
    await there.count_report("here", report, CAUSE)
    await there.hold_to_account("here", CAUSE)
    assert not [id for collection, id in store.kept if collection == "accountability"]


@pytest.mark.parametrize(("days", "counted"), [(90, 2), (91, 1)])
async def test_W_12_a_run_that_began_under_an_id_without_a_key_is_not_cut(
    days: int, counted: int
) -> None:
    there = desk(MemoryStore(), MemoryStore())
    await there.policies.seed(MONDAY)
    made = await there.problems.once("p-1", [collected], CAUSE)
    before, now = Spots.before(made.aggregate), there.spot_ids.of(made.aggregate)
    assert before is not None and now is not None
    first = ReportCounted(
        problem="p-0", street="liujia", community="haihua", category="noise", at=MONDAY
    )
    await there.spots.once(before, [first], CAUSE)
    later = replace(first, problem="p-1", at=MONDAY + days * DAY)
    await there.count_report(now, later, CAUSE)
    assert len((await there.spots.get(before)).aggregate.reports) == counted
    assert (await there.spots.look(now) is None) == (counted == 2)


async def test_W_12_an_older_report_that_comes_late_neither_cuts_a_run_nor_counts_one_twice() -> (
    None
):
    there = desk(MemoryStore(), MemoryStore())
    await there.policies.seed(MONDAY)
    days = {"p-0": 0, "p-2": 95, "p-1": 10, "p-3": 96, "p-4": 99}
    reports = [
        ReportCounted(
            problem=id,
            street="liujia",
            community="haihua",
            category="noise",
            at=MONDAY + day * DAY,
        )
        for id, day in days.items()
    ]
    for id in days:
        made = await there.problems.once(id, [collected], CAUSE)
    before, now = Spots.before(made.aggregate), there.spot_ids.of(made.aggregate)
    assert before is not None and now is not None
    await there.spots.once(before, reports[:1], CAUSE)
    for report in (*reports[1:], *reports):
        await there.count_report(now, report, CAUSE)
    first, then = [(await there.spots.get(id)).aggregate for id in (before, now)]
    assert [one.problem for one in first.reports] == ["p-0"]
    assert [one.problem for one in then.reports] == ["p-2", "p-1", "p-3", "p-4"]
    assert then.told is not None


async def test_W_12_the_holder_answers_and_the_discipline_group_alone_closes() -> None:
    there = desk(MemoryStore(), MemoryStore())
    await there.cases.create("c-1", lambda: [opened], CAUSE)
    with pytest.raises(NotFound):
        await take(answer, there, asking("department", "justice"), PLANNED, id="c-1")
    with pytest.raises(NotAllowed):
        await take(answer, there, asking("street", "liujia"), PLANNED, id="c-1")
    answered = await take(answer, there, asking("department", "water"), PLANNED, id="c-1")
    assert answered.aggregate.answer_given == "已列入计划"
    for kind, code in (("command_centre", None), ("department", "water"), ("district_admin", None)):
        with pytest.raises(NotAllowed):
            await take(close, there, asking(kind, code), SHIRKED, id="c-1")
    closed = await take(close, there, asking("discipline"), SHIRKED, id="c-1")
    assert (closed.aggregate.status, closed.aggregate.upheld) == (CaseStatus.CLOSED, True)


def test_W_12_a_case_is_seen_by_who_holds_it_and_by_its_place() -> None:
    by_department = past(None, evolve, (opened,)).state
    assert case_resource(by_department) == {
        "street": "liujia",
        "community": "haihua",
        "units": ("water",),
    }
    below = past(None, evolve, (replace(opened, holder="community:haihua"),)).state
    assert case_resource(below)["units"] == ()
