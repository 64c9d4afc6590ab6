"""What a reader hands on: sheets, rows, and the cells of a row by place."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from .columns import heading

HEAD = 20
"""Lines of a sheet within which its headings must stand: above them people write a title and notes."""
WIDEST = 200
"""Columns of a sheet that are looked at."""
LAST_ROW = 1_048_576
"""What a spreadsheet can hold."""


class Refused(Exception):
    """The file can't be read, and why, in words for its sender."""


@dataclass(frozen=True, slots=True)
class Row:
    """`cells` by place, from 0, empty ones left out; `faults` says of a place why it has no value."""

    number: int
    cells: Mapping[int, str]
    faults: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str
    rows: Iterable[Row]


def found_in(row: Row, headings: Mapping[str, list[str]]) -> dict[str, int]:
    """Column → place, of those whose heading stands in the row."""
    said = {heading(text): place for place, text in sorted(row.cells.items(), reverse=True)}
    places = {}
    for column, names in headings.items():
        place = next((said[name] for name in names if name in said), None)
        if place is not None:
            places[column] = place
    return places
