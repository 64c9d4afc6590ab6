"""What is public of one time that an item was called for: it may be called for again once it was cancelled."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """Whom it was awarded to for how much in fen, and when it was cancelled, where it was."""

    title: str
    closes: date
    opened_at: datetime
    applicants: tuple[str, ...] = ()
    winner: str | None = None
    amount: int = 0
    offered: int | None = None
    """At most, in fen: less than was planned where part of it was paid before; None where it wasn't kept."""
    awarded_at: datetime | None = None
    cancelled_at: datetime | None = None
