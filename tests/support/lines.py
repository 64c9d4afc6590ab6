"""Lines of a table, compared with what is on record and entered, over a store in memory."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from chassis.cause import Cause
from chassis.imports.desk import Bad, Change
from chassis.tables.columns import Column, Line, line


async def compared(
    table: Any, columns: Sequence[Column], rows: Sequence[Mapping[str, str]], now: datetime
) -> tuple[list[Change], list[str]]:
    """The changes, and of the bad lines `2 column`; the first line of a file is its heading."""

    async def lines() -> AsyncIterator[Line]:
        for number, row in enumerate(rows, start=2):
            cells = [row.get(column.name, "") for column in columns]
            yield line(number, cells, [None] * len(columns), columns)

    found = [one async for one in table.compare(lines(), "年度核对", "district_admin", now)]
    changes = [one for one in found if isinstance(one, Change)]
    return changes, [f"{one.line} {one.field}" for one in found if isinstance(one, Bad)]


async def entered(changes: Sequence[Change], cause: Cause) -> None:
    for change in changes:
        await change.enter(cause)


async def given_back(table: Any, columns: Sequence[Column], reader: Any) -> list[dict[str, str]]:
    """What is on record, as rows that are read again."""
    return [
        {
            column.name: str(cell)
            for column, cell in zip(columns, row, strict=True)
            if cell is not None
        }
        async for row in table.rows(reader)
    ]
