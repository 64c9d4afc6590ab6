"""Whose it is (W-05): the first receiver keeps the case until another has come, or the centre has decided.

A unit that says "not ours" names whose it is, and that unit is called in beside it. After as many such
returns as the policy allows, the command centre decides within a deadline of its own.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from chassis.kernel.clock import WorkTime, local_date, start
from chassis.kernel.errors import RuleBroken
from chassis.kernel.required import required

from . import ladder
from .blowing import dispatched, known
from .events import Assignment, CompetenceDecided, CompetenceDeclined, Level, WhistleEvent
from .policy import WhistlePolicy
from .rules import PLAN, RULES
from .unit import Unit
from .whistle import Whistle


def decline(
    whistle: Whistle,
    *,
    unit: str,
    whose: str,
    ground: str,
    units: Mapping[str, Unit],
    policy: tuple[int, WhistlePolicy],
    now: datetime,
    rungs: ladder.Steps,
) -> tuple[WhistleEvent, ...]:
    may_decline(whistle, unit)
    if whose == unit:
        raise RuleBroken(RULES["W-05"], "须点名应由哪个其他单位办理。", field="whose")
    known(units.get(whose), whose, local_date(now), "whose")
    required(ground, "ground")
    competence = policy[1].competence
    last = len(whistle.declined) + 1 >= competence.returns
    if not last and _released(whistle, whose):
        detail = "所点名的单位已不再办理此哨，无从接手，请点名其他单位。"
        raise RuleBroken(RULES["W-05"], detail, field="whose")
    happened = CompetenceDeclined(
        unit=unit,
        whose=whose,
        ground=ground,
        call=None if last else _call(whistle, whose, policy, now, rungs.work),
        decision=start(competence.decision, now, rungs.work) if last else None,
        at=now,
    )
    return *rungs.missed(whistle.task(unit), now), happened


def decide(
    whistle: Whistle,
    *,
    by: str,
    unit: str,
    reason: str,
    units: Mapping[str, Unit],
    policy: tuple[int, WhistlePolicy],
    now: datetime,
    rungs: ladder.Steps,
    ended: Collection[str] = (),
) -> tuple[WhistleEvent, ...]:
    """The handlings of who is released end here, so what they have missed is said first (W-07). Whose result it was
    that it isn't its case has none that could go on, and is not decided on; nor is who was replaced and came back
    (ours).
    """
    may_decide(whistle, by, ended)
    known(units.get(unit), unit, local_date(now), "unit")
    if _released(whistle, unit):
        detail = "此哨不属该单位职责，或已由其他单位接办，须裁定由别的单位办理。"
        raise RuleBroken(RULES["W-05"], detail, field="unit")
    required(reason, "reason")
    call = _call(whistle, unit, policy, now, rungs.work)
    gone = owing(whistle, ended)
    decided = CompetenceDecided(unit=unit, reason=reason, call=call, ended=gone, at=now)
    missed = [event for mine in whistle.let_go(unit, gone) for event in rungs.missed(mine, now)]
    return *missed, *ladder.decision_missed(whistle.decision, now), decided


def may_decide(whistle: Whistle, by: str, ended: Collection[str]) -> None:
    """Where it is disputed; and where a unit that was called has ended, which neither settles it nor says whose it
    is (ours). A community takes such a case up to its street.
    """
    whistle.may("competence", by)
    if not whistle.disputed and not left(whistle, ended):
        detail = "此哨没有待裁定的职责争议，也没有已撤销而未办结的单位。"
        raise RuleBroken(RULES["W-05"], detail)


def left(whistle: Whistle, ended: Collection[str]) -> bool:
    """Whether it waits for one of the ended units, and the centre may say who takes it over."""
    return whistle.level is not Level.COMMUNITY and bool(owing(whistle, ended))


def owing(whistle: Whistle, ended: Collection[str]) -> tuple[str, ...]:
    """Those of the ended units that have yet to file."""
    return tuple(mine.unit for mine in whistle.tasks if mine.unit in ended and not mine.filed)


def may_decline(whistle: Whistle, unit: str) -> None:
    whistle.walk("decline")
    if whistle.level is Level.COMMUNITY:
        raise RuleBroken(RULES["W-02"], "社区的哨办不了的，由社区上报街道。", clause=f"{PLAN} 四.4")
    mine = whistle.task(unit)
    if not mine.arrived or mine.filed:
        raise RuleBroken(RULES["W-05"], "报到之后、提交结果之前方可提出不属本单位职责。")
    if whistle.competent is not None:
        raise RuleBroken(RULES["W-05"], "指挥中心已裁定由哪个单位办理，不再提出。")
    if whistle.decision is not None:
        raise RuleBroken(RULES["W-05"], "退单已达上限，等待指挥中心裁定。")
    if any(one.unit == unit for one in whistle.declined):
        raise RuleBroken(RULES["W-05"], "该单位已经提出过，首接单位继续负责。")


def _released(whistle: Whistle, unit: str) -> bool:
    return any(mine.unit == unit and mine.released for mine in whistle.tasks)


def _call(
    whistle: Whistle,
    unit: str,
    policy: tuple[int, WhistlePolicy],
    now: datetime,
    work: WorkTime,
) -> Assignment | None:
    """Its task, where it has none yet."""
    if any(mine.unit == unit for mine in whistle.tasks):
        return None
    return dispatched((unit,), "", whistle.kind, policy, now, work).tasks[0]
