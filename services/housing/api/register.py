"""The register of streets and communities, over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from chassis.asking import Asking
from chassis.http import Asked, Door, Listed, Paged, Shown, listed, shown
from chassis.identity import Subject
from chassis.trail_api import trail_route
from chassis.words import Day, Long, Short
from contracts.event import Code
from services.housing import commands
from services.housing.desk.register import RegisterDesk
from services.housing.domain.boundaries import BoundaryChange, ChangeKind, Entry
from services.housing.domain.community import Community, CommunityKind
from services.housing.domain.street import Street
from services.housing.queries.register import RegisterQueries

from .words import Households


class CommunityIn(Asked):
    name: Short
    street: Code
    kind: CommunityKind | None = None
    households: Households | None = None
    reason: Long


class EntryIn(Asked):
    """The community as it is from the day on."""

    code: Code
    name: Short
    street: Code
    kind: CommunityKind | None = None
    households: Households | None = None


class ChangeIn(Asked):
    """`ends`: the communities that are no more from the day on."""

    kind: ChangeKind
    on: Day
    ends: Annotated[tuple[Code, ...], Field(max_length=20)] = ()
    entries: Annotated[tuple[EntryIn, ...], Field(min_length=1, max_length=20)]
    reason: Long


def _register(api: APIRouter, desk: RegisterDesk, queries: RegisterQueries, door: Door) -> None:
    reading, keeper = door.reading(), door.writing(versioned=None)

    @api.get("/streets")
    async def streets(reader: Subject = reading) -> list[Street]:
        return queries.list_streets()

    @api.get("/communities")
    async def communities(page: Paged, reader: Subject = reading) -> Listed[Community]:
        return listed(await queries.list_communities(page.after, page.limit), page)

    @api.get("/communities/{code}")
    async def community(
        code: Code, response: Response, as_of: Day | None = None, reader: Subject = reading
    ) -> Shown[Community]:
        return shown(await queries.community(code, as_of), response)

    @api.put("/communities/{code}")
    async def enter(
        code: Code, body: CommunityIn, response: Response, asking: Asking = keeper
    ) -> Shown[Community]:
        command = commands.EnterCommunity(**body.model_dump())
        return shown(await desk.enter(code, command, asking), response)

    trail_route(api, "/communities", desk.communities, door)


def routes(api: APIRouter, desk: RegisterDesk, queries: RegisterQueries, door: Door) -> None:
    _register(api, desk, queries, door)
    reading, creator = door.reading(), door.writing(versioned=False)

    @api.post("/boundary-changes", status_code=201)
    async def redraw(
        body: ChangeIn, response: Response, asking: Asking = creator
    ) -> Shown[BoundaryChange]:
        command = commands.Redraw(
            kind=body.kind,
            on=body.on,
            ends=body.ends,
            entries=tuple(Entry(**entry.model_dump()) for entry in body.entries),
            reason=body.reason,
        )
        return shown(await desk.redraw(command, asking), response)

    @api.get("/boundary-changes")
    async def changes(page: Paged, reader: Subject = reading) -> Listed[BoundaryChange]:
        return listed(await desk.changes.list(reader, {}, page.after, page.limit), page)

    trail_route(api, "/boundary-changes", desk.changes, door)
