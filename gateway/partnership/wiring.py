"""The partners on the list, on what the gateway keeps."""

from dataclasses import dataclass

from chassis.outbox import Relay
from chassis.service import House
from chassis.steps_api import Desked, desked
from chassis.store import Store

from .domain import Partner, PartnerEvent
from .steps import PARTNERS, STEPS, Desk


@dataclass(frozen=True, slots=True)
class Partnership:
    desk: Desk
    collections: tuple[Desked[Partner, PartnerEvent, Desk, None], ...]


def partnership_on(house: House, name: str, store: Store, relay: Relay) -> Partnership:
    key = house.settings.trail_secret
    desk = Desk(partners=PARTNERS.kept(store, key, relay), key=key)
    return Partnership(desk, desked(desk, house.door(name), (PARTNERS, STEPS)))
