"""C-17: each member's year is assessed once, on what the records count and what the committee adds."""

from datetime import datetime

from chassis.kernel.clock import local_date
from chassis.kernel.errors import OURS, Malformed, RuleBroken

from .appointing import member_of
from .committee import Committee
from .members import REWARDED, Grade, MemberAssessed, Work
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
    if work.mediated < 0:
        raise Malformed("主持调解次数不得为负。", field="mediated")
    if not 0 <= work.useful <= len(counted.proposed):
        detail = f"有效建议应在 0 到 {len(counted.proposed)}（该年提出的议题）之间。"
        raise RuleBroken(RULES["C-17"], detail, clause=DISMISSING, field="useful")
    if grade is Grade.EXCELLENT and not (work.outstanding or "").strip():
        raise RuleBroken(
            RULES["C-17"], "评为优秀须写明突出工作。", clause=DISMISSING, field="outstanding"
        )
    if reward is not None and grade not in REWARDED:
        raise RuleBroken(
            RULES["C-17"], "表彰奖励限于评为优秀、良好的委员。", clause=DISMISSING, field="reward"
        )
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


def _open(committee: Committee, counted: MemberYear, now: datetime) -> None:
    day = local_date(now)
    if (day.year, day.month) < (counted.year, LAST_MONTH):
        detail = f"{counted.year} 年度考核自当年 {LAST_MONTH} 月起进行。"
        raise RuleBroken(RULES["C-17"], detail, clause=OURS, field="year")
    if any((one.seat, one.year) == (counted.seat, counted.year) for one in committee.assessed):
        raise RuleBroken(RULES["C-17"], "该委员本年度已考核。", clause=DISMISSING, field="year")
