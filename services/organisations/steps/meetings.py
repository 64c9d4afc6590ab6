"""Joint meetings, what they decide, and who does it by when."""

from typing import Annotated, Literal, get_args

from pydantic import Field

from chassis.at import At
from chassis.http import Asked, ReasonIn
from chassis.kernel.clock import Ends, soonest
from chassis.kind import Changed
from chassis.lists import DUE, NEWEST, Filter, by, due, moment
from chassis.steps import Collection, Part, nothing
from chassis.words import Day, Long, Short
from contracts.event import Code, Id
from services.organisations.access import ACCESS, CIVIL_AFFAIRS, COMMUNITY, ORGANISATION, STREETS
from services.organisations.desk import OrganisationsDesk, meeting_resource, names, whose_task
from services.organisations.domain import meeting as meetings
from services.organisations.domain import waiting
from services.organisations.domain.meeting import (
    Assigned,
    Meeting,
    MeetingCalled,
    MeetingEvent,
    MeetingLevel,
)


def minded(meeting: Meeting, office: str) -> Ends | None:
    """By whom it doesn't wait for: a department that was given something sees what runs, and nobody's lateness."""
    elsewhere = office.startswith("department:") and office != waiting.CIVIL
    late = soonest(waiting.of_meeting(meeting), meeting.next_due)
    due = meeting.next_due if elsewhere else late
    return Ends(due=due) if due else None


MEETINGS: Collection[Meeting, MeetingEvent, OrganisationsDesk, None] = Collection(
    service="organisations",
    name="meetings",
    title="联席会议",
    path="/meetings",
    state=Meeting,
    events=get_args(MeetingEvent),
    evolve=meetings.evolve,
    next_due=lambda meeting: meeting.next_due,
    resource=meeting_resource,
    access=ACCESS,
    keys=lambda meeting: {
        **meeting_resource(meeting),
        "level": meeting.level,
        "due": due(soonest(waiting.of_meeting(meeting), meeting.next_due)),
        "opened_at": moment(meeting.called_at),
    },
    awaits=waiting.of_meeting,
    own=lambda meeting, reader: meeting.of(reader.acts_as),
    runs=minded,
    indexes=("street+opened_at", "units[]", "opened_at", "due"),
    words=lambda meeting: " ".join(meeting.agenda),
    names=names,
    sorts={"newest": NEWEST, "due": DUE},
    filters={**by("street"), "level": Filter(key="level", type=MeetingLevel)},
    of=lambda desk: desk.meetings,
    knows=nothing,
)
CONVENERS = CIVIL_AFFAIRS | STREETS
TASKS: Part[Meeting] = Part(
    path="/tasks/{task}",
    places=lambda meeting: ({"task": one.id} for one in meeting.tasks),
    whose=lambda meeting, at: whose_task(meeting.task(at["task"])),
)
CALLED: Part[Meeting] = Part(whose=lambda meeting, _: meeting_resource(meeting, convening=True))


class MeetingIn(Asked):
    """A street's names its street; `needs` are of procurement's lists."""

    level: MeetingLevel
    street: Code | None = None
    on: Day
    agenda: Annotated[tuple[Short, ...], Field(max_length=30)]
    needs: Annotated[tuple[Id, ...], Field(max_length=100)] = ()


@MEETINGS.step(
    "召集联席会议",
    "/meetings",
    who=CONVENERS,
    rules="O-17",
    record=None,
    versioned=False,
    status=201,
)
async def call(
    desk: OrganisationsDesk, at: At[None], body: MeetingIn
) -> Changed[Meeting, MeetingEvent]:
    street, _ = await desk.place(body.street, None, at.now)
    id = at.asking.new_id("meetings")
    given = body.model_dump(exclude={"street"})
    called = meetings.call(MeetingCalled(id=id, street=street, **given, at=at.now))
    at.demand(meeting_resource(meetings.evolve(None, called), convening=True))
    return await desk.meetings.create(id, lambda: [called], at.cause)


class TaskIn(Asked):
    """By which office."""

    what: Long
    kind: Literal["street", "community", "department", "supplier"]
    code: Code
    by: Day


class MeetingDecisionIn(Asked):
    decision: Long
    tasks: Annotated[tuple[TaskIn, ...], Field(max_length=50)] = ()


async def by_known_offices(desk: OrganisationsDesk, at: At[None], body: MeetingDecisionIn) -> None:
    for place, one in enumerate(body.tasks):
        await desk.known_office(one.kind, one.code, f"tasks.{place}.code", at.now)


@MEETINGS.step(
    "记录会议决定",
    name="decide",
    who=CONVENERS,
    rules="O-17",
    part=CALLED,
    opens=lambda meeting, at: meetings.may_decide(meeting, at.now),
    learns=(by_known_offices,),
)
def decide(meeting: Meeting, at: At[None], body: MeetingDecisionIn) -> MeetingEvent:
    assigned = tuple(
        Assigned(what=one.what, who=f"{one.kind}:{one.code}", by=one.by) for one in body.tasks
    )
    return meetings.decide(meeting, decision=body.decision, assigned=assigned, now=at.now)


@MEETINGS.step(
    "取消会议",
    name="call_off",
    who=CONVENERS,
    rules="O-17",
    part=CALLED,
    opens=lambda meeting, _: meetings.may_call_off(meeting),
)
def call_off(meeting: Meeting, at: At[None], body: ReasonIn) -> MeetingEvent:
    """Also one that is put off: another is called for its day."""
    return meetings.call_off(meeting, reason=body.reason, now=at.now)


class TaskReportIn(Asked):
    report: Long


@MEETINGS.step(
    "任务完成",
    name="do",
    who=CONVENERS | COMMUNITY | ORGANISATION,
    rules="O-17",
    part=TASKS,
    versioned=None,
    opens=lambda meeting, at: meetings.may_do(meeting, at["task"]),
)
def do(meeting: Meeting, at: At[None], body: TaskReportIn) -> tuple[MeetingEvent, ...]:
    return meetings.do(meeting, at["task"], report=body.report, now=at.now)


STEPS = (call, decide, call_off, do)
