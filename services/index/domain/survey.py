"""Surveys (满意度测评、双向评价, I-21): of streets and communities by a third party, and of two bodies by each other.

A score is in hundredths of a point, 100 points being full. What is below the bound of the day is entered
in the street's yearly sheet; a correction stands beside what it corrects.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import assert_never

from chassis.kernel.clock import local_date
from chassis.kernel.errors import OURS, Malformed, RuleBroken
from chassis.kernel.measure import hundredths
from chassis.kernel.required import required_by

from .rules import RULES

FULL = 10_000


class Kind(StrEnum):
    ORGANISATIONS = "organisations"
    """社会组织参与治理满意度."""
    MASS = "mass_organisations"
    CULTURE = "culture"
    TWO_WAY = "two_way"


GROUND = {
    Kind.ORGANISATIONS: "官办通〔2019〕77号 五（四）",
    Kind.MASS: "官办通〔2019〕71号 四（二）",
    Kind.CULTURE: "官办通〔2019〕73号 七（四）",
    Kind.TWO_WAY: "官发〔2018〕15号 三（一）2",
}
PAIRS = frozenset({frozenset({"street", "community"}), frozenset({"street", "department"})})
"""Who evaluates each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyEntered:
    """`rated` by `rater`, each an office (`street:guandu`); `asked`: how many answered.

    `bound`: the score below which it is weak, by the policy of the day.
    """

    kind: Kind
    year: int
    street: str
    community: str | None = None
    rated: str
    rater: str
    score: int
    asked: int
    held_on: date
    evidence: str
    bound: int
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyCorrected:
    score: int
    asked: int
    evidence: str
    reason: str
    by: str
    at: datetime


SurveyEvent = SurveyEntered | SurveyCorrected


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    entered: SurveyEntered
    corrected: tuple[SurveyCorrected, ...] = ()

    @property
    def score(self) -> int:
        return (self.corrected[-1] if self.corrected else self.entered).score

    @property
    def weak(self) -> bool:
        return self.score < self.entered.bound

    def correct(self, corrected: SurveyCorrected) -> SurveyCorrected:
        _shown(self.entered.kind, corrected.asked, corrected.evidence)
        required_by(RULES["I-21"], corrected.reason, "reason", clause=OURS)
        return corrected


def points(text: str) -> int:
    """Malformed for what isn't 0 to 100 with at most two decimals."""
    try:
        score = hundredths(text)
    except ValueError:
        raise Malformed("得分写作 0 至 100，最多两位小数。", field="score") from None
    if score > FULL:
        raise Malformed("得分写作 0 至 100，最多两位小数。", field="score")
    return score


def enter(entered: SurveyEntered) -> SurveyEntered:
    """I-21: by a third party, or by one of a pair about the other; held in its year, with what shows it."""
    kind, clause = entered.kind, GROUND[entered.kind]
    rated, rater = _office(entered.rated), _office(entered.rater)
    if kind is Kind.TWO_WAY:
        if frozenset({rated, rater}) not in PAIRS:
            detail = "双向评价在街道与社区、街道与部门之间进行。"
            raise RuleBroken(RULES["I-21"], detail, clause=clause, field="rater")
    elif rater != "supplier":
        raise RuleBroken(RULES["I-21"], "须由第三方测评。", clause=clause, field="rater")
    elif rated not in ("street", "community"):
        detail = "测评对象为街道或社区。"
        raise RuleBroken(RULES["I-21"], detail, clause=clause, field="rated")
    if entered.held_on.year != entered.year or entered.held_on > local_date(entered.at):
        detail = "测评日期须在本年内，且不晚于今天。"
        raise RuleBroken(RULES["I-21"], detail, clause=clause, field="held_on")
    _shown(kind, entered.asked, entered.evidence)
    return entered


def _shown(kind: Kind, asked: int, evidence: str) -> None:
    if asked < 1:
        detail = "须写明参评人数。"
        raise RuleBroken(RULES["I-21"], detail, clause=GROUND[kind], field="asked")
    required_by(RULES["I-21"], evidence, "evidence", "须写明测评报告。", GROUND[kind])


def _office(body: str) -> str:
    return body.partition(":")[0]


def evolve(survey: Survey | None, event: SurveyEvent) -> Survey:
    if isinstance(event, SurveyEntered):
        return Survey(entered=event)
    if survey is None:
        raise ValueError("a survey begins by being entered")
    match event:
        case SurveyCorrected():
            return replace(survey, corrected=(*survey.corrected, event))
        case _:
            assert_never(event)
