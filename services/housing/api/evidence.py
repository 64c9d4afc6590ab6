"""Evidence, for whom one of its agreements concerns."""

from fastapi import Response

from chassis.files_api import download
from chassis.http import Door
from chassis.identity import Subject
from chassis.routes import Routes
from contracts.event import Id
from services.housing.desk import HousingDesk


def router(desk: HousingDesk, door: Door) -> Routes:
    api = Routes(tags=["协议"])
    reading = door.reading()

    @api.get("/evidence/{id}", summary="下载一份佐证", response_class=Response)
    async def evidence(id: Id, reader: Subject = reading) -> Response:
        found, content = await desk.read(id, reader)
        return download(id, found.media, content)

    return api
