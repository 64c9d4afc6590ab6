"""Applications and admissions."""

from collections.abc import Sequence
from typing import Annotated, get_args

from pydantic import Field

from chassis.at import At
from chassis.http import Asked, ReasonIn
from chassis.kernel.clock import Ends, local_date, soonest
from chassis.kind import Changed
from chassis.lists import DUE, NEWEST, Filter, by, due, moment
from chassis.places import numbered
from chassis.steps import Collection, Part
from chassis.words import Day, Flag, Long, Several, Short, Whole
from contracts.event import Code
from services.affairs import announce
from services.affairs.access import ACCESS, DEPARTMENTS, LOCAL, OFFICE, STREETS
from services.affairs.desk import AffairsDesk, admission_resource, names
from services.affairs.domain import admitting, evolution, free, registering, waiting
from services.affairs.domain.admission import (
    CIVIL_AFFAIRS,
    Admission,
    AdmissionEvent,
    Exempted,
    Form,
    Free,
    Group,
    Hearing,
    Mode,
    Provision,
    Registered,
    Status,
    Term,
)
from services.affairs.domain.policy import AffairsPolicy

from .words import MUST, Fen


async def known(desk: AffairsDesk, *_: object) -> AffairsPolicy:
    return await desk.policy()


def minded(one: Admission, office: str) -> Ends | None:
    """By whom it doesn't wait for: the unit that applied sees what runs, and nobody's lateness."""
    elsewhere = office.startswith("department:") and office != waiting.OFFICE
    due = one.next_due if elsewhere else soonest(waiting.of_admission(one), one.next_due)
    return Ends(due=due) if due else None


ADMISSIONS: Collection[Admission, AdmissionEvent, AffairsDesk, AffairsPolicy] = Collection(
    service="affairs",
    name="admissions",
    title="社区工作准入",
    path="/admissions",
    state=Admission,
    events=get_args(AdmissionEvent),
    evolve=evolution.evolve,
    announce=announce.of_admissions,
    next_due=lambda one: one.next_due,
    resource=admission_resource,
    access=ACCESS,
    keys=lambda one: {
        **admission_resource(one),
        "unit": one.unit,
        "item": one.item,
        "status": one.status,
        "in_force": one.in_force,
        "group": one.group,
        "due": due(soonest(waiting.of_admission(one), one.next_due)),
        "opened_at": moment(one.asked_at),
    },
    awaits=waiting.of_admission,
    runs=minded,
    indexes=("street+opened_at", "community+opened_at", "units[]", "item", "opened_at", "due"),
    words=lambda one: one.item,
    names=names,
    sorts={"newest": NEWEST, "due": DUE},
    filters={
        **by("street", "community", "unit"),
        "state": Filter(key="status", type=Status),
        "in_force": Filter(key="in_force", type=bool),
        "group": Filter(key="group", type=Group),
    },
    of=lambda desk: desk.admissions,
    knows=known,
)
LED: Part[Admission] = Part(whose=lambda *_: {"units": (CIVIL_AFFAIRS,)})
"""The leading group's office's."""


class ApplyIn(Asked):
    """`unit` applies, for a community or a whole street; names no person."""

    unit: Annotated[Code, Field(json_schema_extra={"x-own": "self"})]
    street: Code | None = None
    community: Code | None = None
    item: Annotated[Short, MUST] = ""
    basis: Annotated[Long, MUST] = ""
    aim: Annotated[Long, MUST] = ""
    task: Annotated[Long, MUST] = ""
    process: Annotated[Long, MUST] = ""
    assessed_by: Annotated[Long, MUST] = ""
    staff: Annotated[Long, MUST] = ""
    powers: Annotated[Long, MUST] = ""
    funds: Fen = 0
    provision: Provision
    term: Term
    begins_on: Day
    until: Day | None = None
    own_body: Flag = False
    headed_by_director: Flag = False
    urgent: Long | None = None
    out_of_season: Long | None = None


AROUND = {"unit", "street", "community", "urgent", "out_of_season"}
Answer = Changed[Admission, AdmissionEvent]


@ADMISSIONS.step(
    "申请准入",
    "/applications",
    who=DEPARTMENTS,
    rules="A-01 A-03 A-05 A-07 A-09",
    record=None,
    versioned=False,
    status=201,
)
async def apply(desk: AffairsDesk, at: At[AffairsPolicy], body: ApplyIn) -> Answer:
    """In March and September, else with a reason; what is short, five working days before."""
    at.demand({"units": (body.unit,)})
    await desk.units.known(body.unit, "unit")
    street, community = await desk.place(body.street, body.community)
    applied = admitting.apply(
        unit=body.unit,
        street=street,
        community=community,
        form=Form(**body.model_dump(exclude=AROUND)),
        urgent=body.urgent,
        out_of_season=body.out_of_season,
        listed=await desk.listed_items(local_date(at.now)),
        brief_days=at.known.brief_days,
        work=desk.work,
        now=at.now,
    )
    return await _made(desk, at, applied)


async def _made(desk: AffairsDesk, at: At[AffairsPolicy], first: AdmissionEvent) -> Answer:
    id = at.asking.new_id("admissions")
    place = evolution.evolve(None, first)
    number = await numbered(desk.communities, place.street, at.now)
    return await desk.admissions.create(id, lambda: [first], at.cause, numbered=number)


class ExemptIn(Asked):
    unit: Code
    street: Code | None = None
    community: Code | None = None
    item: Annotated[Short, MUST] = ""
    free: Free
    basis: Annotated[Long, MUST] = ""
    until: Day | None = None


@ADMISSIONS.step(
    "登记免于准入的工作",
    "/admissions/free",
    name="exempt",
    who=OFFICE,
    rules="A-02",
    record=None,
    versioned=False,
    status=201,
)
async def exempt(desk: AffairsDesk, at: At[AffairsPolicy], body: ExemptIn) -> Answer:
    """By whose work it is; the leading group's office says whether it is so, of an emergency afterwards."""
    at.demand({"units": (body.unit,)})
    await desk.units.known(body.unit, "unit")
    street, community = await desk.place(body.street, body.community)
    given = body.model_dump(exclude={"street", "community"})
    own = at.subject.kind == "department" and body.unit != CIVIL_AFFAIRS
    exempted = Exempted(street=street, community=community, **given, claimed=own, at=at.now)
    return await _made(desk, at, free.exempt(exempted))


@ADMISSIONS.step(
    "认定免于准入",
    who=OFFICE,
    rules="A-02",
    part=LED,
    opens=lambda one, at: free.may_accept(one, at.now),
)
def accept(one: Admission, at: At[AffairsPolicy]) -> AdmissionEvent:
    """As its unit claims."""
    return free.accept(one, at.now)


@ADMISSIONS.step(
    "不认定免于准入",
    who=OFFICE,
    rules="A-02",
    part=LED,
    opens=lambda one, _: free.may_contest(one),
)
def contest(one: Admission, at: At[AffairsPolicy], body: ReasonIn) -> AdmissionEvent:
    """Also of what is in a community already: it ends, and has to be applied for."""
    return free.contest(one, body.reason, at.now)


class RegisterIn(Asked):
    unit: Code
    street: Code | None = None
    community: Code | None = None
    item: Annotated[Short, MUST] = ""
    group: Group
    document: Annotated[Short, MUST] = ""
    mode: Mode
    scope: Long = ""
    funds: Fen = 0
    until: Day | None = None


@ADMISSIONS.step(
    "登记上下级准入",
    "/admissions/registered",
    who=OFFICE | STREETS,
    rules="A-11",
    record=None,
    versioned=False,
    status=201,
)
async def register(desk: AffairsDesk, at: At[AffairsPolicy], body: RegisterIn) -> Answer:
    """The city's by the leading group's office, told down; a street's by the street, reported up."""
    street, community = await desk.place(body.street, body.community)
    registering.whose(body.group, at.by)
    if body.group is Group.STREET:
        at.demand({"street": street})
    else:
        at.demand({"units": (CIVIL_AFFAIRS,)})
    await desk.units.known(body.unit, "unit")
    given = body.model_dump(exclude={"street", "community"})
    registered = Registered(street=street, community=community, **given, at=at.now)
    return await _made(desk, at, registering.register(registered))


def by_registrar(one: Admission, _: At[AffairsPolicy]) -> dict[str, object]:
    """A street's admission is its street's, a higher one the leading group's office's."""
    return {"street": one.street} if one.group is Group.STREET else {"units": (CIVIL_AFFAIRS,)}


class RegistrationCorrectedIn(ReasonIn):
    """As its document says in truth, the whole of it: what has no scope or term, says so."""

    item: Annotated[Short, MUST] = ""
    document: Annotated[Short, MUST] = ""
    mode: Mode
    scope: Long | None
    funds: Fen
    until: Day | None


@ADMISSIONS.step(
    "更正上下级准入",
    name="correct_registration",
    who=OFFICE | STREETS,
    rules="A-11",
    part=Part(whose=by_registrar),
    opens=lambda one, _: registering.may_correct(one),
)
def correct(one: Admission, at: At[AffairsPolicy], body: RegistrationCorrectedIn) -> AdmissionEvent:
    """Until it leaves; what was told as missing by then stays told."""
    right = body.model_dump() | {"scope": body.scope or ""}
    return registering.correct(one, **right, now=at.now)


OWN: Part[Admission] = Part(whose=lambda one, _: {"units": (one.unit,)})
"""The unit's that asked for it."""


@ADMISSIONS.step(
    "撤回申请",
    who=DEPARTMENTS,
    rules="A-03",
    part=OWN,
    opens=lambda one, _: admitting.may_withdraw(one),
)
def withdraw(one: Admission, at: At[AffairsPolicy], body: ReasonIn) -> Sequence[AdmissionEvent]:
    """Before it was decided; also a claim that it is free of admission."""
    return admitting.withdraw(one, body.reason, at.now)


class ReviewIn(Asked):
    """`heard`: offices, as `street:…` and `community:…`."""

    hearing: Hearing | None = None
    heard: Annotated[tuple[Short, ...], Several] = ()
    opinion: Annotated[Long, MUST] = ""
    on: Day


@ADMISSIONS.step(
    "初审",
    who=OFFICE,
    rules="A-04 A-05",
    part=LED,
    opens=lambda one, _: admitting.may_review(one),
)
async def review(desk: AffairsDesk, at: At[AffairsPolicy], body: ReviewIn) -> Answer:
    """Of the street and the community that it is asked of."""
    placed = await desk.heard(body.heard)
    return await desk.admissions.change(
        at.id,
        lambda one: admitting.review(one, **body.model_dump(), placed=placed, now=at.now),
        at.cause,
    )


class AdmitIn(Asked):
    """`on`: the day it was decided, where that was before today, on paper."""

    mode: Mode
    scope: Long = ""
    until: Day | None = None
    document: Annotated[Short, MUST] = ""
    on: Day | None = None


@ADMISSIONS.step(
    "准予准入",
    who=OFFICE,
    rules="A-04 A-05 A-06",
    part=LED,
    opens=lambda one, _: admitting.may_decide(one),
)
def admit(one: Admission, at: At[AffairsPolicy], body: AdmitIn) -> AdmissionEvent:
    """As the leading group decided."""
    return admitting.admit(one, **body.model_dump(), brief_days=at.known.brief_days, now=at.now)


class RefuseIn(Asked):
    reason: Annotated[Long, MUST] = ""
    document: Annotated[Short, MUST] = ""


@ADMISSIONS.step(
    "不予准入",
    who=OFFICE,
    rules="A-04",
    part=LED,
    opens=lambda one, _: admitting.may_decide(one),
)
def refuse(one: Admission, at: At[AffairsPolicy], body: RefuseIn) -> AdmissionEvent:
    return admitting.refuse(one, reason=body.reason, document=body.document, now=at.now)


class ArrangeIn(Asked):
    how: Annotated[Long, MUST] = ""


@ADMISSIONS.step(
    "街道安排", who=STREETS, rules="A-08", opens=lambda one, _: admitting.may_arrange(one)
)
def arrange(one: Admission, at: At[AffairsPolicy], body: ArrangeIn) -> AdmissionEvent:
    return admitting.arrange(one, body.how, at.now)


class EnterIn(Asked):
    on: Day
    window: Annotated[Short, MUST] = ""


@ADMISSIONS.step(
    "社区承接", who=LOCAL, rules="A-08 A-09", opens=lambda one, at: admitting.may_enter(one, at.now)
)
def enter(one: Admission, at: At[AffairsPolicy], body: EnterIn) -> AdmissionEvent:
    return admitting.enter(one, on=body.on, window=body.window, now=at.now)


class FundsIn(Asked):
    fen: Fen
    evidence: Annotated[Short, MUST] = ""
    on: Day


@ADMISSIONS.step(
    "登记经费到位",
    name="funds",
    who=LOCAL,
    rules="A-07",
    opens=lambda one, _: admitting.may_receive(one),
)
def funds(one: Admission, at: At[AffairsPolicy], body: FundsIn) -> list[AdmissionEvent]:
    return [*admitting.receive(one, **body.model_dump(), now=at.now)]


class FundsCorrectedIn(ReasonIn):
    """`number`: which of the sums that came, in the order of entry; `fen` as it was in truth."""

    number: Annotated[Whole, Field(ge=1)]
    fen: Fen


@ADMISSIONS.step(
    "更正到账金额",
    "/admissions/{id}/funds/correct",
    name="correct_funds",
    who=LOCAL,
    rules="A-07",
    opens=lambda one, _: admitting.may_correct(one),
)
def correct_funds(one: Admission, at: At[AffairsPolicy], body: FundsCorrectedIn) -> AdmissionEvent:
    return admitting.correct(one, **body.model_dump(), now=at.now)


STEPS = (
    apply,
    exempt,
    accept,
    contest,
    register,
    correct,
    withdraw,
    review,
    admit,
    refuse,
    arrange,
    enter,
    funds,
    correct_funds,
)
