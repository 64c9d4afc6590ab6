"""What the cells of our tables say."""

from collections.abc import Mapping
from decimal import Decimal

from chassis.kernel.errors import Malformed

MOST = 10**13
"""In fen."""


def year_of(cells: Mapping[str, str]) -> int:
    """Malformed unless it is one."""
    said = cells["year"]
    if not said.isdecimal() or not 2000 <= int(said) <= 2100:
        raise Malformed("年份为 2000 到 2100 的四位数字。", field="year")
    return int(said)


def fen_of(cells: Mapping[str, str], name: str) -> int:
    """Yuan as clerks write them, to the fen: `1,200.50` is 120050."""
    said = cells[name].replace(",", "")
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
