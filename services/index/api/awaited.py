"""What begins with its first step is read before that, too: what is awaited, of whom, and the step."""

from typing import Any

from fastapi import Response

from chassis.identity import Subject
from chassis.kernel.errors import NotFound
from chassis.kind import Held
from chassis.steps_api import Desked, Which

Kept = Desked[Any, Any, Any, Any]


async def show(of: Kept, id: str, reader: Subject, response: Response, actions: Which) -> Any:
    """One of them; not begun it has version 0 and no ETag. NotFound where there is none, or not for the reader."""
    held = await of.kept.look(id) or await _awaited(of, id)
    if not of.collection.access.may_see(reader, of.collection.resource(held.aggregate)):
        raise NotFound
    shown = await of.show(held, reader, response, actions)
    if not held.version:
        del response.headers["ETag"]
    return shown


async def _awaited(of: Kept, id: str) -> Held[Any]:
    state = None
    for event in await of.collection.begins(of.desk, id) if of.collection.begins else ():
        state = of.collection.evolve(state, event)
    if state is None:
        raise NotFound
    return Held(id, state, 0, id)
