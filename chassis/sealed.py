"""Data that a service keeps sealed apart from its records, by what it belongs to and what it is (AES-256-GCM).

The keys are derived from the trail's, and never leave the process.
"""

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from .aggregates import Aggregates, Outlet
from .beside import Beside, Undo
from .cause import Cause
from .kernel.errors import NotFound
from .kind import Kind, derived_id
from .removals import Removals
from .resealing import Boxes
from .sealing import Seal
from .store import Store

COLLECTION = "sealed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """`since` when there is one; `mark` tells the same person again, and says nothing of who it is."""

    of: str
    what: str
    box: str
    since: datetime
    mark: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    of: str
    what: str
    box: str
    since: datetime
    mark: str | None = None

    def kept(self, box: str) -> Kept:
        """The same, in another box."""
        return Kept(of=self.of, what=self.what, box=box, since=self.since, mark=self.mark)


def evolve(_: Box | None, event: Kept) -> Box:
    return Box(of=event.of, what=event.what, box=event.box, since=event.since, mark=event.mark)


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
            keys=lambda box: {"mark": box.mark},
            indexes=("mark",),
        )
        self.kept = Aggregates(kind, store, secret, outlet)
        self._seal = Seal.derived(secret, f"{service}: sealed")
        self._marks = hmac.digest(secret, f"{service}: marks".encode(), "sha256")
        self.boxes = Boxes(
            aggregates=self.kept,
            seal=self._seal,
            box=lambda kept: str(kept.box),
            again=lambda id, kept: [kept.kept(self._seal.again(id, kept.box))],
        )

    def keeping(
        self,
        of: str,
        what: str,
        said: Mapping[str, str],
        cause: Cause,
        *,
        number: str | None = None,
    ) -> Beside:
        """Written beside the change, replacing what was there; `number`: by which the same person is recognised
        elsewhere.
        """
        id = _id(of, what)
        box = self._seal.shut(id, said)
        mark = hmac.new(self._marks, number.encode(), "sha256").hexdigest() if number else None
        before: Box | None = None

        def kept(known: Box | None) -> list[Kept]:
            nonlocal before
            before = known
            since = known.since if known else cause.now
            return [Kept(of=of, what=what, box=box, since=since, mark=mark)]

        async def put() -> Undo:
            await self.kept.record(id, kept, cause.unkeyed(), ahead=True)
            return lambda: self._take_back(id, box, before, cause)

        return put

    async def _take_back(self, id: str, box: str, before: Box | None, cause: Cause) -> None:
        """Restores what was there before, unless the other process has replaced it meanwhile."""
        held = await self.kept.look(id)
        if held is None or held.aggregate.box != box:
            return
        if before is None:
            await self.kept.store.delete(COLLECTION, id)
            return

        def again(known: Box) -> list[Kept]:
            return [before.kept(before.box)] if known.box == box else []

        await self.kept.change(id, again, cause.unkeyed())

    async def read(self, of: str, what: Mapping[str, str]) -> dict[str, dict[str, str]]:
        """What there is of these, under the names they are asked by."""
        found = {}
        for name, kept in what.items():
            id = _id(of, kept)
            held = await self.kept.look(id)
            if held is not None:
                found[name] = self._seal.open(id, held.aggregate.box)
        return found

    async def open(self, of: str, what: str) -> dict[str, str]:
        """This one, or NotFound."""
        found = await self.read(of, {what: what})
        if not found:
            raise NotFound("没有登记姓名。")
        return found[what]

    async def same(self, of: str, what: str) -> list[tuple[str, str]]:
        """Everything of the same person, this one included."""
        held = await self.kept.look(_id(of, what))
        if held is None or held.aggregate.mark is None:
            return []
        found = self.kept.every({"mark": held.aggregate.mark})
        return [(one.aggregate.of, one.aggregate.what) async for one in found]

    async def remove(
        self, of: str, what: Iterable[str], removals: Removals, line: str, cause: Cause
    ) -> None:
        """Its term is over: noted by which line, each that there is, and then gone."""
        for one in what:
            held = await self.kept.look(_id(of, one))
            if held is not None:
                since = held.aggregate.since
                await removals.note(COLLECTION, f"{of}/{one}", line, since, cause)
                await self.forget(of, one)

    async def forget(self, of: str, what: str) -> None:
        """Somebody's own step, which is on the trail of what it belongs to: the record with its trail."""
        await self.kept.store.delete(COLLECTION, _id(of, what))


def _id(of: str, what: str) -> str:
    return derived_id(COLLECTION, of, what)
