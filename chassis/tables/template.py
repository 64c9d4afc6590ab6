"""The empty table that people fill in: headings in their language, explanations, lists to choose from."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from chassis import exports

from .columns import Column

LINES = 200_000
"""How far down the lists reach."""
WIDTH = 18
LISTS = "选项"


def as_xlsx(title: str, columns: Sequence[Column]) -> bytes:
    """The sheet to fill in, 说明 with what each column takes, and the lists behind the choices."""
    # As in `exports`: only who writes a workbook pays for them.
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    if sheet is None:
        raise RuntimeError("a new workbook has no sheet")
    sheet.title = title
    sheet.freeze_panes = "A2"
    about, lists = book.create_sheet("说明"), book.create_sheet(LISTS)
    about.append(["列", "填写说明"])
    for place, column in enumerate(columns, start=1):
        letter = get_column_letter(place)
        sheet.cell(1, place, column.title).font = Font(bold=True)
        sheet.column_dimensions[letter].width = WIDTH
        about.append([column.title, column.about])
        for row, word in enumerate(column.listed, start=1):
            lists.cell(row, place, word)
        if column.listed:
            sheet.add_data_validation(_chosen(letter, len(column.listed)))
    about.column_dimensions["B"].width = 4 * WIDTH
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _chosen(letter: str, words: int) -> Any:
    """The column's cells, each out of the list that stands under its letter."""
    from openpyxl.worksheet.datavalidation import DataValidation

    listed = f"'{LISTS}'!${letter}$1:${letter}${words}"
    return DataValidation(
        sqref=f"{letter}2:{letter}{LINES}", type="list", formula1=listed, allow_blank=True
    )


def as_csv(title: str, columns: Sequence[Column]) -> bytes:
    """The headings alone, as every table leaves here."""
    return exports.as_csv(filled(title, columns, ()))


def filled(
    title: str, columns: Sequence[Column], rows: Iterable[Sequence[str | int | None]]
) -> exports.Table:
    """With rows of codes, in people's words: what the reader takes back."""
    shown = [exports.Column(column.name, column.title) for column in columns]
    return exports.Table(title, shown, [_written(row, columns) for row in rows])


def _written(row: Sequence[str | int | None], columns: Sequence[Column]) -> list[exports.Cell]:
    return [
        column.written(cell) if isinstance(cell, str) else cell
        for cell, column in zip(row, columns, strict=True)
    ]
