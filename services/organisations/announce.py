"""Our private events in the words we have promised others. Silence is a decision too."""

from collections.abc import Iterable
from typing import Any, assert_never

from contracts import organisations as told
from contracts.event import Event

from .domain import events
from .domain.events import OrganisationEvent
from .domain.kinds import Left, ListKind
from .domain.organisation import Organisation
from .domain.parts import Listing
from .domain.rules import LISTING

ENTERED = {ListKind.ABNORMAL: "abnormal", ListKind.BLACKLIST: "blacklisted"}
LEFT = {ListKind.ABNORMAL: "abnormal_ended", ListKind.BLACKLIST: "blacklist_ended"}


def of_organisations(event: OrganisationEvent, after: Organisation) -> Event | None:
    match event:
        case events.OrganisationRegistered():
            return told.Registered(**_about(after), kind=after.kind.value, direct=after.direct)
        case events.ListingEntered():
            listed = after.listing(event.listing)
            return _standing(after, ENTERED[listed.list], "O-10", LISTING)
        case events.ListingLeft():
            if event.left is Left.DROPPED:
                return None
            listed = after.listing(event.listing)
            return _standing(after, LEFT[listed.list], "O-10", LISTING)
        case (
            events.Applied()
            | events.SupervisorSaid()
            | events.Examined()
            | events.RegistrationRefused()
            | events.ListingProposed()
            | events.ListingAnswered()
        ):
            return None
        case _:
            assert_never(event)


def _standing(after: Organisation, change: Any, rule: str, clause: str) -> told.StandingChanged:
    abnormal = after.standing_on(ListKind.ABNORMAL)
    black = after.standing_on(ListKind.BLACKLIST)
    return told.StandingChanged(
        **_about(after),
        change=change,
        abnormal=tuple(one.ground.value for one in abnormal),
        abnormal_until=_until(abnormal),
        blacklisted=tuple(one.ground.value for one in black),
        blacklisted_until=_until(black),
        rule=rule,
        clause=clause,
    )


def _until(listings: Iterable[Listing]) -> str | None:
    """The last day of the longest; None where there is none, or one has no term."""
    terms = [one.until for one in listings]
    if not terms or None in terms:
        return None
    return max(day for day in terms if day is not None).isoformat()


def _about(organisation: Organisation) -> dict[str, Any]:
    return {
        "street": organisation.street,
        "community": organisation.community,
        "units": (organisation.supervising,) if organisation.supervising else (),
        "supplier": organisation.code,
    }
