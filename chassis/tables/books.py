"""XLSX, from any program: read by its cells, never by the size it declares."""

import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from itertools import product
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils.cell import get_column_letter, range_boundaries

from .cells import LAST_ROW, WIDEST, Refused, Row, Sheet

ZIP = b"PK"
OLD = b"\xd0\xcf\x11\xe0"
UNPACKED = 256 * 1024 * 1024
"""Bytes that all parts of a workbook may come to; more is a bomb, or no table for us."""
ENCRYPTED = 0x1
MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="([A-Z]+[0-9]+:[A-Z]+[0-9]+)"')
DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
# Dates that Chinese spreadsheets name by number alone (ECMA-376, 18.8.30): the library knows the American ones.
BUILTIN_FORMATS.update(
    dict.fromkeys((27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58), "yyyy-mm-dd")
)
OVERLAP = 200
MOST_MERGED = 1_000_000


def refused_before_opening(beginning: bytes) -> None:
    """An old or password-protected workbook looks like no text at all; what is empty lacks more than headings."""
    if not beginning:
        raise Refused("文件是空的，可能没有存好。请用表格软件打开并另存后再试。")
    if beginning.startswith(OLD):
        raise Refused("文件是旧版 XLS 或带密码的工作簿，请去掉密码并另存为 XLSX。")


def sheets_of_book(path: Path) -> Iterator[Sheet]:
    """Its worksheets, in order."""
    # Opened here: by a path the library would judge the file's name.
    with zipfile.ZipFile(path) as parts, path.open("rb") as one, path.open("rb") as other:
        _weighed(parts)
        stored = load_workbook(one, read_only=True, data_only=True)
        written = load_workbook(other, read_only=True, data_only=False)
        if not stored.worksheets:
            raise Refused("工作簿里没有工作表。")
        for index, sheet in enumerate(stored.worksheets):
            part = str(vars(sheet)["_worksheet_path"]).lstrip("/")
            formulas = _holds(parts, part, FORMULA)
            yield Sheet(
                str(sheet.title),
                _rows(sheet, written.worksheets[index] if formulas else None, _merged(parts, part)),
            )


def _weighed(parts: zipfile.ZipFile) -> None:
    if sum(part.file_size for part in parts.infolist()) > UNPACKED:
        raise Refused(f"文件展开后超过 {UNPACKED // 1024 // 1024} MB。")
    for part in parts.infolist():
        if part.flag_bits & ENCRYPTED:
            raise Refused("工作簿带密码，请去掉密码后再试。")
        if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refused("工作簿的压缩方式不受支持，请用表格软件打开并另存后再试。")
        if part.filename.endswith((".xml", ".rels")):
            with parts.open(part) as file:
                if DOCTYPE.search(file.read(4096)):
                    raise Refused("工作簿含有不允许的 XML 声明。")


def _chunks(parts: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """The part piece by piece, each with the end of the one before."""
    with parts.open(name) as file:
        before = b""
        while chunk := file.read(1024 * 1024):
            yield before + chunk
            before = (before + chunk)[-OVERLAP:]


def _holds(parts: zipfile.ZipFile, name: str, what: re.Pattern[bytes]) -> bool:
    return any(what.search(chunk) for chunk in _chunks(parts, name))


def _merged(parts: zipfile.ZipFile, name: str) -> Mapping[int, Mapping[int, str]]:
    """Row → place → the merged area that swallows the cell; its first cell keeps the value."""
    areas = {found.decode() for chunk in _chunks(parts, name) for found in MERGED.findall(chunk)}
    covered: dict[int, dict[int, str]] = defaultdict(dict)
    left_over = MOST_MERGED
    for area in sorted(areas):
        left, top, right, bottom = (int(bound or 0) for bound in range_boundaries(area))
        right, bottom = min(right, WIDEST), min(bottom, LAST_ROW)
        left_over -= (bottom - top + 1) * (right - left + 1)
        if left_over < 0:
            raise Refused("合并单元格过多，请取消合并并逐行填写。")
        for row, column in product(range(top, bottom + 1), range(left, right + 1)):
            if (row, column) != (top, left):
                covered[row][column - 1] = area
    return covered


def _rows(
    sheet: Any, written: Any | None, merged: Mapping[int, Mapping[int, str]]
) -> Iterator[Row]:
    sheet.reset_dimensions()
    formulas: Iterator[Any] = iter(())
    if written is not None:
        written.reset_dimensions()
        formulas = written.iter_rows()
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        asked = next(formulas, ())
        if number > LAST_ROW:
            raise Refused(f"行号超过 {LAST_ROW}。")
        if cells or asked or number in merged:
            yield _row(number, cells[:WIDEST], asked[:WIDEST], merged.get(number, {}))


def _row(number: int, cells: Any, asked: Any, merged: Mapping[int, str]) -> Row:
    """`asked`: the same cells as they were written, where some are formulas."""
    texts = {n: _text(cell.value) for n, cell in enumerate(cells) if cell.value is not None}
    faults = {
        n: f"单元格 {_name(n, number)} 属于合并单元格 {area}，请取消合并并逐行填写。"
        for n, area in merged.items()
    }
    for n, cell in enumerate(asked):
        if cell.data_type == "f" and n not in texts:
            faults[n] = f"单元格 {_name(n, number)} 是公式，文件里没有它的结果，请改为数值。"
    for n, cell in enumerate(cells):
        if cell.data_type == "e" and n in texts:
            faults[n] = f"单元格 {_name(n, number)} 是错误值 {texts[n]}。"
    return Row(number, texts, faults)


def _name(place: int, number: int) -> str:
    return f"{get_column_letter(place + 1)}{number}"


def _text(value: Any) -> str:
    """As it would stand in CSV: a whole number without the decimals a spreadsheet keeps."""
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case float() if value.is_integer():
            return str(int(value))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime() | date() | time():
            return value.isoformat()
        case _:
            return str(value)
