"""Others' news: what each is to us, and the one document it changes.

| news | reaction | document |
|---|---|---|
| housing.community_profiled | state: the latest wins | our copy of the community |
| whistle.unit_listed | state: the latest wins | our copy of the unit |
| consultation.matter_referred | fact: one case per matter | case |
"""

from typing import Any

from chassis.kernel.errors import UnknownReference
from chassis.kind import derived_id
from chassis.subscriptions import Heard, Subscription
from contracts.consultation import MatterReferred

from .desk import MediationDesk
from .domain.course import labels
from .domain.dispute import Dispute, Risk, Source, Way
from .domain.events import CaseRegistered

Subscriptions = tuple[Subscription[Any], ...]
TWO = labels(2)
"""Of a dispute between two nothing more is told."""


def subscriptions(desk: MediationDesk) -> Subscriptions:
    return (
        desk.communities.subscription(),
        desk.units.subscription(),
        *_of_disputes(desk),
    )


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

    return (Subscription(MatterReferred, matter_referred),)


def _known(code: str | None, field: str) -> str:
    if code is None:
        raise UnknownReference(f"事件没有写明 {field}。", field=field)
    return code
