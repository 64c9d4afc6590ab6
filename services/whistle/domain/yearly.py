"""A department's year (W-10): the mean of its whistles, what was left out and on whose word, and the appeal.

The scores are the whistles' own; here is only what the district says of the year as a whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, assert_never

from chassis.kernel.clock import (
    Deadline,
    WorkTime,
    is_outdated,
    local_date,
    recounted,
    start,
)
from chassis.kernel.errors import OURS, NotAllowed, RuleBroken
from chassis.kernel.measure import half_up
from chassis.kernel.offices import one_office
from chassis.kernel.required import required

from .policy import WhistlePolicy
from .rules import RULES
from .whistle import Whistle


@dataclass(frozen=True, slots=True, kw_only=True)
class YearBegun:
    unit: str
    year: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExclusionAsked:
    whistle: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExclusionApproved:
    whistle: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class YearAssessed:
    """`result` in hundredths of a point; `weight` in percent of the department's whole assessment."""

    result: int
    whistles: int
    excluded: int
    weight: int
    policy: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealFiled:
    """`calendar`: until when the working days were known when `decide_by` was computed."""

    grounds: str
    by: str
    at: datetime
    decide_by: Deadline | None = None
    calendar: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealOverdue:
    """The district has not decided in time."""

    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealRenewed:
    """A new year's notice has come: what was provisional is computed again."""

    calendar: str
    decide_by: Deadline


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealDecided:
    upheld: bool
    reason: str
    by: str
    at: datetime


YearEvent = (
    YearBegun
    | ExclusionAsked
    | ExclusionApproved
    | YearAssessed
    | AppealFiled
    | AppealOverdue
    | AppealRenewed
    | AppealDecided
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    whistle: str
    reason: str
    asked_by: str
    approved_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """`overdue`: it was not decided by its deadline, whatever has come since."""

    grounds: str
    by: str
    decide_by: Deadline | None = None
    calendar: str | None = None
    overdue: bool = False
    upheld: bool | None = None
    reason: str | None = None
    decided_at: datetime | None = None

    @property
    def undecided(self) -> bool:
        return self.upheld is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    unit: str
    year: int
    exclusions: tuple[Exclusion, ...] = ()
    results: tuple[YearAssessed, ...] = ()
    appeals: tuple[Appeal, ...] = ()

    @property
    def excluded(self) -> frozenset[str]:
        return frozenset(one.whistle for one in self.exclusions if one.approved_by)

    @property
    def stands(self) -> YearAssessed | None:
        """The last result, until an appeal against it is upheld (ours): there may be nothing to make another of."""
        upheld = sum(bool(one.upheld) for one in self.appeals)
        return self.results[-1] if len(self.results) > upheld else None

    def ask_exclusion(self, *, whistle: str, reason: str, by: str) -> ExclusionAsked:
        if not reason.strip():
            raise RuleBroken(RULES["W-10"], "剔除一哨须写明理由。", field="reason")
        if any(one.whistle == whistle for one in self.exclusions):
            raise RuleBroken(RULES["W-10"], "该哨已经申请剔除。", field="whistle")
        return ExclusionAsked(whistle=whistle, reason=reason, by=by)

    def may_approve(self, whistle: str, by: str) -> None:
        asked = next((one for one in self.exclusions if one.whistle == whistle), None)
        if asked is None or asked.approved_by:
            raise RuleBroken(RULES["W-10"], "该哨没有待批准的剔除申请。", field="whistle")
        if one_office(asked.asked_by, by):
            raise NotAllowed("剔除由申请人以外的人批准。")

    def approve_exclusion(self, *, whistle: str, by: str) -> ExclusionApproved:
        self.may_approve(whistle, by)
        return ExclusionApproved(whistle=whistle, by=by)

    def may_assess(self, *, counted: bool, reopened: bool, now: datetime) -> None:
        """Once it is over (ours), where a whistle counts and none is handled again, which would be in no year's
        result (ours); said once, and again only after an appeal was upheld."""
        if local_date(now).year <= self.year:
            raise RuleBroken(
                RULES["W-10"], f"{self.year} 年尚未结束，年终后方可公布结果。", clause=OURS
            )
        if not counted:
            raise RuleBroken(RULES["W-10"], "该单位本年没有可考核的哨。")
        if reopened:
            raise RuleBroken(
                RULES["W-10"], "该单位本年有哨正在重新办理，答复后方可公布结果。", clause=OURS
            )
        if self.stands is not None:
            raise RuleBroken(RULES["W-10"], "本年结果已公布，申诉成立后方可重新评定。")

    def assess(
        self,
        *,
        scores: Sequence[int],
        policy: tuple[int, WhistlePolicy],
        now: datetime,
        reopened: bool,
    ) -> YearAssessed:
        """`scores`: of the whistles that count."""
        self.may_assess(counted=bool(scores), reopened=reopened, now=now)
        number, numbers = policy
        return YearAssessed(
            result=half_up(sum(scores), len(scores)),
            whistles=len(scores),
            excluded=len(self.excluded),
            weight=numbers.assessment.weight_percent,
            policy=number,
            at=now,
        )

    @property
    def waiting(self) -> Appeal | None:
        """The appeal that waits for a decision."""
        return self.appeals[-1] if self.appeals and self.appeals[-1].undecided else None

    def wakes_at(self) -> datetime | None:
        waiting = self.waiting
        if waiting is None or waiting.decide_by is None or waiting.overdue:
            return None
        return waiting.decide_by.due

    def may_appeal(self, by: str, days: int, now: datetime) -> None:
        """Within so many days of the result."""
        if by != f"department:{self.unit}":
            raise NotAllowed("申诉由被考核的部门提出。")
        if not self.results:
            raise RuleBroken(RULES["W-10"], "本年结果尚未公布，不能申诉。")
        if len(self.appeals) >= len(self.results):
            raise RuleBroken(RULES["W-10"], "对这一结果已经申诉。")
        if now > self.results[-1].at + timedelta(days=days):
            raise RuleBroken(RULES["W-10"], f"结果公布已超过 {days} 天，不能申诉。")

    def appeal(
        self, *, grounds: str, by: str, policy: WhistlePolicy, now: datetime, work: WorkTime
    ) -> AppealFiled:
        """The district's clock for deciding starts here."""
        self.may_appeal(by, policy.assessment.appeal_days, now)
        required(grounds, "grounds", "请写明申诉理由。")
        return AppealFiled(
            grounds=grounds,
            by=by,
            at=now,
            decide_by=start(policy.appeal.decision, now, work),
            calendar=work.days.version,
        )

    def overdue(self, now: datetime) -> tuple[AppealOverdue, ...]:
        """W-07: that the decision is late, once."""
        due = self.wakes_at()
        return (AppealOverdue(due=due),) if due is not None and now > due else ()

    def renew_calendar(self, work: WorkTime, now: datetime) -> tuple[AppealRenewed, ...]:
        """The deadline computed again under what is known now; one that has passed stands."""
        waiting = self.waiting
        if self.wakes_at() is None or waiting is None or waiting.decide_by is None:
            return ()
        if waiting.calendar is None or not is_outdated(waiting.calendar, work.days):
            return ()
        decide_by = recounted(waiting.decide_by, work, now) or waiting.decide_by
        return (AppealRenewed(calendar=work.days.version, decide_by=decide_by),)

    def may_decide_appeal(self) -> None:
        if self.waiting is None:
            raise RuleBroken(RULES["W-10"], "没有待处理的申诉。")

    def decide_appeal(
        self, *, upheld: bool, reason: str, by: str, now: datetime
    ) -> tuple[AppealOverdue | AppealDecided, ...]:
        self.may_decide_appeal()
        required(reason, "reason", "请写明理由。")
        return *self.overdue(now), AppealDecided(upheld=upheld, reason=reason, by=by, at=now)


def left_out(whistle: Whistle, id: str, year: Year) -> tuple[str | None, str | None]:
    """Why it doesn't count, and which office approved that: an exclusion, or it was another's, as was verified."""
    for one in year.exclusions:
        if one.whistle == id and one.approved_by:
            return one.reason, one.approved_by
    if whistle.task(year.unit).anothers:
        return "不属该单位，由其他单位办理", whistle.authority
    return None, None


def evolve(year: Year | None, event: YearEvent) -> Year:
    if isinstance(event, YearBegun):
        return Year(unit=event.unit, year=event.year)
    if year is None:
        raise ValueError("a year begins first")
    match event:
        case ExclusionAsked():
            asked = Exclusion(whistle=event.whistle, reason=event.reason, asked_by=event.by)
            return replace(year, exclusions=(*year.exclusions, asked))
        case ExclusionApproved():
            exclusions = tuple(
                replace(one, approved_by=event.by) if one.whistle == event.whistle else one
                for one in year.exclusions
            )
            return replace(year, exclusions=exclusions)
        case YearAssessed():
            return replace(year, results=(*year.results, event))
        case AppealFiled():
            filed = Appeal(
                grounds=event.grounds,
                by=event.by,
                decide_by=event.decide_by,
                calendar=event.calendar,
            )
            return replace(year, appeals=(*year.appeals, filed))
        case AppealOverdue():
            return _appealed(year, overdue=True)
        case AppealRenewed():
            return _appealed(year, calendar=event.calendar, decide_by=event.decide_by)
        case AppealDecided():
            return _appealed(year, upheld=event.upheld, reason=event.reason, decided_at=event.at)
        case _:
            assert_never(event)


def _appealed(year: Year, **learnt: Any) -> Year:
    return replace(year, appeals=(*year.appeals[:-1], replace(year.appeals[-1], **learnt)))
