"""Aggregates and their events as JSON values and back. Loading restores what was true; it decides nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

from contracts.event import instant

A = TypeVar("A")
E = TypeVar("E")


def plain(value: Any) -> Any:
    """JSON values: times as UTC text of fixed width, tuples as arrays; an empty field is left out."""
    match value:
        case datetime():
            return instant(value)
        case date():
            return value.isoformat()
        case Enum():
            return value.value
        case Mapping():
            return {str(k): plain(v) for k, v in value.items() if v is not None}
        case list() | tuple():
            return [plain(item) for item in value]
        case float():
            raise TypeError("a document holds no binary floats")
        case _ if is_dataclass(value):
            raise TypeError(f"{type(value).__name__} was not dumped")
        case _:
            return value


class Codec(Generic[A, E]):
    """How one kind of aggregate is stored: its state, and each of its events by class name."""

    def __init__(self, state: type[A], events: Iterable[type[E]]) -> None:
        self._state: TypeAdapter[A] = TypeAdapter(state)
        self._events = {event.__name__: TypeAdapter(event) for event in events}

    def dump_state(self, aggregate: A) -> dict[str, Any]:
        dumped: dict[str, Any] = plain(self._state.dump_python(aggregate))
        return dumped

    def load_state(self, state: Mapping[str, Any]) -> A:
        return self._state.validate_python(state)

    def dump_event(self, event: E) -> tuple[str, dict[str, Any]]:
        name = type(event).__name__
        return name, plain(self._events[name].dump_python(event))

    def load_event(self, name: str, data: Mapping[str, Any]) -> E:
        return self._events[name].validate_python(data)
