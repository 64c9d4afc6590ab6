"""A random inspection (随机抽查) of the leading group: which projects, drawn by lot so that anybody may draw again.

The list is fixed first, with a secret, and the seed said afterwards by another office, as for panels.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from chassis.kernel.draw import Commitment, lots, sown
from chassis.kernel.errors import OURS, RuleBroken
from chassis.kernel.offices import one_office
from chassis.kernel.required import required

from .rules import FOLLOWED, RULES


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionListed:
    """`candidates` are the contracts that ran then, `size` how many of them are inspected."""

    by: str
    size: int
    candidates: tuple[str, ...]
    commitment: Commitment | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionDrawn:
    """The first `size` of `drawn` are inspected."""

    seed: str
    secret: str | None = None
    drawn: tuple[str, ...]
    at: datetime


InspectionEvent = InspectionListed | InspectionDrawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    listed_by: str
    size: int
    candidates: tuple[str, ...]
    listed_at: datetime
    commitment: Commitment | None = None
    seed: str | None = None
    secret: str | None = None
    drawn: tuple[str, ...] = ()

    @property
    def inspected(self) -> tuple[str, ...]:
        return self.drawn[: self.size]

    def draw(self, *, by: str, seed: str, secret: str | None, now: datetime) -> InspectionDrawn:
        """`secret`: what the list is committed to."""
        self.may_draw(by)
        required(seed, "seed")
        drawn = lots(sown(seed, secret), self.candidates)
        return InspectionDrawn(seed=seed, secret=secret, drawn=drawn, at=now)

    def may_draw(self, by: str) -> None:
        """P-26 (ours): once, by another office than fixed the list."""
        if self.seed is not None:
            raise _broken("已经抽取。")
        if one_office(by, self.listed_by):
            raise _broken("抽签由编制名单以外的单位进行。", clause=OURS)


def list_up(
    running: Iterable[str], *, by: str, size: int, commitment: Commitment, now: datetime
) -> InspectionListed:
    """P-26: of every project that runs."""
    candidates = tuple(sorted(running))
    if len(candidates) < size:
        raise _broken(f"履行中的合同不足 {size} 份。", "size")
    return InspectionListed(by=by, size=size, candidates=candidates, commitment=commitment, at=now)


def found_by(inspection: str | None, what: str) -> str:
    """P-26: the leading group says by which inspection it found something, and what, before either is looked up."""
    if inspection is None:
        raise _broken("请写明由哪次抽查发现。", "inspection")
    required(what, "what")
    return inspection


def inspects(known: Inspection | None, contract: str) -> None:
    """P-26: the leading group finds something where the lot fell; what residents report it takes up by itself."""
    if known is None or contract not in known.inspected:
        raise _broken("该合同不在本次抽查之列。", "inspection")


def evolve(known: Inspection | None, event: InspectionEvent) -> Inspection:
    if isinstance(event, InspectionListed):
        return Inspection(
            listed_by=event.by,
            size=event.size,
            candidates=event.candidates,
            listed_at=event.at,
            commitment=event.commitment,
        )
    if known is None:
        raise ValueError("an inspection begins by being listed")
    match event:
        case InspectionDrawn():
            return replace(known, seed=event.seed, secret=event.secret, drawn=event.drawn)
        case _:
            assert_never(event)


def _broken(detail: str, field: str | None = None, clause: str = FOLLOWED) -> RuleBroken:
    return RuleBroken(RULES["P-26"], detail, clause=clause, field=field)
