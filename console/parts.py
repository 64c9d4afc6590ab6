"""Of a step on a part of a record, as on one of its rooms: which part that is, what it is called, how it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .described import PARTS, WORDS, Listed, Schema
from .registers import FIELDS
from .sections import column, shows
from .shown import UUID, Showing, clock_face

TITLES = ("title", "name", "project", "item", "what", "subject", "called", "dispute", "about")
"""What anything is called by, the first of these that it has."""
LISTED_BY = ("id", "code")
BETWEEN = "~"
"""In a part's id, between whose it is and its own."""


@dataclass(frozen=True, slots=True)
class Part:
    """`row`: as it stands in the record, where it does."""

    code: str
    called: str
    row: Mapping[str, Any]


def part_of(
    showing: Showing, one: Listed, item: Mapping[str, Any], action: Mapping[str, Any]
) -> Part | None:
    """By the address of the step as the description has it; None where it is on the record itself."""
    named = _named(showing, one, action)
    if not named:
        return None
    name, code = named[-1]
    where, rows = _rows(item["state"], named)
    at, row = next(((n, r) for n, r in enumerate(rows, 1) if _is(r, named)), (0, {}))
    if FIELDS.get(name) and (known := showing.names.named(name, code)) != code:
        return Part(code, known, row)
    inner = showing.described.plain(column(showing.described, one, where).get("items", {}))[0]
    said = told(showing, inner, row) if where else ""
    alike = said and sum(told(showing, inner, each) == said for each in rows) > 1
    if len(named) > 1:
        shapes = inner.get("properties", {})
        its = (showing.text(each, shapes.get(each, {}), of) for each, of in named)
        return Part(code, " ".join(filter(None, its)), row)
    own = "" if UUID.match(code) or BETWEEN in code else _word(showing, one, name, code)
    number = f"第 {at} 项" if at and (alike or not said) and not own else ""
    return Part(code, " ".join(filter(None, (own, said, number))), row)


def _word(showing: Showing, one: Listed, name: str, code: str) -> str:
    """Of one of several, as the record has them: a party by its label."""
    where = dict(shows(one).held).get(name, "")
    inner = showing.described.plain(column(showing.described, one, where).get("items", {}))[0]
    return showing.described.words(inner).get(code, code)


Named = Sequence[tuple[str, str]]


def _named(showing: Showing, one: Listed, action: Mapping[str, Any]) -> Named:
    """The parts of the address that say anything besides the record: as a rule one."""
    address = showing.described.addresses.get(one.key, {}).get(action["name"], "")
    parts, said = address.split("/"), action["href"].split("/")
    own = {"{id}", *PARTS.findall(one.place)}
    if len(parts) != len(said):
        return ()
    return [
        (name[1:-1], code)
        for name, code in zip(parts, said, strict=True)
        if PARTS.fullmatch(name) and name not in own
    ]


def _rows(state: Mapping[str, Any], named: Named) -> tuple[str, Sequence[Mapping[str, Any]]]:
    """The list of the record that it stands in, rather one that is called so."""
    called = f"{named[-1][0]}s"
    first = {called: state.get(called), **state}
    for where, rows in first.items():
        if isinstance(rows, list) and any(_is(row, named) for row in rows):
            return where, rows
    return "", ()


def _is(row: Any, named: Named) -> bool:
    return isinstance(row, Mapping) and all(
        any(str(row.get(field)) == code for field in (name, *LISTED_BY)) for name, code in named
    )


def brief(showing: Showing, shape: Schema, value: Any) -> str:
    """Of a list what is still so of it, as the posts that somebody holds; of a time that it is since then."""
    if shape.get("format") == "date-time":
        return f"{clock_face(str(value))} 起" if value else ""
    if not isinstance(value, list):
        return showing.text("", shape, value)
    inner = showing.described.plain(shape.get("items", {}))[0]
    if "properties" not in inner:
        return showing.text("", shape, value)
    return "、".join(told(showing, inner, row) for row in value if not row.get("until"))


def told(showing: Showing, shape: Schema, row: Mapping[str, Any]) -> str:
    """By its title; else by the first of its codes that has a name, as a head by the post."""
    shapes: Mapping[str, Schema] = {
        name: showing.described.plain(each)[0] for name, each in shape.get("properties", {}).items()
    }
    for name in TITLES:
        if row.get(name) and name in shapes and not isinstance(row[name], Mapping | list):
            return showing.text(name, shapes[name], row[name])
    words = (name for name, each in shapes.items() if WORDS in each and row.get(name))
    return next((showing.text(name, shapes[name], row[name]) for name in words), "")
