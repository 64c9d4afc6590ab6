"""I-02: each point's goal, unit, attribute and source; every doubt listed, none settled."""

from collections import Counter
from decimal import Decimal

import pytest

from services.index.domain.system import Gap, Goal, IndicatorSystem, MeasuringPoint, system
from services.index.shipped import PRINTED, data_sources, printed_systems, rows

SHIPPED = printed_systems()["2019"]
POINTS = {point.name: point for point in SHIPPED.points}


def changed(number: int, **cells: str) -> IndicatorSystem:
    printed = rows(PRINTED)
    printed[number - 1] |= cells
    return system("2019", "官发〔2019〕3号 附件2", printed, (), data_sources())


def named(part: str) -> MeasuringPoint:
    (found,) = [point for name, point in POINTS.items() if part in name]
    return found


def test_I_02_26_are_binding_16_anticipatory_and_34_have_a_baseline() -> None:
    assert SHIPPED.attributes == {"约束性": 26, "预期性": 16}
    assert SHIPPED.with_baseline == 34
    assert SHIPPED.gaps == ()


@pytest.mark.parametrize(
    ("column", "lacks"),
    [
        ("target_raw", "target"),
        ("unit", "unit"),
        ("attribute", "attribute"),
        ("data_source", "data_source"),
    ],
)
def test_I_02_a_point_that_lacks_something_is_kept_and_named(column: str, lacks: str) -> None:
    loaded = changed(4, **{column: ""})
    assert loaded.gaps == (Gap(number=4, lacks=lacks),)
    assert len(loaded.points) == 42


def test_I_02_every_doubt_is_listed() -> None:
    listed = Counter(doubt.code for point in SHIPPED.points for doubt in point.doubts)
    assert listed == {
        "whose_figure": 29,
        "one_value": 8,
        "no_slash": 5,
        "two_words": 3,
        "beside_baseline": 1,
        "after_slash": 1,
        "two_goals": 1,
        "reduction": 1,
        "worker_title": 1,
        "party_branch": 1,
        "volunteers": 1,
    }
    assert [doubt.code for doubt in SHIPPED.doubts] == ["baseline_year", "organisations"]
    assert all(doubt.text for point in SHIPPED.points for doubt in point.doubts)


def test_I_02_a_doubt_nobody_put_into_words_is_not_lost() -> None:
    with pytest.raises(ValueError, match="smudged"):
        changed(1, doubt="one_sided; smudged")


def test_I_02_figures_are_read_to_the_digit() -> None:
    jobless = POINTS["城镇登记失业率"]
    assert jobless.baseline == Decimal("3.01")
    assert jobless.goals == (Goal(value=Decimal("3"), sense="<="),)
    growth = POINTS["登记备案社会组织年增长率"]
    assert growth.baseline is None
    assert growth.goals == (Goal(value=Decimal("6.8"), sense=">"),)


def test_I_02_two_figures_in_a_cell_are_two_goals() -> None:
    assert named("视频监控").goals == (
        Goal(value=Decimal("100"), sense=">="),
        Goal(value=Decimal("60"), sense=">="),
    )


def test_I_02_what_20_percent_of_accidents_means_is_left_open() -> None:
    assert named("生产安全事故").goals == (Goal(value=Decimal("20"), sense=None),)


def test_I_02_five_points_are_graded_and_have_no_figure() -> None:
    graded = [point.target_printed for point in SHIPPED.points if not point.goals]
    assert Counter(graded) == {"明显": 3, "及时": 1, "完好": 1}


def test_I_02_where_two_departments_are_named_both_are_sources() -> None:
    assert POINTS["城市社区网格化管理服务率"].sources == ("区城管局", "区网格分中心")
    assert [point.number for point in SHIPPED.points if len(point.sources) != 1] == [11]
