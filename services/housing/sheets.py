"""Rows out of a CSV or XLSX file, one after another: never the whole file in memory."""

import asyncio
import codecs
import csv
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import IO, Any
from zipfile import BadZipFile

from openpyxl import load_workbook

from chassis.kernel.errors import Malformed

ZIP = b"PK\x03\x04"
BATCH = 1000
IN_MEMORY = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    cells: Mapping[str, str]


async def spooled(stream: AsyncIterator[bytes]) -> IO[bytes]:
    """The body of a request in a temporary file, which closing removes."""
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)
    async for chunk in stream:
        await asyncio.to_thread(file.write, chunk)
    file.seek(0)
    return file


class Sheet:
    """The first sheet of a file; its first line names the columns, which must all be there."""

    def __init__(self, file: IO[bytes], columns: Sequence[str], at_most: int) -> None:
        self._columns = columns
        self._at_most = at_most
        self._rows = self._opened(file)
        header = [cell.strip() for cell in next(self._rows, [])]
        missing = [name for name in columns if name not in header]
        if missing:
            raise Malformed(f"表头缺少列：{'、'.join(missing)}。", field="header")
        self._places = [header.index(name) for name in columns]

    async def lines(self) -> AsyncIterator[Line]:
        """Read in a thread, a batch at a time; empty lines are left out and counted all the same."""
        number = 1
        while batch := await asyncio.to_thread(self._batch):
            for row in batch:
                number += 1
                if number > self._at_most + 1:
                    raise Malformed(f"超过 {self._at_most} 行。", field="body")
                if any(row):
                    yield Line(number, self._cells(row))

    def _cells(self, row: Sequence[str]) -> dict[str, str]:
        cells = [row[place].strip() if place < len(row) else "" for place in self._places]
        return dict(zip(self._columns, cells, strict=True))

    def _batch(self) -> list[list[str]]:
        return list(islice(self._rows, BATCH))

    def _opened(self, file: IO[bytes]) -> Iterator[list[str]]:
        beginning = file.read(len(ZIP))
        file.seek(0)
        return _of_book(file) if beginning == ZIP else _of_text(file)


def _of_text(file: IO[bytes]) -> Iterator[list[str]]:
    try:
        yield from csv.reader(line.decode("utf-8") for line in _without_mark(file))
    except (csv.Error, UnicodeDecodeError):
        raise Malformed("文件不是 UTF-8 的 CSV。", field="body") from None


def _without_mark(file: IO[bytes]) -> Iterator[bytes]:
    for first in islice(file, 1):
        yield first.removeprefix(codecs.BOM_UTF8)
    yield from file


def _of_book(file: IO[bytes]) -> Iterator[list[str]]:
    try:
        book = load_workbook(file, read_only=True, data_only=True)
    except (BadZipFile, KeyError, ValueError):
        raise Malformed("文件不是 XLSX。", field="body") from None
    try:
        for row in book.worksheets[0].iter_rows(values_only=True):
            yield [_text(cell) for cell in row]
    finally:
        book.close()


def _text(cell: Any) -> str:
    """As it would stand in CSV: a whole number without the decimals a spreadsheet keeps."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
