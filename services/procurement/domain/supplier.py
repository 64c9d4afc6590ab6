"""A supplier (承接方): an organisation that may be contracted; never a person.

What it is stands in facts, each with its evidence; what it did wrong in bars, each with its term.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, assert_never

from chassis.kernel.clock import end_of, local_date
from chassis.kernel.errors import OURS, Malformed, NotFound, RuleBroken
from chassis.kernel.required import required

from .days import years_after
from .rules import CONDITIONS, DISHONEST, FRAUD, RULES

FRAUD_YEARS = 3
HIGHEST_RATING = 5


class SupplierKind(StrEnum):
    """社会组织, 企业 or 事业单位; and 街道 and 居委会, from whom only some may buy (P-28)."""

    SOCIAL_ORGANISATION = "social_organisation"
    COMPANY = "company"
    INSTITUTION = "institution"
    STREET = "street"
    COMMITTEE = "committee"


BY_CONTRACT = frozenset({SupplierKind.STREET, SupplierKind.COMMITTEE})
"""Bought from directly; they show none of the nine conditions, which are written for organisations (ours)."""


class FactKind(StrEnum):
    """The nine conditions of 官政办通〔2016〕40号 二.2, in their order; then what only decides between equals:
    公益性, 党组织, 信息公开 (P-09)."""

    REGISTRATION = "registration"
    GOVERNANCE = "governance"
    ACCOUNTS = "accounts"
    MEANS = "means"
    TAXES = "taxes"
    QUALIFICATION = "qualification"
    LICENCE = "licence"
    RATING = "rating"
    OTHER = "other"
    WELFARE = "welfare"
    PARTY = "party"
    TRANSPARENCY = "transparency"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One condition as shown by a paper of `on`; `until` is the last day it holds, where it lapses.

    `grade` is how many A of a rating (社会组织评估等级), 1 to 5, and of nothing else; `name` tells one other
    condition from another.
    """

    kind: FactKind
    evidence: str
    on: date
    until: date | None = None
    grade: int | None = None
    name: str = ""

    def holds(self, day: date) -> bool:
        return self.until is None or day <= self.until


class Ground(StrEnum):
    """What bars a supplier: 弄虚作假、冒领资金, or serious dishonesty (严重失信)."""

    FRAUD = "fraud"
    DISHONESTY = "dishonesty"


CLAUSES = {Ground.FRAUD: FRAUD, Ground.DISHONESTY: DISHONEST}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """No contract until the end of `until`, unless an appeal lifts it; `document` is the paper that decided."""

    id: str
    ground: Ground
    document: str
    findings: str
    decided_on: date
    until: date
    appeal: str | None = None
    answer: str | None = None
    lifted: bool = False
    ended: bool = False

    @property
    def stands(self) -> bool:
        return not self.lifted and not self.ended

    def holds(self, day: date) -> bool:
        return not self.lifted and self.decided_on <= day <= self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierRegistered:
    code: str
    name: str
    kind: SupplierKind
    facts: tuple[Fact, ...] = ()
    scope: str = ""
    founded_on: date | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FactFiled:
    """The latest of a kind counts."""

    fact: Fact
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Barred:
    bar: Bar
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BarAppealed:
    bar: str
    grounds: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BarReviewed:
    bar: str
    lifted: bool
    answer: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BarEnded:
    """Its term is over."""

    bar: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierLeft:
    """It takes no contract any more; what it still delivers goes on or is ended by who bought."""

    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierReturned:
    """It takes contracts again, or had left by mistake."""

    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierCorrected:
    """What it is, as it is right or is since; None of what stays."""

    name: str | None = None
    kind: SupplierKind | None = None
    scope: str | None = None
    founded_on: date | None = None
    reason: str
    at: datetime


SupplierEvent = (
    SupplierRegistered
    | FactFiled
    | Barred
    | BarAppealed
    | BarReviewed
    | BarEnded
    | SupplierLeft
    | SupplierReturned
    | SupplierCorrected
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplier:
    """Its code is also its id, and what `supplier:<code>` acts as."""

    code: str
    name: str
    kind: SupplierKind
    registered_at: datetime
    facts: tuple[Fact, ...] = ()
    bars: tuple[Bar, ...] = ()
    scope: str = ""
    """What it does (业务范围)."""
    founded_on: date | None = None
    left_at: datetime | None = None

    def shown(self, kind: FactKind, name: str = "") -> Fact | None:
        """What its last paper of a kind says; of another condition, by its name."""
        wanted = (one for one in reversed(self.facts) if (one.kind, one.name) == (kind, name))
        return next(wanted, None)

    @property
    def barred_by(self) -> Bar | None:
        """Of the bars that stand the one that stands longest."""
        standing = (one for one in self.bars if one.stands)
        return max(standing, key=lambda bar: bar.until, default=None)

    @property
    def next_due(self) -> datetime | None:
        """When the next bar's term is over."""
        return min((end_of(one.until) for one in self.bars if one.stands), default=None)

    def file(self, fact: Fact, *, now: datetime) -> FactFiled:
        check(fact, local_date(now))
        return FactFiled(fact=fact, at=now)

    def bar(
        self,
        *,
        ground: Ground,
        document: str,
        findings: str,
        decided_on: date,
        until: date | None,
        now: datetime,
    ) -> Barred:
        """P-07: fraud for three years from its decision, dishonesty for as long as the decision says."""
        required(document, "document")
        required(findings, "findings")
        if decided_on > local_date(now):
            raise Malformed("决定日期不得晚于今天。", field="decided_on")
        if ground is Ground.FRAUD:
            if until is not None:
                detail = "弄虚作假、冒领资金的，禁入期为决定之日起三年，无须填写。"
                raise RuleBroken(RULES["P-07"], detail, clause=FRAUD, field="until")
            until = years_after(decided_on, FRAUD_YEARS)
        if until is None or until <= decided_on:
            raise Malformed("失信禁入须写明截止日期，且晚于决定之日。", field="until")
        bar = Bar(
            id=str(len(self.bars) + 1),
            ground=ground,
            document=document,
            findings=findings,
            decided_on=decided_on,
            until=until,
        )
        return Barred(bar=bar, at=now)

    def leave(self, *, reason: str, now: datetime) -> SupplierLeft:
        """P-06: once."""
        self.may_leave()
        required(reason, "reason")
        return SupplierLeft(reason=reason, at=now)

    def may_leave(self) -> None:
        if self.left_at is not None:
            raise RuleBroken(RULES["P-06"], "该承接方已经退出。", clause=OURS)

    def come_back(self, *, reason: str, now: datetime) -> SupplierReturned:
        """P-06 (ours): whose leaving was a mistake, or is over; what bars it bars it still."""
        self.may_come_back()
        required(reason, "reason")
        return SupplierReturned(reason=reason, at=now)

    def may_come_back(self) -> None:
        if self.left_at is None:
            raise RuleBroken(RULES["P-06"], "该承接方没有退出。", clause=OURS)

    def correct(
        self,
        *,
        name: str | None,
        kind: SupplierKind | None,
        scope: str | None,
        founded_on: date | None,
        reason: str,
        now: datetime,
    ) -> SupplierCorrected:
        """P-06 (ours): what was entered wrongly, or is another since (更名)."""
        if name is not None:
            required(name, "name")
        said: dict[str, Any] = {
            "name": name,
            "kind": kind,
            "scope": scope,
            "founded_on": founded_on,
        }
        changed = {
            field: one
            for field, one in said.items()
            if one is not None and one != getattr(self, field)
        }
        if not changed:
            detail = "须写明更正后的名称、类型、业务范围或成立日期，且与现在的不同。"
            raise RuleBroken(RULES["P-06"], detail, clause=OURS, field="name")
        # Told to nobody any more, it would be an organisation for ever to the others.
        if kind in BY_CONTRACT and self.kind not in BY_CONTRACT:
            detail = "其他承接主体不更正为街道、居（村）委会，请登记退出，另用代码登记。"
            raise RuleBroken(RULES["P-06"], detail, clause=OURS, field="kind")
        _founded(founded_on, now)
        required(reason, "reason")
        return SupplierCorrected(**changed, reason=reason, at=now)

    def appeal(self, bar: str, *, grounds: str, now: datetime) -> BarAppealed:
        self.may_appeal(bar)
        required(grounds, "grounds")
        return BarAppealed(bar=bar, grounds=grounds, at=now)

    def review(self, bar: str, *, lifted: bool, answer: str, now: datetime) -> BarReviewed:
        self.may_review(bar)
        required(answer, "answer")
        return BarReviewed(bar=bar, lifted=lifted, answer=answer, at=now)

    def end_bars(self, *, now: datetime) -> tuple[BarEnded, ...]:
        """P-07: a bar lifts by itself, once."""
        over = (one for one in self.bars if one.stands and now >= end_of(one.until))
        return tuple(BarEnded(bar=one.id, at=now) for one in over)

    def may_appeal(self, bar: str) -> None:
        """Once against each, while it stands."""
        found = self._bar(bar)
        if not found.stands or found.appeal is not None:
            raise RuleBroken(RULES["P-07"], "该项禁入已申诉或已不再有效。", clause=OURS)

    def may_review(self, bar: str) -> None:
        found = self._bar(bar)
        if not found.stands or found.appeal is None or found.answer is not None:
            raise RuleBroken(RULES["P-07"], "该项禁入没有待复核的申诉。", clause=OURS)

    def _bar(self, id: str) -> Bar:
        found = next((one for one in self.bars if one.id == id), None)
        if found is None:
            raise NotFound
        return found


def register(known: Supplier | None, registered: SupplierRegistered) -> SupplierRegistered:
    if known is not None:
        raise Malformed(f"代码 {registered.code} 已登记给其他供应方。", field="code")
    required(registered.name, "name")
    _founded(registered.founded_on, registered.at)
    for fact in registered.facts:
        check(fact, local_date(registered.at))
    return registered


def _founded(on: date | None, now: datetime) -> None:
    if on is not None and on > local_date(now):
        raise Malformed("成立日期不得晚于今天。", field="founded_on")


def check(fact: Fact, today: date) -> None:
    """P-06: each fact with its evidence and the day of it."""
    if not fact.evidence.strip():
        raise RuleBroken(
            RULES["P-06"], "每项条件须写明证明材料。", clause=CONDITIONS, field="evidence"
        )
    if fact.on > today:
        raise Malformed("证明材料的日期不得晚于今天。", field="on")
    if fact.until is not None and fact.until < fact.on:
        raise Malformed("有效期不得早于证明材料的日期。", field="until")
    grade = 1 if fact.grade is None else fact.grade
    if (fact.kind is FactKind.RATING) != (
        fact.grade is not None
    ) or not 0 < grade <= HIGHEST_RATING:
        raise Malformed("评估等级须写明几个 A，其余条件不写。", field="grade")
    if fact.name and fact.kind is not FactKind.OTHER:
        raise Malformed("名称代码只用于其他条件。", field="name")


def evolve(supplier: Supplier | None, event: SupplierEvent) -> Supplier:
    if isinstance(event, SupplierRegistered):
        return Supplier(
            code=event.code,
            name=event.name,
            kind=event.kind,
            registered_at=event.at,
            facts=event.facts,
            scope=event.scope,
            founded_on=event.founded_on,
        )
    if supplier is None:
        raise ValueError("a supplier begins by being registered")
    match event:
        case FactFiled():
            return replace(supplier, facts=(*supplier.facts, event.fact))
        case Barred():
            return replace(supplier, bars=(*supplier.bars, event.bar))
        case BarAppealed():
            return _with(supplier, event.bar, lambda bar: replace(bar, appeal=event.grounds))
        case BarReviewed():
            return _with(
                supplier,
                event.bar,
                lambda bar: replace(bar, answer=event.answer, lifted=event.lifted),
            )
        case SupplierLeft():
            return replace(supplier, left_at=event.at)
        case SupplierReturned():
            return replace(supplier, left_at=None)
        case SupplierCorrected():
            return replace(
                supplier,
                name=event.name or supplier.name,
                kind=event.kind or supplier.kind,
                scope=supplier.scope if event.scope is None else event.scope,
                founded_on=event.founded_on or supplier.founded_on,
            )
        case BarEnded():
            return _with(supplier, event.bar, lambda bar: replace(bar, ended=True))
        case _:
            assert_never(event)


def _with(supplier: Supplier, id: str, change: Callable[[Bar], Bar]) -> Supplier:
    bars: Iterable[Bar] = (change(bar) if bar.id == id else bar for bar in supplier.bars)
    return replace(supplier, bars=tuple(bars))
