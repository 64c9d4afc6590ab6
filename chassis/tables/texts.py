"""CSV as it is saved here: UTF-8, UTF-16 with its mark, or GB18030, which is what spreadsheets write."""

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path

from .cells import WIDEST, Refused, Row, Sheet

MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
OTHERWISE = ("utf-8", "gb18030")
SEPARATORS = ",\t;"
CHUNK = 1024 * 1024


def sheets_of_text(path: Path) -> Iterator[Sheet]:
    yield Sheet("", _rows(path, _encoding(path)))


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        beginning = file.read(4)
    for mark, encoding in MARKS.items():
        if beginning.startswith(mark):
            return encoding if _decodes(path, encoding) else _unknown()
    return next((one for one in OTHERWISE if _decodes(path, one)), None) or _unknown()


def _unknown() -> str:
    raise Refused("文件既不是 XLSX，也不是 UTF-8、UTF-16 或 GB18030 编码的 CSV。")


def _decodes(path: Path, encoding: str) -> bool:
    try:
        with path.open(encoding=encoding, newline="") as file:
            while file.read(CHUNK):
                pass
    except UnicodeError:
        return False
    return True


def _rows(path: Path, encoding: str) -> Iterator[Row]:
    with path.open(encoding=encoding, newline="") as file:
        beginning = file.read(4096)
        separator = max(SEPARATORS, key=beginning.count)
        file.seek(0)
        ended, widest, number, cells = True, 0, 0, list[str]()

        def lines() -> Iterator[str]:
            nonlocal ended
            for text in file:
                ended = text.endswith(("\n", "\r"))
                yield text

        try:
            for number, cells in enumerate(csv.reader(lines(), delimiter=separator), start=1):
                widest = max(widest, len(cells))
                yield Row(number, {n: text for n, text in enumerate(cells[:WIDEST]) if text})
        except csv.Error:  # which is said in English, and of rows as they are read is this alone
            most = csv.field_size_limit()
            detail = f"第 {number + 1} 行有超过 {most} 个字符的单元格，请检查引号是否成对。"
            raise Refused(detail) from None
        if not ended and len(cells) < widest:
            # What it lacks would be taken for empty, and written so.
            raise Refused("最后一行不完整，文件可能在传输中被截断。")
