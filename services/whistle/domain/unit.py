"""A unit (单位) that a whistle can summon: departments, community forces, river chiefs, linked leaders."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from chassis.kernel.errors import Malformed


class UnitKind(StrEnum):
    DEPARTMENT = "department"
    COMMUNITY_FORCE = "community_force"
    STREET_OFFICE = "street_office"
    ALLIANCE = "alliance"
    RIVER_CHIEF = "river_chief"
    LINKED_LEADER = "linked_leader"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitEntered:
    """The district listed or changed the unit; `listed` is how many the register then holds."""

    code: str
    name: str
    kind: UnitKind
    serves: tuple[str, ...] = ()
    valid_from: date
    valid_to: date | None = None
    listed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """`serves`: the communities and streets it belongs or is linked to (W-02)."""

    code: str
    name: str
    kind: UnitKind
    serves: tuple[str, ...] = ()
    valid_from: date
    valid_to: date | None = None
    listed: int

    def valid_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def ended(self, day: date) -> bool:
        return self.valid_to is not None and self.valid_to < day

    def valid_in(self, year: int) -> bool:
        """On some day of it."""
        ended = self.valid_to is not None and self.valid_to.year < year
        return self.valid_from.year <= year and not ended


def enter(entry: UnitEntered) -> tuple[UnitEntered, ...]:
    """Malformed for one that would end before it begins."""
    if entry.valid_to is not None and entry.valid_to < entry.valid_from:
        raise Malformed("终止日期不得早于生效日期。", field="valid_to")
    return (entry,)


def evolve(unit: Unit | None, event: UnitEntered) -> Unit:
    return Unit(
        code=event.code,
        name=event.name,
        kind=event.kind,
        serves=event.serves,
        valid_from=event.valid_from,
        valid_to=event.valid_to,
        listed=event.listed,
    )
