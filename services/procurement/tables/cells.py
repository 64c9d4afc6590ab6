"""What the cells of our tables say."""

import re
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from chassis.imports.cells import whole_of
from chassis.kernel.errors import Malformed
from chassis.tables.columns import Column, plain_number
from services.procurement.vocabulary import WORDS

MOST = 10**13
"""In fen."""
MOST_PEOPLE = 10**6
LONGEST = 2000
CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
NO_CODE = "代码为小写字母、数字、下划线和连字符。"
Choice = TypeVar("Choice", bound=StrEnum)


def words_of(codes: type[StrEnum]) -> tuple[Mapping[str, str], tuple[str, ...]]:
    """What people write for the codes, and what a template offers."""
    named = {WORDS.get(f"{codes.__name__}.{one}", WORDS.get(one, one)): str(one) for one in codes}
    return named, tuple(named)


def chosen(name: str, title: str, about: str, codes: type[StrEnum]) -> Column:
    words, listed = words_of(codes)
    return Column(name=name, title=title, about=about, words=words, listed=listed)


def one_of(codes: type[Choice], text: str, name: str) -> Choice:
    """By its code or its word; Malformed unless it is one."""
    words, offered = words_of(codes)
    try:
        return codes(words.get(text, text))
    except ValueError:
        raise Malformed(f"须为其中之一：{'、'.join(offered)}。", field=name) from None


def code_of(cells: Mapping[str, str], name: str, otherwise: str = NO_CODE) -> str:
    if not CODE.fullmatch(cells[name]):
        raise Malformed(otherwise, field=name)
    return cells[name]


def short_enough(cells: Mapping[str, str], *names: str) -> None:
    for name in names:
        if len(cells[name]) > LONGEST:
            raise Malformed(f"最多 {LONGEST} 字。", field=name)


def people_of(text: str, name: str) -> int:
    return whole_of(text, name, MOST_PEOPLE)


def parts_of(cells: Mapping[str, str], name: str, form: str) -> tuple[tuple[str, ...], ...]:
    """What stands in a cell as `甲|乙；丙|丁`, each written as `form` says."""
    found = []
    for said in re.split("[；;]", cells[name]):
        if not said.strip():
            continue
        parts = tuple(part.strip() for part in said.split("|"))
        if len(parts) != len(form.split("|")):
            raise Malformed(f"每项写作 {form}。", field=name)
        found.append(parts)
    return tuple(found)


def written(parts: tuple[tuple[object, ...], ...]) -> str:
    """The same, written back."""
    return "；".join("|".join("" if part is None else str(part) for part in one) for one in parts)


def year_of(cells: Mapping[str, str]) -> int:
    """Malformed unless it is one."""
    return whole_of(cells["year"], "year", 2100, 2000)


def fen_of(cells: Mapping[str, str], name: str) -> int:
    """Yuan as clerks write them, to the fen: `1,200.50` is 120050."""
    said = plain_number(cells[name])
    whole, _, part = said.partition(".")
    if not (whole.isdecimal() and (part == "" or part.isdecimal()) and len(part) <= 2):
        raise Malformed("金额以元为单位，最多两位小数。", field=name)
    fen = int(Decimal(said.rstrip(".")) * 100)
    if fen > MOST:
        raise Malformed("金额超出范围。", field=name)
    return fen


def yuan(fen: int) -> str:
    """The same, written back."""
    return f"{fen // 100}.{fen % 100:02d}"
