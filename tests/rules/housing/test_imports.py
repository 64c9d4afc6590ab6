"""The lines of a file: what is bad and where, and what is gathered of them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from chassis.kernel.errors import Malformed
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
from services.housing.tables import YARDS

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


def test_the_columns_are_the_ones_a_line_is_read_from() -> None:
    assert {column.name for column in YARDS} == set(ROW)
