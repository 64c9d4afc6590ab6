"""What an expert of the panel scores by: the criteria and who applied; no scores before the box is opened.

And what says of a call that it is to be scored, for who sees nothing else of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from .application import Application
from .call import Call, CallStatus
from .call_events import Criterion
from .panel import waits_for
from .ranking import Ranked


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    code: str
    name: str
    amount: int
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """`handed` of `seats` experts have scored; `done`: whoever asks is one of them."""

    title: str
    closes: date
    criteria: tuple[Criterion, ...]
    applicants: tuple[Applicant, ...]
    seats: int
    handed: int
    done: bool
    ranking: tuple[Ranked, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """`handed` of `seats` experts have scored; `done`: whoever asks is one of them."""

    title: str
    category: str
    purchaser: str
    year: int
    status: CallStatus
    closes: date
    seats: int
    handed: int
    done: bool


def review(call: Call, expert: str) -> Review:
    known = sheet(call, expert, {})
    return Review(
        title=call.title,
        category=call.category,
        purchaser=call.purchaser,
        year=call.year,
        status=call.status,
        closes=call.closes,
        seats=known.seats,
        handed=known.handed,
        done=known.done,
    )


def to_score(call: Call) -> tuple[str, ...]:
    """P-12: who of the panel is still to."""
    return waits_for(call.panel, call.may_score)


def seated(call: Call, expert: str | None) -> bool:
    return call.panel is not None and expert in call.panel.members


def sheet(call: Call, expert: str | None, names: Mapping[str, str]) -> Sheet:
    """P-12: who has scored is no secret; what was scored is, until all of it is opened at once."""
    scored = {one.expert for one in call.sealed} | {expert for expert, _ in call.scores}
    return Sheet(
        title=call.title,
        closes=call.closes,
        criteria=call.criteria,
        applicants=tuple(_applicant(one, names) for one in call.going_on),
        seats=len(call.panel.members) if call.panel else 0,
        handed=len(scored),
        done=expert in scored,
        ranking=call.ranking,
    )


def _applicant(one: Application, names: Mapping[str, str]) -> Applicant:
    return Applicant(
        code=one.supplier,
        name=names.get(one.supplier, one.supplier),
        amount=one.amount,
        summary=one.summary,
    )
