"""Social organisations: how they come onto the register."""

from dataclasses import dataclass
from typing import Annotated, get_args

from pydantic import Field

from chassis.at import At
from chassis.http import Asked, ReasonIn
from chassis.kind import Changed
from chassis.lists import DUE, NEWEST, Filter, by, due, moment
from chassis.steps import Collection, Part
from chassis.words import Day, Flag, Long, Several, Short, Whole
from contracts.event import Code
from services.organisations import announce
from services.organisations.access import ACCESS, CIVIL_AFFAIRS, SUPERVISING
from services.organisations.desk import (
    CIVIL_AFFAIRS as CIVIL_CODE,
)
from services.organisations.desk import (
    OrganisationsDesk,
    names,
    organisation_resource,
)
from services.organisations.domain import changing, registering, waiting
from services.organisations.domain.events import Applied, OrganisationEvent, RegistrationChanged
from services.organisations.domain.evolution import evolve
from services.organisations.domain.kinds import (
    Exclusion,
    Item,
    Kind,
    ListKind,
    PartyForm,
    Sector,
    Status,
)
from services.organisations.domain.organisation import Organisation
from services.organisations.domain.parts import (
    Approval,
    Examination,
    Founder,
    Licensed,
    Party,
)
from services.organisations.domain.registering import Numbers

from .words import Fen


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The numbers in force; of whoever is to be seated in how many other organisations he serves, and whether he is
    the founder he is said to be."""

    numbers: Numbers
    elsewhere: int = 0
    is_founder: bool = True


async def known(desk: OrganisationsDesk, _: Organisation | None, __: At[None]) -> Known:
    return Known(numbers=await desk.numbers())


ORGANISATIONS: Collection[Organisation, OrganisationEvent, OrganisationsDesk, Known] = Collection(
    service="organisations",
    name="organisations",
    title="社会组织",
    path="/organisations",
    state=Organisation,
    events=get_args(OrganisationEvent),
    evolve=evolve,
    announce=announce.of_organisations,
    next_due=lambda organisation: organisation.next_due,
    over=lambda organisation: min(organisation.gone.values(), default=None),
    resource=organisation_resource,
    access=ACCESS,
    keys=lambda one: {
        **organisation_resource(one),
        "kind": one.kind,
        "sector": one.sector,
        "status": one.status,
        "grade": one.rating.grade if one.rating else 0,
        "listed": one.on_register,
        "abnormal": bool(one.standing_on(ListKind.ABNORMAL)),
        "blacklisted": bool(one.standing_on(ListKind.BLACKLIST)),
        "due": due(one.due),
        "opened_at": moment(one.applied_at),
    },
    awaits=waiting.of_organisation,
    indexes=("street+opened_at", "community", "units[]", "opened_at", "due"),
    words=lambda one: f"{one.name} {one.code} {one.certificate or ''}",
    names=names,
    sorts={"newest": NEWEST, "due": DUE},
    filters={
        **by("street", "community", "units"),
        "kind": Filter(key="kind", type=Kind),
        "sector": Filter(key="sector", type=Sector),
        "state": Filter(key="status", type=Status),
        "grade": Filter(key="grade", type=int, how="from"),
        "listed": Filter(key="listed", type=bool),
        "abnormal": Filter(key="abnormal", type=bool),
        "blacklisted": Filter(key="blacklisted", type=bool),
    },
    of=lambda desk: desk.organisations,
    knows=known,
)
CIVIL: Part[Organisation] = Part(whose=lambda _, __: {"units": (CIVIL_CODE,)})
"""Civil affairs' own to do."""
SUPERVISOR: Part[Organisation] = Part(
    whose=lambda one, _: {"units": (one.supervising,) if one.supervising else ()}
)


class FounderIn(Asked):
    """A seat; never who it is."""

    seat: Code
    main: Flag = False
    defaulter: Flag = False
    official: Flag = False
    approval: Short | None = None


class LicensedIn(Asked):
    matter: Short
    licence: Short | None = None


class OrganisationIn(Asked):
    """`funds` in fen; `pledge` is the number of the founders' paper."""

    code: Code
    name: Short
    kind: Kind
    sector: Sector
    street: Code | None = None
    community: Code | None = None
    supervising: Code | None = None
    purpose: Long
    scope: Long
    funds: Fen
    grants: Flag = False
    pledge: Short
    founders: Annotated[tuple[FounderIn, ...], Field(max_length=50)]
    licensed: Annotated[tuple[LicensedIn, ...], Field(max_length=20)] = ()


@ORGANISATIONS.step(
    "受理登记申请",
    "/organisations",
    who=CIVIL_AFFAIRS,
    rules="O-01 O-02 O-04",
    record=None,
    versioned=False,
    claims=True,
    status=201,
)
async def apply(
    desk: OrganisationsDesk, at: At[Known], body: OrganisationIn
) -> Changed[Organisation, OrganisationEvent]:
    at.demand({"units": (CIVIL_CODE,)})
    street, community = await desk.place(body.street, body.community, at.now)
    if body.supervising is not None:
        await desk.units.known(body.supervising, "supervising")
    given = body.model_dump(exclude={"street", "community", "founders", "licensed"})
    applied = Applied(
        **given,
        street=street,
        community=community,
        founders=tuple(Founder(**one.model_dump()) for one in body.founders),
        licensed=tuple(Licensed(**one.model_dump()) for one in body.licensed),
        at=at.now,
    )
    return await desk.organisations.record(
        body.code, lambda known: [registering.apply(known, applied)], at.cause
    )


class EntryIn(Asked):
    """Of the register as it was before."""

    code: Code
    name: Short
    kind: Kind
    sector: Sector
    street: Code | None = None
    community: Code | None = None
    supervising: Code | None = None
    scope: Long
    certificate: Short
    on: Day


@ORGANISATIONS.step(
    "补录在册组织",
    "/organisations/registered",
    who=CIVIL_AFFAIRS,
    rules="O-01",
    name="enter_registered",
    record=None,
    versioned=False,
    claims=True,
    status=201,
)
async def enter(
    desk: OrganisationsDesk, at: At[Known], body: EntryIn
) -> Changed[Organisation, OrganisationEvent]:
    """One that has its certificate already."""
    at.demand({"units": (CIVIL_CODE,)})
    return await desk.enter_organisation(body.model_dump(), at.cause)


class ApprovalIn(Asked):
    document: Short
    agreed: Flag


@ORGANISATIONS.step(
    "业务主管单位审查",
    who=SUPERVISING,
    rules="O-01",
    part=SUPERVISOR,
    opens=lambda one, _: registering.may_supervise(one),
)
def supervise(one: Organisation, at: At[Known], body: ApprovalIn) -> OrganisationEvent:
    """Its written word, for or against, before civil affairs examines."""
    return registering.supervise(one, document=body.document, agreed=body.agreed, now=at.now)


class PartyIn(Asked):
    """Counts only."""

    form: PartyForm
    members: Annotated[Whole, Field(ge=0, le=100_000)]

    def said(self) -> Party:
        return Party(form=self.form, members=self.members)


class ExaminationIn(Asked):
    items: Annotated[tuple[Item, ...], Several]
    heard: Long
    departments: Annotated[tuple[Code, ...], Field(max_length=20)]
    experts_needed: Flag = False
    experts: Long | None = None
    excluded: Annotated[tuple[Exclusion, ...], Several] = ()
    party: PartyIn
    opinion: Long


@ORGANISATIONS.step(
    "登记审查",
    who=CIVIL_AFFAIRS,
    rules="O-01 O-02 O-03 O-13",
    part=CIVIL,
    opens=lambda one, _: registering.may_examine(one),
)
def examine(one: Organisation, at: At[Known], body: ExaminationIn) -> OrganisationEvent:
    given = body.model_dump(exclude={"party"})
    found = Examination(**given, party=body.party.said(), at=at.now)
    return registering.examine(one, found, at.known.numbers)


class CertificateIn(Asked):
    certificate: Short
    on: Day


@ORGANISATIONS.step(
    "准予登记",
    who=CIVIL_AFFAIRS,
    rules="O-02 O-03",
    part=CIVIL,
    opens=lambda one, at: registering.may_register(one, at.now, at.known.numbers),
)
def register(one: Organisation, at: At[Known], body: CertificateIn) -> OrganisationEvent:
    return registering.register(
        one, certificate=body.certificate, on=body.on, now=at.now, numbers=at.known.numbers
    )


class RefusalIn(Asked):
    excluded: Annotated[tuple[Exclusion, ...], Several] = ()
    reason: Long


@ORGANISATIONS.step(
    "不予登记",
    who=CIVIL_AFFAIRS,
    rules="O-02 O-03",
    part=CIVIL,
    opens=lambda one, _: registering.may_refuse(one),
)
def refuse(one: Organisation, at: At[Known], body: RefusalIn) -> OrganisationEvent:
    return registering.refuse(one, excluded=body.excluded, reason=body.reason, now=at.now)


class RegistrationChangedIn(ReasonIn):
    """What is left out stays. `on`: since when it is so, of a change; left out, something is put right. `document`: by
    which the supervising unit agreed to it.
    """

    name: Short | None = None
    kind: Kind | None = None
    sector: Sector | None = None
    supervising: Code | None = None
    street: Code | None = None
    community: Code | None = None
    purpose: Long | None = None
    scope: Long | None = None
    funds: Fen | None = None
    grants: Flag | None = None
    licensed: Annotated[tuple[LicensedIn, ...], Field(max_length=20)] | None = None
    certificate: Short | None = None
    registered_on: Day | None = None
    on: Day | None = None
    document: Short | None = None


@ORGANISATIONS.step(
    "更正或变更登记",
    who=CIVIL_AFFAIRS,
    rules="O-01 O-02 O-06",
    part=CIVIL,
    opens=lambda one, _: changing.may_change(one),
)
async def change(
    desk: OrganisationsDesk, at: At[Known], body: RegistrationChangedIn
) -> Changed[Organisation, OrganisationEvent]:
    """What was entered wrongly, or is another since; both communities are counted again where it moved."""
    before = (await desk.organisations.get(at.id)).aggregate
    street, community = await desk.place(body.street, body.community, at.now)
    if body.supervising is not None:
        await desk.units.known(body.supervising, "supervising")
    given = body.model_dump(exclude={"street", "community", "licensed", "document"})
    paper = (body.document or "").strip()
    asked = RegistrationChanged(
        **given,
        street=street,
        community=community,
        licensed=None
        if body.licensed is None
        else tuple(Licensed(**one.model_dump()) for one in body.licensed),
        approval=Approval(document=paper, agreed=True, at=at.now) if paper else None,
        at=at.now,
    )
    changed = await desk.organisations.change(
        at.id, lambda one: [changing.change(one, asked, at.known.numbers)], at.cause
    )
    if changed.aggregate.community != before.community:
        for one in (before.community, changed.aggregate.community):
            await desk.recount(one, at.cause)
    return changed


STEPS = (apply, enter, supervise, examine, register, refuse, change)
