"""What the console calls things that nobody gave a name: records, files, areas, lamps of less than an hour."""

import re
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from console.described import WORDS, Described, Listed
from console.desk import Look
from console.forms import Making
from console.lamps import lit
from console.registers import Names
from console.routes.editions import behind
from console.routes.records import _entry
from console.rows import Button, called, together
from console.shown import Showing
from console.tables import table_of
from services.index.shipped import data_sources
from services.whistle.shipped import member_units

NAMES = Names({"community": {"jinma": "金马"}, "street": {"guanshang": "关上街道"}})
UUID = "5c77a9b9-563b-51e1-8003-d376ee7dd260"
TEXT = {"type": "string"}
LEVEL = {"type": "string", "enum": ["district"], WORDS: {"district": "区"}}
PLACED = {"street": TEXT, "community": TEXT, "year": {"type": "integer"}, "level": LEVEL}


def listed(**shape: Any) -> Listed:
    return Listed(
        service="index",
        name="pilots",
        title="试点",
        path="/api/v1/index/pilots",
        filters=(),
        asks=frozenset(),
        sorts=(),
        state={"properties": shape},
        single=True,
        trail=False,
    )


def showing(described: Described | None = None) -> Showing:
    return Showing(described or Described({}, {}, (), {}), NAMES, "index")


@pytest.mark.parametrize(
    ("item", "name"),
    [
        ({"id": "a.jinma", "state": {"designated": {"community": "jinma"}}}, "金马试点"),
        ({"id": UUID, "state": {"street": "guanshang", "year": 2026}}, "关上街道 2026年试点"),
        ({"id": UUID, "state": {"street": "guanshang", "level": "district"}}, "关上街道试点"),
        ({"id": "district", "state": {"level": "district"}}, "区试点"),
        ({"id": UUID, "state": {}}, "试点"),
        ({"id": "t-1", "state": {}}, "试点 t-1"),
        ({"id": UUID, "number": "关上-0302-ABCD", "state": {"year": 2026}}, "关上-0302-ABCD"),
    ],
)
def test_a_record_without_a_title_is_called_by_whose_it_is_and_of_when(
    item: dict[str, Any], name: str
) -> None:
    one = listed(**PLACED, designated={"properties": PLACED})
    assert called(showing(), one, item).strip() == name


def test_what_is_kept_in_another_measure_than_it_was_said_in_stands_in_no_trail() -> None:
    """A score of 85.50 is kept as 8550; the record says it as it is."""
    asked: dict[str, dict[str, Any]] = {
        "score": {"title": "得分", "anyOf": [TEXT, {"type": "null"}]},
        "asked": {"title": "答卷份数", "type": "integer"},
    }
    one = listed()
    told = showing(Described({}, {}, (), {}, bodies={one.key: asked}))
    entry = {"version": 1, "at": "2026-11-01T00:00:00Z", "actor": "street:guanshang", "type": "x"}
    for data, said in (
        ({"score": 8550, "asked": 120}, "答卷份数：120"),
        ({"score": "85.50"}, "得分：85.50"),
    ):
        assert _entry(one, told, NAMES, {}, {**entry, "data": data})["said"] == said


def test_files_are_counted_and_areas_have_their_point_wherever_they_stand() -> None:
    photos = {"type": "array", "items": TEXT}
    assert showing().text("photos", photos, ["0" * 64, "f" * 64]) == "2 份"
    assert showing().text("photos", photos, ["楼道", "车棚"]) == "楼道、车棚"
    area = {"title": "应交面积（平方米）"}
    assert showing().text("area_owed", {**area, "type": "integer"}, 120050) == "1200.50"
    assert showing().text("area_owed", {**area, "type": "string"}, "1200.50") == "1200.50"
    for said, read in (("得分（百分之一分）", "得分（分）"), ("每人（百分之一）", "每人")):
        score = {"title": said, "type": "integer"}
        assert (showing().title("score", score), showing().text("score", score, 8600)) == (
            read,
            "86.00",
        )


def test_what_a_step_refers_to_is_chosen_from_its_list_and_what_was_said_stays() -> None:
    known = Described({}, {}, (), {})
    schema = {"properties": {"committee": TEXT}}
    records = {"committee": (("c-1", "关上街道议事委员会"),)}
    making = Making(described=known, names=NAMES, records=records)
    [one] = making.fields(schema, {})
    assert (one.kind, one.options) == ("choice", records["committee"])
    [kept] = making.fields(schema, {"committee": "c-0"})
    assert ("c-0", "c-0") in kept.options and kept.value == "c-0"


def test_what_may_be_done_to_many_parts_stands_once() -> None:
    def steps(title: str, *parts: str) -> list[Button]:
        return [Button(name="x", title=title, page="", part=part) for part in parts]

    few, many = steps("报到", "水务局", "城管局"), steps("年度考核", *"abcdef")
    assert together([*few, *many, *steps("撤销", "")]) == [
        ("报到", few[:1]),
        ("报到", few[1:]),
        ("年度考核", many),
        ("撤销", steps("撤销", "")),
    ]


async def test_what_a_figure_is_counted_from_is_called_by_what_was_told_of_it() -> None:
    look = cast(Look, SimpleNamespace(names=NAMES, described=Described({}, {}, (), {})))
    event = {"type": "procurement.project_evaluated.v1", "at": "2026-11-30T10:55:47Z"}
    fact = {"fact": f"evaluation.{UUID}", "value": 8510, "part": 8510, "of": 1, "events": [event]}
    shown = await behind(look, fact, {event["type"]: "项目评估"}, "分")
    events = [("2026-11-30 18:55", "项目评估")]
    assert shown == {"title": "项目评估", "page": "", "adds": "85.10 分", "events": events}
    place = await behind(look, {"community": "jinma", "events": []}, {}, "%")
    assert place["title"] == "金马"
    bonus = await behind(look, {"bonus": 200, "events": [{"id": "e-1"}]}, {}, "分")
    assert bonus["title"] == "附件9加分：2.00"


def test_less_than_an_hour_is_said_in_minutes() -> None:
    now = datetime(2026, 11, 29, 9, 22, tzinfo=UTC)
    assert lit({"due": "2026-11-29T09:52:00Z"}, 0, now).text == "剩30分钟"


def test_what_has_parts_is_shown_one_by_one_and_ids_are_shown_to_nobody() -> None:
    finding = {"properties": {"point": TEXT, "photos": {"type": "array", "items": TEXT}}}
    inspection = {"properties": {"at": TEXT, "findings": {"type": "array", "items": finding}}}
    shape = {
        "properties": {
            "plan": TEXT,
            "inspections": {"title": "查验", "type": "array", "items": inspection},
        }
    }
    found = {"at": "上午", "findings": [{"point": "临街", "photos": ["0" * 64]}]}
    group = showing().record("", shape, {"plan": UUID, "inspections": [found, found]})
    assert (group.facts, group.tables) == ([], [])
    assert [one.title for one in group.groups] == ["查验 1", "查验 2"]
    assert group.groups[0].tables[0].rows == [("临街", "1 份")]


def test_codes_of_units_and_what_was_done_on_news_are_said_in_words() -> None:
    names = Names({"unit": {"water": "区水务局"}})
    assert Showing(Described({}, {}, (), {}), names).text("code", TEXT, "water") == "区水务局"
    assert names.office("event:housing.community_profiled.v1") == "平台自动"


def test_what_the_platform_does_by_itself_is_said_in_words_of_its_own() -> None:
    """Whatever the code calls it."""
    root = Path(__file__).parents[2]
    sources = [
        path for at in ("chassis", "services", "gateway") for path in (root / at).rglob("*.py")
    ]
    written = re.compile(r'"(system:[a-z]+)"')
    acting = {one for path in sources for one in written.findall(path.read_text(encoding="utf-8"))}
    assert "system:clock" in acting
    said = {NAMES.office(one) for one in acting}
    assert len(said) == len(acting) and not any(one.isascii() or one == "平台自动" for one in said)
    assert NAMES.office("system:new") == "平台自动"


def test_a_code_is_not_shown_beside_what_it_stands_for_and_counts_have_names() -> None:
    shape = {"properties": {"code": TEXT, "name": TEXT, "receipt": TEXT, "by_street": {}}}
    state = {"code": "haihua", "name": "海华", "receipt": "0" * 64}
    counted = {"by_street": {"guanshang": None, "jinma": 7}, "willing": {"a": True}}
    group = showing().record("", shape, {**state, **counted})
    assert [text for _, text, _ in group.facts] == ["海华", "关上街道：—，jinma：7"]
    rows = {"type": "array", "items": shape}
    assert showing().record("", rows, [state]).tables[0].rows == [("海华",)]
    own = {"code": "B0101", "name": "助餐"}
    assert showing().record("", rows, [own]).tables[0].rows == [("B0101", "助餐")]


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("open311", "网上反映"),
        ("matter:8f14e45f-ceea-567b-9d2b-1a2b3c4d5e6f", "议事协商转来"),
        ("agreement:8f14e45f-ceea-567b-9d2b-1a2b3c4d5e6f", "两房协议逾期未移交"),
        ("partner:/partners/hotline", "合作方 hotline"),
        ("partner:hotline", "合作方 hotline"),
    ],
)
def test_what_a_case_comes_of_is_said_in_words(said: str, read: str) -> None:
    assert showing().text("origin", {"type": "string"}, said) == read


def test_whoever_is_meant_by_kind_and_code_is_chosen_by_name() -> None:
    kind = {"type": "string", "enum": ["street", "community"]}
    making = Making(described=Described({}, {}, (), {}), names=NAMES)
    [_, code] = making.fields({"properties": {"kind": kind, "code": TEXT}}, {"code": "jinma"})
    offered = (("guanshang", "街道 · 关上街道"), ("jinma", "社区 · 金马"))
    assert (code.kind, code.options, code.value) == ("choice", offered, "jinma")
    other = {"type": "string", "enum": ["street", "mass_organisation"]}
    [_, code] = making.fields({"properties": {"kind": other, "code": TEXT}}, {})
    assert code.kind == "text", "of some there is no register"


def test_an_office_is_chosen_by_name_and_sent_as_it_acts() -> None:
    making = Making(described=Described({}, {}, (), {}), names=NAMES)
    [to] = making.fields({"properties": {"to": {**TEXT, "x-office": True}}}, {})
    assert to.kind == "choice"
    assert to.options[:2] == (
        ("street:guanshang", "街道 · 关上街道"),
        ("community:jinma", "社区 · 金马"),
    )
    assert ("department:court", "区法院") in to.options
    assert NAMES.office("department:stability") == "区维稳办"


def test_a_data_source_of_the_index_that_is_in_no_register_has_its_name() -> None:
    units = {code for code, _ in member_units()}
    beside = {code: name for name, code in data_sources().items() if code not in units}
    assert beside and {code: NAMES.named("units", code) for code in beside} == beside
    assert NAMES.named("unit", "supervision_office") == "区目督办"


def test_figures_are_read_in_the_unit_that_people_use() -> None:
    text = "数字,数值\n及时到场率（万分之）,5000\n平均得分（百分之一分，暂计）,7350\n退回次数,3\n"
    text += "满意度（百分之一）,452\n每百户社区用房面积（百分之一平方米）,3050\n"
    assert table_of(text).rows == [
        ["及时到场率（%）", "50.00"],
        ["平均得分（分，暂计）", "73.50"],
        ["退回次数", "3"],
        ["满意度", "4.52"],
        ["每百户社区用房面积（平方米）", "30.50"],
    ]


def test_M_08_until_when_a_dispute_is_listed_is_shown_and_a_count_of_lists_is_not() -> None:
    until = {"type": "object", "properties": {"until": {"type": "string", "title": "截止"}}}
    showing = Showing(Described({}, {}, (), {}), NAMES)
    schema = {"properties": {"listed": {**until, "title": "挂牌督办"}}}
    group = showing.record("", schema, {"listed": {"until": "2026-12-10"}})
    assert [(one.title, one.facts) for one in group.groups] == [
        ("挂牌督办", [("截止", "2026-12-10", "")])
    ]
    counted = {"properties": {"listed": {"type": "integer", "title": "已列入"}}}
    assert showing.record("", counted, {"listed": 3}).facts == []


def test_a_table_is_shown_without_what_is_for_machines() -> None:
    """M-10, A-13: who stands in a roll is told by his code, money is in yuan, a guard is no part of a number."""
    id = "0d5cdda6-c168-5cb6-9aa1-be736982335f"
    text = f"编号,代码,差额（分）,面积\n{id},m-01,'-28050,'-84175.32\n{id},m-02,,1.00\n"
    found = table_of(text)
    assert found.columns == ["代码", "差额（元）", "面积"]
    assert found.rows == [["m-01", "-280.50", "-84175.32"], ["m-02", "", "1.00"]]
    assert table_of("代码,名称\nhaihua,海华\n").columns == ["名称"]
