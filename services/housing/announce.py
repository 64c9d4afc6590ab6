"""Our private events in the words we have promised others. Silence is a decision too."""

from datetime import date
from typing import assert_never

from contracts import housing as told
from contracts.event import Event

from .domain.agreement import (
    UNITS,
    Agreement,
    AgreementCancelled,
    AgreementEvent,
    AgreementExtended,
    AgreementFulfilled,
    AgreementOverdue,
    AgreementSigned,
    PremisesHandedOver,
)
from .domain.community import Community, CommunityEntered


def of_communities(event: CommunityEntered, after: Community) -> Event | None:
    return told.CommunityProfiled(
        street=after.street,
        community=after.code,
        code=after.code,
        name=after.name,
        kind=after.kind.value if after.kind else None,
        households=after.households,
        valid_from=after.valid_from.isoformat(),
        listed=after.listed,
    )


def of_agreements(event: AgreementEvent, after: Agreement) -> Event | None:
    match event:
        case AgreementSigned():
            due = after.due.isoformat()
            return told.AgreementSigned(**_about(after), area_owed=after.area_owed, due=due)
        case PremisesHandedOver():
            return told.PremisesHandedOver(**_about(after), area=event.area, at=event.at)
        case AgreementOverdue():
            return told.AgreementOverdue(
                **_about(after), due=event.due.isoformat(), area_outstanding=event.outstanding
            )
        case AgreementExtended():
            return _changed("extended", after, due_before=event.due_before)
        case AgreementFulfilled():
            return _changed("fulfilled", after, due_before=after.due)
        case AgreementCancelled():
            return _changed("cancelled", after, due_before=after.due)
        case _:
            assert_never(event)


def _about(agreement: Agreement) -> dict[str, object]:
    return {
        "street": agreement.street,
        "community": agreement.community,
        "units": UNITS,
        "agreement": agreement.id,
    }


def _changed(change: str, after: Agreement, *, due_before: date) -> told.AgreementChanged:
    return told.AgreementChanged(
        **_about(after),
        change=change,
        due_before=due_before.isoformat(),
        due=after.due.isoformat(),
        was_overdue=due_before in after.missed,
    )
