"""Forms of the console: whatever any step asks for can be filled in, and comes out as it was meant."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from console.described import Described
from console.describing import read
from console.filled import filled
from console.forms import Field, Making
from console.lamps import lit
from console.registers import STREET_OF, Names
from console.routes.policies import names_of, nodes
from console.shown import Showing, yuan
from console.taking import errors_of
from console.trails import clocks
from gongzhi.roster import SERVICES
from tests.support.inside import inside, starting

NAMES = Names({"community": {"jinma": "金马"}, "unit": {"water": "区水务局"}})
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


async def test_every_body_of_every_step_can_be_filled_in_and_comes_back_the_same(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with starting(tmp_path / "data") as platform:
        async with platform.session.get(f"{platform.url}/openapi.json") as answer:
            document = await answer.json()
    described, seen = read(document), 0
    for operation, schema, example in bodies(document):
        form: dict[str, list[str]] = {}
        making = Making(described=described, names=Names({}), service=operation.partition(".")[0])
        for one in making.fields(described.resolved(schema), example):
            sends(one, form)
        said = filled(described, described.resolved(schema), form)
        assert holds(said, example), (operation, said, example)
        whole = {**schema, "components": document["components"]}
        faults = list(Draft202012Validator(whole).iter_errors(json.loads(json.dumps(said))))
        assert not faults, (operation, [fault.message for fault in faults])
        seen += 1
    assert seen > 250


async def test_no_form_has_two_fields_of_one_name(tmp_path: Path, sqlite_url: str) -> None:
    async with starting(tmp_path / "data") as platform:
        async with platform.session.get(f"{platform.url}/openapi.json") as answer:
            document = await answer.json()
    described, alike = read(document), {}
    for operation, schema, _ in bodies(document):
        fields = described.resolved(schema)["properties"].values()
        many = Counter(one["title"] for one in fields)
        if twice := [title for title, times in many.items() if times > 1]:
            alike[operation] = twice
    assert alike == {}


async def test_every_number_of_every_policy_has_a_name(tmp_path: Path, sqlite_url: str) -> None:
    async with inside(tmp_path / "data") as platform:
        async with platform.session.get(f"{platform.url}/openapi.json") as answer:
            described = read(await answer.json())
        for service in SERVICES:
            book = await platform("district_admin").get(f"/api/v1/{service}/policy")
            named = names_of(described, NAMES, service)
            values = book["state"]["editions"][-1]["values"]
            unnamed = [name for _, name, _ in nodes(values, named) if re.search("[a-z]", name)]
            assert unnamed == [], service


def bodies(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    for item in document["paths"].values():
        for operation in item.values():
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            if "x-rules" in operation and isinstance(body.get("example"), dict):
                yield operation["operationId"], body["schema"], body["example"]


def holds(said: Any, example: Any) -> bool:
    """Everything that was meant, and perhaps defaults beside it; what is empty is left out of a form."""
    if example in (None, []):
        return said in (None, [])
    if isinstance(example, dict):
        known = said or {}
        return all(holds(known.get(name), value) for name, value in example.items())
    if isinstance(example, list):
        return len(said) == len(example) and all(map(holds, said, example))
    if isinstance(example, str) and example.endswith("Z"):
        return datetime.fromisoformat(said) == datetime.fromisoformat(example)
    return bool(said == example)


def sends(one: Field, form: dict[str, list[str]]) -> None:
    """What a browser would send of it."""
    for part in one.parts:
        sends(part, form)
    if one.kind == "many":
        form[one.name] = list(one.value)
    elif one.kind == "named":
        form[f"{one.name}._for"] = [one.value]
    elif one.kind not in ("group", "rows"):
        form[one.name] = [str(one.value)]


def described(**properties: Any) -> tuple[Described, dict[str, Any]]:
    schema = {"type": "object", "properties": properties, "required": list(properties)}
    return Described({}, {}, (), {}), schema


def test_money_is_written_in_yuan_and_sent_in_fen() -> None:
    known, schema = described(amount={"type": "integer", "title": "金额（分）"})
    [one] = Making(described=known, names=NAMES).fields(schema, {"amount": 123456})
    assert (one.title, one.value, one.kind) == ("金额（元）", "1234.56", "money")
    assert filled(known, schema, {"amount": ["1234.56"]}) == {"amount": 123456}
    assert filled(known, schema, {"amount": ["1234.567"]}) == {"amount": "1234.567"}
    assert yuan(-5) == "-0.05"


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("1,234,567.5", 123456750),
        ("12，800", 1280000),
        ("１２８", 12800),
        ("128.500", 12850),
        ("12,80", "12,80"),
        ("1,234.567", "1,234.567"),
        ("5万", "5万"),
    ],
)
def test_money_is_read_as_people_write_it(typed: str, fen: int | str) -> None:
    known, schema = described(amount={"type": "integer", "title": "金额（分）"})
    assert filled(known, schema, {"amount": [typed]}) == {"amount": fen}


@pytest.mark.parametrize(
    "typed",
    ["Infinity", "NaN", "1e999999", "1e99999", "9" * 5000, "[" * 9999],
    ids=["infinite", "none", "too large", "large", "long", "deep"],
)
@pytest.mark.parametrize(
    "shape",
    [{"type": "integer", "title": "金额（分）"}, {"type": "integer"}, {"type": "object"}],
)
def test_what_is_no_number_is_sent_as_it_stands_however_it_is_written(
    typed: str, shape: dict[str, Any]
) -> None:
    known, schema = described(said=shape)
    assert json.dumps(filled(known, schema, {"said": [typed]}))


def test_a_count_is_read_with_its_thousands() -> None:
    known, schema = described(households={"type": "integer", "title": "户数"})
    assert filled(known, schema, {"households": ["1,200"]}) == {"households": 1200}
    assert filled(known, schema, {"households": ["1,20"]}) == {"households": "1,20"}


def test_what_cannot_be_read_is_sent_as_it_stands_for_the_platform_to_refuse() -> None:
    known, schema = described(count={"type": "integer"}, on={"type": "string", "format": "date"})
    assert filled(known, schema, {"count": ["三"], "on": ["明天"]}) == {"count": "三", "on": "明天"}
    assert filled(known, schema, {}) == {}


def test_an_empty_text_that_must_be_there_is_sent_empty_so_that_its_rule_answers() -> None:
    known, schema = described(reason={"type": "string"})
    assert filled(known, schema, {"reason": ["  "]}) == {"reason": ""}


def test_what_has_to_be_said_and_may_be_nothing_is_sent_as_nothing() -> None:
    until = {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]}
    known, schema = described(until=until)
    [one] = Making(described=known, names=NAMES).fields(schema, {})
    assert not one.required
    assert filled(known, schema, {"until": [" "]}) == {"until": None}
    assert filled(known, schema, {"until": ["2026-12-31"]}) == {"until": "2026-12-31"}


def test_times_are_shanghais() -> None:
    known, schema = described(at={"type": "string", "format": "date-time"})
    [one] = Making(described=known, names=NAMES).fields(schema, {"at": "2026-03-02T02:00:00Z"})
    assert one.value == "2026-03-02T10:00"
    assert filled(known, schema, {"at": ["2026-03-02T10:00"]}) == {
        "at": "2026-03-02T10:00:00+08:00"
    }


def test_codes_of_a_register_are_chosen_by_name() -> None:
    known, schema = described(
        community={"type": "string"}, units={"type": "array", "items": {"type": "string"}}
    )
    place, units = Making(described=known, names=NAMES).fields(schema, {})
    assert (place.kind, place.options) == ("choice", (("jinma", "金马"),))
    assert (units.kind, units.options) == ("many", (("water", "区水务局"),))


PLACES = Names(
    {
        "street": {"jinma": "金马街道", "guanshang": "关上街道"},
        "community": {"jinma": "金马", "haihua": "海华", "nowhere": "不知在哪"},
        STREET_OF: {"jinma": "jinma", "haihua": "guanshang"},
    }
)
EVERY = (["jinma", "guanshang"], ["jinma", "haihua", "nowhere"])


@pytest.mark.parametrize(
    ("office", "streets", "communities"),
    [
        ("street:guanshang", ["guanshang"], ["haihua"]),
        ("community:haihua", ["guanshang"], ["haihua"]),
        ("community:nowhere", [], ["nowhere"]),
        ("command_centre", *EVERY),
        ("department:water", *EVERY),
    ],
)
def test_only_places_that_one_may_act_for_are_offered_however_deep_they_stand(
    office: str, streets: list[str], communities: list[str]
) -> None:
    several = {"type": "array", "items": {"type": "string"}}
    about = {"type": "object", "properties": {"communities": several}}
    known, schema = described(street={"type": "string"}, about=about)
    kind, _, code = office.partition(":")
    making = Making(described=known, names=PLACES, own=PLACES.own(kind, code))
    [street, group] = making.fields(schema, {})
    assert [one for one, _ in street.options] == streets
    assert [one for one, _ in group.parts[0].options] == communities


def test_a_place_that_must_be_named_and_can_only_be_ones_own_is_named() -> None:
    text = {"type": "string"}
    known, schema = described(street=text, community=text)
    optional = {**schema, "required": []}

    def named(office: str, asked: dict[str, Any]) -> list[str]:
        kind, _, code = office.partition(":")
        making = Making(described=known, names=PLACES, own=PLACES.own(kind, code))
        return [one.value for one in making.fields(asked, {})]

    assert named("community:haihua", schema) == ["guanshang", "haihua"]
    assert named("community:haihua", optional) == ["", ""]
    assert named("command_centre", schema) == ["", ""]


def test_of_several_that_can_be_chosen_the_only_one_that_is_ones_own_is_ticked() -> None:
    text = {"type": "string"}
    known, schema = described(communities={"type": "array", "items": text, "x-own": "community"})
    making = Making(described=known, names=PLACES, own=PLACES.own("community", "haihua"))
    [many] = making.fields(schema, {})
    assert (many.kind, many.value) == ("many", ["haihua"])


def test_where_nothing_can_be_chosen_that_is_said_and_nobody_types_an_id() -> None:
    text = {"type": "string"}
    known, schema = described(plan=text, plans={"type": "array", "items": text})
    making = Making(described=known, names=NAMES, records={"plan": (), "plans": ()})
    one, many = making.fields(schema, {})
    assert (one.kind, one.options, many.kind) == ("choice", (), "many")
    assert one.hint == many.hint == "现在没有可选的。"
    [kept, _] = making.fields(schema, {"plan": "p-1"})
    assert kept.options == (("p-1", "p-1"),)


def test_what_is_wrong_with_one_of_a_list_stands_at_the_list_that_is_one_field() -> None:
    several = {"type": "array", "items": {"type": "string"}}
    known, schema = described(cases=several, casework=several, units=several)
    errors = {"cases.1": "没有这条记录", "units": "请写明"}
    fields = Making(described=known, names=NAMES, errors=errors).fields(schema, {})
    assert [one.error for one in fields] == ["没有这条记录", "", "请写明"]


def test_what_cannot_be_read_is_said_to_who_fills_in_a_form_and_not_to_who_writes_json() -> None:
    line = {"type": "object", "title": "项目", "properties": {"count": {"type": "integer"}}}
    known, schema = described(
        amount={"type": "integer", "title": "金额（分）"},
        community={"type": "string", "title": "社区"},
        units={"type": "array", "title": "单位", "items": {"type": "string"}},
        lines={"type": "array", "title": "各项", "items": line},
        none={"type": "array", "title": "名单", "items": line},
        base_year={"type": "integer", "title": "年份"},
    )
    json_said = "应为整数（不加引号、不带小数点）"
    errors = {
        "amount": json_said,
        "community": "应为代码：小写字母、数字、_ 和 -",
        "units": "长度至少 1，现有 0",
        "lines.0.count": json_said,
        "none": "长度至少 1，现有 0",
        "base_year": json_said,
    }
    said = {"amount": "五万", "lines": [{"count": "三"}], "base_year": "今年"}
    making = Making(described=known, names=NAMES, errors=errors)
    fields = making.fields(schema, said)
    assert making.faults(fields) == [
        ("f-amount", "金额（元）", "请只写金额，以元为单位，至多两位小数，例如 12800.50"),
        ("f-community", "社区", "请选择"),
        ("f-units", "单位", "请至少选一项"),
        ("f-lines-0-count", "各项 › 第 1 项 › count", "请只写数字，例如 12"),
        ("f-none", "名单", "请填写"),
        ("f-base_year", "年份", "请只写年份，例如 2026"),
    ]
    # What has no field of its own must be said above them.
    assert replace(making, errors={**errors, "elsewhere": "有误"}).faults(fields) == []
    known, schema = described(amount={"type": "integer", "title": "金额（分）"})
    refused = Making(described=known, names=NAMES, errors={"amount": "超过上限。"})
    assert refused.fields(schema, {"amount": 100})[0].error == "超过上限。"


def test_faults_stand_under_the_names_of_their_fields() -> None:
    found = errors_of({"errors": [{"field": "body.tasks.0.unit", "detail": "必须填写"}]})
    assert found == {"tasks.0.unit": "必须填写"}
    assert errors_of({"field": "reason", "detail": "须写明理由。"}) == {"reason": "须写明理由。"}


def test_a_lamp_is_a_colour_and_a_word_and_the_working_time_left() -> None:
    due = "2026-03-02T06:00:00Z"
    lit_up = {
        left: lit({"due": due}, left, NOW) for left in (4 * 3600, 4 * 3600 - 1, -1, 0, 10 * 3600)
    }
    assert [(one.colour, one.word) for one in lit_up.values()] == [
        ("green", "绿"),
        ("yellow", "黄"),
        ("red", "红"),
        ("yellow", "黄"),
        ("green", "绿"),
    ]
    assert lit_up[10 * 3600].text == "剩1工作日3小时"
    assert lit_up[0].text == "剩4小时"
    assert lit_up[-1].urgent and not lit_up[4 * 3600].urgent


@pytest.mark.parametrize(
    ("due", "said"),
    [
        ("2026-12-31T16:00:00Z", "2026-12-31 24:00"),
        ("2026-12-31T16:01:00Z", "2027-01-01 00:01"),
        ("2026-12-31T09:00:00Z", "2026-12-31 17:00"),
    ],
)
def test_what_is_due_by_midnight_is_due_on_the_day_that_ends(due: str, said: str) -> None:
    """Who reads the day after takes it for his last."""
    assert lit({"due": due}, 3600, NOW).due == said
    assert clocks(NAMES, {}, {"due": due}) == [f"限 {said}"]


def test_a_clock_says_its_limit_and_whether_it_was_kept() -> None:
    clock = {
        "type": "object",
        "properties": {"deadline": {"type": "object"}, "met_at": {"type": "string"}},
    }
    value = {"deadline": {"due": "2026-03-02T06:00:00Z"}, "met_at": "2026-03-02T07:00:00Z"}
    text = Showing(Described({}, {}, (), {}), NAMES).text("arrival", clock, value)
    assert text == "限 2026-03-02 14:00，2026-03-02 15:00 逾期完成"
