"""Anything that a type admits, made by chance: every text is one of a few codes, so that offices meet."""

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from random import Random
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin
from typing import get_type_hints as hints_of

from pydantic import BaseModel

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
CALLED: Mapping[tuple[str, Any], Any] = {
    ("year", int): 2026,
    ("quarter", str): "2026-Q1",
    ("month", str): "2026-01",
    ("period", str): "2026-01",
    ("period", str | None): "2026-01",
    ("awaits", str): "2026-01",
}
"""What has a form of its own, by its name."""
NEVER_NONE = frozenset({"rounds"})
"""Of what there always is one, by its name: a unit's task begins with its first handling."""
MANY = frozenset({tuple, list, set, frozenset, Mapping, dict})


def anything(of: Any, chance: Random, codes: list[str]) -> Any:
    """None where it may be, now and then; of many no more than three."""
    origin, args = get_origin(of), get_args(of)
    if origin is Annotated:
        return anything(args[0], chance, codes)
    if origin in (Union, types.UnionType, Literal):
        one = chance.choice(args)
        return one if origin is Literal else anything(one, chance, codes)
    if origin is not None and (plain := _plain(origin)) in MANY:
        return _many(plain, args, chance, codes)
    if is_dataclass(of):
        return _whole(of, [one.name for one in fields(of) if one.init], chance, codes)
    if isinstance(of, type) and issubclass(of, BaseModel):
        return _whole(of, list(of.model_fields), chance, codes)
    return _single(of, chance, codes)


def _plain(origin: Any) -> Any:
    return dict if issubclass(origin, Mapping) else origin


def _many(kind: Any, args: Any, chance: Random, codes: list[str]) -> Any:
    if kind is dict:
        keys, values = args
        made = range(chance.randint(0, 3))
        return {anything(keys, chance, codes): anything(values, chance, codes) for _ in made}
    if kind is tuple and args[-1:] != (...,):
        return tuple(anything(one, chance, codes) for one in args)
    return kind(anything(args[0], chance, codes) for _ in range(chance.randint(0, 3)))


def _whole(of: Any, names: list[str], chance: Random, codes: list[str]) -> Any:
    hints = hints_of(of, include_extras=True)
    said = {
        name: CALLED.get((name, hints[name])) or anything(hints[name], chance, codes)
        for name in names
    }
    for name in NEVER_NONE & {*names}:
        while not said[name]:
            said[name] = anything(hints[name], chance, codes)
    return of(**said)


def _single(of: Any, chance: Random, codes: list[str]) -> Any:
    if of is None or of is type(None):
        return None
    if isinstance(of, TypeVar) or of is Any or of is str:
        return chance.choice(codes)
    if issubclass(of, Enum):
        return chance.choice(list(of))
    day = BEGAN + timedelta(hours=chance.randint(0, 365 * 24 - 1))
    made: Mapping[Any, Any] = {
        bool: chance.random() < 0.5,
        int: chance.randint(1, 9),
        Decimal: Decimal(chance.randint(0, 9)),
        datetime: day,
        date: day.date(),
        timedelta: timedelta(days=chance.randint(0, 9)),
    }
    return made[of]
