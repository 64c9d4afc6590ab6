"""The innovation assessment (社区治理创新考评): standard by standard, step by step.

    self → street → office → city → over

A street, a department and a mass organisation have no street above them: from themselves to the office.

Each step looks at every standard again. No points are printed, so there is a state for each standard
and never a sum.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from chassis.kernel.errors import RuleBroken, UnknownReference
from chassis.vocabulary import word_of
from services.index.vocabulary import WORDS

from .rules import RULES

METHODS = "官发〔2018〕15号 附件3 说明"
COURSE = "官发〔2018〕15号 附件1 三.3"
QUOTAS = "官发〔2018〕15号 附件2"


class Step(StrEnum):
    SELF = "self"
    STREET = "street"
    OFFICE = "office"
    CITY = "city"
    OVER = "over"


class Body(StrEnum):
    """Who is assessed; a mass organisation acts as a department does."""

    COMMUNITY = "community"
    STREET = "street"
    DEPARTMENT = "department"
    MASS = "mass_organisation"


NEXT = {Step.SELF: Step.STREET, Step.STREET: Step.OFFICE, Step.OFFICE: Step.CITY}


class Phase(StrEnum):
    """2018–2019, and all of 2018–2020."""

    FIRST = "first"
    LATER = "later"


class Method(StrEnum):
    PAPERS = "papers"
    ON_SITE = "on_site"
    QUESTIONNAIRE = "questionnaire"
    MEDIA = "media"


class Found(StrEnum):
    MET = "met"
    PARTLY = "partly"
    UNMET = "unmet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """`code` is its indicator's number and its own; `methods` those printed for it."""

    code: str
    level1: str
    indicator: str
    methods: tuple[Method, ...]
    doubt: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """Of a street: communities in the first phase, and in all."""

    first: int
    whole: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentBegun:
    """Of a `community` in its `street`, of a `street` itself, or of the `unit` as which others act."""

    community: str | None = None
    street: str | None = None
    phase: Phase
    at: datetime
    body: Body = Body.COMMUNITY
    unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardMarked:
    step: Step
    standard: str
    found: Found
    method: Method
    evidence: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDone:
    """`experts` and `residents`: how many took part at the office's; `qualifies`: what it decided."""

    step: Step
    experts: int | None = None
    residents: int | None = None
    qualifies: bool = True
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CityDecided:
    """The city's last word, by the number of its paper."""

    passed: bool
    paper: str
    by: str
    at: datetime


InnovationEvent = AssessmentBegun | StandardMarked | StepDone | CityDecided


@dataclass(frozen=True, slots=True, kw_only=True)
class Innovation:
    """`marks`: the last one of each step for each standard."""

    begun: AssessmentBegun
    step: Step = Step.SELF
    marks: tuple[StandardMarked, ...] = ()
    done: tuple[StepDone, ...] = ()
    decided: CityDecided | None = None

    @property
    def following(self) -> Step:
        """After the step it is at."""
        alone = self.begun.body is not Body.COMMUNITY
        return Step.OFFICE if alone and self.step is Step.SELF else NEXT[self.step]

    def unmarked(self, standards: Mapping[str, Standard]) -> tuple[str, ...]:
        """What the step it is at hasn't looked at."""
        looked_at = {mark.standard for mark in self.marks if mark.step is self.step}
        return tuple(code for code in standards if code not in looked_at)

    def at_step(self, step: Step) -> None:
        if self.step is not step:
            detail = f"现在是“{word_of(self.step, WORDS)}”环节，不能办理“{word_of(step, WORDS)}”环节的事项。"
            raise RuleBroken(RULES["I-16"], detail, clause=COURSE)

    def mark(self, marked: StandardMarked, standards: Mapping[str, Standard]) -> StandardMarked:
        """I-16: by a method that is printed for the standard."""
        self.at_step(marked.step)
        standard = standards.get(marked.standard)
        if standard is None:
            raise UnknownReference(f"没有这项标准：{marked.standard}", field="standard")
        if marked.method not in standard.methods:
            allowed = "、".join(word_of(one, WORDS) for one in standard.methods)
            detail = f"这项标准规定的方式为 {allowed}。"
            raise RuleBroken(RULES["I-16"], detail, clause=METHODS, field="method")
        if not marked.evidence.strip():
            raise RuleBroken(RULES["I-16"], "须写明佐证。", clause=METHODS, field="evidence")
        return marked

    def may_finish(self, step: Step, standards: Mapping[str, Standard]) -> None:
        """I-16: with every standard looked at."""
        self.at_step(step)
        if unmarked := self.unmarked(standards):
            detail = f"还有 {len(unmarked)} 项标准没有评定：{'、'.join(unmarked[:5])}。"
            raise RuleBroken(RULES["I-16"], detail, clause=COURSE)

    def finish(self, done: StepDone, standards: Mapping[str, Standard]) -> StepDone:
        """I-16: at the office by experts and residents."""
        self.may_finish(done.step, standards)
        if done.step is Step.OFFICE:
            for field in ("experts", "residents"):
                if not getattr(done, field):
                    detail = "由专家和居民代表评审，须写明参加人数。"
                    raise RuleBroken(RULES["I-16"], detail, clause=COURSE, field=field)
        return done

    def decide(self, decided: CityDecided) -> CityDecided:
        self.at_step(Step.CITY)
        if not decided.paper.strip():
            raise RuleBroken(RULES["I-16"], "须写明市级文件。", clause=COURSE, field="paper")
        return decided


def begin(begun: AssessmentBegun, quota: Quota | None, first: int, whole: int) -> AssessmentBegun:
    """I-16: a community within its street's quota, others without one.

    `first` and `whole` are how many the street has already.
    """
    if begun.body is not Body.COMMUNITY:
        return begun
    if quota is None:
        raise UnknownReference(f"没有这个街道：{begun.street}", field="community")
    if whole >= quota.whole or (begun.phase is Phase.FIRST and first >= quota.first):
        detail = f"本街道第一阶段 {quota.first} 个、共 {quota.whole} 个试点社区，名额已满。"
        raise RuleBroken(RULES["I-16"], detail, clause=QUOTAS, field="phase")
    return begun


def evolve(innovation: Innovation | None, event: InnovationEvent) -> Innovation:
    if isinstance(event, AssessmentBegun):
        return Innovation(begun=event)
    if innovation is None:
        raise ValueError("an assessment begins by being begun")
    match event:
        case StandardMarked():
            kept = [
                mark
                for mark in innovation.marks
                if (mark.step, mark.standard) != (event.step, event.standard)
            ]
            return replace(innovation, marks=(*kept, event))
        case StepDone():
            step = innovation.following if event.qualifies else Step.OVER
            return replace(innovation, step=step, done=(*innovation.done, event))
        case CityDecided():
            return replace(innovation, step=Step.OVER, decided=event)
        case _:
            assert_never(event)
