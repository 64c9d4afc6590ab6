"""Composition root: knows every part of this service and builds it."""

from typing import Any

from chassis.aggregates import Aggregates, Kind
from chassis.copies import Copies
from chassis.service import House, Service
from contracts.housing import CommunityProfiled
from contracts.whistle import UnitListed

from . import announce, api, consumers, timers
from .desk import IndexDesk
from .domain.entry import Entry, TurnHeard, evolve
from .domain.rules import RULES
from .domain.scorecard import SUMS
from .queries import IndexQueries, printed_systems
from .titles import TITLES

NAME = "index"


def entry_keys(entry: Entry) -> dict[str, Any]:
    """What a scorecard is tallied by and from."""
    counted: dict[str, int] = dict.fromkeys(SUMS, 0)
    counted["alarms"] = entry.alarms
    if (account := entry.account) is not None:
        counted |= {
            "arrivals": account.arrivals,
            "arrivals_on_time": account.arrivals_on_time,
            "handlings": account.handlings,
            "handlings_on_time": account.handlings_on_time,
            "returns": account.returns,
            "score": account.score,
            "satisfaction": account.satisfaction or 0,
            "rated": int(account.satisfaction is not None),
        }
    return {
        "street": entry.street,
        "quarter": entry.quarter,
        "standing": entry.standing,
        **counted,
    }


ENTRIES: Kind[Entry, TurnHeard] = Kind(
    service=NAME,
    collection="entries",
    state=Entry,
    events=(TurnHeard,),
    evolve=evolve,
    announce=announce.of_entries,
    keys=entry_keys,
    indexes=("street",),
)


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
        routers=(api.router(queries, door),),
        subscriptions=consumers.subscriptions(IndexDesk(entries=entries), communities, units),
        timers=timers.timers(),
        ready=(communities.missing, units.missing),
    )
