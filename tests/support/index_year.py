"""What index hears in a year, generated from a seed, and a book that folds it as the service's collections do."""

import random
from collections.abc import Coroutine, Iterable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

from chassis.cause import Cause
from contracts.housing import CommunityProfiled
from services.index import replay
from services.index.domain.annex9_events import MatterTold, PlanTold, SessionTold
from services.index.domain.entry import Account, Turn, TurnHeard
from services.index.domain.fact import FactHeard, PremisesHeard, Theme
from services.index.domain.scorecard import Scorecard
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


class Book(replay.Book):
    """Hears what is generated, without a bus."""

    def hear(self, news: Iterable[News]) -> None:
        for collection, id, heard in news:
            if collection == "entries":
                self.entered(id, heard)
            else:
                _at_once(self._hear(collection, id, heard))

    async def _hear(self, collection: str, id: str, heard: Any) -> None:
        cause = Cause(actor="system:bus", now=BEGIN)
        match collection:
            case "facts":
                await self.hear_fact(id, heard, cause)
            case "premises":
                await self.hear_premises(id, heard, cause)
                profile = CommunityProfiled(
                    code=id, name=id, households=1000, valid_from="2018-12-01", listed=1
                )
                self.communities[id] = 1, profile
            case _:
                await self.hear_told(id, 2026, heard, cause)

    def all_cards(self) -> list[Scorecard]:
        return self.cards(STREETS, QUARTERS)


def _at_once(hearing: Coroutine[Any, Any, None]) -> None:
    """Of what waits for nothing."""
    with suppress(StopIteration):
        hearing.send(None)
