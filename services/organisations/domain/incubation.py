"""O-14: incubation in the district's base, a street's centre or a community's station."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import assert_never

from chassis.kernel.clock import local_date
from chassis.kernel.errors import OURS, Malformed, RuleBroken
from chassis.kernel.required import required_by

from .resettling import Resettled
from .rules import INCUBATING, RULES


class Tier(StrEnum):
    """孵化基地, 指导中心, 工作站."""

    BASE = "base"
    CENTRE = "centre"
    STATION = "station"


class Used(StrEnum):
    """What is given free."""

    ROOM = "room"
    EQUIPMENT = "equipment"
    TRAINING = "training"
    INFORMATION = "information"
    PROJECT_SUPPORT = "project_support"


class IncubationStatus(StrEnum):
    INSIDE = "inside"
    GRADUATED = "graduated"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class IncubationEntered:
    """`called`: what it calls itself; an organisation to be."""

    id: str
    tier: Tier
    street: str | None = None
    community: str | None = None
    called: str
    plan: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceUsed:
    what: Used
    on: date
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressAssessed:
    """1 to 5; from 3 on it may go out."""

    on: date
    mark: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncubationGraduated:
    """As an organisation of the register, or a group on file."""

    organisation: str | None = None
    group: str | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class IncubationStopped:
    reason: str
    at: datetime


IncubationEvent = (
    IncubationEntered
    | ServiceUsed
    | ProgressAssessed
    | IncubationGraduated
    | IncubationStopped
    | Resettled
)
GOOD_ENOUGH = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Incubation:
    id: str
    tier: Tier
    street: str | None = None
    community: str | None = None
    called: str
    plan: str
    entered_at: datetime
    status: IncubationStatus = IncubationStatus.INSIDE
    used: tuple[ServiceUsed, ...] = ()
    assessed: tuple[ProgressAssessed, ...] = ()
    organisation: str | None = None
    group: str | None = None
    reason: str | None = None


def enter(entered: IncubationEntered) -> IncubationEntered:
    required_by(RULES["O-14"], entered.called, "called", clause=OURS)
    required_by(RULES["O-14"], entered.plan, "plan", "须写明孵化计划。", OURS)
    return entered


def must_be_inside(incubation: Incubation) -> None:
    if incubation.status is not IncubationStatus.INSIDE:
        raise RuleBroken(RULES["O-14"], "孵化已经结束。", clause=OURS)


def use(
    incubation: Incubation, *, what: Used, on: date, note: str, charged: bool, now: datetime
) -> ServiceUsed:
    must_be_inside(incubation)
    if charged:
        detail = "孵化服务不收费。"
        raise RuleBroken(RULES["O-14"], detail, clause=INCUBATING, field="charged")
    if on > local_date(now):
        raise Malformed("日期不得晚于今天。", field="on")
    if on < local_date(incubation.entered_at):
        raise Malformed("日期不得早于入驻之日。", field="on")
    return ServiceUsed(what=what, on=on, note=note)


def assess(incubation: Incubation, *, mark: int, text: str, now: datetime) -> ProgressAssessed:
    must_be_inside(incubation)
    required_by(RULES["O-14"], text, "text", "须写明评估情况。", INCUBATING)
    return ProgressAssessed(on=local_date(now), mark=mark, text=text)


def may_graduate(incubation: Incubation) -> None:
    must_be_inside(incubation)
    if not incubation.assessed or incubation.assessed[-1].mark < GOOD_ENOUGH:
        raise RuleBroken(RULES["O-14"], "最近一次评估合格后方可出壳。", clause=OURS)


def graduate(
    incubation: Incubation,
    *,
    organisation: str | None,
    group: str | None,
    since: date | None,
    taken: bool,
    now: datetime,
) -> IncubationGraduated:
    """`since` when what it became is registered, or filed; `taken`: another incubation became it.

    It comes in as what is to be one, so that what was there before, or went out already, is another (ours).
    """
    may_graduate(incubation)
    if (organisation is None) == (group is None):
        raise Malformed("写明登记的社会组织或备案的群众组织，二者其一。", field="organisation")
    field = "group" if organisation is None else "organisation"
    if since is None:
        raise RuleBroken(RULES["O-14"], "出壳须已登记或备案。", clause=INCUBATING, field=field)
    if since < local_date(incubation.entered_at):
        raise RuleBroken(
            RULES["O-14"], "入驻之前已登记或备案的，不是孵化而成。", clause=OURS, field=field
        )
    if taken:
        raise RuleBroken(RULES["O-14"], "这个组织已由另一项孵化出壳。", clause=OURS, field=field)
    return IncubationGraduated(organisation=organisation, group=group, at=now)


def stop(incubation: Incubation, *, reason: str, now: datetime) -> IncubationStopped:
    must_be_inside(incubation)
    required_by(RULES["O-14"], reason, "reason", "须写明终止孵化的理由。", OURS)
    return IncubationStopped(reason=reason, at=now)


def evolve(incubation: Incubation | None, event: IncubationEvent) -> Incubation:
    if isinstance(event, IncubationEntered):
        return Incubation(
            id=event.id,
            tier=event.tier,
            street=event.street,
            community=event.community,
            called=event.called,
            plan=event.plan,
            entered_at=event.at,
        )
    if incubation is None:
        raise ValueError("an incubation is entered first")
    match event:
        case ServiceUsed():
            return replace(incubation, used=(*incubation.used, event))
        case ProgressAssessed():
            return replace(incubation, assessed=(*incubation.assessed, event))
        case IncubationGraduated():
            return replace(
                incubation,
                status=IncubationStatus.GRADUATED,
                organisation=event.organisation,
                group=event.group,
            )
        case IncubationStopped():
            return replace(incubation, status=IncubationStatus.STOPPED, reason=event.reason)
        case Resettled():
            return replace(incubation, street=event.street, community=event.community)
        case _:
            assert_never(event)
