"""C-05: the year's catalogue and plan, by the end of February; and the year whose plan never came."""

from dataclasses import dataclass
from datetime import date, datetime

from chassis.kernel.clock import begin_of, local_date
from chassis.kernel.errors import OURS, Malformed, RuleBroken

from .committee import TERM_YEARS, Committee, Level
from .plans import Plan, PlanEvent, PlanFiled, PlanMissed
from .policy import ConsultationPolicy
from .rules import MEETING, PLANNING, PUBLICISING, RULES

TOPICAL = 2
REGULAR = 2
PLANNED = frozenset({Level.STREET, Level.COMMUNITY})
"""The levels that make a plan."""


def due_of(year: int) -> datetime:
    """The end of February in Shanghai."""
    return begin_of(date(year, 3, 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A plan as it is filed. `publicised_on`: when it was."""

    plan: Plan
    publicised_on: date


def file(
    committee: Committee, asked: Asked, policy: ConsultationPolicy, now: datetime
) -> tuple[PlanEvent, ...]:
    """Late is filed still, and says so; it is made at the year's start, so publicised at the earliest in the
    year before (ours)."""
    committee.in_office(now)
    plan = asked.plan
    _planned(committee, plan, policy)
    if asked.publicised_on > local_date(now):
        raise RuleBroken(
            RULES["C-05"], "计划须先行公布。", clause=PUBLICISING, field="publicised_on"
        )
    if asked.publicised_on.year < plan.year - 1:
        detail = f"{plan.year} 年度计划不会在 {plan.year - 1} 年之前公布，请核对公布日期。"
        raise RuleBroken(RULES["C-05"], detail, clause=OURS, field="publicised_on")
    filed = PlanFiled(
        plan=plan, publicised_on=asked.publicised_on, late=now >= due_of(plan.year), at=now
    )
    return (*late(committee, now), filed)


def _planned(committee: Committee, plan: Plan, policy: ConsultationPolicy) -> None:
    if committee.level not in PLANNED:
        raise RuleBroken(RULES["C-05"], "小区、楼栋不编制年度计划。", clause=OURS)
    first = committee.term_ends.year - TERM_YEARS
    if not first <= plan.year <= committee.term_ends.year:
        raise Malformed("计划年度不在本届任期内。", field="year")
    if committee.level is Level.STREET:
        for field, least in (("topics", TOPICAL), ("regular", REGULAR)):
            said = len(plan.topics) if field == "topics" else plan.regular
            if said < least:
                what = "专题议事" if field == "topics" else "工作例会"
                detail = f"街道年度计划中{what}不少于 {least} 次，现为 {said} 次。"
                raise RuleBroken(RULES["C-05"], detail, clause=MEETING, field=field)
    heads = policy.street_heads if committee.level is Level.STREET else policy.community_heads
    for topic in plan.topics:
        if topic.head not in heads or not topic.title.strip():
            detail = f"计划议题须有名称并归入协商目录的类目：{topic.head}"
            raise RuleBroken(RULES["C-05"], detail, clause=PLANNING, field="topics")


def late(committee: Committee, now: datetime) -> tuple[PlanMissed, ...]:
    """Once for each year."""
    due = next_due(committee)
    if due is None or committee.plan_year is None or now < due:
        return ()
    return (PlanMissed(year=committee.plan_year, due=due),)


def next_due(committee: Committee) -> datetime | None:
    """Of the next plan, within the term."""
    if committee.plan_year is None or committee.level not in PLANNED:
        return None
    due = due_of(committee.plan_year)
    return due if local_date(due) < committee.term_ends else None


def unplanned(committee: Committee, at_first: int) -> int:
    """The first year without a plan, of those that haven't been missed; `at_first`: where none was awaited."""
    year = at_first if committee.plan_year is None else committee.plan_year
    while year in committee.planned:
        year += 1
    return year


def awaited_by(committee: Committee) -> datetime | None:
    """By when its plan is: the last one that was missed is still, while another follows it in the term (ours)."""
    following = next_due(committee)
    if following is None or committee.plan_year is None:
        return None
    last = committee.plan_year - 1
    missed = last in committee.plans_missed and last not in committee.planned
    return due_of(last) if missed else following
