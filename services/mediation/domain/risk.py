"""M-01, M-08: what may grow is told, taken charge of, and watched until it is closed."""

from collections.abc import Iterable
from datetime import date, datetime

from chassis.kernel.clock import local_date
from chassis.kernel.errors import OURS, RuleBroken
from chassis.kernel.required import required_by

from .case import Case
from .clocks import Clocks, late, until
from .course import Happened
from .dispute import Awaited, Risk
from .events import CaseListed, CaseScreened, ChargeTaken, RiskRaised
from .rules import CHARGED, LISTED, RULES

ORDER = tuple(Risk)


def may_raise(case: Case) -> None:
    case.may("raise")
    if case.risk is ORDER[-1]:
        raise RuleBroken(RULES["M-08"], "已是最高等级。", clause=CHARGED)


def raise_risk(case: Case, risk: Risk, reason: str, clocks: Clocks, now: datetime) -> Happened:
    """Upwards only: what may become a mass incident stays on the list until it is closed."""
    may_raise(case)
    if ORDER.index(risk) <= ORDER.index(case.risk):
        raise RuleBroken(RULES["M-08"], "风险等级只升不降。", clause=CHARGED, field="risk")
    required_by(RULES["M-08"], reason, "reason", "请写明依据。", CHARGED)
    raised = RiskRaised(risk=risk, reason=reason, at=now)
    if risk is not Risk.MASS:
        return (raised,)
    return raised, clocks.started(Awaited.CHARGE, now)


def screened(case: Case, met: Iterable[CaseScreened]) -> tuple[CaseScreened, ...]:
    """M-01: what a meeting made of it, once; whatever it is at."""
    known = {(one.level, one.street, one.on) for one in case.screened}
    return tuple(one for one in met if (one.level, one.street, one.on) not in known)


def may_charge(case: Case) -> None:
    case.may("charge")
    if case.risk is not Risk.MASS:
        raise RuleBroken(RULES["M-08"], "包案用于可能引发群体性事件的纠纷。", clause=CHARGED)


def take_charge(
    case: Case, office: str, by: str, now: datetime, *, its_street: str | None = None
) -> Happened:
    """Again where another office takes it over."""
    may_charge(case)
    charged = ChargeTaken(office=office, by=by, its_street=its_street, at=now)
    return (*late(case, now, Awaited.CHARGE), charged)


def may_list(case: Case) -> None:
    case.may("supervise")
    if case.risk is Risk.ORDINARY and not case.repeated:
        detail = "挂牌督办用于重大或反复的纠纷。"
        raise RuleBroken(RULES["M-08"], detail, clause=LISTED)
    if case.listed is not None:
        raise RuleBroken(RULES["M-08"], "已挂牌督办，期限不得另定。", clause=OURS)


def put_on_list(case: Case, until_day: date, reason: str, by: str, now: datetime) -> Happened:
    """Once, with a date that nothing moves."""
    may_list(case)
    required_by(RULES["M-08"], reason, "reason", "请写明督办事由。", LISTED)
    if until_day <= local_date(now):
        raise RuleBroken(RULES["M-08"], "督办期限须晚于今天。", clause=LISTED, field="until")
    listed = CaseListed(by=by, reason=reason, until=until_day, at=now)
    return listed, until(Awaited.SUPERVISION, until_day)
