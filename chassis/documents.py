"""Aggregates and their events as JSON values and back, and what else is in their documents.

Loading restores the stored state; it decides nothing.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from functools import cached_property
from typing import Any, Generic, TypeVar

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
        self._shapes = {event.__name__: event for event in events}
        self._ready: dict[str, TypeAdapter[E]] = {}

    @cached_property
    def _fields(self) -> dict[str, frozenset[str]]:
        return {
            name: frozenset(field.name for field in fields(shape))  # type: ignore[arg-type]
            for name, shape in self._shapes.items()
        }

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
        """Of what was said to a record the first that this version doesn't have: an event, or a field of one.

        A later version's field that says nothing (0, false, no list) would be lost without loss.
        """
        known = self._fields
        for entry in trail:
            name, data = entry["type"], entry["data"]
            own = known.get(name)
            if own is None:
                return f"its event {name}"
            # Each entry is met at each write: what is seldom so is looked at then.
            if not own.issuperset(data):
                if said := [field for field in sorted(data) if data[field] and field not in own]:
                    return f"{said[0]} of its event {name}"
        return None


def with_outbox(document: Document, entries: list[dict[str, Any]]) -> Document:
    """The document with this outbox; `pending_since` is there only while something waits."""
    bare = {k: v for k, v in document.items() if k not in ("outbox", "pending_since")}
    if not entries:
        return bare
    waiting = [entry["since"] for entry in entries if "quarantined" not in entry]
    return {**bare, "outbox": entries} | ({"pending_since": min(waiting)} if waiting else {})


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
