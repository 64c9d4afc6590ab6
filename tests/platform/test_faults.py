"""What is wrong with a field, said so that whoever typed it can mend it."""

import typing
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import pytest
from fastapi import FastAPI
from pydantic import Field, TypeAdapter, ValidationError
from pydantic_core.core_schema import ErrorType

from chassis.edge import Edge
from chassis.faults import CHINESE, PATTERNS, said, wants_english
from chassis.http import Asked
from chassis.problems import answer_refusals, malformed
from chassis.titles import COMMON, titled
from chassis.words import Day, Flag, Moment, Short, Whole
from contracts import event as published
from contracts.published import PARTNERS
from gateway import main as gateway
from gateway.forward import Direct
from gateway.titles import TITLES
from gongzhi import compose, keys
from gongzhi.roster import SERVICES, build

from .test_http_door import ask

SAYING_MORE = {"value_error", "string_pattern_mismatch"}


class SeatIn(Asked):
    title: Short
    seats: Whole
    party: Flag
    since: Day
    at: Moment


GOOD = {
    "title": "议事会",
    "seats": 9,
    "party": True,
    "since": "2026-01-01",
    "at": "2026-01-01T09:00:00+08:00",
}


def test_every_kind_of_error_pydantic_has_is_said_in_chinese() -> None:
    kinds = set(typing.get_args(ErrorType))
    assert set(CHINESE) | SAYING_MORE == kinds
    for kind in CHINESE:
        sentence = said({"type": kind, "loc": ("body",), "msg": "in English", "ctx": {}})
        assert not sentence.isascii() and "in English" not in sentence


def faults(**given: Any) -> list[tuple[str, str]]:
    with pytest.raises(ValidationError) as error:
        SeatIn.model_validate({**GOOD, **given})
    return [(str(fault["loc"][0]), said(fault)) for fault in error.value.errors()]


class SeatsIn(Asked):
    seats: Annotated[tuple[SeatIn, ...], Field(min_length=1)]


@pytest.mark.parametrize(
    ("seats", "wrong"),
    [([{**GOOD, "seats": "九"}], ["seats.0.seats"]), ([], ["seats"]), ([GOOD, 1], ["seats.1"])],
)
def test_a_list_is_not_called_too_short_for_what_is_wrong_with_what_is_in_it(
    seats: list[Any], wrong: list[str]
) -> None:
    with pytest.raises(ValidationError) as error:
        SeatsIn.model_validate({"seats": seats})
    faults = malformed(error.value, {}, english=False)["errors"]
    assert [fault["field"] for fault in faults] == wrong


@pytest.mark.parametrize("seats", [True, "9", "1_000", "+5", 1e11, 9.0, "９", None])
def test_a_number_is_a_json_integer(seats: Any) -> None:
    [(field, why)] = faults(seats=seats)
    assert field == "seats" and "整数" in why


@pytest.mark.parametrize("party", ["true", 1, "yes", 0])
def test_yes_or_no_is_a_json_boolean(party: Any) -> None:
    assert faults(party=party) == [("party", "应为 true 或 false（不加引号）")]


@pytest.mark.parametrize(
    "since",
    [0, 1767225600, "1767225600", "2026-1-1", "2026-02-30", "1899-12-31", "2026-01-01T00:00:00"],
)
def test_a_day_is_written_out_and_of_our_time(since: Any) -> None:
    [(field, _)] = faults(since=since)
    assert field == "since"


def test_a_partner_is_told_which_years_are_taken() -> None:
    for kind, at in (
        (published.Day, "9999-12-31"),
        (published.Instant, "0001-01-01T00:00:00+14:00"),
    ):
        with pytest.raises(ValidationError) as error:
            TypeAdapter(kind).validate_python(at)
        [fault] = error.value.errors()
        assert said(fault).endswith("应在 1900 年至 9000 年之间")


@pytest.mark.parametrize(
    "at",
    [
        "9999-12-31T23:59:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "1999-12-31T23:59:59Z",
        "2100-01-01T00:00:01Z",
        "2026-01-01T09:00:00",
        "2026-01-01",
        "1.7e9",
        1767225600,
    ],
)
def test_an_instant_has_its_offset_and_lies_between_two_bounds(at: Any) -> None:
    [(field, why)] = faults(at=at)
    assert field == "at" and not why.isascii()


def test_a_parameter_of_an_address_may_be_called_otherwise_than_a_field_of_a_body() -> None:
    titles = {"by": "主体", "until": "至第几号", "query.until": "到何时"}
    assert titled(("body", "by"), titles) == "主体"
    assert titled(("query", "by"), titles) == "分组方式"
    assert (titled(("query", "until", 0), titles), titled(("body", "until"), titles)) == (
        "到何时",
        "至第几号",
    )
    assert (titled((), titles), titled(("body", "x"), titles)) == ("内容", "x")


@pytest.mark.parametrize(
    ("given", "bound"),
    [
        ({"since": "1899-12-31"}, "1900-01-01"),
        ({"at": "1999-12-31T09:00:00+08:00"}, "2000-01-01"),
    ],
)
def test_a_bound_in_time_is_a_day_and_nothing_of_python(given: dict[str, str], bound: str) -> None:
    assert [why for _, why in faults(**given)] == [f"应不小于 {bound}"]
    with pytest.raises(ValidationError) as error:
        SeatIn.model_validate({**GOOD, **given})
    assert said(error.value.errors()[0], english=True).endswith(f"equal to {bound}")


def test_codes_to_choose_from_stand_in_a_row() -> None:
    with pytest.raises(ValidationError) as error:
        TypeAdapter(typing.Literal["blown", "registered", "closed"]).validate_python("x")
    assert said(error.value.errors()[0]) == "应为以下之一：blown、registered 或 closed"


def test_hidden_characters_are_refused_under_the_name_of_their_field() -> None:
    assert faults(title="议\u202e事会") == [("title", "含有看不见的控制或格式字符（U+202E）")]
    assert SeatIn.model_validate({**GOOD, "title": "\u3000议事会 "}).title == "议事会"


def test_a_field_is_called_what_people_call_it() -> None:
    assert titled(("body", "members", 0, "seat"), {"seat": "席位"}) == "席位"
    assert titled(("header", "if-match"), {}) == "版本（If-Match）"
    assert titled((), {}) == "内容"


@pytest.mark.parametrize(
    ("asked", "english"),
    [(None, False), ("", False), ("zh-CN,en;q=0.8", False), ("en", True), ("en-GB,zh;q=0.5", True)],
)
def test_chinese_is_spoken_unless_english_comes_first(asked: str | None, english: bool) -> None:
    assert wants_english(asked) is english


async def test_the_answer_names_title_and_reason_in_the_callers_language() -> None:
    app = FastAPI()
    answer_refusals(app, {"seats": "席位数"})

    @app.post("/seats")
    async def seat(body: SeatIn) -> None:
        return None

    body = b'{"title": "a", "seats": true, "party": true, "since": "2026-01-01"}'
    kind = {"content-type": "application/json"}
    chinese = (await ask(app, "/seats", "POST", body, **kind)).body
    assert chinese["detail"] == "席位数：应为整数（不加引号、不带小数点）。"
    assert chinese["errors"][1] == {"field": "body.at", "title": "时间", "detail": "必须填写"}
    english = (await ask(app, "/seats", "POST", body, **kind, **{"accept-language": "en"})).body
    assert english["detail"] == "body.seats: Input should be a valid integer"
    assert english["field"] == chinese["field"] == "body.seats"
    form = {"content-type": "application/x-www-form-urlencoded"}
    unread = (await ask(app, "/seats", "POST", body, **form)).body
    assert (
        unread["detail"] == "请求内容：应为 JSON，并在请求头注明 Content-Type: application/json。"
    )
    unread = (await ask(app, "/seats", "POST", body, **form, **{"accept-language": "en"})).body
    assert unread["detail"].startswith("body: Should be JSON")


# Nothing that comes in is without a title, words for its pattern, and a strict type


def _documents(folder: Path) -> Iterator[tuple[dict[str, Any], dict[str, str]]]:
    runtime = compose.runtime(keys.settings_for(folder), "tests")
    services = {name: build(name, runtime) for name in SERVICES}
    for service in services.values():
        app = service.app()
        assert isinstance(app, Edge)
        yield app._app.openapi(), dict(service.titles)  # type: ignore[attr-defined]
    _, door = gateway.build(runtime, Direct({}))
    yield door._app.app._own.openapi(), TITLES  # type: ignore[attr-defined]


def _leaves(
    document: dict[str, Any], schema: dict[str, Any], name: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    if reference := schema.get("$ref"):
        schema = document["components"]["schemas"][reference.rpartition("/")[2]]
    yield name, schema
    for key, inner in schema.get("properties", {}).items():
        yield from _leaves(document, inner, key)
    for inner in [schema.get("items"), *schema.get("anyOf", ()), *schema.get("prefixItems", ())]:
        if isinstance(inner, dict):
            yield from _leaves(document, inner, name)


def _asked(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for item in document["paths"].values():
        for operation in item.values():
            for parameter in operation.get("parameters", ()):
                yield from _leaves(document, parameter["schema"], parameter["name"].lower())
            for content in operation.get("requestBody", {}).get("content", {}).values():
                yield from _leaves(document, content["schema"], "body")


def test_every_field_that_is_asked_for_has_a_title_and_every_pattern_its_words(
    tmp_path: Path,
) -> None:
    count = 0
    for document, titles in _documents(tmp_path):
        for name, schema in _asked(document):
            count += 1
            assert name in titles or name in COMMON, name
            assert schema.get("pattern") is None or schema["pattern"] in PATTERNS, schema
    assert count > 300
    for partner in PARTNERS.values():
        for name in partner.model_fields:
            assert name in TITLES or name in COMMON, name


def _typed(schema: Any, name: str, cleaned: bool) -> Iterator[tuple[str, str, bool]]:
    """Field, type and whether it is guarded, for every leaf of a pydantic core schema."""
    if isinstance(schema, list | tuple):
        for one in schema:
            yield from _typed(one, name, cleaned)
    if not isinstance(schema, dict):
        return
    kind = schema.get("type")
    cleaned = cleaned or str(kind).startswith("function-")
    match kind:
        case "int" | "bool":
            yield name, kind, bool(schema.get("strict"))
        case "str":
            yield name, kind, cleaned or "pattern" in schema
        case "date" | "datetime":
            yield name, kind, cleaned
    for key, inner in schema.items():
        if key == "fields" and isinstance(inner, dict):
            for field, one in inner.items():
                yield from _typed(one, field, False)
        elif key not in ("metadata", "serialization", "default", "ref"):
            yield from _typed(inner, name, cleaned)


def _bodies(model: type[Asked]) -> Iterator[type[Asked]]:
    for one in model.__subclasses__():
        if not one.__module__.startswith("tests."):
            yield one
        yield from _bodies(one)


CODES_IN_OTHER_WORDS = {
    "committee",
    "problem",
    "area",
    "area_owed",
    "area_handed_over",
    "first",
    "second",
    "event",
}
"""Ids that are looked up, areas whose rule says what is wrong with them, an event that is read as one."""


def test_no_body_guesses_a_number_or_takes_a_text_as_it_comes() -> None:
    for name in SERVICES:
        import_module(f"services.{name}.main")
    bodies = set(_bodies(Asked))
    assert len(bodies) > 200
    bare = {
        (body.__name__, name, kind)
        for body in bodies
        for name, kind, guarded in _typed(body.__pydantic_core_schema__, body.__name__, False)
        if not guarded and name not in CODES_IN_OTHER_WORDS
    }
    assert not bare
