"""Parked messages, on the bus and on what the gateway keeps of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from chassis.outbox import Relay
from chassis.service import Runtime
from chassis.steps_api import Desked, desked
from chassis.store import Store
from contracts.heard import topology

from .domain import Settled, SettledEvent
from .steps import SETTLED, STEPS, Desk, Parks


@dataclass(frozen=True, slots=True)
class Parking:
    desk: Desk
    collections: tuple[Desked[Settled, SettledEvent, Desk, None], ...]


def parking_on(
    runtime: Runtime, name: str, store: Store, relay: Relay, beside: Mapping[str, Parks]
) -> Parking:
    """`beside`: where else than on the bus something may lie parked."""
    kept = SETTLED.kept(store, runtime.settings.trail_secret, relay)
    desk = Desk(settled=kept, queues={**dict.fromkeys(topology(), runtime.bus), **beside})
    return Parking(desk, desked(desk, runtime.door(name), (SETTLED, STEPS)))
