"""Tables as files: whatever people have typed, the file is made, and opens."""

import io

from openpyxl import load_workbook

from chassis.exports import Column, Table, as_csv, as_xlsx


def test_a_character_that_no_sheet_can_hold_costs_that_character_only() -> None:
    table = Table("台账", [Column("title", "事项")], [["消\x01防\x0b通道\uffff"], ["\x00=1+1"]])
    sheet = load_workbook(io.BytesIO(as_xlsx(table))).active
    assert sheet is not None
    assert [row[0].value for row in sheet.iter_rows()] == ["事项", "消防通道", "'=1+1"]
    assert as_csv(table).decode("utf-8-sig").split() == ["事项", "消防通道", "'=1+1"]
