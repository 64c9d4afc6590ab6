"""Passing a contract on (转包): forbidden; found, answered, settled by another office than found it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never


@dataclass(frozen=True, slots=True, kw_only=True)
class PassingFound:
    """`to` says whom it was passed on to, `document` where that is written."""

    to: str
    findings: str
    document: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PassingAnswered:
    """By who delivers."""

    answer: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PassingSettled:
    """`upheld`, the contract is over in the same decision."""

    upheld: bool
    opinion: str
    at: datetime


PassingEvent = PassingFound | PassingAnswered | PassingSettled


@dataclass(frozen=True, slots=True, kw_only=True)
class Passing:
    """The last such finding; open until it is settled."""

    to: str
    findings: str
    document: str
    by: str
    answer: str | None = None
    upheld: bool | None = None
    opinion: str | None = None

    @property
    def open(self) -> bool:
        return self.upheld is None


def evolve(passing: Passing | None, event: PassingEvent) -> Passing:
    if isinstance(event, PassingFound):
        return Passing(to=event.to, findings=event.findings, document=event.document, by=event.by)
    if passing is None:
        raise ValueError("it is found before it is answered or settled")
    match event:
        case PassingAnswered():
            return replace(passing, answer=event.answer)
        case PassingSettled():
            return replace(passing, upheld=event.upheld, opinion=event.opinion)
        case _:
            assert_never(event)
