"""Evidence over HTTP."""

from fastapi import APIRouter, Request, Response

from chassis.asking import Asking
from chassis.files_api import FileOut, download
from chassis.http import Door
from chassis.identity import Subject
from contracts.event import Id
from services.housing.desk.evidence import EvidenceDesk


def routes(api: APIRouter, desk: EvidenceDesk, door: Door) -> None:
    reading, creator = door.reading(), door.writing(versioned=False, claims=True)

    @api.post("/evidence", status_code=201)
    async def file(agreement: Id, request: Request, asking: Asking = creator) -> FileOut:
        """The body is the file: JPEG, PNG or PDF, told by its first bytes."""
        filed = await desk.file(agreement, await request.body(), asking)
        return FileOut(id=filed.id, media=filed.aggregate.media, size=filed.aggregate.size)

    @api.get("/evidence/{id}", response_class=Response)
    async def evidence(id: Id, reader: Subject = reading) -> Response:
        found, content = await desk.read(id, reader)
        return download(id, found.media, content)
