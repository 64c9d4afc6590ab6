"""W-16: what may be sent in without a token is limited by address, and the address is not kept for long."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from starlette.requests import Request

from chassis import address_limits
from chassis.address_limits import MOST, SubmissionLimit, WrongCodeLimit, address_of
from chassis.kernel.errors import Malformed, NotFound, TooMany
from console.limits import Limits as Sessions
from console.visitors import Visitor
from gateway.limits import Limits
from services.whistle.domain.policy import check

from .cases import MONDAY, NUMBERS, SECOND

LIMITS = {"each_minute": 2, "each_day": 3}
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


class Clock:
    def __init__(self) -> None:
        self.now = MONDAY

    def __call__(self) -> datetime:
        return self.now


def refused(posts: SubmissionLimit, address: str = "a") -> int:
    with pytest.raises(TooMany) as refusal:
        posts.count(address, **LIMITS)
    return refusal.value.wait


def test_W_16_so_many_in_a_minute_and_in_a_day_each_address_for_itself() -> None:
    clock = Clock()
    posts = SubmissionLimit(clock)
    posts.count("a", **LIMITS)
    clock.now += 20 * SECOND
    posts.count("a", **LIMITS)
    assert refused(posts) == 40
    posts.count("b", **LIMITS)
    clock.now = MONDAY + MINUTE
    posts.count("a", **LIMITS)
    # Two within the minute again, and three within the day: the longer wait is said.
    assert refused(posts) == (DAY - MINUTE).total_seconds()
    clock.now = MONDAY + DAY - timedelta(microseconds=1)
    assert refused(posts) == 1
    clock.now = MONDAY + DAY
    posts.count("a", **LIMITS)


def test_W_16_an_address_is_forgotten_after_a_day_and_the_quietest_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = Clock()
    posts = SubmissionLimit(clock)
    monkeypatch.setattr(address_limits, "ADDRESSES", 2)
    for address in ("a", "b", "a", "c"):
        posts.count(address, **LIMITS)
    assert list(posts._recent._of) == ["a", "c"]
    clock.now += DAY
    posts.count("d", **LIMITS)
    assert list(posts._recent._of) == ["d"]


def test_W_16_what_came_before_the_clock_was_set_back_keeps_nobody_out() -> None:
    clock = Clock()
    posts = SubmissionLimit(clock)
    clock.now += 365 * DAY
    for address in ("a", "a", "b"):
        posts.count(address, **LIMITS)
    clock.now = MONDAY
    for _ in range(2):
        posts.count("a", **LIMITS)
    assert refused(posts) == MINUTE.total_seconds()
    assert list(posts._recent._of) == ["a"]


async def tried(codes: WrongCodeLimit, address: str) -> bool:
    """Whether a code, which isn't one, was looked for at all."""
    try:
        async with codes.counted(address):
            await asyncio.sleep(0)
            raise NotFound
    except TooMany:
        return False
    except NotFound:
        return True


async def test_W_16_who_tries_wrong_codes_is_forgotten_after_a_minute() -> None:
    clock = Clock()
    codes = WrongCodeLimit(clock, NotFound)
    assert [await tried(codes, "a") for _ in range(MOST + 1)] == [True] * MOST + [False]
    clock.now += MINUTE - SECOND
    assert await tried(codes, "b")
    assert list(codes._recent._of) == ["a", "b"]
    clock.now += SECOND
    assert await tried(codes, "a") and await tried(codes, "c")
    assert list(codes._recent._of) == ["b", "a", "c"]


async def test_W_16_as_many_wrong_codes_as_a_minute_has_are_looked_for_when_they_come_at_once() -> (
    None
):
    codes = WrongCodeLimit(Clock(), NotFound)
    at_once = await asyncio.gather(*(tried(codes, "a") for _ in range(4 * MOST)), tried(codes, "b"))
    assert sum(at_once[:-1]) == MOST and at_once[-1]
    assert not codes._turns._locks


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("2001:db8:1:2::a", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("203.0.113.9", "203.0.113.9"),
        ("", ""),
    ],
)
def test_W_16_who_has_a_network_has_what_one_address_has(address: str, counted: str) -> None:
    assert address_of(Request({"type": "http", "client": (address, 1)})) == counted
    limits = Limits("9/minute", "1/minute", lambda: 0.0)
    assert limits.of_address(address).admitted and not limits.of_address(counted).admitted
    visitors = Sessions("9/minute", "1/minute", lambda: 0.0)
    assert visitors.of(Visitor(forgery="f", address=address)).admitted
    assert not visitors.of(Visitor(forgery="g", address=counted)).admitted


@pytest.mark.parametrize(("minute", "day"), [(0, 100), (11, 10), (0, 0)])
def test_W_16_the_limits_admit_somebody(minute: int, day: int) -> None:
    wrong = replace(NUMBERS.open311, posts_each_minute=minute, posts_each_day=day)
    with pytest.raises(Malformed) as refusal:
        check(replace(NUMBERS, open311=wrong))
    assert refusal.value.field == "open311"
