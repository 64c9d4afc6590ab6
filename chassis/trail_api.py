"""`GET …/{id}/trail`: what happened, in order, and on request whether it is as it was written."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from fastapi import APIRouter

from .aggregates import Aggregates
from .http import Door
from .identity import Access, Subject
from .kernel.errors import NotFound
from .trail import faults

A = TypeVar("A")


def trail_route(
    api: APIRouter,
    base: str,
    aggregates: Aggregates[A, Any],
    door: Door,
    access: Access,
    resource: Callable[[A], Mapping[str, Any]],
) -> None:
    reading = door.reading()

    @api.get(base + "/{id}/trail")
    async def trail(id: str, verify: bool = False, reader: Subject = reading) -> dict[str, Any]:
        held = await aggregates.get(id)
        if not access.may_see(reader, resource(held.aggregate)):
            raise NotFound(f"没有这条记录：{id}")
        entries = await aggregates.trail(id)
        answer: dict[str, Any] = {"subject": aggregates.subject(id), "entries": entries}
        if verify:
            found = faults(aggregates.trail_key, aggregates.subject(id), entries, held.version)
            answer["faults"] = [{"version": fault.version, "what": fault.what} for fault in found]
        return answer
