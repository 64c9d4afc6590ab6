"""Others' news: what each is to us, and the one document it changes.

| news | reaction | document |
|---|---|---|
| housing.community_profiled | state: the latest wins | our copy; its disclosures begin, once, move with it, and end |
| whistle.unit_listed | state: the latest wins | our copy of the unit |
| consultation.outcome_reported | fact: the last holds | the power cases that wait for this matter |
"""

from typing import Any

from chassis.subscriptions import Heard, Subscription
from contracts.consultation import OutcomeReported
from contracts.housing import CommunityProfiled

from .desk import AffairsDesk


def subscriptions(desk: AffairsDesk) -> tuple[Subscription[Any], ...]:
    async def profiled(heard: Heard[CommunityProfiled]) -> None:
        await desk.communities.hear(heard)
        await desk.follow_disclosures(heard.event.code, heard.cause)

    async def reported(heard: Heard[OutcomeReported]) -> None:
        await desk.hear_outcome(heard.event.matter, heard.event.outcome, heard.cause)

    return (
        Subscription(CommunityProfiled, profiled),
        desk.units.subscription(),
        Subscription(OutcomeReported, reported),
    )
