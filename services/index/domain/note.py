"""What others told that stands on a secretary's sheet (I-19) and scores nothing: cases opened, rooms handed over."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountabilityNoted:
    """A case that was opened because the same trouble was reported again and again; `holder` is an office."""

    event: str
    street: str
    community: str | None = None
    category: str
    holder: str
    count: int
    first: date
    last: date
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverNoted:
    """Rooms handed over and accepted; `area` in hundredths of m²."""

    event: str
    street: str
    community: str | None = None
    area: int
    day: date


NoteEvent = AccountabilityNoted | HandoverNoted


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    noted: NoteEvent


def evolve(_: Note | None, event: NoteEvent) -> Note:
    return Note(noted=event)
