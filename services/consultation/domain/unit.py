"""C-28: which unit has which bodies to consult in, whose charters hold it, and who found them sound."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from chassis.kernel.clock import local_date
from chassis.kernel.errors import Malformed, RuleBroken
from chassis.kernel.required import required
from chassis.vocabulary import word_of
from services.consultation.vocabulary import WORDS

from .rules import CHECKING, RULES, UNITS


class UnitKind(StrEnum):
    INSTITUTION = "institution"
    ENTERPRISE = "enterprise"
    HOSPITAL = "hospital"
    PRIMARY_SCHOOL = "primary_school"
    SECONDARY_SCHOOL = "secondary_school"
    COLLEGE = "college"


class Body(StrEnum):
    """职代会, 学生会, 家长委员会 at class, grade and school, 医院协商议事会."""

    STAFF_CONGRESS = "staff_congress"
    STUDENT_UNION = "student_union"
    PARENTS_CLASS = "parents_class"
    PARENTS_GRADE = "parents_grade"
    PARENTS_SCHOOL = "parents_school"
    HOSPITAL_COUNCIL = "hospital_council"


STAFF = (Body.STAFF_CONGRESS,)
PARENTS = (Body.PARENTS_CLASS, Body.PARENTS_GRADE, Body.PARENTS_SCHOOL)
NEEDED: Mapping[UnitKind, tuple[Body, ...]] = {
    UnitKind.INSTITUTION: STAFF,
    UnitKind.ENTERPRISE: STAFF,
    UnitKind.HOSPITAL: (*STAFF, Body.HOSPITAL_COUNCIL),
    UnitKind.PRIMARY_SCHOOL: (*STAFF, *PARENTS),
    UnitKind.SECONDARY_SCHOOL: (*STAFF, Body.STUDENT_UNION, *PARENTS),
    UnitKind.COLLEGE: (*STAFF, Body.STUDENT_UNION),
}
GUIDES: Mapping[UnitKind, str] = {
    UnitKind.HOSPITAL: "health",
    UnitKind.PRIMARY_SCHOOL: "education",
    UnitKind.SECONDARY_SCHOOL: "education",
    UnitKind.COLLEGE: "education",
}
TRADE_UNION = "trade_union"
"""Guides the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRegistered:
    street: str
    code: str
    name: str
    kind: UnitKind
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyFormed:
    """`charter`: whether its charter holds consultation in; `elected`: its fixed members were."""

    body: Body
    on: date
    charter: bool
    elected: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitPassed:
    """检查验收, by who guides it."""

    at: datetime


UnitEvent = UnitRegistered | BodyFormed | UnitPassed


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """`lacks`: the bodies it should have and hasn't; `guide`: the department that guides it."""

    street: str
    code: str
    name: str
    kind: UnitKind
    guide: str
    registered_at: datetime
    bodies: tuple[BodyFormed, ...] = ()
    lacks: tuple[Body, ...] = ()
    passed_at: datetime | None = None


def register(known: Unit | None, registered: UnitRegistered) -> UnitRegistered:
    if known is not None:
        raise Malformed("该单位已登记。", field="code")
    required(registered.name, "name", "请写明单位名称。")
    return registered


def form(
    unit: Unit, body: Body, on: date, *, charter: bool, elected: bool, now: datetime
) -> BodyFormed:
    """Again where it was formed anew, or its charter amended."""
    if body not in NEEDED[unit.kind]:
        raise RuleBroken(RULES["C-28"], "此类单位不设该组织。", clause=UNITS, field="body")
    if not elected:
        raise RuleBroken(RULES["C-28"], "固定委员由选举产生。", clause=UNITS, field="elected")
    if on > local_date(now):
        raise Malformed("日期不得晚于今天。", field="on")
    return BodyFormed(body=body, on=on, charter=charter, elected=elected, at=now)


def passable(unit: Unit) -> None:
    if unit.passed_at is not None:
        raise RuleBroken(RULES["C-28"], "该单位已通过检查验收。", clause=CHECKING)
    if unit.lacks:
        detail = f"该单位尚缺：{_called(unit.lacks)}。"
        raise RuleBroken(RULES["C-28"], detail, clause=UNITS, field="body")
    without = [one.body for one in unit.bodies if not one.charter]
    if without:
        detail = f"协商未写入章程：{_called(without)}。"
        raise RuleBroken(RULES["C-28"], detail, clause=UNITS, field="charter")


def _called(bodies: Iterable[Body]) -> str:
    return "、".join(word_of(one, WORDS) for one in bodies)


def passes(unit: Unit, now: datetime) -> UnitPassed:
    passable(unit)
    return UnitPassed(at=now)


def evolve(unit: Unit | None, event: UnitEvent) -> Unit:
    if isinstance(event, UnitRegistered):
        return Unit(
            street=event.street,
            code=event.code,
            name=event.name,
            kind=event.kind,
            guide=GUIDES.get(event.kind, TRADE_UNION),
            registered_at=event.at,
            lacks=NEEDED[event.kind],
        )
    if unit is None:
        raise ValueError("a unit begins by being registered")
    if isinstance(event, BodyFormed):
        others = (one for one in unit.bodies if one.body is not event.body)
        lacks = tuple(body for body in unit.lacks if body is not event.body)
        return replace(unit, bodies=(*others, event), lacks=lacks, passed_at=None)
    return replace(unit, passed_at=event.at)
