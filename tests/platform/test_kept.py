"""What holds for everything that any service keeps."""

from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from typing import Any, get_args, get_type_hints

from gongzhi import compose, keys
from gongzhi.roster import SERVICES, build


def _stored(kind: Any, met: set[type[Any]]) -> set[type[Any]]:
    """Every dataclass that is stored with it."""
    if kind in met:
        return met
    if isinstance(kind, type) and is_dataclass(kind):
        met.add(kind)
        for hint in get_type_hints(kind).values():
            _stored(hint, met)
    for part in get_args(kind):
        _stored(part, met)
    return met


def test_what_may_be_nothing_is_read_back_as_nothing(tmp_path: Path) -> None:
    """A document leaves out what is None: so its field has a default."""
    runtime = compose.runtime(keys.settings_for(tmp_path), "tests")
    stored: set[type[Any]] = set()
    for name in SERVICES:
        for aggregates in build(name, runtime).aggregates:
            for one in (aggregates.kind.state, *aggregates.kind.events):
                _stored(one, stored)
    bare = {
        f"{one.__module__}.{one.__name__}.{part.name}"
        for one in stored
        for part in (fields(one) if is_dataclass(one) else ())
        if type(None) in get_args(get_type_hints(one)[part.name]) and part.default is MISSING
    }
    assert bare == set()
