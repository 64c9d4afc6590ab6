"""I-01: 4, 11, 27 and 42 as the annex's note says, kept as printed, with every difference reported."""

from typing import Any

from services.index.domain.system import Difference, system
from services.index.shipped import PRINTED, data_sources, printed_systems, rows

PRINT = "官发〔2019〕3号 附件2"


def test_I_01_the_shipped_table_holds_what_its_note_claims() -> None:
    shipped = printed_systems()["2019"]
    assert shipped.counts == {"level1": 4, "level2": 11, "level3": 27, "points": 42}
    assert shipped.differences == ()
    assert (shipped.version, shipped.document) == ("2019", PRINT)
    assert len(shipped.points) == 42


def dropped(gone: Any) -> tuple[Difference, ...]:
    return system(
        "2019", PRINT, [row for row in rows(PRINTED) if not gone(row)], (), data_sources()
    ).differences


def test_I_01_a_missing_measuring_point_is_reported() -> None:
    assert dropped(lambda row: row["measuring_point"] == "安全质量标准化率") == (
        Difference(what="points", claimed=42, printed=41),
    )


def test_I_01_a_missing_third_level_is_reported() -> None:
    assert dropped(lambda row: row["level3"] == "平安建设") == (
        Difference(what="level3", claimed=27, printed=26),
        Difference(what="points", claimed=42, printed=41),
    )


def test_I_01_a_missing_first_level_is_reported_down_to_the_points() -> None:
    assert dropped(lambda row: row["level1"] == "社会环境") == (
        Difference(what="level1", claimed=4, printed=3),
        Difference(what="level2", claimed=11, printed=9),
        Difference(what="level3", claimed=27, printed=24),
        Difference(what="points", claimed=42, printed=38),
    )


def test_I_01_a_point_too_many_is_reported_as_well() -> None:
    twice = [*rows(PRINTED), rows(PRINTED)[0]]
    assert system("2019", PRINT, twice, (), data_sources()).differences == (
        Difference(what="points", claimed=42, printed=43),
    )


def test_I_01_the_same_name_below_another_parent_is_another_indicator() -> None:
    moved = [*rows(PRINTED), {**rows(PRINTED)[0], "level2": "社会保障"}]
    assert system("2019", PRINT, moved, (), data_sources()).counts["level3"] == 28
    moved = [*rows(PRINTED), {**rows(PRINTED)[0], "level1": "社会环境"}]
    assert system("2019", PRINT, moved, (), data_sources()).counts["level2"] == 12


def test_I_01_what_is_printed_is_kept_with_its_doubt() -> None:
    points = {point.name: point for point in printed_systems()["2019"].points}
    jobless = points["城镇登记失业率"]
    assert (jobless.number, jobless.baseline_printed, jobless.target_printed) == (4, "3.01/", "3/")
    assert (jobless.level1, jobless.level2, jobless.level3) == ("社会服务", "民生保障", "就业情况")
    assert (jobless.unit, jobless.attribute) == ("%", "预期性")
    assert jobless.data_source == "区人社局"
    assert [doubt.code for doubt in jobless.doubts] == ["whose_figure"]
    assert points["城市社区网格化管理服务率"].doubts == ()
    assert [point.number for point in points.values()] == list(range(1, 43))
