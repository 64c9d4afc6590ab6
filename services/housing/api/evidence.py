"""Evidence over HTTP: a file goes in and comes out as it is; everything else says only its id."""

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from chassis.asking import Asking
from chassis.http import Door
from chassis.identity import Subject
from contracts.event import Id
from services.housing.desk.evidence import EvidenceDesk
from services.housing.domain.evidence import Media


class EvidenceOut(BaseModel):
    id: str
    media: Media
    size: int


def routes(api: APIRouter, desk: EvidenceDesk, door: Door) -> None:
    reading, creator = door.reading(), door.writing(versioned=False)

    @api.post("/evidence", status_code=201)
    async def file(agreement: Id, request: Request, asking: Asking = creator) -> EvidenceOut:
        """The body is the file: JPEG, PNG or PDF, told by its first bytes."""
        filed = await desk.file(agreement, await request.body(), asking)
        return EvidenceOut(id=filed.id, media=filed.aggregate.media, size=filed.aggregate.size)

    @api.get("/evidence/{id}", response_class=Response)
    async def evidence(id: Id, reader: Subject = reading) -> Response:
        found, content = await desk.read(id, reader)
        headers = {
            "Content-Disposition": f'attachment; filename="{id}"',
            "X-Content-Type-Options": "nosniff",
        }
        return Response(content, media_type=found.media, headers=headers)
