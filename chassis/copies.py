"""Local copies of what another service owns, kept from its events: per subject the latest one wins."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from contracts.event import Event

from .aggregates import Aggregates, Outlet
from .kernel.errors import Unavailable, UnknownReference
from .kind import Kind
from .rev_cache import RevCache
from .store import Store
from .subscriptions import Heard, Subscription

E = TypeVar("E", bound=Event)
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What an event said of its subject, as of the publisher's `sequence`."""

    event: str
    sequence: int
    data: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """The latest data, and every event consumed about the subject."""

    sequence: int
    data: dict[str, Any]
    heard: tuple[str, ...]


def evolve(copy: Copy | None, told: Told) -> Copy:
    heard = (*(copy.heard if copy else ()), told.event)
    if copy is not None and copy.sequence >= told.sequence:
        return Copy(sequence=copy.sequence, data=copy.data, heard=heard)
    return Copy(sequence=told.sequence, data=told.data, heard=heard)


class Copies(Generic[E]):
    """Copies by the subject's id. `listed` in the data says how many the owner holds, so that a
    copy knows when it is whole."""

    def __init__(
        self,
        service: str,
        collection: str,
        event: type[E],
        store: Store,
        trail_key: bytes,
        outlet: Outlet,
        *,
        keys: Callable[[Mapping[str, Any]], Mapping[str, Any]] = lambda _: {},
        indexes: tuple[str, ...] = (),
    ) -> None:
        self._event = event
        kind: Kind[Copy, Told] = Kind(
            service=service,
            collection=collection,
            state=Copy,
            events=(Told,),
            evolve=evolve,
            announce=lambda *_: None,
            keys=lambda copy: {"listed": copy.data.get("listed", 0), **keys(copy.data)},
            indexes=("listed", *indexes),
            always=indexes,
        )
        self.aggregates = Aggregates(kind, store, trail_key, outlet)
        self._looked = RevCache(self.aggregates, lambda held: self._read(held.aggregate))

    def subscription(self) -> Subscription[E]:
        return Subscription(self._event, self.hear)

    async def hear(self, heard: Heard[E]) -> None:
        data = heard.event.model_dump(mode="json", exclude_none=True)
        told = Told(event=heard.envelope.id, sequence=heard.sequence, data=data)

        def noted(_: Copy | None) -> Iterable[Told]:
            return [told]

        await self.aggregates.record(heard.about, noted, heard.cause)

    async def look(self, id: str) -> E | None:
        return await self._looked.look(id)

    def _read(self, copy: Copy) -> E:
        return self._event.model_validate(copy.data)

    async def known(self, id: str, field: str) -> E:
        """The copy; UnknownReference naming the field, or Unavailable while the copies aren't whole."""
        found = await self._certain(lambda: self.look(id))
        if found is None:
            raise UnknownReference(f"登记册中没有：{id}", field=field)
        return found

    async def any(self, where: Mapping[str, Any]) -> bool:
        """Whether one of them is so; Unavailable while none is and the copies aren't whole."""
        return bool(await self._certain(lambda: self.find(where, limit=1)))

    async def _certain(self, look: Callable[[], Awaitable[T]]) -> T:
        """What is looked for; nothing only where the copies are whole."""
        if found := await look():
            return found
        if await self.missing():
            raise Unavailable("登记册还没有同步完成，请稍后再试。")
        return await look()  # the last ones may have come since

    async def find(self, where: Mapping[str, Any], limit: int = 200) -> list[E]:
        found = await self.aggregates.find(where, limit=limit)
        return [self._read(held.aggregate) for held in found]

    async def every(self, where: Mapping[str, Any] = MappingProxyType({})) -> list[E]:
        return [self._read(held.aggregate) async for held in self.aggregates.every(where)]

    async def told(self) -> dict[str, list[E]]:
        """All that was told of each, by its id, in the teller's order; look and every give the latest."""
        return {
            held.id: [
                self._event.model_validate(one.data)
                for one in sorted(told, key=lambda one: one.sequence)
            ]
            async for held, told in self.aggregates.every_past({})
        }

    async def missing(self) -> str | None:
        """Why the copy isn't whole yet, or None."""
        kind = self.aggregates.kind
        name, again = kind.collection, f"久等不到时运行 gongzhi catch-up {kind.service}"
        latest = await self.aggregates.find({}, sort="listed", descending=True, after=None, limit=1)
        if not latest:
            return f"{name}: 尚未收到任何登记信息（{again}）"
        expected = int(latest[0].aggregate.data.get("listed", 0))
        held = await self.aggregates.count({})
        return None if held >= expected else f"{name}: 已收到 {held} / {expected}（{again}）"
