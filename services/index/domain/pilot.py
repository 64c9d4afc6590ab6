"""Pilots and model titles (试点、示范称号, I-23): each with its ground, its phases and acceptance, until withdrawn.

designated → (phases, self-check) → accepted, or withdrawn at any time
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import assert_never

from chassis.kernel.clock import local_date
from chassis.kernel.errors import RuleBroken
from chassis.kernel.required import required_by
from chassis.vocabulary import word_of
from services.index.vocabulary import WORDS

from .rules import RULES


class Kind(StrEnum):
    GOVERNANCE = "governance"
    """社区治理创新试点."""
    LINKAGE = "linkage"
    """三社联动."""
    FIRST_BATCH = "first_batch"
    REFORM = "reform"
    RURAL = "rural"
    MICRO_POWER = "micro_power"
    """微权力."""
    BUILDING = "building"
    """社区营造, so many a year."""
    FIVE_BATCHES = "five_batches"
    """五个一批, without a number."""


class Course(StrEnum):
    RUNNING = "running"
    ACCEPTED = "accepted"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


GROUND = {
    Kind.GOVERNANCE: "官发〔2018〕15号 一（三）",
    Kind.RURAL: "官办发〔2019〕7号 二",
}
ELSE = "官发〔2019〕5号 实施意见 四（四）"
ACCEPTANCE = "官办发〔2019〕7号 四"
MOST: Mapping[Kind, int] = {
    Kind.GOVERNANCE: 25,
    Kind.LINKAGE: 8,
    Kind.FIRST_BATCH: 4,
    Kind.REFORM: 4,
    Kind.RURAL: 2,
    Kind.MICRO_POWER: 16,
    Kind.BUILDING: 3,
}
"""At one time; of `BUILDING` in one year."""
PHASES: Mapping[Kind, int] = {Kind.RURAL: 5, Kind.GOVERNANCE: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class PilotDesignated:
    """Of a community, or of a whole street. `ground`: the paper; `system`: what it is measured by."""

    kind: Kind
    street: str | None = None
    community: str | None = None
    year: int
    ground: str
    until: date | None = None
    system: str | None = None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseBegun:
    phase: int
    on: date
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfChecked:
    evidence: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PilotAccepted:
    """By the department that leads, after it has looked."""

    passed: bool
    found: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PilotWithdrawn:
    reason: str
    by: str
    at: datetime


PilotEvent = PilotDesignated | PhaseBegun | SelfChecked | PilotAccepted | PilotWithdrawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Pilot:
    designated: PilotDesignated
    phases: tuple[PhaseBegun, ...] = ()
    checked: SelfChecked | None = None
    accepted: PilotAccepted | None = None
    withdrawn: PilotWithdrawn | None = None

    @property
    def phase(self) -> int:
        return self.phases[-1].phase if self.phases else 1

    @property
    def course(self) -> Course:
        if self.withdrawn is not None:
            return Course.WITHDRAWN
        if self.accepted is not None:
            return Course.ACCEPTED if self.accepted.passed else Course.FAILED
        return Course.RUNNING

    def may_go_on(self) -> None:
        self._must_run()
        if self.phase >= PHASES.get(self.designated.kind, 1):
            raise self._refused("没有下一个阶段。")

    def go_on(self, *, on: date, by: str, now: datetime) -> PhaseBegun:
        """I-23: phases in their order, which may overlap."""
        self.may_go_on()
        if on > local_date(now):
            raise self._refused("日期不能晚于今天。", "on")
        return PhaseBegun(phase=self.phase + 1, on=on, by=by, at=now)

    def may_check(self) -> None:
        self._must_run()

    def check(self, *, evidence: str, by: str, now: datetime) -> SelfChecked:
        self.may_check()
        required_by(RULES["I-23"], evidence, "evidence", clause=ACCEPTANCE)
        return SelfChecked(evidence=evidence, by=by, at=now)

    def may_accept(self) -> None:
        """I-23: of a rural pilot after its self-check."""
        self._must_run()
        if self.designated.kind is Kind.RURAL and self.checked is None:
            detail = "先由试点自查，再由区民政局验收。"
            raise RuleBroken(RULES["I-23"], detail, clause=ACCEPTANCE)

    def accept(self, accepted: PilotAccepted) -> PilotAccepted:
        self.may_accept()
        required_by(RULES["I-23"], accepted.found, "found", clause=self._clause)
        return accepted

    def may_withdraw(self) -> None:
        if self.withdrawn is not None:
            raise self._refused("已经撤销。")

    def withdraw(self, *, reason: str, by: str, now: datetime) -> PilotWithdrawn:
        self.may_withdraw()
        required_by(RULES["I-23"], reason, "reason", clause=self._clause)
        return PilotWithdrawn(reason=reason, by=by, at=now)

    @property
    def _clause(self) -> str:
        return GROUND.get(self.designated.kind, ELSE)

    def _must_run(self) -> None:
        if self.course is not Course.RUNNING:
            raise self._refused(f"当前状态为“{word_of(self.course, WORDS)}”，不能办理。")

    def _refused(self, detail: str, field: str | None = None) -> RuleBroken:
        return RuleBroken(RULES["I-23"], detail, clause=self._clause, field=field)


def designate(designated: PilotDesignated, beside: Sequence[PilotDesignated]) -> PilotDesignated:
    """I-23: with its ground, of one place, once, within the number of its kind; `beside`: those there are."""
    clause = GROUND.get(designated.kind, ELSE)
    required_by(RULES["I-23"], designated.ground, "ground", "须写明依据的文件。", clause)
    if (designated.street is None) is (designated.community is None):
        detail = "试点为一个社区或一个街道。"
        raise RuleBroken(RULES["I-23"], detail, clause=clause, field="community")
    place = designated.street, designated.community
    if any((one.street, one.community) == place for one in beside):
        field = "street" if designated.community is None else "community"
        raise RuleBroken(RULES["I-23"], "这里已是这一类试点。", clause=clause, field=field)
    most = MOST.get(designated.kind)
    if most is not None and len(beside) >= most:
        detail = f"这一类试点 {most} 个，名额已满。"
        raise RuleBroken(RULES["I-23"], detail, clause=clause, field="kind")
    return designated


def evolve(pilot: Pilot | None, event: PilotEvent) -> Pilot:
    if isinstance(event, PilotDesignated):
        return Pilot(designated=event)
    if pilot is None:
        raise ValueError("a pilot begins by being designated")
    match event:
        case PhaseBegun():
            return replace(pilot, phases=(*pilot.phases, event))
        case SelfChecked():
            return replace(pilot, checked=event)
        case PilotAccepted():
            return replace(pilot, accepted=event)
        case PilotWithdrawn():
            return replace(pilot, withdrawn=event)
        case _:
            assert_never(event)
