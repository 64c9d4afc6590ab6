"""Who the parties are and what was said, sealed apart from the case (AES-256-GCM).

The key is derived from the trail's, and never leaves the process.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from chassis.aggregates import Aggregates, Outlet
from chassis.cause import Cause
from chassis.kind import Kind, derived_id
from chassis.resealing import Boxes
from chassis.sealing import Seal
from chassis.store import Store

COLLECTION = "sealed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    box: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    box: str


def evolve(_: Box | None, event: Kept) -> Box:
    return Box(box=event.box)


SEALED: Kind[Box, Kept] = Kind(
    service="mediation",
    collection=COLLECTION,
    state=Box,
    events=(Kept,),
    evolve=evolve,
    announce=lambda *_: None,
    keys=lambda _: {},
)


class Sealed:
    """By what it belongs to and what it is (a party, the text), to which a box is sealed."""

    def __init__(self, store: Store, secret: bytes, outlet: Outlet) -> None:
        self.kept = Aggregates(SEALED, store, secret, outlet)
        self._seal = Seal.derived(secret, "mediation: sealed")
        self.boxes = Boxes(
            aggregates=self.kept,
            seal=self._seal,
            box=lambda kept: str(kept.box),
            again=lambda id, kept: [Kept(box=self._seal.again(id, kept.box))],
        )

    async def keep(self, of: str, what: str, said: Mapping[str, str], cause: Cause) -> None:
        id = _id(of, what)
        await self.kept.record(id, lambda _: [Kept(box=self._seal.shut(id, said))], cause.unkeyed())

    async def read(self, of: str, what: Mapping[str, str]) -> dict[str, dict[str, str]]:
        """What there is of these, under the names they are asked by."""
        found = {}
        for name, kept in what.items():
            id = _id(of, kept)
            held = await self.kept.look(id)
            if held is not None:
                found[name] = self._seal.open(id, held.aggregate.box)
        return found

    async def forget(self, of: str, what: str) -> None:
        """The record with its trail."""
        await self.kept.store.delete(COLLECTION, _id(of, what))


def _id(of: str, what: str) -> str:
    return derived_id(COLLECTION, of, what)
