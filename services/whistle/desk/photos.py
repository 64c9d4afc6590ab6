"""A resident's photographs: taken with the receipt's code, kept with who reported it, for who may read his words."""

from collections.abc import Awaitable, Iterable
from datetime import datetime

from chassis.beside import Beside
from chassis.cause import Cause
from chassis.files import name_of
from chassis.identity import Subject
from chassis.kernel.errors import NotFound
from chassis.kernel.media import bare, recognised
from chassis.kind import Changed, Held
from chassis.retention import Line
from services.whistle.domain import photo
from services.whistle.domain.photo import Photo, PhotoAdded, Photos
from services.whistle.domain.unplaced import UnplacedStatus

from .keeping import LINE, KeepingDesk
from .problems import ProblemDesk
from .receipts import ReceiptDesk


class PhotoDesk(ReceiptDesk, KeepingDesk, ProblemDesk):
    __slots__ = ()

    async def add_photo(self, code: str, content: bytes, cause: Cause) -> Photo:
        """What a camera writes beside the picture is left out before anything is kept."""
        id = await self.named(code)
        _, policy = await self.policy()
        media = recognised(content, at_most=policy.photos.bytes)
        photo.taken(media)
        seen = bare(content, media)
        over = await self._over(id)
        added = Photo(file=name_of(seen), media=media, size=len(seen), added_at=cause.now)

        def add(known: Photos | None) -> Iterable[PhotoAdded]:
            return photo.add(known, added, most=policy.photos.most, over=over)

        def recorded(_: str, beside: Beside) -> Awaitable[Changed[Photos, PhotoAdded]]:
            return self.photos.record(id, add, cause, beside=beside)

        await self.photo_files.filed(seen, recorded, cause.now)
        return added

    async def _over(self, id: str) -> bool:
        held, waits = await self.problems.look(id), await self.unplaced.look(id)
        if held is not None:
            return await self.kept_until(held) is not None
        return waits is not None and waits.aggregate.status is UnplacedStatus.ELSEWHERE

    async def photos_of_problem(self, id: str, reader: Subject) -> tuple[Photo, ...]:
        """For who may read its full text."""
        await self.asked_of_problem(id, reader)
        return await self._photos(id)

    async def photos_of_whistle(self, id: str, reader: Subject) -> tuple[Photo, ...]:
        """For who may read the full text it rests on."""
        await self.asked_of_whistle(id, reader)
        problem = (await self.whistles.get(id)).aggregate.problem
        return await self._photos(problem) if problem else ()

    async def _photos(self, problem: str) -> tuple[Photo, ...]:
        held = await self.photos.look(problem)
        return held.aggregate.photos if held else ()

    async def picture(self, photos: tuple[Photo, ...], file: str) -> tuple[Photo, bytes]:
        """One of these."""
        found = next((one for one in photos if one.file == file), None)
        if found is None:
            raise NotFound("没有这张照片。")
        return found, await self.photo_files.read(file)

    def photo_line(self) -> Line:
        """As long as who reported it."""

        async def days() -> int:
            return (await self.policy())[1].retention.reporter_days

        return Line(name=LINE, of=self.photos, days=days, remove=self.lapse_photos)

    async def lapse_photos(self, held: Held[Photos], cause: Cause) -> None:
        until = await self._kept_until(held.id)
        if until is None or until > cause.now:
            return
        await self.removals.remove_filed(self.photo_files, held, held.aggregate.files, LINE, cause)

    async def _kept_until(self, id: str) -> datetime | None:
        held, waits = await self.problems.look(id), await self.unplaced.look(id)
        if held is not None:
            return await self.kept_until(held)
        return await self.kept_until_away(waits.aggregate) if waits is not None else None
