"""The partners on the list, on what the gateway keeps."""

from dataclasses import dataclass

from chassis.outbox import Relay
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


def partnership_on(house: House, name: str, store: Store, relay: Relay) -> Partnership:
    key = house.settings.trail_secret
    desk = Desk(partners=PARTNERS.kept(store, key, relay), key=key)
    return Partnership(desk, desked(desk, house.door(name), (PARTNERS, STEPS)))


def bridge_on(house: House, name: str, intake: Intake, desk: Desk) -> Bridge | None:
    """None where partners have no virtual host."""
    url = house.settings.partners_url
    if url is None:
        return None
    brake = house.brakes[name]
    return Bridge(url, Hearing(intake=intake, desk=desk, brake=brake, clock=house.clock))
