"""What is declared of a service's section: its pages and figures, and of each of its lists what is shown, and how."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """To a step that begins something elsewhere, `collection.step`: the field that takes the record's id, the states
    that it is open in, what the step asks for as it was decided here, and the field of the only office that may.
    """

    step: str
    field: str
    states: tuple[str, ...]
    carries: tuple[str, ...] = ()
    whose: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shows:
    """Of one list: its columns; the states that somebody is at work in, and the filter that they are said by; the
    fields that say it came back; the steps elsewhere that it leads to; the pages of one of it that are made for it,
    by their last part; the steps that are taken on one of these; the kinds of office that these pages are kept
    from; what is read below one of it and no paper, by the end of its address; the field whose codes a row of it is
    entered under, where it has none of its own; of people, whose names are sealed, what else tells one from
    another; the fields of its steps that name something in the record, each with where that stands, or in one that
    it refers to, with the field that does; those that are an office, with the kinds of it; those that are written
    as a list of communities' has them, with those lists; those that are written as such a field of other lists has
    it, with those; those that an office is written in by its name.
    """

    columns: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    by: str = "state"
    back: tuple[str, ...] = ()
    leads: tuple[Lead, ...] = ()
    views: tuple[tuple[str, str], ...] = ()
    taken: tuple[tuple[str, str], ...] = ()
    kept_from: frozenset[str] = frozenset()
    reads: tuple[str, ...] = ()
    code: str = ""
    apart: tuple[str, ...] = ()
    held: tuple[tuple[str, str], ...] = ()
    beside: tuple[tuple[str, str, str], ...] = ()
    offices: tuple[tuple[str, tuple[str, ...]], ...] = ()
    written: tuple[tuple[str, tuple[str, ...]], ...] = ()
    alike: tuple[tuple[str, tuple[str, ...]], ...] = ()
    by_name: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What is read at `path` of the service and shown as it is; what it asks for, "" for what is usual now."""

    title: str
    path: str
    asks: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    title: str
    service: str
    lists: Mapping[str, Shows] = field(default_factory=dict)
    pages: tuple[tuple[str, str], ...] = ()
    """Those that are made for this service, by their last part."""
    figures: tuple[Figures, ...] = ()
    """Those that stand on its first page."""
    departments: Mapping[str, str] = field(default_factory=dict)
    """Of what departments begin, `collection.step`, what is one's alone: it is offered to no other."""


def columns(names: str) -> tuple[str, ...]:
    return tuple(names.split())
