"""The lines of a file: what is bad and where, and what is gathered of them."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from chassis.kernel.errors import Malformed
from services.housing.domain.households import counted
from services.housing.domain.yards import (
    MOST,
    Building,
    YardKind,
    Yards,
    YardsEntered,
    disagreeing,
    enter,
    evolve,
    gathered,
    read,
)
from services.housing.steps.words import Households
from services.housing.tables import YARD_KINDS, YARDS

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


def test_H_11_each_line_that_disagrees_is_named() -> None:
    rows = [
        row(2),
        row(3, building="2", yard_name="别的"),
        row(4, building="3", yard_kind="self_governed"),
        row(5),
        row(6, yard="y2"),
    ]
    found = [(line, refusal.field) for line, refusal in disagreeing(rows)]
    assert found == [(3, "yard_name"), (4, "yard_kind"), (5, "building")]
    assert list(disagreeing([row(2), row(3, building="2")])) == []


def test_a_community_has_so_many_buildings_at_most() -> None:
    with pytest.raises(Malformed) as refusal:
        gathered([row(line, building=str(line)) for line in range(2, MOST + 3)])
    assert refusal.value.field == "community"


def test_what_may_stand_in_a_column_is_said_in_the_file_s_words() -> None:
    with pytest.raises(Malformed) as refusal:
        row(7, yard_kind="飞")
    assert all(word in refusal.value.detail for word in YARD_KINDS)
    assert not any(kind in refusal.value.detail for kind in YardKind)


def test_H_11_households_are_as_many_in_a_file_as_by_form() -> None:
    form = TypeAdapter(Households)
    for said, taken in ((0, False), (1, True), (1_000_000, True), (1_000_001, False)):
        by_form = not _refused(partial(form.validate_python, said))
        in_a_file = not _refused(partial(counted, str(said), least=1))
        assert (by_form, in_a_file) == (taken, taken)
    assert row(2, households="0").households == 0


def _refused(asked: Callable[[], object]) -> bool:
    try:
        asked()
    except (Malformed, ValidationError):
        return True
    return False


def test_the_columns_are_the_ones_a_line_is_read_from() -> None:
    assert {column.name for column in YARDS} == set(ROW)
