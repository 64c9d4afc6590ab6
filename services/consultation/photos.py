"""Photographs of matters: filed by who leads one, read by whoever sees it (C-18)."""

from collections.abc import Iterable
from dataclasses import dataclass

from chassis.aggregates import Aggregates
from chassis.beside import Beside
from chassis.cause import Cause
from chassis.files import Files
from chassis.kernel.errors import NotFound, UnknownReference
from chassis.kernel.media import recognised
from chassis.kind import Held, Kind, derived_id
from chassis.lists import OVER

from .domain import photo
from .domain.photo import Photo, PhotoFiled

PHOTOS: Kind[Photo, PhotoFiled] = Kind(
    service="consultation",
    collection="photos",
    state=Photo,
    events=(PhotoFiled,),
    evolve=photo.evolve,
    announce=lambda *_: None,
    # Each is looked at again and again: whether its time has come only its matter says.
    keys=lambda photo: {"file": photo.file, OVER: 0},
    indexes=("file", OVER),
    always=("file", OVER),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Photos:
    kept: Aggregates[Photo, PhotoFiled]
    files: Files

    async def file(self, matter: str, content: bytes, at_most: int, cause: Cause) -> Held[Photo]:
        """The content makes the id, so the same file again is the same photograph."""
        media = recognised(content, at_most=at_most)

        async def filed(file: str, beside: Beside) -> Held[Photo]:
            photo = Photo(matter=matter, file=file, media=media, size=len(content))
            id, events = derived_id("photos", matter, file), [PhotoFiled(photo=photo, at=cause.now)]
            return await self.kept.once(id, events, cause, beside=beside)

        return await self.files.filed(content, filed, cause.now)

    async def read(self, matter: str, id: str) -> tuple[Photo, bytes]:
        held = await self.kept.look(id)
        if held is None or held.aggregate.matter != matter:
            raise NotFound("没有这张照片。")
        return held.aggregate, await self.files.read(held.aggregate.file)

    async def filed(self, matter: str, ids: Iterable[str]) -> None:
        """That they are of this matter; UnknownReference otherwise."""
        for id in ids:
            held = await self.kept.look(id)
            if held is None or held.aggregate.matter != matter:
                raise UnknownReference("该事项没有这张照片。", field="photos")
