"""A-16: a year's levels are those that its street reviewed: what is proven later counts from the next review on."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import reduce
from typing import Any

from chassis.cause import Cause
from services.affairs.desk import AffairsDesk
from services.affairs.domain import levels, striking, worker, year
from services.affairs.domain.scale import Post
from services.affairs.domain.worker import (
    Certificate,
    Certified,
    PostTaken,
    Service,
    Worker,
    WorkerEvent,
)
from services.affairs.queries.figures import AffairsQueries
from tests.support.walks import person

from .test_A_13_pay import BASES, held
from .test_actions import CAUSE, staffed

REVIEWED = datetime(2025, 12, 10, 2, 0, tzinfo=UTC)
BEFORE = REVIEWED - timedelta(days=1)
AFTER = REVIEWED + timedelta(days=90)
EARLIER = date(2025, 1, 1)
DAY = date(2026, 4, 1)
BY = replace(BASES, reviewed={2025: REVIEWED})
STAFF = held(Post.STAFF, taken_at=BEFORE)


def certified(at: datetime, kind: Certificate = Certificate.SENIOR) -> Certified:
    return worker.certify(STAFF, kind, EARLIER, "（虚构）", at)


def served(at: datetime, since: date = date(2020, 1, 1)) -> worker.Served:
    return worker.serve(Service(since=since, where="某街道", proof="聘书"), at)


def level(one: Worker, *later: WorkerEvent, day: date = DAY) -> int:
    pay = levels.paid(reduce(worker.evolve, later, one), day, BY)
    assert pay is not None
    return pay.level


def test_A_16_what_is_entered_after_the_review_counts_from_the_next_one_on() -> None:
    assert level(STAFF, certified(BEFORE)) == 11
    assert level(STAFF, served(BEFORE)) == 16
    assert level(STAFF, certified(AFTER)) == level(STAFF, served(AFTER)) == 17
    next_year = date(2027, 1, 1)
    assert level(STAFF, certified(AFTER), day=next_year) == 11


def test_A_16_of_whom_the_review_did_not_know_in_his_post_all_that_is_on_record_counts() -> None:
    new = replace(STAFF, taken_at=AFTER)
    assert level(new, certified(AFTER)) == 11
    promoted = PostTaken(post=Post.CHIEF, since=date(2026, 2, 1))
    assert level(STAFF, promoted, certified(AFTER)) == 7
    between = PostTaken(post=Post.CHIEF, since=date(2025, 12, 20))
    assert level(STAFF, between, certified(AFTER)) == 7


def test_A_16_what_was_entered_before_its_time_was_kept_was_on_record() -> None:
    assert level(STAFF, Certified(kind=Certificate.SENIOR, on=EARLIER)) == 11


def test_A_16_a_mistake_that_is_struck_after_the_review_and_entered_anew_costs_no_year() -> None:
    def anew(*wrong: WorkerEvent, strike: Any, right: WorkerEvent, at: datetime = AFTER) -> int:
        before = reduce(worker.evolve, wrong, STAFF)
        return level(before, strike(before, at), right)

    def spell(one: Worker, at: datetime) -> worker.Struck:
        return striking.strike_service(one, "1", "录错", at)

    def senior(one: Worker, at: datetime) -> worker.Struck:
        return striking.strike_certificate(one, "senior", "录错", at)

    assert anew(certified(BEFORE), strike=senior, right=certified(AFTER)) == 11
    assert anew(served(BEFORE), strike=spell, right=served(AFTER, date(2017, 1, 1))) == 15
    other = certified(AFTER, Certificate.DOCTOR)
    assert anew(certified(BEFORE), strike=senior, right=other) == 17
    assert anew(certified(AFTER), strike=senior, right=certified(AFTER)) == 17
    assert anew(certified(BEFORE), strike=senior, right=certified(AFTER), at=BEFORE) == 17


def test_A_16_a_strike_lets_in_one_entry_that_takes_the_place_of_what_was_struck() -> None:
    def struck(at: datetime, *known: WorkerEvent) -> tuple[WorkerEvent, ...]:
        return (*known, striking.strike_service(reduce(worker.evolve, known, STAFF), "1", "错", at))

    def spell(at: datetime, since: int, until: int) -> worker.Served:
        days = date(since, 1, 1), date(until, 12, 31)
        service = Service(since=days[0], until=days[1], where="某街道", proof="聘书")
        return worker.serve(service, at)

    later, last = AFTER + timedelta(days=5), AFTER + timedelta(days=9)
    wrong, more = served(BEFORE, date(2024, 1, 1)), served(AFTER, date(2010, 1, 1))
    assert level(STAFF, *struck(later, wrong, more)) == 17, "it was entered before the strike"
    first = spell(BEFORE, 2020, 2022)
    assert level(STAFF, *struck(AFTER, first), spell(later, 2016, 2021)) == 16
    assert level(STAFF, *struck(AFTER, first), spell(later, 2001, 2019)) == 17, "other days"
    two = (spell(later, 2016, 2021), spell(last, 2001, 2020))
    assert level(STAFF, *struck(AFTER, first), *two) == 16, "one for one"
    mended = spell(AFTER, 2019, 2022)
    again = struck(later, *struck(AFTER, first), mended)
    assert level(STAFF, *again, spell(last, 2016, 2021)) == 16, "in the place of what took its"


async def proven(desk: AffairsDesk, at: datetime) -> None:
    cause = Cause(actor="x", now=at)
    senior = [worker.certify(STAFF, Certificate.SENIOR, date(2026, 3, 1), "（虚构）", at)]
    await desk.workers.change("w-1", lambda _: senior, cause)


async def test_A_16_the_form_and_the_levels_are_of_what_the_street_reviewed() -> None:
    december, january = (datetime(*day, 2, 0, tzinfo=UTC) for day in ((2026, 12, 10), (2027, 1, 4)))

    async def paid_at(*, reviewed: bool) -> set[int]:
        _, desk = await staffed()
        if reviewed:
            there = [one for _, one in await desk.of_street("guanshang")]

            def decided(one: year.StreetYear) -> list[year.YearEvent]:
                return [year.review(one, there, BASES, "证书", december)]

            await desk.years.change("guanshang-2026", decided, CAUSE)
        await proven(desk, january)
        first = (await desk.pay.get("guanshang-2026-Q1")).aggregate
        lines = await desk.lines(replace(first, quarter="2027-Q1"))
        rows = await AffairsQueries(desk=desk).levels(date(2027, 2, 1), person("street:guanshang"))
        assert [row.level for row in rows] == [lines[0].level]
        return {line.level for line in lines}

    assert await paid_at(reviewed=True) == {17}
    assert await paid_at(reviewed=False) == {11}
