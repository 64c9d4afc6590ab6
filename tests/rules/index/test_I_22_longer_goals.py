"""I-22: longer goals beside the index and not in it; two figures for one measure are both shown."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from chassis.kernel.errors import RuleBroken
from services.index.domain.decisions import DoubtSettled, GoalRead, SystemBook
from services.index.domain.longer import Differing
from services.index.domain.rules import RULES
from services.index.domain.settling import settle, version_of
from services.index.domain.system import system
from services.index.shipped import LONGER, PRINTED, data_sources, printed_systems, rows

SHIPPED = printed_systems()["2019"]
GOALS = {goal.name: goal for goal in SHIPPED.longer_goals}


def test_I_22_every_longer_goal_is_shown_to_the_digit() -> None:
    assert [(goal.name, goal.goal, goal.by) for goal in SHIPPED.longer_goals] == [
        ("人口平均预期寿命", Decimal("84"), 2035),
        ("社会服务事业费占财政支出比重", Decimal("20"), 2035),
        ("城镇居民人均可支配收入", Decimal("90000"), 2035),
        ("农村居民人均可支配收入", Decimal("80000"), 2035),
        ("每万人拥有社会组织数", Decimal("20"), 2035),
        ("空气质量优良天数比率", Decimal("99.45"), 2035),
        ("社工师获取证书人数年增长率", Decimal("3"), None),
        ("食品安全风险监测合格率", Decimal("98"), None),
        ("公民科学素质比例", Decimal("11"), 2020),
    ]
    assert [goal.name for goal in SHIPPED.longer_goals if goal.yearly] == [
        "社工师获取证书人数年增长率"
    ]


def test_I_22_the_system_is_the_same_with_and_without_them() -> None:
    without = system("2019", SHIPPED.document, rows(PRINTED), (), data_sources())
    assert without.longer_goals == ()
    assert (without.points, without.counts) == (SHIPPED.points, SHIPPED.counts)


def test_I_22_where_two_figures_are_printed_both_are_shown() -> None:
    assert GOALS["每万人拥有社会组织数"].differing == Differing(
        system=Decimal("7.04"), elsewhere=Decimal("7.5")
    )
    assert [goal.name for goal in SHIPPED.longer_goals if goal.differing] == [
        "每万人拥有社会组织数"
    ]


def test_I_22_a_goal_stands_beside_the_point_that_measures_the_same() -> None:
    names = {point.number: point.name for point in SHIPPED.points}
    beside = [goal for goal in SHIPPED.longer_goals if goal.point is not None]
    assert len(beside) == 5
    assert all(names[goal.point or 0] == goal.name for goal in beside)


def test_I_22_a_goal_beside_a_point_that_isnt_there_is_no_goal() -> None:
    (first, *_) = rows(LONGER)
    with pytest.raises(KeyError):
        system(
            "2019", SHIPPED.document, rows(PRINTED), [{**first, "point": "人口"}], data_sources()
        )


def test_I_22_to_20_percent_or_by_20_percent_is_left_open() -> None:
    share = GOALS["社会服务事业费占财政支出比重"]
    assert share.sense is None
    assert [doubt.code for doubt in share.doubts] == ["raise"]
    assert all(doubt.text for goal in SHIPPED.longer_goals for doubt in goal.doubts)


def test_I_22_every_goal_has_its_ground_among_the_clauses_of_the_rule() -> None:
    grounds = {clause for goal in SHIPPED.longer_goals for clause in goal.clauses}
    assert grounds == set(RULES["I-22"].clauses)


# Settling

RAISED = DoubtSettled(
    longer="社会服务事业费占财政支出比重",
    doubt="raise",
    reading="提高到20%左右",
    reason="区民政局核实",
    goals=(GoalRead(value="20", sense=">="),),
    by="district_admin",
    at=datetime(2026, 5, 4, 2, tzinfo=UTC),
)


def test_I_22_a_doubt_is_settled_by_the_district_as_a_next_version() -> None:
    printed = printed_systems()["2019"]
    book = SystemBook(version="2019", document="附件2", decisions=(settle(printed, RAISED),))
    after = version_of(printed, book, "2019.1")
    assert after is not None
    [goal] = [one for one in after.longer_goals if one.name == RAISED.longer]
    assert (goal.goal, goal.sense, goal.doubts) == (Decimal(20), ">=", ())
    assert (after.points, after.doubts) == (printed.points, printed.doubts)
    others = [one for one in after.longer_goals if one.name != RAISED.longer]
    assert others == [one for one in printed.longer_goals if one.name != RAISED.longer]


@pytest.mark.parametrize(
    ("about", "field"),
    [
        ({"longer": "没有的"}, "longer"),
        ({"point": 2}, "longer"),
        ({"doubt": "measure"}, "doubt"),
        ({"reading": " "}, "reading"),
        ({"reason": ""}, "reason"),
        ({"name": "其他"}, "name"),
        ({"goals": None}, "goals"),
        ({"goals": ()}, "goals"),
    ],
)
def test_I_22_a_settlement_says_how_it_is_read_and_changes_no_more(about: Any, field: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        settle(printed_systems()["2019"], replace(RAISED, **about))
    assert (refusal.value.rule.id, refusal.value.field) == ("I-22", field)


def test_I_22_another_measure_is_only_read() -> None:
    [asked] = [
        goal
        for goal in printed_systems()["2019"].longer_goals
        if "measure" in {doubt.code for doubt in goal.doubts}
    ]
    read = replace(RAISED, longer=asked.name, doubt="measure", goals=None)
    assert settle(printed_systems()["2019"], read) == read
    with pytest.raises(RuleBroken) as refusal:
        settle(printed_systems()["2019"], replace(read, goals=RAISED.goals))
    assert refusal.value.field == "goals"
