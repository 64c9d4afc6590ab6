"""A-01, A-25: the seal and certificates: what was asked, given or refused, and by which list. Persons are sealed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import assert_never

from chassis.kernel.clock import end_of, local_date
from chassis.kernel.errors import OURS, RuleBroken
from chassis.kernel.required import required_by

from .keeping import PersonForgotten
from .listing import CommunityList, ListKind
from .rules import RULES


class Paper(StrEnum):
    SEAL = "seal"
    CERTIFICATE = "certificate"

    @property
    def list(self) -> ListKind:
        return ListKind.SEAL if self is Paper.SEAL else ListKind.CERTIFICATES


class ProofStatus(StrEnum):
    ASKED = "asked"
    GIVEN = "given"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofAsked:
    street: str
    community: str
    paper: Paper
    what: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofGiven:
    """`version`: of the list it stands in."""

    version: int
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofDeclined:
    """`instead`: who can prove it."""

    version: int
    instead: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofRead:
    by: str
    reason: str
    at: datetime


ProofEvent = ProofAsked | ProofGiven | ProofDeclined | ProofRead | PersonForgotten


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    street: str
    community: str
    paper: Paper
    what: str
    asked_at: datetime
    status: ProofStatus = ProofStatus.ASKED
    given: ProofGiven | None = None
    declined: ProofDeclined | None = None
    forgotten_at: datetime | None = None

    @property
    def over(self) -> datetime | None:
        """The end of the day it was answered on; None where nothing is kept of who asked."""
        answered = self.given or self.declined
        return end_of(answered.on) if answered and self.forgotten_at is None else None


def ask(asked: ProofAsked, person: str) -> ProofAsked:
    """`person` is sealed apart."""
    required_by(asked.paper.list.rule, asked.what, "what", "须写明所要证明的事项。", OURS)
    required_by(asked.paper.list.rule, person, "person", "须写明当事人。", OURS)
    return asked


def may_answer(known: Proof) -> None:
    if known.status is not ProofStatus.ASKED:
        raise RuleBroken(known.paper.list.rule, "已经答复。", clause=OURS)


def _on(known: Proof, held: CommunityList | None, now: datetime) -> tuple[int, bool]:
    number, names = held.on(local_date(now)) if held else (0, frozenset[str]())
    return number, known.what in names


def give(known: Proof, held: CommunityList | None, now: datetime) -> ProofGiven:
    """Only what the list in force names."""
    may_answer(known)
    number, there = _on(known, held, now)
    if not there:
        detail = "不在清单之内，不予用章或开具；请告知由谁证明。"
        raise RuleBroken(known.paper.list.rule, detail, field="what")
    return ProofGiven(version=number, on=local_date(now))


def decline(known: Proof, held: CommunityList | None, instead: str, now: datetime) -> ProofDeclined:
    may_answer(known)
    number, there = _on(known, held, now)
    if there:
        raise RuleBroken(known.paper.list.rule, "清单所列，应当办理。", clause=OURS, field="what")
    required_by(known.paper.list.rule, instead, "instead", "须告知由谁证明。", OURS)
    return ProofDeclined(version=number, instead=instead, on=local_date(now))


def forget(known: Proof, now: datetime) -> Sequence[ProofEvent]:
    return () if known.over is None else (PersonForgotten(at=now),)


def read(known: Proof, by: str, reason: str, now: datetime) -> ProofRead:
    if known.forgotten_at is not None:
        raise RuleBroken(RULES["A-25"], "申请人信息已按保存期限删除。", clause=OURS)
    required_by(RULES["A-25"], reason, "reason", "查看须写明理由。", OURS)
    return ProofRead(by=by, reason=reason, at=now)


def evolve(known: Proof | None, event: ProofEvent) -> Proof:
    if isinstance(event, ProofAsked):
        return Proof(
            street=event.street,
            community=event.community,
            paper=event.paper,
            what=event.what,
            asked_at=event.at,
        )
    if known is None:
        raise ValueError("a proof begins by being asked for")
    match event:
        case ProofGiven():
            return replace(known, status=ProofStatus.GIVEN, given=event)
        case ProofDeclined():
            return replace(known, status=ProofStatus.DECLINED, declined=event)
        case PersonForgotten():
            return replace(known, forgotten_at=event.at)
        case ProofRead():
            return known
        case _:
            assert_never(event)
