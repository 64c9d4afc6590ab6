"""How long photographs of a matter's steps are kept (C-18, the term is ours): then their content goes, too."""

from datetime import datetime, timedelta

import pytest

from chassis.cause import Cause
from chassis.kernel.errors import NotFound
from chassis.kind import Held
from services.consultation.desk import ConsultationDesk
from services.consultation.domain.photo import Photo
from services.consultation.main import desk_on
from tests.support.memory import MemoryStore
from tests.support.toy import Silent

from .test_matter import CLOCKS, PROPOSED, REFUSED
from .test_matter import MORNING as AT

PHOTO = b"\xff\xd8\xff\xe0 a photo"
LINE = "photo_days"
TERM = timedelta(days=1095)


def cause(now: datetime) -> Cause:
    return Cause(actor="system:test", now=now)


async def filed(*matters: str) -> tuple[ConsultationDesk, list[Held[Photo]]]:
    """The same photograph, filed for each."""
    desk = desk_on(MemoryStore(), b"k" * 32, Silent(), CLOCKS.work)
    await desk.policies.seed(AT)
    photos = []
    for matter in matters:
        await desk.matters.create(matter, lambda: [PROPOSED], cause(AT))
        photos.append(await desk.photos.file(matter, PHOTO, 1024, cause(AT)))
    return desk, photos


async def refuse(desk: ConsultationDesk, matter: str) -> None:
    await desk.matters.change(matter, lambda _: [REFUSED], cause(AT))


async def go_through(desk: ConsultationDesk, now: datetime) -> None:
    for line in desk.retention():
        await line.go_through("consultation", now)


async def test_C_18_a_photograph_goes_so_long_after_the_last_of_its_matter() -> None:
    desk, [photo] = await filed("m-1")
    await go_through(desk, AT + 20 * TERM)
    assert (await desk.photos.read("m-1", photo.id))[1] == PHOTO, "the matter isn't over"
    await refuse(desk, "m-1")
    await go_through(desk, AT + TERM - timedelta(seconds=1))
    assert (await desk.photos.read("m-1", photo.id))[1] == PHOTO
    await go_through(desk, AT + TERM)
    with pytest.raises(NotFound):
        await desk.photos.read("m-1", photo.id)
    with pytest.raises(NotFound):
        await desk.photos.files.read(photo.aggregate.file)
    [noted] = await desk.removals.kept.find({})
    assert (noted.aggregate.collection, noted.aggregate.record) == ("photos", photo.id)
    assert noted.aggregate.line == LINE


async def test_C_18_what_was_filed_for_another_matter_as_well_stays_there() -> None:
    desk, [gone, stays] = await filed("m-1", "m-2")
    await refuse(desk, "m-1")
    await go_through(desk, AT + TERM)
    with pytest.raises(NotFound):
        await desk.photos.read("m-1", gone.id)
    assert (await desk.photos.read("m-2", stays.id))[1] == PHOTO
