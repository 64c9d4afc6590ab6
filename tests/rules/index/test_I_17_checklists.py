"""I-14, I-17: task tables as checklists: the lead reports, another cancels, a miss is told once."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chassis.kernel.errors import Malformed, RuleBroken
from services.index.domain.checklist import (
    Course,
    DeadlineSet,
    ItemDone,
    ItemListed,
    LeadNamed,
    Listing,
    ReportReturned,
    Task,
    TaskCancelled,
    TaskEntered,
    TaskEvent,
    TaskMissed,
    TaskReported,
    evolve,
    read_deadline,
)
from services.index.domain.waiting import of_task
from services.index.shipped import key_tasks

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
END = datetime(2026, 6, 30, 16, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LEAD, OFFICE = "department:civil_affairs", "department:supervision_office"
ENTERED = TaskEntered(
    table="38-2018",
    document="官办通〔2018〕38号",
    number=7,
    title="阵地建设",
    lead="区民政局",
    code="civil_affairs",
    units=("各街道",),
    printed="2026年6月",
    due=date(2026, 6, 30),
    at=NOW,
)
REPORTED = TaskReported(said="已建成", evidence="验收单", by=LEAD, at=NOW)
RETURNED = ReportReturned(reason="缺照片", by=OFFICE, at=NOW)
CANCELLED = TaskCancelled(found="现场核实", by=OFFICE, at=NOW)
STANDING = replace(ENTERED, printed="2026年6月，长期坚持", standing=True)
MISSED = TaskMissed(due=date(2026, 6, 30))
SET = DeadlineSet(due=date(2026, 9, 30), reason="顺延", by=OFFICE, at=NOW)
NAMED = LeadNamed(lead="区财政局", code="finance", reason="登记有误", by=OFFICE, at=NOW)
LISTED = ItemListed(
    listing=Listing.PROBLEM, what="场地不足", by_day=date(2026, 5, 1), by=OFFICE, at=NOW
)
DONE = ItemDone(item=1, evidence="照片", by=LEAD, at=NOW)
LIFE: tuple[TaskEvent, ...] = (
    ENTERED,
    MISSED,
    LISTED,
    DONE,
    REPORTED,
    RETURNED,
    SET,
    REPORTED,
    NAMED,
    CANCELLED,
)


def after(*events: TaskEvent, entered: TaskEntered = ENTERED) -> Task:
    task = evolve(None, entered)
    for event in events:
        task = evolve(task, event)
    return task


def test_I_17_another_lead_is_named_with_a_reason_and_reports_from_then_on() -> None:
    """A table that came in with a code that nobody acts as could be reported on by nobody."""
    lost = after(entered=replace(ENTERED, code="civil_afairs"))
    refused(lambda: lost.may_report(LEAD))
    assert refused(lambda: lost.name_lead(replace(NAMED, reason=" "))) == "reason"
    assert refused(lambda: lost.name_lead(replace(NAMED, lead=""))) == "lead"
    [named] = lost.name_lead(replace(NAMED, lead="区民政局", code="civil_affairs"))
    right = evolve(lost, named)
    assert right.report(said="已建成", evidence="验收单", by=LEAD, now=NOW) == (REPORTED,)
    assert (right.due, of_task(right)) == (lost.due, of_task(after()))
    assert (
        refused(lambda: after().name_lead(replace(NAMED, lead="区民政局", code=LEAD[11:])))
        == "lead"
    )
    refused(lambda: after(REPORTED, CANCELLED).name_lead(NAMED))
    # What was missed and reported before stays, and is told of who led then.
    assert after().name_lead(replace(NAMED, at=END)) == (MISSED, replace(NAMED, at=END))
    there = after(MISSED, REPORTED, NAMED)
    assert (there.course, there.missed) == (Course.REPORTED, (MISSED.due,))
    assert there.cancel(found="现场核实", by=OFFICE, now=NOW) == CANCELLED


def refused(step: Callable[[], object]) -> str | None:
    with pytest.raises(RuleBroken) as refusal:
        step()
    assert refusal.value.rule.id == "I-17"
    return refusal.value.field


# The printed table


def test_I_14_the_34_key_tasks_are_there_with_lead_units_and_deadline() -> None:
    tasks = key_tasks(NOW)
    assert [task.number for task in tasks] == list(range(1, 35))
    assert all(task.title and task.lead and task.units and task.due for task in tasks)
    assert [task.number for task in tasks if task.code is None] == [3]  # 各街道党工委
    assert sum(task.standing for task in tasks) == 15
    months = Counter(task.due.isoformat()[:7] for task in tasks if task.due)
    assert months == {"2019-03": 7, "2019-06": 22, "2019-09": 4, "2019-12": 1}


@pytest.mark.parametrize(
    ("printed", "due", "standing"),
    [
        ("2019年6月", date(2019, 6, 30), False),
        ("2019年6月，长期坚持", date(2019, 6, 30), True),
        ("2019年6月长期坚持", date(2019, 6, 30), True),
        ("2020年2月", date(2020, 2, 29), False),
        ("2018年12月底前", date(2018, 12, 31), False),
        ("2018年10月15日", date(2018, 10, 15), False),
        ("2018-10-15", date(2018, 10, 15), False),
        ("2018/10/15，长期坚持", date(2018, 10, 15), True),
        ("2020年", date(2020, 12, 31), False),
        ("长期坚持", None, True),
        ("", None, False),
    ],
)
def test_I_17_a_deadline_is_a_month_or_a_day_and_a_mark_beside_it(
    printed: str, due: date | None, standing: bool
) -> None:
    assert read_deadline(printed) == (due, standing)


@pytest.mark.parametrize(
    "printed", ["尽快", "2019年13月", "19年6月", "2019年6月或7月", "2019年2月29日", "2019-02-29"]
)
def test_I_17_another_deadline_is_refused_and_not_guessed(printed: str) -> None:
    with pytest.raises(Malformed) as refusal:
        read_deadline(printed)
    assert refusal.value.field == "deadline"


# Its course


def test_I_17_the_lead_reports_and_the_supervision_takes_it_off_the_list() -> None:
    task = after()
    assert task.report(said="已建成", evidence="验收单", by=LEAD, now=NOW) == (REPORTED,)
    assert after(REPORTED).cancel(found="现场核实", by=OFFICE, now=NOW) == CANCELLED
    assert after(REPORTED).give_back(reason="缺照片", by=OFFICE, now=NOW) == RETURNED
    assert after(REPORTED, RETURNED).course is Course.OPEN
    assert after(REPORTED, CANCELLED).course is Course.CANCELLED


def test_I_17_only_the_lead_reports() -> None:
    say = {"said": "已建成", "evidence": "验收单", "now": NOW}
    refused(lambda: after().report(**say, by="district_admin"))  # type: ignore[arg-type]
    refused(lambda: after().report(**say, by="department:civil"))  # type: ignore[arg-type]
    many = after(entered=replace(ENTERED, lead="各街道党工委", code=None))
    assert many.report(**say, by="district_admin")  # type: ignore[arg-type]


def test_I_17_who_reports_never_cancels() -> None:
    own = after(replace(REPORTED, by=OFFICE))
    refused(lambda: own.cancel(found="核实", by=OFFICE, now=NOW))
    refused(lambda: own.give_back(reason="缺", by=OFFICE, now=NOW))


def test_I_17_what_nobody_reported_is_not_cancelled() -> None:
    refused(lambda: after().cancel(found="核实", by=OFFICE, now=NOW))
    refused(lambda: after(REPORTED, RETURNED).cancel(found="核实", by=OFFICE, now=NOW))


def test_I_17_what_is_cancelled_is_over() -> None:
    over = after(REPORTED, CANCELLED)
    refused(lambda: over.report(said="又", evidence="又", by=LEAD, now=NOW))
    refused(lambda: over.cancel(found="又", by=OFFICE, now=NOW))
    refused(lambda: over.set_deadline(due=SET.due, reason="又", by=OFFICE, now=NOW))
    assert over.lapses_at is None


@pytest.mark.parametrize("field", ["said", "evidence"])
def test_I_14_a_report_says_what_was_done_and_shows_it(field: str) -> None:
    said = {"said": "已建成", "evidence": "验收单", field: " "}
    assert refused(lambda: after().report(**said, by=LEAD, now=NOW)) == field
    assert refused(lambda: after(REPORTED).cancel(found="", by=OFFICE, now=NOW)) == "found"
    assert refused(lambda: after(REPORTED).give_back(reason="", by=OFFICE, now=NOW)) == "reason"


# Its clock


def test_I_17_a_missed_deadline_is_told_once() -> None:
    task = after()
    assert task.lapses_at == END
    assert task.lapse(END - SECOND) == ()
    assert task.lapse(END) == (MISSED,)
    assert after(MISSED).lapse(END + SECOND) == ()
    assert after(REPORTED).lapse(END) == ()
    assert after(REPORTED, RETURNED).lapse(END) == (MISSED,)


def test_I_17_a_late_report_tells_the_miss_itself() -> None:
    late = after().report(said="已建成", evidence="验收单", by=LEAD, now=END)
    assert late == (MISSED, replace(REPORTED, at=END))


def test_I_17_a_new_deadline_lies_ahead_and_what_was_missed_stays() -> None:
    task = after(MISSED)
    assert task.set_deadline(due=SET.due, reason="顺延", by=OFFICE, now=NOW) == (SET,)
    moved = after(MISSED, SET)
    assert (moved.due, moved.missed) == (date(2026, 9, 30), (date(2026, 6, 30),))
    assert moved.lapses_at is not None
    past = date(2026, 3, 1)
    assert refused(lambda: task.set_deadline(due=past, reason="补", by=OFFICE, now=NOW)) == "due"
    assert (
        refused(lambda: task.set_deadline(due=SET.due, reason="", by=OFFICE, now=NOW)) == "reason"
    )
    told = after().set_deadline(due=SET.due, reason="顺延", by=OFFICE, now=END)
    assert told == (MISSED, replace(SET, at=END))


def test_I_17_nobody_missed_here_what_was_over_before_it_was_entered() -> None:
    old = replace(ENTERED, printed="2019年6月", due=date(2019, 6, 30))
    assert after(entered=old).lapses_at is None
    today = replace(ENTERED, due=date(2026, 3, 2))
    assert after(entered=today).lapses_at == datetime(2026, 3, 2, 16, tzinfo=UTC)


def test_I_17_a_standing_task_is_reported_on_every_year_and_never_cancelled() -> None:
    yearly = replace(
        REPORTED, year=2026, due_before=date(2026, 6, 30), due_after=date(2027, 12, 31)
    )
    task = after(entered=STANDING)
    assert task.report(said="已建成", evidence="验收单", by=LEAD, now=NOW) == (yearly,)
    reported = after(yearly, entered=STANDING)
    assert reported.due == date(2027, 12, 31)
    refused(lambda: reported.cancel(found="核实", by=OFFICE, now=NOW))
    end_of_2027 = datetime(2027, 12, 31, 16, tzinfo=UTC)
    assert reported.lapse(end_of_2027 - SECOND) == ()
    [missed] = reported.lapse(end_of_2027)
    assert missed == TaskMissed(due=date(2027, 12, 31))
    assert after(yearly, missed, entered=STANDING).due == date(2028, 12, 31)


def reported(task: Task, now: datetime) -> Task:
    for event in task.report(said="已建成", evidence="验收单", by=LEAD, now=now):
        task = evolve(task, event)
    return task


def returned(task: Task, now: datetime) -> Task:
    return evolve(task, task.give_back(reason="空话", by=OFFICE, now=now))


def test_I_17_a_returned_report_is_none_and_the_standing_tasks_year_is_missed() -> None:
    yearly = after(entered=replace(STANDING, printed="长期坚持", due=None))
    task = returned(reported(yearly, NOW), NOW + SECOND)
    assert (task.course, task.due) == (Course.OPEN, date(2026, 12, 31))
    end = datetime(2026, 12, 31, 16, tzinfo=UTC)
    assert task.lapse(end) == (TaskMissed(due=date(2026, 12, 31)),)
    # Whatever was reported in the year before it was returned goes back with it.
    twice = reported(reported(yearly, NOW), NOW)
    assert returned(twice, NOW).due == date(2026, 12, 31)
    again = reported(task, NOW + 2 * SECOND)
    assert (again.due, again.lapse(end)) == (date(2027, 12, 31), ())
    old = after(replace(REPORTED, year=2026), entered=STANDING)  # as it was recorded before
    assert returned(old, NOW).due == date(2026, 12, 31)


def test_I_17_a_day_of_its_own_stands_beside_the_mark_until_its_year_is_reported_on() -> None:
    ahead = after(entered=replace(STANDING, due=date(2027, 6, 30)))
    early = reported(ahead, NOW)
    assert early.due == date(2027, 6, 30)
    assert early.lapse(datetime(2027, 6, 30, 16, tzinfo=UTC)) == (TaskMissed(due=early.due),)
    of_the_year = reported(early, datetime(2027, 3, 1, tzinfo=UTC))
    assert of_the_year.due == date(2028, 12, 31)
    assert returned(of_the_year, datetime(2027, 3, 2, tzinfo=UTC)).due == date(2027, 6, 30)


def test_I_17_a_new_deadline_leaves_what_is_reported_to_be_judged() -> None:
    [moved] = after(REPORTED).set_deadline(due=SET.due, reason="顺延", by=OFFICE, now=NOW)
    task = after(REPORTED, moved)
    assert (task.course, task.due) == (Course.REPORTED, SET.due)
    assert task.cancel(found="现场核实", by=OFFICE, now=NOW) == CANCELLED
    [anew] = reported(after(entered=STANDING), NOW).set_deadline(
        due=SET.due, reason="提前", by=OFFICE, now=NOW
    )
    standing = evolve(reported(after(entered=STANDING), NOW), anew)
    assert returned(standing, NOW).due == SET.due
    assert after(REPORTED, SET).course is Course.OPEN  # as it was recorded before


def test_I_17_a_standing_task_of_an_old_table_is_due_by_the_end_of_this_year() -> None:
    old = replace(STANDING, due=date(2019, 6, 30))
    assert after(entered=old).due == date(2026, 12, 31)
    assert after(entered=replace(STANDING, due=None)).due == date(2026, 12, 31)


# What hangs on a task


def test_I_17_lists_hang_on_a_task_by_its_lead_or_the_supervision() -> None:
    task = after()
    assert task.list_item(LISTED) == LISTED
    assert task.list_item(replace(LISTED, by=LEAD, by_day=None))
    assert refused(lambda: task.list_item(replace(LISTED, by="department:water"))) is None
    assert refused(lambda: task.list_item(replace(LISTED, what=" "))) == "what"
    assert refused(lambda: task.list_item(replace(LISTED, by_day=date(2026, 3, 1)))) == "by_day"
    over = after(REPORTED, CANCELLED)
    assert refused(lambda: over.list_item(LISTED)) is None


def test_I_17_each_item_is_done_once_by_the_lead_with_what_shows_it() -> None:
    assert refused(lambda: after().do_item(DONE)) is None
    task = after(LISTED, LISTED)
    assert task.outstanding == (1, 2)
    assert task.do_item(DONE) == DONE
    assert refused(lambda: task.do_item(replace(DONE, by=OFFICE))) is None
    assert refused(lambda: task.do_item(replace(DONE, item=3))) == "item"
    assert refused(lambda: task.do_item(replace(DONE, evidence=""))) == "evidence"
    once = evolve(task, DONE)
    assert once.outstanding == (2,)
    assert refused(lambda: once.do_item(DONE)) == "item"


def test_I_17_what_hangs_on_a_task_keeps_it_from_being_cancelled() -> None:
    waiting = after(LISTED, REPORTED)
    assert refused(lambda: waiting.cancel(found="现场核实", by=OFFICE, now=NOW)) is None
    assert after(LISTED, DONE, REPORTED).cancel(found="现场核实", by=OFFICE, now=NOW) == CANCELLED
