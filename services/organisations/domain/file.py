"""What others told of an organisation, in its file: each event once, beside the record and never in its way."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class News(StrEnum):
    """What is heard from others, into its file."""

    EVALUATION = "evaluation"
    ELIGIBILITY = "eligibility"
    INTEGRITY = "integrity"
    """A register of credit, penalties or yearly checks, by the partner that keeps it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What another service or a partner told of it."""

    event: str
    news: News
    at: datetime
    year: int | None = None
    project: str | None = None
    contract: str | None = None
    stage: str | None = None
    points: int | None = None
    state: str | None = None
    rule: str | None = None
    register_kind: str | None = None
    reference: str | None = None
    clean: bool | None = None
    serious: bool | None = None
    on: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """Of one organisation, by when it happened."""

    notes: tuple[Note, ...]


def note(file: File | None, note: Note) -> Iterable[Note]:
    if file is not None and any(one.event == note.event for one in file.notes):
        return []
    return [note]


def evolve(file: File | None, event: Note) -> File:
    notes = (*(file.notes if file else ()), event)
    return File(notes=tuple(sorted(notes, key=lambda one: (one.at, one.event))))
