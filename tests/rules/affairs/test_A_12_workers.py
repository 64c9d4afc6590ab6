"""A-12: within the approved number; who moves, and within what."""

from datetime import date, timedelta
from functools import partial
from typing import Any

from chassis.kernel.holding import HELD_FOR
from services.affairs.domain import establishment, worker
from services.affairs.domain.establishment import (
    Establishment,
    NumberApproved,
    SeatFreed,
    SeatHeld,
    approve,
    fullest,
)
from services.affairs.domain.scale import Post
from services.affairs.domain.worker import Holding, Moved
from services.affairs.queries.figures import AffairsQueries
from tests.support.specification import Given, past
from tests.support.walks import person

from .cases import LATER, MARCH, TODAY, WHEN, broken, but, malformed
from .test_A_13_pay import given, left, second, taken
from .test_actions import CAUSE, staffed

number = NumberApproved(
    street="guanshang", community="haihua", approved=2, document="编〔2026〕1号", at=MARCH
)
NOBODY: frozenset[str] = frozenset()
A, B, C = (frozenset({one}) for one in "abc")


def seats(*happened: Any) -> Given[Establishment]:
    return past(None, establishment.evolve, (number, *happened))


def held(worker: str, at: Any = MARCH) -> SeatHeld:
    return SeatHeld(worker=worker, at=at)


def test_A_12_a_number_names_its_document() -> None:
    assert approve(None, number, NOBODY) == number
    broken("A-12", "document", approve, None, but(number, document=" "), NOBODY)
    broken("A-12", "community", establishment.hold, None, "a", NOBODY, MARCH)


def test_A_12_a_number_falls_no_lower_than_the_seats_that_are_taken() -> None:
    there = seats(held("a")).state
    broken("A-12", "approved", approve, there, but(number, approved=0), NOBODY)
    broken("A-12", "approved", approve, there, but(number, approved=1), A | B)
    for less, in_post in ((1, A), (1, NOBODY), (0, NOBODY)):
        at = MARCH if less else MARCH + HELD_FOR
        approved = but(number, approved=less, at=at)
        assert approve(there, approved, in_post) == approved
    over = but(there, approved=0)
    assert approve(over, but(number, approved=1), A | B).approved == 1, "raised, if not enough"


def test_A_12_the_document_says_that_there_is_a_number_and_the_platform_that_seats_keep_it() -> (
    None
):
    full = broken("A-12", "post", establishment.hold, seats(held("a")).state, "c", B, MARCH)
    assert full.clause == "官政发〔2018〕20号 一"
    both = seats(held("a"), held("b")).state
    assert broken("A-12", "approved", approve, both, but(number, approved=1), NOBODY).clause is None


def test_A_12_who_is_in_post_and_whom_a_seat_is_held_for_have_it() -> None:
    both = seats(held("a"), held("b")).state
    full = ("A-12", "post", establishment.hold)
    broken(*full, both, "c", NOBODY, MARCH)
    broken(*full, seats(held("a")).state, "c", frozenset({"d"}), MARCH)
    broken(*full, seats().state, "c", frozenset({"d", "e"}), MARCH)
    assert establishment.hold(both, "a", NOBODY, LATER) == held("a", LATER)
    one = seats(held("a")).state
    assert establishment.hold(one, "c", frozenset({"a"}), MARCH) == held("c")


def test_A_12_a_seat_is_taken_day_by_day_and_until_the_last_one() -> None:
    """Who leaves on a day to come is in post until then, and so is who moves on, where he was."""
    after = WHEN + timedelta(days=1)
    there = partial(fullest, {"a": given(left).state}, "haihua", "b")
    assert (there(WHEN), there(after)) == (A, NOBODY)
    assert there(TODAY - timedelta(days=9)) == A
    moved = Moved(community="wula", post=Post.STAFF, since=after)
    gone = {"a": given(moved).state, "c": given().state}
    there = partial(fullest, gone, worker="b")
    assert (there("haihua", since=WHEN), there("haihua", since=after)) == (A | C, C)
    assert (there("wula", since=WHEN), there("wula", since=TODAY)) == (A, A)
    own = partial(fullest, {"a": given(left).state, "b": given().state}, "haihua", "a")
    assert (own(after), own(TODAY)) == (B, B)
    own = partial(fullest, {"a": given().state, "b": given().state}, "haihua", "a")
    assert (own(TODAY - timedelta(days=1)), own(WHEN)) == (NOBODY, None)


def test_A_12_a_seat_is_held_for_as_long_as_a_request_may_last() -> None:
    both, over = seats(held("a"), held("b")), MARCH + HELD_FOR
    broken("A-12", "post", establishment.hold, both.state, "c", NOBODY, over - timedelta(seconds=1))
    assert establishment.hold(both.state, "c", NOBODY, over) == held("c", over)
    after = seats(held("a"), held("b"), held("c", over)).state
    assert after.seats == (held("c", over),)
    assert seats(held("a"), held("a", LATER)).state.seats == (held("a", LATER),)


def test_A_12_who_has_left_frees_what_was_held_before_and_not_his_coming_back() -> None:
    one = seats(held("a", LATER), held("b", LATER)).state
    assert establishment.free(one, "a", LATER) == (SeatFreed(worker="a", at=LATER),)
    assert establishment.free(one, "a", MARCH) == ()
    assert establishment.free(one, "c", LATER) == ()
    freed = seats(held("a"), held("b"), SeatFreed(worker="a", at=LATER)).state
    assert freed.seats == (held("b"),)
    again = seats(held("a"), but(number, approved=3)).state
    assert (again.approved, again.seats) == (3, (held("a"),))


def test_A_12_a_move_ends_the_posts_before_it_and_stays_in_the_street() -> None:
    there = ("guanshang", "wula", Post.DEPUTY)
    moved = Moved(community="wula", post=Post.DEPUTY, since=date(2026, 4, 1))
    both = given(second)
    assert worker.move(both.state, *there, date(2026, 4, 1)) == moved
    after = given(second, moved).state
    last = date(2026, 3, 31)
    assert (after.community, after.open_posts) == ("wula", (Post.DEPUTY,))
    assert [(one.post, one.until) for one in after.posts[:2]] == [
        (Post.STAFF, last),
        (Post.CHIEF, last),
    ]
    kept = given(left, second, moved).state.posts[0]
    assert kept == Holding(post=Post.STAFF, since=TODAY, until=WHEN, community="haihua")
    broken("A-12", None, worker.move, given(left).state, *there, date(2026, 4, 1))
    elsewhere = ("liujia", "wula", Post.DEPUTY)
    broken("A-12", "community", worker.move, both.state, *elsewhere, date(2026, 4, 1))
    same = ("guanshang", "haihua", Post.DEPUTY)
    malformed("community", worker.move, both.state, *same, date(2026, 4, 1))
    malformed("since", worker.move, both.state, *there, WHEN)
    assert worker.move(given(left, second).state, *there, date(2026, 4, 1)) == moved


async def test_A_12_levels_of_a_day_are_counted_where_each_was_in_post_that_day() -> None:
    _, desk = await staffed()
    moved = Moved(community="wula", post=Post.STAFF, since=date(2026, 4, 1))
    await desk.workers.change("w-1", lambda _: [moved], CAUSE)
    queries = AffairsQueries(desk=desk)
    for day, community in ((date(2026, 3, 31), "haihua"), (date(2026, 4, 1), "wula")):
        [row] = await queries.levels(day, person("street:guanshang"))
        assert (row.community, row.workers) == (community, 1), day


async def test_A_13_each_worker_s_level_of_a_day_is_in_a_roll_by_the_number_of_his_record() -> None:
    _, desk = await staffed()
    leads = but(taken, post=Post.GROUP_LEADER)
    await desk.workers.once("w-2", [leads], CAUSE)
    await desk.workers.once("w-3", [but(taken, post=Post.SUPERVISION_MEMBER)], CAUSE)
    queries = AffairsQueries(desk=desk)
    table = await queries.roll(WHEN, person("street:guanshang"))
    assert [one.name for one in table.columns][3:5] == ["post", "level"]
    assert [row[:1] + row[2:] for row in map(tuple, table.rows)] == [
        ("w-1", "haihua", "staff", 17, 280_000, 60_000, 340_000),
        ("w-3", "haihua", "supervision_member", None, 100_000, 0, 100_000),
    ]
    assert [*(await queries.roll(WHEN, person("street:wujing"))).rows] == []
