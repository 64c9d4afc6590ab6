"""Evidence, for whom one of its agreements concerns."""

from datetime import datetime

from fastapi import Response

from chassis.files_api import DOWNLOADED, FileOut, download
from chassis.http import Door
from chassis.identity import Subject
from chassis.routes import Routes
from contracts.event import Id
from services.housing.desk import HousingDesk


class FiledOut(FileOut):
    """`filed_at`: for this agreement, where that is known."""

    filed_at: datetime | None


def router(desk: HousingDesk, door: Door) -> Routes:
    api = Routes(tags=["协议"])
    reading = door.reading()

    # To hand one in is called `housing.agreements.evidence`.
    @api.get(
        "/agreements/{id}/evidence",
        summary="一份协议的佐证",
        operation_id="housing.agreements.evidence.every",
    )
    async def filed(id: Id, reader: Subject = reading) -> list[FiledOut]:
        return [
            FiledOut(
                id=held.id,
                media=held.aggregate.media,
                size=held.aggregate.size,
                filed_at=held.aggregate.since(id),
            )
            for held in await desk.filed_for(id, reader)
        ]

    @api.get(
        "/evidence/{id}",
        summary="下载一份佐证",
        response_class=Response,
        responses=DOWNLOADED,
    )
    async def evidence(id: Id, reader: Subject = reading) -> Response:
        found, content = await desk.read(id, reader)
        return download(id, found.media, content)

    return api
