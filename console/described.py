"""The gateway's OpenAPI document: lists, bodies, titles, words."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from chassis.kernel.media import Media

REFERENCE = "#/components/schemas/"
WORDS = "x-words"
PARTS = re.compile(r"\{[a-z_]+\}")
KEYS = "x-keys"
"""What says of a mapping that its keys are the codes `in` that record `of` a list whose id stands in the field `by`."""
Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    title: str
    schema: Schema

    @property
    def several(self) -> bool:
        """Whether more than one may be said."""
        return any(one.get("type") == "array" for one in self.schema.get("anyOf", ()))


@dataclass(frozen=True, slots=True)
class Listed:
    """A collection that can be listed: how it is asked for, and what one of it looks like."""

    service: str
    name: str
    title: str
    path: str
    filters: tuple[Parameter, ...]
    asks: frozenset[str]
    sorts: tuple[str, ...]
    state: Schema
    single: bool
    trail: bool
    place: str = ""
    """Where one of them is read, where that isn't below the list by its id."""

    def at(self, id: str) -> str:
        """Where one of them is read; an id of several parts, `2026.13`, says them in their order."""
        named = PARTS.findall(self.place)
        said = id.split(".")
        if len(named) < 2 or len(named) != len(said):
            return f"{self.path}/{quote(id, safe='')}"
        found = self.place
        for name, part in zip(named, said, strict=True):
            found = found.replace(name, quote(part, safe=""))
        return found

    @property
    def key(self) -> str:
        return f"{self.service}.{self.name}"

    @property
    def page(self) -> str:
        return f"/console/{self.service}/{self.name}"


@dataclass(frozen=True, slots=True)
class Beginning:
    """A step that makes a record."""

    name: str
    title: str
    path: str
    service: str
    collection: str
    schema: str | None
    uploads: bool
    who: frozenset[str]


@dataclass(frozen=True, slots=True)
class Report:
    """What can be had besides lists and records: a statement, a ledger, a form to print. `media`: as what."""

    name: str
    title: str
    service: str
    path: str
    asks: tuple[Parameter, ...]
    required: frozenset[str]
    media: frozenset[str] = frozenset()

    @property
    def formats(self) -> bool:
        """Whether it can be had as one thing or another."""
        return any(one.name == "format" for one in self.asks)

    @property
    def printed(self) -> bool:
        """Whether it is for people: a page, a table or a file; what was uploaded is offered where it is named."""
        return self.formats or bool(self.media - {"application/json", *Media})


@dataclass(frozen=True, slots=True)
class Table:
    """What can be imported as a file, and by whom."""

    service: str
    name: str
    title: str
    path: str
    who: frozenset[str]
    empty: bool
    """Whether there is an empty one to fill in."""


@dataclass(frozen=True)
class Described:
    schemas: Mapping[str, Schema]
    lists: Mapping[str, Listed]
    beginnings: tuple[Beginning, ...]
    services: Mapping[str, str]
    answers: Mapping[str, Schema] = field(default_factory=dict)
    """What comes back of what is posted and is no step, by its address."""
    reads: Mapping[str, Schema] = field(default_factory=dict)
    """What is read, by its address."""
    readings: Mapping[str, Report] = field(default_factory=dict)
    """How what is read is asked for, by its address."""
    reports: Mapping[str, Report] = field(default_factory=dict)
    """Of those what can be had as a page to print or as a table, and isn't about one record; by name."""
    tables: tuple[Table, ...] = ()
    singles: Mapping[str, Listed] = field(default_factory=dict)
    """Records that are read one by one, and of which there is no list like the others."""
    offices: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Who may take the step at an address, where that is said."""
    uploads: frozenset[str] = field(default_factory=frozenset)
    """The paths that take a file as it is."""
    told: Mapping[str, Schema] = field(default_factory=dict)
    """By its address, what a step that is posted answers beside the record; a file's number isn't meant."""
    doers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By the list: the kinds of office that have a step on what stands in it."""
    steps: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By the list: the titles of all its steps, whichever office takes them."""
    addresses: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By the list: where its steps are taken, by their names."""
    bodies: Mapping[str, Mapping[str, Schema]] = field(default_factory=dict)
    """By the list: what its steps ask for, by the field's name."""
    registers: Mapping[str, Beginning] = field(default_factory=dict)
    """By the list: the step by which a row of it is entered, as a whole, under its code."""
    missing: tuple[str, ...] = ()
    """The services that have said nothing of themselves yet: nobody knows what is there."""

    def takes_file(self, href: str) -> bool:
        """Whether a step at that address does."""
        return _meant(self.uploads, href) is not None

    def tells(self, href: str, method: str = "POST") -> Schema | None:
        """What a step at that address shows only to the person who takes it; None if nothing. Where a name is read
        another is put, which shows nothing.
        """
        return self.told.get(_meant(self.told, href) or "") if method == "POST" else None

    def resolved(self, schema: Schema) -> Schema:
        """Without references at its top; what was said beside one is kept."""
        while "$ref" in schema:
            found = self.schemas.get(str(schema["$ref"]).removeprefix(REFERENCE), {})
            schema = {**found, **{k: v for k, v in schema.items() if k != "$ref"}}
        return schema

    def at(self, href: str | None) -> Schema | None:
        """The schema that a step names, `/openapi.json#/components/schemas/…`."""
        if href is None:
            return None
        return self.schemas.get(href.partition(REFERENCE)[2])

    def titles(self, service: str) -> Mapping[str, str]:
        """What its fields are called, wherever they stand; its own stand behind what every service has."""
        return {
            name: str(shape["title"])
            for key, schema in self.schemas.items()
            if key.startswith(f"{service}.")
            for name, shape in schema.get("properties", {}).items()
            if "title" in shape
        }

    def codes(self, service: str) -> Mapping[str, str]:
        """What its codes are called, wherever they stand."""
        shapes = (one for key, one in self.schemas.items() if key.startswith(f"{service}."))
        return {code: word for shape in shapes for code, word in shape.get(WORDS, {}).items()}

    def plain(self, schema: Schema) -> tuple[Schema, bool]:
        """What it is where it is there, and whether it may be absent."""
        schema = self.resolved(schema)
        options = schema.get("anyOf") or schema.get("oneOf")
        if not options:
            return schema, False
        there = [one for one in options if one.get("type") != "null"]
        kept = {k: v for k, v in schema.items() if k not in ("anyOf", "oneOf")}
        if len(there) == 1:
            return {**self.resolved(there[0]), **kept}, len(options) > 1
        absent, every = len(options) > len(there), [self.resolved(one) for one in there]
        if all("enum" in one for one in every):
            codes = [code for one in every for code in one["enum"]]
            words = {code: word for one in every for code, word in one.get(WORDS, {}).items()}
            return {**kept, "type": "string", "enum": codes, WORDS: words}, absent
        return {**kept, "type": "string"}, absent

    def by_keys(self, plain: Schema) -> Schema | None:
        """What stands under each key, where it is a mapping of something by something; None where it is none."""
        if plain.get("type") != "object" or "properties" in plain:
            return None
        under = [plain.get("additionalProperties"), *plain.get("patternProperties", {}).values()]
        found = next((one for one in under if isinstance(one, Mapping)), None)
        return None if found is None else self.plain(found)[0]

    def words(self, schema: Schema) -> Mapping[str, str]:
        """Its codes and what they are called, where it is one of several."""
        known = schema.get(WORDS, {})
        return {str(code): known.get(code, str(code)) for code in schema.get("enum", ())}


def _meant(paths: Iterable[str], href: str) -> str | None:
    """Of addresses with names in braces the one that this is."""
    parts = href.split("/")
    for path in paths:
        named = path.split("/")
        if len(named) == len(parts) and all(
            one == part or one[:1] == "{" for one, part in zip(named, parts, strict=True)
        ):
            return path
    return None
