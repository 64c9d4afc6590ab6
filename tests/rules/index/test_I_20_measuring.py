"""I-20: what may measure whom: a system that may not is refused, naming the point; and what a table must hold."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from chassis.kernel.errors import RuleBroken
from services.index.domain.bringing import (
    adopt,
    bring,
    open_doubts,
    share_of_satisfaction,
    system_of,
)
from services.index.domain.decisions import (
    GoalRead,
    Measures,
    PointRow,
    SystemAdopted,
    SystemBrought,
    SystemShipped,
    Weight,
    WeightsSet,
    evolve,
)
from services.index.shipped import printed_systems

NOW = datetime(2026, 5, 4, 2, tzinfo=UTC)
ROW = PointRow(
    level1="社会服务",
    level2="民生保障",
    level3="公共服务",
    name="居民满意度",
    unit="%",
    attribute="预期性",
    data_source="区民政局",
    units=("civil_affairs",),
    goals=(GoalRead(value="80", sense=">="),),
    satisfaction=True,
)
OTHER = replace(ROW, name="居务公开率", satisfaction=False)
HALVES = WeightsSet(
    parent=("社会服务", "民生保障", "公共服务"),
    weights=(Weight(name="1", weight=5000), Weight(name="2", weight=5000)),
    reason="各半",
    by="district_admin",
    at=NOW,
)
BROUGHT = SystemBrought(
    version="community-2026",
    document="官办发〔2026〕1号",
    measures=Measures.COMMUNITY,
    rows=(ROW, OTHER),
    weights=(HALVES,),
    reason="社区考核",
    by="district_admin",
    at=NOW,
)
ADOPTED = SystemAdopted(year=2027, reason="新一轮测评", by="district_admin", at=NOW)


def refused(**about: Any) -> tuple[str, str | None, str | None]:
    with pytest.raises(RuleBroken) as refusal:
        bring(replace(BROUGHT, **about), 50)
    return refusal.value.rule.id, refusal.value.clause, refusal.value.field


def test_I_20_satisfaction_is_half_of_what_measures_a_community() -> None:
    assert bring(BROUGHT, 50) == BROUGHT
    assert share_of_satisfaction(system_of(BROUGHT)) == 0.5
    less = replace(HALVES, weights=(Weight(name="1", weight=4999), Weight(name="2", weight=5001)))
    expected = ("I-20", "官发〔2018〕15号 三（三）4", "satisfaction")
    assert refused(weights=(less,)) == expected
    assert refused(weights=(less,), measures=Measures.STREET) == expected
    assert bring(replace(BROUGHT, weights=(less,), version="2027", measures=Measures.DISTRICT), 50)


def test_I_20_a_department_has_none_of_its_own_but_what_law_requires() -> None:
    assert refused(owner="health") == ("I-20", "官办通〔2019〕80号 五.17", "law")
    assert bring(replace(BROUGHT, owner="health", law="传染病防治法"), 50)


def test_I_20_no_veto_for_communities() -> None:
    veto = (ROW, replace(OTHER, veto=True))
    assert refused(rows=veto) == ("I-20", "官发〔2018〕15号 三（三）4", "veto")
    assert bring(replace(BROUGHT, rows=veto, measures=Measures.STREET), 50)


@pytest.mark.parametrize("name", ["招商引资到位资金", "税收增长率"])
def test_I_20_no_investment_or_tax_for_streets(name: str) -> None:
    rows = (ROW, replace(OTHER, name=name))
    about: Any = {"rows": rows, "measures": Measures.STREET}
    assert refused(**about) == ("I-20", "官办通〔2018〕38号 （六）", "name")
    assert bring(replace(BROUGHT, rows=rows), 50)


@pytest.mark.parametrize(
    ("about", "rule", "field"),
    [
        ({"version": "2027", "measures": Measures.COMMUNITY, "rows": ()}, "I-01", "name"),
        ({"version": "X"}, "I-01", "system"),
        ({"version": "next", "measures": Measures.DISTRICT}, "I-01", "system"),
        ({"document": ""}, "I-01", "document"),
        ({"rows": (ROW, replace(OTHER, name=ROW.name))}, "I-01", "name"),
        ({"rows": (ROW, replace(OTHER, unit=""))}, "I-02", "unit"),
        ({"rows": (ROW, replace(OTHER, unit="个" * 201))}, "I-02", "unit"),
        ({"rows": (ROW, replace(OTHER, data_source=""))}, "I-02", "data_source"),
        ({"rows": (ROW, replace(OTHER, attribute="其他"))}, "I-02", "attribute"),
        ({"rows": (ROW, replace(OTHER, goals=()))}, "I-02", "goals"),
        ({"rows": (ROW, replace(OTHER, graded=True))}, "I-02", "goals"),
        ({"rows": (ROW, replace(OTHER, baseline="多"))}, "I-02", "goals"),
        ({"weights": (replace(HALVES, weights=HALVES.weights[:1]),)}, "I-05", "weights"),
    ],
)
def test_I_02_a_table_holds_whole_points_or_is_refused(about: Any, rule: str, field: str) -> None:
    found = refused(**about)
    assert (found[0], found[2]) == (rule, field)


def test_I_02_an_edited_table_settles_nothing_in_passing() -> None:
    printed = printed_systems()["2019"]
    jobless = replace(
        ROW,
        name="城镇登记失业率",
        baseline="3.01",
        goals=(GoalRead(value="3", sense="<="),),
    )
    assert open_doubts(printed, jobless) == ("whose_figure",)
    assert open_doubts(printed, replace(jobless, baseline="3.1")) == ()
    accidents = replace(
        ROW, name="生产安全事故起数、死亡人数", goals=(GoalRead(value="20", sense=""),)
    )
    kept = replace(accidents, doubts=open_doubts(printed, accidents))
    point = system_of(replace(BROUGHT, rows=(kept,))).points[0]
    assert (point.goals[0].sense, point.doubts) == (None, printed.points[29].doubts)


def test_I_02_a_system_is_adopted_for_a_year_that_nothing_is_filed_for() -> None:
    book = evolve(None, replace(BROUGHT, version="2027", measures=Measures.DISTRICT))
    assert adopt(book, ADOPTED, 0) == ADOPTED
    assert evolve(book, ADOPTED).adopted == (ADOPTED,)
    printed = evolve(None, SystemShipped(version="2019", document="附件2", at=NOW))
    assert adopt(printed, ADOPTED, 0) == ADOPTED
    wrong: list[tuple[Any, Any, int, str | None]] = [
        (evolve(None, BROUGHT), ADOPTED, 0, None),
        (book, replace(ADOPTED, year=2025), 0, "year"),
        (book, ADOPTED, 1, "year"),
        (book, replace(ADOPTED, reason=" "), 0, "reason"),
    ]
    for asked, said, filed, field in wrong:
        with pytest.raises(RuleBroken) as refusal:
            adopt(asked, said, filed)
        assert (refusal.value.rule.id, refusal.value.field) == ("I-02", field)
