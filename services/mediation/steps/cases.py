"""Cases: from their registration to an agreement, or to where else the parties can go."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, get_args

from pydantic import Field

from chassis.at import At
from chassis.beside import together
from chassis.http import Asked, ReasonIn
from chassis.kernel.clock import Ends, local_date, soonest
from chassis.kind import Changed
from chassis.lists import DUE, NEWEST, Filter, by, due, moment
from chassis.places import numbered
from chassis.steps import Collection, Part
from chassis.words import Day, Flag, Long, Passage, Several, Short, Whole
from contracts.event import Code, Id
from services.mediation import announce
from services.mediation.access import DECIDING, HOLDERS, OF_CASES, REGISTERING
from services.mediation.desk import (
    TEXT,
    MediationDesk,
    case_resource,
    names,
    place_of,
)
from services.mediation.domain import course, mediating, waiting
from services.mediation.domain.case import Case, Status
from services.mediation.domain.clocks import Clocks
from services.mediation.domain.dispute import (
    Body,
    Conflict,
    Dispute,
    How,
    Party,
    Remedy,
    Risk,
    Source,
    Way,
)
from services.mediation.domain.events import Agreement, CaseEvent, CaseRegistered
from services.mediation.domain.evolution import evolve
from services.mediation.domain.mediator import Mediator, fit

Office = Annotated[Short, Field(json_schema_extra={"x-office": True})]
"""As it acts: `street:guanshang`, `department:health`; described as one, so that a form can offer them by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The clocks in force, the street of an office that was named, and of the mediators those on the roster."""

    clocks: Clocks
    its_street: str | None = None
    roster: Mapping[str, Mediator] = field(default_factory=dict)


async def known(desk: MediationDesk, _: Case | None, __: At[None]) -> Known:
    return Known(clocks=await desk.clocks())


def opens(case: Case, at: At[Known], step: str) -> None:
    case.may(step)


def minded(case: Case, office: str) -> Ends | None:
    """By whom it doesn't wait for: who handed it on sees what runs, and nobody's lateness, unless it is his to oversee:
    where the dispute is, and in the street that has it.
    """
    streets = (case.street_now, case.held_in)
    here = {waiting.LEADING, *(f"street:{one}" for one in streets), case.here_now}
    elsewhere = ":" in office and office not in here
    due = case.next_due if elsewhere else soonest(waiting.of_case(case), case.next_due)
    return Ends(due=due) if due else None


CASES: Collection[Case, CaseEvent, MediationDesk, Known] = Collection(
    service="mediation",
    name="cases",
    title="纠纷",
    path="/cases",
    state=Case,
    events=get_args(CaseEvent),
    evolve=evolve,
    next_due=lambda case: case.next_due,
    over=lambda case: case.over,
    announce=announce.of_cases,
    resource=case_resource,
    access=OF_CASES,
    keys=lambda case: {
        **case_resource(case),
        "status": case.status,
        "dispute": case.dispute,
        "risk": case.risk,
        "way": case.way,
        "source": case.source,
        "office": case.office,
        "late": case.late,
        "listed": case.listed is not None,
        "due": due(soonest(waiting.of_case(case), case.next_due)),
        "opened_at": moment(case.registered_at),
        "opened_on": None if case.voided else local_date(case.registered_at),
        "ended_on": local_date(case.ended.at) if case.ended else None,
    },
    awaits=waiting.of_case,
    runs=minded,
    indexes=(
        "street+opened_at",
        "community+opened_at",
        "units[]",
        "offices[]+opened_at",
        "office",
        "status",
        "risk",
        "opened_at",
        "due",
    ),
    always=("offices",),
    words=lambda case: case.reference or "",
    names=names,
    sorts={"newest": NEWEST, "due": DUE},
    filters={
        **by("street", "community"),
        "unit": Filter(key="units"),
        "state": Filter(key="status", type=Status),
        "dispute": Filter(key="dispute", type=Dispute),
        "risk": Filter(key="risk", type=Risk),
        "way": Filter(key="way", type=Way),
        "source": Filter(key="source", type=Source),
        "office": Filter(key="office", type=Office),
        "late": Filter(key="late", type=bool),
        "listed": Filter(key="listed", type=bool),
        "from": Filter(key="opened_on", type=Day, how="from"),
        "to": Filter(key="opened_on", type=Day, how="to"),
    },
    of=lambda desk: desk.cases,
    knows=known,
    opens=opens,
)


def holder(case: Case, _: At[Any]) -> Mapping[str, object]:
    """Whose it is now."""
    return place_of(case.office, case.held_in)


HELD = Part(whose=holder)


class PartyIn(Asked):
    """Sealed at once; in no list, no event and no trail."""

    name: Short
    phone: Short = ""


class CaseIn(Asked):
    """`text` and who the `parties` are is sealed; of parties not named it is said how many there are.

    `to`: whose it is, where that isn't the community or street: who is in charge. `problem`: of the
    whistle's service, where it was handed here, which is of a community; there is one case of it.
    """

    dispute: Dispute
    risk: Risk = Risk.ORDINARY
    source: Source
    street: Code | None = None
    community: Code | None = None
    text: Passage
    parties: Annotated[tuple[PartyIn, ...], Several] = ()
    count: Whole = 2
    to: Office | None = None
    problem: Id | None = None
    repeats: Id | None = None


@CASES.step(
    "登记纠纷",
    "/cases",
    who=REGISTERING,
    rules="M-02 M-03 M-08",
    record=None,
    versioned=False,
    status=201,
)
async def register(desk: MediationDesk, at: At[Known], body: CaseIn) -> Changed[Case, CaseEvent]:
    """Sealed beside the case, so that none stands without; of a problem it goes on with its story."""
    street, community = await desk.here(body.street, body.community, at.now)
    at.demand({**place_of(at.by), "street": street, "community": community})
    id = at.asking.new_id("cases")
    if body.problem is not None:
        id = await desk.case_of(body.problem, street, community)
    cause = replace(at.cause, correlation=body.problem or at.cause.correlation)
    office = f"community:{community}" if community else f"street:{street}"
    office = await desk.known_office(body.to, at.now) if body.to else office
    its_street = await desk.street_of(office)
    if body.repeats is not None:
        await desk.cases.named(body.repeats, at.subject, "repeats")
    registered = CaseRegistered(
        dispute=body.dispute,
        risk=body.risk,
        source=body.source,
        street=street,
        community=community,
        office=office,
        way=at.known.clocks.policy.way_of(office),
        parties=course.between(body.text, body.count, [one.name for one in body.parties]),
        by=at.by,
        problem=body.problem,
        repeats=body.repeats,
        its_street=its_street,
        at=at.now,
    )
    happened = course.register(registered, at.known.clocks)
    named = dict(zip(registered.parties, body.parties, strict=False))
    boxes = {TEXT: {TEXT: body.text}}
    boxes |= {party.value: person.model_dump() for party, person in named.items()}
    number = await numbered(desk.communities, street, at.now)
    all_of_it = (*happened, *course.named_at_first(named))
    sealed = together(*(desk.sealed.keeping(id, what, box, cause) for what, box in boxes.items()))
    return await desk.cases.create(id, lambda: all_of_it, cause, numbered=number, beside=sealed)


def registrar(case: Case, at: At[Any]) -> Mapping[str, object]:
    """Who entered it, or goes on for it."""
    return place_of(at.by) if at.by == case.registrar else {}


@CASES.step(
    "撤销登记",
    who=HOLDERS,
    rules="M-02 M-04 M-08",
    part=Part(whose=registrar),
    opens=lambda c, at: course.may_void(c, at.by),
)
def void(c: Case, at: At[Known], body: ReasonIn) -> tuple[CaseEvent, ...]:
    """Entered by mistake, or twice: it counts in no ledger and no figure; what is sealed of it goes by its term."""
    return course.void(c, at.by, body.reason, at.now)


class AcceptIn(Asked):
    """`way`: where it isn't the office's own, as of an industry's people's mediation committee."""

    way: Way | None = None


ITS_OWN = AcceptIn()


@CASES.step("受理", who=HOLDERS, rules="M-03 M-04", part=HELD)
def accept(c: Case, at: At[Known], body: AcceptIn = ITS_OWN) -> tuple[CaseEvent, ...]:
    return course.accept(c, body.way, at.known.clocks, at.now)


class ToIn(Asked):
    """Whose it is, and why."""

    to: Office
    reason: Long


async def naming_an_office(desk: MediationDesk, at: At[Known], said: Any) -> Known:
    office = await desk.known_office(said.to, at.now)
    return replace(at.known, its_street=await desk.street_of(office))


@CASES.step(
    "退回并写明归属",
    who=HOLDERS,
    rules="M-03 M-04",
    part=HELD,
    opens=lambda c, _: course.may_return(c),
    learns=(naming_an_office,),
)
def whose(c: Case, at: At[Known], body: ToIn) -> tuple[CaseEvent, ...]:
    clocks, its_street = at.known.clocks, at.known.its_street
    return course.whose(c, body.to, body.reason, clocks, at.now, its_street=its_street)


@CASES.step(
    "裁定归属",
    who=DECIDING,
    rules="M-03 M-04",
    part=Part(whose=lambda c, _: {"street": c.street_now}),
    opens=lambda c, at: course.may_assign(c, at.by),
    learns=(naming_an_office,),
)
def assign(c: Case, at: At[Known], body: ToIn) -> tuple[CaseEvent, ...]:
    clocks, its_street = at.known.clocks, at.known.its_street
    return course.assign(c, body.to, body.reason, at.by, clocks, at.now, its_street=its_street)


class TransferIn(Asked):
    """`commission`: it comes back where it leads to nothing."""

    to: Office
    way: Way | None = None
    commission: Flag = False
    reason: Long


@CASES.step("移交、委托", who=HOLDERS, rules="M-04 M-06", part=HELD, learns=(naming_an_office,))
def transfer(c: Case, at: At[Known], body: TransferIn) -> tuple[CaseEvent, ...]:
    clocks, its_street = at.known.clocks, at.known.its_street
    return course.transfer(c, **body.model_dump(), clocks=clocks, now=at.now, its_street=its_street)


class WillIn(Asked):
    party: Party
    willing: Flag


@CASES.step("当事人意愿", who=HOLDERS, rules="M-04 M-05", part=HELD)
def will(c: Case, at: At[Known], body: WillIn) -> CaseEvent:
    return mediating.will(c, body.party, body.willing, at.now)


class SessionIn(Asked):
    """`mediators` by their codes."""

    on: Day
    body: Body
    mediators: Annotated[tuple[Code, ...], Several]


async def naming_mediators(desk: MediationDesk, at: At[Known], body: SessionIn) -> Known:
    return replace(at.known, roster=await desk.roster(body.mediators))


@CASES.step(
    "调解",
    who=HOLDERS,
    rules="M-04 M-05 M-09 M-10",
    part=HELD,
    opens=lambda c, _: mediating.may_meet(c),
    learns=(naming_mediators,),
)
def session(c: Case, at: At[Known], body: SessionIn) -> CaseEvent:
    mediating.may_meet(c)
    fit(at.known.roster, body.mediators, c.held_in, body.on)
    return mediating.meet(c, **body.model_dump(), now=at.now)


@CASES.step(
    "撤销最近一次调解记录",
    "/cases/{id}/session/strike",
    name="strike_session",
    who=HOLDERS,
    rules="M-04",
    part=HELD,
    opens=lambda c, _: mediating.may_strike(c),
)
def strike_session(c: Case, at: At[Known], body: ReasonIn) -> CaseEvent:
    """Entered with the wrong day or mediator, or of another case: nothing came of it yet."""
    return mediating.strike(c, body.reason, at.now)


class RecuseIn(Asked):
    mediator: Code
    why: Conflict


@CASES.step("调解员回避", who=HOLDERS, rules="M-04 M-10", part=HELD)
def recuse(c: Case, at: At[Known], body: RecuseIn) -> CaseEvent:
    return mediating.recuse(c, body.mediator, body.why, at.now)


class ExtendIn(Asked):
    """`agreed`: the parties that gave their word."""

    agreed: Annotated[tuple[Party, ...], Several]


@CASES.step(
    "延长调解",
    who=HOLDERS,
    rules="M-04",
    part=HELD,
    opens=lambda c, at: mediating.may_extend(c, at.now),
)
def extend(c: Case, at: At[Known], body: ExtendIn) -> tuple[CaseEvent, ...]:
    return mediating.extend(c, body.agreed, at.known.clocks, at.now)


class AgreeIn(Asked):
    """`terms` are sealed; `amount` in fen, where money is to be paid; `signed`: the parties that did."""

    signed_on: Day
    signed: Annotated[tuple[Party, ...], Several]
    perform_by: Day
    amount: Whole | None = None
    terms: Passage


@CASES.step(
    "登记协议",
    who=HOLDERS,
    rules="M-02 M-04 M-05 M-10",
    part=HELD,
    opens=lambda c, _: mediating.may_agree(c),
)
async def agree(desk: MediationDesk, at: At[Known], body: AgreeIn) -> Changed[Case, CaseEvent]:
    """The terms are sealed beside it, so that no agreement stands without."""
    box = at.cause.fresh
    agreement = Agreement(**body.model_dump(exclude={"terms"}), box=box)
    terms = desk.sealed.keeping(at.id, box, {"terms": body.terms}, at.cause)
    return await desk.cases.change(
        at.id, lambda c: mediating.agree(c, agreement, body.terms, at.now), at.cause, beside=terms
    )


class FailIn(Asked):
    """`told`: what the parties were told of."""

    how: How
    told: Annotated[tuple[Remedy, ...], Several] = ()


@CASES.step(
    "调解不成",
    who=HOLDERS,
    rules="M-04 M-05 M-06 M-08",
    part=HELD,
    opens=lambda c, _: mediating.may_fail(c),
)
def fail(c: Case, at: At[Known], body: FailIn) -> tuple[CaseEvent, ...]:
    return mediating.fail(c, body.how, body.told, at.known.clocks, at.now)


STEPS = (
    register,
    void,
    accept,
    whose,
    assign,
    transfer,
    will,
    session,
    strike_session,
    recuse,
    extend,
    agree,
    fail,
)
