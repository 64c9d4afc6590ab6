"""The State Council's yearly notices as dated data: which days are worked, and until when we know.

The notice for a year comes out late in the year before, so the data always ends. Where it ends is part of the answer:
beyond it Monday to Friday is a guess, and deadlines are marked as provisional. A district overrides what ships with its
own year files, because the next notice reaches it first.
"""

import csv
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from chinese_calendar.constants import holidays, workdays

from .system import why

_SATURDAY = 5
ALWAYS_OFF = ((1, 1), (5, 1), (10, 1))
"""Days that every notice names: without them a file isn't a year's whole notice yet (ours)."""
UNSURE_FROM = (12, 20)
"""Month and day of the last known year from which its days are assumed. A later notice may still name
them: that of 2019 made 2018-12-29 a working day. The bound is ours, not a document's."""
WORDS = {"holiday": False, "workday": True, "休": False, "班": True, "放假": False, "上班": True}
ENCODINGS = ("utf-8-sig", "gb18030")


class CalendarFault(ValueError):
    """A year file that can't be taken: which, which line, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One year's: days off, and days worked that would otherwise be off; each with its name."""

    year: int
    days_off: Mapping[date, str]
    worked: Mapping[date, str]


def read_notice(path: Path) -> Notice:
    """A year file (`2027.csv`): `date, holiday|workday, name` a line, a heading or not."""
    found: dict[date, tuple[bool, str]] = {}
    lines: dict[date, int] = {}
    for number, cells in _lines(path):
        said = [cell.strip() for cell in cells]
        if not any(said) or (number == 1 and said[0].lower() in ("date", "日期")):
            continue
        if len(said) < 2 or said[1].lower() not in WORDS:
            raise CalendarFault(f"{path} 第 {number} 行：应为 日期,holiday 或 workday,名称")
        try:
            day = _day(said[0])
        except ValueError:
            raise CalendarFault(f"{path} 第 {number} 行：日期写作 2027-01-01") from None
        if day in found:
            raise CalendarFault(f"{path} 第 {number} 行：{day} 写了两次")
        found[day] = (WORDS[said[1].lower()], said[2] if len(said) > 2 else "")
        lines[day] = number
    if not path.stem.isdecimal() or len(path.stem) != 4:
        raise CalendarFault(f"{path}：文件名应为年份，例如 2027.csv")
    year = int(path.stem)
    if not any(day.year == year for day in found):
        raise CalendarFault(f"{path}：没有 {year} 年的日期")
    if strange := [day for day in found if day.year not in (year - 1, year)]:
        raise CalendarFault(f"{path}：{strange[0]} 不属于 {year} 年的通知")
    _only_weekends_worked(path, found, lines)
    return Notice(
        year=year,
        days_off={day: name for day, (worked, name) in found.items() if not worked},
        worked={day: name for day, (worked, name) in found.items() if worked},
    )


def _day(said: str) -> date:
    """`2027-01-01`, or `2027/1/1` as Excel writes it, whatever it read; ValueError for neither."""
    return date.fromisoformat("-".join(part.zfill(2) for part in said.replace("/", "-").split("-")))


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Each with its number. A quotation mark that isn't closed would take the days of the next lines into a name."""
    number = 0
    try:
        for number, line in enumerate(_text(path).splitlines(), start=1):
            for cells in csv.reader([line], strict=True):
                yield number, cells
    except csv.Error:
        raise CalendarFault(f"{path} 第 {number} 行：引号没有成对，或一项过长") from None


def _only_weekends_worked(
    path: Path, found: Mapping[date, tuple[bool, str]], lines: Mapping[date, int]
) -> None:
    """CalendarFault for a day that is worked anyhow: it was meant to be another."""
    for day, (worked, _) in found.items():
        if worked and day.weekday() < _SATURDAY:
            raise CalendarFault(f"{path} 第 {lines[day]} 行：{day} 不是周末，不用调休上班")


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CalendarFault(f"{path}：{why(error)}") from None
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CalendarFault(f"{path}：编码不是 UTF-8 或 GB18030")


def read_notices(folder: Path) -> tuple[Notice, ...]:
    """Every year file of the folder; CalendarFault where one can't be taken or a year is left out."""
    if not folder.is_dir():
        raise CalendarFault(f"{folder} 不是文件夹")
    notices = tuple(read_notice(path) for path in sorted(folder.glob("*.csv")))
    if not notices:
        raise CalendarFault(f"{folder} 中没有年份文件（例如 2027.csv）")
    known = max(holidays).year
    for notice in notices:
        if notice.year > known + 1:
            raise CalendarFault(f"{folder}：缺少 {known + 1} 年的文件")
        known = max(known, notice.year)
    return notices


class NationalCalendar:
    """Working days in mainland China: what ships, overridden by the district's `notices`.

    `valid_through` leaves out the years after it, as if their notices had not come out yet.
    """

    def __init__(self, valid_through: date | None = None, notices: Iterable[Notice] = ()) -> None:
        self._notices = tuple(notices)
        first = min(holidays).year
        last = max([max(holidays).year, *(notice.year for notice in self._notices)])
        end = valid_through or date(last, 12, 31)
        if (end.month, end.day) != (12, 31) or not first <= end.year <= last:
            raise ValueError(f"the notices end with a year from {first} to {last}")
        self._valid_through = end
        off, worked = set(holidays), set(workdays)
        for notice in self._notices:
            if notice.year <= end.year:
                # The whole year is this notice's, and what it says of the end of the year before.
                off = {d for d in off if d.year != notice.year} - set(notice.worked)
                worked = {d for d in worked if d.year != notice.year} - set(notice.days_off)
                off |= set(notice.days_off)
                worked |= set(notice.worked)
        self._days_off = frozenset(day for day in off if day <= end)
        self._make_up_days = frozenset(day for day in worked if day <= end)
        self._as_known_through = lru_cache(maxsize=64)(self._shorter)

    @property
    def valid_through(self) -> date:
        return self._valid_through

    @property
    def certain_through(self) -> date:
        """The last day that no later notice may still name."""
        month, day = UNSURE_FROM
        return date(self._valid_through.year, month, day - 1)

    @property
    def version(self) -> str:
        """The last day, and a digest of the district's files if there are any."""
        end = self._valid_through.isoformat()
        ours = [notice for notice in self._notices if notice.year <= self._valid_through.year]
        if not ours:
            return end
        days = repr([(sorted(one.days_off), sorted(one.worked)) for one in ours])
        return f"{end}+{hashlib.sha256(days.encode()).hexdigest()[:8]}"

    def is_working(self, day: date) -> bool:
        if day in self._make_up_days:
            return True
        return day not in self._days_off and day.weekday() < _SATURDAY

    def as_known_through(self, end: date) -> "NationalCalendar":
        """Asked for once for every score that is counted again."""
        return self if end >= self._valid_through else self._as_known_through(end)

    def _shorter(self, end: date) -> "NationalCalendar":
        return NationalCalendar(end, self._notices)
