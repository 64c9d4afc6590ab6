"""Imports over HTTP: the body is the file, CSV or XLSX."""

import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from chassis.asking import Asking
from chassis.http import Door, Shown, shown
from chassis.identity import Subject
from chassis.kernel.errors import Refusal
from chassis.policy import Policies
from chassis.trail_api import trail_route
from contracts.event import Code
from services.housing.desk.imports import REGISTER_COLUMNS, YARD_COLUMNS, ImportDesk, Said
from services.housing.domain.policy import HousingPolicy
from services.housing.domain.yards import Yards
from services.housing.sheets import Sheet, spooled

Why = Annotated[str, Query(max_length=1000)]


class OutcomeOut(BaseModel):
    lines: int
    changes: list[dict[str, Any]]
    bad: list[dict[str, Any]]
    entered: bool


def routes(api: APIRouter, desk: ImportDesk, policies: Policies[HousingPolicy], door: Door) -> None:
    reading, importer = door.reading(), door.writing(versioned=False)

    @api.post("/communities/import")
    async def communities(
        request: Request, reason: Why, dry_run: bool = True, asking: Asking = importer
    ) -> OutcomeOut:
        desk.demand(asking, reason)
        _, policy = await policies.current()
        with await spooled(request.stream()) as file:
            sheet = Sheet(file, REGISTER_COLUMNS, policy.import_lines)
            outcome = await desk.communities_of(sheet, reason, dry_run=dry_run, asking=asking)
        return OutcomeOut(
            lines=outcome.lines,
            changes=list(outcome.changes),
            bad=list(outcome.bad),
            entered=outcome.entered,
        )

    @api.post("/yards/import", response_class=StreamingResponse)
    async def yards(
        request: Request, reason: Why, dry_run: bool = True, asking: Asking = importer
    ) -> StreamingResponse:
        """One JSON object a line: progress, bad lines, changes, and at last the totals."""
        desk.demand(asking, reason)
        _, policy = await policies.current()
        file = await spooled(request.stream())
        try:
            sheet = Sheet(file, YARD_COLUMNS, policy.import_lines)
        except BaseException:
            file.close()
            raise

        async def lines() -> AsyncIterator[str]:
            with file:
                try:
                    async for said in desk.yards_of(sheet, reason, dry_run=dry_run, asking=asking):
                        yield _line(said)
                except Refusal as refusal:  # the answer has begun: it can only say so itself
                    yield _line({"refused": refusal.detail})

        return StreamingResponse(lines(), media_type="application/x-ndjson")

    @api.get("/yards/{community}")
    async def of_community(
        community: Code, response: Response, reader: Subject = reading
    ) -> Shown[Yards]:
        return shown(await desk.yards.show(community, reader), response)

    trail_route(api, "/yards", desk.yards, door)


def _line(said: Said) -> str:
    return json.dumps(said, ensure_ascii=False) + "\n"
