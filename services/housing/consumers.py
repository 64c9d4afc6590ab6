"""Others' news: what each is to us, and the one document it changes.

| news | reaction | document |
|---|---|---|
| housing.community_profiled (our own) | state: the latest wins | the community's premises |
| procurement.supplier_registered | state: the latest wins | our copy; what it booked |
| procurement.eligibility_changed, of all projects | state: the latest by each teller | our copies; what it booked |
| procurement.contract_signed | state: the latest wins | our copy |
| procurement.contract_ended | state: the latest wins | our copy; what its supplier booked |
| consultation.outcome_reported, of premises | fact: once | the premises it names |
| housing.boundary_changed (our own) | command: its entry changes, from that day on | the community |
| housing.agreement_changed (our own) | fact: what replaces an agreement begins, once | the new agreement |
"""

from collections.abc import Awaitable, Callable
from typing import Any

from chassis.kernel.errors import Malformed
from chassis.subscriptions import Heard, Subscription
from contracts.consultation import OutcomeReported
from contracts.housing import AgreementChanged, BoundaryChanged, CommunityProfiled
from contracts.procurement import ContractEnded, EligibilityChanged, SupplierRegistered

from .desk import HousingDesk
from .domain.premises import CommunityNoted, OutcomeNoted

Reaction = Callable[[Heard[Any]], Awaitable[None]]


def subscriptions(desk: HousingDesk) -> tuple[Subscription[Any], ...]:
    async def profiled(heard: Heard[CommunityProfiled]) -> None:
        news = heard.event
        noted = CommunityNoted(
            community=news.code,
            street=news.street,
            households=news.households,
            sequence=heard.sequence,
        )
        await desk.note(noted, heard.cause)

    async def redrawn(heard: Heard[BoundaryChanged]) -> None:
        news = heard.event
        if news.community is None:
            raise Malformed("事件没有写明 community。", field="community")
        await desk.follow(news.change, news.community, heard.cause)

    async def changed(heard: Heard[AgreementChanged]) -> None:
        if heard.event.change == "replaced":
            await desk.succeed(heard.event.agreement, heard.cause)

    async def deliberated(heard: Heard[OutcomeReported]) -> None:
        news = heard.event
        if news.serves is None or news.serves.kind != "premises":
            return  # about something else
        noted = OutcomeNoted(matter=news.matter, outcome=news.outcome, at=news.at)
        await desk.note_outcome(news.serves.id, noted, heard.cause)

    def released(noted: Reaction) -> Reaction:
        async def hear(heard: Heard[Any]) -> None:
            await noted(heard)
            if heard.event.supplier is not None:
                await desk.release(heard.event.supplier, heard.cause)

        return hear

    suppliers = desk.suppliers
    return (
        Subscription(CommunityProfiled, profiled),
        Subscription(OutcomeReported, deliberated),
        Subscription(BoundaryChanged, redrawn),
        Subscription(AgreementChanged, changed),
        suppliers.signed.subscription(),
        Subscription(ContractEnded, released(suppliers.ended.hear)),
        Subscription(EligibilityChanged, released(suppliers.hear_standing)),
        Subscription(SupplierRegistered, released(suppliers.registered.hear)),
    )
