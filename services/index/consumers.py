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
| consultation.plan_filed, …session_held, …matter_closed, of a street's own | fact: once | its year's sheet |
| consultation.fact_recorded | state of an item: the highest sequence wins | its year's sheet |
"""

from datetime import date, datetime
from typing import Any

from chassis.copies import Copies
from chassis.kernel.clock import local_date
from chassis.kernel.errors import Malformed
from chassis.kind import derived_id
from chassis.subscriptions import Heard, Subscription
from contracts import organisations
from contracts import whistle as told
from contracts.consultation import FactRecorded, MatterClosed, PlanFiled, SessionHeld
from contracts.housing import CommunityProfiled, StandardAssessed
from contracts.mediation import CaseEnded
from contracts.partner import ObservationReported
from contracts.procurement import (
    PaymentOverdue,
    PaymentReleased,
    ProjectEvaluated,
    SupplierRegistered,
)

from .desk import IndexDesk
from .domain.annex9_events import Claim, FactTold, Level, MatterTold, PlanTold, SessionTold, Told
from .domain.counted import CountHeard
from .domain.entry import Account, Turn, TurnHeard
from .domain.fact import FactHeard, PremisesHeard, Theme
from .domain.feed import DisputeHeard, OrganisationHeard
from .domain.observation import FigureReported

RECORDED = "consultation"
"""Where the document is: consultation keeps which it is."""


def subscriptions(
    desk: IndexDesk, communities: Copies[CommunityProfiled], units: Copies[told.UnitListed]
) -> tuple[Subscription[Any], ...]:
    async def closed(heard: Heard[told.Closed]) -> None:
        await enter(heard, Turn.CLOSED, _account(heard.event))

    async def reopened(heard: Heard[told.Reopened]) -> None:
        await enter(heard, Turn.REOPENED)

    async def rejected(heard: Heard[told.Rejected]) -> None:
        await enter(heard, Turn.REJECTED)

    async def withdrawn(heard: Heard[told.Withdrawn]) -> None:
        await enter(heard, Turn.WITHDRAWN)

    async def missed(heard: Heard[told.DeadlineMissed]) -> None:
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
            account=account,
        )
        await desk.enter(heard.about, entry, heard.cause)

    return (
        communities.subscription(),
        units.subscription(),
        Subscription(told.Closed, closed),
        Subscription(told.Reopened, reopened),
        Subscription(told.Rejected, rejected),
        Subscription(told.Withdrawn, withdrawn),
        Subscription(told.DeadlineMissed, missed),
        *_of_consultation(desk),
        *_of_facts(desk),
        *_of_feeds(desk),
    )


def _of_consultation(desk: IndexDesk) -> tuple[Subscription[Any], ...]:
    """Annex 9 is of streets: what a community's committee does is not in it."""

    async def planned(heard: Heard[PlanFiled]) -> None:
        news = heard.event
        if news.level == "street":
            plan = PlanTold(
                event=heard.envelope.id,
                sequence=heard.sequence,
                topics=news.topics,
                regular=news.regular,
                at=news.at,
            )
            await enter(heard, news.year, plan)

    async def held(heard: Heard[SessionHeld]) -> None:
        news = heard.event
        if (news.level, news.kind) == ("street", "topical"):
            session = SessionTold(event=heard.envelope.id, papers=news.seal is not None, at=news.at)
            await enter(heard, local_date(news.at).year, session)

    async def ended(heard: Heard[MatterClosed]) -> None:
        news = heard.event
        if news.community is None:
            matter = MatterTold(
                event=heard.envelope.id,
                matter=news.matter,
                sequence=heard.sequence,
                completed=news.completed,
                fixed=news.fixed,
                informed=news.informed or 0,
                written=news.written or 0,
                progress=news.progress,
                at=news.at,
            )
            await enter(heard, local_date(news.at).year, matter)

    async def recorded(heard: Heard[FactRecorded]) -> None:
        news = heard.event
        fact = FactTold(
            event=heard.envelope.id,
            sequence=heard.sequence,
            item=news.item,
            claim=_claim(news),
            piece=news.piece,
            level=Level(news.taken) if news.taken else None,
            commented=news.commented,
            at=news.at,
        )
        await enter(heard, news.year, fact)

    async def enter(heard: Heard[Any], year: int, fact: Told) -> None:
        if heard.event.street is None:
            raise Malformed("事件没有写明 street。", field="street")
        await desk.hear_told(heard.event.street, year, fact, heard.cause)

    return (
        Subscription(PlanFiled, planned),
        Subscription(SessionHeld, held),
        Subscription(MatterClosed, ended),
        Subscription(FactRecorded, recorded),
    )


def _claim(news: FactRecorded) -> Claim:
    """What is on record was documented and signed before it was told; what shows it stays where it is kept."""
    return Claim(
        document=RECORDED,
        place=bool(news.fixed),
        walls=news.walls or 0,
        published=news.published or 0,
        of=news.made or 0,
        mark=news.mark or 0,
        signed=news.mark is not None,
    )


def _of_facts(desk: IndexDesk) -> tuple[Subscription[Any], ...]:
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
        await desk.hear_fact(id, fact, heard.cause)

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
        await desk.hear_premises(news.community, answer, heard.cause)

    return (
        Subscription(PaymentReleased, released),
        Subscription(PaymentOverdue, overdue),
        Subscription(ProjectEvaluated, evaluated),
        Subscription(StandardAssessed, assessed),
    )


def _of_feeds(desk: IndexDesk) -> tuple[Subscription[Any], ...]:
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


def _account(news: told.Closed) -> Account:
    return Account(
        arrivals=len(news.records),
        arrivals_on_time=sum(record.arrived_on_time for record in news.records),
        handlings=len(news.records),
        handlings_on_time=sum(record.handled_on_time for record in news.records),
        returns=news.returns,
        score=news.score,
        satisfaction=news.satisfaction,
    )
