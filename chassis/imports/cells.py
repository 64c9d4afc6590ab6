"""The cells of a table's line, parsed for a service; Malformed names the column."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar

from chassis.kernel.days import written_day
from chassis.kernel.errors import Malformed
from chassis.kernel.measure import EXACT
from chassis.tables.columns import Line, plain_number
from chassis.vocabulary import word_for

C = TypeVar("C", bound=StrEnum)


def offered(codes: type[StrEnum], words: Mapping[str, str]) -> dict[str, str]:
    """What people write for each code of an enumeration."""
    return {word_for(codes.__name__, one.value, words) or one.value: one.value for one in codes}


def filled(line: Line, *names: str) -> Mapping[str, str]:
    """The cells of a line, none of these empty."""
    for name in names:
        if not line.cells[name]:
            raise Malformed("此项不能为空。", field=name)
    return line.cells


def one_of(codes: type[C], said: str | None, field: str) -> C:
    try:
        return codes(said or "")
    except ValueError:
        raise Malformed(f"没有这个选项：{said or ''}", field=field) from None


def day_of(said: str | None, field: str) -> date:
    try:
        day = written_day(said or "")
    except ValueError:
        raise Malformed(f"没有这一天：{said}", field=field) from None
    if day is None:
        raise Malformed("日期先写年份，写作 2026-01-05、2026/1/5 或 2026年1月5日。", field=field)
    return day


def whole_of(said: str | None, field: str, most: int = EXACT, least: int = 0) -> int:
    """However long it is: a line that says too much is a finding, no fault."""
    text = plain_number(said or "")
    if not (text.isdecimal() and len(text) <= len(str(EXACT)) and least <= int(text) <= most):
        raise Malformed(f"应为 {least} 到 {most} 的整数。", field=field)
    return int(text)
