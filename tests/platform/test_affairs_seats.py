"""A-12: of many at once for a community's last seat one has it, whichever process they ask, on every store."""

import asyncio
from collections.abc import Awaitable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chassis import step_taken
from chassis.asking import Asking
from chassis.calendar import NationalCalendar
from chassis.cause import Cause
from chassis.copies import Told
from chassis.http import Asked
from chassis.kernel.clock import WorkTime
from chassis.kernel.errors import RuleBroken
from chassis.store import Store
from services.affairs.desk import AffairsDesk
from services.affairs.domain.scale import Post
from services.affairs.main import desk_on
from services.affairs.steps import workers
from tests.support.stores import store
from tests.support.toy import Silent
from tests.support.walks import AnyStep, person

__all__ = ["store"]

MARCH = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
WORK = WorkTime(days=NationalCalendar(date(2026, 12, 31)))
STREET = person("street:guanshang")
OFFICE = person("department:civil_affairs")
SINCE, NEXT = date(2026, 3, 1), date(2026, 3, 2)
Desks = tuple[AffairsDesk, AffairsDesk]


@pytest.fixture
async def desks(store: Store) -> Desks:
    """Two processes on one store, each with its own locks; a community of two seats."""
    one, other = (desk_on(store, bytes(32), Silent(), WORK) for _ in range(2))
    for kept in (one.workers, one.establishments, one.pay, one.years, one.sealed.kept):
        await kept.prepare()
    await one.communities.aggregates.prepare()
    for code in ("haihua", "wula"):
        data = {"code": code, "name": code, "street": "guanshang", "listed": 1}
        known = Told(event="e", sequence=1, data={**data, "valid_from": "2018-01-01"})
        await one.communities.aggregates.once(code, [known], Cause(actor="platform", now=MARCH))
        number = workers.NumberIn(approved=2, document="编〔2026〕1号")
        asking = Asking(OFFICE, Cause(actor=OFFICE.acts_as, now=MARCH))
        await step_taken.take(workers.approve, one, asking, {"id": code}, (number,))
    return one, other


def asked(key: str | None = None, version: int | None = None, now: datetime = MARCH) -> Asking:
    keyed = f"street:{key}" if key else None
    return Asking(STREET, Cause(actor=STREET.acts_as, now=now, key=keyed, expected=version))


async def take(
    desk: AffairsDesk,
    key: str | None = None,
    *,
    now: datetime = MARCH,
    since: date = SINCE,
    post: Post = Post.STAFF,
) -> str:
    said = workers.WorkerIn(community="haihua", name="甲（虚构）", post=post, since=since)
    changed, _ = await step_taken.take(workers.take, desk, asked(key, now=now), {}, (said,))
    return str(changed.id)


async def step(
    desk: AffairsDesk, step: AnyStep, id: str, said: Asked, *, now: datetime = MARCH
) -> Any:
    version = (await desk.workers.get(id)).version
    changed, _ = await step_taken.take(step, desk, asked(None, version, now), {"id": id}, (said,))
    return changed.aggregate


async def had(*calls: Awaitable[Any]) -> list[Any]:
    """What was answered to those who weren't refused under A-12."""
    answers = await asyncio.gather(*calls, return_exceptions=True)
    broken = [one for one in answers if isinstance(one, BaseException)]
    assert all(isinstance(one, RuleBroken) and one.rule.id == "A-12" for one in broken), broken
    return [one for one in answers if not isinstance(one, BaseException)]


async def here(desk: AffairsDesk, community: str = "haihua") -> int:
    return await desk.workers.count({"community": community, "here": True})


async def test_A_12_of_many_taken_at_once_so_many_are_as_there_are_seats(desks: Desks) -> None:
    taken = await had(*(take(desks[n % 2]) for n in range(8)))
    assert (len(taken), await here(desks[0])) == (2, 2)


async def test_A_17_a_street_s_quarter_begins_with_a_worker_and_not_with_a_refusal(
    desks: Desks,
) -> None:
    one, _ = desks
    unnamed = workers.WorkerIn(community="haihua", name=" ", post=Post.STAFF, since=SINCE)
    assert await had(step_taken.take(workers.take, one, asked(), {}, (unnamed,))) == []
    number = workers.NumberIn(approved=0, document="编〔2026〕2号")
    asking = Asking(OFFICE, Cause(actor=OFFICE.acts_as, now=MARCH))
    await step_taken.take(workers.approve, one, asking, {"id": "haihua"}, (number,))
    assert await had(take(one)) == []
    assert await one.pay.count({}) == await one.years.count({}) == 0
    number = workers.NumberIn(approved=1, document="编〔2026〕3号")
    await step_taken.take(workers.approve, one, asking, {"id": "haihua"}, (number,))
    await take(one)
    [sheet] = await one.pay.find({})
    assert sheet.aggregate.since == MARCH.date()


async def test_A_12_numbers_of_before_are_listed_for_who_approves_them(desks: Desks) -> None:
    kept = desks[0].establishments
    for document in await kept.store.find("establishments", {}):
        document["keys"].pop("units")
        before = document["rev"]
        await kept.store.replace("establishments", {**document, "rev": before + 1}, before)
    assert [one async for one in kept.every_of(OFFICE, {})] == []
    await kept.prepare()
    listed = [one.aggregate.community async for one in kept.every_of(OFFICE, {})]
    assert sorted(listed) == ["haihua", "wula"]


async def test_A_12_the_number_stays_above_who_is_in_post_until_he_is_gone(desks: Desks) -> None:
    one, other = desks
    first, _ = await take(one), await take(other)
    asking = Asking(OFFICE, Cause(actor=OFFICE.acts_as, now=MARCH + timedelta(days=1)))
    number = workers.NumberIn(approved=1, document="编〔2026〕2号")

    async def lower() -> list[Any]:
        return await had(step_taken.take(workers.approve, one, asking, {"id": "haihua"}, (number,)))

    assert await lower() == []
    await step(other, workers.leave, first, workers.LeaveIn(post=Post.STAFF, until=SINCE))
    assert len(await lower()) == 1


async def test_A_12_the_same_request_again_has_the_seat_it_had(desks: Desks) -> None:
    one, other = desks
    first = await take(one, "k-1")
    await take(other)
    assert await take(other, "k-1") == first
    assert await had(take(one, "k-2")) == []
    gone = workers.LeaveIn(post=Post.STAFF, until=SINCE)
    await step(one, workers.leave, first, gone)
    await take(other, since=NEXT)
    assert await take(one, "k-1") == first
    assert await here(one) == 2


async def test_A_12_who_left_makes_room_at_once_and_who_comes_back_needs_it(desks: Desks) -> None:
    one, other = desks
    first, _ = await take(one), await take(other)
    gone = workers.LeaveIn(post=Post.STAFF, until=SINCE)
    await step(other, workers.leave, first, gone)
    back = workers.PostIn(post=Post.CHIEF, since=NEXT)
    calls = (take(one, since=NEXT), take(other, since=NEXT), step(one, workers.posts, first, back))
    assert len(await had(*calls)) == 1
    assert await here(one) == 2


async def test_A_12_who_leaves_on_a_day_to_come_has_his_seat_until_then(desks: Desks) -> None:
    one, other = desks
    first, _ = await take(one), await take(other)
    leaving = workers.LeaveIn(post=Post.STAFF, until=date(2099, 12, 30))
    await step(one, workers.leave, first, leaving)
    assert await had(take(other, since=NEXT)) == []
    await take(other, since=date(2099, 12, 31))


async def test_A_12_who_moves_has_a_seat_there_and_leaves_one_here(desks: Desks) -> None:
    one, other = desks
    ids = [await take(one), await take(other)]
    there = workers.MoveIn(community="wula", post=Post.STAFF, since=date(2026, 3, 9))
    moved = await asyncio.gather(*(step(one, workers.move, id, there) for id in ids))
    assert {each.community for each in moved} == {"wula"}
    more = [await take(other, since=date(2026, 3, 9)), await take(one, since=date(2026, 3, 9))]
    later = workers.MoveIn(community="wula", post=Post.STAFF, since=date(2026, 3, 10))
    assert await had(*(step(other, workers.move, id, later) for id in more)) == []
    assert (await here(one), await here(one, "wula")) == (2, 2)


async def test_A_12_who_is_paid_elsewhere_takes_no_seat_until_he_is_paid_here(
    desks: Desks,
) -> None:
    """The number is of who is paid: a community has more groups than it has seats."""
    one, other = desks
    leaders = [await take(one, post=Post.GROUP_LEADER) for _ in range(3)]
    secretary = await take(other, post=Post.BRANCH_SECRETARY)
    await take(one)
    staff = workers.PostIn(post=Post.STAFF, since=NEXT)
    paid = await had(*(step(other, workers.posts, id, staff) for id in (*leaders, secretary)))
    assert len(paid) == 1
    assert await had(take(one, since=NEXT)) == []
    await take(one, since=NEXT, post=Post.GROUP_LEADER)
    number = workers.NumberIn(approved=2, document="编〔2026〕2号")
    asking = Asking(OFFICE, Cause(actor=OFFICE.acts_as, now=MARCH))
    await step_taken.take(workers.approve, one, asking, {"id": "haihua"}, (number,))


async def test_A_12_a_seat_held_for_a_request_that_never_came_through_is_free_again(
    desks: Desks,
) -> None:
    one, _ = desks
    await one.hold_seat(
        ("guanshang", "haihua"), "never", Post.STAFF, SINCE, Cause(actor="x", now=MARCH)
    )
    await take(one)
    assert await had(take(one)) == []
    await take(one, now=MARCH + timedelta(minutes=10))
    assert await here(one) == 2
