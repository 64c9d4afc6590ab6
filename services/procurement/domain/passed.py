"""What a year's 社区营造 passes down to a street (下拨), and how the street reports that it was used."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import assert_never

from chassis.kernel.clock import local_date
from chassis.kernel.errors import Malformed, RuleBroken
from chassis.kernel.required import required, required_by

from .rules import BUILDING, RULES


@dataclass(frozen=True, slots=True, kw_only=True)
class SumPassed:
    """`amount` in fen; again for the same street and year, it takes the place of the sum before."""

    street: str
    year: int
    amount: int
    document: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UseReported:
    """`spent` in fen, since the report before."""

    spent: int
    on: date
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UsePutRight:
    """What a report said, by its place from 1, was wrong: `spent` is right, 0 where nothing was."""

    number: int
    spent: int
    reason: str
    at: datetime


PassedEvent = SumPassed | UseReported | UsePutRight


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    street: str
    year: int
    amount: int
    document: str
    reports: tuple[UseReported, ...] = ()
    corrections: tuple[UsePutRight, ...] = ()

    @property
    def used(self) -> dict[int, int]:
        """In fen, by report, as it was put right last."""
        said = {number: one.spent for number, one in enumerate(self.reports, start=1)}
        return said | {one.number: one.spent for one in self.corrections}

    @property
    def spent(self) -> int:
        return sum(self.used.values())

    def may_put_right(self) -> None:
        if not self.reports:
            raise RuleBroken(RULES["P-38"], "尚未报告使用情况。", clause=BUILDING)

    def put_right(self, *, number: int, spent: int, reason: str, now: datetime) -> UsePutRight:
        """P-38 (ours): beside what was reported, and never more than it was given."""
        self.may_put_right()
        used = self.used
        if number not in used:
            detail = f"没有第 {number} 次报告，共 {len(used)} 次。"
            raise RuleBroken(RULES["P-38"], detail, clause=BUILDING, field="number")
        most = self.amount - self.spent + used[number]
        if spent == used[number] or spent > most:
            detail = f"该次现为 {used[number]} 分，更正为不同的金额，且累计不超过下拨（至多 {most} 分）。"
            raise RuleBroken(RULES["P-38"], detail, clause=BUILDING, field="spent")
        required_by(RULES["P-38"], reason, "reason", clause=BUILDING)
        return UsePutRight(number=number, spent=spent, reason=reason, at=now)

    def report(self, *, spent: int, on: date, text: str, now: datetime) -> UseReported:
        """P-38: by the street, never more than it was given."""
        required_by(RULES["P-38"], text, "text", clause=BUILDING)
        if spent <= 0:
            raise Malformed("金额为正整数，单位为分。", field="spent")
        if on > local_date(now):
            raise Malformed("日期不得晚于今天。", field="on")
        if self.spent + spent > self.amount:
            detail = f"累计支出不得超过下拨的 {self.amount} 分。"
            raise RuleBroken(RULES["P-38"], detail, clause=BUILDING, field="spent")
        return UseReported(spent=spent, on=on, text=text, at=now)


def pass_down(known: Passed | None, passed: SumPassed) -> SumPassed:
    """P-38: no less than what was already used of it."""
    required(passed.document, "document")
    if passed.amount <= 0:
        raise Malformed("金额为正整数，单位为分。", field="amount")
    if known is not None and passed.amount < known.spent:
        detail = f"街道已报告支出 {known.spent} 分。"
        raise RuleBroken(RULES["P-38"], detail, clause=BUILDING, field="amount")
    return passed


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetSum:
    """What everybody may know of it, in fen."""

    street: str
    amount: int
    spent: int


def shown(every: Iterable[Passed]) -> tuple[StreetSum, ...]:
    found = (StreetSum(street=one.street, amount=one.amount, spent=one.spent) for one in every)
    return tuple(sorted(found, key=lambda one: one.street))


def evolve(passed: Passed | None, event: PassedEvent) -> Passed:
    if isinstance(event, SumPassed):
        known = passed or Passed(street=event.street, year=event.year, amount=0, document="")
        return replace(known, amount=event.amount, document=event.document)
    if passed is None:
        raise ValueError("a sum is passed down before its use is reported")
    match event:
        case UseReported():
            return replace(passed, reports=(*passed.reports, event))
        case UsePutRight():
            return replace(passed, corrections=(*passed.corrections, event))
        case _:
            assert_never(event)
