"""The partners on the list, on what the gateway keeps."""

from dataclasses import dataclass

from chassis.outbox import Relay
from chassis.refused_news import RefusedNews
from chassis.service import House
from chassis.steps_api import Desked, desked
from chassis.store import Store
from gateway.intake import Intake

from .bridge import Bridge
from .domain import Partner, PartnerEvent
from .hearing import Hearing
from .steps import PARTNERS, STEPS, Desk


@dataclass(frozen=True, slots=True)
class Partnership:
    desk: Desk
    collections: tuple[Desked[Partner, PartnerEvent, Desk, None], ...]
    refused_news: RefusedNews


def partnership_on(house: House, name: str, store: Store, relay: Relay) -> Partnership:
    key = house.settings.trail_secret
    desk = Desk(partners=PARTNERS.kept(store, key, relay), key=key)
    named = desked(desk, house.door(name), (PARTNERS, STEPS))
    return Partnership(desk, named, RefusedNews(name, store, key, relay))


def bridge_on(house: House, name: str, intake: Intake, partnership: Partnership) -> Bridge | None:
    """None where partners have no virtual host."""
    url = house.settings.partners_url
    if url is None:
        return None
    hearing = Hearing(
        intake=intake,
        desk=partnership.desk,
        brake=house.brakes[name],
        clock=house.clock,
        refused_news=partnership.refused_news,
    )
    return Bridge(url, hearing)
