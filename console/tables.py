"""A table that the platform gives as CSV, shown on a page: its own headings, without what is only for machines."""

import csv
import io
from collections.abc import Mapping
from typing import Any

from .desk import Look
from .shown import Table, yuan

CODES = "代码"
FIGURE, VALUE = "数字", "数值"
"""A column of figures, of which each row says the unit."""
UNITS = (("（万分之）", "（%）"), ("（百分之一分", "（分"))
"""Units that machines count in, by the hundred of what people read."""
MARK = "\ufeff"


def table_of(text: str, title: str = "") -> Table:
    """Columns of codes are left out: what they stand for is beside them; so are those with nothing in them."""
    rows = list(csv.reader(io.StringIO(text.removeprefix(MARK))))
    if not rows:
        return Table(title, (), ())
    head, *body = rows
    if FIGURE in head and VALUE in head:
        body = [_read_out(row, head.index(FIGURE), head.index(VALUE)) for row in body]
    kept = [
        n
        for n, column in enumerate(head)
        if not column.endswith(CODES) and any(row[n : n + 1] != [""] for row in body)
    ]
    return Table(title, [head[n] for n in kept], [[row[n] for n in kept] for row in body])


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
