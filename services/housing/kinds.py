"""What the chassis must know of each aggregate of this service."""

from typing import Any, get_args

from chassis.aggregates import Kind

from . import announce
from .desk.agreements import agreement_resource
from .desk.bookings import month_resource
from .desk.declarations import declaration_resource
from .desk.imports import yards_resource
from .desk.premises import premises_resource
from .desk.register import community_resource
from .domain import (
    agreement,
    booking,
    boundaries,
    community,
    declaration,
    evidence,
    premises,
    yards,
)
from .domain.agreement import Agreement
from .domain.booking import BookingEvent, RoomMonth
from .domain.boundaries import BoundaryChange, BoundaryEvent
from .domain.community import Community, CommunityEntered
from .domain.declaration import Declaration, TotalsDeclared
from .domain.events import AgreementEvent
from .domain.evidence import Evidence, EvidenceFiled
from .domain.premises import Premises, PremisesEvent
from .domain.yards import Yards, YardsEntered
from .shipped import streets

NAME = "housing"


def community_keys(community: Community) -> dict[str, Any]:
    return {**community_resource(community), "kind": community.kind, "name": community.name}


def agreement_keys(agreement: Agreement) -> dict[str, Any]:
    return {
        **agreement_resource(agreement),
        "status": agreement.status,
        "overdue": agreement.overdue,
    }


COMMUNITIES: Kind[Community, CommunityEntered] = Kind(
    service=NAME,
    collection="communities",
    state=Community,
    events=(CommunityEntered,),
    evolve=community.evolve,
    announce=announce.of_communities(streets()),
    keys=community_keys,
    indexes=("name",),
)
CHANGES: Kind[BoundaryChange, BoundaryEvent] = Kind(
    service=NAME,
    collection="boundary_changes",
    state=BoundaryChange,
    events=get_args(BoundaryEvent),
    evolve=boundaries.evolve,
    announce=announce.of_changes,
    keys=lambda change: {"codes": change.codes, "open": not change.reached},
    next_due=lambda change: change.takes_effect_at,
)
AGREEMENTS: Kind[Agreement, AgreementEvent] = Kind(
    service=NAME,
    collection="agreements",
    state=Agreement,
    events=get_args(AgreementEvent),
    evolve=agreement.evolve,
    announce=announce.of_agreements,
    keys=agreement_keys,
    next_due=lambda agreement: agreement.lapses_at,
    indexes=("street", "community", "units", "overdue"),
)
PREMISES: Kind[Premises, PremisesEvent] = Kind(
    service=NAME,
    collection="premises",
    state=Premises,
    events=get_args(PremisesEvent),
    evolve=premises.evolve,
    announce=announce.of_premises,
    keys=premises_resource,
    indexes=("street",),
)
DECLARATIONS: Kind[Declaration, TotalsDeclared] = Kind(
    service=NAME,
    collection="declarations",
    state=Declaration,
    events=(TotalsDeclared,),
    evolve=declaration.evolve,
    announce=lambda *_: None,
    keys=declaration_resource,
)
EVIDENCE: Kind[Evidence, EvidenceFiled] = Kind(
    service=NAME,
    collection="evidence",
    state=Evidence,
    events=(EvidenceFiled,),
    evolve=evidence.evolve,
    announce=lambda *_: None,
    keys=lambda _: {},
)
YARDS: Kind[Yards, YardsEntered] = Kind(
    service=NAME,
    collection="yards",
    state=Yards,
    events=(YardsEntered,),
    evolve=yards.evolve,
    announce=announce.of_yards,
    keys=yards_resource,
)
MONTHS: Kind[RoomMonth, BookingEvent] = Kind(
    service=NAME,
    collection="room_months",
    state=RoomMonth,
    events=get_args(BookingEvent),
    evolve=booking.evolve,
    announce=lambda *_: None,
    keys=lambda month: {**month_resource(month), "room": month.room, "month": month.month},
)
