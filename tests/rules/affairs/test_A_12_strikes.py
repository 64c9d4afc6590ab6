"""A-12, A-13, A-14, A-18: what was entered on a worker's record by mistake is struck, and counts no more."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from chassis import step_taken
from chassis.asking import Asking
from chassis.http import ReasonIn
from chassis.kernel.clock import end_of
from chassis.kernel.errors import NotFound
from services.affairs.desk import AffairsDesk
from services.affairs.domain import levels, striking, worker
from services.affairs.domain.lines import lines_of
from services.affairs.domain.scale import Post
from services.affairs.domain.worker import (
    Awarded,
    Certificate,
    Certified,
    Holding,
    Honour,
    Moved,
    PostTaken,
    Served,
    Service,
    Struck,
    Worker,
)
from services.affairs.steps import workers
from services.affairs.steps.workers import WORKERS
from tests.support.walks import AnyStep, person

from .cases import LATER, MARCH, TODAY, WHEN, broken
from .test_A_13_pay import BASES, given, left, second, taken, trained
from .test_actions import CAUSE, staffed

SENIOR = Certified(kind=Certificate.SENIOR, on=date(2025, 1, 1))
LONG = Service(since=date(2010, 1, 1), until=date(2019, 12, 31), where="某街道", proof="聘书")
CITY = Awarded(honour=Honour.CITY, on=date(2026, 1, 5), papers_on=date(2026, 1, 6))
STREET = person("street:guanshang")
Strike = Any


def struck(entry: Any) -> Struck:
    return Struck(entry=entry, reason="录错人", at=LATER)


def level(one: Worker) -> int:
    pay = levels.paid(one, WHEN, BASES)
    assert pay is not None
    return pay.level


def test_A_14_a_certificate_that_was_struck_raises_nothing_and_may_be_entered_again() -> None:
    wrong = given(SENIOR)
    assert level(wrong.state) == level(given().state) - 6
    after = wrong.when(lambda one: strike(striking.strike_certificate, one, "senior"))
    assert level(after.then(struck(SENIOR)).state) == level(given().state)
    worker.certify(after.leads_to().state, Certificate.SENIOR, TODAY, "证-2", LATER)
    for missing in ("junior", "x"):
        with pytest.raises(NotFound):
            strike(striking.strike_certificate, wrong.state, missing)


def strike(how: Strike, one: Worker, part: str, reason: str = "录错人") -> Struck:
    done: Struck = how(one, part, reason, LATER)
    return done


def test_A_13_a_spell_that_was_struck_counts_no_years() -> None:
    other = replace(LONG, since=date(2020, 1, 1), until=None)
    wrong = given(Served(service=LONG), Served(service=other))
    after = wrong.when(lambda one: strike(striking.strike_service, one, "1")).then(struck(LONG))
    assert after.state.services == (other,)
    assert level(after.state) > level(wrong.state)
    twice = given(Served(service=LONG), Served(service=LONG), struck(LONG))
    assert twice.state.services == (LONG,)


def test_A_18_an_award_that_was_struck_is_on_no_form() -> None:
    wrong = given(CITY, but_since(date(2025, 1, 1)))
    after = wrong.when(lambda one: strike(striking.strike_award, one, "1")).then(struck(CITY))

    def extra(one: Worker) -> int:
        lines = lines_of([("w", one)], "2026-Q2", BASES)
        return sum(line.extra for line in lines)

    assert (extra(wrong.state) > 0, extra(after.state)) == (True, 0)


def but_since(day: date) -> PostTaken:
    """A post that was held when the award was given."""
    return PostTaken(post=Post.DEPUTY, since=day)


def test_A_12_a_post_that_was_struck_is_held_on_no_day() -> None:
    both = given(second)
    chief = both.state.posts[1]
    after = both.when(lambda one: strike(striking.strike_post, one, "2")).then(struck(chief))
    assert after.state.open_posts == (Post.STAFF,)
    assert worker.take_post(after.state, Post.CHIEF, WHEN) == second


def test_A_12_where_a_move_was_a_mistake_he_is_where_he_was() -> None:
    there = Moved(community="wula", post=Post.STAFF, since=date(2026, 4, 1))
    moved = given(there).state
    back = given(there, struck(moved.posts[1])).state
    assert (back.community, back.open_posts) == ("haihua", ())
    again = worker.take_post(back, Post.STAFF, date(2026, 4, 1))
    assert given(there, struck(moved.posts[1]), again).state.has_seat("haihua", date(2026, 4, 1))
    stays = given(there, struck(moved.posts[0])).state
    assert (stays.community, stays.open_posts) == ("wula", (Post.STAFF,))


def test_A_12_who_never_was_in_post_is_kept_from_the_day_of_the_strike() -> None:
    only = given().state.posts[0]
    after = given(struck(only)).state
    assert (after.open_posts, after.over) == ((), end_of(WHEN))
    assert given(struck(only), PostTaken(post=Post.CHIEF, since=TODAY)).state.over is None
    assert given(second, left, struck(given(second).state.posts[1])).state.over == end_of(WHEN)


@pytest.mark.parametrize(
    ("how", "rule", "part"),
    [
        (striking.strike_post, "A-12", "1"),
        (striking.strike_service, "A-13", "1"),
        (striking.strike_certificate, "A-14", "senior"),
        (striking.strike_award, "A-18", "1"),
        (striking.strike_training, "A-24", "1"),
    ],
)
def test_A_12_a_strike_says_why_and_of_what_is_there(how: Strike, rule: str, part: str) -> None:
    there = given(Served(service=LONG), SENIOR, CITY, trained).state
    broken(rule, "reason", how, there, part, " ", LATER)
    assert strike(how, there, part).reason == "录错人"
    for missing in ("0", "2", "x", "-1"):
        with pytest.raises(NotFound):
            strike(how, there, missing)


def test_A_24_who_was_entered_as_trained_by_mistake_was_not() -> None:
    assert given(trained).state.trained_in(trained.on.year)
    after = given(trained, struck(trained)).state
    assert (after.training, after.trained_in(trained.on.year)) == ((), False)
    [told] = after.strikes
    codec = WORKERS.kind.codec
    assert codec.load_event(*codec.dump_event(told)) == told


async def striking_on(desk: AffairsDesk, step: AnyStep, key: str = "street:k", **part: str) -> Any:
    version = (await desk.workers.get("w-1")).version
    cause = replace(CAUSE, expected=version, key=key, now=MARCH + timedelta(hours=1))
    said = ReasonIn(reason="录错人")
    changed, _ = await step_taken.take(
        step, desk, Asking(STREET, cause), {"id": "w-1", **part}, (said,)
    )
    return changed


async def test_A_14_the_number_of_a_certificate_goes_with_it() -> None:
    _, desk = await staffed()

    async def enter() -> None:
        version = (await desk.workers.get("w-1")).version
        said = workers.CertificateIn(kind=Certificate.SENIOR, on=TODAY, number="证-1")
        asking = Asking(STREET, replace(CAUSE, expected=version))
        await step_taken.take(workers.certificates, desk, asking, {"id": "w-1"}, (said,))

    await enter()
    assert await desk.sealed.read("w-1", {"n": "senior"})
    await striking_on(desk, workers.strike_certificate, kind="senior")
    assert await desk.sealed.read("w-1", {"n": "senior"}) == {}
    await enter()
    again = await striking_on(desk, workers.strike_certificate, kind="senior")
    assert again.repeated and await desk.sealed.read("w-1", {"n": "senior"})


async def test_A_12_a_seat_is_free_again_when_its_post_was_struck() -> None:
    _, desk = await staffed()
    await desk.hold_seat(
        ("guanshang", "haihua"), "w-1", Post.STAFF, TODAY - timedelta(days=90), CAUSE
    )
    assert (await desk.establishments.get("haihua")).aggregate.seats
    changed = await striking_on(desk, workers.strike_post, holding="1")
    assert changed.aggregate.strikes[0].entry == Holding(
        post=taken.post, since=date(2026, 1, 1), community="haihua"
    )
    assert (await desk.establishments.get("haihua")).aggregate.seats == ()
