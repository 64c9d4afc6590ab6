"""Imports: a file's lines compared with what is on record; what they would change can be entered."""

import re
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from chassis.cause import Cause
from chassis.guarded import Guarded
from chassis.identity import Subject
from chassis.imports.desk import Bad, Change
from chassis.imports.judging import Group, judged, judged_groups, only_once
from chassis.kernel.clock import local_date
from chassis.kernel.errors import Malformed
from chassis.tables.columns import Line
from services.housing.domain import boundaries
from services.housing.domain import community as communities
from services.housing.domain import yards as all_yards
from services.housing.domain.boundaries import BoundaryChange, Known
from services.housing.domain.community import Community, CommunityEntered, CommunityKind
from services.housing.domain.households import counted
from services.housing.domain.yards import BuildingRow, Yards, YardsEntered, gathered

from .register import EnterCommunity, RegisterDesk, entry_of

CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
Said = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterLines:
    """A line is a community as it shall be from today on."""

    register: RegisterDesk

    async def compare(
        self, lines: AsyncIterator[Line], reason: str, by: str, now: datetime
    ) -> AsyncIterator[Bad | Change]:
        known = {held.id: held.aggregate async for held in self.register.communities.every({})}
        called = Called(known, await self.register.open_changes(), local_date(now))
        listed = len(known)
        met: set[str] = set()

        async def judge(line: Line) -> Change | None:
            nonlocal listed
            code, command = _entry(line, reason)
            only_once(code, met, "社区代码在文件中重复。", field="code")
            met.add(code)
            entry = entry_of(code, command, local_date(now), listed)
            namesakes = called.namesakes(entry)
            was = known.get(code)
            if not communities.enter(was, entry, self.register.streets, namesakes):
                return None
            said = {"code": code, "fields": _differing(was, entry)}
            enter = partial(self.register.write, code, command, listed)
            listed += was is None
            return Change(line.number, code, said, enter)

        async for found in judged(lines, judge):
            yield found

    async def rows(self, _: Subject) -> AsyncIterator[Sequence[str | int | None]]:
        """Of those that hold: what ended stays as it is."""
        async for held in self.register.communities.every({}):
            one = held.aggregate
            if one.valid_to is None:
                yield one.code, one.name, one.street, one.kind, one.households


@dataclass(frozen=True, slots=True, kw_only=True)
class YardLines:
    """A line is a building; all lines of a community are its yards as they are from then on."""

    communities: Guarded[Community, CommunityEntered]
    yards: Guarded[Yards, YardsEntered]

    def compare(
        self, lines: AsyncIterator[Line], reason: str, by: str, now: datetime
    ) -> AsyncIterator[Bad | Change]:
        async def judge(group: Group[BuildingRow]) -> Change | None:
            return await self._compared(group, reason, now)

        apart = "同一社区的行须连在一起。"
        return judged_groups(lines, "community", apart, _building, judge, _disagreeing)

    async def rows(self, _: Subject) -> AsyncIterator[Sequence[str | int | None]]:
        async for held in self.yards.every({}):
            for yard in held.aggregate.yards:
                for building in yard.buildings:
                    named = (yard.code, yard.name, yard.kind, building.number)
                    yield held.id, *named, building.households

    async def _compared(
        self, group: Group[BuildingRow], reason: str, now: datetime
    ) -> Change | None:
        """What the lines change, if anything."""
        code = group.key
        held = await self.communities.look(code)
        if held is None or held.aggregate.valid_to is not None:
            raise Malformed("登记册中没有这个社区，或已终止。", field="community")
        yards = gathered(group.rows)
        entered = YardsEntered(
            community=code, street=held.aggregate.street, yards=yards, reason=reason, at=now
        )
        known = await self.yards.look(code)
        before = known.aggregate if known else None
        if not all_yards.enter(before, entered):
            return None
        said = _counted(code, before, all_yards.evolve(None, entered))
        return Change(group.first, code, said, partial(self._enter, entered))

    async def _enter(self, entered: YardsEntered, cause: Cause) -> None:
        await self.yards.record(entered.community, lambda was: all_yards.enter(was, entered), cause)


def _building(line: Line) -> BuildingRow:
    return all_yards.read(line.number, line.cells)


def _disagreeing(rows: Sequence[BuildingRow]) -> Iterator[Bad]:
    return (Bad.of(line, refusal) for line, refusal in all_yards.disagreeing(rows))


class Called:
    """Which communities have a name in a street, as they are, as changes that are decided will have them, and as the
    file's lines would.
    """

    def __init__(
        self, known: Mapping[str, Community], changes: Sequence[BoundaryChange], today: date
    ) -> None:
        self._changes = changes
        self._on_record = known
        self._said: dict[str, Known] = {**known}
        self._by_name: defaultdict[boundaries.Called, set[str]] = defaultdict(set)
        for one in known.values():
            if one.holds_on(today):
                self._by_name[one.street, one.name].add(one.code)

    def namesakes(self, entry: CommunityEntered) -> frozenset[str]:
        """The others of that name, and of what it will be called; from now on this one has it."""
        if before := self._said.get(entry.code):
            self._by_name[before.street, before.name].discard(entry.code)
        self._said[entry.code] = entry
        self._by_name[entry.street, entry.name].add(entry.code)
        names = boundaries.names_of(entry, self._on_record.get(entry.code), self._changes)
        found = (
            boundaries.namesakes(name, on, self._by_name[name], self._changes, self._said)
            for name, on in names
        )
        return frozenset().union(*found) - {entry.code}


def _entry(line: Line, reason: str) -> tuple[str, EnterCommunity]:
    cells = line.cells
    if not CODE.fullmatch(cells["code"]):
        raise Malformed("社区代码只用小写字母、数字、下划线和连字符。", field="code")
    if len(cells["name"]) > 80:
        raise Malformed("名称超过80字。", field="name")
    kind = cells["kind"]
    if kind and kind not in set(CommunityKind):
        raise Malformed("须为 城市社区 或 村改居。", field="kind")
    return cells["code"], EnterCommunity(
        name=cells["name"],
        street=cells["street"] or None,
        kind=CommunityKind(kind) if kind else None,
        households=counted(cells["households"], least=1) if cells["households"] else None,
        reason=reason,
    )


def _differing(known: Community | None, entry: CommunityEntered) -> Said:
    """Field → before and after; a new community has no before."""
    pairs = {
        name: [getattr(known, name, None), getattr(entry, name)]
        for name in ("name", "street", "kind", "households")
    }
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _counted(code: str, before: Yards | None, after: Yards) -> Said:
    return {
        "community": code,
        "yards": [len(before.yards) if before else 0, len(after.yards)],
        "households": [
            sum(yard.households for yard in was.yards) if was else 0 for was in (before, after)
        ],
    }
