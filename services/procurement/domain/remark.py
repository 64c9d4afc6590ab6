"""What is found while a project runs (过程监督): by the community or the leading group, put right by a day."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from chassis.kernel.clock import Budget, Deadline, WorkTime, is_past, recounted, start
from chassis.kernel.errors import OURS, RuleBroken
from chassis.kernel.required import required

from .contract import Contract
from .course import Status
from .resettling import Orphaned, Resettled, carried_by, orphan
from .rules import FOLLOWED, RULES


class Source(StrEnum):
    """巡查 by the community, 抽查 by the leading group, 居民反映 taken up by it."""

    COMMUNITY = "community"
    INSPECTION = "inspection"
    RESIDENT = "resident"


class RemarkStatus(StrEnum):
    OPEN = "open"
    DONE = "done"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


OVER = frozenset({RemarkStatus.CLOSED, RemarkStatus.WITHDRAWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Remarked:
    """`by` is the office; of a resident nothing is said."""

    contract: str
    supplier: str
    street: str
    community: str | None = None
    purchaser: str
    source: Source
    by: str
    what: str
    clock: Deadline
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PutRight:
    what: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RemarkJudged:
    """Not `closed`, it is to be put right again; its day stays."""

    closed: bool
    opinion: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RemarkCorrected:
    """What was found, said rightly; its day stays."""

    what: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RemarkWithdrawn:
    """Found by mistake: it counts no more."""

    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RemarkMissed:
    """It wasn't put right by its day: found once, and counted in the next evaluation."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RemarkRenewed:
    """The same days, counted on a calendar that is known better."""

    clock: Deadline


RemarkEvent = (
    Remarked
    | PutRight
    | RemarkJudged
    | RemarkCorrected
    | RemarkWithdrawn
    | RemarkMissed
    | RemarkRenewed
    | Resettled
    | Orphaned
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    contract: str
    supplier: str
    street: str
    community: str | None = None
    successor: str | None = None
    purchaser: str
    source: Source
    by: str
    what: str
    clock: Deadline
    status: RemarkStatus = RemarkStatus.OPEN
    done: str | None = None
    opinion: str | None = None
    withdrawn_why: str | None = None
    missed: bool = False
    orphaned: bool = False
    """The community that found it ended, and none goes on with it."""

    @property
    def next_due(self) -> datetime | None:
        waits = self.status is RemarkStatus.OPEN and not self.missed
        return self.clock.due if waits else None

    @property
    def judge_of_it(self) -> str:
        """P-26: who found it, or what that community was merged into (ours)."""
        merged = self.source is Source.COMMUNITY and self.successor is not None
        return f"community:{self.successor}" if merged else self.by

    def put_right(self, *, what: str, now: datetime) -> tuple[RemarkEvent, ...]:
        """P-26: by who delivers; late is found first, whether or not the timer came by."""
        self.may_put_right()
        required(what, "what")
        return *self.miss(now), PutRight(what=what, at=now)

    def judge(self, *, by: str, closed: bool, opinion: str, now: datetime) -> RemarkJudged:
        """P-26: by who found it."""
        self.may_judge(by)
        required(opinion, "opinion")
        return RemarkJudged(closed=closed, opinion=opinion, at=now)

    def correct(self, *, by: str, what: str, reason: str, now: datetime) -> RemarkCorrected:
        """P-26 (ours): in other words, what is to be put right by the same day."""
        self.may_correct(by)
        required(what, "what")
        if what == self.what:
            raise RuleBroken(RULES["P-26"], "与原内容相同。", clause=OURS, field="what")
        required(reason, "reason")
        return RemarkCorrected(what=what, reason=reason, at=now)

    def withdraw(self, *, by: str, reason: str, now: datetime) -> RemarkWithdrawn:
        """P-26 (ours): what was found by mistake, as of another project, whether or not its day has gone by."""
        self.may_withdraw(by)
        required(reason, "reason")
        return RemarkWithdrawn(reason=reason, at=now)

    def miss(self, now: datetime) -> tuple[RemarkMissed, ...]:
        over = self.next_due is not None and is_past(self.clock, now)
        return (RemarkMissed(at=now),) if over else ()

    def leave(self, now: datetime) -> tuple[Orphaned, ...]:
        """P-26: others judge in its place what its community found and isn't over."""
        stays = self.source is not Source.COMMUNITY or self.status in OVER
        return () if stays else orphan(self, now)

    def counts(self, now: datetime) -> bool:
        """P-26: in the next evaluation, as missed by now, whether or not the timer came by."""
        late = self.missed or bool(self.miss(now))
        return late and self.status is not RemarkStatus.WITHDRAWN

    def renew_calendar(self, work: WorkTime, now: datetime) -> tuple[RemarkRenewed, ...]:
        """P-26: also of what was put right, whose day stays where that isn't enough."""
        over = self.missed or self.status in OVER
        again = None if over else recounted(self.clock, work, now)
        return (RemarkRenewed(clock=again),) if again else ()

    def may_put_right(self) -> None:
        if self.status is not RemarkStatus.OPEN:
            raise RuleBroken(RULES["P-26"], "该问题没有待整改的内容。", clause=FOLLOWED)

    def may_judge(self, by: str) -> None:
        if self.status is not RemarkStatus.DONE:
            raise RuleBroken(RULES["P-26"], "该问题尚未整改或已经办结。", clause=FOLLOWED)
        self._found_by(by, "核实", FOLLOWED)

    def may_correct(self, by: str) -> None:
        """Until it is put right."""
        if self.status is not RemarkStatus.OPEN:
            raise RuleBroken(RULES["P-26"], "该问题没有待整改的内容。", clause=OURS)
        self._found_by(by, "更正", OURS)

    def may_withdraw(self, by: str) -> None:
        if self.status in OVER:
            raise RuleBroken(RULES["P-26"], "该问题已经办结或撤回。", clause=OURS)
        self._found_by(by, "撤回", OURS)

    def _found_by(self, by: str, does: str, clause: str) -> None:
        """Or in whose place: of a community that ended alone, the leading group's."""
        own = by.startswith("community:")
        if own if self.orphaned else by != self.judge_of_it:
            raise RuleBroken(
                RULES["P-26"],
                f"由提出问题的一方{does}；提出的社区已并入其他社区的，由后者{does}；"
                f"只是终止的，由财政部门或区里{does}。",
                clause=clause,
            )


def remark(
    contract: Contract,
    *,
    source: Source,
    by: str,
    what: str,
    days: int,
    now: datetime,
    work: WorkTime,
) -> Remarked:
    """P-26: while it runs; put right in `days` working days. Not by a community that is no more (ours): nobody would
    judge it."""
    runs(contract)
    if source is Source.COMMUNITY and contract.orphaned:
        detail = "该社区已经终止且未并入其他社区，由财政部门或区里在抽查中提出。"
        raise RuleBroken(RULES["P-26"], detail, clause=OURS, field="contract")
    required(what, "what")
    return Remarked(
        contract=contract.id,
        supplier=contract.supplier,
        street=contract.street,
        community=carried_by(contract),
        purchaser=contract.purchaser,
        source=source,
        by=by,
        what=what,
        clock=start(Budget.working_days(days), now, work),
        at=now,
    )


def runs(contract: Contract) -> None:
    """P-26: nothing is found in a project that is over."""
    if contract.status is Status.ENDED:
        raise RuleBroken(RULES["P-26"], "合同已经结束。", clause=FOLLOWED)


def counted(happened: Iterable[RemarkEvent], at: datetime) -> bool:
    """P-26: in an evaluation of that time, whatever has come of it since."""
    known: Remark | None = None
    for event in happened:
        if not isinstance(event, RemarkRenewed) and event.at > at:
            break
        known = evolve(known, event)
    return known is not None and known.counts(at)


def evolve(known: Remark | None, event: RemarkEvent) -> Remark:
    if isinstance(event, Remarked):
        return Remark(
            contract=event.contract,
            supplier=event.supplier,
            street=event.street,
            community=event.community,
            purchaser=event.purchaser,
            source=event.source,
            by=event.by,
            what=event.what,
            clock=event.clock,
        )
    if known is None:
        raise ValueError("a remark begins by being made")
    match event:
        case PutRight():
            return replace(known, status=RemarkStatus.DONE, done=event.what)
        case RemarkJudged():
            after = RemarkStatus.CLOSED if event.closed else RemarkStatus.OPEN
            return replace(known, status=after, opinion=event.opinion)
        case RemarkCorrected():
            return replace(known, what=event.what)
        case RemarkWithdrawn():
            withdrawn = RemarkStatus.WITHDRAWN
            return replace(known, status=withdrawn, withdrawn_why=event.reason)
        case RemarkMissed():
            return replace(known, missed=True)
        case RemarkRenewed():
            return replace(known, clock=event.clock)
        case Resettled():
            return replace(known, successor=event.community)
        case Orphaned():
            return replace(known, orphaned=known.source is Source.COMMUNITY)
        case _:
            assert_never(event)
