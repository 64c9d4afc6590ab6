"""W-15: a row of the ledger is what its whistle is, and the file shows what the screen shows."""

import csv
import io
from dataclasses import replace
from datetime import date

import pytest

from chassis.aggregates import Held
from chassis.exports import Table, as_csv, as_json
from chassis.identity import Subject
from chassis.kernel.errors import Malformed
from services.whistle.domain.whistle import Whistle
from services.whistle.queries.ledger import COLUMNS, Ledger, _row

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
from .memory import MemoryStore
from .test_W_16_reporters import desk


def row(whistle: Whistle) -> dict[str, object]:
    held = Held("w-1", whistle, 1, "case-1")
    return dict(zip((column.name for column in COLUMNS), _row(held), strict=True))


def test_W_15_a_row_is_the_whole_life() -> None:
    late = (*ANSWERED[:3], missed_arrival, came("water", "03-04 09:00"), *ANSWERED[4:])
    assert row(replace(given(*late).state, rating=4, returns=2)) == {
        "id": "w-1",
        "status": "answered",
        "kind": "problem",
        "level": "street",
        "street": "liujia",
        "community": "haihua",
        "category": "water",
        "title": "河道翻坝漏水",
        "blower": "street:liujia",
        "lead": "water",
        "units": "water、transport、health",
        "blown_at": at("03-02 10:00"),
        "arrived": 3,
        "late": 1,
        "outcome": "resolved",
        "returns": 2,
        "rating": 4,
        "score": 8400,
        "answered_at": at("03-10 10:00"),
    }


def test_W_15_what_has_not_happened_is_empty() -> None:
    for so_far in ((blown,), (blown, registered)):
        empty = {name for name, cell in row(state(so_far)).items() if cell is None}
        assert empty == {"outcome", "rating", "score", "answered_at"}


def test_W_07_a_miss_in_the_community_stays_in_the_ledger_after_it_came_up() -> None:
    missed = replace(missed_arrival, unit="haihua_seven")
    raised = row(given(*CALLED_BELOW, missed, came("haihua_seven", "03-04 09:00"), escalated).state)
    assert (raised["late"], raised["arrived"], raised["level"]) == (1, 0, "street")


def test_W_15_the_file_has_the_cells_of_the_screen() -> None:
    table = Table("台账", COLUMNS, [_row(Held("w-1", state(ANSWERED), 1, "case-1"))])
    [shown] = as_json(table)
    titles, cells = csv.reader(io.StringIO(as_csv(table).decode("utf-8-sig")))
    assert titles == [column.title for column in COLUMNS]
    for column, cell in zip(COLUMNS, cells, strict=True):
        if column.name not in ("blown_at", "answered_at"):
            assert cell == str(shown.get(column.name, ""))
    assert cells[titles.index("吹哨时间")] == "2026-03-02 10:00:00"


async def test_W_15_days_in_the_wrong_order_are_malformed() -> None:
    ledger = Ledger(desk(MemoryStore(), MemoryStore()).whistles)
    nobody = Subject(sub="u-1", kind="finance", code=None, scopes=frozenset())
    with pytest.raises(Malformed) as refusal:
        await ledger.table(date(2026, 3, 2), date(2026, 3, 1), nobody)
    assert refusal.value.field == "to"
    table = await ledger.table(date(2026, 3, 2), date(2026, 3, 2), nobody)
    assert list(table.rows) == []
