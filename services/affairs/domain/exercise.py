"""A-21: a power is exercised as a case that walks its flow, step by step."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from chassis.kernel.errors import RuleBroken
from chassis.kernel.said import said_by

from .power import Grade, Power, PowerKind, Stage
from .rules import FLOWS, POWERS, RULES

AGREED = frozenset({"usable_here", "needs_upper_level"})
"""Outcomes of a consultation that carry a matter on."""


SECOND = frozenset({"street", "department"})
"""What the other office at a high risk may be."""


class CaseStatus(StrEnum):
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOpened:
    """`matter`: a consultation's, whose outcome a step of it waits for."""

    street: str
    community: str
    power: str
    kind: PowerKind
    flow: tuple[Stage, ...]
    about: str
    matter: str | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTaken:
    """`posts`: of who handled it; `second`: the other office, at a high risk."""

    stage: str
    decision: str
    papers: str
    posts: str
    second: str | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeHeard:
    outcome: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDone:
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseStopped:
    reason: str
    at: datetime


CaseEvent = CaseOpened | StepTaken | OutcomeHeard | CaseDone | CaseStopped


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerCase:
    street: str
    community: str
    power: str
    kind: PowerKind
    flow: tuple[Stage, ...]
    about: str
    matter: str | None = None
    opened_at: datetime
    status: CaseStatus = CaseStatus.RUNNING
    steps: tuple[StepTaken, ...] = ()
    outcome: str | None = None
    stopped: CaseStopped | None = None

    @property
    def next(self) -> Stage | None:
        """The step that is its turn."""
        running = self.status is CaseStatus.RUNNING
        return self.flow[len(self.steps)] if running else None


def open_case(opened: CaseOpened, power: Power) -> CaseOpened:
    if not power.listed:
        detail = "权力清单之外无权力。"
        raise RuleBroken(RULES["A-20"], detail, clause=POWERS, field="power")
    said_by(RULES["A-21"], opened.about, "about", "须写明事项。")
    if any(one.deliberated for one in opened.flow) and opened.matter is None:
        detail = "流程中有须经协商的步骤，须写明协商事项。"
        raise RuleBroken(RULES["A-21"], detail, clause=FLOWS, field="matter")
    return opened


def may_step(known: PowerCase) -> Stage:
    stage = known.next
    if stage is None:
        raise RuleBroken(RULES["A-21"], "已经办结。")
    if stage.deliberated and known.outcome not in AGREED:
        detail = "本步骤等待协商结果，或协商未通过。"
        raise RuleBroken(RULES["A-21"], detail)
    return stage


def step(known: PowerCase, taken: StepTaken, by: str) -> list[CaseEvent]:
    stage = may_step(known)
    if taken.stage != stage.name:
        raise RuleBroken(RULES["A-21"], f"不得跳步，现为：{stage.name}", field="stage")
    for field, called in (("decision", "决定"), ("papers", "资料"), ("posts", "经手岗位")):
        text = getattr(taken, field)
        said_by(RULES["A-21"], text, field, f"须写明{called}。", FLOWS)
    if stage.risk is Grade.HIGH or taken.second is not None:
        _another(taken.second, {f"community:{known.community}", by})
    last = len(known.steps) + 1 == len(known.flow)
    return [taken, *([CaseDone(at=taken.at)] if last else [])]


def _another(second: str | None, own: Collection[str]) -> None:
    """A street or a department, and not whoever takes the step."""
    if second is None:
        raise RuleBroken(RULES["A-21"], "高风险环节须有另一单位参与。", field="second")
    kind, _, code = second.partition(":")
    if kind not in SECOND or not code.strip() or second in own:
        detail = "参与的另一单位须为经办单位以外的街道或部门。"
        raise RuleBroken(RULES["A-21"], detail, field="second")


def hear(known: PowerCase, outcome: str, now: datetime) -> list[CaseEvent]:
    """The last one holds."""
    running = known.status is CaseStatus.RUNNING
    return [OutcomeHeard(outcome=outcome, at=now)] if running else []


def may_stop(known: PowerCase) -> None:
    if known.status is not CaseStatus.RUNNING:
        raise RuleBroken(RULES["A-21"], "已经办结。")


def stop(known: PowerCase, reason: str, now: datetime) -> CaseStopped:
    may_stop(known)
    said_by(RULES["A-21"], reason, "reason", "中止须写明理由。")
    return CaseStopped(reason=reason, at=now)


def evolve(known: PowerCase | None, event: CaseEvent) -> PowerCase:
    if isinstance(event, CaseOpened):
        return PowerCase(
            street=event.street,
            community=event.community,
            power=event.power,
            kind=event.kind,
            flow=event.flow,
            about=event.about,
            matter=event.matter,
            opened_at=event.at,
        )
    if known is None:
        raise ValueError("a case begins by being opened")
    match event:
        case StepTaken():
            return replace(known, steps=(*known.steps, event))
        case OutcomeHeard():
            return replace(known, outcome=event.outcome)
        case CaseDone():
            return replace(known, status=CaseStatus.DONE)
        case CaseStopped():
            return replace(known, status=CaseStatus.STOPPED, stopped=event)
        case _:
            assert_never(event)
