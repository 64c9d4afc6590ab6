"""A-21: a power is exercised as a case that walks its flow, step by step."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from chassis.kernel.errors import OURS, RuleBroken
from chassis.kernel.offices import one_office
from chassis.kernel.required import required_by

from .power import Grade, Power, PowerKind, Stage
from .rules import FLOWS, POWERS, RULES

AGREED = frozenset({"usable_here", "needs_upper_level"})
"""Outcomes of a consultation that carry a matter on."""


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
    """`posts`: of who handled it; `second`: the other office, at a high risk; `waits`: whether the flow
    stands until that office has confirmed it, which no step of before had to."""

    stage: str
    decision: str
    papers: str
    posts: str
    second: str | None = None
    waits: bool = False
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StepConfirmed:
    """By the second office itself."""

    stage: str
    by: str
    opinion: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StepReturned:
    """By the second office, which doesn't agree: the step is to be taken again."""

    stage: str
    by: str
    reason: str
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


CaseEvent = (
    CaseOpened | StepTaken | StepConfirmed | StepReturned | OutcomeHeard | CaseDone | CaseStopped
)


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
    confirmations: tuple[StepConfirmed, ...] = ()
    returns: tuple[StepReturned, ...] = ()
    outcome: str | None = None
    stopped: CaseStopped | None = None

    @property
    def awaited(self) -> StepTaken | None:
        """The step that its second office hasn't confirmed yet."""
        if self.status is not CaseStatus.RUNNING or not self.steps or not self.steps[-1].waits:
            return None
        last = self.steps[-1]
        return None if any(one.stage == last.stage for one in self.confirmations) else last

    @property
    def seconds(self) -> tuple[str, ...]:
        """Departments that are or were a second office: they see it, as its street does."""
        named = (one.second or "" for one in self.steps)
        offices = dict.fromkeys([*named, *(one.by for one in self.returns)])
        split = (office.partition(":") for office in offices)
        return tuple(code for kind, _, code in split if kind == "department")


def open_case(opened: CaseOpened, power: Power) -> CaseOpened:
    if not power.listed:
        detail = "权力清单之外无权力。"
        raise RuleBroken(RULES["A-20"], detail, clause=POWERS, field="power")
    required_by(RULES["A-21"], opened.about, "about", "须写明事项。")
    if any(one.deliberated for one in opened.flow) and opened.matter is None:
        detail = "流程中有须经协商的步骤，须写明协商事项。"
        raise RuleBroken(RULES["A-21"], detail, clause=FLOWS, field="matter")
    return opened


def may_step(known: PowerCase) -> Stage:
    if known.status is not CaseStatus.RUNNING:
        raise RuleBroken(RULES["A-21"], "已经办结。")
    if (waits := known.awaited) is not None:
        detail = f"“{waits.stage}”等待参与的另一单位确认。"
        raise RuleBroken(RULES["A-21"], detail, clause=OURS)
    stage = known.flow[len(known.steps)]
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
        required_by(RULES["A-21"], text, field, f"须写明{called}。", FLOWS)
    if stage.risk is Grade.HIGH or taken.second is not None:
        _another(taken.second, known, by)
        return [replace(taken, waits=True)]
    return [taken, *_walked(known, len(known.steps) + 1, taken.at)]


def _walked(known: PowerCase, steps: int, now: datetime) -> list[CaseEvent]:
    """Done, once its whole flow is on record."""
    return [CaseDone(at=now)] if steps == len(known.flow) else []


def _another(second: str | None, known: PowerCase, by: str) -> None:
    """The community's street or a department, which see the case, and not whoever takes the step."""
    if second is None:
        raise RuleBroken(RULES["A-21"], "高风险环节须有另一单位参与。", clause=OURS, field="second")
    kind, _, code = second.partition(":")
    near = kind == "department" and code.strip() or second == f"street:{known.street}"
    if not near or second == by:
        detail = "参与的另一单位须为经办单位以外的本街道或部门。"
        raise RuleBroken(RULES["A-21"], detail, clause=OURS, field="second")


def may_answer(known: PowerCase, by: str) -> StepTaken:
    """The step that waits for this office, and for no other."""
    waits = known.awaited
    if waits is None:
        raise RuleBroken(RULES["A-21"], "没有等待确认的步骤。", clause=OURS)
    if not one_office(waits.second or "", by):
        detail = f"“{waits.stage}”由参与的另一单位自行确认。"
        raise RuleBroken(RULES["A-21"], detail, clause=OURS)
    return waits


def confirm(known: PowerCase, opinion: str, by: str, now: datetime) -> list[CaseEvent]:
    """By the second office; the last step's ends the case."""
    waits = may_answer(known, by)
    required_by(RULES["A-21"], opinion, "opinion", "确认须写明意见。", OURS)
    confirmed = StepConfirmed(stage=waits.stage, by=by, opinion=opinion, at=now)
    return [confirmed, *_walked(known, len(known.steps), now)]


def give_back(known: PowerCase, reason: str, by: str, now: datetime) -> StepReturned:
    """By the second office: it doesn't agree, and the step is to be taken again."""
    waits = may_answer(known, by)
    required_by(RULES["A-21"], reason, "reason", "退回须写明理由。", OURS)
    return StepReturned(stage=waits.stage, by=by, reason=reason, at=now)


def hear(known: PowerCase, outcome: str, now: datetime) -> list[CaseEvent]:
    """The last one holds."""
    running = known.status is CaseStatus.RUNNING
    return [OutcomeHeard(outcome=outcome, at=now)] if running else []


def may_stop(known: PowerCase) -> None:
    if known.status is not CaseStatus.RUNNING:
        raise RuleBroken(RULES["A-21"], "已经办结。")


def stop(known: PowerCase, reason: str, now: datetime) -> CaseStopped:
    may_stop(known)
    required_by(RULES["A-21"], reason, "reason", "中止须写明理由。", OURS)
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
        case StepConfirmed():
            return replace(known, confirmations=(*known.confirmations, event))
        case StepReturned():
            return replace(known, steps=known.steps[:-1], returns=(*known.returns, event))
        case OutcomeHeard():
            return replace(known, outcome=event.outcome)
        case CaseDone():
            return replace(known, status=CaseStatus.DONE)
        case CaseStopped():
            return replace(known, status=CaseStatus.STOPPED, stopped=event)
        case _:
            assert_never(event)
