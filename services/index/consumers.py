"""Others' news: what each is to us, and the one document it changes.

| news | reaction | document |
|---|---|---|
| housing.community_profiled, whistle.unit_listed | state: the latest wins | our copy |
| whistle.closed, …reopened, …rejected, …withdrawn, …deadline_missed | state: the highest sequence wins | its entry |
| procurement.payment_released, …payment_overdue, …project_evaluated | state: by time and id | its fact |
| housing.standard_assessed | state: the teller's order | its community's premises |
| procurement.supplier_registered | state: the teller's order | its organisation |
| mediation.case_ended | fact: once | its dispute |
| organisations.counted | state: the day's latest wins | its community's count |
| partner.observation_reported | fact: once | its point's observation |
| consultation.member_seated, …seat_ended, of a street's own | fact: once | its year's sheet, and the next's |
| consultation.plan_filed, likewise | fact: once | its year's sheet |
| consultation.session_held, …outcome_reported, …matter_closed, likewise | fact: once | its year's sheet |
| consultation.outcome_followed, …date_missed, likewise | fact: once | its year's sheet |
| whistle.accountability_opened, housing.premises_handed_over | fact: once | a note of its own |
| consultation.fact_recorded | state of an item: the highest sequence wins | its year's sheet |
"""

from datetime import date, datetime
from typing import Any, Protocol

from chassis.cause import Cause
from chassis.copies import Copies
from chassis.kernel.clock import local_date
from chassis.kernel.errors import Malformed
from chassis.kind import derived_id
from chassis.subscriptions import Heard, Subscription
from contracts import organisations
from contracts import whistle as published
from contracts.housing import CommunityProfiled, PremisesHandedOver, StandardAssessed
from contracts.mediation import CaseEnded
from contracts.partner import ObservationReported
from contracts.procurement import (
    PaymentOverdue,
    PaymentReleased,
    ProjectEvaluated,
    SupplierRegistered,
)

from . import annex9_news
from .desk import IndexDesk
from .domain.annex9_events import Told
from .domain.counted import CountHeard
from .domain.entry import Account, Turn, TurnHeard
from .domain.fact import FactHeard, PremisesHeard, Theme
from .domain.feed import DisputeHeard, OrganisationHeard
from .domain.note import AccountabilityNoted, HandoverNoted
from .domain.observation import FigureReported

Subscriptions = tuple[Subscription[Any], ...]


class Cards(Protocol):
    """What streets' scorecards are made of is entered here: by the service, or by who makes them anew."""

    async def enter(self, whistle: str, heard: TurnHeard, cause: Cause) -> None: ...
    async def hear_fact(self, id: str, heard: FactHeard, cause: Cause) -> None: ...
    async def hear_premises(self, community: str, heard: PremisesHeard, cause: Cause) -> None: ...
    async def hear_told(self, street: str, year: int, event: Told, cause: Cause) -> None: ...


def subscriptions(
    desk: IndexDesk, communities: Copies[CommunityProfiled], units: Copies[published.UnitListed]
) -> Subscriptions:
    return (
        communities.subscription(),
        units.subscription(),
        *of_cards(desk),
        *_of_feeds(desk),
        *_of_sheets(desk),
    )


def of_cards(cards: Cards) -> Subscriptions:
    return (*_of_whistles(cards), *_of_consultation(cards), *_of_facts(cards))


def _of_whistles(cards: Cards) -> Subscriptions:
    async def closed(heard: Heard[published.Closed]) -> None:
        await enter(heard, Turn.CLOSED, _account(heard.event))

    async def reopened(heard: Heard[published.Reopened]) -> None:
        await enter(heard, Turn.REOPENED)

    async def rejected(heard: Heard[published.Rejected]) -> None:
        # What the platform had blown by itself is nobody's irregular whistle: it ends as if taken back (W-04).
        await enter(heard, Turn.WITHDRAWN if heard.event.automatic else Turn.REJECTED)

    async def withdrawn(heard: Heard[published.Withdrawn]) -> None:
        await enter(heard, Turn.WITHDRAWN)

    async def missed(heard: Heard[published.DeadlineMissed]) -> None:
        await enter(heard, Turn.MISSED)

    async def enter(heard: Heard[Any], turn: Turn, account: Account | None = None) -> None:
        if heard.event.street is None:
            raise Malformed("事件没有写明 street。", field="street")
        entry = TurnHeard(
            event=heard.envelope.id,
            type=heard.envelope.type,
            sequence=heard.sequence,
            turn=turn,
            at=heard.envelope.time,
            street=heard.event.street,
            community=heard.event.community,
            category=heard.event.category,
            level=heard.event.level,
            account=account,
        )
        await cards.enter(heard.about, entry, heard.cause)

    return (
        Subscription(published.Closed, closed),
        Subscription(published.Reopened, reopened),
        Subscription(published.Rejected, rejected),
        Subscription(published.Withdrawn, withdrawn),
        Subscription(published.DeadlineMissed, missed),
    )


def _of_consultation(cards: Cards) -> Subscriptions:
    async def enter(heard: Heard[Any]) -> None:
        found = annex9_news.READ[type(heard.event)](heard)
        if found is None:
            return
        if heard.event.street is None:
            raise Malformed("事件没有写明 street。", field="street")
        for year in annex9_news.years(*found):
            await cards.hear_told(heard.event.street, year, found[1], heard.cause)

    return tuple(Subscription(news, enter) for news in annex9_news.READ)


def _of_facts(cards: Cards) -> Subscriptions:
    async def released(heard: Heard[PaymentReleased]) -> None:
        await paid(heard, heard.envelope.time <= heard.event.due)

    async def overdue(heard: Heard[PaymentOverdue]) -> None:
        await paid(heard, False)

    async def paid(heard: Heard[Any], on_time: bool) -> None:
        news = heard.event
        id = f"payment.{news.contract}.{news.instalment}"
        await enter(heard, id, Theme.PAYMENT, heard.envelope.time, on_time=on_time)

    async def evaluated(heard: Heard[ProjectEvaluated]) -> None:
        news = heard.event
        id = f"evaluation.{heard.envelope.id}"
        await enter(heard, id, Theme.EVALUATION, news.evaluated_at, points=news.points)

    async def enter(heard: Heard[Any], id: str, theme: Theme, at: datetime, **said: Any) -> None:
        if heard.event.street is None:
            return  # a purchase of the whole district is on no street's card
        fact = FactHeard(
            event=heard.envelope.id,
            type=heard.envelope.type,
            at=at,
            street=heard.event.street,
            theme=theme,
            **said,
        )
        await cards.hear_fact(id, fact, heard.cause)

    async def assessed(heard: Heard[StandardAssessed]) -> None:
        news = heard.event
        if news.street is None or news.community is None:
            return  # four communities have no street in the documents
        answer = PremisesHeard(
            event=heard.envelope.id,
            sequence=heard.sequence,
            day=date.fromisoformat(news.day),
            street=news.street,
            met=news.met,
            area=news.area,
        )
        await cards.hear_premises(news.community, answer, heard.cause)

    return (
        Subscription(PaymentReleased, released),
        Subscription(PaymentOverdue, overdue),
        Subscription(ProjectEvaluated, evaluated),
        Subscription(StandardAssessed, assessed),
    )


def _of_feeds(desk: IndexDesk) -> Subscriptions:
    async def registered(heard: Heard[SupplierRegistered]) -> None:
        news = heard.event
        supplier = OrganisationHeard(
            event=heard.envelope.id,
            type=heard.envelope.type,
            sequence=heard.sequence,
            at=heard.envelope.time,
            counted=news.kind == "social_organisation" and not news.left,
        )
        await desk.hear_organisation(heard.about, supplier, heard.cause)

    async def recounted(heard: Heard[organisations.Counted]) -> None:
        count = CountHeard(
            event=heard.envelope.id,
            type=heard.envelope.type,
            sequence=heard.sequence,
            at=heard.envelope.time,
            organisations=heard.event.organisations,
        )
        await desk.hear_count(heard.about, count, heard.cause)

    async def reported(heard: Heard[ObservationReported]) -> None:
        news = heard.event
        report = FigureReported(
            id=derived_id("report", f"{heard.envelope.source} {heard.envelope.id}"),
            event=heard.envelope.id,
            partner=heard.envelope.source,
            values=news.values,
            at=heard.envelope.time,
        )
        await desk.hear_report(f"{news.year}.{news.point}", report, heard.cause)

    async def settled(heard: Heard[CaseEnded]) -> None:
        news = heard.event
        dispute = DisputeHeard(
            event=heard.envelope.id,
            type=heard.envelope.type,
            sequence=heard.sequence,
            at=news.at,
            people=news.way == "people",
            settled=news.how == "settled",
        )
        await desk.hear_dispute(heard.about, dispute, heard.cause)

    return (
        Subscription(CaseEnded, settled),
        Subscription(SupplierRegistered, registered),
        Subscription(organisations.Counted, recounted),
        Subscription(ObservationReported, reported),
    )


def _of_sheets(desk: IndexDesk) -> Subscriptions:
    async def opened(heard: Heard[published.AccountabilityOpened]) -> None:
        news = heard.event
        if news.street is None:
            return  # four communities have no street in the documents
        case = AccountabilityNoted(
            **_place(heard),
            category=news.category,
            holder=news.holder,
            count=news.count,
            first=date.fromisoformat(news.first),
            last=date.fromisoformat(news.last),
        )
        await desk.note(_named(heard), case, heard.cause)

    async def handed_over(heard: Heard[PremisesHandedOver]) -> None:
        if heard.event.street is None:
            return
        handover = HandoverNoted(**_place(heard), area=heard.event.area)
        await desk.note(_named(heard), handover, heard.cause)

    return (
        Subscription(published.AccountabilityOpened, opened),
        Subscription(PremisesHandedOver, handed_over),
    )


def _place(heard: Heard[Any]) -> dict[str, Any]:
    """Where, and the day it was told on."""
    return {
        "event": heard.envelope.id,
        "street": heard.event.street,
        "community": heard.event.community,
        "day": local_date(heard.envelope.time),
    }


def _named(heard: Heard[Any]) -> str:
    return derived_id("note", f"{heard.envelope.source} {heard.envelope.id}")


def _account(news: published.Closed) -> Account:
    """Of the units whose it was or who settled it before: else another's case says nothing of who was called."""
    theirs = [one for one in news.records if one.outcome != "not_ours" or one.settled_before]
    return Account(
        arrivals=len(theirs),
        arrivals_on_time=sum(record.arrived_on_time for record in theirs),
        handlings=len(theirs),
        handlings_on_time=sum(record.handled_on_time for record in theirs),
        returns=news.returns,
        score=news.score,
        satisfaction=news.satisfaction,
    )
