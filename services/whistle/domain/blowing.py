"""Blowing (W-02, W-03): who may be summoned by whom, and the tasks that go out."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

from chassis.kernel.clock import WorkTime, local_date, start
from chassis.kernel.errors import Malformed, RuleBroken, UnknownReference
from chassis.kernel.required import required

from .events import (
    Assignment,
    Kind,
    Level,
    TaskDispatched,
    WhistleBlown,
    WhistleEvent,
    WhistleRegistered,
)
from .policy import WhistlePolicy
from .rules import PLAN, RULES
from .unit import Unit, UnitKind

HOUSING = "housing_construction"
"""The unit that answers for developers' agreements."""


def blow(
    blown: WhistleBlown,
    units: Mapping[str, Unit],
    *,
    policy: tuple[int, WhistlePolicy],
    work: WorkTime,
    chiefs: Sequence[str] = (),
) -> tuple[WhistleEvent, ...]:
    """W-02, W-03: at community level blowing, registering and dispatching are one step.

    `chiefs`: of that stretch, whom a river matter goes to as well, once it is dispatched (W-13). A problem was in a
    category of the list when it was collected, and is blown for when that has been struck since.
    """
    required(blown.title, "title")
    if blown.problem is None and blown.category not in policy[1].categories:
        raise RuleBroken(RULES["W-01"], f"没有这个类别：{blown.category}", field="category")
    summonable(
        blown.summoned,
        blown.lead,
        units,
        level=blown.level,
        places=(blown.street, blown.community),
        today=local_date(blown.at),
    )
    if blown.level is Level.STREET:
        return (blown,)
    units_called = (*blown.summoned, *chiefs)
    called = dispatched(units_called, blown.lead, blown.kind, policy, blown.at, work)
    return blown, WhistleRegistered(), called


def summonable(
    summoned: tuple[str, ...],
    lead: str,
    units: Mapping[str, Unit],
    *,
    level: Level,
    places: Collection[str | None],
    today: date,
) -> None:
    if not summoned or len(set(summoned)) != len(summoned):
        raise Malformed("须召集至少一个单位，且不得重复。", field="units")
    if lead not in summoned:
        raise RuleBroken(RULES["W-05"], "牵头单位须在被召集单位之中。", field="lead")
    for code in summoned:
        unit = known(units.get(code), code, today, "units")
        if level is Level.COMMUNITY and not _own(unit, places):
            detail = f"社区的哨只召集本社区力量，{unit.name} 不属于或未联系本社区。"
            raise RuleBroken(RULES["W-02"], detail, clause=f"{PLAN} 四.4", field="units")
        _theirs(unit, [units[one] for one in summoned if one in units], places)


def chiefs_of(units: Collection[Unit], places: Collection[str | None], today: date) -> list[str]:
    """The river chiefs of that stretch (W-13)."""
    return sorted(
        unit.code
        for unit in units
        if unit.kind is UnitKind.RIVER_CHIEF and unit.valid_on(today) and _serves(unit, places)
    )


def _theirs(unit: Unit, together: Collection[Unit], places: Collection[str | None]) -> None:
    """A river chief for its own stretch; a linked leader where it is linked, and with a department."""
    if unit.kind is UnitKind.RIVER_CHIEF and not _serves(unit, places):
        raise RuleBroken(RULES["W-13"], f"{unit.name} 不是该段河长。", field="units")
    if unit.kind is not UnitKind.LINKED_LEADER:
        return
    department = any(other.kind is UnitKind.DEPARTMENT for other in together)
    if not department or not _serves(unit, places):
        detail = "挂钩联系的区领导随部门一同召集，且须联系本街道或社区。"
        raise RuleBroken(RULES["W-03"], detail, clause=f"{PLAN} 四.5", field="units")


def known(unit: Unit | None, code: str, today: date, field: str) -> Unit:
    """As the register has it on that day."""
    if unit is None or not unit.valid_on(today):
        raise UnknownReference(f"没有这个单位：{code}", field=field)
    return unit


def office_of(street: str, unit: Unit) -> None:
    """W-02: what the street settles itself it settles with an office of its own."""
    if unit.kind is not UnitKind.STREET_OFFICE or not _serves(unit, (street,)):
        detail = f"街道自行解决须由本街道科室承办，{unit.name} 不是。"
        raise RuleBroken(RULES["W-02"], detail, clause=f"{PLAN} 四.5", field="office")


def _own(unit: Unit, places: Collection[str | None]) -> bool:
    beyond = unit.kind in (UnitKind.RIVER_CHIEF, UnitKind.LINKED_LEADER)
    return not beyond and _serves(unit, places)


def _serves(unit: Unit, places: Collection[str | None]) -> bool:
    return any(place in places for place in unit.serves)


def dispatched(
    units: Iterable[str],
    lead: str,
    kind: Kind,
    policy: tuple[int, WhistlePolicy],
    now: datetime,
    work: WorkTime,
) -> TaskDispatched:
    """Each unit once, in the order in which it was named."""
    number, numbers = policy
    return TaskDispatched(
        tasks=tuple(
            Assignment(
                unit=unit,
                lead=unit == lead,
                arrival=start(numbers.arrival[kind], now, work),
                handling=start(numbers.handling[kind], now, work),
            )
            for unit in dict.fromkeys(units)
        ),
        policy=number,
        calendar=work.days.version,
        at=now,
    )
