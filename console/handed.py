"""Files uploaded for a record: shown on its page, and offered to the step that refers to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
    kept = [name for name in (PROOFS, EVIDENCE) if _listed(look, one, name)]
    if not kept or not item:
        return []
    path = f"{one.path}/{quote(item['id'], safe='')}/{kept[0]}"
    answer = await look.ask(path)
    own = path if kept[0] == PROOFS else f"/api/v1/{one.service}/{EVIDENCE}"
    page = f"/console/paper/{own.removeprefix('/api/v1/')}"
    return [
        Filed(
            id=said["id"],
            page=f"{page}/{quote(said['id'], safe='')}",
            title=_title(look, one, said),
            unit=said.get("unit", ""),
        )
        for said in (answer.json() if answer.good else ())
    ]


def _listed(look: Look, one: Listed, name: str) -> bool:
    return f"{one.path}/{{id}}/{name}" in look.described.reads


def _title(look: Look, one: Listed, said: Mapping[str, Any]) -> str:
    whose = look.names.named("unit", said["unit"]) if "unit" in said else ""
    media = look.described.codes(one.service).get(said["media"], said["media"])
    return " ".join(filter(None, (whose, clock_face(said["filed_at"] or ""), media)))


async def choices(
    look: Look, one: Listed, item: Mapping[str, Any], schema: Schema | None
) -> Mapping[str, Sequence[Filed]]:
    """What a form offers in each field that names files: of proofs those of who fills it in, else all of the record's,
    as one photograph for each point of an inspection.
    """
    fields = naming(look.described, schema)
    if not fields:
        return {}
    kept = await proofs(look, one, item)
    if PROOFS in fields:
        kept = [each for each in kept if each.unit == look.visitor.code]
    else:
        kept = [replace(each, title=f"第 {n} 份 {each.title}") for n, each in enumerate(kept, 1)]
    return {name.rpartition(".")[2]: kept for name in fields} if kept else {}


def just_handed(look: Look, schema: Schema | None) -> dict[str, Any]:
    """All that was handed in from here, for the step that names it at one place."""
    filed = look.request.query_params.getlist(FILED)
    fields = naming(look.described, schema)
    return {name: filed for name in fields if filed and len(fields) == 1 and "." not in name}


def naming(described: Described, schema: Schema | None) -> list[str]:
    """Of a form the fields that list files, or those within them."""
    fields, found = (schema or {}).get("properties", {}), []
    for name in NAMING:
        plain = described.plain(fields.get(name, {}))[0]
        found += [name] if plain.get("type") == "array" else []
        found += [f"{name}.{inner}" for inner in plain.get("properties", {})]
    return found
