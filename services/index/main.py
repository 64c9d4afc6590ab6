"""Composition root: knows every part of this service and builds it."""

from chassis.aggregates import Aggregates
from chassis.copies import Copies
from chassis.service import House, Service
from contracts.housing import CommunityProfiled
from contracts.whistle import UnitListed

from . import api, consumers, timers
from .desk import IndexDesk
from .domain.rules import RULES
from .kinds import ENTRIES
from .queries import IndexQueries, printed_systems
from .titles import TITLES

NAME = "index"


def build(house: House) -> Service:
    key = house.settings.trail_secret
    store, relay, door = house.store(NAME), house.relay(), house.door(NAME)
    communities = Copies(NAME, "communities", CommunityProfiled, store, key, relay)
    units = Copies(NAME, "units", UnitListed, store, key, relay)
    entries = Aggregates(ENTRIES, store, key, relay)
    queries = IndexQueries(entries=entries, systems=printed_systems())
    return Service(
        name=NAME,
        house=house,
        stores=(store,),
        relay=relay,
        aggregates=(entries, communities.aggregates, units.aggregates),
        rulebook=RULES,
        titles=TITLES,
        routers=api.routers(queries, door),
        subscriptions=consumers.subscriptions(IndexDesk(entries=entries), communities, units),
        timers=timers.timers(),
        ready=(communities.missing, units.missing),
    )
