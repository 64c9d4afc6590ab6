"""What a step refers to by id is chosen from its list, if that isn't too long."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from chassis.referring import LIST, WRITTEN, is_id

from .described import KEYS, Described, Listed, Schema
from .desk import Look
from .parts import told
from .rows import called
from .sections import column, reached, shows
from .shown import Showing

MOST = 100
"""Of a list: more than these nobody chooses from; the number is written (ours)."""
NAMED_BY = ("id", "seat", "code", "number", "name", "by")
"""What something in a record is referred to by, the first of these that it has."""
DEEP = 6
AMONG = "x-among"
"""Beside a field: by which of its filters the list holds what may stand there."""
Options = tuple[tuple[str, str], ...]
Among = Mapping[str, Sequence[str]]


async def references(
    look: Look, of: Listed, item: Mapping[str, Any], schema: Schema | None, said: Mapping[str, Any]
) -> Mapping[str, Options]:
    """By the field's name: ids and what each is called. Nothing of a list that isn't open, or too long; of an empty
    one that nothing is there, unless its ids are codes that people write.

    `item`, one of `of`, is what the step is taken on: it may hold what is referred to. `said`: what is filled in.
    """
    service = of.service
    named = dict(_named(look.described, schema or {}, 0))
    found = await asyncio.gather(
        *(_options(look, one, among, written=code) for one, among, code in named.values())
    )
    listed = {name: one for name, one in zip(named, found, strict=True) if one is not None}
    by_keys = await _keys(look, service, schema or {}, {**item.get("state", {}), **said})
    held = _held(look, schema or {}, of, item)
    named_in = await _named_in(look, of, item, said)
    chosen = {**held, **named_in, **_offices(look, of, item)}
    there = {name: options for name, options in listed.items() if options or name not in chosen}
    return {**chosen, **there, **by_keys}


async def suggested(look: Look, of: Listed, schema: Schema | None) -> Mapping[str, Options]:
    """By the field's name what it is written as, where a list says so: what isn't on it may be written as well."""
    offices = [*look.names.register("unit").values(), *look.names.register("street").values()]
    found = dict.fromkeys(shows(of).by_name, _as_written(offices))
    asked = look.described.plain(schema or {})[0].get("properties", {})
    for name, kept in shows(of).alike:
        if name in asked:
            found[name] = await _alike(look, of, name, kept)
    if (lists := look.described.lists.get(f"{of.service}.lists")) is None:
        return found
    for name, ids in shows(of).written:
        answers = await asyncio.gather(*(look.ask(lists.at(id)) for id in ids))
        versions = [answer.json()["state"]["versions"] for answer in answers if answer.good]
        names = [entry["name"] for each in versions for entry in each[-1]["entries"]]
        found[name] = _as_written(names)
    return found


def _as_written(names: Iterable[str]) -> Options:
    return tuple((name, name) for name in names)


async def _alike(look: Look, of: Listed, name: str, kept: Sequence[str]) -> Options:
    """Each once, with what one of those is called, as far as the visitor is shown them."""
    lists = [look.described.lists[f"{of.service}.{one}"] for one in kept]
    limit, showing = [("limit", str(MOST))], Showing(look.described, look.names, of.service)
    answers = await asyncio.gather(*(look.ask(one.path, limit) for one in lists))
    rows = [
        (one, row)
        for one, answer in zip(lists, answers, strict=True)
        for row in (answer.json()["items"] if answer.good else ())
    ]
    return tuple({row["state"][name]: called(showing, one, row) for one, row in rows}.items())


def codes_in(item: Mapping[str, Any]) -> Mapping[str, frozenset[str]]:
    """The record's own lists of codes, by their names: a field may be kept to one of them (`x-own`)."""
    return {
        name: frozenset(codes)
        for name, codes in item.get("state", {}).items()
        if isinstance(codes, list) and all(isinstance(code, str) for code in codes)
    }


async def _named_in(
    look: Look, of: Listed, item: Mapping[str, Any], said: Mapping[str, Any]
) -> dict[str, Options]:
    """Fields that are said to name something by its id, code, number or name: in the record, or in one that this one
    or the form refers to, as a seat its committee's, an item a plan's; or in either.
    """
    there: list[tuple[str, Options]] = []
    for name, by, where in shows(of).beside:
        id = reached({**item.get("state", {}), **said}, by)
        other = look.described.lists.get(f"{of.service}.{by.rpartition('.')[2]}s")
        answer = await look.ask(other.at(str(id))) if other and id else None
        if other and answer and answer.good:
            there.append((name, _rows_of(look, other, answer.json(), where)))
    there += [(name, _rows_of(look, of, item, where)) for name, where in shows(of).held]
    found: dict[str, dict[str, str]] = {}
    for name, options in there:
        for code, word in options:
            found.setdefault(name, {}).setdefault(code, word)
    return {name: tuple(kept.items()) for name, kept in found.items()}


def _rows_of(look: Look, of: Listed, item: Mapping[str, Any], where: str) -> Options:
    showing = Showing(look.described, look.names, of.service)
    inner = look.described.plain(column(look.described, of, where).get("items", {}))[0]
    rows = item.get("state", {}).get(where) or ()
    return tuple(_choice(showing, inner, row) for row in rows)


def _choice(showing: Showing, shape: Schema, row: Any) -> tuple[str, str]:
    if not isinstance(row, Mapping):
        return str(row), str(row)
    by, code = next((name, str(row[name])) for name in NAMED_BY if row.get(name))
    word, said = showing.names.named(by, code), told(showing, shape, row)
    return code, said if said == word else f"{word} {said}".strip()


def _offices(look: Look, of: Listed, item: Mapping[str, Any]) -> dict[str, Options]:
    """Fields that are an office of some kind: of streets and communities, those of the record's street."""
    street = item.get("state", {}).get("street") or ""
    near = look.names.own("street", street) if street else {}
    return {
        name: tuple(
            (office, called)
            for office, called in look.names.offices()
            if (kind := office.partition(":")[0]) in kinds
            and office.partition(":")[2] in near.get(kind, {office.partition(":")[2]})
        )
        for name, kinds in shows(of).offices
    }


def _held(look: Look, schema: Schema, of: Listed, item: Mapping[str, Any]) -> dict[str, Options]:
    """Fields that are called as one of what stands in the record itself, each with an id of its own."""
    showing, found = Showing(look.described, look.names, of.service), {}
    for name, shape in look.described.plain(schema)[0].get("properties", {}).items():
        rows = item.get("state", {}).get(f"{name}s")
        told = isinstance(rows, list) and all(
            isinstance(one, Mapping) and "id" in one for one in rows
        )
        if not (told and rows and is_id(look.described.plain(shape)[0])):
            continue
        inner = look.described.plain(column(look.described, of, f"{name}s").get("items", {}))[0]
        found[name] = tuple((one["id"], showing.text(name, inner, one)) for one in rows)
    return found


async def _keys(
    look: Look, service: str, schema: Schema, said: Mapping[str, Any]
) -> dict[str, Options]:
    """Of what stands by keys: the codes in the record that is named beside it, or by the one that the step is on, with
    all that is said of each."""
    found: dict[str, Options] = {}
    for name, shape in look.described.plain(schema)[0].get("properties", {}).items():
        where = look.described.plain(shape)[0].get(KEYS, {})
        one = look.described.lists.get(f"{service}.{where.get('of')}")
        if one is None or not said.get(where["by"]):
            continue
        answer = await look.ask(f"{one.path}/{quote(str(said[where['by']]), safe='')}")
        rows = answer.json()["state"].get(where["in"], ()) if answer.good else ()
        inner = look.described.plain(one.state["properties"][where["in"]])[0]["items"]
        showing = Showing(look.described, look.names, service)
        found[name] = tuple((row["code"], _all_of(showing, inner, row)) for row in rows)
    return found


def _all_of(showing: Showing, shape: Schema, row: Mapping[str, Any]) -> str:
    """Its title, and in brackets what else is said of it."""
    facts = showing.record("", shape, {**row, "title": None}).facts
    beside = "，".join(f"{title} {text}" for title, text, _ in facts if text != row["code"])
    return f"{row['title']}（{beside}）" if beside else str(row["title"])


def _named(
    described: Described, schema: Schema, deep: int
) -> Iterator[tuple[str, tuple[Listed, Among, bool]]]:
    """Fields that say of which list they are."""
    plain, _ = described.plain(schema)
    for name, shape in plain.get("properties", {}).items():
        inner, _ = described.plain(shape)
        one = described.lists.get(inner.get(LIST, ""))
        if inner.get("type") == "array":
            inner, _ = described.plain(inner.get("items", {}))
        if "properties" in inner and deep < DEEP:
            yield from _named(described, inner, deep + 1)
        if one is not None:
            yield name, (one, inner.get(AMONG, {}), inner.get("pattern") == WRITTEN)


async def _options(look: Look, one: Listed, among: Among, *, written: bool) -> Options | None:
    """None where it isn't known what may stand there: the list isn't open, or too long."""
    wanted = [(name, code) for name, codes in among.items() for code in codes]
    answer = await look.ask(one.path, [("limit", str(MOST)), *wanted])
    said: Mapping[str, Any] = answer.json() if answer.good else {}
    items = said.get("items", ())
    if said.get("next") or not answer.good or (written and not items):
        return None
    showing = Showing(look.described, look.names, one.service)
    return tuple((item["id"], _line(showing, one, item)) for item in items)


def _line(showing: Showing, one: Listed, item: Mapping[str, Any]) -> str:
    title, number = called(showing, one, item), str(item.get("number") or "")
    return title if number in ("", title) else f"{title}（{number}）"
