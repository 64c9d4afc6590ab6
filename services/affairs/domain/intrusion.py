"""A-08: work that entered a community without approval: reported, verified, and out again at once."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import assert_never

from chassis.kernel.clock import local_date
from chassis.kernel.errors import OURS, AlreadyThere, Malformed, RuleBroken
from chassis.kernel.required import required_by

from .rules import RULES


class Finding(StrEnum):
    REPORTED = "reported"
    FOUND = "found"
    UNFOUNDED = "unfounded"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class IntrusionReported:
    street: str
    community: str
    unit: str
    item: str
    what: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class IntrusionVerified:
    found: bool
    opinion: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class IntrusionWithdrawn:
    on: date
    at: datetime


IntrusionEvent = IntrusionReported | IntrusionVerified | IntrusionWithdrawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Intrusion:
    street: str
    community: str
    unit: str
    item: str
    what: str
    reported_at: datetime
    status: Finding = Finding.REPORTED
    verified: IntrusionVerified | None = None
    withdrawn_on: date | None = None


def same(known: Intrusion, reported: IntrusionReported) -> bool:
    """Whether it is that very work, which hasn't left yet: it is found, and told, once (ours)."""
    over = known.status in (Finding.UNFOUNDED, Finding.WITHDRAWN)
    return not over and known.item.strip() == reported.item.strip()


def report(known: Intrusion | None, reported: IntrusionReported) -> IntrusionReported:
    """`known`: the same, as it was reported before; or another of that unit, which was so at this moment."""
    required_by(RULES["A-08"], reported.item, "item", "须写明事项名称。")
    required_by(RULES["A-08"], reported.what, "what", "须写明情况。")
    if known is not None and not same(known, reported):
        raise AlreadyThere(
            "该单位的另一事项刚刚报告，本项没有记下，请再报一次。",
            english="Another item of this unit was reported just now: report this one again.",
        )
    if known is not None:
        detail = "该单位的这一事项已经报告，核实不属实或登记退出之后方可再报。"
        raise RuleBroken(RULES["A-08"], detail, clause=OURS, field="item")
    return reported


def may_verify(known: Intrusion) -> None:
    if known.status is not Finding.REPORTED:
        raise RuleBroken(RULES["A-08"], "街道已经核实。")


def verify(
    known: Intrusion,
    *,
    found: bool,
    opinion: str,
    admitted: bool,
    listed: frozenset[str],
    now: datetime,
) -> IntrusionVerified:
    """What stood admitted there when it was reported is none, nor what was on the list of items (A-01)."""
    may_verify(known)
    required_by(RULES["A-08"], opinion, "opinion", "须写明核实情况。")
    if found and admitted:
        raise RuleBroken(RULES["A-08"], "报告时该单位的这一事项已经准入。", field="found")
    if found and known.item.strip() in listed:
        detail = "已在社区工作事项清单内，无须准入。"
        raise RuleBroken(RULES["A-01"], detail, field="found")
    return IntrusionVerified(found=found, opinion=opinion, at=now)


def may_withdraw(known: Intrusion) -> None:
    if known.status is not Finding.FOUND:
        raise RuleBroken(RULES["A-08"], "核实属实之后登记退出。")


def withdraw(known: Intrusion, on: date, now: datetime) -> IntrusionWithdrawn:
    may_withdraw(known)
    if not local_date(known.reported_at) <= on <= local_date(now):
        raise Malformed("退出日期在报告之后、今天之前。", field="on")
    return IntrusionWithdrawn(on=on, at=now)


def evolve(known: Intrusion | None, event: IntrusionEvent) -> Intrusion:
    if isinstance(event, IntrusionReported):
        return Intrusion(
            street=event.street,
            community=event.community,
            unit=event.unit,
            item=event.item,
            what=event.what,
            reported_at=event.at,
        )
    if known is None:
        raise ValueError("an intrusion begins by being reported")
    match event:
        case IntrusionVerified():
            status = Finding.FOUND if event.found else Finding.UNFOUNDED
            return replace(known, status=status, verified=event)
        case IntrusionWithdrawn():
            return replace(known, status=Finding.WITHDRAWN, withdrawn_on=event.on)
        case _:
            assert_never(event)
