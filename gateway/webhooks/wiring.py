"""Wiring of the webhook addresses on the gateway's store."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from secrets import token_hex

from chassis.cause import Cause
from chassis.identity import Subject
from chassis.kernel.errors import Refusal
from chassis.kind import Changed, Held
from chassis.outbound import OutboundClient
from chassis.outbox import Relay
from chassis.service import Runtime
from chassis.steps_api import Desked, desked
from chassis.store import Store
from gateway.codes import Codes
from gateway.journal import Journal
from gateway.live import Live

from .domain import Status, Webhook, WebhookDisabled, WebhookEvent
from .progress import Progress
from .sending import Sender, subject_of
from .steps import STEPS, WEBHOOKS, Desk

SYSTEM = "system:webhooks"


@dataclass(frozen=True, slots=True)
class Webhooks:
    desk: Desk
    sender: Sender
    collections: tuple[Desked[Webhook, WebhookEvent, Desk, None], ...]


def webhooks_on(
    runtime: Runtime,
    name: str,
    store: Store,
    relay: Relay,
    journal: Journal,
    codes: Codes,
    live: Live,
    shut: Callable[[Subject], Awaitable[Refusal | None]],
) -> Webhooks:
    """`shut`: why an owner gets no deliveries for now, or None."""
    key = runtime.settings.trail_secret
    kept = WEBHOOKS.kept(store, key, relay)
    progress = Progress(store, holder=token_hex(8))
    client = OutboundClient(runtime.settings.may_be_told)
    desk = Desk(
        webhooks=kept, progress=progress, journal=journal, codes=codes, client=client, key=key
    )

    async def told(held: Held[Webhook]) -> bool:
        return await shut(subject_of(held.aggregate.owner)) is None

    async def look(id: str) -> Held[Webhook] | None:
        held = await kept.look(id)
        return held if held is not None and await told(held) else None

    async def every() -> list[Held[Webhook]]:
        return [held async for held in kept.every({"status": Status.ACTIVE}) if await told(held)]

    async def disable(id: str, reason: str) -> Changed[Webhook, WebhookEvent]:
        cause = Cause(actor=SYSTEM, now=runtime.clock())
        happened = WebhookDisabled(reason=reason, at=cause.now)
        return await kept.change(id, lambda _: [happened], cause)

    sender = Sender(
        journal=journal,
        live=live,
        progress=progress,
        client=client,
        key=key,
        clock=runtime.clock,
        look=look,
        every=every,
        disable=disable,
        counted=runtime.telemetry.posted,
    )
    return Webhooks(desk, sender, desked(desk, runtime.door(name), (WEBHOOKS, STEPS)))
