"""What the use cases work on, and what the policy looks at."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chassis.aggregates import Aggregates
from chassis.files import Files
from chassis.guarded import Guarded
from chassis.kernel.errors import UnknownReference
from chassis.numbers import prefix
from chassis.policy import Policies
from chassis.removals import Removals
from services.housing.domain.agreement import UNITS, Agreement
from services.housing.domain.booking import BookingEvent, RoomMonth
from services.housing.domain.boundaries import BoundaryChange, BoundaryEvent
from services.housing.domain.community import Community, CommunityEntered
from services.housing.domain.declaration import Declaration, DeclarationEvent
from services.housing.domain.events import AgreementEvent
from services.housing.domain.evidence import Evidence, EvidenceFiled
from services.housing.domain.naming import NameHeld
from services.housing.domain.outlines import Outline, OutlineDrawn
from services.housing.domain.policy import HousingPolicy
from services.housing.domain.premises import Premises, PremisesEvent
from services.housing.domain.street import Street
from services.housing.domain.yards import Yards, YardsEntered

from .suppliers import Suppliers


def agreement_resource(agreement: Agreement) -> dict[str, object]:
    return {"street": agreement.street, "community": agreement.community, "units": UNITS}


def community_resource(community: Community) -> dict[str, object]:
    return {"street": community.street, "community": community.code}


def place_of(known: Premises | RoomMonth | Yards | Outline) -> dict[str, object]:
    return {"street": known.street, "community": known.community}


@dataclass(frozen=True, slots=True, kw_only=True)
class Registers:
    communities: Guarded[Community, CommunityEntered]
    changes: Guarded[BoundaryChange, BoundaryEvent]
    agreements: Guarded[Agreement, AgreementEvent]
    premises: Guarded[Premises, PremisesEvent]
    declarations: Guarded[Declaration, DeclarationEvent]
    evidence: Aggregates[Evidence, EvidenceFiled]
    names: Aggregates[NameHeld, NameHeld]
    yards: Guarded[Yards, YardsEntered]
    outlines: Guarded[Outline, OutlineDrawn]
    months: Guarded[RoomMonth, BookingEvent]
    suppliers: Suppliers
    policies: Policies[HousingPolicy]
    files: Files
    removals: Removals
    streets: Mapping[str, Street]

    def numbered(self, street: str, now: datetime) -> str:
        """How the number of a case of this street begins."""
        return prefix(self.streets[street].name if street in self.streets else street, now)

    async def community(self, code: str) -> tuple[Community, int]:
        """One that holds today, and its version; UnknownReference otherwise."""
        held = await self.communities.look(code)
        if held is None or held.aggregate.valid_to is not None:
            raise UnknownReference(f"没有这个社区，或已终止：{code}", field="community")
        return held.aggregate, held.version
