"""A social organisation: what it is, and how it stands. Its code is also its id, and what it acts as."""

from dataclasses import dataclass
from datetime import date, datetime

from chassis.kernel.clock import end_of
from chassis.kernel.errors import NotFound

from .kinds import Exclusion, Kind, ListKind, Sector, Status
from .parts import Approval, Examination, Founder, Licensed, Listing

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
    purpose: str
    scope: str
    funds: int
    grants: bool
    pledge: str
    founders: tuple[Founder, ...]
    licensed: tuple[Licensed, ...]
    applied_at: datetime
    status: Status = Status.APPLIED
    approval: Approval | None = None
    examination: Examination | None = None
    certificate: str | None = None
    registered_on: date | None = None
    excluded: tuple[Exclusion, ...] = ()
    reason: str | None = None
    listings: tuple[Listing, ...] = ()

    @property
    def direct(self) -> bool:
        return self.sector in DIRECT

    @property
    def on_register(self) -> bool:
        return self.status in (Status.REGISTERED, Status.LIQUIDATING)

    def standing_on(self, kind: ListKind) -> tuple[Listing, ...]:
        """The listings of a list that hold now."""
        return tuple(one for one in self.listings if one.list is kind and one.stands)

    def listing(self, id: str) -> Listing:
        found = next((one for one in self.listings if one.id == id), None)
        if found is None:
            raise NotFound
        return found

    @property
    def next_due(self) -> datetime | None:
        """When the next term is over."""
        terms = (end_of(one.until) for one in self.listings if one.stands and one.until)
        return min(terms, default=None)
