"""A service's policy (the platform's default numbers): a document of versions, each with its reason.

`policy.toml` is version 1. What was decided keeps the number of the version it was decided under.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, is_dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Generic, TypeVar, get_type_hints

from pydantic import TypeAdapter, ValidationError

from .aggregates import Aggregates, Outlet
from .cause import Cause
from .documents import plain
from .faults import refused
from .kernel.errors import Malformed, Unavailable
from .kernel.terms import check_numbers
from .kind import Changed, Held, Kind
from .remembered import Remembered
from .store import Store

P = TypeVar("P")
ONLY = "policy"
PLATFORM = "platform"


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyAdopted:
    values: dict[str, Any]
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One version of the policy, from its time on."""

    number: int
    values: dict[str, Any]
    reason: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyBook:
    editions: tuple[Edition, ...] = ()


def evolve(book: PolicyBook | None, event: PolicyAdopted) -> PolicyBook:
    editions = book.editions if book else ()
    adopted = Edition(
        number=len(editions) + 1, values=event.values, reason=event.reason, since=event.at
    )
    return PolicyBook(editions=(*editions, adopted))


class Policies(Generic[P]):
    """The policy of one service, in its own typed shape."""

    def __init__(
        self,
        service: str,
        shape: type[P],
        shipped: Path,
        store: Store,
        trail_key: bytes,
        outlet: Outlet,
        *,
        check: Callable[[P], None] = lambda _: None,
    ) -> None:
        self._of = shape
        self._adapter: TypeAdapter[P] = TypeAdapter(shape)
        self._shipped: dict[str, Any] = tomllib.loads(shipped.read_text(encoding="utf-8"))
        self._check = check
        kind: Kind[PolicyBook, PolicyAdopted] = Kind(
            service=service,
            collection="policy",
            state=PolicyBook,
            events=(PolicyAdopted,),
            evolve=evolve,
            announce=lambda *_: None,
            keys=lambda _: {},
        )
        self.aggregates = Aggregates(kind, store, trail_key, outlet)
        self._latest = Remembered(self.aggregates, self._last)
        self._shape(self._shipped)

    def _shape(self, values: dict[str, Any]) -> P:
        """With what an older edition doesn't know yet taken from the shipped one."""
        return self._adapter.validate_python(_filled(self._of, self._shipped, values))

    async def seed(self, now: datetime) -> None:
        adopted = PolicyAdopted(values=self._shipped, reason="平台默认值", at=now)

        await self.aggregates.once(ONLY, [adopted], Cause(actor=PLATFORM, now=now))

    async def book(self) -> Held[PolicyBook]:
        return await self.aggregates.get(ONLY)

    async def current(self) -> tuple[int, P]:
        """Unavailable before the first start has seeded it: news that needs it comes again."""
        latest = await self._latest.look(ONLY)
        if latest is None:
            raise Unavailable("策略尚未就绪，请稍后再试。")
        return latest

    def _last(self, held: Held[PolicyBook]) -> tuple[int, P]:
        latest = held.aggregate.editions[-1]
        return latest.number, self._shape(latest.values)

    async def edition(self, number: int) -> P:
        """An earlier version: what was decided keeps its numbers."""
        return self._shape((await self.book()).aggregate.editions[number - 1].values)

    async def in_force(self, at: datetime) -> P:
        """The version that was, then."""
        first, *later = (await self.book()).aggregate.editions
        since = [first, *(one for one in later if one.since <= at)]
        return self._shape(since[-1].values)

    async def last(self, fits: Callable[[P], bool]) -> P | None:
        """The latest version that fits: of what has been taken out since, the one that still had it."""
        _, latest = await self.current()
        if fits(latest):
            return latest
        *earlier, _ = (await self.book()).aggregate.editions
        shaped = (self._shape(edition.values) for edition in reversed(earlier))
        return next((one for one in shaped if fits(one)), None)

    async def put(
        self, values: dict[str, Any], reason: str, cause: Cause
    ) -> Changed[PolicyBook, PolicyAdopted]:
        """The next version, whole; Malformed names the field that doesn't fit."""
        unknown = sorted(set(values) - set(self._shipped))
        if unknown:
            raise Malformed(f"策略没有这一项：{unknown[0]}", field=unknown[0])
        try:
            shaped = self._shape(values)
        except ValidationError as error:
            raise refused(error) from None
        check_numbers(shaped)
        self._check(shaped)
        whole = plain(self._adapter.dump_python(shaped))
        adopted = PolicyAdopted(values=whole, reason=reason, at=cause.now)
        return await self.aggregates.change(ONLY, lambda _: [adopted], cause)


def _filled(shape: Any, shipped: Any, said: Any) -> Any:
    """`said`, and the fields it lacks, at any depth. What a table by codes lacks was taken out of it."""
    if not (is_dataclass(shape) and isinstance(shipped, Mapping) and isinstance(said, Mapping)):
        return said
    fields = get_type_hints(shape)
    known = {
        name: _filled(fields.get(name), value, said[name]) if name in said else value
        for name, value in shipped.items()
    }
    return {**said, **known}
