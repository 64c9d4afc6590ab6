"""A list as a table for people: a row for each record that its reader is shown."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from .exports import Cell, Column, Table
from .guarded import Guarded
from .identity import Subject
from .kind import Held
from .vocabulary import word_for

A = TypeVar("A")
Told = tuple[Column, Callable[[Held[Any]], Cell]]
"""A column, and what its cell says of a record."""


@dataclass(frozen=True, slots=True)
class Sheet(Generic[A]):
    """`columns`, each with what its cell says of a record."""

    title: str
    columns: Sequence[tuple[Column, Callable[[Held[A]], Cell]]]

    async def of(self, kept: Guarded[A, Any], reader: Subject) -> Table:
        """As many rows as the list of the same reader has."""
        rows = [
            tuple(cell(held) for _, cell in self.columns)
            async for held in kept.every_of(reader, {})
        ]
        return Table(self.title, [column for column, _ in self.columns], rows)


def says(column: Column) -> Told:
    """What the record's field of that name says."""
    return column, lambda held: getattr(held.aggregate, column.name)


def coded(name: str, title: str, codes: type[StrEnum], words: Mapping[str, str]) -> Column:
    """Of an enumeration, in the words for its own codes."""
    own = {one.value: word_for(codes.__name__, one.value, words) or one.value for one in codes}
    return Column(name, title, own)
