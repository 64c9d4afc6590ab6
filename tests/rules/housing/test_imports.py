"""Files of lines: what is read, what is bad and where, and what is gathered of it."""

import io
from datetime import UTC, datetime
from typing import Any

import pytest
from openpyxl import Workbook

from chassis.kernel.errors import Malformed
from services.housing.desk.imports import YARD_COLUMNS
from services.housing.domain.yards import (
    MOST,
    Building,
    YardKind,
    Yards,
    YardsEntered,
    enter,
    evolve,
    gathered,
    read,
)
from services.housing.sheets import Sheet, spooled

ROW = {
    "community": "haihua",
    "yard": "y1",
    "yard_name": "海华小区",
    "yard_kind": "property_managed",
    "building": "1",
    "households": "48",
}


def row(line: int, **how: str) -> Any:
    return read(line, {**ROW, **how})


yards_entered = YardsEntered(
    community="haihua",
    street="liujia",
    yards=gathered([row(2), row(3, building="2"), row(4, yard="y2", yard_kind="public_unit")]),
    reason="2026年普查",
    at=datetime(2026, 3, 2, 4, 0, tzinfo=UTC),
)


def test_yards_are_counted_by_who_runs_them() -> None:
    state = evolve(None, yards_entered)
    assert [state.households(kind) for kind in YardKind] == [0, 48, 96]
    assert state.yards[0].buildings == (
        Building(number="1", households=48),
        Building(number="2", households=48),
    )
    assert enter(state, yards_entered) == ()
    assert enter(None, yards_entered) == (yards_entered,)
    assert enter(Yards(community="haihua"), yards_entered) == (yards_entered,)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("yard", ""),
        ("yard_name", "x" * 81),
        ("yard_kind", "private"),
        ("households", "-1"),
        ("households", "4.5"),
        ("households", "12345678"),
        ("building", ""),
    ],
)
def test_a_bad_line_names_its_column(column: str, value: str) -> None:
    with pytest.raises(Malformed) as refusal:
        row(7, **{column: value})
    assert refusal.value.field == column


@pytest.mark.parametrize(
    "rows",
    [
        [row(2), row(3)],
        [row(2), row(3, building="2", yard_name="别的")],
        [row(2), row(3, building="2", yard_kind="self_governed")],
        [row(line, building=str(line)) for line in range(2, MOST + 3)],
    ],
)
def test_lines_that_disagree_are_refused(rows: Any) -> None:
    with pytest.raises(Malformed):
        gathered(rows)


# Sheets


async def of(content: bytes, columns: Any = ("a", "b"), at_most: int = 10) -> list[Any]:
    async def stream() -> Any:
        for start in range(0, len(content), 7):
            yield content[start : start + 7]

    with await spooled(stream()) as file:
        sheet = Sheet(file, columns, at_most)
        return [(line.number, dict(line.cells)) async for line in sheet.lines()]


def book(*rows: Any) -> bytes:
    made, file = Workbook(), io.BytesIO()
    for cells in rows:
        made.active.append(cells)
    made.save(file)
    return file.getvalue()


async def test_csv_and_xlsx_say_the_same_by_line_number() -> None:
    text = '\ufeffb,a,c\r\n1,海,x\r\n,,\r\n"3,",4'.encode()
    same = book(["b", "a", "c"], [1, "海", "x"], [None], ["3,", 4.0])
    for content in (text, same):
        assert await of(content) == [(2, {"a": "海", "b": "1"}), (4, {"a": "4", "b": "3,"})]


@pytest.mark.parametrize(
    "content", [b"", b"a,c\n1,2", "a,b\n海,1".encode("gb18030"), b"PK\x03\x04 not a book"]
)
async def test_what_is_no_such_file_is_refused(content: bytes) -> None:
    with pytest.raises(Malformed):
        await of(content)


async def test_a_file_has_a_largest_number_of_lines() -> None:
    ten = b"a,b\n" + b"1,2\n" * 10
    assert len(await of(ten)) == 10
    with pytest.raises(Malformed):
        await of(ten + b"1,2\n")


def test_the_columns_are_the_ones_a_line_is_read_from() -> None:
    assert set(YARD_COLUMNS) == set(ROW)
