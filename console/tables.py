"""A table that the platform gives as CSV, shown on a page: its own headings, without what is only for machines."""

import csv
import io
from collections.abc import Mapping
from typing import Any

from chassis.formulas import unguarded

from .desk import Look
from .shown import MONEY, UUID, Table, yuan

CODES = "代码"
FIGURE, VALUE = "数字", "数值"
"""A column of figures, of which each row says the unit."""
UNITS = (
    ("（万分之）", "（%）"),
    ("（百分之一分", "（分"),
    ("（百分之一平方米", "（平方米"),
    ("（百分之一）", ""),
)
"""Units that machines count in, by the hundred of what people read."""
NAME = "名称"
MARK = "\ufeff"


def table_of(text: str, title: str = "", known: Mapping[str, str] = {}) -> Table:
    """Columns of codes are left out but for what has no name, and those of ids that nobody reads; so are those with
    nothing in them. Money is in yuan, and what is guarded against spreadsheets is as it was written. `known`: what
    those are called that ids stand for.
    """
    rows = [
        [known.get(cell) or unguarded(cell) for cell in row]
        for row in csv.reader(io.StringIO(text.removeprefix(MARK)))
    ]
    if not rows:
        return Table(title, (), ())
    head, *body = rows
    if FIGURE in head and VALUE in head:
        body = [_read_out(row, head.index(FIGURE), head.index(VALUE)) for row in body]
    kept = [
        n for n in range(len(head)) if _told(head, n, [row[n] for row in body if row[n : n + 1]])
    ]
    money = frozenset(n for n in kept if MONEY in head[n])
    return Table(
        title,
        [head[n].replace(MONEY, "（元）") for n in kept],
        [[_paid(row[n]) if n in money else row[n] for n in kept] for row in body],
    )


def _told(head: list[str], n: int, cells: list[str]) -> bool:
    """Whether a column says anything to people."""
    doubled = head[n].endswith(CODES) and (head[n] != CODES or NAME in head)
    there = [cell for cell in cells if cell]
    return bool(there) and not doubled and not all(UUID.fullmatch(cell) for cell in there)


def _paid(cell: str) -> str:
    return yuan(int(cell)) if cell.removeprefix("-").isdecimal() else cell


def _read_out(row: list[str], figure: int, value: int) -> list[str]:
    """In the unit that people read it in."""
    for machine, said in UNITS:
        if machine in row[figure] and row[value].removeprefix("-").isdecimal():
            out = {figure: row[figure].replace(machine, said), value: yuan(int(row[value]))}
            return [out.get(n, cell) for n, cell in enumerate(row)]
    return row


async def read(look: Look, path: str, query: Mapping[str, Any], title: str = "") -> Table | None:
    """None where it is refused."""
    answer = await look.ask(path, {**query, "format": "csv"})
    return table_of(answer.content.decode("utf-8-sig"), title) if answer.good else None
