"""Who founders, heads, volunteers and complainants are: sealed apart from every record (AES-256-GCM).

The keys are derived from the trail's, and never leave the process.
"""

import hmac
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
    """`mark` tells the same person again, and says nothing of who it is."""

    of: str
    seat: str
    sealed: str
    mark: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    of: str
    seat: str
    sealed: str
    mark: str | None = None


def evolve(_: Person | None, event: PersonKept) -> Person:
    return Person(of=event.of, seat=event.seat, sealed=event.sealed, mark=event.mark)


PEOPLE: Kind[Person, PersonKept] = Kind(
    service="organisations",
    collection=COLLECTION,
    state=Person,
    events=(PersonKept,),
    evolve=evolve,
    announce=lambda *_: None,
    keys=lambda person: {"mark": person.mark},
    indexes=("mark",),
)


class People:
    """By what somebody belongs to, and as what: that is also what a record is sealed to."""

    def __init__(self, store: Store, secret: bytes, outlet: Outlet) -> None:
        self.kept = Aggregates(PEOPLE, store, secret, outlet)
        self._seal = Seal.derived(secret, "organisations: people")
        self.boxes = Boxes(
            aggregates=self.kept,
            seal=self._seal,
            box=lambda person: str(person.sealed),
            again=lambda id, person: [
                PersonKept(
                    of=person.of,
                    seat=person.seat,
                    sealed=self._seal.again(id, person.sealed),
                    mark=person.mark,
                )
            ],
        )
        self._marks = hmac.digest(secret, b"organisations: marks", "sha256")

    async def keep(
        self,
        of: str,
        seat: str,
        person: Mapping[str, str],
        cause: Cause,
        *,
        number: str | None = None,
    ) -> None:
        """`number`: by which the same person is told again elsewhere."""
        id = _id(of, seat)
        box = self._seal.shut(id, person)
        mark = hmac.new(self._marks, number.encode(), "sha256").hexdigest() if number else None
        kept = PersonKept(of=of, seat=seat, sealed=box, mark=mark)
        await self.kept.record(id, lambda _: [kept], cause.unkeyed())

    async def same(self, of: str, seat: str) -> list[tuple[str, str]]:
        """Every seat of whoever has this one, itself among them."""
        held = await self.kept.look(_id(of, seat))
        if held is None or held.aggregate.mark is None:
            return []
        found = self.kept.every({"mark": held.aggregate.mark})
        return [(one.aggregate.of, one.aggregate.seat) async for one in found]

    async def read(self, of: str, seat: str) -> dict[str, str]:
        id = _id(of, seat)
        held = await self.kept.look(id)
        if held is None:
            raise NotFound("没有登记姓名。")
        return self._seal.open(id, held.aggregate.sealed)

    async def forget(self, of: str, seat: str) -> None:
        """The record with its trail."""
        await self.kept.store.delete(COLLECTION, _id(of, seat))


def _id(of: str, seat: str) -> str:
    return derived_id(COLLECTION, of, seat)
