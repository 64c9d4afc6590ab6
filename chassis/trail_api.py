"""`GET …/{id}/trail`: what happened, in order, and on request whether it is as it was written."""

from typing import Any

from fastapi import APIRouter

from .guarded import Guarded
from .http import Door
from .identity import Subject
from .trail import faults


def trail_route(api: APIRouter, base: str, aggregates: Guarded[Any, Any], door: Door) -> None:
    reading = door.reading()

    @api.get(base + "/{id}/trail")
    async def trail(id: str, verify: bool = False, reader: Subject = reading) -> dict[str, Any]:
        held, entries = await aggregates.show_history(id, reader)
        answer: dict[str, Any] = {"subject": aggregates.subject(id), "entries": entries}
        if verify:
            found = faults(aggregates.trail_key, aggregates.subject(id), entries, held.version)
            answer["faults"] = [{"version": fault.version, "what": fault.what} for fault in found]
        return answer
