"""Our private events in the words we have promised others. Silence is a decision too."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import assert_never

from contracts import housing as published
from contracts.event import Event

from .domain.agreement import UNITS, Agreement
from .domain.boundaries import BoundaryChange, BoundaryEvent, ChangeReached
from .domain.community import Community, CommunityEntered
from .domain.events import (
    AgreementCancelled,
    AgreementEvent,
    AgreementExtended,
    AgreementFulfilled,
    AgreementOverdue,
    AgreementReplaced,
    AgreementSigned,
    InspectionCorrected,
    PremisesHandedOver,
    PremisesInspected,
    RemedyDone,
)
from .domain.outlines import Outline, OutlineDrawn
from .domain.premises import Premises, PremisesEvent, StandardAssessed
from .domain.street import Street
from .domain.yards import YardKind, Yards, YardsEntered


def of_communities(
    streets: Mapping[str, Street],
) -> Callable[[CommunityEntered, Community], Event | None]:
    """`streets`: how others learn what a street is called."""

    def announced(event: CommunityEntered, after: Community) -> Event | None:
        street = streets.get(after.street) if after.street else None
        return published.CommunityProfiled(
            street=after.street,
            community=after.code,
            code=after.code,
            name=after.name,
            street_name=street.name if street else None,
            kind=after.kind.value if after.kind else None,
            households=after.households,
            valid_from=after.valid_from.isoformat(),
            valid_to=after.valid_to.isoformat() if after.valid_to else None,
            listed=after.listed,
            became=after.became,
        )

    return announced


def of_changes(event: BoundaryEvent, after: BoundaryChange) -> Event | None:
    """Not when it is decided: what is told holds today."""
    if not isinstance(event, ChangeReached):
        return None
    return published.BoundaryChanged(
        community=event.community,
        change=after.id,
        kind=after.kind.value,
        on=after.on.isoformat(),
    )


def of_yards(event: YardsEntered, after: Yards) -> Event | None:
    return published.YardsCounted(
        street=after.street,
        community=after.community,
        yards=len(after.yards),
        self_governed=after.households(YardKind.SELF_GOVERNED),
        public_unit=after.households(YardKind.PUBLIC_UNIT),
        property_managed=after.households(YardKind.PROPERTY_MANAGED),
    )


def of_outlines(event: OutlineDrawn, after: Outline) -> Event | None:
    return published.OutlineDrawn(
        street=after.street, community=after.community, polygons=after.polygons
    )


def of_agreements(event: AgreementEvent, after: Agreement) -> Event | None:
    match event:
        case AgreementSigned():
            due = after.due.isoformat()
            return published.AgreementSigned(**_about(after), area_owed=after.area_owed, due=due)
        case PremisesHandedOver():
            return published.PremisesHandedOver(**_about(after), area=event.area, at=event.at)
        case AgreementOverdue():
            return published.AgreementOverdue(
                **_about(after), due=event.due.isoformat(), area_outstanding=event.outstanding
            )
        case AgreementExtended():
            return _changed("extended", after, due_before=event.due_before)
        case AgreementFulfilled():
            return _changed("fulfilled", after, due_before=after.due)
        case AgreementCancelled():
            return _changed("cancelled", after, due_before=after.due)
        case AgreementReplaced():
            return _changed("replaced", after, due_before=after.due)
        case PremisesInspected() | InspectionCorrected() | RemedyDone():
            return None  # nothing was accepted by it
        case _:
            assert_never(event)


def of_premises(event: PremisesEvent, after: Premises) -> Event | None:
    """The rooms themselves are read here; others hear what they come to."""
    if not isinstance(event, StandardAssessed):
        return None
    found = event.assessment
    return published.StandardAssessed(
        street=after.street,
        community=after.community,
        day=found.day.isoformat(),
        standard=found.standard,
        required=found.required,
        area=found.area,
        met=found.met,
        households_met=found.households_met,
    )


def _about(agreement: Agreement) -> dict[str, object]:
    return {
        "street": agreement.street,
        "community": agreement.community,
        "units": UNITS,
        "agreement": agreement.id,
    }


def _changed(change: str, after: Agreement, *, due_before: date) -> published.AgreementChanged:
    return published.AgreementChanged(
        **_about(after),
        change=change,
        due_before=due_before.isoformat(),
        due=after.due.isoformat(),
        was_overdue=due_before in after.missed,
        missed=tuple(day.isoformat() for day in after.missed),
        replacement=after.replacement.by if after.replacement else None,
    )
