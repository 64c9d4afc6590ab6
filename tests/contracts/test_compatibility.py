"""What counts as breaking a released schema, on the smallest examples."""

from typing import Any

import pytest

from tests.support.compatibility import breaking

TEXT = {"type": "string"}
WORDS = {"type": "string", "enum": ["a", "b"]}


def fields(*required: str, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required)}


RELEASED = fields("name", name=TEXT, kind=WORDS, count={"type": "integer", "default": 0})


def with_field(**changed: Any) -> dict[str, Any]:
    return {**RELEASED, "properties": {**RELEASED["properties"], **changed}}


def without(name: str) -> dict[str, Any]:
    kept = {key: field for key, field in RELEASED["properties"].items() if key != name}
    return {**RELEASED, "properties": kept}


def test_the_same_breaks_nothing() -> None:
    assert breaking(RELEASED, RELEASED) == []


@pytest.mark.parametrize(
    "current",
    [
        pytest.param(with_field(more=TEXT), id="an optional field"),
        pytest.param(with_field(more={"type": "boolean", "default": False}), id="with a default"),
        pytest.param(with_field(kind={**WORDS, "enum": ["b", "a", "c"]}), id="one more word"),
        pytest.param(with_field(name={**TEXT, "description": "said better"}), id="a description"),
    ],
)
def test_what_is_added_breaks_nothing(current: dict[str, Any]) -> None:
    assert breaking(RELEASED, current) == []


@pytest.mark.parametrize(
    ("current", "text"),
    [
        (without("kind"), ".kind: removed or renamed"),
        (with_field(kind=TEXT), ".kind: was one of ['a', 'b'], is anything now"),
        (with_field(kind={**WORDS, "enum": ["a"]}), ".kind: narrowed from ['a', 'b'] to ['a']"),
        (
            with_field(kind={"type": "string", "const": "a"}),
            ".kind: narrowed from ['a', 'b'] to ['a']",
        ),
        (with_field(name=WORDS), ".name: narrowed from anything to ['a', 'b']"),
        (with_field(name={"type": "integer"}), ".name: retyped from string to integer"),
        (with_field(count={"type": "number", "default": 0}), ".count: retyped from integer to"),
        (with_field(count={"type": "integer", "default": 1}), ".count: its absence meant 0"),
        (with_field(count={"type": "integer"}), ".count: its absence meant 0"),
        (with_field(name={**TEXT, "pattern": "^a"}), ".name: pattern was None, is ^a"),
        (with_field(name={**TEXT, "maxLength": 9}), ".name: maxLength was None, is 9"),
        ({**RELEASED, "required": ["name", "kind"]}, ".kind: is required now"),
        ({**RELEASED, "required": []}, ".name: is no longer promised"),
        ({**RELEASED, "additionalProperties": False}, ".: additionalProperties was None, is False"),
        (with_field(name={**TEXT, "unheardOf": 1}), ".name: unheardOf was None, is 1"),
    ],
)
def test_what_breaks_is_said_with_its_place(current: dict[str, Any], text: str) -> None:
    [found] = breaking(RELEASED, current)
    assert found.startswith(text)


def test_a_renamed_field_is_one_removed_and_one_that_is_new() -> None:
    renamed = fields("title", title=TEXT)
    assert breaking(fields("name", name=TEXT), renamed) == [
        ".title: is required now",
        ".name: removed or renamed",
    ]


@pytest.mark.parametrize(
    ("before", "after", "broken"),
    [
        ({"maxLength": 9}, {"maxLength": 8}, True),
        ({"maxLength": 9}, {"maxLength": 10}, False),
        ({"minimum": 0}, {"minimum": 1}, True),
        ({"minimum": 1}, {"minimum": 0}, False),
        ({"maxLength": 9}, {}, False),
        ({"pattern": "^a"}, {"pattern": "^[ab]"}, True),
        ({"pattern": "^a"}, {}, False),
    ],
)
def test_limits_may_only_be_loosened_and_a_changed_pattern_is_not_trusted(
    before: dict[str, Any], after: dict[str, Any], broken: bool
) -> None:
    old, new = fields(x={**TEXT, **before}), fields(x={**TEXT, **after})
    assert bool(breaking(old, new)) is broken


def test_lists_and_parts_are_looked_into() -> None:
    def rows(row: dict[str, Any]) -> dict[str, Any]:
        listed = {"type": "array", "items": {"$ref": "#/$defs/Row"}}
        return {**fields("rows", rows=listed), "$defs": {"Row": row}}

    assert breaking(rows(fields("n", n=TEXT)), rows(fields("n", "m", n=TEXT, m=TEXT))) == [
        ".rows[].m: is required now"
    ]


def test_a_part_may_be_written_out_where_it_was_referred_to() -> None:
    referred = {**fields(x={"$ref": "#/$defs/X"}), "$defs": {"X": TEXT}}
    assert breaking(referred, fields(x=TEXT)) == []


def test_of_several_forms_each_must_stay() -> None:
    both = fields(x={"anyOf": [TEXT, {"type": "integer"}]})
    assert breaking(fields(x=TEXT), both) == []
    assert breaking(both, fields(x=TEXT)) == [".x: one of its forms is gone: {'type': 'integer'}"]
