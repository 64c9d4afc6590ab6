"""What becomes of an organisation by what happens to it."""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import assert_never

from . import events as e
from .changing import changed
from .events import (
    EndEvent,
    HeadEvent,
    ListingEvent,
    OrganisationEvent,
    RegistrationEvent,
    WatchEvent,
)
from .kinds import Status
from .organisation import Organisation
from .parts import Head, Listing, Matter, Year
from .resettling import Resettled


def evolve(organisation: Organisation | None, event: OrganisationEvent) -> Organisation:
    if isinstance(event, e.Applied):
        said = {one.name: getattr(event, one.name) for one in fields(event) if one.name != "at"}
        return Organisation(**said, applied_at=event.at)
    if isinstance(event, e.OrganisationEntered):
        return _entered(event)
    if organisation is None:
        raise ValueError("an organisation begins by its application")
    if isinstance(event, RegistrationEvent):
        return _registration(organisation, event)
    if isinstance(event, ListingEvent):
        return _listing(organisation, event)
    if isinstance(event, HeadEvent):
        return _heads(organisation, event)
    if isinstance(event, WatchEvent):
        return _watched(organisation, event)
    if isinstance(event, EndEvent):
        return _ending(organisation, event)
    match event:
        case e.RegistrationChanged():
            return changed(organisation, event)
        case e.ClockRenewed():
            return _renewed(organisation, event)
        case Resettled():
            return replace(organisation, street=event.street, community=event.community)
        case _:
            assert_never(event)


def _entered(event: e.OrganisationEntered) -> Organisation:
    return Organisation(
        code=event.code,
        name=event.name,
        kind=event.kind,
        sector=event.sector,
        street=event.street,
        community=event.community,
        supervising=event.supervising,
        scope=event.scope,
        applied_at=event.at,
        status=Status.REGISTERED,
        certificate=event.certificate,
        registered_on=event.on,
        report_by=event.report_by,
    )


def _registration(organisation: Organisation, event: RegistrationEvent) -> Organisation:
    match event:
        case e.SupervisorSaid():
            return replace(organisation, approval=event.approval)
        case e.Examined():
            found = event.examination
            return replace(
                organisation, status=Status.EXAMINED, examination=found, party=found.party
            )
        case e.OrganisationRegistered():
            return replace(
                organisation,
                status=Status.REGISTERED,
                certificate=event.certificate,
                registered_on=event.on,
                report_by=event.report_by,
            )
        case e.RegistrationRefused():
            return replace(
                organisation, status=Status.REFUSED, excluded=event.excluded, reason=event.reason
            )
        case _:
            assert_never(event)


def _listing(organisation: Organisation, event: ListingEvent) -> Organisation:
    def changed(id: str, change: Callable[[Listing], Listing]) -> Organisation:
        listings = tuple(change(one) if one.id == id else one for one in organisation.listings)
        return replace(organisation, listings=listings)

    match event:
        case e.ListingProposed():
            return replace(organisation, listings=(*organisation.listings, event.listing))
        case e.ListingAnswered():
            answer = event.answer
            return changed(event.listing, lambda one: replace(one, answer=answer))
        case e.ListingEntered():
            on, until = event.on, event.until
            return changed(
                event.listing,
                lambda one: replace(one, entered_on=on, until=until or one.until),
            )
        case e.ListingLeft():
            return changed(
                event.listing,
                lambda one: replace(one, left=event.left, left_on=event.on, why=event.why),
            )
        case _:
            assert_never(event)


def _heads(organisation: Organisation, event: HeadEvent) -> Organisation:
    def changed(seat: str, change: Callable[[Head], Head]) -> Organisation:
        heads = tuple(change(one) if one.seat == seat else one for one in organisation.heads)
        return replace(organisation, heads=heads)

    match event:
        case e.HeadPublicised():
            return replace(organisation, heads=(*organisation.heads, event.head))
        case e.PersonNamed():
            others = tuple(one for one in organisation.named if one != event.seat)
            return replace(organisation, named=(*others, event.seat))
        case e.PeopleForgotten():
            named = tuple(one for one in organisation.named if one not in event.seats)
            return replace(organisation, named=named)
        case e.PersonRead():
            return organisation
        case e.HeadSeated():
            on = event.on
            after = changed(event.seat, lambda one: replace(one, seated_on=on))
            return replace(after, party=event.party)
        case e.HeadLeft():
            gone, audit = event.on, event.audit
            return changed(event.seat, lambda one: replace(one, left_on=gone, audit=audit))
        case e.HeadAudited():
            audited = event.document
            return changed(event.seat, lambda one: replace(one, audited=audited))
        case e.AuditMissed():
            return changed(event.seat, lambda one: replace(one, audit_missed=True))
        case e.HeadReported():
            year = event.year
            return changed(event.seat, lambda one: replace(one, reports=(*one.reports, year)))
        case e.ConductRecorded():
            return replace(organisation, conduct=(*organisation.conduct, event.conduct))
        case _:
            assert_never(event)


def _watched(organisation: Organisation, event: WatchEvent) -> Organisation:
    match event:
        case e.MatterReported():
            return replace(organisation, matters=(*organisation.matters, event.matter))
        case e.MatterFollowed():
            after, at = event.after, event.at
            return _matter(
                organisation, event.matter, lambda one: replace(one, after=after, after_at=at)
            )
        case e.MatterMissed():
            return _matter(organisation, event.matter, lambda one: replace(one, missed=True))
        case e.YearReported():
            report = event.report
            return _year(organisation, event.year, lambda one: replace(one, report=report))
        case e.YearChecked():
            check = event.check
            checked = _year(organisation, event.year, lambda one: replace(one, check=check))
            return replace(checked, party=check.party)
        case e.YearMissed():
            return _year(organisation, event.year, lambda one: replace(one, missed=True))
        case e.Rated():
            before = tuple(replace(one, ended=True) for one in organisation.ratings)
            return replace(organisation, ratings=(*before, event.rating))
        case e.RatingEnded():
            ended = tuple(replace(one, ended=True) for one in organisation.ratings)
            return replace(organisation, ratings=ended)
        case e.SpotChecked():
            return replace(organisation, spot_checks=(*organisation.spot_checks, event.check))
        case _:
            assert_never(event)


def _ending(organisation: Organisation, event: EndEvent) -> Organisation:
    if isinstance(event, e.EndBegun):
        return replace(organisation, status=Status.LIQUIDATING, end=event.end)
    if organisation.end is None:
        raise ValueError("an end is begun first")
    match event:
        case e.Liquidated():
            found = replace(organisation.end, liquidation=event.document, assets_to=event.assets_to)
            return replace(organisation, end=found)
        case e.EndWithdrawn():
            return replace(organisation, status=Status.REGISTERED, end=None)
        case e.Deregistered():
            over = replace(organisation.end, over_on=event.on)
            return replace(organisation, status=Status.ENDED, end=over)
        case _:
            assert_never(event)


def _renewed(organisation: Organisation, event: e.ClockRenewed) -> Organisation:
    heads = tuple(
        replace(one, audit=event.clock) if one.seat == event.about else one
        for one in organisation.heads
    )
    known = replace(organisation, heads=heads)
    return _matter(known, event.about, lambda one: replace(one, clock=event.clock))


def _matter(
    organisation: Organisation, id: str, change: Callable[[Matter], Matter]
) -> Organisation:
    matters = tuple(change(one) if one.id == id else one for one in organisation.matters)
    return replace(organisation, matters=matters)


def _year(organisation: Organisation, year: int, change: Callable[[Year], Year]) -> Organisation:
    known = organisation.year(year) or Year(year=year)
    others = [one for one in organisation.years if one.year != year]
    ordered = sorted([*others, change(known)], key=lambda one: one.year)
    return replace(organisation, years=tuple(ordered))
