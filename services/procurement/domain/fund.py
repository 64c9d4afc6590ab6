"""The fund of a community (社区基金): what comes in from where, what residents decide to spend, and its accounts.

A quarter's account is public by the end of the month after it (ours); what isn't is found once.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import takewhile
from typing import assert_never

from chassis.kernel.clock import end_of, local_date
from chassis.kernel.errors import OURS, Malformed, RuleBroken
from chassis.kernel.required import required

from .resettling import Orphaned, Resettled
from .rules import FUND, RULES


class Source(StrEnum):
    """捐赠, 冠名, 义卖集市, 社区企业."""

    GIFT = "gift"
    NAMING = "naming"
    MARKET = "market"
    ENTERPRISE = "enterprise"


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """`amount` in fen; who gave isn't said."""

    street: str
    community: str
    source: Source
    amount: int
    on: date
    title: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """For `title`, as residents decided on `decided_on`."""

    amount: int
    on: date
    title: str
    decided_on: date
    at: datetime


class Move(StrEnum):
    RECEIVED = "received"
    SPENT = "spent"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryStruck:
    """What was entered wrongly, by its place among what was received or spent, from 1; the next ones move up."""

    what: Move
    number: int
    reason: str
    at: datetime
    entered_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Struck:
    """As it was entered, and why it counts no more."""

    what: Move
    amount: int
    on: date
    title: str
    reason: str
    at: datetime
    entered_at: datetime | None = None
    """None of what was struck before that was kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarterPublished:
    """Named by its first day."""

    quarter: date
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarterMissed:
    quarter: date
    due: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityEnded:
    """Its community was there until that day: no account is owed of quarters that begin later, unless money moved in
    them (ours)."""

    on: date
    at: datetime


FundEvent = (
    Received
    | Spent
    | EntryStruck
    | QuarterPublished
    | QuarterMissed
    | CommunityEnded
    | Resettled
    | Orphaned
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Of a quarter, in fen; `balance` is what was there at its end."""

    quarter: date
    income: int
    spending: int
    balance: int
    received: tuple[Received, ...]
    spent: tuple[Spent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fund:
    """Its id is its community's code."""

    street: str
    community: str
    successor: str | None = None
    received: tuple[Received, ...] = ()
    spent: tuple[Spent, ...] = ()
    voided: tuple[Struck, ...] = ()
    published: tuple[date, ...] = ()
    missed: tuple[date, ...] = ()
    ended_on: date | None = None
    orphaned: bool = False
    """Its community ended, and none goes on with it."""

    @property
    def balance(self) -> int:
        return sum(one.amount for one in self.received) - sum(one.amount for one in self.spent)

    @property
    def first(self) -> date:
        """The quarter that its accounts begin with."""
        return quarter_of(min(one.on for one in self.received))

    @property
    def owed_since(self) -> date:
        """The first quarter whose account is owed: none that was over before the fund was entered here (ours), be it
        by what was struck since."""
        struck = (one.entered_at for one in self.voided if one.what is Move.RECEIVED)
        entered = min((self.received[0].at, *(at for at in struck if at is not None)))
        return max(self.first, quarter_of(local_date(entered)))

    def spend(self, *, amount: int, on: date, title: str, decided_on: date, now: datetime) -> Spent:
        """P-41: once residents decided it, and never below zero, at no day."""
        required(title, "title")
        _of_an_open_day(self, amount, on, now)
        if decided_on > on:
            detail = "居民商定之后方可支出。"
            raise RuleBroken(RULES["P-41"], detail, clause=FUND, field="decided_on")
        spent = Spent(amount=amount, on=on, title=title, decided_on=decided_on, at=now)
        if _lowest(self.received, (*self.spent, spent), on) < 0:
            detail = "基金余额不足，不得透支。"
            raise RuleBroken(RULES["P-41"], detail, clause=FUND, field="amount")
        return spent

    def strike(self, *, what: Move, number: int, reason: str, now: datetime) -> EntryStruck:
        """P-41 (ours): until its quarter is public, and so that what is left never lacks what was spent."""
        entries = self._entered(what)
        if not 0 < number <= len(entries):
            detail = f"没有第 {number} 笔，共 {len(entries)} 笔。"
            raise RuleBroken(RULES["P-41"], detail, clause=OURS, field="number")
        entry = entries[number - 1]
        on = entry.on
        _not_public(self, on, "不得作废", "number")
        left = (*self.received[: number - 1], *self.received[number:])
        if what is Move.RECEIVED and (not left or _lowest(left, self.spent, on) < 0):
            detail = "作废后基金没有收入或余额不足，请先登记正确的收入。"
            raise RuleBroken(RULES["P-41"], detail, clause=OURS, field="number")
        required(reason, "reason")
        return EntryStruck(what=what, number=number, reason=reason, at=now, entered_at=entry.at)

    def _entered(self, what: Move) -> tuple[Received, ...] | tuple[Spent, ...]:
        return self.received if what is Move.RECEIVED else self.spent

    def publish(self, quarter: date, ended_on: date | None, now: datetime) -> tuple[FundEvent, ...]:
        """P-41: once it is over, once; late is found first, whether or not the timer came by."""
        self.may_publish(quarter, now)
        return *self.come_due(ended_on, now), QuarterPublished(quarter=quarter, at=now)

    def account(self, quarter: date) -> Account:
        after = next_quarter(quarter)
        income = tuple(one for one in self.received if quarter <= one.on < after)
        spending = tuple(one for one in self.spent if quarter <= one.on < after)
        had = sum(one.amount for one in self.received if one.on < after)
        gone = sum(one.amount for one in self.spent if one.on < after)
        return Account(
            quarter=quarter,
            income=sum(one.amount for one in income),
            spending=sum(one.amount for one in spending),
            balance=had - gone,
            received=income,
            spent=spending,
        )

    @property
    def next_quarter(self) -> date | None:
        """The first whose account is owed and neither public nor found missing; None where none is."""
        return self._first_but({*self.published, *self.missed})

    @property
    def next_account(self) -> date | None:
        """The first that is owed and not public, found missing or not; None where none is."""
        return self._first_but({*self.published})

    def _first_but(self, done: Collection[date]) -> date | None:
        return next((one for one in self._owed() if one not in done), None)

    def _owed(self) -> Iterator[date]:
        """P-41: without end; once its community has ended, up to that day, and where money moved since (ours)."""
        quarter = self.owed_since
        while self.ended_on is None or quarter <= self.ended_on:
            yield quarter
            quarter = next_quarter(quarter)
        yield from sorted({one for one in self._moved if one >= quarter})

    @property
    def _moved(self) -> set[date]:
        days = [*(one.on for one in self.received), *(one.on for one in self.spent)]
        return {quarter_of(one) for one in days}

    @property
    def next_due(self) -> datetime | None:
        quarter = self.next_quarter
        return account_due(quarter) if quarter else None

    def come_due(self, ended_on: date | None, now: datetime) -> tuple[FundEvent, ...]:
        """P-41: an account is late, unless its community had ended by then, which is found first."""
        if ended_on is None or self.ended_on is not None:
            return self.find_missed(now)
        ended = CommunityEnded(on=ended_on, at=now)
        return ended, *evolve(self, ended).find_missed(now)

    def find_missed(self, now: datetime) -> tuple[QuarterMissed, ...]:
        """P-41, P-36: every account that is late by now and wasn't found."""
        late = takewhile(lambda quarter: account_due(quarter) <= now, self._owed())
        done = {*self.published, *self.missed}
        return tuple(
            QuarterMissed(quarter=one, due=account_due(one), at=now)
            for one in late
            if one not in done
        )

    def may_publish(self, quarter: date, now: datetime) -> None:
        if quarter < self.first:
            detail = f"基金自 {self.first} 起的季度有收支，此前没有可公布的账目。"
            raise RuleBroken(RULES["P-41"], detail, clause=OURS, field="quarter")
        if now < end_of(next_quarter(quarter) - timedelta(days=1)):
            detail = "季度结束后方可公布收支。"
            raise RuleBroken(RULES["P-41"], detail, clause=OURS, field="quarter")
        if quarter in self.published:
            raise RuleBroken(RULES["P-41"], "该季度收支已经公布。", clause=OURS, field="quarter")


def kept_by(known: Fund | None, by: str) -> None:
    """P-41: a community, of its own; in the place of one that ended, merged into none, the leading group (ours)."""
    alone = known is not None and known.orphaned
    if by.startswith("community:") is alone:
        detail = "基金由社区登记和公布；社区已终止且没有并入其他社区的，由财政部门或区里代为办理。"
        raise RuleBroken(RULES["P-41"], detail, clause=OURS)


def receive(known: Fund | None, received: Received, ended_on: date | None = None) -> Received:
    """P-41: with where it came from; nothing is added to an account that is public. What came in after its community
    ended is of the fund of what that was merged into (ours)."""
    required(received.title, "title")
    _of_an_open_day(known, received.amount, received.on, received.at)
    merged = known is not None and known.successor is not None
    if merged and ended_on is not None and received.on > ended_on:
        detail = f"该社区已于 {ended_on} 终止，此后的收入登记在其并入的社区的基金。"
        raise RuleBroken(RULES["P-41"], detail, clause=OURS, field="on")
    return received


def quarter_of(day: date) -> date:
    """Its first day."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def next_quarter(quarter: date) -> date:
    return date(quarter.year + (quarter.month == 10), (quarter.month + 2) % 12 + 1, 1)


def account_due(quarter: date) -> datetime:
    """The end of the month after it."""
    first = next_quarter(quarter)
    return end_of(date(first.year, first.month + 1, 1) - timedelta(days=1))


def _of_an_open_day(fund: Fund | None, amount: int, on: date, now: datetime) -> None:
    if amount <= 0:
        raise Malformed("金额为正整数，单位为分。", field="amount")
    if on > local_date(now):
        raise Malformed("日期不得晚于今天。", field="on")
    if fund is not None:
        _not_public(fund, on, "不得补记", "on")


def _not_public(fund: Fund, on: date, never: str, field: str) -> None:
    closed = max(fund.published, default=None)
    if closed is not None and on < next_quarter(closed):
        # Its balance is that of all that came before its end, in whichever quarter.
        detail = f"{closed} 起一季度的收支已经公布，该季度末及此前的收支{never}。"
        raise RuleBroken(RULES["P-41"], detail, clause=OURS, field=field)


def _lowest(received: Iterable[Received], spent: Iterable[Spent], since: date) -> int:
    """What the fund holds at its lowest, on `since` or any later day."""
    moves = sorted(
        [(one.on, one.amount) for one in received] + [(one.on, -one.amount) for one in spent]
    )
    days = {since, *(on for on, _ in moves if on > since)}
    return min(sum(amount for on, amount in moves if on <= day) for day in days)


def evolve(fund: Fund | None, event: FundEvent) -> Fund:
    if isinstance(event, Received):
        known = fund or Fund(street=event.street, community=event.community)
        return replace(known, received=(*known.received, event))
    if fund is None:
        raise ValueError("a fund begins with what came in")
    match event:
        case Spent():
            return replace(fund, spent=(*fund.spent, event))
        case EntryStruck():
            return _without(fund, event)
        case QuarterPublished():
            return replace(fund, published=(*fund.published, event.quarter))
        case QuarterMissed():
            return replace(fund, missed=(*fund.missed, event.quarter))
        case CommunityEnded():
            return replace(fund, ended_on=event.on)
        case Resettled():
            return replace(
                fund,
                successor=event.community or fund.successor,
                street=event.street or fund.street,
            )
        case Orphaned():
            return replace(fund, orphaned=True)
        case _:
            assert_never(event)


def _without(fund: Fund, event: EntryStruck) -> Fund:
    at, received, spent = event.number - 1, fund.received, fund.spent
    gone = (received if event.what is Move.RECEIVED else spent)[at]
    struck = Struck(
        what=event.what,
        amount=gone.amount,
        on=gone.on,
        title=gone.title,
        reason=event.reason,
        at=event.at,
        entered_at=event.entered_at,
    )
    kept = replace(fund, voided=(*fund.voided, struck))
    if event.what is Move.RECEIVED:
        return replace(kept, received=(*received[:at], *received[at + 1 :]))
    return replace(kept, spent=(*spent[:at], *spent[at + 1 :]))
