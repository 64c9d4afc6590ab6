"""Complaints about organisations."""

from typing import Any, get_args

from chassis.at import At
from chassis.http import Asked, ReasonIn
from chassis.kind import Changed
from chassis.lists import NEWEST, Filter, by, moment
from chassis.steps import Collection, Part, nothing
from chassis.words import Long, Passage, Short
from contracts.event import Code
from services.organisations.access import ACCESS, CIVIL_AFFAIRS, STREETS
from services.organisations.desk import CIVIL_AFFAIRS as CIVIL_CODE
from services.organisations.desk import OrganisationsDesk, complaint_resource, names
from services.organisations.domain import complaint as complaints
from services.organisations.domain import waiting
from services.organisations.domain.complaint import (
    Complaint,
    ComplaintEvent,
    ComplaintGround,
    ComplaintTaken,
    Outcome,
)

COMPLAINTS: Collection[Complaint, ComplaintEvent, OrganisationsDesk, None] = Collection(
    service="organisations",
    name="complaints",
    title="投诉举报",
    path="/complaints",
    state=Complaint,
    events=get_args(ComplaintEvent),
    evolve=complaints.evolve,
    over=lambda one: one.over,
    resource=complaint_resource,
    access=ACCESS,
    keys=lambda one: {
        **complaint_resource(one),
        "organisation": one.organisation,
        "outcome": one.outcome,
        "decided": one.outcome is not None,
        "public": one.published_at is not None,
        "opened_at": moment(one.taken_at),
    },
    awaits=waiting.of_complaint,
    indexes=("street+opened_at", "units[]", "organisation", "opened_at", "decided"),
    always=("decided",),
    words=lambda one: f"{one.name or one.called or ''} {one.document or ''}",
    names=names,
    sorts={"newest": NEWEST},
    filters={
        **by("street", "organisation"),
        "outcome": Filter(key="outcome", type=Outcome),
        "decided": Filter(key="decided", type=bool),
        "public": Filter(key="public", type=bool),
    },
    of=lambda desk: desk.complaints,
    knows=nothing,
)
CIVIL: Part[Complaint] = Part(whose=lambda _, __: {"units": (CIVIL_CODE,)})
TAKERS = CIVIL_AFFAIRS | STREETS


class ReporterIn(Asked):
    """Sealed at once; in no list, no event and no trail."""

    name: Short
    phone: Short = ""


class ComplaintIn(Asked):
    """What is said, and by whom, is sealed; nothing of it is in the record."""

    organisation: Code | None = None
    called: Short | None = None
    street: Code | None = None
    ground: ComplaintGround
    text: Passage
    reporter: ReporterIn | None = None


@COMPLAINTS.step(
    "受理投诉",
    "/complaints",
    who=TAKERS,
    rules="O-12",
    record=None,
    versioned=False,
    status=201,
)
async def take(
    desk: OrganisationsDesk, at: At[None], body: ComplaintIn
) -> Changed[Complaint, ComplaintEvent]:
    """Sealed beside it, so that a crash leaves at most an unread box."""
    street, _ = await desk.place(body.street, None, at.now)
    at.demand({"street": street, "units": (CIVIL_CODE,)})
    name = None
    if body.organisation is not None:
        name = (await desk.known_organisation(body.organisation)).name
    id = at.asking.new_id("complaints")
    given = body.model_dump(include={"organisation", "called", "ground"})
    taken = complaints.take(
        ComplaintTaken(id=id, street=street, name=name, **given, by=at.by, at=at.now),
        body.text,
        body.reporter.name if body.reporter else None,
    )
    who = body.reporter.model_dump() if body.reporter else {}
    kept = desk.sealed.keeping(id, "reporter", {**who, "text": body.text}, at.cause)
    return await desk.complaints.create(id, lambda: [taken], at.cause, beside=kept)


@COMPLAINTS.step(
    "查看投诉人和内容",
    "/complaints/{id}/reporter",
    name="reporter",
    who=CIVIL_AFFAIRS,
    rules="O-12",
    part=CIVIL,
    versioned=False,
    scope="reporter:read",
)
async def reporter(desk: OrganisationsDesk, at: At[None], body: ReasonIn) -> dict[str, str]:
    """The reading is recorded first."""
    await desk.complaints.change(
        at.id, lambda _: [complaints.read(by=at.by, reason=body.reason)], at.cause
    )
    return await desk.sealed.open(at.id, "reporter")


@COMPLAINTS.step(
    "导出投诉人信息",
    name="export",
    who=CIVIL_AFFAIRS,
    rules="O-12",
    part=CIVIL,
    versioned=False,
    scope="reporter:read",
)
async def export(desk: OrganisationsDesk, at: At[None], body: ReasonIn) -> dict[str, Any]:
    """All that is held about who complained, for him who asks for it; a reading like any other, on record."""
    await reporter.function(desk, at, body)
    return await desk.held_about_complainant(at.id)


class DecisionIn(Asked):
    outcome: Outcome
    document: Short = ""
    findings: Long


@COMPLAINTS.step(
    "处理投诉",
    name="decide",
    who=CIVIL_AFFAIRS,
    rules="O-12",
    part=CIVIL,
    opens=lambda one, _: complaints.may_decide(one),
)
def decide(one: Complaint, at: At[None], body: DecisionIn) -> ComplaintEvent:
    return complaints.decide(one, **body.model_dump(), now=at.now)


class NoticeIn(Asked):
    """Names no person."""

    notice: Long


@COMPLAINTS.step(
    "公开处罚、取缔决定",
    name="publish",
    who=CIVIL_AFFAIRS,
    rules="O-12",
    part=CIVIL,
    opens=lambda one, _: complaints.may_publish(one),
)
def publish(one: Complaint, at: At[None], body: NoticeIn) -> ComplaintEvent:
    return complaints.publish(one, notice=body.notice, now=at.now)


class RevokedIn(Asked):
    """Names no person: what was made public says it too."""

    document: Short = ""
    reason: Long = ""


@COMPLAINTS.step(
    "撤销处罚、取缔决定",
    name="revoke",
    who=CIVIL_AFFAIRS,
    rules="O-12",
    part=CIVIL,
    opens=lambda one, _: complaints.may_revoke(one),
)
def revoke(one: Complaint, at: At[None], body: RevokedIn) -> ComplaintEvent:
    """As after a review of it, or a judgment: on record and in public it stays, as revoked."""
    return complaints.revoke(one, **body.model_dump(), now=at.now)


STEPS = (take, reporter, export, decide, publish, revoke)
