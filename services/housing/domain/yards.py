"""The yards (小区院落) of a community with their buildings, by who runs them, and the households in each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chassis.kernel.errors import Malformed

from .households import counted


class YardKind(StrEnum):
    """社区自治管理, 公共单位管理, 物业管理."""

    SELF_GOVERNED = "self_governed"
    PUBLIC_UNIT = "public_unit"
    PROPERTY_MANAGED = "property_managed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Building:
    number: str
    households: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Yard:
    code: str
    name: str
    kind: YardKind
    buildings: tuple[Building, ...]

    @property
    def households(self) -> int:
        return sum(building.households for building in self.buildings)


@dataclass(frozen=True, slots=True, kw_only=True)
class YardsEntered:
    """All yards of the community, as they are from then on."""

    community: str
    street: str | None = None
    yards: tuple[Yard, ...]
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Yards:
    community: str
    street: str | None = None
    yards: tuple[Yard, ...] = ()

    def households(self, kind: YardKind) -> int:
        return sum(yard.households for yard in self.yards if yard.kind is kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildingRow:
    """One line of an import: a building, and the yard it stands in."""

    line: int
    community: str
    yard: str
    name: str
    kind: YardKind
    building: str
    households: int


MOST = 5_000
"""Buildings of one community: its document holds them all, with their history."""


def disagreeing(rows: Sequence[BuildingRow]) -> Iterator[tuple[int, Malformed]]:
    """Each line that says otherwise than one before it, and how."""
    yards: dict[str, BuildingRow] = {}
    buildings: dict[tuple[str, str], int] = {}
    for row in rows:
        first = yards.setdefault(row.yard, row)
        before = buildings.setdefault((row.yard, row.building), row.line)
        if first.name != row.name:
            detail = f"与第 {first.line} 行的小区名称不一致：{first.name}。"
            yield row.line, Malformed(detail, field="yard_name")
        elif first.kind is not row.kind:
            detail = f"与第 {first.line} 行的管理类型不一致。"
            yield row.line, Malformed(detail, field="yard_kind")
        elif before != row.line:
            detail = f"楼栋重复：{row.building}，已在第 {before} 行。"
            yield row.line, Malformed(detail, field="building")


def gathered(rows: Sequence[BuildingRow]) -> tuple[Yard, ...]:
    """Yards in the order of the file, of lines that don't disagree."""
    if len(rows) > MOST:
        raise Malformed(f"一个社区超过 {MOST} 栋楼。", field="community")
    yards: dict[str, BuildingRow] = {}
    buildings: dict[str, dict[str, int]] = {}
    for row in rows:
        yards.setdefault(row.yard, row)
        buildings.setdefault(row.yard, {})[row.building] = row.households
    return tuple(
        Yard(
            code=code,
            name=first.name,
            kind=first.kind,
            buildings=tuple(
                Building(number=number, households=households)
                for number, households in buildings[code].items()
            ),
        )
        for code, first in yards.items()
    )


def enter(known: Yards | None, entered: YardsEntered) -> tuple[YardsEntered, ...]:
    same = known and (known.yards, known.street) == (entered.yards, entered.street)
    return () if same else (entered,)


def evolve(yards: Yards | None, event: YardsEntered) -> Yards:
    return Yards(community=event.community, street=event.street, yards=event.yards)


def read(line: int, cells: Mapping[str, str]) -> BuildingRow:
    """Malformed names the column."""
    for column in ("community", "yard", "yard_name", "building"):
        if not cells[column] or len(cells[column]) > 80:
            raise Malformed("为空，或超过80字。", field=column)
    if cells["yard_kind"] not in set(YardKind):
        raise Malformed("须为 社区自治管理、公共单位管理 或 物业管理。", field="yard_kind")
    return BuildingRow(
        line=line,
        community=cells["community"],
        yard=cells["yard"],
        name=cells["yard_name"],
        kind=YardKind(cells["yard_kind"]),
        building=cells["building"],
        households=counted(cells["households"], least=0),
    )
