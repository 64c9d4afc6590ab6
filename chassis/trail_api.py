"""Trails over HTTP: what happened to one record, in order, and whether all trails verify."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Annotated, Any

import structlog
from pydantic import BaseModel, Field

from .aggregates import Aggregates
from .asking import Asking
from .guarded import Guarded
from .http import Door, Paged, cursor_after
from .identity import Subject, kinds
from .kernel.errors import NotFound
from .routes import Routes
from .trail import TrailFault

log = structlog.get_logger()
VERIFIERS = kinds("district_admin")
"""Who may have every trail verified; they are told ids and marks, never what happened."""


class TrailEntry(BaseModel):
    """What happened: `data` is the event's own, `mark` seals it to the entry before, under the named key."""

    version: int
    type: str
    title: str | None = None
    at: Annotated[str, Field(json_schema_extra={"format": "date-time"})]
    actor: str
    data: dict[str, Any]
    causation: str | None = None
    key: str | None = None
    mark: str


class Trail(BaseModel):
    """Of one thing, in order; `faults` where they were asked for."""

    subject: str
    entries: list[TrailEntry]
    faults: list[TrailFault] | None = None


class Verified(BaseModel):
    """One trail: its length, what is wrong with it, and the mark of each entry, for its witness."""

    id: str
    version: int
    marks: list[str]
    faults: list[TrailFault]


class VerifiedPage(BaseModel):
    """One page; `next` is the cursor of the page after it."""

    collection: str
    items: list[Verified]
    next: str | None = None


class Refolded(BaseModel):
    """What of one was otherwise than its trail gives, by name (`keys.due`): empty where nothing was.

    `outbox`: what couldn't be published is tried again.
    """

    id: str
    changed: list[str]


def trail_of(
    aggregates: Guarded[Any, Any], door: Door, happened: Mapping[str, str]
) -> Callable[..., Awaitable[Any]]:
    """`GET …/{id}/trail`: what happened to one, in order, and what that is called where it is said."""
    reading = door.reading()

    async def trail(id: str, verify: bool = False, reader: Subject = reading) -> dict[str, Any]:
        _, entries = await aggregates.show_history(id, reader)
        shown = [_titled(entry, happened) for entry in entries]
        answer: dict[str, Any] = {"subject": aggregates.subject(id), "entries": shown}
        if verify:
            answer["faults"] = await aggregates.check(id)
        return answer

    return trail


def _titled(entry: Mapping[str, Any], happened: Mapping[str, str]) -> Mapping[str, Any]:
    title = happened.get(entry["type"])
    return {**entry, "title": title} if title else entry


def trail_route(
    api: Routes,
    base: str,
    aggregates: Guarded[Any, Any],
    door: Door,
    happened: Mapping[str, str],
) -> None:
    api.add(
        base + "/{id}/trail",
        trail_of(aggregates, door, happened),
        response_model=Trail,
        response_model_exclude_unset=True,
        summary="留痕：何时由何身份办了什么",
    )


def trails_router(kept: Iterable[Aggregates[Any, Any]], door: Door) -> Routes:
    """`GET …/trails`: everything a service keeps; `GET …/trails/{collection}`: each of its trails verified;
    `POST …/{id}/refold`: what follows from one made anew."""
    api, reading = Routes(tags=["留痕"]), door.reading()
    refolding = door.writing(versioned=False, keyed=False)
    by_name = {aggregates.kind.collection: aggregates for aggregates in kept}

    @api.get("/trails", summary="有留痕的各类记录")
    async def collections(reader: Subject = reading) -> list[str]:
        reader.must_be(VERIFIERS)
        return sorted(by_name)

    @api.get("/trails/{collection}", summary="逐条核验一类记录的留痕")
    async def verified(
        collection: str,
        page: Paged,
        reader: Subject = reading,
    ) -> VerifiedPage:
        reader.must_be(VERIFIERS)
        if collection not in by_name:
            raise NotFound
        aggregates = by_name[collection]
        found = await aggregates.whole(page.after, page.limit)
        items = [
            Verified(
                id=document["id"],
                version=document["version"],
                marks=[str(entry.get("mark", "")) for entry in document["trail"]],
                faults=aggregates.faults(document),
            )
            for document in found
        ]
        last = found[-1]["id"] if len(found) == page.limit else None
        more = cursor_after(last, last) if last else None
        return VerifiedPage(collection=collection, items=items, next=more)

    @api.post("/trails/{collection}/{id}/refold", summary="按留痕重新推算一条记录的状态")
    async def refolded(collection: str, id: str, asking: Asking = refolding) -> Refolded:
        """For what an earlier build left otherwise, or couldn't publish; refused where the trail itself is not as it
        was written.
        """
        asking.subject.must_be(VERIFIERS)
        if collection not in by_name:
            raise NotFound
        kept = by_name[collection]
        if changed := await kept.refold(id):
            by = asking.subject.acts_as
            log.warning("record_refolded", record=kept.subject(id), changed=changed, by=by)
        return Refolded(id=id, changed=changed)

    return api
