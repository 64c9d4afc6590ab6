"""The gateway's OpenAPI document, read once and refreshed now and then."""

import asyncio
import gc
import time
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from .asking import NOBODY, Gateway
from .beside import beside
from .described import PARTS, Beginning, Described, Listed, Parameter, Report, Schema, Table

AGAIN = 600.0
"""Seconds after which it is read again: a service may have been renewed."""
SOON = 10.0
"""Seconds after which it is read again where a service was away."""
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
        told = await asyncio.to_thread(read, answer.json()) if answer.good else None
        whole = told is not None and not told.missing
        self._until = time.monotonic() + (AGAIN if whole else SOON)
        if told is None:
            return
        known = self._known
        # What it knew stands where that has one that is away and comes back; what isn't even missed has gone.
        if known is None or not known.services.keys() & set(told.missing):
            self._known = told
        if known is None:
            # It is there to stay: not gone through again at each full collection, in the middle of a page.
            gc.collect()
            gc.freeze()


def read(document: Mapping[str, Any]) -> Described:
    schemas = document.get("components", {}).get("schemas", {})
    lists: dict[str, Listed] = {}
    beginnings: list[Beginning] = []
    services: dict[str, str] = {}
    paths = document.get("paths", {})
    known = {one.get("operationId"): path for path, item in paths.items() for one in item.values()}
    uploads, answers, readings, bare = set(), {}, {}, Described(schemas, {}, (), {})
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
            elif method == "get":
                readings[path] = _reading(service, path, operation)
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
        readings=readings,
        reports={one.name: one for one in readings.values() if _is_report(one)},
        tables=tables_of(paths),
        singles=singles_of(bare, paths, lists),
        offices={
            path: frozenset(item["post"].get("x-who", ()))
            for path, item in paths.items()
            if "post" in item
        },
        told=_told(bare, paths),
        uploads=frozenset(uploads),
        doers=_doers(paths),
        steps=_steps(paths),
        addresses=_addresses(paths),
        bodies=_bodies(bare, paths),
        registers=_registers(paths, lists),
        missing=tuple(document.get("info", {}).get("x-missing", ())),
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


def _addresses(paths: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for path, item in paths.items():
        for operation in item.values():
            if "x-rules" in operation:
                *collection, name = operation["operationId"].split(".")
                found[".".join(collection[:2])][name] = path
    return found


def _bodies(bare: Described, paths: Mapping[str, Any]) -> dict[str, dict[str, Schema]]:
    found: defaultdict[str, dict[str, Schema]] = defaultdict(dict)
    for item in paths.values():
        for operation in item.values():
            if "x-rules" in operation:
                collection = ".".join(operation["operationId"].split(".")[:2])
                content = operation.get("requestBody", {}).get("content", {})
                asked = bare.resolved(content.get("application/json", {}).get("schema", {}))
                found[collection] |= asked.get("properties", {})
    return found


def _registers(paths: Mapping[str, Any], lists: Mapping[str, Listed]) -> dict[str, Beginning]:
    """What is put right below a list, under whatever its part is called."""
    found = {}
    for path, item in paths.items():
        operation = item.get("put", {})
        if "x-rules" in operation:
            service, _, rest = str(operation["operationId"]).partition(".")
            step = _beginning(service, rest, path, operation)
            one = lists.get(f"{service}.{step.collection}")
            below = path.removeprefix(f"{one.path}/") if one else ""
            if one is not None and PARTS.fullmatch(below):
                found[one.key] = step
    return found


def _reading(service: str, path: str, operation: Mapping[str, Any]) -> Report:
    asked = [one for one in operation.get("parameters", ()) if one.get("in") in ("path", "query")]
    return Report(
        name=str(operation["operationId"]),
        title=str(operation.get("summary", path)),
        service=service,
        path=path,
        asks=tuple(_parameter(one) for one in asked if one["name"] not in ("cursor", "limit")),
        required=frozenset(one["name"] for one in asked if one.get("required")),
        media=frozenset(operation["responses"].get("200", {}).get("content", ())),
    )


def _is_report(one: Report) -> bool:
    """Whatever comes in several formats, and isn't about one record by its id."""
    return one.formats and "/import/" not in one.path and "{id}" not in one.path


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
    known: Mapping[Any, str],
) -> Listed:
    asked = {
        one["name"]: one for one in operation.get("parameters", ()) if one.get("in") == "query"
    }
    content = operation["responses"]["200"]["content"]["application/json"]["schema"]
    item = bare.resolved(bare.resolved(content)["properties"]["items"]["items"])
    sort, _ = bare.plain(asked["sort"]["schema"]) if "sort" in asked else ({}, True)
    sorts = sort.get("enum") or ([sort["const"]] if "const" in sort else [])
    place = known.get(f"{service}.{name}.show") or known.get(f"{service}.{name}.one") or ""
    return Listed(
        service=service,
        name=name,
        title=str(operation.get("summary", name)).removeprefix("列出"),
        path=path,
        filters=tuple(_parameter(one) for key, one in asked.items() if key not in OWN),
        asks=frozenset(asked),
        sorts=tuple(sorts),
        state=bare.resolved(item["properties"]["state"]),
        single=bool(place),
        trail=f"{service}.{name}.trail" in known,
        place=place,
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
