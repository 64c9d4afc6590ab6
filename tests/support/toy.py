"""A domain small enough to see through: a jar that things are put into, and a reader of its news."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from chassis.aggregates import Aggregates, Outlet
from chassis.cause import Cause
from chassis.kernel.errors import RuleBroken
from chassis.kernel.rule import Rule
from chassis.keyring import Keyring
from chassis.kind import Kind
from chassis.store import Document, Store
from contracts.event import Event

KEY = Keyring([bytes(32)])
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
FULL = Rule(id="T-01", text="满了就不能再放。")


class Put(Event):
    type: ClassVar[str] = "toy.put.v1"

    amount: int


class Sealed(Event):
    type: ClassVar[str] = "toy.sealed.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class PutIn:
    amount: int
    at: datetime
    label: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lidded:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Jar:
    holds: int = 0
    lidded: bool = False
    due: datetime | None = None

    def put(self, amount: int, now: datetime) -> Iterable[PutIn]:
        if self.holds + amount > 1000:
            raise RuleBroken(FULL, "满了。")
        return [PutIn(amount=amount, at=now)]


def evolve(jar: Jar | None, event: PutIn | Lidded) -> Jar:
    jar = jar or Jar()
    match event:
        case PutIn():
            return replace(jar, holds=jar.holds + event.amount, due=event.at + timedelta(days=1))
        case Lidded():
            return replace(jar, lidded=True, due=None)


def announce(event: PutIn | Lidded, after: Jar) -> Event | None:
    match event:
        case PutIn():
            return Put(amount=event.amount, street="guanshang") if event.amount else None
        case Lidded():
            return Sealed()


JARS: Kind[Jar, PutIn | Lidded] = Kind(
    service="toy",
    collection="jars",
    state=Jar,
    events=(PutIn, Lidded),
    evolve=evolve,
    announce=announce,
    keys=lambda jar: {"holds": jar.holds, "lidded": jar.lidded},
    next_due=lambda jar: jar.due,
    indexes=("holds",),
)


class Silent:
    """An outlet that only remembers what it was offered."""

    def __init__(self) -> None:
        self.offered: list[Document] = []

    def offer(self, aggregates: Aggregates[Any, Any], document: Document) -> None:
        self.offered.append(document)


def jars(store: Store, outlet: Outlet | None = None) -> Aggregates[Jar, PutIn | Lidded]:
    return Aggregates(JARS, store, KEY, outlet or Silent())


def cause(**more: Any) -> Cause:
    return Cause(**{"actor": "street:guanshang", "now": NOON, **more})
