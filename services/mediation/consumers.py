"""Others' news: what each is to us, and the one document it changes.

| news | reaction | document |
|---|---|---|
| housing.community_profiled | state: the latest; its street's meetings go on; its cases go along | our copy; each |
| whistle.unit_listed | state: the latest wins | our copy of the unit |
| partner.dispute_reported | fact: one case per source and id | case |
| consultation.matter_referred | fact: one case per matter | case |
| whistle.problem_settled | fact: noted once, where the problem was handed here | case |
"""

from typing import Any

from chassis.kernel.clock import local_date
from chassis.kernel.errors import UnknownReference
from chassis.kind import derived_id
from chassis.subscriptions import Heard, Subscription
from contracts.consultation import MatterReferred
from contracts.housing import CommunityProfiled
from contracts.partner import DisputeReported
from contracts.whistle import ProblemSettled

from .desk import MediationDesk
from .domain.course import labels
from .domain.dispute import Dispute, Risk, Source, Way
from .domain.events import CaseRegistered

Subscriptions = tuple[Subscription[Any], ...]
TWO = labels(2)
"""Of a dispute between two nothing more is told."""


def subscriptions(desk: MediationDesk) -> Subscriptions:
    return (
        _of_places(desk),
        desk.units.subscription(),
        *_of_disputes(desk),
    )


def _of_places(desk: MediationDesk) -> Subscription[CommunityProfiled]:
    async def profiled(heard: Heard[CommunityProfiled]) -> None:
        """Its street's meetings begin with the first of its communities, and resume with the next where it had none."""
        await desk.communities.hear(heard)
        street, now = heard.event.street, heard.cause.now
        if street is not None and await desk.there(street, local_date(now)):
            await desk.begin_screening(street, await desk.since(heard.envelope.time))
        await desk.follow(heard.event.code, heard.cause)

    return Subscription(CommunityProfiled, profiled)


def _of_disputes(desk: MediationDesk) -> Subscriptions:
    async def matter_referred(heard: Heard[MatterReferred]) -> None:
        news = heard.event
        if news.target != "mediation":
            return
        street = _known(news.street, "street")
        office = f"community:{news.community}" if news.community else f"street:{street}"
        registered = CaseRegistered(
            dispute=Dispute.OTHER,
            risk=Risk.ORDINARY,
            source=Source.CONSULTATION,
            street=street,
            community=news.community,
            office=office,
            way=Way.PEOPLE,
            parties=TWO,
            by=office,
            matter=news.matter,
            at=heard.cause.now,
        )
        await desk.take_in(derived_id("cases", "matter", news.matter), registered, heard.cause)

    async def dispute_reported(heard: Heard[DisputeReported]) -> None:
        """By the day it was told; what has its case is not asked again whether its community is there."""
        news, envelope = heard.event, heard.envelope
        id = derived_id("cases", f"{envelope.source} {envelope.id}")
        if await desk.cases.look(id) is not None:
            return
        street, community = await desk.here(None, news.community, envelope.time)
        office = f"community:{community}"
        registered = CaseRegistered(
            dispute=Dispute(news.dispute),
            risk=Risk(news.risk),
            source=Source.PARTNER,
            street=street,
            community=community,
            office=office,
            way=Way.PEOPLE,
            parties=labels(news.parties),
            by=office,
            reference=news.reference,
            at=heard.cause.now,
        )
        await desk.take_in(id, registered, heard.cause)

    async def problem_settled(heard: Heard[ProblemSettled]) -> None:
        news = heard.event
        id = await desk.case_of(heard.about, news.street, news.community)
        await desk.note_settled(id, heard.cause)

    return (
        Subscription(MatterReferred, matter_referred),
        Subscription(ProblemSettled, problem_settled),
        Subscription(DisputeReported, dispute_reported),
    )


def _known(code: str | None, field: str) -> str:
    if code is None:
        raise UnknownReference(f"事件没有写明 {field}。", field=field)
    return code
