"""Our private events in the words we have promised others. Silence is a decision too."""

from collections.abc import Iterable
from typing import Any, assert_never

from contracts import organisations as published
from contracts.event import Event

from .domain import events
from .domain import group as groups
from .domain import volunteer as volunteers
from .domain.counts import HOUR, CommunityCount, CommunityCounted
from .domain.events import OrganisationEvent
from .domain.kinds import Left, ListKind
from .domain.organisation import Organisation
from .domain.parts import Listing
from .domain.resettling import Resettled, Transferred
from .domain.rules import LEAVING, LISTING, RATING

ENTERED = {ListKind.ABNORMAL: "abnormal", ListKind.BLACKLIST: "blacklisted"}
LEFT = {ListKind.ABNORMAL: "abnormal_ended", ListKind.BLACKLIST: "blacklist_ended"}


def of_organisations(event: OrganisationEvent, after: Organisation) -> Event | None:
    match event:
        case (
            events.OrganisationRegistered()
            | events.OrganisationEntered()
            | events.RegistrationChanged()
        ):
            return _registered(after)
        case events.ListingEntered():
            listed = after.listing(event.listing)
            return _standing(after, ENTERED[listed.list], "O-10", LISTING)
        case events.ListingLeft() if event.left is not Left.DROPPED:
            listed = after.listing(event.listing)
            return _standing(after, LEFT[listed.list], "O-10", LISTING)
        case events.Rated():
            return _standing(after, "rated", "O-09", RATING)
        case events.RatingEnded():
            return _standing(after, "rating_ended", "O-09", RATING)
        case events.EndBegun():
            return _standing(after, "ended", "O-11", LEAVING)
        case events.EndWithdrawn():
            return _standing(after, "reinstated", "O-11", LEAVING)
        case events.YearMissed():
            return published.ReportMissed(
                **_about(after), what="yearly", year=event.year, due=event.due
            )
        case events.MatterMissed():
            return published.ReportMissed(
                **_about(after), what="matter", about=event.matter, due=event.due
            )
        case events.AuditMissed():
            return published.ReportMissed(
                **_about(after), what="head", about=event.seat, due=event.due
            )
        case (
            events.Applied()
            | events.SupervisorSaid()
            | events.Examined()
            | events.RegistrationRefused()
            | events.ListingProposed()
            | events.ListingAnswered()
            | events.ListingLeft()
            | events.HeadPublicised()
            | events.PersonNamed()
            | events.PersonRead()
            | events.PeopleForgotten()
            | events.HeadSeated()
            | events.HeadLeft()
            | events.HeadAudited()
            | events.HeadReported()
            | events.ConductRecorded()
            | events.MatterReported()
            | events.MatterFollowed()
            | events.YearReported()
            | events.YearChecked()
            | events.SpotChecked()
            | events.Liquidated()
            | events.Deregistered()
            | events.ClockRenewed()
            | Resettled()
        ):
            return None
        case _:
            assert_never(event)


def of_groups(event: groups.GroupEvent, after: groups.Group) -> Event | None:
    match event:
        case groups.GroupFiled() | groups.GroupLeft() | groups.GroupLapsed():
            return published.GroupFiled(
                street=after.street,
                community=after.community,
                group=after.id,
                kind=after.kind.value,
                left=not after.filed,
            )
        case (
            groups.GroupProposed()
            | groups.GroupLookedAt()
            | groups.GroupDeclined()
            | groups.GroupActive()
            | groups.GroupRenamed()
            | Resettled()
            | Transferred()
        ):
            return None
        case _:
            assert_never(event)


def of_volunteers(event: volunteers.VolunteerEvent, after: volunteers.Volunteer) -> Event | None:
    """How much, and never who."""
    match event:
        case (
            volunteers.VolunteerRegistered()
            | volunteers.VolunteerLeft()
            | volunteers.VolunteerReturned()
            | volunteers.ServiceConfirmed()
            | volunteers.ServiceReversed()
        ):
            return published.VolunteerCounted(
                street=after.street,
                community=after.community,
                supplier=after.organisation,
                active=after.active,
                minutes=after.given,
            )
        case (
            volunteers.OffersChanged()
            | volunteers.ServiceRecorded()
            | volunteers.ServiceRejected()
            | volunteers.ServiceWithdrawn()
            | volunteers.AccountMoved()
            | volunteers.BenefitAssessed()
            | volunteers.BenefitCorrected()
            | volunteers.VolunteerNamed()
            | volunteers.VolunteerRead()
            | volunteers.VolunteerForgotten()
            | Resettled()
            | Transferred()
        ):
            return None
        case _:
            assert_never(event)


def of_counts(event: CommunityCounted, after: CommunityCount) -> Event:
    return published.Counted(
        street=after.street,
        community=after.community,
        organisations=event.figures.organisations,
        groups=event.figures.groups,
        volunteers=event.figures.volunteers,
        minutes=event.figures.minutes,
        hours=event.figures.minutes // HOUR,
    )


def _registered(after: Organisation) -> published.Registered | None:
    """Nothing of an application that is put right."""
    if not after.on_register:
        return None
    return published.Registered(**_about(after), kind=after.kind.value, direct=after.direct)


def _standing(
    after: Organisation, change: Any, rule: str, clause: str
) -> published.StandingChanged:
    abnormal = after.standing_on(ListKind.ABNORMAL)
    black = after.standing_on(ListKind.BLACKLIST)
    return published.StandingChanged(
        **_about(after),
        change=change,
        rating=after.rating.grade if after.rating else None,
        rating_until=after.rating.until.isoformat() if after.rating else None,
        abnormal=tuple(one.ground.value for one in abnormal),
        abnormal_until=_until(abnormal),
        blacklisted=tuple(one.ground.value for one in black),
        blacklisted_until=_until(black),
        ended=after.end.how.value if after.end else None,
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
