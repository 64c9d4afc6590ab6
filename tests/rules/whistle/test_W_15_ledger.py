"""W-15: a row of the ledger is what its whistle is, and the file shows what the screen shows."""

import csv
import io
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import Any

import openpyxl
import pytest

from chassis.exports import Table, as_csv, as_json, as_xlsx
from chassis.identity import Subject
from chassis.kernel.errors import Malformed
from chassis.kind import Held
from services.whistle.domain.course import Status
from services.whistle.domain.events import Kind, Level
from services.whistle.domain.period import Rhythm
from services.whistle.domain.policy import Category
from services.whistle.domain.task import Outcome, Which
from services.whistle.domain.whistle import Whistle
from services.whistle.queries.ledger import Ledger, _row, columns
from services.whistle.queries.words import WORDS, Names, Registers
from tests.support.memory import MemoryStore

from .cases import (
    ANSWERED,
    CALLED_BELOW,
    at,
    blown,
    came,
    escalated,
    given,
    missed_arrival,
    registered,
    state,
)
from .test_W_16_reporters import desk

NAMES = Names(
    streets={"guandu": "官渡街道"}, communities={"guandu": "官渡社区"}, units={"water": "区水务局"}
)
COLUMNS = columns(NAMES, {"water": Category(name="河湖水务", unit="water", river=True)})


def row(whistle: Whistle) -> dict[str, object]:
    held = Held("w-1", whistle, 1, "case-1", "关上-0302-4F7K")
    return dict(zip((column.name for column in COLUMNS), _row(held), strict=True))


def test_W_15_a_row_is_the_whole_life() -> None:
    late = (*ANSWERED[:3], missed_arrival, came("water", "03-04 09:00"), *ANSWERED[4:])
    assert row(replace(given(*late).state, rating=4, returns=2)) == {
        "number": "关上-0302-4F7K",
        "status": "answered",
        "kind": "problem",
        "level": "street",
        "street": "liujia",
        "community": "haihua",
        "category": "water",
        "title": "河道翻坝漏水",
        "blower": "street:liujia",
        "lead": "water",
        "units": ("water", "transport", "health"),
        "blown_at": at("03-02 10:00"),
        "arrived": 3,
        "late": 1,
        "outcome": "resolved",
        "returns": 2,
        "rating": 4,
        "score": 8400,
        "answered_at": at("03-10 10:00"),
        "id": "w-1",
    }


def test_W_15_what_has_not_happened_is_empty() -> None:
    for so_far in ((blown,), (blown, registered)):
        empty = {name for name, cell in row(state(so_far)).items() if cell is None}
        assert empty == {"outcome", "rating", "score", "answered_at"}


def test_W_07_a_miss_in_the_community_stays_in_the_ledger_after_it_came_up() -> None:
    missed = replace(missed_arrival, unit="haihua_seven")
    raised = row(given(*CALLED_BELOW, missed, came("haihua_seven", "03-04 09:00"), escalated).state)
    assert (raised["late"], raised["arrived"], raised["level"]) == (1, 0, "street")


def test_W_15_the_columns_are_the_same_in_every_format() -> None:
    said: dict[str, Any] = {
        "title": "=1+1",
        "status": Status.ANSWERED.value,
        "answered_at": at("03-02 10:00"),
        "street": "guandu",
        "community": "guandu",
        "category": "water",
        "blower": "street:guandu",
        "units": ("water", "a-unit-since-struck"),
    }
    table = Table("台账", COLUMNS, [tuple(said.get(column.name) for column in COLUMNS)])
    assert as_json(table) == [said]
    header, line = csv.reader(io.StringIO(as_csv(table).decode("utf-8-sig")))
    assert header == [column.title for column in COLUMNS]
    by_name = dict(zip((column.name for column in COLUMNS), line, strict=True))
    assert {name: text for name, text in by_name.items() if text} == {
        "title": "'=1+1",
        "status": "已答复",
        "street": "官渡街道",
        "community": "官渡社区",
        "category": "河湖水务",
        "blower": "官渡街道",
        "units": "区水务局、a-unit-since-struck",
        "answered_at": "2026-03-02 10:00:00",
    }
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(table))).active
    assert sheet is not None
    assert [[cell.value or "" for cell in row] for row in sheet.iter_rows()] == [header, line]
    assert len({column.name for column in COLUMNS}) == len(COLUMNS)


@pytest.mark.parametrize("codes", [Kind, Level, Status, Outcome, Which, Rhythm])
def test_W_15_every_code_has_a_word(codes: type[StrEnum]) -> None:
    assert [code for code in codes if code not in WORDS] == []


async def test_W_15_days_in_the_wrong_order_are_malformed() -> None:
    mine = desk(MemoryStore(), MemoryStore())
    registers = Registers(units=mine.units, communities=mine.communities)
    ledger = Ledger(mine.whistles, registers, mine.policies)
    nobody = Subject(sub="u-1", kind="finance", code=None, scopes=frozenset())
    with pytest.raises(Malformed) as refusal:
        await ledger.table(date(2026, 3, 2), date(2026, 3, 1), nobody)
    assert refusal.value.field == "to"
