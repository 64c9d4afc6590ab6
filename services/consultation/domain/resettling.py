"""C-01: what is a community's goes along with it into another street (ours)."""

from dataclasses import dataclass
from datetime import datetime

from .committee import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Resettled:
    """`street`: where the community lies now."""

    street: str
    at: datetime


def resettle(level: Level, before: str, street: str, now: datetime) -> tuple[Resettled, ...]:
    """Once. What is before a street's committee is that street's, also where it concerns one of its communities."""
    stays = level is Level.STREET or before == street
    return () if stays else (Resettled(street=street, at=now),)
