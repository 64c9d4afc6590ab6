"""Who heads an organisation, and who it is."""

from dataclasses import replace
from typing import Any

from chassis.at import At
from chassis.http import Asked, ReasonIn
from chassis.kind import Changed
from chassis.steps import Part
from chassis.words import Day, Flag, Long, Short
from contracts.event import Code
from services.organisations.access import CIVIL_AFFAIRS, ORGANISATION
from services.organisations.desk import CIVIL_AFFAIRS as CIVIL_CODE
from services.organisations.desk import OrganisationsDesk, organisation_resource
from services.organisations.domain import heads
from services.organisations.domain.events import OrganisationEvent
from services.organisations.domain.kinds import Post
from services.organisations.domain.organisation import Organisation

from .organisations import CIVIL, ORGANISATIONS, Known, PartyIn
from .people import PersonIn
from .words import Year

Answer = Changed[Organisation, OrganisationEvent]
SEATS: Part[Organisation] = Part(
    path="/heads/{seat}",
    places=lambda one: ({"seat": head.seat} for head in one.heads),
    whose=lambda _, __: {"units": (CIVIL_CODE,)},
)
OWN_SEATS: Part[Organisation] = Part(
    path=SEATS.path, places=SEATS.places, whose=lambda one, _: organisation_resource(one)
)
PEOPLE: Part[Organisation] = Part(
    path="/people/{seat}",
    places=lambda one: ({"seat": seat} for seat in heads.seats(one)),
    whose=lambda _, __: {"units": (CIVIL_CODE,)},
)
NAMED: Part[Organisation] = Part(
    path="/people/{seat}",
    places=lambda one: ({"seat": seat} for seat in one.named),
    whose=PEOPLE.whose,
)


class HeadIn(Asked):
    """`founder` is the seat of the founder it is; never a name."""

    post: Post
    founder: Code | None = None
    official: Flag = False
    civil_servant: Flag = False
    defaulter: Flag = False
    approval: Short | None = None


@ORGANISATIONS.step(
    "公示拟任负责人",
    "/organisations/{id}/heads",
    name="publicise",
    who=CIVIL_AFFAIRS,
    rules="O-04 O-06",
    part=CIVIL,
    opens=lambda one, _: heads.may_publicise(one),
)
def publicise(one: Organisation, at: At[Known], body: HeadIn) -> OrganisationEvent:
    return heads.publicise(one, **body.model_dump(), now=at.now, numbers=at.known.numbers)


class SeatingIn(Asked):
    party: PartyIn


async def serving(desk: OrganisationsDesk, at: At[Known], _: SeatingIn) -> Known:
    """Where else whoever is to be seated serves, and whether it is the founder it is said to be."""
    elsewhere = await desk.elsewhere(at.id, at["seat"])
    return replace(
        at.known, elsewhere=elsewhere, is_founder=await desk.is_founder(at.id, at["seat"])
    )


@ORGANISATIONS.step(
    "负责人任职",
    name="seat",
    who=CIVIL_AFFAIRS,
    rules="O-04 O-06 O-13",
    part=SEATS,
    opens=lambda one, at: heads.may_seat(one, at["seat"], at.now, at.known.numbers.work),
    learns=(serving,),
)
def seat(one: Organisation, at: At[Known], body: SeatingIn) -> OrganisationEvent:
    return heads.seat(
        one,
        at["seat"],
        party=body.party.said(),
        elsewhere=at.known.elsewhere,
        is_founder=at.known.is_founder,
        now=at.now,
        numbers=at.known.numbers,
    )


@ORGANISATIONS.step(
    "负责人离任或撤回公示",
    name="step_down",
    who=CIVIL_AFFAIRS,
    rules="O-06",
    part=SEATS,
    opens=lambda one, at: heads.may_leave(one, at["seat"]),
)
def step_down(one: Organisation, at: At[Known], body: ReasonIn) -> OrganisationEvent:
    return heads.leave(one, at["seat"], reason=body.reason, now=at.now, numbers=at.known.numbers)


class DocumentIn(Asked):
    document: Short


@ORGANISATIONS.step(
    "离任审计",
    name="audit",
    who=CIVIL_AFFAIRS,
    rules="O-06",
    part=SEATS,
    opens=lambda one, at: heads.may_audit(one, at["seat"]),
)
def audit(one: Organisation, at: At[Known], body: DocumentIn) -> tuple[OrganisationEvent, ...]:
    return heads.audit(one, at["seat"], document=body.document, now=at.now)


class HeadReportIn(Asked):
    year: Year
    text: Long


@ORGANISATIONS.step(
    "法定代表人述职",
    name="account",
    who=ORGANISATION,
    rules="O-06",
    part=OWN_SEATS,
    opens=lambda one, at: heads.may_report(one, at["seat"]),
)
def account(one: Organisation, at: At[Known], body: HeadReportIn) -> OrganisationEvent:
    return heads.report(one, at["seat"], year=body.year, text=body.text, now=at.now)


class ConductIn(Asked):
    """`seat` is a founder's or a head's."""

    seat: Code
    what: Long
    document: Short
    on: Day


@ORGANISATIONS.step(
    "记录不良行为",
    "/organisations/{id}/conduct",
    name="record_conduct",
    who=CIVIL_AFFAIRS,
    rules="O-04",
    part=CIVIL,
)
def record_conduct(one: Organisation, at: At[Known], body: ConductIn) -> OrganisationEvent:
    return heads.record_conduct(one, **body.model_dump(), now=at.now)


@ORGANISATIONS.step(
    "登记姓名",
    "/organisations/{id}/people/{seat}",
    name="name",
    who=CIVIL_AFFAIRS,
    rules="O-04 O-06",
    part=PEOPLE,
    method="PUT",
)
async def name(desk: OrganisationsDesk, at: At[Known], body: PersonIn) -> Answer:
    person = body.model_dump()
    return await desk.organisations.change(
        at.id,
        lambda one: [heads.name(one, at["seat"], name=body.name, number=body.number)],
        at.cause,
        beside=desk.sealed.keeping(at.id, at["seat"], person, at.cause, number=body.number),
    )


@ORGANISATIONS.step(
    "查看姓名",
    "/organisations/{id}/people/{seat}",
    name="person",
    who=CIVIL_AFFAIRS,
    rules="O-04",
    part=NAMED,
    opens=lambda one, at: heads.may_read(one, at["seat"]),
    versioned=False,
    scope="reporter:read",
)
async def person(desk: OrganisationsDesk, at: At[Known], body: ReasonIn) -> dict[str, str]:
    """The reading is recorded first."""
    await desk.organisations.change(
        at.id,
        lambda one: [heads.read(one, at["seat"], by=at.by, reason=body.reason)],
        at.cause,
    )
    return await desk.sealed.open(at.id, at["seat"])


@ORGANISATIONS.step(
    "导出个人信息",
    name="export",
    who=CIVIL_AFFAIRS,
    rules="O-04",
    part=NAMED,
    opens=lambda one, at: heads.may_read(one, at["seat"]),
    versioned=False,
    scope="reporter:read",
)
async def export(desk: OrganisationsDesk, at: At[Known], body: ReasonIn) -> dict[str, Any]:
    """All that is held about one who founds or heads, for him who asks for it; a reading like any other, on record."""
    await person.function(desk, at, body)
    return await desk.held_about_person(at.id, at["seat"])


STEPS = (publicise, seat, step_down, audit, account, record_conduct, name, person, export)
