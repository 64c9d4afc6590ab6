"""Totals that somebody reported (申报数): with their day and their source, beside what the register computes."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from chassis.kernel.clock import local_date
from chassis.kernel.errors import RuleBroken
from chassis.kernel.required import required_by

from .rules import RULES


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What a source prints; what it doesn't is empty. Areas are hundredths of a m²."""

    agreements: int | None = None
    area_owed: int | None = None
    area_handed_over: int | None = None
    communities: int | None = None
    urban: int | None = None
    village_converted: int | None = None
    at_standard: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalsDeclared:
    """Of the whole district, or of one street."""

    as_of: date
    street: str | None = None
    source: str
    totals: Totals
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalsWithdrawn:
    """Of the wrong day, the wrong street, or never printed: no statement says it any more."""

    reason: str
    at: datetime


DeclarationEvent = TotalsDeclared | TotalsWithdrawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """`at` is when it was recorded, which may be long after its day."""

    as_of: date
    street: str | None = None
    source: str
    totals: Totals
    at: datetime
    withdrawn: TotalsWithdrawn | None = None


def declare(declared: TotalsDeclared) -> tuple[TotalsDeclared, ...]:
    """H-12: every figure has its day and its source; it may be lower than the one before."""
    if not declared.source.strip():
        raise RuleBroken(RULES["H-12"], "申报数须写明来源。", field="source")
    if declared.as_of > local_date(declared.at):
        raise RuleBroken(RULES["H-12"], "申报数的日期不能晚于今天。", field="as_of")
    if declared.totals == Totals():
        raise RuleBroken(RULES["H-12"], "申报数至少要有一个数。", field="totals")
    return (declared,)


def may_withdraw(known: Declaration) -> None:
    if known.withdrawn is not None:
        raise RuleBroken(RULES["H-12"], "该申报数已经撤回。")


def withdraw(known: Declaration, reason: str, now: datetime) -> TotalsWithdrawn:
    """It stays on record, with why; of a figure alone the same day is declared again."""
    may_withdraw(known)
    required_by(RULES["H-12"], reason, "reason", "撤回须写明理由。")
    return TotalsWithdrawn(reason=reason, at=now)


def evolve(declaration: Declaration | None, event: DeclarationEvent) -> Declaration:
    if isinstance(event, TotalsWithdrawn):
        if declaration is None:
            raise ValueError("a declaration begins by being declared")
        return replace(declaration, withdrawn=event)
    return Declaration(
        as_of=event.as_of,
        street=event.street,
        source=event.source,
        totals=event.totals,
        at=event.at,
    )
