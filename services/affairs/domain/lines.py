"""A-12, A-18: a worker's month on a quarter's form: what is due to whom."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from .levels import Bases, insurance_base, paid
from .months import first_day, months_of, previous
from .scale import BORNE_ELSEWHERE, Post
from .worker import Honour, Worker

MONTHS_OF = {Honour.CITY: 2, Honour.PROVINCE: 3, Honour.MINISTRY: 3}
"""Of base pay, for an award."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One worker's month, in fen, by the number of the record; `extra`: awards and excellence. `paid_with`: of what is
    paid after, and of who is in post in none of the quarter's months, the month that it is paid with, in post or not.
    `correction`: of what an earlier form said wrong, less than nothing where it was too much; `reason`: why; `paper`:
    by which what is taken back was paid otherwise, or, given back, was wrongly said to be; `of_extra`: that it is of
    awards and excellence, else of the month.
    """

    worker: str
    month: str
    post: Post
    level: int
    base: int
    allowance: int
    extra: int = 0
    insured: int | None = None
    paid_with: str | None = None
    correction: int = 0
    reason: str = ""
    paper: str = ""
    of_extra: bool = False

    @property
    def of_month(self) -> int:
        """Base and allowance, with what is put right of them."""
        return self.base + self.allowance + (0 if self.of_extra else self.correction)

    @property
    def of_awards(self) -> int:
        """Awards and excellence, with what is put right of them."""
        return self.extra + (self.correction if self.of_extra else 0)

    @property
    def total(self) -> int:
        return self.of_month + self.of_awards

    @property
    def key(self) -> tuple[str, str]:
        return self.worker, self.month

    @property
    def about(self) -> tuple[str, str, bool]:
        """Of a correction: of what it is the only one on its form."""
        return self.worker, self.month, self.of_extra


def lines_of(
    workers: Iterable[tuple[str, Worker]],
    quarter: str,
    bases: Bases,
    *,
    excellent: frozenset[str] = frozenset(),
    bonus: int = 0,
    average: int | None = None,
) -> tuple[Line, ...]:
    """Who is in post on a month's first day; awards and excellence with the first month of theirs, of who has none in
    the quarter by a line of their own (ours).
    """
    found: list[Line] = []
    for id, worker in workers:
        its = [
            Line(
                worker=id,
                month=month,
                post=pay.post,
                level=pay.level,
                base=pay.base,
                allowance=pay.allowance,
                insured=insurance_base(pay, average),
            )
            for month in months_of(quarter)
            if (pay := paid(worker, first_day(month), bases)) is not None
        ]
        extra = _awards(worker, quarter, bases) + (bonus if id in excellent else 0)
        if extra:
            its = its or _by_itself(id, worker, quarter)
            its[:1] = [replace(one, extra=extra) for one in its[:1]]
        found.extend(its)
    return tuple(found)


def _by_itself(id: str, worker: Worker, quarter: str) -> list[Line]:
    """For what was earned in the quarter before, in the last post of it that isn't paid elsewhere."""
    month = months_of(quarter)[0]
    its = (one for one in worker.posts if one.post not in BORNE_ELSEWHERE)
    last = max(
        (one for one in its if one.since < first_day(month)),
        key=lambda one: one.since,
        default=None,
    )
    if last is None:
        return []
    line = Line(worker=id, month=month, post=last.post, level=0, base=0, allowance=0)
    return [replace(line, paid_with=month)]


def _awards(worker: Worker, quarter: str, bases: Bases) -> int:
    """Of the quarter before, on this one's form: months of base pay."""
    months = months_of(previous(quarter))
    fen = 0
    for one in worker.awards:
        if f"{one.on:%Y-%m}" in months and (pay := paid(worker, one.on, bases)) is not None:
            fen += MONTHS_OF[one.honour] * pay.base
    return fen
