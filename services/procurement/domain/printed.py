"""The calls that the district printed before the platform was (社区营造征集): their figures as they stand there."""

from collections.abc import Iterable
from dataclasses import dataclass

from .call import Call, CallStatus
from .passed import StreetSum


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """`count` projects, `funds` in fen; None where nothing is printed."""

    name: str
    count: int | None
    funds: int | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedCall:
    """`selected` is the year's total; `beside` how many its categories name that belong to another year."""

    year: int
    applicants: int | None
    applications: int | None
    selected: int
    funds: int | None
    note: str
    source: str
    categories: tuple[Category, ...]

    @property
    def counted(self) -> int:
        return sum(one.count or 0 for one in self.categories)

    @property
    def beside(self) -> int:
        return self.counted - self.selected


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Of one category here: how many were called for, and won; `amount` of these in fen."""

    name: str
    calls: int
    awarded: int
    amount: int


def counted(calls: Iterable[Call]) -> tuple[Counted, ...]:
    """P-38: the list by category, each of them once; what was cancelled is won by nobody."""
    by_name: dict[str, list[Call]] = {}
    for call in calls:
        by_name.setdefault(call.category, []).append(call)
    found = []
    for name, own in sorted(by_name.items()):
        stands = (one for one in own if one.status is CallStatus.AWARDED)
        won = [one.awarded for one in stands if one.awarded is not None]
        amount = sum(one.amount for one in won)
        found.append(Counted(name=name, calls=len(own), awarded=len(won), amount=amount))
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallsOfYear:
    """Of 社区营造: what was printed, and what went through here. `awarded_amount` in fen; what `streets` were
    given and used."""

    year: int
    printed: PrintedCall | None
    beside: int
    calls: int
    applications: int
    awarded: int
    awarded_amount: int
    categories: tuple[Counted, ...]
    streets: tuple[StreetSum, ...]
