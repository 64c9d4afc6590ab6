"""A service's policy (the platform's default numbers): a document of versions, each with its reason.

`policy.toml` is version 1. A decision keeps the number of the policy version it was made under.
"""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, is_dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Generic, TypeVar, get_type_hints

from pydantic import TypeAdapter, ValidationError

from .aggregates import Aggregates, Outlet
from .cause import Cause
from .documents import plain
from .faults import refused
from .kernel.errors import Malformed, Refusal, RuleBroken, Unavailable
from .kernel.terms import check_numbers
from .kind import Changed, Held, Kind
from .rev_cache import RevCache
from .settings import Misconfigured
from .store import Store
from .system import why

P = TypeVar("P")
T = TypeVar("T")
ONLY = "policy"
PLATFORM = "platform"
NOTHING: Mapping[str, Any] = {}
PLACE = re.compile(r"at line (\d+), column (\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyAdopted:
    values: dict[str, Any]
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyEdition:
    """One version of the policy, from its time on."""

    number: int
    values: dict[str, Any]
    reason: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyBook:
    editions: tuple[PolicyEdition, ...] = ()


def evolve(book: PolicyBook | None, event: PolicyAdopted) -> PolicyBook:
    editions = book.editions if book else ()
    adopted = PolicyEdition(
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
        self._check = check
        self._shipped = _read(shipped)
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
        self._latest = RevCache(self.aggregates, self._last)
        self._throughout = RevCache(self.aggregates, self._of_any_time)
        try:
            self._fitting(self._shipped)
        except (Malformed, RuleBroken) as misfit:
            raise Misconfigured(f"策略文件有误：{shipped}：{_where(misfit)}") from None

    def _shape(self, values: dict[str, Any]) -> P:
        """With what an older edition doesn't know yet taken from the shipped one."""
        return self._adapter.validate_python(_filled(self._of, self._shipped, values))

    async def seed(self, now: datetime) -> None:
        adopted = PolicyAdopted(values=self._shipped, reason="平台默认值", at=now)

        await self.aggregates.once(ONLY, [adopted], Cause(actor=PLATFORM, now=now))

    async def book(self) -> Held[PolicyBook]:
        return await self.aggregates.get(ONLY)

    async def current(self) -> tuple[int, P]:
        """Unavailable before the first start has seeded it: events that need it are retried."""
        return _there(await self._latest.look(ONLY))

    def _last(self, held: Held[PolicyBook]) -> tuple[int, P]:
        latest = held.aggregate.editions[-1]
        return latest.number, self._shape(latest.values)

    async def edition(self, number: int) -> P:
        """An earlier version: what was decided keeps its numbers."""
        return self._shape((await self.book()).aggregate.editions[number - 1].values)

    async def in_force(self, at: datetime) -> P:
        """The version that was, then."""
        return (await self.throughout())(at)

    async def throughout(self) -> Callable[[datetime], P]:
        """The version that was in force at any time; Unavailable as of `current`."""
        return _there(await self._throughout.look(ONLY))

    def _of_any_time(self, held: Held[PolicyBook]) -> Callable[[datetime], P]:
        editions = held.aggregate.editions
        shaped = cache(lambda number: self._shape(editions[number].values))

        def in_force(at: datetime) -> P:
            return shaped(max((n for n, one in enumerate(editions) if one.since <= at), default=0))

        return in_force

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

        def decide(book: PolicyBook) -> list[PolicyAdopted]:
            fitting = self._fitting(values, book.editions[-1].values)
            return [PolicyAdopted(values=fitting, reason=reason, at=cause.now)]

        return await self.aggregates.change(ONLY, decide, cause)

    def _fitting(
        self, values: dict[str, Any], stood: Mapping[str, Any] = NOTHING
    ) -> dict[str, Any]:
        """The whole of it; what isn't known there is refused at any depth, and so is what is out of bounds.

        `stood`: the edition before. What an earlier build let stand there unknown is left out when it is sent back.
        """
        try:
            shaped = self._shape(values)
        except ValidationError as error:
            raise refused(error) from None
        whole: dict[str, Any] = plain(self._adapter.dump_python(shaped))
        let_stand = {*_unknown(stood, whole)}
        if unknown := next((one for one in _unknown(values, whole) if one not in let_stand), None):
            raise Malformed(f"策略没有这一项：{unknown}", field=unknown)
        check_numbers(shaped)
        self._check(shaped)
        return whole


def _there(found: T | None) -> T:
    if found is None:
        raise Unavailable("策略尚未就绪，请稍后再试。")
    return found


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


def _unknown(said: Any, whole: Any, under: str = "") -> Iterator[str]:
    """What is `said` and isn't in the whole that was made of it, by where it stands (`retention.case_day`)."""
    if isinstance(said, Mapping) and isinstance(whole, Mapping):
        for name in sorted(said):
            if name not in whole and said[name] is not None:
                yield f"{under}{name}"
            yield from _unknown(said[name], whole.get(name), f"{under}{name}.")
    elif isinstance(said, list) and isinstance(whole, list):
        for number, (one, made) in enumerate(zip(said, whole, strict=False)):
            yield from _unknown(one, made, f"{under}{number}.")


def _read(shipped: Path) -> dict[str, Any]:
    """Misconfigured names the file and the place: a district may lay its own over ours."""
    try:
        return tomllib.loads(shipped.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise Misconfigured(f"策略文件读不到：{shipped}（{why(error)}）") from None
    except tomllib.TOMLDecodeError as error:
        place = PLACE.search(str(error))
        where = f"第 {place[1]} 行第 {place[2]} 列" if place else "文件末尾"
        raise Misconfigured(
            f"策略文件有误：{shipped}：{where}不合 TOML 的写法（每行一项：名称 = 值，文字加引号）"
        ) from None
    except UnicodeDecodeError:
        raise Misconfigured(f"策略文件有误：{shipped}：编码应为 UTF-8") from None


def _where(misfit: Refusal) -> str:
    """What it says, with the field that it is about."""
    said = misfit.detail.rstrip("。")
    return said if misfit.field is None or misfit.field in said else f"{misfit.field}：{said}"
