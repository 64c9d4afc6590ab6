"""Imports over HTTP: the body is the file, CSV or XLSX."""

import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from chassis.asking import Asking
from chassis.exports import Format, offered
from chassis.http import Door, Shown, shown
from chassis.identity import Subject
from chassis.kernel.errors import Refusal
from chassis.policy import Policies
from chassis.tables.columns import Column
from chassis.tables.reading import Table, kept, reading
from chassis.tables.template import as_csv, as_xlsx
from chassis.trail_api import trail_route
from chassis.words import Long
from contracts.event import Code
from services.housing.desk.imports import ImportDesk, Said
from services.housing.domain.policy import HousingPolicy
from services.housing.domain.yards import Yards
from services.housing.tables import YARDS, register_columns

Why = Annotated[Long, Query()]
TemplateFormat = Literal[Format.XLSX, Format.CSV]


class OutcomeOut(BaseModel):
    lines: int
    changes: list[dict[str, Any]]
    bad: list[dict[str, Any]]
    entered: bool


def routes(api: APIRouter, desk: ImportDesk, policies: Policies[HousingPolicy], door: Door) -> None:
    register = register_columns(desk.register.streets)
    for path, title, columns in (("communities", "社区", register), ("yards", "小区院落", YARDS)):
        _template(api, f"/{path}/import/template", title, columns, door)
    _register(api, desk, policies, register, door)
    _yards(api, desk, policies, door)
    trail_route(api, "/yards", desk.yards, door)


def _register(
    api: APIRouter,
    desk: ImportDesk,
    policies: Policies[HousingPolicy],
    register: Sequence[Column],
    door: Door,
) -> None:
    importer = door.writing(versioned=False)

    @api.post("/communities/import")
    async def communities(
        request: Request, reason: Why, dry_run: bool = True, asking: Asking = importer
    ) -> OutcomeOut:
        desk.demand(asking, reason)
        _, policy = await policies.current()
        async with kept(request.stream()) as path:
            async with reading(path, register, policy.import_lines) as table:
                outcome = await desk.communities_of(table, reason, dry_run=dry_run, asking=asking)
        return OutcomeOut(
            lines=outcome.lines,
            changes=list(outcome.changes),
            bad=list(outcome.bad),
            entered=outcome.entered,
        )


def _yards(api: APIRouter, desk: ImportDesk, policies: Policies[HousingPolicy], door: Door) -> None:
    reading_it, importer = door.reading(), door.writing(versioned=False)

    @api.post("/yards/import", response_class=StreamingResponse)
    async def yards(
        request: Request, reason: Why, dry_run: bool = True, asking: Asking = importer
    ) -> StreamingResponse:
        """One JSON object a line: progress, bad lines, changes, and at last the totals."""
        desk.demand(asking, reason)
        _, policy = await policies.current()
        held = AsyncExitStack()
        try:
            path = await held.enter_async_context(kept(request.stream()))
            # What is no table is refused before an answer begins.
            table = await held.enter_async_context(reading(path, YARDS, policy.import_lines))
            if not dry_run:
                await desk.claim(asking)
        except BaseException:
            await held.aclose()
            raise

        def again() -> AbstractAsyncContextManager[Table]:
            return reading(path, YARDS, policy.import_lines)

        answer = _said(desk, held, table, None if dry_run else again, reason, asking)
        return StreamingResponse(answer, media_type="application/x-ndjson")

    @api.get("/yards/{community}")
    async def of_community(
        community: Code, response: Response, reader: Subject = reading_it
    ) -> Shown[Yards]:
        return shown(await desk.yards.show(community, reader), response)


def _template(api: APIRouter, path: str, title: str, columns: Sequence[Column], door: Door) -> None:
    reader_of = door.reading()

    @api.get(path, response_class=Response)
    async def template(
        format: TemplateFormat = Format.XLSX, reader: Subject = reader_of
    ) -> Response:
        """The empty table to fill in, with explanations and lists to choose from."""
        content = as_xlsx(title, columns) if format is Format.XLSX else as_csv(title, columns)
        return offered(content, format, path.split("/")[1])


async def _said(
    desk: ImportDesk,
    held: AsyncExitStack,
    table: Table,
    again: Callable[[], AbstractAsyncContextManager[Table]] | None,
    reason: str,
    asking: Asking,
) -> AsyncIterator[str]:
    """To its end before anything of it is entered: a file that breaks off enters nothing.

    `again` reads it a second time to enter it; None on a dry run.
    """
    async with held:
        try:
            async for one in desk.yards_of(table, reason, dry_run=True, asking=asking):
                if again is None:
                    yield _line(one)
            if again is not None:
                async with again() as table:
                    async for one in desk.yards_of(table, reason, dry_run=False, asking=asking):
                        yield _line(one)
        except Refusal as refusal:  # the answer has begun: it can only say so itself
            yield _line({"refused": refusal.detail})


def _line(said: Said) -> str:
    return json.dumps(said, ensure_ascii=False) + "\n"
