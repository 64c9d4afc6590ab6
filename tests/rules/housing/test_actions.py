"""What is offered is what may be done: for random lives of agreements, rooms and bookings, and whoever asks."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chassis.cause import Cause
from chassis.http import ReasonIn
from chassis.kernel.media import Media
from services.housing.desk import HousingDesk
from services.housing.domain.booking import RoomBooked
from services.housing.domain.evidence import EvidenceFiled
from services.housing.domain.inspection import Point
from services.housing.main import desk_on
from services.housing.steps import agreements, communities, months, premises
from services.housing.steps.agreements import AGREEMENTS
from services.housing.steps.communities import COMMUNITIES
from services.housing.steps.months import MONTHS
from services.housing.steps.premises import PREMISES
from tests.support.memory import MemoryStore
from tests.support.toy import Silent
from tests.support.walks import AnyStep, Walk, everybody, person

from .test_agreement import SIGNED_AT, signed
from .test_bookings import booked
from .test_premises import noted, office
from .test_register import entered

PEOPLE = [
    *everybody("yiliu", "yunxiang", "liujia", "haihua"),
    person("department:housing_construction"),
]
PHOTO = "b" * 64
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


def said(step: AnyStep, chance: random.Random) -> Any:
    number = chance.randint(1, 3)
    photos = {point: (PHOTO,) for point in Point}
    terms = {"project": "滨河花园二期", "developer": "dev_002", "households": 4000}
    bodies: dict[str, Any] = {
        "evidence": lambda: PNG,
        "inspect": lambda: agreements.InspectionIn(
            area=chance.choice(["600.00", "1200.50"]),
            first="0",
            second="0",
            outside=True,
            close=True,
            decorated=True,
            photos=agreements.PhotosIn(**photos),
            at=SIGNED_AT,
        ),
        "correct": lambda: agreements.CorrectionIn(
            inspection=number, area="600.00", first="0", second="0", reason="多写一个零"
        ),
        "hand_over": lambda: agreements.HandoverIn(
            inspection=number,
            at=SIGNED_AT,
            remedies=tuple(
                agreements.RemedyIn(point=point, what="加装隔断", due=signed.due)
                for point in (Point.FLOORS, Point.GROUND_HALF)
            ),
        ),
        "remedy": lambda: agreements.RemedyDoneIn(
            inspection=number, point=Point.FLOORS, photos=(PHOTO,)
        ),
        "extend": lambda: agreements.ExtendIn(
            due=signed.due + timedelta(days=30 * number), reason="管线迁改"
        ),
        "replace": lambda: agreements.ReplaceIn(
            **terms, area="1300.00", due=signed.due, reason="项目合并"
        ),
        "list_room": lambda: ROOM,
        "change_room": lambda: premises.RoomChangeIn(**ROOM.model_dump(), reason="重新测量"),
        "enter": lambda: communities.CommunityIn(name="海华", street="liujia", reason="更名"),
    }
    return bodies[step.name]() if step.name in bodies else ReasonIn(reason="活动改期")


ROOM = premises.RoomIn(
    name="图书室",
    kind=office.kind,
    use=office.use,
    area="150.00",
    floor=1,
    own_use=True,
    obtained=office.obtained,
    tenure=office.tenure,
)
CAUSE = Cause(actor="platform", now=SIGNED_AT)


def walk(
    collection: Any, steps: Any, desk: HousingDesk, store: MemoryStore, seed: int, **waits: Any
) -> Walk:
    chance = random.Random(seed)
    return Walk(collection, steps, desk, store, PEOPLE, said, chance, SIGNED_AT, **waits)


async def there(store: MemoryStore) -> HousingDesk:
    desk = desk_on(store, bytes(32), Silent())
    await desk.policies.seed(SIGNED_AT)
    return desk


@pytest.mark.parametrize("seed", range(6))
async def test_H_06_what_is_offered_of_an_agreement_may_be_done_and_nothing_else(seed: int) -> None:
    store = MemoryStore()
    desk = await there(store)
    await desk.agreements.once("a1", [signed], CAUSE)
    filed = EvidenceFiled(
        agreement="a1",
        street="yiliu",
        community="yunxiang",
        media=Media.PNG,
        size=28,
        at=SIGNED_AT,
    )
    await desk.evidence.once(PHOTO, [filed], CAUSE)
    # More than was owed may be taken over when nobody waits for it, and all of it by the district.
    waited = frozenset({"inspect", "hand_over", "remedy"})
    going = walk(AGREEMENTS, agreements.STEPS, desk, store, seed, waited=waited, again=waited)
    await going.go("a1", 14)
    assert going.tried > 100 and len(going.taken) > 2


@pytest.mark.parametrize("seed", range(3))
async def test_H_01_what_is_offered_of_premises_may_be_done_and_nothing_else(seed: int) -> None:
    store = MemoryStore()
    desk = await there(store)
    await desk.premises.once("haihua", [noted], CAUSE)
    going = walk(PREMISES, premises.STEPS, desk, store, seed)
    await going.go("haihua", 8)
    assert going.tried > 50 and len(going.taken) > 2


@pytest.mark.parametrize("seed", range(3))
async def test_H_10_what_is_offered_of_bookings_may_be_done_and_nothing_else(seed: int) -> None:
    store = MemoryStore()
    desk = await there(store)
    by = ["community:haihua", "department:housing_construction", "command_centre"]
    happened = [
        RoomBooked(
            booking=f"b{number}",
            room=booked.room,
            month=booked.month,
            street=booked.street,
            community=booked.community,
            start=booked.start + timedelta(days=number),
            end=booked.end + timedelta(days=number),
            purpose=booked.purpose,
            by=who,
        )
        for number, who in enumerate(by)
    ]
    await desk.months.once("haihua~1~2026-03", happened, CAUSE)
    going = walk(MONTHS, months.STEPS, desk, store, seed)
    going.now = datetime(2026, 3, 8, 1, 0, tzinfo=UTC)
    await going.go("haihua~1~2026-03", 4)
    assert going.tried >= 30 and going.taken


async def test_H_11_what_is_offered_of_a_community_may_be_done_and_nothing_else() -> None:
    store = MemoryStore()
    desk = await there(store)
    await desk.communities.once(entered.code, [entered], CAUSE)
    going = walk(COMMUNITIES, communities.STEPS, desk, store, 0)
    await going.check(entered.code, PEOPLE)
    assert going.tried == len(PEOPLE)
