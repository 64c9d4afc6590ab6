"""W-01, W-16: what a resident photographed goes with what he reported, and says nothing beside it."""

from dataclasses import replace

import pytest

from chassis.kernel.errors import Malformed
from chassis.kernel.media import Media, bare
from services.whistle.domain.photo import Photo, PhotoAdded, Photos, add, evolve, taken
from services.whistle.domain.policy import PhotoLimits, check
from tests.support.pictures import jpeg, png
from tests.support.specification import Given

from .cases import MONDAY, NUMBERS

seen = Photo(file="a", media=Media.JPEG, size=9, added_at=MONDAY)


def photos(*files: str) -> Photos:
    return Photos(photos=tuple(replace(seen, file=file) for file in files))


def test_W_01_so_many_photographs_while_something_is_to_be_done() -> None:
    known = Given(photos("b", "c"), evolve)
    adding = lambda state: add(state, seen, most=3, over=False)  # noqa: E731
    full = known.when(adding).leads_to()
    assert full.state.files == ("b", "c", "a") and full.state.last == MONDAY
    assert add(None, seen, most=1, over=False) == (PhotoAdded(photo=seen),)
    full.when(lambda state: add(state, replace(seen, file="d"), most=3, over=False)).breaks("W-01")
    known.when(lambda state: add(state, seen, most=3, over=True)).breaks("W-01")
    assert add(full.state, seen, most=3, over=True) == (), "the same once more is nothing"


def test_W_01_a_photograph_is_no_paper() -> None:
    with pytest.raises(Malformed):
        taken(Media.PDF)
    taken(Media.PNG)


def test_W_01_how_many_and_how_large_is_the_policys() -> None:
    for wrong in (PhotoLimits(most=11, bytes=9), PhotoLimits(most=-1, bytes=9)):
        with pytest.raises(Malformed):
            check(replace(NUMBERS, photos=wrong))
    with pytest.raises(Malformed):
        check(replace(NUMBERS, photos=PhotoLimits(most=3, bytes=8_000_001)))


@pytest.mark.parametrize(("media", "made"), [(Media.JPEG, jpeg), (Media.PNG, png)])
def test_W_16_what_the_camera_wrote_is_left_out(media: Media, made: object) -> None:
    told, plain = made(b"GPS 25.02"), made(b"")  # type: ignore[operator]
    assert b"GPS 25.02" in told and bare(told, media) == plain == bare(plain, media)
    assert bare(plain + b"GPS 25.02", media) == plain, "and nothing after its end"
    for cut in range(8, len(plain) - 4):
        try:
            assert b"GPS" not in bare(told[:cut], media)
        except Malformed as refusal:
            assert refusal.field == "body"
