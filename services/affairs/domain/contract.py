"""A-22: an economic contract of the collective, reviewed by its street's offices together before it is signed."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import assert_never

from chassis.kernel.clock import local_date
from chassis.kernel.errors import OURS, Malformed, RuleBroken
from chassis.kernel.required import required_by

from .rules import CONTRACTS, RULES

TOGETHER = 2
"""Offices at least (ours)."""


class ContractStatus(StrEnum):
    SUBMITTED = "submitted"
    PASSED = "passed"
    RETURNED = "returned"
    SIGNED = "signed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractSubmitted:
    """Names no person."""

    street: str
    community: str
    subject: str
    fen: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractReviewed:
    passed: bool
    offices: tuple[str, ...]
    opinion: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractSigned:
    number: str
    on: date
    at: datetime


ContractEvent = ContractSubmitted | ContractReviewed | ContractSigned


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    street: str
    community: str
    subject: str
    fen: int
    submitted_at: datetime
    status: ContractStatus = ContractStatus.SUBMITTED
    review: ContractReviewed | None = None
    signed: ContractSigned | None = None


def submit(submitted: ContractSubmitted) -> ContractSubmitted:
    required_by(RULES["A-22"], submitted.subject, "subject", "须写明合同内容。", CONTRACTS)
    return submitted


def may_review(known: Contract) -> None:
    if known.status is not ContractStatus.SUBMITTED:
        raise RuleBroken(RULES["A-22"], "已经预审。", clause=OURS)


def review(known: Contract, reviewed: ContractReviewed) -> ContractReviewed:
    may_review(known)
    required_by(RULES["A-22"], reviewed.opinion, "opinion", "须写明预审意见。", CONTRACTS)
    if len({one.strip() for one in reviewed.offices} - {""}) < TOGETHER:
        detail = "联合预审须有两个以上科室。"
        raise RuleBroken(RULES["A-22"], detail, clause=OURS, field="offices")
    return reviewed


def may_sign(known: Contract) -> None:
    if known.status is not ContractStatus.PASSED:
        raise RuleBroken(RULES["A-22"], "街道联合预审通过之后签订。", clause=CONTRACTS)


def sign(known: Contract, number: str, on: date, now: datetime) -> ContractSigned:
    may_sign(known)
    required_by(RULES["A-22"], number, "number", "须写明合同编号。", CONTRACTS)
    reviewed = known.review
    if reviewed is not None and on < local_date(reviewed.at):
        detail = "不得在预审之前签订。"
        raise RuleBroken(RULES["A-22"], detail, clause=CONTRACTS, field="on")
    if on > local_date(now):
        raise Malformed("日期不得晚于今天。", field="on")
    return ContractSigned(number=number, on=on, at=now)


def evolve(known: Contract | None, event: ContractEvent) -> Contract:
    if isinstance(event, ContractSubmitted):
        return Contract(
            street=event.street,
            community=event.community,
            subject=event.subject,
            fen=event.fen,
            submitted_at=event.at,
        )
    if known is None:
        raise ValueError("a contract begins by being submitted")
    match event:
        case ContractReviewed():
            status = ContractStatus.PASSED if event.passed else ContractStatus.RETURNED
            return replace(known, status=status, review=event)
        case ContractSigned():
            return replace(known, status=ContractStatus.SIGNED, signed=event)
        case _:
            assert_never(event)
