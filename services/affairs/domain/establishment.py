"""A-12: how many a community may have in post."""

from dataclasses import dataclass
from datetime import datetime

from chassis.kernel.said import said_by

from .rules import RULES


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberApproved:
    street: str
    community: str
    approved: int
    document: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Establishment:
    street: str
    community: str
    approved: int
    document: str
    approved_at: datetime


def approve(event: NumberApproved) -> NumberApproved:
    said_by(RULES["A-12"], event.document, "document", "须写明核定文件。")
    return event


def evolve(_: Establishment | None, event: NumberApproved) -> Establishment:
    return Establishment(
        street=event.street,
        community=event.community,
        approved=event.approved,
        document=event.document,
        approved_at=event.at,
    )
