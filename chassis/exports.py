"""Tables for people: the same columns as CSV, XLSX, PDF and JSON; no cell that a spreadsheet would run as a formula."""

import csv
import io
import re
from asyncio import get_running_loop, to_thread
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from itertools import islice
from typing import Any

from fastapi import Response
from pydantic import BaseModel
from pydantic_core import to_json

from .formulas import guarded
from .kernel.clock import SHANGHAI
from .kernel.errors import Malformed

UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML, and so a sheet, can't hold; one such character in one title would cost the whole file."""

MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
MOST_PRINTED = 1000
"""Rows of a PDF; for more there is the spreadsheet (ours)."""
PRINTED = 4
"""PDFs that are kept for who asks for the same: a thousand rows take seconds, and some are anybody's to ask for."""
PRINTER = ThreadPoolExecutor(1, thread_name_prefix="print")
"""One PDF after another: nothing else waits for them, however many are asked for."""


class Format(StrEnum):
    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"


class Shape(StrEnum):
    """The same, and a page to be printed."""

    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"
    HTML = "html"


Cell = str | int | bool | date | datetime | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Column:
    """`name` in JSON, `title` on screen and in files; `words` is what people read instead of a code; `money` is in fen,
    and people read it in yuan.
    """

    name: str
    title: str
    words: Mapping[str, str] = field(default_factory=dict)
    money: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of plain cells, in the order of the columns. Times are instants, shown in Asia/Shanghai."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]


Shown = str | int | Decimal


def shown_as(cell: Cell, column: Column) -> Shown:
    """The cell as people read it, harmless in a spreadsheet."""
    match cell:
        case None:
            return ""
        case bool():
            return "是" if cell else "否"
        case int():
            return Decimal(cell).scaleb(-2) if column.money else cell
        case datetime():
            return cell.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
        case date():
            return cell.isoformat()
        case tuple():
            return _harmless("、".join(column.words.get(one, one) for one in cell))
        case str():
            return _harmless(column.words.get(cell, cell))


def _harmless(text: str) -> str:
    """Without what no sheet can hold, and with nothing in front that would be run."""
    return guarded(UNPRINTABLE.sub("", text))


def _lines(table: Table) -> Iterator[list[Shown]]:
    for row in table.rows:
        yield [shown_as(cell, column) for cell, column in zip(row, table.columns, strict=True)]


def as_csv(table: Table) -> bytes:
    """UTF-8 with a byte order mark, which is what spreadsheets here need to read Chinese."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([column.title for column in table.columns])
    writer.writerows(_lines(table))
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _in_sheet(cell: Any, value: Shown) -> Any:
    """Sums are numbers there, which are all binary, shown with two decimals."""
    if isinstance(value, Decimal):
        cell.value = float(value)
        cell.number_format = "0.00"
        return cell
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
    return cell


def as_xlsx(table: Table) -> bytes:
    # Workbooks bring numpy: 18 MiB, which a process that writes none does without.
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet(table.title[:31])
    sheet.append([column.title for column in table.columns])
    for line in _lines(table):
        sheet.append([_in_sheet(WriteOnlyCell(sheet), value) for value in line])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def as_pdf(table: Table) -> bytes:
    """Malformed where it has more rows than a PDF is for."""
    rows = tuple(tuple(map(str, line)) for line in islice(_lines(table), MOST_PRINTED + 1))
    if len(rows) > MOST_PRINTED:
        raise Malformed(f"PDF 最多 {MOST_PRINTED} 行，更多请用 XLSX。", field="format")
    return _printed(table.title, tuple(column.title for column in table.columns), rows)


@lru_cache(PRINTED)
def _printed(title: str, heads: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> bytes:
    # What sets pages takes longer to load than most processes take to start, and most never print.
    from .papers import Grid, Paper
    from .papers import as_pdf as printed

    return printed(Paper(title=title, grids=(Grid(caption="", heads=heads, rows=rows),)))


MADE = {Format.CSV: as_csv, Format.XLSX: as_xlsx, Format.PDF: as_pdf}


def as_json(table: Table) -> list[dict[str, Any]]:
    names = [column.name for column in table.columns]
    return [
        {name: cell for name, cell in zip(names, row, strict=True) if cell is not None}
        for row in table.rows
    ]


class Exported(BaseModel):
    """A table as data: of each line what its columns say by their names, and nothing of what is empty."""

    title: str
    items: list[dict[str, str | int | bool | date | datetime | tuple[str, ...]]]


async def exported(table: Table, format: Format, file: str) -> Response:
    """The table in the format asked for: as data an `Exported`, or a file that is offered under `file` with its
    ending; made beside the loop. The data is written as it is: validating each cell costs more than all the rest.
    """
    if format is Format.JSON:
        shown = {"title": table.title, "items": as_json(table)}
        return Response(await to_thread(to_json, shown), media_type="application/json")
    by = PRINTER if format is Format.PDF else None
    content = await get_running_loop().run_in_executor(by, MADE[format], table)
    return offered(content, format, file)


def offered(content: bytes, format: Format, file: str) -> Response:
    """A file to save, under `file` with its ending."""
    return saved(content, MEDIA[format], f"{file}.{format}")


def saved(content: bytes, media: str, name: str) -> Response:
    """A file to save, under its whole name."""
    disposition = f'attachment; filename="{name}"'
    return Response(content, media_type=media, headers={"Content-Disposition": disposition})
