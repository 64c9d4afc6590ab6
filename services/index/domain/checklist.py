"""Task tables (任务分解表) kept as checklists (挂图作战、销号): lead, deadline, evidence, cancellation.

    open → reported → cancelled, and back to open where a report is returned

A task marked 长期坚持 is never cancelled: it is reported on by the end of every year. The clock runs for
a deadline that still lay ahead when it was entered here; what an old table prints is kept, and nobody
has missed it on this platform.
"""

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import assert_never

from chassis.kernel.clock import end_of, local_date
from chassis.kernel.days import written_day
from chassis.kernel.errors import OURS, Malformed, RuleBroken
from chassis.kernel.offices import one_office
from chassis.kernel.required import required_by

from .offices import SUPERVISION
from .rules import RULES, TRACKED

STANDING = "长期坚持"
SUPERVISOR = f"department:{SUPERVISION}"
LISTS = "官办通〔2018〕38号 （二十三）"
DEADLINE = re.compile(r"(20[0-9]{2})年(?:([1-9]|1[0-2])月(?:([1-9]|[12][0-9]|3[01])日)?)?底?前?")


class Course(StrEnum):
    OPEN = "open"
    REPORTED = "reported"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskEntered:
    """As printed. `code`: as which department the lead reports; a lead that is many has none."""

    table: str
    document: str
    number: int
    title: str
    lead: str
    code: str | None = None
    units: tuple[str, ...] = ()
    printed: str = ""
    due: date | None = None
    standing: bool = False
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskReported:
    """What was done; of a standing task's yearly report its `year`, and the last day before and after it."""

    said: str
    evidence: str
    year: int | None = None
    due_before: date | None = None
    due_after: date | None = None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportReturned:
    """`due`: the last day that stands again, of a standing task."""

    reason: str
    due: date | None = None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCancelled:
    """销号: it is done, and checked."""

    found: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineSet:
    """`kept`: what was reported before stays reported."""

    due: date
    kept: bool = False
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadNamed:
    """Who leads from now on: the table was entered with a wrong one, or the department is another's by now."""

    lead: str
    code: str | None = None
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskMissed:
    due: date


class Listing(StrEnum):
    """项目清单、问题清单、整改清单."""

    PROJECT = "project"
    PROBLEM = "problem"
    RECTIFICATION = "rectification"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemListed:
    """What hangs on a task; `by_day`: by when it is to be done, where that is said."""

    listing: Listing
    what: str
    by_day: date | None = None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDone:
    """`item`: its number in the order of listing."""

    item: int
    evidence: str
    by: str
    at: datetime


TaskEvent = (
    TaskEntered
    | TaskReported
    | ReportReturned
    | TaskCancelled
    | DeadlineSet
    | LeadNamed
    | TaskMissed
    | ItemListed
    | ItemDone
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """`entered` has the lead that was named last.

    `due`: the last day the clock runs to; `missed` stays, whatever comes later.
    """

    entered: TaskEntered
    course: Course = Course.OPEN
    due: date | None = None
    reports: tuple[TaskReported, ...] = ()
    returned: tuple[ReportReturned, ...] = ()
    cancelled: TaskCancelled | None = None
    missed: tuple[date, ...] = ()
    items: tuple[ItemListed, ...] = ()
    done: tuple[ItemDone, ...] = ()

    @property
    def outstanding(self) -> tuple[int, ...]:
        """The numbers of what hangs on it and isn't done."""
        over = {one.item for one in self.done}
        return tuple(number for number in range(1, len(self.items) + 1) if number not in over)

    @property
    def lapses_at(self) -> datetime | None:
        """When the last day has ended and nothing was reported; None where nobody waits for it."""
        waited_for = self.course is Course.OPEN or self.entered.standing
        if self.due is None or self.due in self.missed or not waited_for:
            return None
        return end_of(self.due)

    def lapse(self, now: datetime) -> tuple[TaskMissed, ...]:
        """Once for each last day, by the timer or by whatever is done before it came round."""
        lapses_at = self.lapses_at
        if self.due is None or lapses_at is None or now < lapses_at:
            return ()
        return (TaskMissed(due=self.due),)

    def may_report(self, by: str) -> None:
        self._must_not_be_over()
        if self.entered.code is not None and by != f"department:{self.entered.code}":
            raise RuleBroken(
                RULES["I-17"], f"由牵头单位“{self.entered.lead}”报告。", clause=TRACKED
            )

    def report(self, *, said: str, evidence: str, by: str, now: datetime) -> tuple[TaskEvent, ...]:
        """I-17: by its lead, with evidence."""
        self.may_report(by)
        required_by(RULES["I-17"], said, "said", clause=TRACKED)
        required_by(RULES["I-17"], evidence, "evidence", clause=OURS)
        report = TaskReported(said=said, evidence=evidence, by=by, at=now)
        missed = self.lapse(now)
        if not self.entered.standing:
            return (*missed, report)
        task = evolve(self, missed[0]) if missed else self
        return (*missed, task._yearly(report, local_date(now).year))

    def _yearly(self, report: TaskReported, year: int) -> TaskReported:
        """I-17: for its year; a last day that lies in a later one stands."""
        later = self.due is not None and self.due.year > year
        last = self.reports[-1] if self.reports else None
        again = self.course is Course.REPORTED and last is not None and last.year == year
        return replace(
            report,
            year=year,
            due_before=last.due_before if again and last else self.due,
            due_after=self.due if later else _year_end(year + 1),
        )

    def may_judge(self, by: str) -> None:
        """I-17: what is reported, by another than who reported."""
        if self.course is not Course.REPORTED:
            raise RuleBroken(RULES["I-17"], "尚无待核的报告。", clause=OURS)
        if one_office(self.reports[-1].by, by):
            raise RuleBroken(RULES["I-17"], "报告的单位不能自行销号。", clause=OURS)

    def give_back(self, *, reason: str, by: str, now: datetime) -> ReportReturned:
        self.may_judge(by)
        required_by(RULES["I-17"], reason, "reason", clause=OURS)
        return ReportReturned(reason=reason, due=self._due_again, by=by, at=now)

    @property
    def _due_again(self) -> date | None:
        """Of a standing task: a returned report is none, unless a new last day was set since it was made."""
        last = self.reports[-1]
        if last.year is None:
            return None
        after = last.due_after or _year_end(last.year + 1)
        return (last.due_before or _year_end(last.year)) if self.due == after else self.due

    def may_cancel(self, by: str) -> None:
        self.may_judge(by)
        if self.entered.standing:
            raise RuleBroken(RULES["I-17"], "长期坚持的任务不销号，逐年报告。", clause=TRACKED)
        if self.outstanding:
            detail = f"清单上还有 {len(self.outstanding)} 项未办，不能销号。"
            raise RuleBroken(RULES["I-17"], detail, clause=LISTS)

    def may_list(self, by: str) -> None:
        """I-17: by its lead, or by who supervises."""
        self._must_not_be_over()
        if by != SUPERVISOR:
            self.may_report(by)

    def list_item(self, item: ItemListed) -> ItemListed:
        """I-17: what hangs on the task; a date that it has lies ahead."""
        self.may_list(item.by)
        required_by(RULES["I-17"], item.what, "what", clause=LISTS)
        if item.by_day is not None and item.by_day < local_date(item.at):
            detail = "期限不能早于今天。"
            raise RuleBroken(RULES["I-17"], detail, clause=LISTS, field="by_day")
        return item

    def may_do(self, by: str) -> None:
        self.may_report(by)
        if not self.outstanding:
            raise RuleBroken(RULES["I-17"], "清单上没有未办的事项。", clause=LISTS)

    def do_item(self, done: ItemDone) -> ItemDone:
        """I-17: once, with what shows it."""
        self.may_do(done.by)
        if done.item not in self.outstanding:
            raise RuleBroken(RULES["I-17"], "没有这项未办的事项。", clause=LISTS, field="item")
        required_by(RULES["I-17"], done.evidence, "evidence", clause=LISTS)
        return done

    def cancel(self, *, found: str, by: str, now: datetime) -> TaskCancelled:
        self.may_cancel(by)
        required_by(RULES["I-17"], found, "found", clause=OURS)
        return TaskCancelled(found=found, by=by, at=now)

    def may_set(self) -> None:
        self._must_not_be_over()

    def set_deadline(
        self, *, due: date, reason: str, by: str, now: datetime
    ) -> tuple[TaskEvent, ...]:
        """A new last day, which lies ahead; what was missed stays missed, and what is reported reported."""
        self.may_set()
        required_by(RULES["I-17"], reason, "reason", clause=OURS)
        if due < local_date(now):
            raise RuleBroken(RULES["I-17"], "期限不能早于今天。", clause=OURS, field="due")
        kept = self.course is Course.REPORTED
        return (*self.lapse(now), DeadlineSet(due=due, kept=kept, reason=reason, by=by, at=now))

    def name_lead(self, named: LeadNamed) -> tuple[TaskEvent, ...]:
        """I-17 (ours): nobody else could report, and what is missed would be told of a department without the task."""
        self.may_set()
        for field in ("lead", "reason"):
            required_by(RULES["I-17"], getattr(named, field), field, clause=OURS)
        if (named.lead, named.code) == (self.entered.lead, self.entered.code):
            raise RuleBroken(RULES["I-17"], "牵头单位没有变化。", clause=OURS, field="lead")
        return (*self.lapse(named.at), named)

    def _must_not_be_over(self) -> None:
        if self.course is Course.CANCELLED:
            raise RuleBroken(RULES["I-17"], "任务已经销号。", clause=TRACKED)


def read_deadline(printed: str) -> tuple[date | None, bool]:
    """The last day a table prints, and whether 长期坚持 stands beside it; Malformed for another text."""
    standing = STANDING in printed
    rest = printed.replace(STANDING, "").strip("，,、 ")
    if not rest:
        return None, standing
    found = DEADLINE.fullmatch(rest)
    if found is None:
        return _day(rest), standing
    year, month = int(found[1]), int(found[2] or 12)
    last = monthrange(year, month)[1]
    day = int(found[3] or last)
    if day > last:
        raise Malformed(f"{year}年{month}月没有{day}日。", field="deadline")
    return date(year, month, day), standing


def _day(printed: str) -> date:
    """As a cell that holds a date comes in, or as other tables write one."""
    try:
        day = written_day(printed)
    except ValueError:
        raise Malformed(f"没有这一天：{printed}", field="deadline") from None
    if day is None:
        raise Malformed("期限写作 2019年6月、2019年6月30日 或 长期坚持。", field="deadline")
    return day


def evolve(task: Task | None, event: TaskEvent) -> Task:
    if isinstance(event, TaskEntered):
        return Task(entered=event, due=_first_due(event))
    if task is None:
        raise ValueError("a task begins by being entered")
    match event:
        case TaskReported():
            due = _year_end(event.year + 1) if event.year is not None else task.due
            reports = (*task.reports, event)
            return replace(
                task, course=Course.REPORTED, due=event.due_after or due, reports=reports
            )
        case ReportReturned():
            returned = (*task.returned, event)
            return replace(task, course=Course.OPEN, due=event.due or task.due, returned=returned)
        case TaskCancelled():
            return replace(task, course=Course.CANCELLED, cancelled=event)
        case DeadlineSet():
            course = task.course if event.kept else Course.OPEN
            return replace(task, course=course, due=event.due)
        case LeadNamed():
            return replace(task, entered=replace(task.entered, lead=event.lead, code=event.code))
        case TaskMissed():
            due = _year_end(event.due.year + 1) if task.entered.standing else task.due
            return replace(task, due=due, missed=(*task.missed, event.due))
        case ItemListed():
            return replace(task, items=(*task.items, event))
        case ItemDone():
            return replace(task, done=(*task.done, event))
        case _:
            assert_never(event)


def _first_due(entered: TaskEntered) -> date | None:
    today = local_date(entered.at)
    if entered.due is not None and entered.due >= today:
        return entered.due
    return _year_end(today.year) if entered.standing else None


def _year_end(year: int) -> date:
    return date(year, 12, 31)
