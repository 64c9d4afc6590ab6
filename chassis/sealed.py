"""What a service keeps sealed apart from its records, by what it belongs to and what it is (AES-256-GCM).

The key is derived from the trail's, and never leaves the process.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from .aggregates import Aggregates, Outlet
from .cause import Cause
from .kind import Kind, derived_id
from .removals import Removals
from .resealing import Boxes
from .sealing import Seal
from .store import Store

COLLECTION = "sealed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    box: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    box: str


def evolve(_: Box | None, event: Kept) -> Box:
    return Box(box=event.box)


class Sealed:
    """Of one service. A box is sealed to what it belongs to and what it is: a party, a name, the text."""

    def __init__(self, service: str, store: Store, secret: bytes, outlet: Outlet) -> None:
        kind: Kind[Box, Kept] = Kind(
            service=service,
            collection=COLLECTION,
            state=Box,
            events=(Kept,),
            evolve=evolve,
            announce=lambda *_: None,
            keys=lambda _: {},
        )
        self.kept = Aggregates(kind, store, secret, outlet)
        self._seal = Seal.derived(secret, f"{service}: sealed")
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

    async def remove(self, of: str, what: str, removals: Removals, line: str, cause: Cause) -> None:
        """Its term is over: gone, and noted by which line."""
        id = _id(of, what)
        if await self.kept.look(id) is not None:
            await removals.remove(self.kept, id, line, cause)

    async def forget(self, of: str, what: str) -> None:
        """The record with its trail."""
        await self.kept.store.delete(COLLECTION, _id(of, what))


def _id(of: str, what: str) -> str:
    return derived_id(COLLECTION, of, what)
