"""What the API says of itself: each operation, each field, each code, in the words of those who use it."""

import asyncio
import importlib
import re
import time
from collections import Counter
from collections.abc import Iterator
from pkgutil import walk_packages
from typing import Any

import pytest
from fastapi import FastAPI
from jsonschema import Draft202012Validator

from chassis.openapi import told, words_of
from chassis.routes import every
from chassis.shapes import shape_of
from chassis.titles import COMMON, title_of
from chassis.vocabulary import word_for
from contracts.public import PUBLIC
from contracts.published import PARTNERS
from contracts.uploads import UPLOADS
from gateway import main as gateway
from gateway.forward import Direct
from gongzhi import compose, keys
from gongzhi.roster import GATEWAY, SERVICES, build

pytestmark = pytest.mark.xdist_group("described")
"""One process makes what all of them look at."""

CALLED = re.compile(r"[a-z]+(\.[a-z0-9_]+)+")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
PROBLEM, OPEN311 = {"application/problem+json"}, {"application/json", "text/xml"}
"""How a refusal is written; the standard has its own way, beside what the platform says before it is asked."""
OF_ALL = {"livez", "startupz", "readyz", "rules", "steps", "words"}
"""Says what there is, and nothing of what is kept."""


@pytest.fixture(scope="module", params=[*SERVICES, GATEWAY])
def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, FastAPI]:
    runtime = compose.runtime(keys.settings_for(tmp_path_factory.mktemp("described")), "tests")
    if request.param == GATEWAY:
        _, door = gateway.build(runtime, Direct({}))
        return GATEWAY, door._app.app._own  # type: ignore[attr-defined]
    app: FastAPI = build(request.param, runtime).app()._app  # type: ignore[attr-defined]
    return request.param, app


@pytest.fixture(scope="module")
def described(served: tuple[str, FastAPI]) -> tuple[str, dict[str, Any]]:
    name, app = served
    return name, app.openapi()


def open_of(service: str) -> set[str]:
    """What residents and strangers may come to without a token."""
    return {path.partition("/")[0] for path in PUBLIC.get(service, ())}


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for operation in item.values():
            yield path, operation


def codes_of(document: dict[str, Any], schema: dict[str, Any]) -> set[str]:
    """Of a parameter."""
    named = schema.get("$ref", "").rpartition("/")[2]
    known = document["components"]["schemas"].get(named, schema)
    return set(known.get("enum", ()))


def test_each_operation_has_a_name_of_its_own_and_says_in_chinese_what_it_is(
    described: tuple[str, dict[str, Any]],
) -> None:
    service, document = described
    names = Counter(operation["operationId"] for _, operation in operations(document))
    assert max(names.values()) == 1, names.most_common(2)
    for path, operation in operations(document):
        assert CALLED.fullmatch(operation["operationId"]), path
        assert operation["operationId"].startswith(f"{service}.")
        assert CHINESE.search(operation["summary"]), path
        assert operation["tags"], path


def test_whatever_wants_a_token_says_so_and_how_it_refuses(
    described: tuple[str, dict[str, Any]],
) -> None:
    service, document = described
    for path, operation in operations(document):
        area = path.removeprefix(f"/api/v1/{service}").strip("/").partition("/")[0]
        open_to_all = area in OF_ALL | open_of(service)
        assert bool(operation.get("security")) != open_to_all, path
        heads = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "header"}
        assert ("X-Act-As" in heads) != open_to_all, path
        for status, answer in operation["responses"].items():
            if status >= "400":
                own = OPEN311 if "/open311/" in path else set()
                assert set(answer["content"]) - own <= PROBLEM, path
                assert set(answer["content"]) == PROBLEM or own, path
                assert CHINESE.search(answer["description"]), path


def test_each_body_has_an_example_that_is_in_order(served: tuple[str, FastAPI]) -> None:
    name, app = served
    document, shown = app.openapi(), 0
    for route in every(app):
        if route.body_field is None:
            continue
        method = next(iter(route.methods or ()))
        operation = document["paths"][route.path_format][method.lower()]
        content = operation["requestBody"]["content"]
        for media, body in content.items():
            if media == "application/json":
                _, errors = route.body_field.validate(body["example"], {}, loc=("body",))
                assert not errors, (route.path, body["example"], errors)
                shown += 1
    assert shown > 2, name


def test_each_example_fits_its_schema(described: tuple[str, dict[str, Any]]) -> None:
    """As whoever reads the description sees it, whether the framework takes the body or we read it ourselves."""
    _, document = described
    for path, operation in operations(document):
        for media, body in operation.get("requestBody", {}).get("content", {}).items():
            if media.endswith("json") and body["schema"].get("format") != "binary":
                schema = {**body["schema"], "components": document["components"]}
                assert Draft202012Validator(schema).is_valid(body["example"]), (path, media)


LISTED = {
    ("consultation", "SessionIn", "matter"): "consultation.matters",
    ("mediation", "SessionIn", "mediators"): "mediation.mediators",
    ("organisations", "MeetingIn", "needs"): "organisations.needs",
    ("organisations", "MeetingIn", "agenda"): None,
    ("whistle", "WhistleIn", "problem"): "whistle.problems",
    ("whistle", "WhistleIn", "units"): None,
    ("affairs", "EntryIn", "department"): None,
}
"""By service, model and field: one, several, and what is no id of a list that has records of their own."""
BELOW = {"items", "additionalProperties", "anyOf", "oneOf", "allOf", "prefixItems"}


def unbounded(document: dict[str, Any], part: Any, at: str, met: frozenset[str]) -> Iterator[str]:
    """The lists below a part of a schema that may be of any length."""
    if isinstance(part, list):
        for one in part:
            yield from unbounded(document, one, at, met)
    elif isinstance(part, dict) and "$ref" in part:
        name = part["$ref"].rpartition("/")[2]
        if name not in met:
            whole = document["components"]["schemas"][name]
            yield from unbounded(document, whole, name, met | {name})
    elif isinstance(part, dict):
        if part.get("type") == "array" and "maxItems" not in part:
            yield at
        for name, one in part.get("properties", {}).items():
            yield from unbounded(document, one, f"{at}.{name}", met)
        for key in BELOW & part.keys():
            yield from unbounded(document, part[key], at, met)


def test_each_list_in_a_body_is_bounded(described: tuple[str, dict[str, Any]]) -> None:
    """Except in a partner's event: its contract is released, and the event is bounded as a whole."""
    _, document = described
    endless = {
        (path, found)
        for path, operation in operations(document)
        if path != "/api/v1/partners/events"
        for body in operation.get("requestBody", {}).get("content", {}).values()
        for found in unbounded(document, body["schema"], "body", frozenset())
    }
    assert endless == set(), "chassis.words.Several, or a bound of its own"


def test_a_field_says_of_which_list_its_ids_are(described: tuple[str, dict[str, Any]]) -> None:
    """Which a form then offers: the console's own, or a department's."""
    service, document = described
    named = {one["operationId"] for _, one in operations(document)}
    said = {
        (model, field): shape["x-list"]
        for model, schema in document["components"]["schemas"].items()
        for field, shape in schema.get("properties", {}).items()
        if "x-list" in shape
    }
    for known in said.values():
        assert f"{known}.list" in named and named & {f"{known}.one", f"{known}.show"}, known
    for (of, model, field), known in LISTED.items():
        assert said.get((model, field)) == known or of != service, (model, field)


def test_each_field_has_a_title(described: tuple[str, dict[str, Any]]) -> None:
    service, document = described
    untitled = {
        field
        for schema in document["components"]["schemas"].values()
        for field, shape in schema.get("properties", {}).items()
        if not CHINESE.search(shape.get("title", ""))
    }
    assert untitled == set(), f"services/{service}/titles.py"


def test_who_has_a_telephone_is_asked_for_by_a_persons_name(
    described: tuple[str, dict[str, Any]],
) -> None:
    service, document = described
    people = {
        name: schema["properties"]["name"]["title"]
        for name, schema in document["components"]["schemas"].items()
        if {"name", "phone"} <= schema.get("properties", {}).keys()
    }
    wrong = {name for name, title in people.items() if "姓名" not in title}
    assert wrong == set(), f"services/{service}/titles.py"


@pytest.mark.parametrize("service", SERVICES)
def test_what_is_called_alike_in_all_services_is_called_so_in_one_place(service: str) -> None:
    own = importlib.import_module(f"services.{service}.titles").TITLES
    assert [name for name, title in own.items() if COMMON.get(name) == title] == []


def test_no_two_fields_of_one_thing_have_one_title(
    described: tuple[str, dict[str, Any]],
) -> None:
    """Beside one another on a page, nobody could tell which is which."""
    _, document = described
    fields = {
        name: [one["title"] for one in shape.get("properties", {}).values() if "title" in one]
        for name, shape in document["components"]["schemas"].items()
    }
    for path, operation in operations(document):
        named = operation.get("parameters", ())
        fields[f"{path} {operation['operationId']}"] = [one["schema"]["title"] for one in named]
    twice = {
        name: [title for title, many in Counter(titles).items() if many > 1]
        for name, titles in fields.items()
    }
    assert {name: titles for name, titles in twice.items() if titles} == {}


def test_what_is_offered_as_a_table_says_its_shape_as_data(
    described: tuple[str, dict[str, Any]],
) -> None:
    """Whatever can be had as a spreadsheet and as data."""
    _, document = described
    answers = {
        path: operation["responses"]["200"]["content"].get("application/json")
        for path, operation in operations(document)
        for one in operation.get("parameters", ())
        if one["name"] == "format" and {"csv", "json"} <= codes_of(document, one["schema"])
    }
    assert [
        path for path, answer in answers.items() if answer and "$ref" not in answer["schema"]
    ] == []


MEDIA = {
    "json": "application/json",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "html": "text/html",
}


def test_each_format_that_may_be_asked_for_is_among_the_answers(
    described: tuple[str, dict[str, Any]],
) -> None:
    """A client made from the document takes a spreadsheet for data otherwise."""
    _, document = described
    for path, operation in operations(document):
        for one in operation.get("parameters", ()):
            if one["name"] == "format":
                told = set(operation["responses"]["200"]["content"])
                codes = codes_of(document, one["schema"]) & set(MEDIA)
                assert {MEDIA[code] for code in codes} == told, path


def test_each_answer_and_each_file_that_is_sent_says_of_which_kind_it_is(
    described: tuple[str, dict[str, Any]],
) -> None:
    _, document = described
    for path, operation in operations(document):
        assert operation["responses"].get("200", {"content": 1}).get("content"), path
    for path in document["paths"].keys() & set(UPLOADS):
        assert document["paths"][path]["post"]["requestBody"]["content"], path


def test_the_headers_that_a_client_goes_by_are_said_and_each_answer_is_named_in_chinese(
    described: tuple[str, dict[str, Any]],
) -> None:
    """How long to wait, how to prove who asks, and the version that the next change is of."""
    _, document = described
    for path, operation in operations(document):
        for status, answer in operation["responses"].items():
            told = set(answer.get("headers", ()))
            assert ("Retry-After" in told) is (status in ("429", "503")), (path, status)
            assert ("WWW-Authenticate" in told) is (status == "401"), (path, status)
            assert CHINESE.search(answer["description"]), (path, status)
            shape = answer.get("content", {}).get("application/json", {}).get("schema", {})
            if "/Single_" in shape.get("$ref", ""):
                assert "ETag" in told, (path, status)


def test_an_answer_and_a_body_are_described_in_words_that_the_standard_has(
    described: tuple[str, dict[str, Any]],
) -> None:
    """OpenAPI 3.1 allows no others: a validator refuses the whole document for one of them."""
    _, document = described
    for path, operation in operations(document):
        for said in (operation.get("requestBody", {}), *operation["responses"].values()):
            for kind in said.get("content", {}).values():
                assert kind.keys() <= {"schema", "example", "examples", "encoding"}, path


def test_a_partner_reads_what_it_may_send_of_each_type(
    described: tuple[str, dict[str, Any]],
) -> None:
    """Published is how an event is delivered: who checked its own by that found fault with what is taken."""
    service, document = described
    if service == GATEWAY:
        said = document["paths"]["/api/v1/partners/events"]["post"]["requestBody"]["content"]
        one = said["application/cloudevents+json"]
        shapes = {shape["properties"]["type"]["const"]: shape for shape in one["schema"]["oneOf"]}
        assert shapes.keys() == PARTNERS.keys()
        for type, shape in shapes.items():
            for name, field in shape["properties"]["data"]["properties"].items():
                assert CHINESE.search(field["title"]), (type, name)
        known = Draft202012Validator(one["schema"])
        data = one["example"]["data"]
        assert known.is_valid(
            {**one["example"], "data": {**data, "reported_at": "2026-03-02T01:00:00Z"}}
        )
        assert not known.is_valid({**one["example"], "data": {**data, "title": 7}})


def untyped(schema: dict[str, Any]) -> bool:
    """Whether nothing is said of what is in it."""
    if schema.get("type") == "array":
        return untyped(schema.get("items", {}))
    return not schema or (
        schema.get("type") == "object" and schema.get("additionalProperties") is True
    )


def test_what_a_record_s_codes_are_called_and_what_a_line_of_a_table_means_has_a_shape(
    described: tuple[str, dict[str, Any]],
) -> None:
    _, document = described
    schemas = document["components"]["schemas"]
    shown = [one for name, one in schemas.items() if name.startswith(("Shown_", "Single_"))]
    for one in shown:
        [values, _] = one["properties"]["names"]["anyOf"]
        assert not untyped(values), one["title"]
    if "FindingsOut" in schemas:
        assert not untyped(schemas["FindingsOut"]["properties"]["items"])
        assert schemas["LineFound"]["required"] == ["line"]


def test_each_answer_says_its_shape_but_what_is_held_about_a_person(
    described: tuple[str, dict[str, Any]],
) -> None:
    _, document = described
    silent = {
        operation["operationId"]
        for _, operation in operations(document)
        for status, said in operation["responses"].items()
        if status.startswith("2")
        for media, content in said.get("content", {}).items()
        if media == "application/json" and untyped(content.get("schema", {}))
    }
    assert {one for one in silent if not one.endswith(".export")} == set()


def test_each_code_has_a_word(described: tuple[str, dict[str, Any]]) -> None:
    service, document = described
    wordless = {
        f"{name}.{code}"
        for name, schema in document["components"]["schemas"].items()
        for code in schema.get("enum", ())
        if code not in schema.get("x-words", {})
    }
    assert wordless == set(), f"services/{service}/vocabulary.py"


def test_each_list_is_asked_for_a_state_by_the_same_name(
    described: tuple[str, dict[str, Any]],
) -> None:
    """`state`, whatever the record calls its own; Open311 has the name of its standard."""
    _, document = described
    asked = [
        (path, parameter["name"])
        for path, operation in operations(document)
        for parameter in operation.get("parameters", ())
        if "open311" not in path
    ]
    assert asked and not [path for path, name in asked if name == "status"]


def test_a_body_has_the_name_that_its_step_says(served: tuple[str, FastAPI]) -> None:
    """`schema` of a step leads to it; of two bodies of one name neither would keep it."""
    _, app = served
    document, seen = app.openapi(), 0
    for route in every(app):
        if route.body_field is None or not route.include_in_schema:
            continue
        method = next(iter(route.methods or ()))
        content = document["paths"][route.path_format][method.lower()]["requestBody"]["content"]
        reference = content.get("application/json", {}).get("schema", {}).get("$ref")
        if reference is not None:
            kind = route.body_field.field_info.annotation
            assert reference.rpartition("/")[2] == getattr(kind, "__name__", ""), route.path
            seen += 1
    assert seen > 2


def test_no_name_says_where_in_our_code_something_stands(
    described: tuple[str, dict[str, Any]],
) -> None:
    _, document = described
    names = [*document["components"]["schemas"], *words_of(document)]
    assert [one for one in names if "__" in one or one.endswith(("-Input", "-Output"))] == []
    assert "chassis__" not in str(document) and "services__" not in str(document)


def test_what_a_field_refers_to_in_words_is_there(described: tuple[str, dict[str, Any]]) -> None:
    _, document = described
    schemas = document["components"]["schemas"]
    said = [
        shape.get("description", "")
        for schema in schemas.values()
        for shape in schema.get("properties", {}).values()
    ]
    named = {name for text in said for name in re.findall(r"见 ([A-Za-z]\w+)", text)}
    assert named and named <= set(schemas)


def test_two_classes_of_one_name_are_told_apart_by_what_their_modules_are_about() -> None:
    under = "services__consultation__domain"
    schema = {"properties": {"state": {"$ref": f"#/components/schemas/{under}__matter__Status"}}}
    document: dict[str, Any] = {
        "components": {
            "schemas": {
                "Shown": schema,
                f"{under}__matter__Status": {"enum": ["closed"]},
                f"{under}__session_course__Status": {"enum": ["open"]},
                f"{under}__contract_events__Contract": {},
                "gateway__catching__steps__Told": {},
            }
        },
        "paths": {},
    }
    app = FastAPI()
    app.openapi = lambda: document  # type: ignore[method-assign]
    schemas = told(app, {}, {"Status.closed": "已结束"})()["components"]["schemas"]
    assert {*schemas} >= {"MatterStatus", "SessionCourseStatus", "Contract", "CatchingTold"}
    assert schemas["MatterStatus"]["x-words"] == {"closed": "已结束"}
    assert schema["properties"]["state"]["$ref"] == "#/components/schemas/MatterStatus"


def classes(package: str) -> set[str]:
    """By name, those that it defines."""
    found = importlib.import_module(package)
    modules = [
        importlib.import_module(one.name) for one in walk_packages(found.__path__, f"{package}.")
    ]
    return {
        name
        for module in modules
        for name, one in vars(module).items()
        if isinstance(one, type) and one.__module__ == module.__name__
    }


def test_what_all_services_have_is_called_alike_in_all(
    described: tuple[str, dict[str, Any]],
) -> None:
    """An import that was refused isn't “不予登记”, and a mark of a trail is no score, whatever a service calls by these
    names."""
    service, document = described
    own = classes(service if service == GATEWAY else f"services.{service}")
    ours, seen = classes("chassis") - own, 0
    for name, schema in document["components"]["schemas"].items():
        kind = name.partition("_")[0]
        if kind not in ours:
            continue
        for field, shape in schema.get("properties", {}).items():
            assert shape["title"] == title_of(kind, field, {}), f"COMMON: {kind}.{field}"
            seen += 1
        for code in schema.get("enum", ()):
            assert schema["x-words"][code] == word_for(kind, code, {}), f"COMMON: {kind}.{code}"
    assert seen > 20


MONEY = {"amount", "balance", "cost", "funds", "income", "price", "spending", "spent"}
MEASURED = MONEY | {"area"}


def properties(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for name, schema in document["components"]["schemas"].items():
        for field, shape in schema.get("properties", {}).items():
            yield name, field, shape


def test_each_property_and_parameter_says_what_its_values_look_like(
    described: tuple[str, dict[str, Any]],
) -> None:
    _, document = described
    for name, field, shape in properties(document):
        assert CHINESE.search(shape.get("description", "")), (name, field)
    for path, operation in operations(document):
        for parameter in operation.get("parameters", ()):
            said = parameter.get("description") or parameter["schema"].get("description", "")
            assert CHINESE.search(said), (path, parameter["name"])


def test_what_is_measured_says_in_which_unit(described: tuple[str, dict[str, Any]]) -> None:
    service, document = described
    silent = {
        (name, field)
        for name, field, shape in properties(document)
        if field in MEASURED
        and shape["description"].startswith("整数")
        and "单位：" not in shape["description"]
    }
    assert silent == set(), f"services/{service}/titles.py"


def test_each_table_that_is_imported_may_be_as_large_as_a_file(
    described: tuple[str, dict[str, Any]],
) -> None:
    _, document = described
    taken = {path for path, item in document["paths"].items() if path.endswith("/import")}
    assert taken <= set(UPLOADS)


async def test_of_two_services_in_one_process_one_is_described_after_the_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    going, most = 0, 0

    def made(_: FastAPI) -> dict[str, Any]:
        nonlocal going, most
        going, most = going + 1, max(most, going + 1)
        time.sleep(0.05)
        going -= 1
        return {"paths": {}}

    monkeypatch.setattr(FastAPI, "openapi", made)
    both = [told(FastAPI(), {}, {}) for _ in range(2)]
    await asyncio.gather(*map(asyncio.to_thread, both))
    assert most == 1


@pytest.mark.parametrize(
    ("schema", "title", "said"),
    [
        ({"type": "string"}, "", "文字。"),
        ({"type": "string", "minLength": 1, "maxLength": 80}, "", "文字，1 至 80 字。"),
        ({"type": "string", "pattern": "^a$"}, "", "文字，形如 ^a$。"),
        ({"type": "string", "format": "date"}, "", "日期，如 2026-03-02。"),
        ({"type": "integer", "minimum": 0.0}, "金额（分）", "整数，至少 0，单位：分。"),
        ({"type": "integer", "exclusiveMinimum": 0.0, "default": 3}, "", "整数，大于 0；默认 3。"),
        ({"type": "integer", "maximum": 5, "exclusiveMaximum": 6}, "", "整数，最多 5，小于 6。"),
        ({"type": "integer", "exclusiveMaximum": 10**15}, "", "整数，小于 1000000000000000。"),
        ({"type": "boolean", "default": True}, "", "是（true）或否（false）；默认 true。"),
        ({"type": "string"}, "姓名（不公开）", "文字。"),
        (
            {"type": "array", "items": {"type": "number"}, "maxItems": 3},
            "",
            "列表，最多 3 项，每项：数。",
        ),
        (
            {"type": "array", "prefixItems": [{"type": "string"}, {"type": "null"}]},
            "",
            "依次为：文字；空。",
        ),
        ({"type": "object"}, "", "若干名称和内容。"),
        (
            {"type": "object", "additionalProperties": {"const": 1}},
            "",
            "按名称列出，每项：固定为 1。",
        ),
        ({"anyOf": [{"$ref": "#/x/a__b__Kind"}, {"type": "null"}]}, "", "见 BKind，可为空。"),
        (
            {"anyOf": [{"type": "string"}, {"type": "boolean"}]},
            "",
            "文字，或是（true）或否（false）。",
        ),
        ({"type": "string", "enum": ["a", "b"]}, "", "取值：a、b。"),
        ({}, "", "任意内容。"),
    ],
)
def test_a_shape_in_words(schema: dict[str, Any], title: str, said: str) -> None:
    assert shape_of(schema, title) == said
