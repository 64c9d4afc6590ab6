"""What is kept here: an entry for each whistle, whose keys a scorecard is tallied by and from."""

from typing import Any

from chassis.kind import Kind

from . import announce
from .domain.entry import Entry, TurnHeard, evolve
from .domain.scorecard import SUMS


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
    service="index",
    collection="entries",
    state=Entry,
    events=(TurnHeard,),
    evolve=evolve,
    announce=announce.of_entries,
    keys=entry_keys,
    indexes=("street",),
)
