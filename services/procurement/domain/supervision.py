"""Supervision (督导) of a contract: commissioned, its records with their days, monthly reports, what was missed.

A month's report is due on the 8th of the next, that day included; what a month lacks is found once,
whether anybody looks or not.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import assert_never

from chassis.kernel.clock import WorkTime, end_of, local_date, working_days_after
from chassis.kernel.errors import Malformed, RuleBroken
from chassis.kernel.required import required

from .figures import Figures, averaged
from .ledger import Ledger, enclosed
from .purchaser import acts_for
from .rules import GOES_ON, RECORDS, REPORTS, RULES, SESSIONS, SUPERVISORS
from .supervision_events import (
    CommissionDecided,
    Commissioned,
    Countersigned,
    HandedOver,
    Manner,
    Recorded,
    RecordsAwaited,
    Reported,
    StageReported,
    SupervisionEnded,
    SupervisionEvent,
    SupervisionMissed,
    What,
)

REPORT_BY = 8
SESSIONS_A_MONTH = 2
SHORTEST, LONGEST = 120, 180
"""Minutes of a group session."""
TO_WRITE = 3
"""Working days for the record of a group session; days for that of a visit."""
VISITS = 3
"""On-site, over the whole project."""
RECORDED = {What.SESSIONS: Manner.GROUP, What.VISITS: Manner.VISIT}
"""What is held first, and has some days to be written then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    way: Manner
    held_on: date
    minutes: int
    summary: str
    late: bool
    entered_at: datetime | None = None
    """Not kept of the first ones."""
    countersigned_at: datetime | None = None
    supervisor: str | None = None
    """Under whom, once another goes on; None under whoever supervises."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervision:
    """Its id is its contract's."""

    contract: str
    supplier: str
    supervisor: str
    purchaser: str
    street: str
    community: str | None = None
    successor: str | None = None
    first: date
    last: date
    since: datetime | None = None
    records: tuple[Record, ...] = ()
    reports: tuple[Reported, ...] = ()
    stages: tuple[StageReported, ...] = ()
    decided: tuple[CommissionDecided, ...] = ()
    awaited: tuple[RecordsAwaited, ...] = ()
    missed: tuple[SupervisionMissed, ...] = ()
    handed_over: str | None = None
    former: tuple[str, ...] = ()
    """Who supervised before and hasn't handed over yet."""
    relieved: tuple[str, ...] = ()
    """Who supervised before and has."""
    begun: date | None = None
    """The first month that anybody supervises, where another goes on."""
    ended_at: datetime | None = None
    declined: tuple[str, ...] = ()
    """Supervisors that aren't commissioned again here."""

    def record(
        self,
        way: Manner,
        *,
        held_on: date,
        minutes: int,
        summary: str,
        now: datetime,
        work: WorkTime,
    ) -> tuple[SupervisionEvent, ...]:
        """P-15: kept however late it comes; that it is late is kept as well, and what is missed by now is found first,
        whether or not the timer came by."""
        self.goes_on()
        self.held(way, held_on, minutes, summary, now)
        recorded = Recorded(
            way=way,
            held_on=held_on,
            minutes=minutes,
            summary=summary,
            late=now >= record_due(way, held_on, work),
            entered_at=now,
            at=now,
        )
        return *self.missed_of(way, now, work), recorded

    def held(self, way: Manner, held_on: date, minutes: int, summary: str, now: datetime) -> None:
        """P-15: what a record has to say."""
        required(summary, "summary")
        if not self.first <= held_on <= min(_last_day(self.last), local_date(now)):
            raise Malformed("日期应在督导期内，且不得晚于今天。", field="held_on")
        if way is Manner.GROUP and not SHORTEST <= minutes <= LONGEST:
            detail = "集体督导每次 2 至 3 小时。"
            raise RuleBroken(RULES["P-15"], detail, clause=SESSIONS, field="minutes")

    def missed_of(
        self, way: Manner, now: datetime, work: WorkTime
    ) -> tuple[RecordsAwaited | SupervisionMissed, ...]:
        """Of what is missed by now, that which such a record would have been."""
        found = self.find_missed(now, work)
        return tuple(one for one in found if RECORDED.get(one.what) is way)

    def countersign(self, record: int, now: datetime) -> Countersigned:
        self.may_countersign(record)
        return Countersigned(record=record, at=now)

    def report(
        self,
        month: date,
        *,
        figures: Figures,
        workers: int,
        events: str,
        reason: str,
        ledger: Ledger | None,
        now: datetime,
        work: WorkTime,
    ) -> tuple[SupervisionEvent, ...]:
        """P-15, P-21: month by month, once it is over; one that is missed by now is found first."""
        self.goes_on()
        figures.check()
        if month != self.next_report:
            detail = (
                f"按月依次报告，下一份为 {self.next_report:%Y-%m}。"
                if self.next_report
                else "各月均已报告。"
            )
            raise RuleBroken(RULES["P-15"], detail, clause=REPORTS, field="month")
        if now < end_of(_last_day(month)):
            raise RuleBroken(RULES["P-15"], "当月结束后方可报告。", clause=REPORTS, field="month")
        if self.reports:
            figures.follow(self.reports[-1].figures, reason)
        first = self.beginning
        months = (month.year - first.year) * 12 + month.month - first.month + 1
        found = self.find_missed(now, work)
        reported = Reported(
            month=month,
            figures=figures,
            workers=workers,
            averages=averaged(figures, workers, months),
            events=events,
            reason=reason,
            enclosed=enclosed(ledger, month),
            late=now >= report_due(month),
            at=now,
        )
        return *(one for one in found if one.what is What.REPORT), reported

    def report_stage(self, month: date, *, opinion: str, now: datetime) -> StageReported:
        """P-22: from a month's records and its report, once."""
        self.goes_on()
        required(opinion, "opinion")
        if all(one.month != month or self._before(one.at) for one in self.reports):
            raise RuleBroken(RULES["P-22"], "该月承接方尚未报告。", clause=GOES_ON, field="month")
        if any(one.month == month for one in self.stages):
            raise RuleBroken(RULES["P-22"], "该月阶段报告已经提交。", clause=GOES_ON, field="month")
        return StageReported(month=month, opinion=opinion, at=now)

    def decide(
        self, *, by: str, goes_on: bool, opinion: str, now: datetime
    ) -> tuple[SupervisionEvent, ...]:
        """P-22: the supervisor's reports decide; not going on, it ends."""
        self.may_decide(by)
        required(opinion, "opinion")
        month = self.stages[-1].month
        decided = CommissionDecided(month=month, goes_on=goes_on, opinion=opinion, at=now)
        return (decided,) if goes_on else (decided, *self.close(now))

    @property
    def undecided(self) -> bool:
        """By the last stage report it wasn't said yet whether it goes on."""
        last = self.decided[-1].month if self.decided else None
        return bool(self.stages) and self.stages[-1].month != last

    def may_decide(self, by: str) -> None:
        """Once by each stage report."""
        self.may_end(by)
        if not self.undecided:
            detail = "依据督导方的阶段报告决定是否继续委托。"
            raise RuleBroken(RULES["P-22"], detail, clause=GOES_ON)

    def hand_over(self, *, by: str | None, report: str, now: datetime) -> HandedOver:
        """P-15: all records with a report, once; also after the end, and when another goes on."""
        self.may_hand_over(by)
        required(report, "report")
        return HandedOver(by=by, report=report, at=now)

    def may_hand_over(self, by: str | None) -> None:
        if by in self.relieved or (by not in self.former and self.handed_over is not None):
            raise RuleBroken(RULES["P-15"], "督导记录已经移交。", clause=RECORDS)

    def of(self, supervisor: str | None) -> "Supervision":
        """P-15: what is a supervisor's: all of it to who supervises, to who did before the records of its own alone,
        and nothing that came since."""
        if supervisor == self.supervisor:
            return self
        own = tuple(one for one in self.records if one.supervisor == supervisor)
        return replace(
            self,
            records=own,
            reports=(),
            stages=(),
            decided=(),
            awaited=(),
            missed=(),
            handed_over=None,
        )

    def end(self, *, by: str, now: datetime) -> tuple[SupervisionEvent, ...]:
        self.may_end(by)
        return self.close(now)

    def may_end(self, by: str) -> None:
        """P-15: by who commissioned it."""
        self.goes_on()
        if not acts_for(self.purchaser, by):
            raise RuleBroken(RULES["P-15"], "督导由委托的购买方决定。", clause=SUPERVISORS)

    def end_with_contract(self, at: datetime) -> tuple[SupervisionEvent, ...]:
        """P-15 (ours): nothing is left to supervise once its contract ended early."""
        return self.close(at) if self.ended_at is None else ()

    def close(self, now: datetime) -> tuple[SupervisionEvent, ...]:
        """P-15: what was over or late by now is missed, as no record of it can come any more."""
        lacking = ((_over(due, what, month), month, what) for due, what, month in self._lacking())
        over = sorted(one for one in lacking if now >= one[0])
        missed = (SupervisionMissed(what=what, month=month, at=now) for _, month, what in over)
        return *missed, SupervisionEnded(at=now)

    @property
    def beginning(self) -> date:
        """From what month on its figures are counted, whoever supervised then."""
        return self.begun or self.first

    @property
    def until(self) -> date | None:
        """Its last month; None once it is over."""
        return self.last if self.ended_at is None else None

    @property
    def next_report(self) -> date | None:
        """The first month that wasn't reported."""
        month = next_month(self.reports[-1].month) if self.reports else self.beginning
        return month if month <= self.last else None

    @property
    def next_due(self) -> datetime | None:
        """When the next month's end or report is missed; None once nothing can be."""
        return min((due for due, _, _ in self._lacking()), default=None)

    @property
    def owed_by_supplier(self) -> tuple[datetime, ...]:
        """P-15: by when its sessions and reports are; a report that was missed is still to come."""
        coming = tuple(due for due, what, _ in self._lacking() if what is not What.VISITS)
        found, month = {(one.what, one.month) for one in self.missed}, self.next_report
        if month is not None and (What.REPORT, month) in found:
            return report_due(month), *coming
        return coming

    def find_missed(
        self, now: datetime, work: WorkTime
    ) -> tuple[RecordsAwaited | SupervisionMissed, ...]:
        """P-15: what has gone by without, each once; sessions and visits when none can be recorded any more."""
        over = sorted((due, month, what) for due, what, month in self._lacking() if now >= due)
        return tuple(_found(what, month, now, work) for _, month, what in over)

    def may_countersign(self, record: int) -> None:
        self.goes_on()
        known = self.record_of(record)
        if known is None or known.way is not Manner.GROUP or known.countersigned_at is not None:
            detail = "没有待签署的集体督导记录。"
            raise RuleBroken(RULES["P-15"], detail, clause=RECORDS)
        if known.supervisor not in (None, self.supervisor):
            detail = "该次集体督导由前一督导方负责。"
            raise RuleBroken(RULES["P-15"], detail, clause=RECORDS)

    def record_of(self, number: int) -> Record | None:
        return self.records[number - 1] if 0 < number <= len(self.records) else None

    def _before(self, at: datetime) -> bool:
        """Under another supervisor."""
        return self.since is not None and at < self.since

    def _lacking(self) -> Iterable[tuple[datetime, What, date]]:
        """What will be missed unless it comes."""
        return (one for one in self._open() if self._owed(*one))

    def _owed(self, due: datetime, what: What, month: date) -> bool:
        """Nothing that was due before anybody was commissioned, nor sessions of a month in which fewer days were left
        than there have to be sessions (ours)."""
        if self.since is None:
            return True
        left = (_last_day(month) - local_date(self.since)).days + 1
        return due > self.since and (what is not What.SESSIONS or left >= SESSIONS_A_MONTH)

    def _open(self) -> Iterable[tuple[datetime, What, date]]:
        """Everything that isn't there: by when, what, of which month."""
        if self.ended_at is not None:
            return
        found = {(one.what, one.month) for one in self.missed}
        for month in _months(self.first, self.last):
            if self._sessions(month) < SESSIONS_A_MONTH and (What.SESSIONS, month) not in found:
                yield self._recorded_by(What.SESSIONS, month), What.SESSIONS, month
        for month in _months(self.beginning, self.last):
            reported = any(one.month == month for one in self.reports)
            if not reported and (What.REPORT, month) not in found:
                yield report_due(month), What.REPORT, month
        visits = sum(one.way is Manner.VISIT for one in self.records)
        if visits < VISITS and (What.VISITS, self.last) not in found:
            yield self._recorded_by(What.VISITS, self.last), What.VISITS, self.last

    def _recorded_by(self, what: What, month: date) -> datetime:
        """Held by its end; from then on, the time that the record of its last day has."""
        dues = (one.due for one in self.awaited if (one.what, one.month) == (what, month))
        return next(dues, end_of(_last_day(month)))

    def _sessions(self, month: date) -> int:
        """Two of one day are one (ours)."""
        days = {one.held_on for one in self.records if one.way is Manner.GROUP}
        return sum(day.replace(day=1) == month for day in days)

    def goes_on(self) -> None:
        """Nothing is filed after the end."""
        if self.ended_at is not None:
            raise RuleBroken(RULES["P-15"], "督导已经结束。", clause=RECORDS)


def commission(
    known: Supervision | None, commissioned: Commissioned, signed: date, until: date | None
) -> Commissioned:
    """P-15, P-11: not the one who delivers, with people who may, within the term of the contract."""
    if known is not None and known.ended_at is None:
        raise RuleBroken(RULES["P-15"], "该合同已委托督导。", clause=SUPERVISORS)
    if known is not None and commissioned.supervisor in known.declined:
        detail = "依据阶段报告已决定不再委托该督导方。"
        raise RuleBroken(RULES["P-22"], detail, clause=GOES_ON, field="supervisor")
    if commissioned.supervisor == commissioned.supplier:
        detail = "督导方不得是承接方。"
        raise RuleBroken(RULES["P-15"], detail, clause=SUPERVISORS, field="supervisor")
    if commissioned.qualified < 1:
        detail = "督导人员中至少一人同时具有讲师以上职称和中级社工证书。"
        raise RuleBroken(RULES["P-15"], detail, clause=SUPERVISORS, field="qualified")
    _within(commissioned, signed, until)
    if known is not None and known.ended_at is not None:
        month = local_date(known.ended_at).replace(day=1)
        if commissioned.first > min(next_month(month), next_month(known.last)):
            detail = "另行委托的督导期须与上一督导期相接。"
            raise RuleBroken(RULES["P-15"], detail, clause=SUPERVISORS, field="first")
    begun = min(known.beginning, commissioned.first) if known is not None else None
    return replace(commissioned, since=commissioned.at, begun=begun)


def _within(commissioned: Commissioned, signed: date, until: date | None) -> None:
    """From the month in which the contract was signed to that in which its term ends (ours)."""
    if commissioned.first > commissioned.last:
        raise Malformed("督导期的末月不得早于首月。", field="last")
    if commissioned.first < signed.replace(day=1):
        detail = f"合同于 {signed} 签订，督导期不得早于该月。"
        raise RuleBroken(RULES["P-15"], detail, clause=SUPERVISORS, field="first")
    if until is not None and commissioned.last > until:
        detail = f"合同期限至 {until}，督导期不得晚于该月。"
        raise RuleBroken(RULES["P-15"], detail, clause=SUPERVISORS, field="last")


def report_due(month: date) -> datetime:
    """The end of the 8th of the month after."""
    return end_of(next_month(month).replace(day=REPORT_BY))


def next_month(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _months(first: date, last: date) -> Iterable[date]:
    while first <= last:
        yield first
        first = next_month(first)


def _last_day(month: date) -> date:
    return next_month(month) - timedelta(days=1)


def _over(due: datetime, what: What, month: date) -> datetime:
    """When what is recorded can't be held any more, whatever days are left to write it; else by when it is due."""
    return end_of(_last_day(month)) if what in RECORDED else due


def _found(
    what: What, month: date, now: datetime, work: WorkTime
) -> RecordsAwaited | SupervisionMissed:
    if what in RECORDED:
        due = record_due(RECORDED[what], _last_day(month), work)
        if now < due:
            return RecordsAwaited(what=what, month=month, due=due, at=now)
    return SupervisionMissed(what=what, month=month, at=now)


def record_due(way: Manner, held_on: date, work: WorkTime) -> datetime:
    """Three working days, three days, or the end of its month."""
    noon = end_of(held_on) - timedelta(hours=12)
    match way:
        case Manner.GROUP:
            return working_days_after(noon, TO_WRITE, work)
        case Manner.VISIT:
            return end_of(held_on + timedelta(days=TO_WRITE))
        case Manner.REMOTE:
            return end_of(_last_day(held_on.replace(day=1)))
        case _:
            assert_never(way)
