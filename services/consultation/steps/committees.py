"""Committees: seated by their place, for a term."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, get_args

from chassis.at import At
from chassis.http import Asked, ReasonIn
from chassis.kernel.clock import WorkTime
from chassis.kind import Changed
from chassis.lists import DUE, NEWEST, Filter, by, due, moment
from chassis.steps import Collection
from chassis.words import Day, Flag, Several, Short, Whole
from contracts.event import Code
from services.consultation import announce
from services.consultation.access import ACCESS, CONVENERS, STREETS
from services.consultation.desk import ConsultationDesk, committee_resource, names
from services.consultation.domain import committee as committees
from services.consultation.domain import planning, seating, waiting
from services.consultation.domain.committee import (
    Committee,
    CommitteeSeated,
    Level,
    Member,
    SeatKind,
)
from services.consultation.domain.members import MemberClass
from services.consultation.domain.policy import ConsultationPolicy
from services.consultation.domain.rights import MemberYear
from services.consultation.domain.roll import CommitteeEvent, evolve, next_due


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The numbers in force, the working days, and where it is asked, what a member did in a year, and on which days its
    regular meetings were held here.
    """

    policy: ConsultationPolicy
    work: WorkTime
    year: MemberYear | None = None
    here: frozenset[date] = frozenset()


async def known(desk: ConsultationDesk, _: Committee | None, __: At[None]) -> Known:
    return Known(policy=(await desk.policies.current())[1], work=desk.work)


COMMITTEES: Collection[Committee, CommitteeEvent, ConsultationDesk, Known] = Collection(
    service="consultation",
    name="committees",
    title="议事委员会",
    path="/committees",
    state=Committee,
    events=get_args(CommitteeEvent),
    evolve=evolve,
    next_due=next_due,
    announce=announce.of_committees,
    resource=committee_resource,
    access=ACCESS,
    keys=lambda committee: {
        **committee_resource(committee),
        "level": committee.level,
        "opened_at": moment(committee.seated_at),
        "due": due(planning.awaited_by(committee)),
    },
    awaits=waiting.of_committee,
    indexes=("street+opened_at", "street+due", "community", "opened_at", "due"),
    words=lambda committee: committee.name,
    names=names,
    sorts={"newest": NEWEST, "due": DUE},
    filters={**by("street", "community"), "level": Filter(key="level", type=Level)},
    of=lambda desk: desk.committees,
    knows=known,
)


class MemberIn(Asked):
    """A seat; never who sits on it."""

    seat: Code
    kind: SeatKind
    non_party: Flag
    member_class: MemberClass | None = None


class CommitteeIn(Asked):
    """At street level the street is named; below it the community, and its street follows. `seated_on`: where it was
    before today, on paper."""

    level: Level
    street: Code | None = None
    community: Code | None = None
    name: Short
    members: Annotated[tuple[MemberIn, ...], Several]
    seated_on: Day | None = None


@COMMITTEES.step(
    "设立议事委员会",
    "/committees",
    who=CONVENERS,
    rules="C-01",
    record=None,
    versioned=False,
    claims=True,
    status=201,
)
async def seat(
    desk: ConsultationDesk, at: At[Known], body: CommitteeIn
) -> Changed[Committee, CommitteeEvent]:
    street, community = await desk.place(body.level, body.street, body.community, at.now)
    at.demand({"street": street, "community": community})
    number, policy = await desk.policies.current()
    id = at.asking.new_id("committees")
    if body.level in seating.ONE_SITS:
        id = await desk.seated_at(body.level, street, community, at.cause)
    seated = CommitteeSeated(
        level=body.level,
        street=street,
        community=community,
        name=body.name,
        members=tuple(Member(**member.model_dump()) for member in body.members),
        policy=number,
        seated_on=body.seated_on,
        term_ends=committees.term(body.seated_on, at.now),
        at=at.now,
    )

    def first(known: Committee | None) -> list[CommitteeSeated]:
        seating.alone(known)
        return [committees.seat(seated, policy)]

    return await desk.committees.record(id, first, at.cause)


class AllocateIn(Asked):
    seats: dict[MemberClass, Whole]


@COMMITTEES.step(
    "分配席位", who=STREETS, rules="C-01 C-02", opens=lambda c, at: c.in_office(at.now)
)
def allocate(c: Committee, at: At[Known], body: AllocateIn) -> CommitteeEvent:
    """By the street's party committee, to classes; nominations keep within it."""
    return seating.allocate(c, body.seats, at.known.policy, at.now)


@COMMITTEES.step("撤销", who=STREETS, rules="C-01", opens=lambda c, at: c.in_office(at.now))
def dissolve(c: Committee, at: At[Known], body: ReasonIn) -> CommitteeEvent:
    """What is in work goes on with it; nothing new."""
    return seating.dissolve(c, body.reason, at.now)


STEPS = (seat, allocate, dissolve)
