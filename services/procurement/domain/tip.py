"""What a resident reports of a project (居民反映): seen by the leading group alone, and nobody keeps who it was."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from chassis.kernel.errors import RuleBroken
from chassis.kernel.required import required

from .rules import FOLLOWED, RULES


@dataclass(frozen=True, slots=True, kw_only=True)
class TipGiven:
    contract: str
    what: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TipTakenUp:
    """`remark` says in the leading group's own words what the supplier is to put right."""

    remark: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TipDismissed:
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TipReturned:
    """The `remark` that was made of it is withdrawn, and it is to be answered anew."""

    remark: str
    at: datetime


TipEvent = TipGiven | TipTakenUp | TipDismissed | TipReturned


@dataclass(frozen=True, slots=True, kw_only=True)
class Tip:
    contract: str
    what: str
    remark: str | None = None
    dismissed: str | None = None
    withdrawn: tuple[str, ...] = ()
    """What was made of it before."""

    def take_up(self, remark: str, now: datetime) -> TipTakenUp:
        self.may_answer()
        return TipTakenUp(remark=remark, at=now)

    def dismiss(self, *, reason: str, now: datetime) -> TipDismissed:
        self.may_answer()
        required(reason, "reason")
        return TipDismissed(reason=reason, at=now)

    def give_back(self, remark: str, now: datetime) -> tuple[TipReturned, ...]:
        """P-26 (ours): once, when what was made of it is withdrawn."""
        return (TipReturned(remark=remark, at=now),) if self.remark == remark else ()

    def may_answer(self) -> None:
        if self.remark is not None or self.dismissed is not None:
            raise RuleBroken(RULES["P-26"], "该反映已经处理。", clause=FOLLOWED)


def evolve(tip: Tip | None, event: TipEvent) -> Tip:
    if isinstance(event, TipGiven):
        return Tip(contract=event.contract, what=event.what)
    if tip is None:
        raise ValueError("a tip begins by being given")
    match event:
        case TipTakenUp():
            return replace(tip, remark=event.remark)
        case TipDismissed():
            return replace(tip, dismissed=event.reason)
        case TipReturned():
            return replace(tip, remark=None, withdrawn=(*tip.withdrawn, event.remark))
        case _:
            assert_never(event)
