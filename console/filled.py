"""A form's input as the JSON that the schema requires. Input that can't be parsed is sent unchanged: the platform says
what is wrong with it, and where.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from chassis.kernel.clock import SHANGHAI

from .described import KEYS, Described, Schema
from .shown import MONEY

Form = Mapping[str, Sequence[str]]
NOTHING = object()
DEEP = 6
GROUPED = re.compile(r"[+-]?\d{1,3}([,，]\d{3})+(\.\d*)?")
"""A number as people and their tables write a long one."""
YUAN = re.compile(r"[+-]?\d{1,15}(\.\d{0,2}0*)?")
SHOWN_FOR = "._for"
"""Beside what stands by keys: for what those that were shown were."""


def filled(described: Described, schema: Schema, form: Form, under: str = "") -> dict[str, Any]:
    """The object's fields that were filled in, and those that must be there though they are empty: where there may be
    nothing, it says so.
    """
    required = frozenset(schema.get("required", ()))
    found = {}
    for name, shape in schema.get("properties", {}).items():
        plain, absent = described.plain(shape)
        must = name in required and not absent
        value = _value(described, plain, form, f"{under}{name}", must=must)
        if value is not NOTHING:
            found[name] = value
        elif name in required and absent:
            found[name] = None
    return found


def _value(described: Described, plain: Schema, form: Form, name: str, *, must: bool) -> Any:
    if plain.get("type") == "array":
        return _several(described, plain, form, name, must=must)
    if "properties" in plain:
        if name.count(".") >= DEEP or not (must or _begun(form, f"{name}.")):
            return NOTHING
        return filled(described, plain, form, f"{name}.")
    under = described.by_keys(plain)
    if under is not None and name not in form:
        found = _by_keys(described, plain, under, form, name)
        return found if found or must else NOTHING
    said = (form.get(name) or [""])[-1].strip()
    if not said:
        return "" if must and _is_text(plain) else NOTHING
    return _single(plain, said)


def _by_keys(
    described: Described, plain: Schema, under: Schema, form: Form, name: str
) -> dict[str, Any]:
    """Nothing, where they were shown for something else than what is said now."""
    by = f"{name.rpartition('.')[0]}.{plain.get(KEYS, {}).get('by', '')}".removeprefix(".")
    if by in form and form[by][-1].strip() != (form.get(f"{name}{SHOWN_FOR}") or [""])[-1]:
        return {}
    keys = [key.removeprefix(f"{name}.") for key in form if key.startswith(f"{name}.")]
    found = {key: _value(described, under, form, f"{name}.{key}", must=False) for key in keys}
    return {
        key: value
        for key, value in found.items()
        if value is not NOTHING and f".{key}" != SHOWN_FOR
    }


def _is_text(plain: Schema) -> bool:
    """An empty text is an answer, which its rule may refuse; an empty number is none."""
    return plain.get("type") == "string" and "enum" not in plain and "format" not in plain


def _several(described: Described, plain: Schema, form: Form, name: str, *, must: bool) -> Any:
    item, _ = described.plain(plain.get("items", {}))
    if item.get("type") == "object":
        rows = [
            filled(described, item, form, f"{name}.{number}.")
            for number in _rows(form, f"{name}.")
            if _begun(form, f"{name}.{number}.")
        ]
        return rows if rows or must else NOTHING
    said = [line.strip() for text in form.get(name, ()) for line in text.splitlines()]
    found = [_single(item, one) for one in said if one]
    return found if found or must else NOTHING


def _rows(form: Form, under: str) -> list[int]:
    numbers = {
        name.removeprefix(under).partition(".")[0] for name in form if name.startswith(under)
    }
    return sorted(int(one) for one in numbers if one.isdecimal() and len(one) < 4)


def _begun(form: Form, under: str) -> bool:
    """Whether anything in it was filled in; a choice of yes or no alone says nothing."""
    return any(
        text.strip() for name, said in form.items() if name.startswith(under) for text in said
    )


def _single(plain: Schema, said: str) -> Any:
    type = plain.get("type")
    try:
        if type == "integer":
            number = re.sub("[,，]", "", said) if GROUPED.fullmatch(said) else said
            if MONEY in str(plain.get("title", "")):
                return int(Decimal(number) * 100) if YUAN.fullmatch(number) else said
            return int(number)
        if type == "number":
            return float(said)
        if type == "object":
            return json.loads(said)
        if plain.get("format") == "date-time":
            at = datetime.fromisoformat(said)
            return (at if at.tzinfo else at.replace(tzinfo=SHANGHAI)).isoformat()
    except (ValueError, RecursionError):
        return said
    if type == "boolean":
        return {"yes": True, "no": False}.get(said, said)
    return said.replace("\r\n", "\n")
