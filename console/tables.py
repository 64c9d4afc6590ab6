"""A table that the platform gives as CSV, shown on a page: its own headings, without what is only for machines."""

import csv
import io
from collections.abc import Mapping
from typing import Any

from .desk import Look
from .shown import Table

CODES = "代码"
MARK = "\ufeff"


def table_of(text: str, title: str = "") -> Table:
    """Columns of codes are left out: what they stand for is beside them; so are those with nothing in them."""
    rows = list(csv.reader(io.StringIO(text.removeprefix(MARK))))
    if not rows:
        return Table(title, (), ())
    head, *body = rows
    kept = [
        n
        for n, column in enumerate(head)
        if not column.endswith(CODES) and any(row[n : n + 1] != [""] for row in body)
    ]
    return Table(title, [head[n] for n in kept], [[row[n] for n in kept] for row in body])


async def read(look: Look, path: str, query: Mapping[str, Any], title: str = "") -> Table | None:
    """None where it is refused."""
    answer = await look.ask(path, {**query, "format": "csv"})
    return table_of(answer.content.decode("utf-8-sig"), title) if answer.good else None
