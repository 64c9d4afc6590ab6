"""Aggregates and their events as JSON values and back, and what else is in their documents.

Loading restores the stored state; it decides nothing.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from functools import cache, cached_property
from typing import Any, Generic, TypeVar, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter, ValidationError

from contracts.event import instant

from .cause import Cause
from .faults import first_fault
from .kernel.errors import Unreadable
from .store import Document

KEYS_KEPT = timedelta(days=7)
AS_IT_IS = frozenset((str, int, bool, type(None)))
"""What most values are, told first."""

A = TypeVar("A")
E = TypeVar("E")

Parts = Mapping[str, tuple[type, ...]]
"""By field, of what shapes what it holds may be; fields that hold none are left out."""


def plain(value: Any) -> Any:
    """JSON values: times as UTC text of fixed width, tuples as arrays; an empty field is left out."""
    if type(value) in AS_IT_IS:
        return value
    match value:
        case datetime():
            return instant(value)
        case date():
            return value.isoformat()
        case Enum():
            return value.value
        case list() | tuple():
            return [plain(item) for item in value]
        # A dict is told at once, any other mapping only by asking the abstract class.
        case dict() | Mapping():
            return {str(k): plain(v) for k, v in value.items() if v is not None}
        case float():
            raise TypeError("a document holds no binary floats")
        case _ if is_dataclass(value):
            raise TypeError(f"{type(value).__name__} was not dumped")
        case _:
            return value


class Codec(Generic[A, E]):
    """How one kind of aggregate is stored: its state, and each of its events by class name.

    A type's adapter is built at first use: hundreds of them at once would add a second to every start.
    """

    def __init__(self, state: type[A], events: Iterable[type[E]]) -> None:
        self._shape = state
        self._shapes: dict[str, Any] = {event.__name__: event for event in events}
        self._ready: dict[str, TypeAdapter[E]] = {}

    @cached_property
    def _fields(self) -> dict[str, frozenset[str]]:
        return {name: _fields_of(shape) for name, shape in self._shapes.items()}

    @cached_property
    def _parts(self) -> dict[str, Parts]:
        """Of those events that have any: four of five have none."""
        each = ((name, _parts_of(shape)) for name, shape in self._shapes.items())
        return {name: parts for name, parts in each if parts}

    @cached_property
    def _state(self) -> TypeAdapter[A]:
        return TypeAdapter(self._shape)

    def _event(self, name: str) -> TypeAdapter[E]:
        if name not in self._ready:
            self._ready[name] = TypeAdapter(self._shapes[name])
        return self._ready[name]

    def dump_state(self, aggregate: A) -> dict[str, Any]:
        dumped: dict[str, Any] = plain(self._state.dump_python(aggregate))
        return dumped

    def load_state(self, state: Mapping[str, Any]) -> A:
        """Unreadable where it is none of ours."""
        try:
            return self._state.validate_python(state)
        except ValidationError as error:
            raise Unreadable(f"its state: {first_fault(error)}") from error

    def dump_event(self, event: E) -> tuple[str, dict[str, Any]]:
        name = type(event).__name__
        return name, plain(self._event(name).dump_python(event))

    def load_event(self, name: str, data: Mapping[str, Any]) -> E:
        """The same."""
        if name not in self._shapes:
            raise Unreadable(f"an event that this version doesn't have: {name}")
        try:
            return self._event(name).validate_python(data)
        except ValidationError as error:
            raise Unreadable(f"its event {name}: {first_fault(error)}") from error

    def unknown(self, trail: Iterable[Mapping[str, Any]]) -> str | None:
        """Of what was said to a record the first that this version doesn't have: an event, or a field of one or of
        what it holds.

        A later version's field that says nothing (0, false, no list) would be lost without loss.
        """
        known, parts = self._fields, self._parts
        for entry in trail:
            name, data = entry["type"], entry["data"]
            own = known.get(name)
            if own is None:
                return f"its event {name}"
            # Each entry is met at each write: what is seldom so is looked at then.
            said = None if own.issuperset(data) else _first_of(data, own)
            if said is None and name in parts:
                said = _unknown_within(data, parts[name])
            if said:
                return f"{said} of its event {name}"
        return None


@cache
def _fields_of(*shapes: type) -> frozenset[str]:
    return frozenset(field.name for shape in shapes for field in fields(shape))


@cache
def _parts_of(*shapes: type) -> Parts:
    found: dict[str, tuple[type, ...]] = {}
    for shape in shapes:
        for name, hint in get_type_hints(shape).items():
            if held := tuple(_held_in(hint)):
                found[name] = found.get(name, ()) + held
    return found


def _held_in(hint: Any) -> Iterator[type]:
    """A mapping's keys are no fields: what it holds isn't looked into."""
    origin = get_origin(hint)
    if isinstance(hint, type) and is_dataclass(hint):
        yield hint
    elif not (isinstance(origin, type) and issubclass(origin, Mapping)):
        for inner in get_args(hint):
            yield from _held_in(inner)


def _unknown_within(data: Mapping[str, Any], parts: Parts) -> str | None:
    for field, shapes in parts.items():
        held = data.get(field)
        for part in held if isinstance(held, list) else (held,):
            if isinstance(part, dict) and (said := _unknown_in(part, shapes)):
                return f"{field}.{said}"
    return None


def _unknown_in(part: Mapping[str, Any], shapes: tuple[type, ...]) -> str | None:
    """Where it may be of several shapes, what none of them has."""
    known = _fields_of(*shapes)
    said = None if known.issuperset(part) else _first_of(part, known)
    return said or _unknown_within(part, _parts_of(*shapes))


def _first_of(data: Mapping[str, Any], known: frozenset[str]) -> str | None:
    return next((field for field in sorted(data) if data[field] and field not in known), None)


def with_outbox(document: Document, entries: list[dict[str, Any]]) -> Document:
    """The document with this outbox; `pending_since` is there only while something waits."""
    bare = {k: v for k, v in document.items() if k not in ("outbox", "pending_since")}
    if not entries:
        return bare
    waiting = [entry["since"] for entry in entries if "quarantined" not in entry]
    return {**bare, "outbox": entries} | ({"pending_since": min(waiting)} if waiting else {})


def released(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """As before they were found to be unsendable."""
    return [{k: v for k, v in entry.items() if k != "quarantined"} for entry in entries]


def seen_as(key: str) -> str:
    """Under what a document remembers a key: a caller's may be long, and somebody's."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def remember(seen: Mapping[str, Any], cause: Cause, version: int) -> dict[str, Any]:
    """Callers' keys are dropped after seven days; events' ids go with the trail."""
    oldest = instant(cause.now - KEYS_KEPT)
    kept = {k: entry for k, entry in seen.items() if entry.get("until_read", oldest) >= oldest}
    if cause.key is None:
        return kept
    entry: dict[str, Any] = {"fingerprint": cause.fingerprint, "version": version}
    if not cause.key.startswith("event:"):
        entry["until_read"] = instant(cause.now)
    return {**kept, seen_as(cause.key): entry}
