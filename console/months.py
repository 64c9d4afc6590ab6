"""A month as a calendar: its days by weeks, with what happens on each; and the months before and after."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chassis.kernel.clock import SHANGHAI, local_date

DAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands on a day."""

    at: str
    title: str
    said: str = ""
    page: str = ""
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    on: date
    within: bool
    entries: Sequence[Entry]

    @property
    def number(self) -> int:
        return self.on.day

    @property
    def called(self) -> str:
        return f"{self.on.month}月{self.on.day}日 周{DAYS[self.on.weekday()]}"


@dataclass(frozen=True, slots=True)
class Month:
    begins: date

    @property
    def name(self) -> str:
        return f"{self.begins:%Y-%m}"

    @property
    def called(self) -> str:
        return f"{self.begins.year}年{self.begins.month}月"

    @property
    def before(self) -> str:
        return f"{self.begins - timedelta(days=1):%Y-%m}"

    @property
    def after(self) -> str:
        return f"{self.begins + timedelta(days=31):%Y-%m}"

    @property
    def ends(self) -> date:
        return (self.begins + timedelta(days=31)).replace(day=1) - timedelta(days=1)

    @property
    def first(self) -> date:
        """That is shown: whole weeks, from a Monday."""
        return self.begins - timedelta(days=self.begins.weekday())

    @property
    def last(self) -> date:
        return self.ends + timedelta(days=6 - self.ends.weekday())

    @property
    def names(self) -> list[str]:
        """Of all months that days are shown of."""
        return sorted({f"{day:%Y-%m}" for day in (self.first, self.begins, self.last)})

    def days(self, found: Iterable[tuple[date, Entry]]) -> list[Day]:
        """All that are shown."""
        on: dict[date, list[Entry]] = {}
        for day, entry in found:
            on.setdefault(day, []).append(entry)
        count = (self.last - self.first).days + 1
        every = (self.first + timedelta(days=n) for n in range(count))
        return [
            Day(day, day.month == self.begins.month, sorted(on.get(day, ()), key=lambda e: e.at))
            for day in every
        ]


def month_of(text: str) -> Month:
    """The one that was asked for, or this one where that is none that has a month before and after it."""
    now = Month(local_date(datetime.now(SHANGHAI)).replace(day=1))
    try:
        asked = Month(date.fromisoformat(f"{text}-01"))
        return asked if asked.before < asked.after else now
    except (ValueError, OverflowError):
        return now
