"""The calls that the district printed before the platform was (社区营造征集): their figures as they stand there."""

from dataclasses import dataclass


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
class CallsOfYear:
    """Of 社区营造: what was printed, and what went through here. `awarded_amount` in fen."""

    year: int
    printed: PrintedCall | None
    beside: int
    calls: int
    applications: int
    awarded: int
    awarded_amount: int
