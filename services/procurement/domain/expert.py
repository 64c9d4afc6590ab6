"""The expert bank (专家库): who may be drawn to evaluate, by what they are and where they come from; never a name."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from chassis.kernel.errors import RuleBroken
from chassis.kernel.required import required

from .rules import BANK, RULES


class Institution(StrEnum):
    """Where experts come from: departments, universities, accounting and law firms, research institutes
    and social organisations (官办通〔2019〕77号 附件1 三)."""

    DEPARTMENT = "department"
    UNIVERSITY = "university"
    ACCOUNTING_FIRM = "accounting_firm"
    LAW_FIRM = "law_firm"
    RESEARCH = "research"
    SOCIAL_ORGANISATION = "social_organisation"


class Nomination(StrEnum):
    """自荐 or 推荐."""

    SELF = "self"
    RECOMMENDED = "recommended"


class ExpertStatus(StrEnum):
    NOMINATED = "nominated"
    APPOINTED = "appointed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertNominated:
    """`profile` says what the expert is, `employer` the code of where."""

    code: str
    profile: str
    institution: Institution
    employer: str
    nomination: Nomination
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertAppointed:
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertRemoved:
    reason: str
    at: datetime


ExpertEvent = ExpertNominated | ExpertAppointed | ExpertRemoved


@dataclass(frozen=True, slots=True, kw_only=True)
class Expert:
    """Its code is also its id, and what `expert:<code>` acts as."""

    code: str
    profile: str
    institution: Institution
    employer: str
    nomination: Nomination
    status: ExpertStatus = ExpertStatus.NOMINATED
    removed_why: str | None = None

    def appoint(self, *, now: datetime) -> ExpertAppointed:
        self.may_appoint()
        return ExpertAppointed(at=now)

    def remove(self, *, reason: str, now: datetime) -> ExpertRemoved:
        self.may_remove()
        required(reason, "reason")
        return ExpertRemoved(reason=reason, at=now)

    def may_appoint(self) -> None:
        """Also again, after a removal: the bank is managed as it goes (动态管理)."""
        if self.status is ExpertStatus.APPOINTED:
            raise RuleBroken(RULES["P-23"], "该专家已经聘任。", clause=BANK)

    def may_remove(self) -> None:
        if self.status is ExpertStatus.REMOVED:
            raise RuleBroken(RULES["P-23"], "该专家已经移出专家库。", clause=BANK)


def nominate(known: Expert | None, nominated: ExpertNominated) -> ExpertNominated:
    """P-23: anew, who isn't appointed: works elsewhere now, or was entered wrongly (ours)."""
    if known is not None and known.status is ExpertStatus.APPOINTED:
        detail = "该专家已经聘任；单位等有变动的，移出专家库后重新提名。"
        raise RuleBroken(RULES["P-23"], detail, clause=BANK, field="code")
    required(nominated.profile, "profile")
    return nominated


def evolve(expert: Expert | None, event: ExpertEvent) -> Expert:
    if isinstance(event, ExpertNominated):
        return Expert(
            code=event.code,
            profile=event.profile,
            institution=event.institution,
            employer=event.employer,
            nomination=event.nomination,
        )
    if expert is None:
        raise ValueError("an expert begins by being nominated")
    match event:
        case ExpertAppointed():
            return replace(expert, status=ExpertStatus.APPOINTED)
        case ExpertRemoved():
            return replace(expert, status=ExpertStatus.REMOVED, removed_why=event.reason)
        case _:
            assert_never(event)
