"""What can be asked of the desk: one frozen record per command. Areas are still text (`"1200.50"`)."""

from dataclasses import dataclass
from datetime import date, datetime

from .domain.community import CommunityKind


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterCommunity:
    """The whole entry as it shall be, and why."""

    name: str
    street: str
    kind: CommunityKind | None = None
    households: int | None = None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignAgreement:
    project: str
    community: str
    developer: str
    households: int
    area: str
    due: date


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    area: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Extend:
    due: date
    reason: str
