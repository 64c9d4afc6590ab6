"""Others' news: what each is to us, and the one document it changes.

| news | reaction | document |
|---|---|---|
| housing.community_profiled | state: the latest wins | our copy of the community |
| consultation.matter_deliberated (our own) | command: it takes its session's outcome | matter |
| consultation.session_held (our own) | fact: absences, once per session | committee |
"""

from typing import Any

from chassis.subscriptions import Heard, Subscription
from contracts.consultation import MatterDeliberated, SessionHeld

from .desk import ConsultationDesk


def subscriptions(desk: ConsultationDesk) -> tuple[Subscription[Any], ...]:
    async def matter_deliberated(heard: Heard[MatterDeliberated]) -> None:
        await desk.deliberated(heard.event.matter, heard.about, heard.cause)

    async def session_held(heard: Heard[SessionHeld]) -> None:
        await desk.count_absences(heard.event.committee, heard.about, heard.cause)

    return (
        desk.communities.subscription(),
        Subscription(MatterDeliberated, matter_deliberated),
        Subscription(SessionHeld, session_held),
    )
