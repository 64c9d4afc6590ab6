"""Files that were handed in for a record: shown on its page, and offered to the step that names them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from .described import Described, Listed, Schema
from .desk import Look
from .shown import clock_face

FILED = "filed"
"""In an address: what was handed in from this page, to be named by the next step."""
PROOFS = "proofs"
EVIDENCE = "evidence"
NAMING = (PROOFS, "photos")
"""Fields that files are named in."""


@dataclass(frozen=True, slots=True)
class Filed:
    id: str
    page: str
    title: str
    unit: str


async def proofs(look: Look, one: Listed, item: Mapping[str, Any]) -> list[Filed]:
    """Nothing where none are kept of such records, or they aren't the reader's to see."""
    listed = f"{one.path}/{{id}}/{PROOFS}"
    if listed not in look.described.reads:
        return []
    path = f"{one.path}/{quote(item['id'], safe='')}/{PROOFS}"
    answer = await look.ask(path)
    codes = look.described.codes(one.service)
    return [
        Filed(
            id=said["id"],
            page=f"/console/paper/{path.removeprefix('/api/v1/')}/{quote(said['id'], safe='')}",
            title=" ".join(
                (
                    look.names.named("unit", said["unit"]),
                    clock_face(said["filed_at"] or ""),
                    codes.get(said["media"], said["media"]),
                )
            ),
            unit=said["unit"],
        )
        for said in (answer.json() if answer.good else ())
    ]


async def own_proofs(
    look: Look, one: Listed, item: Mapping[str, Any], schema: Schema | None
) -> Mapping[str, Sequence[tuple[str, str]]]:
    """What a form that names proofs offers: those of who fills it in."""
    if not item or PROOFS not in naming(look.described, schema):
        return {}
    own = [each for each in await proofs(look, one, item) if each.unit == look.visitor.code]
    return {PROOFS: [(each.id, each.title) for each in own]}


def just_handed(look: Look, schema: Schema | None) -> dict[str, Any]:
    """All that was handed in from here, for the step that names it at one place."""
    filed = look.request.query_params.getlist(FILED)
    fields = naming(look.described, schema)
    return {name: filed for name in fields if filed and len(fields) == 1 and "." not in name}


def handed(look: Look, schema: Schema | None) -> Mapping[str, Sequence[tuple[str, str]]]:
    """What a form offers of it in each field that names files, as one photograph for each point of an inspection."""
    filed = look.request.query_params.getlist(FILED)
    options = [(id, f"第 {number} 份") for number, id in enumerate(filed, 1)]
    return {name.rpartition(".")[2]: options for name in naming(look.described, schema) if options}


def looked_at(look: Look, one: Listed, schema: Schema | None) -> list[tuple[str, str]]:
    """The same, each with its page, where such files are read by themselves."""
    if f"/api/v1/{one.service}/{EVIDENCE}/{{id}}" not in look.described.reads:
        return []
    every = next(iter(handed(look, schema).values()), ())
    page = f"/console/paper/{one.service}/{EVIDENCE}"
    return [(title, f"{page}/{quote(id, safe='')}") for id, title in every]


def naming(described: Described, schema: Schema | None) -> list[str]:
    """Of a form the fields that list files, or those within them."""
    fields, found = (schema or {}).get("properties", {}), []
    for name in NAMING:
        plain = described.plain(fields.get(name, {}))[0]
        found += [name] if plain.get("type") == "array" else []
        found += [f"{name}.{inner}" for inner in plain.get("properties", {})]
    return found
