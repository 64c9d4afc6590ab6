"""The partners on the list, on what the gateway keeps."""

from dataclasses import dataclass

from chassis.outbox import Relay
from chassis.refused_news import RefusedNews
from chassis.service import Runtime
from chassis.steps_api import Desked, desked
from chassis.store import Store
from gateway.intake import Intake
from gateway.parking.steps import PARTNERS as QUEUE

from .bridge import Bridge
from .domain import Partner, PartnerEvent
from .hearing import Hearing
from .steps import PARTNERS, STEPS, Desk


@dataclass(frozen=True, slots=True)
class Partnership:
    desk: Desk
    collections: tuple[Desked[Partner, PartnerEvent, Desk, None], ...]
    refused_news: RefusedNews


def partnership_on(runtime: Runtime, name: str, store: Store, relay: Relay) -> Partnership:
    key = runtime.settings.trail_secret
    desk = Desk(partners=PARTNERS.kept(store, key, relay), key=key)
    named = desked(desk, runtime.door(name), (PARTNERS, STEPS))
    return Partnership(desk, named, RefusedNews(name, store, key, relay))


def bridge_on(
    runtime: Runtime, name: str, intake: Intake, partnership: Partnership
) -> Bridge | None:
    """None where partners have no virtual host."""
    url = runtime.settings.partners_url
    if url is None:
        return None
    hearing = Hearing(
        intake=intake,
        desk=partnership.desk,
        brake=runtime.brakes[name],
        clock=runtime.clock,
        refused_news=partnership.refused_news,
    )

    def lies(parked: int | None) -> None:
        runtime.telemetry.queue(QUEUE, {"parked": parked})

    return Bridge(url, hearing, lies)
