"""What becomes of an organisation by what happens to it."""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import assert_never

from .events import (
    Applied,
    Examined,
    ListingAnswered,
    ListingEntered,
    ListingLeft,
    ListingProposed,
    OrganisationEvent,
    OrganisationRegistered,
    RegistrationRefused,
    SupervisorSaid,
)
from .kinds import Status
from .organisation import Organisation
from .parts import Listing


def evolve(organisation: Organisation | None, event: OrganisationEvent) -> Organisation:
    if isinstance(event, Applied):
        said = {one.name: getattr(event, one.name) for one in fields(event) if one.name != "at"}
        return Organisation(**said, applied_at=event.at)
    if organisation is None:
        raise ValueError("an organisation begins by its application")
    match event:
        case SupervisorSaid():
            return replace(organisation, approval=event.approval)
        case Examined():
            return replace(organisation, status=Status.EXAMINED, examination=event.examination)
        case OrganisationRegistered():
            return replace(
                organisation,
                status=Status.REGISTERED,
                certificate=event.certificate,
                registered_on=event.on,
            )
        case RegistrationRefused():
            return replace(
                organisation, status=Status.REFUSED, excluded=event.excluded, reason=event.reason
            )
        case ListingProposed():
            return replace(organisation, listings=(*organisation.listings, event.listing))
        case ListingAnswered():
            answer = event.answer
            return _listed(organisation, event.listing, lambda one: replace(one, answer=answer))
        case ListingEntered():
            on = event.on
            return _listed(organisation, event.listing, lambda one: replace(one, entered_on=on))
        case ListingLeft():
            return _listed(
                organisation,
                event.listing,
                lambda one: replace(one, left=event.left, left_on=event.on, why=event.why),
            )
        case _:
            assert_never(event)


def _listed(
    organisation: Organisation, id: str, change: Callable[[Listing], Listing]
) -> Organisation:
    listings = tuple(change(one) if one.id == id else one for one in organisation.listings)
    return replace(organisation, listings=listings)
