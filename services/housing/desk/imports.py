"""Imports: a file's lines compared with what is on record, and on request entered.

A dry run says everything and changes nothing. Of the register, all lines are good or none is
entered; of yards, all lines of a community.
"""

import re
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from chassis import claims
from chassis.asking import Asking
from chassis.guarded import Guarded
from chassis.kernel.clock import local_date
from chassis.kernel.errors import Malformed, Refusal
from chassis.tables.columns import Line
from chassis.tables.reading import Table
from services.housing.access import ACCESS
from services.housing.commands import EnterCommunity
from services.housing.domain import community as communities
from services.housing.domain import yards as all_yards
from services.housing.domain.community import Community, CommunityEntered, CommunityKind
from services.housing.domain.yards import BuildingRow, Yards, YardsEntered, gathered

from .register import RegisterDesk

CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
PROGRESS = 10_000
Said = dict[str, Any]


def yards_resource(yards: Yards) -> dict[str, object]:
    return {"street": yards.street, "community": yards.community}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Every change and every bad line; `entered` is whether anything was written."""

    lines: int
    changes: tuple[Said, ...]
    bad: tuple[Said, ...]
    entered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportDesk:
    register: RegisterDesk
    communities: Guarded[Community, CommunityEntered]
    yards: Guarded[Yards, YardsEntered]

    def demand(self, asking: Asking, reason: str) -> None:
        ACCESS.demand(asking.subject, "enter", {})
        if not reason.strip():
            raise Malformed("导入须写明理由。", field="reason")

    async def claim(self, asking: Asking) -> None:
        """KeyReused where the caller's key has stood for another file."""
        await claims.take(self.communities.store, replace(asking.cause, claims=True))

    # The register

    async def communities_of(
        self, table: Table, reason: str, *, dry_run: bool, asking: Asking
    ) -> Outcome:
        self.demand(asking, reason)
        changes: list[Said] = []
        bad: list[Said] = []
        wanted: dict[str, EnterCommunity] = {}
        known = {held.id: held.aggregate async for held in self.communities.every({})}
        called = Called(known.values(), local_date(asking.cause.now))
        lines = 0
        async for line in table.lines():
            lines += 1
            try:
                said = self._compared(line, wanted, known, called, reason, asking)
            except Refusal as refusal:
                bad.append(_fault(line.number, refusal))
            else:
                changes.extend([said] if said else [])
        if dry_run or bad:
            return Outcome(lines=lines, changes=tuple(changes), bad=tuple(bad), entered=False)
        await self.claim(asking)
        held, unkeyed = len(known), Asking(asking.subject, asking.cause.unkeyed())
        for change in changes:
            code = change["code"]
            await self.register.write(code, wanted[code], held, unkeyed)
            held += code not in known
        return Outcome(lines=lines, changes=tuple(changes), bad=(), entered=True)

    def _compared(
        self,
        line: Line,
        wanted: dict[str, EnterCommunity],
        on_record: Mapping[str, Community],
        called: "Called",
        reason: str,
        asking: Asking,
    ) -> Said | None:
        """What the line would change, or None; raises what the form would."""
        code, command = _entry(line, reason)
        if code in wanted:
            raise Malformed("社区代码在文件中重复。", field="code")
        wanted[code] = command
        known = on_record.get(code)
        entry = CommunityEntered(
            code=code,
            name=command.name,
            street=command.street,
            kind=command.kind,
            households=command.households,
            valid_from=local_date(asking.cause.now),
            reason=reason,
            listed=0,
        )
        namesakes = called.namesakes(code, command.street, command.name)
        if not communities.enter(known, entry, self.register.streets, namesakes):
            return None
        return {"line": line.number, "code": code, "fields": _differing(known, entry)}

    # Yards

    async def yards_of(
        self, table: Table, reason: str, *, dry_run: bool, asking: Asking
    ) -> AsyncIterator[Said]:
        """Progress, bad lines and changes as they are found; in memory is one community at a time."""
        group: list[BuildingRow] = []
        begun: set[str] = set()
        spoilt: set[str] = set()
        totals = {"lines": 0, "bad": 0, "communities": 0, "changed": 0}
        async for line in table.lines():
            totals["lines"] += 1
            if totals["lines"] % PROGRESS == 0:
                yield {"progress": totals["lines"]}
            code = line.cells["community"]
            if group and group[0].community != code:
                async for said in self._settled(group, reason, dry_run, asking, totals, spoilt):
                    yield said
                group = []
            try:
                if not group and code in begun:
                    raise Malformed("同一社区的行须连在一起。", field="community")
                if line.fault:
                    raise line.fault
                group.append(all_yards.read(line.number, line.cells))
            except Malformed as refusal:
                spoilt.add(code)
                totals["bad"] += 1
                yield {"bad": _fault(line.number, refusal)}
            begun.add(code)
        async for said in self._settled(group, reason, dry_run, asking, totals, spoilt):
            yield said
        yield {"done": {**totals, "entered": not dry_run}}

    async def _settled(
        self,
        group: list[BuildingRow],
        reason: str,
        dry_run: bool,
        asking: Asking,
        totals: dict[str, int],
        spoilt: set[str],
    ) -> AsyncIterator[Said]:
        """One community's lines: what they change, and the change itself."""
        if not group:
            return
        totals["communities"] += 1
        code = group[0].community
        held = await self.communities.look(code)
        try:
            if held is None or held.aggregate.valid_to is not None:
                raise Malformed("登记册中没有这个社区，或已终止。", field="community")
            yards = gathered(group)
        except Malformed as refusal:
            totals["bad"] += 1
            yield {"bad": _fault(group[0].line, refusal)}
            return
        entered = YardsEntered(
            community=code,
            street=held.aggregate.street,
            yards=yards,
            reason=reason,
            at=asking.cause.now,
        )
        known = await self.yards.look(code)
        before = known.aggregate if known else None
        if code in spoilt or not all_yards.enter(before, entered):
            return
        totals["changed"] += 1
        yield {"change": _counted(code, before, all_yards.evolve(None, entered))}
        if not dry_run:
            await self.yards.record(
                code, lambda was: all_yards.enter(was, entered), asking.cause.unkeyed()
            )


def _fault(line: int, refusal: Refusal) -> Said:
    return {"line": line, "field": refusal.field or "row", "detail": refusal.detail}


class Called:
    """Which communities have a name in a street, as they are and as the file's lines would have them."""

    def __init__(self, known: Iterable[Community], today: date) -> None:
        self._by_name: dict[tuple[str | None, str], set[str]] = {}
        self._names: dict[str, tuple[str | None, str]] = {}
        for community in known:
            if community.holds_on(today):
                self.namesakes(community.code, community.street, community.name)

    def namesakes(self, code: str, street: str | None, name: str) -> frozenset[str]:
        """The others of that name; from now on this one has it."""
        if before := self._names.get(code):
            self._by_name[before].discard(code)
        self._names[code] = (street, name)
        others = frozenset(self._by_name.setdefault((street, name), set()))
        self._by_name[street, name].add(code)
        return others


def _entry(line: Line, reason: str) -> tuple[str, EnterCommunity]:
    if line.fault:
        raise line.fault
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
        street=cells["street"],
        kind=CommunityKind(kind) if kind else None,
        households=all_yards.count(cells["households"]) if cells["households"] else None,
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
