"""What the gateway says of itself, read once and looked at again now and then: lists, bodies, titles, words."""

import asyncio
import gc
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .asking import NOBODY, Gateway
from .beside import beside

AGAIN = 600.0
"""Seconds after which it is read again: a service may have been renewed."""
REFERENCE = "#/components/schemas/"
WORDS = "x-words"
OWN = frozenset(
    (
        "count",
        "count_by",
        "acted_by",
        "begun_by",
        "waiting",
        "names",
        "actions",
        "sort",
        "q",
        "cursor",
        "limit",
    )
)
"""Of a list's parameters those that are no filter."""
GATEWAY = "网关"
"""Who says something under no service's title."""
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
    """What can be had as a page to print or as a table: a statement, a ledger, a scorecard."""

    name: str
    title: str
    service: str
    path: str
    asks: tuple[Parameter, ...]
    required: frozenset[str]


@dataclass(frozen=True, slots=True)
class Table:
    """What can be brought in as a file, and by whom."""

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
    reports: Mapping[str, Report] = field(default_factory=dict)
    tables: tuple[Table, ...] = ()
    singles: Mapping[str, Listed] = field(default_factory=dict)
    """Records that are read one by one, and of which there is no list like the others."""
    offices: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Who may take the step at an address, where that is said."""
    uploads: frozenset[str] = field(default_factory=frozenset)
    """The paths that take a file as it is."""
    told: Mapping[str, Schema] = field(default_factory=dict)
    """By its address, what a step answers beside the record; a file's number isn't meant."""
    doers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By the list: the kinds of office that have a step on what stands in it."""
    steps: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By the list: what its steps are called, whoever takes them."""

    def takes_file(self, href: str) -> bool:
        """Whether a step at that address does."""
        return _meant(self.uploads, href) is not None

    def tells(self, href: str) -> Schema | None:
        """What a step at that address tells who takes it, and nobody after him; None where that is nothing."""
        return self.told.get(_meant(self.told, href) or "")

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
        """What its fields are called, wherever they stand."""
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


class Describing:
    """Read when it is first needed; an old one serves until a new one is there."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._known: Described | None = None
        self._until = 0.0
        self._reading = asyncio.Lock()

    async def __call__(self) -> Described:
        if self._known is None or time.monotonic() > self._until:
            async with self._reading:
                if self._known is None or time.monotonic() > self._until:
                    await self._read()
        return self._known or read({})

    async def _read(self) -> None:
        answer = await self._gateway.ask(NOBODY, "/openapi.json")
        if answer.good:
            first, self._known = self._known is None, await asyncio.to_thread(read, answer.json())
            self._until = time.monotonic() + AGAIN
            if first:
                # It is there to stay: not gone through again at each full collection, in the middle of a page.
                gc.collect()
                gc.freeze()


def read(document: Mapping[str, Any]) -> Described:
    schemas = document.get("components", {}).get("schemas", {})
    lists: dict[str, Listed] = {}
    beginnings: list[Beginning] = []
    services: dict[str, str] = {}
    paths = document.get("paths", {})
    known = {one.get("operationId") for item in paths.values() for one in item.values()}
    uploads, answers, reports, bare = set(), {}, {}, Described(schemas, {}, (), {})
    for path, item in paths.items():
        for method, operation in item.items():
            service, _, rest = str(operation.get("operationId", "")).partition(".")
            tag = (operation.get("tags") or [service])[0]
            if " · " in tag:
                services.setdefault(service, tag.partition(" · ")[0])
            elif path.startswith(f"/api/v1/{service}/"):
                services.setdefault(service, GATEWAY)
            if method == "get" and rest.endswith(".list"):
                one = _listed(bare, service, rest.removesuffix(".list"), path, operation, known)
                lists[one.key] = one
            elif method == "get" and (report := _report(service, path, operation)):
                reports[report.name] = report
            elif method == "post" and "x-rules" in operation:
                if _takes_file(operation):
                    uploads.add(path)
                if "{" not in path and rest.count(".") == 1:
                    beginnings.append(_beginning(service, rest, path, operation))
            elif method == "post":
                answers[path] = _answered(operation)
    return Described(
        schemas,
        lists,
        tuple(beginnings),
        services,
        answers=answers,
        reads={path: _answered(item["get"]) for path, item in paths.items() if "get" in item},
        reports=reports,
        tables=tables_of(paths),
        singles=singles_of(bare, paths, lists),
        offices={
            path: frozenset(item["post"].get("x-who", ()))
            for path, item in paths.items()
            if "post" in item
        },
        uploads=frozenset(uploads),
        told=_told(bare, paths),
        doers=_doers(paths),
        steps=_steps(paths),
    )


def singles_of(
    bare: Described, paths: Mapping[str, Any], lists: Mapping[str, Listed]
) -> Mapping[str, Listed]:
    """Those that are shown with what may be done with them, and not listed."""
    found = {}
    for path, item in paths.items():
        service, _, rest = str(item.get("get", {}).get("operationId", "")).partition(".")
        name = rest.removesuffix(".one").removesuffix(".show")
        if name == rest or not path.endswith("/{id}") or f"{service}.{name}" in lists:
            continue
        shape = bare.resolved(_answered(item["get"])).get("properties", {})
        if "state" in shape and "actions" in shape:
            found[f"{service}.{name}"] = Listed(
                service=service,
                name=name,
                title=str(item["get"].get("summary", name)),
                path=path.removesuffix("/{id}"),
                filters=(),
                asks=frozenset(),
                sorts=(),
                state=bare.resolved(shape["state"]),
                single=True,
                trail=False,
            )
    return found


def tables_of(paths: Mapping[str, Any]) -> tuple[Table, ...]:
    """Each is taken at `…/import`, with a dry run."""
    found = []
    for path, item in paths.items():
        said = item.get("post", {})
        asks = {one["name"] for one in said.get("parameters", ())}
        if path.endswith("/import") and "dry_run" in asks:
            service, _, rest = said["operationId"].partition(".")
            found.append(
                Table(
                    service=service,
                    name=rest.partition(".")[0],
                    title=said["summary"].removeprefix("导入"),
                    path=path,
                    who=frozenset(said.get("x-who", ())),
                    empty=f"{path}/template" in paths,
                )
            )
    return tuple(found)


def _told(bare: Described, paths: Mapping[str, Any]) -> dict[str, Schema]:
    steps = {
        path: item["post"] for path, item in paths.items() if "x-rules" in item.get("post", {})
    }
    return {
        path: shape
        for path, said in steps.items()
        if not _takes_file(said) and (shape := beside(bare.resolved(_answered(said)))) is not None
    }


def _doers(paths: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for item in paths.values():
        for operation in item.values():
            collection = ".".join(str(operation.get("operationId", "")).split(".")[:2])
            found[collection] |= set(operation.get("x-who", ()))
    return {name: frozenset(kinds) for name, kinds in found.items()}


def _steps(paths: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for item in paths.values():
        for operation in item.values():
            if "x-rules" in operation:
                *collection, name = operation["operationId"].split(".")
                found[".".join(collection[:2])][name] = operation["summary"]
    return found


def _report(service: str, path: str, operation: Mapping[str, Any]) -> Report | None:
    """Whatever comes in several formats, and isn't about one record by its id."""
    asked = [one for one in operation.get("parameters", ()) if one.get("in") in ("path", "query")]
    names = {one["name"] for one in asked}
    if "format" not in names or "id" in names or "/import/" in path:
        return None
    return Report(
        name=str(operation["operationId"]),
        title=str(operation.get("summary", path)),
        service=service,
        path=path,
        asks=tuple(_parameter(one) for one in asked if one["name"] not in ("cursor", "limit")),
        required=frozenset(one["name"] for one in asked if one.get("required")),
    )


def _answered(operation: Mapping[str, Any]) -> Schema:
    good = [said for status, said in operation["responses"].items() if status.startswith("2")]
    content = good[0].get("content", {}) if good else {}
    found: Schema = content.get("application/json", {}).get("schema", {})
    return found


def _listed(
    bare: Described,
    service: str,
    name: str,
    path: str,
    operation: Mapping[str, Any],
    known: set[Any],
) -> Listed:
    asked = {
        one["name"]: one for one in operation.get("parameters", ()) if one.get("in") == "query"
    }
    content = operation["responses"]["200"]["content"]["application/json"]["schema"]
    item = bare.resolved(bare.resolved(content)["properties"]["items"]["items"])
    sort, _ = bare.plain(asked["sort"]["schema"]) if "sort" in asked else ({}, True)
    sorts = sort.get("enum") or ([sort["const"]] if "const" in sort else [])
    return Listed(
        service=service,
        name=name,
        title=str(operation.get("summary", name)).removeprefix("列出"),
        path=path,
        filters=tuple(_parameter(one) for key, one in asked.items() if key not in OWN),
        asks=frozenset(asked),
        sorts=tuple(sorts),
        state=bare.resolved(item["properties"]["state"]),
        single=f"{service}.{name}.show" in known or f"{service}.{name}.one" in known,
        trail=f"{service}.{name}.trail" in known,
    )


def _parameter(said: Mapping[str, Any]) -> Parameter:
    return Parameter(said["name"], said["schema"].get("title", said["name"]), said["schema"])


def _takes_file(operation: Mapping[str, Any]) -> bool:
    content = operation.get("requestBody", {}).get("content", {})
    return bool(content) and not any(media.endswith("json") for media in content)


def _beginning(service: str, rest: str, path: str, operation: Mapping[str, Any]) -> Beginning:
    collection, _, name = rest.partition(".")
    content = operation.get("requestBody", {}).get("content", {})
    reference = content.get("application/json", {}).get("schema", {}).get("$ref")
    return Beginning(
        name=name,
        title=operation.get("summary", name),
        path=path,
        service=service,
        collection=collection,
        schema=f"/openapi.json{reference}" if reference else None,
        uploads=_takes_file(operation),
        who=frozenset(operation.get("x-who", ())),
    )
