"""W-16: what may be sent in without a token is limited by address, and the address is not kept for long."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from chassis import address_limits
from chassis.address_limits import MOST, SubmissionLimit, WrongCodeLimit
from chassis.kernel.errors import Malformed, TooMany
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


def test_W_16_who_tries_wrong_codes_is_forgotten_after_a_minute() -> None:
    clock = Clock()
    wrong = WrongCodeLimit(clock)
    for _ in range(MOST):
        assert not wrong.too_many("a")
        wrong.wrong("a")
    assert wrong.too_many("a") and not wrong.too_many("b")
    clock.now += MINUTE - SECOND
    wrong.wrong("b")
    assert list(wrong._recent._of) == ["a", "b"]
    clock.now += SECOND
    assert not wrong.too_many("a")
    wrong.wrong("c")
    assert list(wrong._recent._of) == ["b", "c"]


@pytest.mark.parametrize(("minute", "day"), [(0, 100), (11, 10), (0, 0)])
def test_W_16_the_limits_admit_somebody(minute: int, day: int) -> None:
    wrong = replace(NUMBERS.open311, posts_each_minute=minute, posts_each_day=day)
    with pytest.raises(Malformed) as refusal:
        check(replace(NUMBERS, open311=wrong))
    assert refusal.value.field == "open311"
