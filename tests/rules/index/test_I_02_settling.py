"""I-02: what the print leaves open is settled by the district alone, each time as a new version."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from chassis.kernel.errors import Malformed, RuleBroken
from services.index.domain.decisions import (
    Decision,
    DoubtSettled,
    GoalRead,
    SystemBook,
    SystemShipped,
    evolve,
)
from services.index.domain.settling import settle, version_of
from services.index.domain.system import Gap, Goal, IndicatorSystem, MeasuringPoint
from services.index.shipped import printed_systems

PRINTED = printed_systems()["2019"]
NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
SHIPPED = SystemShipped(version="2019", document=PRINTED.document, at=NOW)
WHOSE = DoubtSettled(
    point=1,
    doubt="whose_figure",
    reading="区的数",
    reason="区统计局核实",
    by="district_admin",
    at=NOW,
)
REDUCTION = replace(
    WHOSE,
    point=30,
    doubt="reduction",
    reading="每年下降20%",
    goals=(GoalRead(value="20", sense=">="),),
)


def decided(*decisions: Decision) -> SystemBook:
    book = evolve(None, SHIPPED)
    for decision in decisions:
        book = evolve(book, decision)
    return book


def after(*decisions: Decision) -> IndicatorSystem:
    book = decided(*decisions)
    found = version_of(PRINTED, book, book.versions[-1])
    assert found is not None
    return found


def point(system: IndicatorSystem, number: int) -> MeasuringPoint:
    return system.points[number - 1]


def refused(settled: DoubtSettled) -> str | None:
    with pytest.raises(RuleBroken) as refusal:
        settle(PRINTED, settled)
    assert refusal.value.rule.id == "I-02"
    return refusal.value.field


def test_I_02_each_decision_makes_a_version_and_the_printed_one_stays() -> None:
    book = decided(WHOSE, REDUCTION)
    assert book.versions == ("2019", "2019.1", "2019.2")
    assert version_of(PRINTED, book, "2019") == PRINTED
    first = version_of(PRINTED, book, "2019.1")
    assert first is not None and (first.version, first.settled) == ("2019.1", (WHOSE,))
    assert point(first, 1).doubts == ()
    assert point(first, 30) == point(PRINTED, 30)
    assert [doubt.code for doubt in point(after(WHOSE, REDUCTION), 30).doubts] == [
        "one_value",
        "no_slash",
    ]
    assert version_of(PRINTED, book, "2019.3") is None


def test_I_02_whose_figure_it_is_changes_no_figure() -> None:
    assert settle(PRINTED, WHOSE) == WHOSE
    assert replace(point(after(WHOSE), 1), doubts=point(PRINTED, 1).doubts) == point(PRINTED, 1)
    assert refused(replace(WHOSE, baseline="68")) == "baseline"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"reading": " "}, "reading"),
        ({"reason": ""}, "reason"),
        ({"point": 43}, "point"),
        ({"point": 2, "doubt": "volunteers"}, "doubt"),
        ({"point": 11}, "doubt"),
        ({"point": None}, "doubt"),
        ({"doubt": "baseline_year"}, "doubt"),
        ({"name": "支出"}, "name"),
        ({"unit": "元"}, "unit"),
        ({"goals": ()}, "goals"),
        ({"baseline_year": 2017}, "baseline_year"),
    ],
)
def test_I_02_only_an_open_question_is_settled_with_no_more_than_it_asks(
    changed: dict[str, Any], field: str
) -> None:
    assert refused(replace(WHOSE, **changed)) == field


def test_I_02_what_20_percent_means_is_settled_by_saying_what_meets_it() -> None:
    assert settle(PRINTED, REDUCTION) == REDUCTION
    assert point(after(REDUCTION), 30).goals == (Goal(value=Decimal(20), sense=">="),)
    assert refused(replace(REDUCTION, goals=None)) == "goals"
    assert refused(replace(REDUCTION, goals=())) == "goals"


def test_I_02_a_value_that_was_the_current_one_leaves_the_point_without_a_target() -> None:
    current = replace(WHOSE, point=28, doubt="one_value", reading="当下值", baseline="80", goals=())
    assert settle(PRINTED, current) == current
    system = after(current)
    assert (point(system, 28).baseline, point(system, 28).goals) == (Decimal(80), ())
    assert system.gaps == (Gap(number=28, lacks="target"),)
    assert refused(replace(current, baseline=None)) == "baseline"


def test_I_02_a_name_a_unit_and_a_year_are_settled_where_they_are_asked() -> None:
    title = replace(WHOSE, point=14, doubt="worker_title", reading="助理社工师", name="助理社工师")
    unit = replace(WHOSE, point=23, doubt="volunteers", reading="千分比", unit="‰")
    year = replace(WHOSE, point=None, doubt="baseline_year", reading="2017年", baseline_year=2017)
    for one in (title, unit, year):
        assert settle(PRINTED, one) == one
    system = after(title, unit, year)
    assert (point(system, 14).name, point(system, 23).unit) == ("助理社工师", "‰")
    assert system.baseline_year == 2017
    assert [doubt.code for doubt in system.doubts] == ["organisations"]
    assert refused(replace(year, baseline_year=None)) == "baseline_year"


def test_I_02_of_two_printed_baselines_the_district_names_one() -> None:
    seven_five = replace(
        WHOSE, point=None, doubt="organisations", reading="2017年7.5", baseline="7.5"
    )
    assert settle(PRINTED, seven_five) == seven_five
    system = after(seven_five)
    assert point(system, 13).baseline == Decimal("7.5")
    assert point(system, 12) == point(PRINTED, 12)


def test_I_02_the_last_decision_on_a_doubt_holds_and_the_one_before_is_undone() -> None:
    unit = replace(WHOSE, point=23, doubt="volunteers", reading="千分比", unit="‰")
    percent = replace(unit, reading="百分比", unit=None)
    system = after(unit, percent)
    assert (system.version, point(system, 23).unit) == ("2019.2", "%")
    assert system.settled == (percent,)


@pytest.mark.parametrize("figure", ["", "20%", "１", "1e2"])
def test_I_02_figures_of_a_decision_are_decimal_text(figure: str) -> None:
    for changed, field in (
        (replace(REDUCTION, goals=(GoalRead(value=figure, sense=">="),)), "goals"),
        (replace(WHOSE, point=28, doubt="one_value", baseline=figure), "baseline"),
    ):
        with pytest.raises(Malformed) as refusal:
            settle(PRINTED, changed)
        assert refusal.value.field == field
