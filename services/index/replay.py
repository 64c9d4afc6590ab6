"""The streets' scorecards made anew from events alone, in memory: what the service's own have to equal.

Each event goes through the reactions that the service has, to a book in the desk's place.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from pydantic import ValidationError

from chassis.cause import Cause
from chassis.kernel.errors import Refusal
from chassis.subscriptions import Heard, Subscription
from contracts.event import Envelope
from contracts.housing import CommunityProfiled

from . import consumers
from .domain import annex9_events, entry, fact
from .domain.annex9 import total
from .domain.annex9_events import ItemMarked, Marker, PieceTakenUp, Sheet, SheetBegun, Told
from .domain.entry import Entry, Standing, TurnHeard
from .domain.fact import Fact, FactHeard, Premises, PremisesHeard
from .domain.scorecard import FACT_SUMS, SUMS, Scorecard, scorecard
from .domain.weakness import last_day
from .kinds import entry_keys, fact_keys

Sums = dict[str, int]
Place = tuple[str, str]
"""Street and quarter."""


@dataclass
class Book:
    """What the service's collections would hold, and the cards made of it."""

    entries: dict[str, Entry] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)
    premises: dict[str, Premises] = field(default_factory=dict)
    sheets: dict[str, Sheet] = field(default_factory=dict)
    communities: dict[str, tuple[int, CommunityProfiled]] = field(default_factory=dict)
    """As of which of the register's events, and what that said."""

    async def enter(self, whistle: str, heard: TurnHeard, cause: Cause) -> None:
        self.entered(whistle, heard)

    def entered(self, whistle: str, heard: TurnHeard) -> None:
        known = self.entries.get(whistle)
        for turn in entry.hear(known, heard):
            self.entries[whistle] = entry.evolve(known, turn)

    async def hear_fact(self, id: str, heard: FactHeard, cause: Cause) -> None:
        known = self.facts.get(id)
        for said in fact.hear(known, heard):
            self.facts[id] = fact.evolve(known, said)

    async def hear_premises(self, community: str, heard: PremisesHeard, cause: Cause) -> None:
        known = self.premises.get(community)
        for said in fact.hear_premises(known, heard):
            self.premises[community] = fact.evolve_premises(known, said)

    async def hear_told(self, street: str, year: int, told: Told, cause: Cause) -> None:
        for event in self._sheet(street, year).hear(told):
            self._put(street, year, event)

    async def profiled(self, heard: Heard[CommunityProfiled]) -> None:
        known = self.communities.get(heard.about)
        if known is None or heard.sequence > known[0]:
            self.communities[heard.about] = heard.sequence, heard.event

    def take_over(self, sheet: Sheet) -> None:
        """What was said of a street's year here, and told by nobody: marks, and pieces taken up."""
        entered: tuple[ItemMarked | PieceTakenUp, ...] = (*sheet.marked, *sheet.pieces)
        for one in entered:
            self._put(sheet.street, sheet.year, one)

    def _sheet(self, street: str, year: int) -> Sheet:
        begun = SheetBegun(street=street, year=year)
        return self.sheets.get(f"{street}.{year}") or annex9_events.evolve(None, begun)

    def _put(self, street: str, year: int, event: annex9_events.SheetEvent) -> None:
        sheet = self._sheet(street, year)
        self.sheets[f"{street}.{year}"] = annex9_events.evolve(sheet, event)

    # The cards

    def cards(self, streets: Iterable[str], quarters: Iterable[str]) -> list[Scorecard]:
        """Of every street and quarter, in integers as the service adds them up."""
        whistles: dict[Place, dict[Standing, Sums]] = {}
        for one in self.entries.values():
            keys = entry_keys(one)
            of = whistles.setdefault((keys["street"], keys["quarter"]), {})
            row = of.setdefault(keys["standing"], dict.fromkeys(("count", *SUMS), 0))
            _add(row, {"count": 1, **keys}, ("count", *SUMS))
        facts: dict[Place, Sums] = {}
        for known in self.facts.values():
            keys = fact_keys(known)
            row = facts.setdefault((keys["street"], keys["quarter"]), dict.fromkeys(FACT_SUMS, 0))
            _add(row, keys, FACT_SUMS)
        places = [(street, quarter) for street in streets for quarter in quarters]
        return [
            self._card(*place, whistles.get(place, {}), facts.get(place, {})) for place in places
        ]

    def quarters(self) -> list[str]:
        """In which anything stands on a card."""
        found = {one.quarter for one in self.entries.values()}
        found |= {one.quarter for one in self.facts.values()}
        found |= {f"{sheet.year}-Q{n}" for sheet in self.sheets.values() for n in range(1, 5)}
        days = [said.day for room in self.premises.values() for said in room.heard]
        return sorted(found | {f"{day.year}-Q{(day.month + 2) // 3}" for day in days})

    def _card(
        self, street: str, quarter: str, sums: Mapping[Standing, Sums], facts: Sums
    ) -> Scorecard:
        last = last_day(quarter)
        stood = {
            community: said
            for community, room in self.premises.items()
            if (said := room.stood(street, last)) is not None and not self._ended(community, last)
        }
        area = households = 0
        for community, said in stood.items():
            profile = self.communities.get(community)
            if said.area is not None and profile is not None and profile[1].households:
                area, households = area + said.area, households + profile[1].households
        sheet = self.sheets.get(f"{street}.{last.year}")
        by_then = sheet.by(last) if sheet else None
        known = by_then is not None and by_then.known
        assessed = total(by_then, Marker.ASSESSED).points if by_then and known else None
        met = [said.met for said in stood.values() if said.met is not None]
        return scorecard(street, quarter, sums, facts, met, (area, households), assessed)

    def _ended(self, community: str, last: date) -> bool:
        known = self.communities.get(community)
        return known is not None and fact.ended(known[1].valid_to, last)


def _add(row: Sums, more: Mapping[str, Any], names: Iterable[str]) -> None:
    for name in names:
        row[name] += more[name]


class Replay:
    """Hears events as the bus tells them; what the service would park, it leaves out and counts."""

    def __init__(self) -> None:
        self.book = Book()
        self.heard = self.left_out = 0
        reactions: list[Subscription[Any]] = [
            Subscription(CommunityProfiled, self.book.profiled),
            *consumers.of_cards(self.book),
        ]
        self._by_type = {one.event.type: one for one in reactions}

    async def hear(self, event: Mapping[str, Any], now: datetime) -> None:
        reaction = self._by_type.get(event["type"])
        if reaction is None:
            return
        try:
            envelope = Envelope.model_validate(event)
            news = reaction.event.model_validate(envelope.data)
            cause = Cause(actor=f"event:{envelope.type}", now=now)
            await reaction.react(Heard(news, envelope, cause))
        except (ValidationError, Refusal):
            self.left_out += 1
        else:
            self.heard += 1
