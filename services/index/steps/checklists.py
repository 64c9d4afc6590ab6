"""Task tables: imported, reported on by the lead, taken off the list by the goal supervision."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, get_args

from pydantic import BaseModel, Field

from chassis.at import At
from chassis.http import Asked, ReasonIn
from chassis.kernel.errors import Malformed, said_of
from chassis.kernel.required import required
from chassis.lists import DUE, Filter, due
from chassis.steps import Collection, Part, nothing
from chassis.words import Day, Long, Passage, Short, Whole
from contracts.event import Code
from services.index import announce
from services.index.access import DEPARTMENT, LISTERS, PUBLIC
from services.index.desk import IndexDesk, task_resource
from services.index.domain import checklist, waiting
from services.index.domain.checklist import (
    Course,
    ItemDone,
    ItemListed,
    LeadNamed,
    Listing,
    ReportReturned,
    Task,
    TaskCancelled,
    TaskEntered,
    TaskEvent,
    read_deadline,
)
from services.index.domain.offices import SUPERVISION

Events = tuple[TaskEvent, ...]
OFFICE: Part[Task] = Part(whose=lambda *_: {"units": (SUPERVISION,)})
LISTED: Part[Task] = Part(
    whose=lambda task, _: {"units": (*filter(None, [task.entered.code]), SUPERVISION)}
)


def keys(task: Task) -> Mapping[str, Any]:
    return {
        **task_resource(task),
        "table": task.entered.table,
        "course": task.course,
        "due": due(task.lapses_at),
    }


CHECKLISTS: Collection[Task, TaskEvent, IndexDesk, None] = Collection(
    service="index",
    name="checklists",
    title="任务",
    path="/checklists",
    state=Task,
    events=get_args(TaskEvent),
    evolve=checklist.evolve,
    announce=announce.of_tasks,
    next_due=lambda task: task.lapses_at,
    resource=task_resource,
    access=PUBLIC,
    keys=keys,
    indexes=("units[]", "table", "due"),
    words=lambda task: f"{task.entered.title} {task.entered.lead}",
    sorts={"due": DUE},
    filters={
        "table": Filter(key="table"),
        "unit": Filter(key="units"),
        "state": Filter(key="course", type=Course),
    },
    of=lambda desk: desk.tasks,
    awaits=waiting.of_task,
    knows=nothing,
)


class TaskIn(Asked):
    """`code`: as which department the lead acts; `deadline` as printed: 2019年6月，长期坚持."""

    number: Annotated[Whole, Field(ge=1, le=999)]
    title: Short
    lead: Short
    code: Code | None = None
    units: Annotated[tuple[Short, ...], Field(max_length=60)] = ()
    deadline: Short


class TableIn(Asked):
    """A document's task table; what is known of it already stays as it is."""

    table: Code
    document: Short
    tasks: Annotated[tuple[TaskIn, ...], Field(min_length=1, max_length=200)]


class Imported(BaseModel):
    """How many tasks are new."""

    table: str
    entered: int


@CHECKLISTS.step(
    "导入任务表",
    "/checklists/import",
    who=LISTERS,
    rules="I-14 I-17",
    record=None,
    versioned=False,
    name="import",
    status=201,
)
async def import_table(desk: IndexDesk, at: At[None], body: TableIn) -> Imported:
    at.demand({"units": (SUPERVISION,)})
    required(body.document, "document")
    entered: dict[int, TaskEntered] = {}
    for place, task in enumerate(body.tasks):
        with said_of("tasks", place):
            if task.number in entered:
                raise Malformed("序号在同一任务表中重复。", field="number")
            entered[task.number] = _entered(body, task, at)
    return Imported(table=body.table, entered=await desk.enter_tasks([*entered.values()], at.cause))


def _entered(table: TableIn, task: TaskIn, at: At[None]) -> TaskEntered:
    required(task.title, "title")
    required(task.lead, "lead")
    last_day, standing = read_deadline(task.deadline)
    if last_day is None and not standing:
        raise Malformed("须填写期限。", field="deadline")
    return TaskEntered(
        table=table.table,
        document=table.document,
        number=task.number,
        title=task.title,
        lead=task.lead,
        code=task.code,
        units=task.units,
        printed=task.deadline,
        due=last_day,
        standing=standing,
        at=at.now,
    )


class ReportIn(Asked):
    """`evidence`: what shows it, by name or number."""

    said: Passage
    evidence: Long


@CHECKLISTS.step(
    "报告完成", who=LISTERS, rules="I-14 I-17", opens=lambda t, at: t.may_report(at.by)
)
def report(t: Task, at: At[None], body: ReportIn) -> Events:
    """By its lead; where that is many, by the district."""
    return t.report(said=body.said, evidence=body.evidence, by=at.by, now=at.now)


@CHECKLISTS.step(
    "退回报告",
    "/checklists/{id}/return",
    who=DEPARTMENT,
    rules="I-17",
    part=OFFICE,
    opens=lambda t, at: t.may_judge(at.by),
)
def give_back(t: Task, at: At[None], body: ReasonIn) -> ReportReturned:
    return t.give_back(reason=body.reason, by=at.by, now=at.now)


class FoundIn(Asked):
    """What the check found."""

    found: Long


@CHECKLISTS.step(
    "销号",
    who=DEPARTMENT,
    rules="I-14 I-17",
    part=OFFICE,
    opens=lambda t, at: t.may_cancel(at.by),
)
def cancel(t: Task, at: At[None], body: FoundIn) -> TaskCancelled:
    return t.cancel(found=body.found, by=at.by, now=at.now)


class DeadlineIn(Asked):
    due: Day = Field(examples=[date(2026, 12, 31)])
    reason: Long


@CHECKLISTS.step(
    "定期限",
    "/checklists/{id}/due",
    who=DEPARTMENT,
    rules="I-17",
    part=OFFICE,
    opens=lambda t, _: t.may_set(),
)
def set_deadline(t: Task, at: At[None], body: DeadlineIn) -> Events:
    return t.set_deadline(due=body.due, reason=body.reason, by=at.by, now=at.now)


class LeadIn(Asked):
    """`code`: as which department it acts; a lead that is many has none."""

    lead: Short
    code: Code | None = None
    reason: Long


@CHECKLISTS.step(
    "改定牵头单位",
    "/checklists/{id}/lead",
    who=DEPARTMENT,
    rules="I-17",
    part=OFFICE,
    opens=lambda t, _: t.may_set(),
)
def name_lead(t: Task, at: At[None], body: LeadIn) -> Events:
    """What was reported and missed so far stays."""
    return t.name_lead(LeadNamed(**body.model_dump(), by=at.by, at=at.now))


class ListedIn(Asked):
    """On the list of projects, problems or rectifications that hangs on the task."""

    listing: Listing
    what: Passage
    by_day: Day | None = None


@CHECKLISTS.step(
    "列入清单",
    "/checklists/{id}/items",
    who=LISTERS,
    rules="I-17",
    part=LISTED,
    opens=lambda t, at: t.may_list(at.by),
)
def list_item(t: Task, at: At[None], body: ListedIn) -> ItemListed:
    """By its lead, or by the goal supervision."""
    return t.list_item(ItemListed(**body.model_dump(), by=at.by, at=at.now))


class DoneIn(Asked):
    """`item`: its number in the order of listing."""

    item: Annotated[Whole, Field(ge=1, le=10_000)]
    evidence: Long


@CHECKLISTS.step(
    "清单事项办结",
    "/checklists/{id}/done",
    who=LISTERS,
    rules="I-17",
    opens=lambda t, at: t.may_do(at.by),
)
def do_item(t: Task, at: At[None], body: DoneIn) -> ItemDone:
    return t.do_item(ItemDone(**body.model_dump(), by=at.by, at=at.now))


STEPS = (import_table, report, give_back, cancel, set_deadline, name_lead, list_item, do_item)
