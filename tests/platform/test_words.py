"""What requests may say is bounded: no number that a store would keep otherwise, or not at all."""

import json
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from chassis.http import Asked
from chassis.imports.cells import whole_of
from chassis.kernel.errors import Malformed
from chassis.kernel.measure import EXACT
from chassis.words import Whole
from gongzhi.roster import SERVICES


def test_a_number_is_one_that_every_store_keeps_as_it_is() -> None:
    whole = TypeAdapter[int](Whole)
    for number in (EXACT, 0):
        assert whole.validate_json(json.dumps(number)) == number
    for number in (2**53, 2**63, 10**30):
        with pytest.raises(ValidationError):
            whole.validate_json(json.dumps(number))


def requests(of: type[Asked] = Asked) -> Iterator[type[Asked]]:
    for one in of.__subclasses__():
        yield one
        yield from requests(one)


def integers(schema: Any) -> Iterator[Any]:
    if isinstance(schema, dict):
        if schema.get("type") == "integer":
            yield schema
        for inner in schema.values():
            yield from integers(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from integers(inner)


def test_no_request_asks_for_a_number_without_a_bound() -> None:
    for name in SERVICES:
        import_module(f"services.{name}.main")
    found = [
        (asked.__name__, one) for asked in requests() for one in integers(asked.model_json_schema())
    ]
    assert len(found) > 50
    for asked, one in found:
        assert {"maximum", "exclusiveMaximum"} & one.keys(), asked


def test_a_number_in_a_cell_is_bounded_however_long_it_is() -> None:
    """`int` itself gives up on five thousand digits, and a line that can't be read isn't a fault."""
    for said, number in (("0", 0), ("007", 7), ("50", 50)):
        assert whole_of(said, "hours", 50) == number
    assert whole_of(str(EXACT), "hours") == EXACT
    for wrong in (None, "", "-1", "1.5", "²", "1²", "51", "9" * 16, "9" * 5000):
        with pytest.raises(Malformed) as refusal:
            whole_of(wrong, "hours", 50)
        assert refusal.value.field == "hours"
    with pytest.raises(Malformed):
        whole_of("1999", "year", 2100, 2000)
