"""What a community's premises are measured against: dated rules, each with whom it is for and how it rounds."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from chassis.kernel.measure import half_up

from .area import HOUSEHOLDS, OWED, least
from .rules import LARGE, NEW_RESIDENCES, STANDARD

PILOTS = frozenset({"shijicheng", "xinyazhoutiyucheng", "luosiwan", "fenghuangshan"})
"""世纪城, 新亚洲体育城, 螺蛳湾国际商贸城, 凤凰山: the four large communities of the pilot."""


class Scope(StrEnum):
    COMMUNITY = "community"
    LARGE_COMMUNITY = "large_community"
    HOUSEHOLDS = "households"
    DEVELOPMENT = "development"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """`area` in hundredths of a m², per so many `households` where it is relative to them."""

    id: str
    scope: Scope
    since: date
    until: date | None = None
    area: int
    households: int | None = None
    rounding: str
    clause: str
    remark: str


EXACT = "面积按百分之一平方米整数相加比较，不取舍"
IN_PROPORTION = "不足百户按比例计算，到0.01平方米，四舍五入（文件未写明取舍，为平台规定）"
STANDARDS = (
    Standard(
        id="two_rooms",
        scope=Scope.COMMUNITY,
        since=date(2017, 1, 1),
        area=400_00,
        rounding=EXACT,
        clause=NEW_RESIDENCES,
        remark="文件称2017年起按此清查，未写明生效日；生效日为平台规定",
    ),
    Standard(
        id="large_community",
        scope=Scope.LARGE_COMMUNITY,
        since=date(2020, 8, 21),
        area=1000_00,
        rounding=EXACT,
        clause=LARGE,
        remark="四个试点大型社区；生效日为试点方案印发日",
    ),
    Standard(
        id="per_households",
        scope=Scope.HOUSEHOLDS,
        since=date(2018, 1, 1),
        area=OWED,
        households=HOUSEHOLDS,
        rounding=IN_PROPORTION,
        clause=STANDARD,
        remark="全部社区的目标；文件只写年份，生效日为平台规定",
    ),
    Standard(
        id="development",
        scope=Scope.DEVELOPMENT,
        since=date(2018, 1, 1),
        area=OWED,
        households=HOUSEHOLDS,
        rounding=IN_PROPORTION,
        clause=NEW_RESIDENCES,
        remark="新建住宅项目无偿提供；文件只写2018年起，生效日为平台规定",
    ),
)


def in_force(scope: Scope, day: date) -> Standard | None:
    """The latest of its scope that holds on the day."""
    holding = [
        one
        for one in STANDARDS
        if one.scope is scope and one.since <= day and (one.until is None or day <= one.until)
    ]
    return max(holding, key=lambda one: one.since, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """One community against the standards of a day. `required` is None where none held yet;
    the figures about households are None while the register doesn't know them."""

    day: date
    standard: str | None = None
    required: int | None = None
    area: int
    met: bool | None = None
    households: int | None = None
    owed: int | None = None
    per_hundred: int | None = None
    households_met: bool | None = None

    def says_what(self, other: "Assessment") -> bool:
        """Whether others would hear the same: the area, too, of which they make figures of their own."""
        mine = (self.standard, self.area, self.met, self.households_met)
        return mine == (other.standard, other.area, other.met, other.households_met)


def assess(community: str, *, area: int, households: int | None, day: date) -> Assessment:
    """H-02, H-03, H-05: `area` is what the community may use in its own right."""
    large = in_force(Scope.LARGE_COMMUNITY, day) if community in PILOTS else None
    standard = large or in_force(Scope.COMMUNITY, day)
    relative = in_force(Scope.HOUSEHOLDS, day) if households else None
    owed = least(households) if relative and households else None
    return Assessment(
        day=day,
        standard=standard.id if standard else None,
        required=standard.area if standard else None,
        area=area,
        met=area >= standard.area if standard else None,
        households=households,
        owed=owed,
        per_hundred=per_hundred(area, households),
        households_met=area >= owed if owed is not None else None,
    )


def per_hundred(area: int, households: int | None) -> int | None:
    """Hundredths of a m² for a hundred households, half up."""
    return half_up(area * HOUSEHOLDS, households) if households else None
