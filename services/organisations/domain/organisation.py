"""A social organisation: what it is, and how it stands. Its code is also its id, and what it acts as."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from chassis.kernel.clock import end_of, local_date
from chassis.kernel.errors import OURS, NotFound, RuleBroken

from .kinds import Exclusion, Kind, ListKind, Sector, Status
from .parts import (
    Approval,
    Conduct,
    End,
    Examination,
    Founder,
    Head,
    Licensed,
    Listing,
    Matter,
    Party,
    Rating,
    SpotCheck,
    Year,
)
from .rules import RULES

T = TypeVar("T")

DIRECT = frozenset({Sector.TRADE, Sector.SCIENCE, Sector.WELFARE, Sector.COMMUNITY_SERVICE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """`supervising`: the unit that answers for it, of whom the law doesn't register directly."""

    code: str
    name: str
    kind: Kind
    sector: Sector
    street: str | None = None
    community: str | None = None
    supervising: str | None = None
    scope: str
    applied_at: datetime
    purpose: str = ""
    funds: int = 0
    grants: bool = False
    pledge: str = ""
    founders: tuple[Founder, ...] = ()
    licensed: tuple[Licensed, ...] = ()
    status: Status = Status.APPLIED
    approval: Approval | None = None
    examination: Examination | None = None
    certificate: str | None = None
    registered_on: date | None = None
    excluded: tuple[Exclusion, ...] = ()
    reason: str | None = None
    report_by: str | None = None
    listings: tuple[Listing, ...] = ()
    heads: tuple[Head, ...] = ()
    named: tuple[str, ...] = ()
    """The seats of whom it is known, sealed, who they are."""
    conduct: tuple[Conduct, ...] = ()
    matters: tuple[Matter, ...] = ()
    years: tuple[Year, ...] = ()
    ratings: tuple[Rating, ...] = ()
    spot_checks: tuple[SpotCheck, ...] = ()
    party: Party | None = None
    end: End | None = None

    @property
    def direct(self) -> bool:
        return self.sector in DIRECT

    @property
    def on_register(self) -> bool:
        return self.status is Status.REGISTERED

    def must_be_on(self, rule: str) -> None:
        if not self.on_register:
            raise RuleBroken(RULES[rule], "只有在册的社会组织可以办理此事项。", clause=OURS)

    def standing_on(self, kind: ListKind) -> tuple[Listing, ...]:
        """The listings of a list that hold now."""
        return tuple(one for one in self.listings if one.list is kind and one.stands)

    @property
    def gone(self) -> Mapping[str, datetime]:
        """Whose name is still sealed though they have left, or the organisation is over; since when."""
        left = {one.seat: end_of(one.left_on) for one in self.heads if one.left_on is not None}
        if self.status is Status.ENDED and self.end is not None and self.end.over_on is not None:
            left = dict.fromkeys(self.named, end_of(self.end.over_on)) | left
        elif self.status is Status.REFUSED:
            refused = self.examination.at if self.examination else self.applied_at
            left = dict.fromkeys(self.named, refused)
        return {seat: since for seat, since in left.items() if seat in self.named}

    @property
    def rating(self) -> Rating | None:
        """The one that holds now."""
        return next((one for one in reversed(self.ratings) if not one.ended), None)

    def listing(self, id: str) -> Listing:
        return _found(one for one in self.listings if one.id == id)

    def head(self, seat: str) -> Head:
        return _found(one for one in self.heads if one.seat == seat)

    def in_office(self, seat: str) -> bool:
        """O-06: nobody is, once it is off the register and liquidated."""
        return self.status is not Status.ENDED and any(
            one.seat == seat and one.serves for one in self.heads
        )

    def matter(self, id: str) -> Matter:
        return _found(one for one in self.matters if one.id == id)

    def year(self, year: int) -> Year | None:
        return next((one for one in self.years if one.year == year), None)

    @property
    def owed(self) -> int | None:
        """The first year that nothing was said of, by it or by the clock.

        None whose day was over before the organisation was on record here (ours).
        """
        if self.registered_on is None:
            return None
        since = local_date(self.applied_at).year - 1
        return self._unsaid(max(self.registered_on.year, since))

    def _unsaid(self, year: int) -> int:
        while self.year(year) is not None or self.year_due(year) <= self.applied_at:
            year += 1
        return year

    def overdue(self, now: datetime) -> tuple[int, ...]:
        """Every year whose day is over and that nothing was said of."""
        found: list[int] = []
        year = self.owed if self.on_register else None
        while year is not None and now >= self.year_due(year):
            found.append(year)
            year = self._unsaid(year + 1)
        return tuple(found)

    def unreported(self, now: datetime) -> tuple[int, ...]:
        """Every year that was missed and is missing still."""
        told = (one.year for one in self.years if one.missed and one.report is None)
        return (*told, *self.overdue(now))

    def year_due(self, year: int) -> datetime:
        """The end of the day by which it reports on a year."""
        month, day = (int(part) for part in (self.report_by or "06-30").split("-"))
        return end_of(date(year + 1, month, day))

    @property
    def next_due(self) -> datetime | None:
        """What comes first: a term's end, a report, an audit."""
        audits = [one.audit.due for one in self.heads if one.audit and _to_audit(one)]
        matters = [one.clock.due for one in self.matters if one.awaited and self.on_register]
        return min([*self._ahead, *audits, *matters], default=None)

    @property
    def due(self) -> datetime | None:
        """What comes first of what isn't done: also what was missed, as long as it can be made up for."""
        audits = [one.audit.due for one in self.heads if one.audit and one.audited is None]
        dues = [*self._ahead, *audits]
        if self.on_register:
            dues += [one.clock.due for one in self.matters if one.after is None]
            dues += [self.year_due(one.year) for one in self.years if one.missed and not one.report]
        return min(dues, default=None)

    @property
    def _ahead(self) -> list[datetime]:
        """Terms that end, and the first year that nothing was said of."""
        terms = [end_of(one.until) for one in self.listings if one.stands and one.until]
        rated = [end_of(self.rating.until)] if self.rating is not None else []
        owed = self.owed if self.on_register else None
        return [*terms, *rated, *([self.year_due(owed)] if owed is not None else [])]


def _to_audit(head: Head) -> bool:
    return head.audited is None and not head.audit_missed


def _found(those: Iterator[T]) -> T:
    found = next(those, None)
    if found is None:
        raise NotFound
    return found
