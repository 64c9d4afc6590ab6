"""Catching up, on the bus, the journal and what the gateway keeps of it."""

from chassis.bus import WITNESS
from chassis.outbox import Relay
from chassis.service import Runtime
from chassis.steps_api import Desked, desked
from chassis.store import Store
from contracts.heard import topology
from gateway.journal import Journal

from .domain import CaughtUp, ToldAgain
from .steps import CAUGHT_UP, STEPS, Desk


def catching_on(
    runtime: Runtime, name: str, store: Store, relay: Relay, journal: Journal
) -> tuple[Desked[CaughtUp, ToldAgain, Desk, None], ...]:
    kept = CAUGHT_UP.kept(store, runtime.settings.trail_secret, relay)
    hears = {queue: frozenset(types) for queue, types in topology().items() if queue != WITNESS}
    desk = Desk(caught_up=kept, bus=runtime.bus, journal=journal, hears=hears)
    return desked(desk, runtime.door(name), (CAUGHT_UP, STEPS))
