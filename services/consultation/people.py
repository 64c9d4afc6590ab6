"""Who sits on a seat: name and telephone, sealed apart from the committee (AES-256-GCM).

The key is derived from the trail's, and never leaves the process.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from chassis.aggregates import Aggregates, Outlet
from chassis.cause import Cause
from chassis.kernel.errors import NotFound
from chassis.kind import Kind, derived_id
from chassis.resealing import Boxes
from chassis.sealing import Seal
from chassis.store import Store

COLLECTION = "people"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonKept:
    sealed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    sealed: str


def evolve(_: Person | None, event: PersonKept) -> Person:
    return Person(sealed=event.sealed)


PEOPLE: Kind[Person, PersonKept] = Kind(
    service="consultation",
    collection=COLLECTION,
    state=Person,
    events=(PersonKept,),
    evolve=evolve,
    announce=lambda *_: None,
    keys=lambda _: {},
)


class People:
    """By committee and seat, which is also what a record is sealed to."""

    def __init__(self, store: Store, secret: bytes, outlet: Outlet) -> None:
        self.kept = Aggregates(PEOPLE, store, secret, outlet)
        self._seal = Seal.derived(secret, "consultation: people")
        self.boxes = Boxes(
            aggregates=self.kept,
            seal=self._seal,
            box=lambda person: str(person.sealed),
            again=lambda id, person: [PersonKept(sealed=self._seal.again(id, person.sealed))],
        )

    async def keep(
        self, committee: str, seat: str, person: Mapping[str, str], cause: Cause
    ) -> None:
        id = _id(committee, seat)
        box = self._seal.shut(id, person)
        await self.kept.record(id, lambda _: [PersonKept(sealed=box)], cause.unkeyed())

    async def read(self, committee: str, seat: str) -> dict[str, str]:
        id = _id(committee, seat)
        held = await self.kept.look(id)
        if held is None:
            raise NotFound("该席位没有登记姓名。")
        return self._seal.open(id, held.aggregate.sealed)

    async def forget(self, committee: str, seat: str) -> None:
        """The record with its trail."""
        await self.kept.store.delete(COLLECTION, _id(committee, seat))


def _id(committee: str, seat: str) -> str:
    return derived_id(COLLECTION, committee, seat)
