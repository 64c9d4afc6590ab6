"""O-10: which organisations an office checks at random in a year, drawn by lot so that anybody may draw again.

The list is fixed first, with a secret, and the seed said afterwards by another office.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from chassis.kernel.clock import local_date
from chassis.kernel.draw import Commitment, lots, sown
from chassis.kernel.errors import OURS, RuleBroken
from chassis.kernel.offices import one_office
from chassis.kernel.required import required_by

from .rules import RULES, SPOT_CHECKS


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecksListed:
    """`candidates` are those on the register that `unit` answers for; `size` of them are checked."""

    unit: str
    year: int
    size: int
    candidates: tuple[str, ...]
    by: str
    commitment: Commitment | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecksDrawn:
    """The first `size` of `drawn` are checked."""

    seed: str
    secret: str | None = None
    drawn: tuple[str, ...]
    by: str
    at: datetime


DrawEvent = ChecksListed | ChecksDrawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    unit: str
    year: int
    size: int
    candidates: tuple[str, ...]
    listed_by: str
    listed_at: datetime
    commitment: Commitment | None = None
    seed: str | None = None
    secret: str | None = None
    drawn: tuple[str, ...] = ()
    drawn_by: str | None = None

    @property
    def chosen(self) -> tuple[str, ...]:
        return self.drawn[: self.size]


def list_up(
    known: Draw | None,
    *,
    unit: str,
    size: int,
    candidates: Iterable[str],
    by: str,
    commitment: Commitment,
    now: datetime,
) -> ChecksListed:
    """Of every one it answers for; once a year, so that nobody draws until the lot pleases."""
    year = local_date(now).year
    if known is not None:
        raise _broken(f"{year} 年的抽查名单已经编制。")
    listed = tuple(sorted(candidates))
    if len(listed) < size:
        raise _broken(f"在册的社会组织不足 {size} 个。", "size")
    return ChecksListed(
        unit=unit,
        year=year,
        size=size,
        candidates=listed,
        by=by,
        commitment=commitment,
        at=now,
    )


def may_draw(one: Draw, by: str) -> None:
    if one.seed is not None:
        raise _broken("已经抽取。")
    if one_office(by, one.listed_by):
        raise _broken("抽签由编制名单以外的单位进行。")


def draw(one: Draw, *, by: str, seed: str, secret: str | None, now: datetime) -> ChecksDrawn:
    """`secret`: what the list is committed to."""
    may_draw(one, by)
    required_by(RULES["O-10"], seed, "seed", "须写明公开的抽签种子。", OURS)
    drawn = lots(sown(seed, secret), one.candidates)
    return ChecksDrawn(seed=seed, secret=secret, drawn=drawn, by=by, at=now)


def fell_on(one: Draw | None, organisation: str, by: str) -> None:
    """A check by lot is of whom the lot fell on, and by whose list it was."""
    if one is None or organisation not in one.chosen or by != one.listed_by:
        detail = "该组织不在本单位抽中之列。"
        raise RuleBroken(RULES["O-10"], detail, clause=SPOT_CHECKS, field="draw")


def evolve(known: Draw | None, event: DrawEvent) -> Draw:
    if isinstance(event, ChecksListed):
        return Draw(
            unit=event.unit,
            year=event.year,
            size=event.size,
            candidates=event.candidates,
            listed_by=event.by,
            listed_at=event.at,
            commitment=event.commitment,
        )
    if known is None:
        raise ValueError("a draw begins with its list")
    match event:
        case ChecksDrawn():
            return replace(
                known,
                seed=event.seed,
                secret=event.secret,
                drawn=event.drawn,
                drawn_by=event.by,
            )
        case _:
            assert_never(event)


def _broken(detail: str, field: str | None = None) -> RuleBroken:
    """How lots are drawn is ours; that some are checked at random each year isn't."""
    return RuleBroken(RULES["O-10"], detail, clause=OURS, field=field)
