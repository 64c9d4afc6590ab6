"""What index hears in a year, generated from a seed, and a book that folds it as the service's collections do."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from services.index.domain import annex9_events, entry, fact
from services.index.domain.annex9 import total
from services.index.domain.annex9_events import (
    Marker,
    MatterTold,
    PlanTold,
    SessionTold,
    Sheet,
    SheetBegun,
)
from services.index.domain.entry import Account, Entry, Standing, Turn, TurnHeard
from services.index.domain.fact import Fact, FactHeard, Premises, PremisesHeard, Theme
from services.index.domain.scorecard import FACT_SUMS, SUMS, Scorecard, scorecard
from services.index.domain.weakness import last_day
from services.index.kinds import entry_keys, fact_keys
from services.index.shipped import streets

STREETS = tuple(streets())
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
SECONDS = 365 * 24 * 3600 - 10 * 24 * 3600
QUARTERS = tuple(f"2026-Q{number}" for number in range(1, 5))
CATEGORIES = ("sewer", "food_drug", "noise")
LIVES = (
    (Turn.CLOSED,),
    (Turn.MISSED, Turn.CLOSED),
    (Turn.CLOSED, Turn.REOPENED, Turn.MISSED, Turn.CLOSED),
    (Turn.CLOSED, Turn.REOPENED),
    (Turn.REJECTED,),
    (Turn.WITHDRAWN,),
    (Turn.MISSED,),
)
News = tuple[str, str, Any]
"""The collection, the id in it, and what was heard."""


def whistles(chance: random.Random, count: int) -> Iterator[News]:
    for number in range(count):
        street, category = chance.choice(STREETS), chance.choice(CATEGORIES)
        at = BEGIN + timedelta(seconds=chance.randrange(SECONDS))
        for sequence, turn in enumerate(chance.choice(LIVES), start=3):
            yield (
                "entries",
                f"w-{number}",
                TurnHeard(
                    event=f"w-{number}-{sequence}",
                    type=f"whistle.{turn}.v1",
                    sequence=sequence,
                    turn=turn,
                    at=at + timedelta(days=sequence),
                    street=street,
                    category=category,
                    account=account(chance) if turn is Turn.CLOSED else None,
                ),
            )


def account(chance: random.Random) -> Account:
    units = chance.randint(1, 4)
    return Account(
        arrivals=units,
        arrivals_on_time=chance.randint(0, units),
        handlings=units,
        handlings_on_time=chance.randint(0, units),
        returns=chance.randint(0, 2),
        score=chance.randint(0, 10_000),
        satisfaction=chance.choice((None, 1, 2, 3, 4, 5)),
    )


def others(chance: random.Random, count: int) -> Iterator[News]:
    """Payments, evaluations, rooms, plans, sessions and matters: so many of each."""
    for number in range(count):
        street = chance.choice(STREETS)
        at = BEGIN + timedelta(seconds=chance.randrange(SECONDS))
        heard: dict[str, Any] = {"event": f"f-{number}", "at": at, "street": street}
        late = chance.random() < 0.3
        paid = FactHeard(type="paid", theme=Theme.PAYMENT, on_time=not late, **heard)
        yield "facts", f"payment-{number}", paid
        points = chance.randint(0, 1000)
        told: dict[str, Any] = {**heard, "event": f"v-{number}"}
        yield (
            "facts",
            f"evaluation-{number}",
            FactHeard(type="evaluated", theme=Theme.EVALUATION, points=points, **told),
        )
        room = PremisesHeard(
            event=f"r-{number}",
            sequence=number,
            day=date(2026, chance.randint(1, 12), 3),
            street=street,
            met=chance.choice((None, True, False)),
            area=chance.randrange(100_000),
        )
        yield "premises", f"{street}-{number % 5}", room
        yield "sheets", street, SessionTold(event=f"s-{number}", papers=late, at=at)
        plan = PlanTold(event=f"p-{number}", sequence=number, topics=number % 4, regular=1, at=at)
        yield "sheets", street, plan
        matter = MatterTold(
            event=f"m-{number}",
            matter=f"m-{number % 7}",
            sequence=number,
            completed=late,
            fixed=50,
            informed=chance.randint(0, 50),
            written=chance.randint(0, 50),
            progress=number % 3,
            at=at,
        )
        yield "sheets", street, matter


@dataclass
class Book:
    """What the service's collections would hold, and the cards made of it."""

    entries: dict[str, Entry] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)
    premises: dict[str, Premises] = field(default_factory=dict)
    sheets: dict[str, Sheet] = field(default_factory=dict)

    def hear(self, news: Iterable[News]) -> None:
        for collection, id, heard in news:
            match collection:
                case "entries":
                    for turn in entry.hear(self.entries.get(id), heard):
                        self.entries[id] = entry.evolve(self.entries.get(id), turn)
                case "facts":
                    for said in fact.hear(self.facts.get(id), heard):
                        self.facts[id] = fact.evolve(self.facts.get(id), said)
                case "premises":
                    for room in fact.hear_premises(self.premises.get(id), heard):
                        self.premises[id] = fact.evolve_premises(self.premises.get(id), room)
                case _:
                    self._sheet(id, heard)

    def _sheet(self, street: str, told: Any) -> None:
        sheet = self.sheets.get(street)
        if sheet is None:
            sheet = annex9_events.evolve(None, SheetBegun(street=street, year=2026))
        for event in sheet.hear(told):
            sheet = annex9_events.evolve(sheet, event)
        self.sheets[street] = sheet

    def cards(self) -> list[Scorecard]:
        """Of every street and quarter."""
        sums: dict[tuple[str, str], dict[Standing, dict[str, int]]] = {}
        for one in self.entries.values():
            keys = entry_keys(one)
            of = sums.setdefault((keys["street"], keys["quarter"]), {})
            row = of.setdefault(keys["standing"], dict.fromkeys(("count", *SUMS), 0))
            row["count"] += 1
            for name in SUMS:
                row[name] += keys[name]
        facts: dict[tuple[str, str], dict[str, int]] = {}
        for known in self.facts.values():
            keys = fact_keys(known)
            added = facts.setdefault((keys["street"], keys["quarter"]), dict.fromkeys(FACT_SUMS, 0))
            for name in FACT_SUMS:
                added[name] += keys[name]
        return [
            self._card(
                street, quarter, sums.get((street, quarter), {}), facts.get((street, quarter), {})
            )
            for street in STREETS
            for quarter in QUARTERS
        ]

    def _card(
        self,
        street: str,
        quarter: str,
        sums: dict[Standing, dict[str, int]],
        facts: dict[str, int],
    ) -> Scorecard:
        last = last_day(quarter)
        stood = [
            said
            for room in self.premises.values()
            if (said := room.by(last)) is not None and said.street == street
        ]
        area = sum(said.area or 0 for said in stood)
        sheet = self.sheets.get(street)
        assessed = total(sheet.by(last), Marker.ASSESSED).points if sheet else None
        met = [said.met for said in stood if said.met is not None]
        return scorecard(street, quarter, sums, facts, met, (area, 1000), assessed)
