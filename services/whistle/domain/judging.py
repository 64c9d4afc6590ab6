"""Marks, scores, and a calendar renewed: what is decided about a whistle as a whole (W-06, W-08, W-09)."""

from datetime import datetime

from chassis.kernel.clock import (
    Deadline,
    WorkTime,
    is_outdated,
    known_through,
    recounted,
)
from chassis.kernel.errors import Malformed, NotAllowed, RuleBroken

from . import assessment
from .course import CENTRE
from .events import (
    CalendarRenewed,
    Finding,
    Level,
    Marker,
    MarkGiven,
    Projected,
    RungMoved,
    UnitScore,
    WhistleEvaluated,
)
from .ladder import Steps
from .policy import Scoring, WhistlePolicy
from .rules import PLAN, RULES
from .task import Clock, Which
from .whistle import Whistle


def mark(
    whistle: Whistle, *, by: str, points: int, findings: tuple[Finding, ...], policy: int
) -> MarkGiven:
    marker = may_mark(whistle, by)
    if not 0 <= points <= 100:
        raise Malformed("评分为 0 到 100 的整数。", field="points")
    for finding in findings:
        whistle.task(finding.unit)
    return MarkGiven(by=marker, points=points, findings=findings, policy=policy)


def may_mark(whistle: Whistle, by: str) -> Marker:
    """As which side; each marks a whistle once."""
    whistle.walk("marks")
    marker = _marker(whistle, by)
    if any(mark.by is marker for mark in whistle.marks):
        raise RuleBroken(RULES["W-08"], "一哨一考核：这一方已经评过分。")
    return marker


def evaluate(
    whistle: Whistle, *, by: str, policy: tuple[int, WhistlePolicy], work: WorkTime
) -> WhistleEvaluated:
    may_evaluate(whistle, by)
    number, numbers = policy
    return WhistleEvaluated(
        scores=scores(whistle, numbers.scoring, work),
        policy=number,
        calendar=work.days.version,
    )


def may_evaluate(whistle: Whistle, by: str) -> None:
    """With the marks of both sides; at community level the street's is enough."""
    whistle.may("evaluate", by)
    given = {mark.by for mark in whistle.marks}
    if Marker.STREET not in given or (Marker.GRID not in given and whistle.level is Level.STREET):
        raise RuleBroken(
            RULES["W-09"], "综合评价须有网格评价和街道评价两项评分。", clause=f"{PLAN} 四.6"
        )


def scores(whistle: Whistle, scoring: Scoring, work: WorkTime) -> tuple[UnitScore, ...]:
    """Every unit's score from the marks, the rating and the clocks; at community level G = S."""
    given = {mark.by: mark.points for mark in whistle.marks}
    street = given[Marker.STREET]
    return tuple(
        assessment.unit_score(
            mine,
            grid=given.get(Marker.GRID),
            street=street,
            rating=whistle.rating,
            scoring=scoring,
            work=work,
        )
        for mine in whistle.tasks
    )


def scored_again(
    whistle: Whistle, scored_under: WhistlePolicy, work: WorkTime
) -> tuple[UnitScore, ...]:
    """The scores under the policy and the working days of their time, whatever has come out since.

    A trail that doesn't say until when the days were known takes what its deadlines were counted in.
    """
    known = whistle.scored_calendar or whistle.calendar
    then = work.as_known_through(known_through(known)) if known else work
    return scores(whistle, scored_under.scoring, then)


def renew_calendar(whistle: Whistle, *, rungs: Steps, now: datetime) -> tuple[CalendarRenewed, ...]:
    """Compute again what still runs, once more of the working days is known or a notice was amended. Time that has run
    out stays so, and a miss itself stands, also where its clock was extended and runs on.
    """
    days = rungs.work.days
    if whistle.calendar is None or not is_outdated(whistle.calendar, days):
        return ()
    clocks = [
        (mine.unit, which, clock)
        for mine in whistle.tasks
        for which, clock in mine.clocks()
        if clock.running
    ]
    if whistle.decision is not None and whistle.decision.running:
        clocks.append((CENTRE, Which.COMPETENCE, whistle.decision))
    moved, later = [], []
    for unit, which, clock in clocks:
        again = recounted(clock.deadline, rungs.work, now)
        if again is not None:
            moved.append(Projected(unit=unit, which=which, deadline=again))
        following = _rung(clock, again or clock.deadline, rungs, now)
        if following is not None:
            later.append(RungMoved(unit=unit, which=which, next_rung=following))
    renewed = CalendarRenewed(calendar=days.version, moved=tuple(moved), rungs=tuple(later))
    return (renewed,)


def _rung(clock: Clock, ends: Deadline, rungs: Steps, now: datetime) -> datetime | None:
    """Where the next rung of a miss on record moves, if it is to come and the days move it. Only its own deadline moves
    it forward: one that was said under another policy than its clock's start would come before anybody expected it.
    """
    if not clock.missed or clock.next_rung is None or now > clock.next_rung:
        return None
    following = rungs.at(ends, clock.rungs)
    if following is None or following == clock.next_rung:
        return None
    return following if ends != clock.deadline or following > clock.next_rung else None


def _marker(whistle: Whistle, by: str) -> Marker:
    if by == CENTRE and whistle.level is Level.STREET:
        return Marker.GRID
    if by == whistle.higher:
        return Marker.STREET
    raise NotAllowed("只有指挥中心和所属街道可以评分。")
