"""What is read of problems and whistles besides themselves: full texts, proofs, whom to call, points."""

from datetime import datetime
from typing import Any

from fastapi import Response
from pydantic import BaseModel

from chassis.files_api import DOWNLOADED, FileOut, download
from chassis.http import Door
from chassis.identity import Subject
from chassis.kernel.clock import local_date
from chassis.kind import Held
from chassis.routes import Routes
from contracts.event import Code, Id
from services.whistle.desk import WhistleDesk
from services.whistle.desk.problems import Words
from services.whistle.domain.photo import Photo
from services.whistle.domain.proof import Proof
from services.whistle.queries import WhistleQueries


class ProofOut(FileOut):
    """Whose it is, and since when."""

    unit: str
    filed_at: datetime | None


class Suggested(BaseModel):
    """`whistle`: that of which the command centre decided so; none where it is who usually answers."""

    unit: str
    usual: str
    whistle: str | None = None


class Left(BaseModel):
    """A whistle, and the ended unit or community that it waits for."""

    whistle: str
    unit: str | None = None
    community: str | None = None


class PointsLeft(BaseModel):
    """What a blowing unit has left of its year's points."""

    blower: str
    year: int
    irregular: int
    points: int


def router(desk: WhistleDesk, queries: WhistleQueries, door: Door) -> Routes:
    api = Routes(tags=["哨"])
    reading = door.reading()

    @api.get("/problems/{id}/asked", summary="诉求原文和地点")
    async def asked(id: str, reader: Subject = reading) -> Words:
        return await desk.asked_of_problem(id, reader)

    @api.get("/unplaced/{id}/asked", summary="待定地点的诉求原文和所写地点")
    async def asked_of_unplaced(id: str, reader: Subject = reading) -> Words:
        return await desk.asked_of_unplaced(id, reader)

    @api.get("/whistles/{id}/asked", summary="哨所依据的诉求原文和地点")
    async def asked_of_whistle(id: str, reader: Subject = reading) -> Words:
        return await desk.asked_of_whistle(id, reader)

    @api.get("/whistles/{id}/proofs", summary="佐证")
    async def proofs(id: str, reader: Subject = reading) -> list[ProofOut]:
        return [_proof(held) for held in await desk.proofs_of(id, reader)]

    @api.get(
        "/whistles/{id}/proofs/{proof}",
        summary="下载一份佐证",
        response_class=Response,
        responses=DOWNLOADED,
    )
    async def proof(id: str, proof: Id, reader: Subject = reading) -> Response:
        found, content = await desk.read_proof(id, proof, reader)
        return download(proof, found.media, content)

    _photos(api, desk, door)

    @api.get(
        "/routes",
        summary="此类问题应吹给哪些部门",
        response_model=Suggested,
        response_model_exclude_unset=True,
    )
    async def routes(
        category: Code, community: Code, problem: Id | None = None, reader: Subject = reading
    ) -> Any:
        return await queries.suggested(category, community, problem, reader)

    @api.get(
        "/left",
        summary="等已撤销单位或社区办理的哨",
        response_model=list[Left],
        response_model_exclude_unset=True,
    )
    async def left(reader: Subject = reading) -> Any:
        return await queries.left(local_date(door.now()), reader)

    @api.get("/standings/{blower}", summary="吹哨主体的年度积分", response_model=PointsLeft)
    async def standing(blower: str, year: int, reader: Subject = reading) -> Any:
        return await queries.standing(blower, year, reader)

    return api


def _photos(api: Routes, desk: WhistleDesk, door: Door) -> None:
    """What the resident photographed, for who may read his words."""
    reading = door.reading()

    @api.get("/problems/{id}/photos", summary="居民所附照片")
    async def photos(id: str, reader: Subject = reading) -> list[FileOut]:
        return [_filed(one) for one in await desk.photos_of_problem(id, reader)]

    @api.get(
        "/problems/{id}/photos/{photo}",
        summary="居民所附的一张照片",
        response_class=Response,
        responses=DOWNLOADED,
    )
    async def photo(id: str, photo: Code, reader: Subject = reading) -> Response:
        found = await desk.picture(await desk.photos_of_problem(id, reader), photo)
        return download(photo, found[0].media, found[1])

    @api.get("/whistles/{id}/photos", summary="哨所依据的居民照片")
    async def photos_of_whistle(id: str, reader: Subject = reading) -> list[FileOut]:
        return [_filed(one) for one in await desk.photos_of_whistle(id, reader)]

    @api.get(
        "/whistles/{id}/photos/{photo}",
        summary="哨所依据的一张照片",
        response_class=Response,
        responses=DOWNLOADED,
    )
    async def photo_of_whistle(id: str, photo: Code, reader: Subject = reading) -> Response:
        found = await desk.picture(await desk.photos_of_whistle(id, reader), photo)
        return download(photo, found[0].media, found[1])


def _proof(held: Held[Proof]) -> ProofOut:
    one = held.aggregate
    return ProofOut(
        id=held.id, media=one.media, size=one.size, unit=one.unit, filed_at=one.filed_at
    )


def _filed(one: Photo) -> FileOut:
    return FileOut(id=one.file, media=one.media, size=one.size)
