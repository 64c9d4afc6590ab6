"""Tables as files: whatever people have typed, the file is made, and opens; the formats say the same."""

import asyncio
import csv
import io
import json
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from chassis.exports import (
    MOST_PRINTED,
    Cell,
    Column,
    Format,
    Table,
    as_csv,
    as_json,
    as_pdf,
    as_xlsx,
    exported,
)
from chassis.formulas import guarded, unguarded
from chassis.kernel.errors import Malformed
from chassis.papers import Paper
from chassis.printable import printable

COLUMNS = [Column("what", "事项", {"a": "甲", "b": "乙"})]


def in_sheet(table: Table) -> list[list[Any]]:
    sheet = load_workbook(io.BytesIO(as_xlsx(table))).active
    assert sheet is not None
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_a_character_that_no_sheet_can_hold_costs_that_character_only() -> None:
    table = Table("台账", [Column("title", "事项")], [["消\x01防\x0b通道\uffff"], ["\x00=1+1"]])
    assert in_sheet(table) == [["事项"], ["消防通道"], ["'=1+1"]]
    assert as_csv(table).decode("utf-8-sig").split() == ["事项", "消防通道", "'=1+1"]


SHOWN: list[tuple[Cell, str | int]] = [
    (True, "是"),
    (False, "否"),
    (0, 0),
    (-5, -5),
    (date(2026, 3, 2), "2026-03-02"),
    (datetime(2026, 3, 2, 16, 30, tzinfo=UTC), "2026-03-03 00:30:00"),
    ("a", "甲"),
    ("c", "c"),
    (("a", "c", "b"), "甲、c、乙"),
    (("=a",), "'=a"),
    ("@SUM(A1)", "'@SUM(A1)"),
    ("#N/A", "#N/A"),
]


@pytest.mark.parametrize(("cell", "shown"), SHOWN)
def test_a_cell_is_as_people_read_it_in_every_file(cell: Cell, shown: str | int) -> None:
    rows: list[Sequence[Cell]] = [[cell]]
    table = Table("台账", COLUMNS, rows)
    assert in_sheet(table) == [["事项"], [shown]]
    [_, line] = csv.reader(io.StringIO(as_csv(table).decode("utf-8-sig")))
    assert line == [str(shown)]


def test_money_is_in_fen_for_programs_and_in_yuan_with_two_decimals_for_people() -> None:
    """And a number in a sheet, which adds it up."""
    table = Table(
        "补贴", [Column("base", "补贴（元）", money=True)], [[340_000], [5], [-150], [None]]
    )
    assert as_csv(table).decode("utf-8-sig").split()[1:4] == ["3400.00", "0.05", "-1.50"]
    assert in_sheet(table)[1:] == [[3400], [0.05], [-1.5], [None]]
    sheet = load_workbook(io.BytesIO(as_xlsx(table))).active
    assert sheet is not None and sheet["A2"].number_format == "0.00"
    assert as_json(table)[0] == {"base": 340_000}


def test_what_looks_like_an_error_of_a_sheet_stays_text() -> None:
    book = load_workbook(io.BytesIO(as_xlsx(Table("台账", COLUMNS, [["#N/A"]]))))
    assert book.active is not None
    assert book.active["A2"].data_type == "s"


@pytest.mark.parametrize("row", [[], ["a", "b"]])
async def test_a_row_that_does_not_fit_its_columns_is_an_error_and_no_shifted_table(
    row: list[Cell],
) -> None:
    for format in (Format.CSV, Format.JSON):
        with pytest.raises(ValueError, match="zip"):
            await exported(Table("台账", COLUMNS, [row]), format, "ledger")


async def test_each_format_is_offered_as_what_it_is() -> None:
    columns = [*COLUMNS, Column("when", "时间")]
    table = Table("台" * 40, columns, [["a", None]])
    found = await exported(table, Format.JSON, "ledger")
    assert found.media_type == "application/json"
    assert json.loads(bytes(found.body)) == {"title": "台" * 40, "items": [{"what": "a"}]}
    for format, media, content in (
        (Format.CSV, "text/csv; charset=utf-8", as_csv(table)),
        (
            Format.XLSX,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            as_xlsx(table),
        ),
        (Format.PDF, "application/pdf", as_pdf(table)),
    ):
        answer = await exported(table, format, "ledger")
        assert answer.headers["content-type"] == media
        assert answer.headers["content-disposition"] == f'attachment; filename="ledger.{format}"'
        assert answer.body[:2] == content[:2]
    assert in_sheet(table) == [["事项", "时间"], ["甲", None]]


def read(file: bytes) -> list[str]:
    """The text of each page, in lines that were broken for the paper put together."""
    pages = PdfReader(io.BytesIO(file)).pages
    return [page.extract_text().replace("\n", "") for page in pages]


def test_a_table_is_printed_whole_with_its_heads_on_every_page() -> None:
    """Markup is text, a character that no typeface has costs nothing else, what is too long goes on overleaf."""
    rows: list[Sequence[Cell]] = [[f"第{n}项<b>&\x01"] for n in range(120)]
    rows += [["长" * 4000], ["a"], ["🏠"]]
    made = as_pdf(Table("台账", COLUMNS, rows))
    assert made == as_pdf(Table("台账", COLUMNS, rows)), "the same table is the same file"
    pages = read(made)
    whole = "".join(pages)
    assert len(pages) > 3 and all("事项" in page for page in pages)
    assert all(f"第{n}项<b>&" in whole for n in range(120)) and "甲" in whole
    assert whole.count("长") == 4000
    assert "第 1 页" in pages[0] and f"第 {len(pages)} 页" in pages[-1]


async def test_the_same_table_is_printed_once_and_one_after_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    under_way, printed = [], list[str]()

    def slowly(paper: Paper) -> bytes:
        under_way.append(paper.title)
        time.sleep(0.05)
        assert under_way == [paper.title]
        printed.append(under_way.pop())
        return b"%PDF"

    monkeypatch.setattr("chassis.papers.as_pdf", slowly)
    titles = ["名录甲", "名录乙"] * 3
    asked = (exported(Table(one, COLUMNS, [["a"]]), Format.PDF, "list") for one in titles)
    assert {bytes(answer.body) for answer in await asyncio.gather(*asked)} == {b"%PDF"}
    assert printed == ["名录甲", "名录乙"]
    await exported(Table("名录甲", COLUMNS, [["b"]]), Format.PDF, "list")
    assert len(printed) == 3


def test_a_character_that_the_typeface_of_papers_lacks_is_marked_where_it_would_be_a_blank() -> (
    None
):
    names = (
        "阿依古丽·买买提",
        "王䶮",
        "𠮷田",
        "臺灣葉靈",
        "骉㛃",
        "86.5m²",
        "¥3，3²",
        "好👨\u200d👩\ufe0f",
        "葛\U000e0100",
    )
    [page] = read(as_pdf(Table("台账", COLUMNS, [[name] for name in names])))
    assert "阿依古丽・买买提王䶮〓（缺字U+20BB7）田臺灣葉靈骉㛃86.5㎡¥3，3〓（缺字U+00B2）" in page
    assert "好〓（缺字U+1F468）〓（缺字U+1F469）葛" in page
    assert printable("\uf979é e\u0301") == "\u51c9é é"


def test_more_rows_than_a_paper_is_for_are_refused_and_told_what_to_take() -> None:
    many: list[Sequence[Cell]] = [["a"]] * (MOST_PRINTED + 1)
    with pytest.raises(Malformed, match="XLSX") as refused:
        as_pdf(Table("台账", COLUMNS, many))
    assert refused.value.field == "format"


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n"])
def test_what_a_spreadsheet_may_take_for_a_formula_leaves_as_a_text_and_comes_back(
    sign: str,
) -> None:
    assert guarded(f"{sign}1+1") == f"'{sign}1+1"
    assert unguarded(guarded(f"{sign}1+1")) == f"{sign}1+1"
    assert guarded(f"1{sign}1") == unguarded(f"1{sign}1") == f"1{sign}1"
