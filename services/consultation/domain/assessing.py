"""C-17: each member's year is assessed once, on what the records count and what the committee adds."""

from dataclasses import replace
from datetime import datetime

from chassis.kernel.clock import local_date
from chassis.kernel.errors import OURS, Malformed, RuleBroken
from chassis.kernel.required import required_by

from .appointing import member_of
from .committee import Committee
from .members import REWARDED, AssessmentCorrected, Grade, MemberAssessed, Work
from .rights import MemberYear
from .rules import DISMISSING, RULES

LAST_MONTH = 12
"""The year is assessed from December on."""


def assess(
    committee: Committee,
    counted: MemberYear,
    grade: Grade,
    work: Work,
    reward: str | None,
    now: datetime,
) -> MemberAssessed:
    """Once a year and seat; good work is what is rewarded, outstanding work says what it was."""
    member_of(committee, counted.seat)
    _open(committee, counted, now)
    _holds(grade, work, reward, len(counted.proposed))
    return MemberAssessed(
        seat=counted.seat,
        year=counted.year,
        grade=grade,
        work=work,
        sessions=counted.sessions,
        attended=counted.attended,
        spoke=counted.spoke,
        proposed=len(counted.proposed),
        reward=reward,
        at=now,
    )


def assessed_of(committee: Committee, seat: str, year: str) -> MemberAssessed:
    found = [one for one in committee.assessed if (one.seat, str(one.year)) == (seat, year)]
    if not found:
        raise RuleBroken(RULES["C-17"], "该委员该年度尚未考核。", clause=OURS)
    return found[0]


def correct(
    before: MemberAssessed,
    grade: Grade,
    work: Work,
    reward: str | None,
    reason: str,
    now: datetime,
) -> AssessmentCorrected:
    """On what was counted when it was assessed (ours); also of a seat that has ended since."""
    _holds(grade, work, reward, before.proposed, "work.")
    right = replace(before, grade=grade, work=work, reward=reward)
    if right == before:
        raise RuleBroken(RULES["C-17"], "与原考核相同。", clause=OURS, field="grade")
    required_by(RULES["C-17"], reason, "reason", "更正须写明理由。", OURS)
    return AssessmentCorrected(assessed=right, reason=reason, at=now)


def _holds(grade: Grade, work: Work, reward: str | None, proposed: int, under: str = "") -> None:
    """`under`: where the work's fields stand in what was said."""
    if work.mediated < 0:
        raise Malformed("主持调解次数不得为负。", field=f"{under}mediated")
    if not 0 <= work.useful <= proposed:
        detail = f"有效建议应在 0 到 {proposed}（该年提出的议题）之间。"
        raise RuleBroken(RULES["C-17"], detail, clause=DISMISSING, field=f"{under}useful")
    if grade is Grade.EXCELLENT and not (work.outstanding or "").strip():
        detail = "评为优秀须写明突出工作。"
        raise RuleBroken(RULES["C-17"], detail, clause=DISMISSING, field=f"{under}outstanding")
    if reward is not None and grade not in REWARDED:
        raise RuleBroken(
            RULES["C-17"], "表彰奖励限于评为优秀、良好的委员。", clause=DISMISSING, field="reward"
        )


def _open(committee: Committee, counted: MemberYear, now: datetime) -> None:
    day = local_date(now)
    if (day.year, day.month) < (counted.year, LAST_MONTH):
        detail = f"{counted.year} 年度考核自当年 {LAST_MONTH} 月起进行。"
        raise RuleBroken(RULES["C-17"], detail, clause=OURS, field="year")
    if any(one.of == (counted.seat, counted.year) for one in committee.assessed):
        raise RuleBroken(RULES["C-17"], "该委员本年度已考核。", clause=DISMISSING, field="year")
