"""O-15: an account equals an independent count of what was confirmed, and no hour is counted twice."""

import random
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial, reduce
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.kernel.errors import Refusal
from services.organisations.domain import serving
from services.organisations.domain.counts import Served, served
from services.organisations.domain.volunteer import (
    ServiceKind,
    Volunteer,
    VolunteerRegistered,
    evolve,
)

from .cases import SHIPPED

NOW = datetime(2026, 11, 2, 2, tzinfo=UTC)
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
RECORDER, RECEIVER = "supplier:nuanyang", "community:haihua"


def newcomer(id: str) -> Volunteer:
    return evolve(
        None,
        VolunteerRegistered(
            id=id, street="guanshang", community="haihua", offers=tuple(ServiceKind), at=FIRST
        ),
    )


def taken(volunteer: Volunteer, decide: Any) -> Volunteer:
    """With what was decided; as it was, where that was refused."""
    try:
        happened = decide(volunteer)
    except Refusal:
        return volunteer
    events = happened if isinstance(happened, tuple) else (happened,)
    return reduce(evolve, events, volunteer)


def records(volunteer: Volunteer, begins: datetime, minutes: int) -> Volunteer:
    return taken(
        volunteer,
        lambda v: serving.record(
            v,
            kind=ServiceKind.ELDERLY,
            begins=begins,
            ends=begins + minutes * MINUTE,
            receiver=RECEIVER,
            need=None,
            by=RECORDER,
            now=NOW,
        ),
    )


def confirms(volunteer: Volunteer, service: str) -> Volunteer:
    return taken(
        volunteer,
        lambda v: serving.confirm(v, service, by=RECEIVER, paper=None, policy=SHIPPED, now=NOW),
    )


def test_O_15_points_of_10_000_random_services_equal_an_independent_count() -> None:
    chance = random.Random(15)
    people = {f"v{number}": newcomer(f"v{number}") for number in range(100)}
    asked: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for _ in range(10_000):
        who = chance.choice(sorted(people))
        start, minutes = chance.randrange(200 * 24 * 60), chance.randrange(1, 24 * 60 + 30)
        before = people[who]
        after = records(before, FIRST + start * MINUTE, minutes)
        if chance.random() < 0.7 and len(after.services) > len(before.services):
            after = confirms(after, after.services[-1].id)
        people[who] = after
        # The other count knows minutes of a line, and nothing of services.
        free = all(start + minutes <= since or until <= start for since, until in asked[who])
        if free and minutes <= 24 * 60:
            asked[who].append((start, start + minutes))
        assert len(asked[who]) == len(after.services)
    total = 0
    for who, volunteer in people.items():
        minutes_once: set[int] = set()
        points = 0
        for (since, until), service in zip(asked[who], volunteer.services, strict=True):
            if service.confirmed_by is None:
                continue
            span = range(since, until)
            assert minutes_once.isdisjoint(span)  # no minute twice
            minutes_once.update(span)
            points += (200 * len(span) + 60) // 120  # a point an hour, in hundredths, half up
        assert volunteer.given == volunteer.balance == len(minutes_once)
        assert volunteer.points == points
        total += len(volunteer.services)
    assert total > 3_000


STEPS = st.lists(
    st.tuples(
        st.sampled_from(("record", "confirm", "reverse", "draw", "restore", "redeem", "expire")),
        st.integers(0, 600),
        st.integers(1, 300),
    ),
    max_size=60,
)


@given(STEPS)
@settings(max_examples=300, deadline=None)
def test_O_15_whatever_is_done_the_account_never_goes_below_zero(
    steps: list[tuple[str, int, int]],
) -> None:
    volunteer = newcomer("v")
    for what, where, amount in steps:
        before = volunteer
        service = f"s{where % (len(volunteer.services) + 1)}"
        need = f"n{where % 3}"
        reward = ("certificate", "training")[where % 2]
        decide: dict[str, Any] = {
            "record": lambda v: v,
            "confirm": lambda v: v,
            "reverse": lambda v, s=service: serving.reverse(v, s, reason="重复", now=NOW),
            "draw": lambda v, n=need, a=amount: serving.draw(v, minutes=a, need=n, now=NOW),
            "restore": lambda v, n=need: serving.settle(v, need=n, received=0, now=NOW),
            "redeem": lambda v, r=reward: serving.redeem(v, reward=r, policy=SHIPPED, now=NOW),
            "expire": lambda v: serving.expire(v, NOW),
        }
        if what == "record":
            volunteer = records(volunteer, FIRST + 60 * where * MINUTE, amount)
        elif what == "confirm":
            volunteer = confirms(volunteer, service)
        else:
            volunteer = taken(volunteer, decide[what])
        assert volunteer.balance >= 0
        assert volunteer.points >= 0
        assert volunteer.given >= 0
        assert volunteer.entries[: len(before.entries)] == before.entries  # nothing is rewritten
        assert sum(left for _, left in serving.lots(volunteer.entries)) == volunteer.points
    counting = [one for one in volunteer.services if one.counts]
    for one in counting:
        for other in counting:
            assert one is other or one.ends <= other.begins or other.ends <= one.begins
    confirmed = (one for one in counting if one.confirmed_by is not None)
    assert volunteer.given == sum(one.minutes for one in confirmed)


def test_O_15_what_is_published_is_counts_and_hours_by_community_and_kind() -> None:
    there, elsewhere = newcomer("v1"), replace(newcomer("v2"), community="wulidaxia")
    for start, minutes in ((0, 50), (100, 45), (200, 30), (300, 20)):
        there = records(there, FIRST + start * MINUTE, minutes)
    for service in ("s1", "s2", "s3"):
        there = confirms(there, service)
    there = taken(there, lambda v: serving.reverse(v, "s3", reason="误记", now=NOW))
    elsewhere = confirms(records(elsewhere, FIRST, 60), "s1")
    assert served([there, elsewhere, newcomer("v3")]) == [
        Served(community="haihua", kind=ServiceKind.ELDERLY, times=2, minutes=95, hours=1),
        Served(community="wulidaxia", kind=ServiceKind.ELDERLY, times=1, minutes=60, hours=1),
    ]


def test_O_15_only_what_was_confirmed_is_reversed_and_once_however_much_is_left() -> None:
    there = newcomer("v1")
    for start in (0, 100, 200):
        there = records(there, FIRST + start * MINUTE, 60)
    there = confirms(confirms(there, "s1"), "s2")
    for service, refused in (("s3", True), ("s1", False), ("s1", True)):
        before = len(there.entries)
        there = taken(there, partial(serving.reverse, id=service, reason="误记", now=NOW))
        assert (len(there.entries) == before) is refused, service
