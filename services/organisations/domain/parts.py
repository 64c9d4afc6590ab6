"""What an organisation is made of."""

from dataclasses import dataclass
from datetime import date, datetime

from .kinds import Exclusion, Ground, Item, Left, ListKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Founder:
    """By seat; who it is stands sealed. `approval` is the paper by which an official may."""

    seat: str
    main: bool = False
    defaulter: bool = False
    official: bool = False
    approval: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Licensed:
    """A matter in its scope that needs a licence, and the licence's number where there is one."""

    matter: str
    licence: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """The supervising unit's written word."""

    document: str
    agreed: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """What was looked at, who was heard, and what was found against it."""

    items: tuple[Item, ...]
    heard: str
    departments: tuple[str, ...]
    experts_needed: bool
    experts: str | None = None
    excluded: tuple[Exclusion, ...]
    opinion: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Proposed with its ground, answered until `answer_by`, entered, and left.

    `until` is its last day where it has a term; `answer` what the organisation said to it.
    """

    id: str
    list: ListKind
    ground: Ground
    findings: str
    proposed_at: datetime
    answer_by: datetime
    until: date | None = None
    answer: str | None = None
    entered_on: date | None = None
    left: Left | None = None
    left_on: date | None = None
    why: str | None = None

    @property
    def open(self) -> bool:
        return self.left is None

    @property
    def stands(self) -> bool:
        return self.entered_on is not None and self.left is None
