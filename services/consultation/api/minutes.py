"""The minutes of a session as a file that can be checked without the platform."""

from fastapi import Response

from chassis.files_api import DOWNLOADED, download
from chassis.http import Door
from chassis.identity import Subject
from chassis.kernel.errors import NotFound
from chassis.routes import Routes
from contracts.event import Id
from services.consultation.desk import ConsultationDesk
from services.consultation.domain.minutes import written

NDJSON = "application/x-ndjson"


def router(desk: ConsultationDesk, door: Door) -> Routes:
    api = Routes(tags=["会议"])
    reading = door.reading()

    @api.get(
        "/sessions/{id}/minutes",
        summary="会议纪要（封存文件）",
        response_class=Response,
        responses={200: {"content": {NDJSON: {}}}},
    )
    async def minutes(id: str, reader: Subject = reading) -> Response:
        """Sealed; `gongzhi verify minutes FILE` finds any byte that was changed."""
        lines = (await desk.sessions.show(id, reader)).aggregate.minutes
        if not lines:
            raise NotFound("会议尚未结束，没有纪要。")
        headers = {"Content-Disposition": f'attachment; filename="minutes-{id}.ndjson"'}
        return Response(written(lines), media_type=NDJSON, headers=headers)

    @api.get(
        "/matters/{id}/photos/{photo}",
        summary="下载一张步骤照片",
        response_class=Response,
        responses=DOWNLOADED,
    )
    async def photo(id: str, photo: Id, reader: Subject = reading) -> Response:
        await desk.matters.show(id, reader)
        found, content = await desk.photos.read(id, photo)
        return download(photo, found.media, content)

    return api
