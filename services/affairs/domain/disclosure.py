"""A-22: party, residents' and financial affairs in the open, by template: what, and by when."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import assert_never

from chassis.kernel.clock import end_of, local_date
from chassis.kernel.errors import RuleBroken
from chassis.kernel.said import said_by

from .payroll import last_day, months_of, next_month, next_quarter
from .rules import RULES


class Affairs(StrEnum):
    PARTY = "party"
    RESIDENTS = "residents"
    FINANCIAL = "financial"


class Every(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """Due so many `days` after the period (ours)."""

    affairs: Affairs
    what: str
    every: Every
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosureBegun:
    street: str
    community: str
    template: Template
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosed:
    period: str
    decided: str
    vouchers: str = ""
    tender: str = ""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosureMissed:
    period: str
    due: datetime


DisclosureEvent = DisclosureBegun | Disclosed | DisclosureMissed


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """`awaits`: the period that is to be disclosed next by the clock."""

    street: str
    community: str
    template: Template
    awaits: str
    begun_at: datetime
    done: tuple[Disclosed, ...] = ()
    missed: tuple[DisclosureMissed, ...] = ()

    @property
    def next_due(self) -> datetime:
        return due_of(self.template, self.awaits)


def period_of(every: Every, day: date) -> str:
    if every is Every.MONTH:
        return f"{day:%Y-%m}"
    return f"{day.year}-Q{(day.month + 2) // 3}"


def following(every: Every, period: str) -> str:
    return next_month(period) if every is Every.MONTH else next_quarter(period)


def _last(every: Every, period: str) -> date:
    return last_day(period if every is Every.MONTH else months_of(period)[-1])


def due_of(template: Template, period: str) -> datetime:
    return end_of(_last(template.every, period) + timedelta(days=template.days))


def disclose(known: Disclosure, said: Disclosed, tendered: bool) -> list[DisclosureEvent]:
    """How it was decided, the vouchers of money, and what a tender led to."""
    said_by(RULES["A-22"], said.decided, "decided", "须公开决策过程。")
    if known.template.affairs is Affairs.FINANCIAL:
        said_by(RULES["A-22"], said.vouchers, "vouchers", "财务公开须附原始凭证。")
    if tendered:
        said_by(RULES["A-22"], said.tender, "tender", "招标结果须公开。")
    if said.period not in _open(known, said.at):
        raise RuleBroken(RULES["A-22"], "不是应当公开的期间。", field="period")
    if any(one.period == said.period for one in known.done):
        raise RuleBroken(RULES["A-22"], "该期间已经公开。", field="period")
    return [*late(known, said.at), said]


def _open(known: Disclosure, now: datetime) -> list[str]:
    """From the first that counts to the last that is over (ours: of what still runs nobody can account)."""
    every = known.template.every
    period = following(every, period_of(every, local_date(known.begun_at)))
    last, found = period_of(every, local_date(now)), []
    while period < last:
        found.append(period)
        period = following(every, period)
    return found


def late(known: Disclosure, now: datetime) -> list[DisclosureEvent]:
    """Every period whose time is over and that wasn't disclosed."""
    missed: list[DisclosureEvent] = []
    done, period = {one.period for one in known.done}, known.awaits
    while now >= (due := due_of(known.template, period)):
        if period not in done:
            missed.append(DisclosureMissed(period=period, due=due))
        period = following(known.template.every, period)
    return missed


def evolve(known: Disclosure | None, event: DisclosureEvent) -> Disclosure:
    if isinstance(event, DisclosureBegun):
        every = event.template.every
        first = following(every, period_of(every, local_date(event.at)))
        return Disclosure(
            street=event.street,
            community=event.community,
            template=event.template,
            awaits=first,
            begun_at=event.at,
        )
    if known is None:
        raise ValueError("a disclosure begins with its template")
    match event:
        case Disclosed():
            return _forward(replace(known, done=(*known.done, event)))
        case DisclosureMissed():
            return _forward(replace(known, missed=(*known.missed, event)))
        case _:
            assert_never(event)


def _forward(known: Disclosure) -> Disclosure:
    """To the first period after `awaits` that is neither disclosed nor missed."""
    over = {one.period for one in known.done} | {one.period for one in known.missed}
    period = known.awaits
    while period in over:
        period = following(known.template.every, period)
    return replace(known, awaits=period)
