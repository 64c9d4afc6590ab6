"""What is kept here besides the collections: entries and facts that scorecards are tallied from, quarters' ends."""

from typing import Any, get_args

from chassis.kind import Kind
from chassis.store import Total

from . import announce
from .domain import counted, fact, feed, note, weakness
from .domain.counted import Counted, CountHeard
from .domain.entry import Entry, TurnHeard, evolve
from .domain.fact import Fact, FactHeard, Premises, PremisesHeard, Theme
from .domain.feed import Dispute, DisputeHeard, Organisation, OrganisationHeard
from .domain.note import Note, NoteEvent
from .domain.scorecard import FACT_SUMS, SUMS
from .domain.weakness import Quarter, QuarterClosed, QuarterEvent, QuarterOpened


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
        "year": int(entry.quarter[:4]),
        "category": entry.category,
        "community": entry.community,
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
    indexes=("street+quarter", "category+year", "community+quarter"),
    totals=tuple(
        Total(fields=fields, by="standing", of=SUMS)
        for fields in (("street", "quarter"), ("community", "quarter"), ("category", "year"))
    ),
)


def fact_keys(known: Fact) -> dict[str, Any]:
    """What a scorecard is tallied by and from."""
    first = known.first
    payment = first.theme is Theme.PAYMENT
    return {
        "street": first.street,
        "quarter": known.quarter,
        "theme": first.theme,
        "payments": int(payment),
        "payments_on_time": int(payment and known.on_time),
        "evaluations": int(not payment),
        "points": first.points or 0,
    }


FACTS: Kind[Fact, FactHeard] = Kind(
    service="index",
    collection="facts",
    state=Fact,
    events=(FactHeard,),
    evolve=fact.evolve,
    announce=lambda *_: None,
    keys=fact_keys,
    indexes=("street+quarter",),
    totals=(Total(fields=("street", "quarter"), by="theme", of=FACT_SUMS),),
)
PREMISES: Kind[Premises, PremisesHeard] = Kind(
    service="index",
    collection="premises",
    state=Premises,
    events=(PremisesHeard,),
    evolve=fact.evolve_premises,
    announce=lambda *_: None,
    keys=lambda premises: {"streets": sorted({one.street for one in premises.heard})},
    indexes=("streets[]",),
    always=("streets",),
)
ORGANISATIONS: Kind[Organisation, OrganisationHeard] = Kind(
    service="index",
    collection="organisations",
    state=Organisation,
    events=(OrganisationHeard,),
    evolve=feed.evolve,
    announce=lambda *_: None,
    keys=lambda _: {},
)
COUNTED: Kind[Counted, CountHeard] = Kind(
    service="index",
    collection="counted",
    state=Counted,
    events=(CountHeard,),
    evolve=counted.evolve,
    announce=lambda *_: None,
    keys=lambda _: {},
)
NOTES: Kind[Note, NoteEvent] = Kind(
    service="index",
    collection="notes",
    state=Note,
    events=get_args(NoteEvent),
    evolve=note.evolve,
    announce=lambda *_: None,
    keys=lambda note: {
        "street": note.noted.street,
        "community": note.noted.community,
        "year": note.noted.day.year,
    },
    indexes=("street+year", "community+year"),
)
DISPUTES: Kind[Dispute, DisputeHeard] = Kind(
    service="index",
    collection="disputes",
    state=Dispute,
    events=(DisputeHeard,),
    evolve=feed.evolve_dispute,
    announce=lambda *_: None,
    keys=lambda dispute: {
        "year": dispute.year,
        "people": dispute.heard[0].people,
        "settled": dispute.heard[0].settled,
    },
    indexes=("year",),
)
QUARTERS: Kind[Quarter, QuarterEvent] = Kind(
    service="index",
    collection="quarters",
    state=Quarter,
    events=(QuarterOpened, QuarterClosed),
    evolve=weakness.evolve,
    announce=lambda *_: None,
    keys=lambda quarter: {"quarter": quarter.quarter},
    next_due=lambda quarter: quarter.wakes_at,
)
