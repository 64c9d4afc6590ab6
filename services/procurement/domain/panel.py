"""The panel of a contract (评估组): odd in number, drawn by lot from the bank, without who has an interest."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from chassis.kernel.draw import Commitment, sown
from chassis.kernel.errors import RuleBroken
from chassis.kernel.offices import one_office
from chassis.kernel.required import required

from .draw import Candidate, Excluded, order
from .expert import Expert, ExpertStatus
from .rules import EVALUATION, RULES

FEWEST = 3
"""Of a panel, and the kinds of institution it is drawn across are two at least (ours)."""
KINDS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelListed:
    """The list is fixed: who may be drawn, who is left out and why, how many are drawn, and by which secret."""

    by: str
    size: int
    candidates: tuple[Candidate, ...]
    excluded: tuple[Excluded, ...]
    commitment: Commitment | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelDrawn:
    """The first `size` of `drawn` are the panel, the others step in by their order."""

    seed: str
    secret: str | None = None
    drawn: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertRecused:
    """An expert declared an interest (回避), or is in the bank no more; the next one drawn takes the place."""

    expert: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    listed_by: str
    size: int
    candidates: tuple[Candidate, ...]
    excluded: tuple[Excluded, ...]
    commitment: Commitment | None = None
    seed: str | None = None
    secret: str | None = None
    drawn: tuple[str, ...] = ()
    recused: tuple[str, ...] = ()

    @property
    def members(self) -> tuple[str, ...]:
        return tuple(one for one in self.drawn if one not in self.recused)[: self.size]

    def draw(self, *, by: str, seed: str, secret: str | None, now: datetime) -> PanelDrawn:
        """`secret`: what the list is committed to."""
        self.may_draw(by)
        required(seed, "seed")
        drawn = order(sown(seed, secret), self.candidates)
        return PanelDrawn(seed=seed, secret=secret, drawn=drawn, at=now)

    def recuse(self, *, expert: str, reason: str, now: datetime) -> ExpertRecused:
        self.may_recuse(expert)
        required(reason, "reason")
        return ExpertRecused(expert=expert, reason=reason, at=now)

    def vacate(self, expert: str, *, reason: str, now: datetime) -> tuple[ExpertRecused, ...]:
        """P-23: who is in the bank no more neither sits on it nor steps in."""
        listed = any(one.code == expert for one in self.candidates)
        seated = listed and expert not in self.recused
        return (ExpertRecused(expert=expert, reason=reason, at=now),) if seated else ()

    @property
    def complete(self) -> bool:
        """Whether it was drawn and nobody is missing."""
        return len(self.members) == self.size

    def may_draw(self, by: str) -> None:
        """P-11 (ours): by another office than fixed the list, so that neither chooses."""
        if self.seed is not None:
            raise _broken("评估组已经抽取。")
        if one_office(by, self.listed_by):
            raise _broken("抽签由编制名单以外的单位进行。")

    def may_recuse(self, expert: str) -> None:
        if expert not in self.members:
            raise _broken("只有评估组成员可以申请回避。")

    def sits(self, by: str) -> None:
        """P-11: nobody but the drawn evaluates."""
        if not self.complete:
            raise _broken("评估组尚未抽取或人数不足，须编制名单并抽取。")
        kind, _, code = by.partition(":")
        if kind != "expert" or code not in self.members:
            raise _broken("只有抽取的评估组成员可以评估。")


def waits_for(panel: Panel | None, *guards: Callable[[str], object]) -> tuple[str, ...]:
    """The members whom one of these lets through now: that it is open is that it waits for them."""
    members = panel.members if panel else ()
    return tuple(one for one in members if any(_lets(guard, f"expert:{one}") for guard in guards))


def _lets(guard: Callable[[str], object], by: str) -> bool:
    try:
        guard(by)
    except RuleBroken:
        return False
    return True


def apart(supervisor: str, employers: Iterable[str]) -> None:
    """P-11: who supervises employs nobody who evaluates, whichever came first."""
    if supervisor in employers:
        raise _broken("督导方不得是评估组成员的任职单位。", "supervisor")


def list_up(
    experts: Iterable[Expert],
    interested: Iterable[str],
    before: Panel | None,
    *,
    by: str,
    size: int,
    commitment: Commitment,
    now: datetime,
) -> PanelListed:
    """P-11, P-23: of the appointed, without who works for whoever has an interest, or stepped back `before`."""
    if size < FEWEST or size % 2 == 0:
        raise _broken(f"评估组为单数，至少 {FEWEST} 人。", "size")
    against, stepped_back = set(interested), before.recused if before else ()
    candidates, excluded = [], []
    for one in sorted(experts, key=lambda expert: expert.code):
        if one.status is not ExpertStatus.APPOINTED:
            continue
        if one.employer in against:
            excluded.append(
                Excluded(code=one.code, why=f"任职单位 {one.employer} 与项目有利益关系")
            )
        elif one.code in stepped_back:
            excluded.append(Excluded(code=one.code, why="已申请回避或曾移出专家库"))
        else:
            candidates.append(Candidate(code=one.code, institution=one.institution))
    if len(candidates) < size or len({one.institution for one in candidates}) < KINDS:
        raise _broken(f"可抽取的专家不足 {size} 人，或不足 {KINDS} 类单位。", "size")
    return PanelListed(
        by=by,
        size=size,
        candidates=tuple(candidates),
        excluded=tuple(excluded),
        commitment=commitment,
        at=now,
    )


def evolve(panel: Panel | None, event: PanelListed | PanelDrawn | ExpertRecused) -> Panel:
    """Who stepped back stays out of the lists that follow."""
    if isinstance(event, PanelListed):
        return Panel(
            listed_by=event.by,
            size=event.size,
            candidates=event.candidates,
            excluded=event.excluded,
            commitment=event.commitment,
            recused=panel.recused if panel else (),
        )
    if panel is None:
        raise ValueError("a panel begins by being listed")
    match event:
        case PanelDrawn():
            return replace(panel, seed=event.seed, secret=event.secret, drawn=event.drawn)
        case ExpertRecused():
            return replace(panel, recused=(*panel.recused, event.expert))
        case _:
            assert_never(event)


def _broken(detail: str, field: str | None = None) -> RuleBroken:
    return RuleBroken(RULES["P-11"], detail, clause=EVALUATION, field=field)
