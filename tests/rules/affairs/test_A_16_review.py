"""A-16: a year's levels are those that its street reviewed: what is proven later counts from the next review on."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import reduce
from typing import Any

from chassis.asking import Asking
from chassis.at import At
from chassis.cause import Cause
from contracts.affairs import LevelsReviewed
from services.affairs import announce
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
from services.affairs.steps.pay import YEARS
from tests.support.specification import past
from tests.support.walks import person

from .cases import broken
from .test_A_12_arrears import entered
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


async def test_A_16_a_mistake_found_after_the_review_is_put_right_beside_it() -> None:
    """Not what was proven after it."""
    before = worker.evolve(STAFF, certified(BEFORE))
    wrong = worker.evolve(before, served(AFTER))
    right = worker.evolve(wrong, striking.strike_certificate(wrong, "senior", "录错", AFTER))
    opened = year.YearOpened(street="guanshang", year=2025, at=BEFORE)
    known = past(None, year.evolve, (opened,))

    def correcting(one: year.StreetYear, who: Worker = right, reason: str = "证书录错") -> Any:
        return year.correct_review(one, [who], BASES, reason, AFTER)

    known.when(correcting).breaks("A-16")
    reviewed = known.when(
        lambda one: year.review(one, [before], BASES, "证书", REVIEWED)
    ).leads_to()
    reviewed.when(lambda one: correcting(one, reason=" ")).breaks("A-16", field="reason")
    reviewed.when(lambda one: correcting(one, wrong)).breaks("A-16", field="reason")
    corrected = year.ReviewCorrected(by_level={"17": 1}, sum=340_000, reason="证书录错", at=AFTER)
    after = reviewed.when(correcting).then(corrected)
    assert after.state.review is not None and dict(after.state.review.by_level) == {"11": 1}
    after.when(correcting).breaks("A-16", field="reason")
    told = announce.of_years(corrected, after.state)
    assert isinstance(told, LevelsReviewed) and told.sum == 340_000


async def test_A_16_a_review_is_put_right_by_the_policy_of_when_it_was_made() -> None:
    """Members' base is another by now: that is nobody's mistake."""
    december, later = datetime(2026, 12, 10, tzinfo=UTC), datetime(2027, 3, 1, tzinfo=UTC)
    _, desk = await staffed()
    await entered(desk, "m-1", Post.SUPERVISION_MEMBER, date(2026, 3, 1))

    async def counting(at: datetime, *, again: bool) -> tuple[year.StreetYear, Any]:
        one = (await desk.years.get("guanshang-2026")).aggregate
        cause = Cause(actor="x", now=at)
        asking = Asking(cause=cause, subject=person("street:guanshang"))
        there = await YEARS.knows(desk, one, At(asking=asking, known=None))
        workers = [each for _, each in there.workers]
        if again:
            return one, lambda: year.correct_review(one, workers, there.bases, "录错", at)
        return one, lambda: year.review(one, workers, there.bases, "证书", at)

    _, review = await counting(december, again=False)
    await desk.years.change("guanshang-2026", lambda _: [review()], Cause(actor="x", now=december))
    book = (await desk.policies.book()).aggregate.editions[-1].values
    adopting = Cause(actor="x", now=december + timedelta(days=2), expected=1)
    await desk.policies.put({**book, "levelless_fen": 280_000}, "改为表内数", adopting)
    one, again = await counting(later, again=True)
    assert one.review is not None and one.review.sum == 440_000
    broken("A-16", "reason", again)


def test_A_18_who_was_named_excellent_by_mistake_is_put_right_and_stays_on_record() -> None:
    there = frozenset(f"w{n}" for n in range(14))
    named = year.ExcellentNamed(workers=("w0", "w1"), of=14, on=DAY, at=AFTER)
    opened = year.YearOpened(street="guanshang", year=2026, at=BEFORE)

    def correcting(one: year.StreetYear, *who: str, reason: str = "报错了人") -> Any:
        return year.correct_excellent(one, who, there, reason, AFTER)

    past(None, year.evolve, (opened,)).when(lambda one: correcting(one, "w2")).breaks("A-18")
    known = past(None, year.evolve, (opened, named))
    for said, field in (
        ({"reason": " "}, "reason"),
        ({}, "workers"),
    ):
        broken("A-18", field, correcting, known.state, "w1", "w0", **said)
    broken("A-18", "workers", correcting, known.state, "stranger")
    broken("A-18", "workers", correcting, known.state, "w0", "w1", "w2")
    right = year.ExcellentCorrected(workers=("w2", "w1"), reason="报错了人", at=AFTER)
    after = known.when(lambda one: correcting(one, "w2", "w1")).then(right).state
    assert (after.bonus_to, after.excellent) == (("w2", "w1"), named)
    assert year.evolve(after, correcting(after)).bonus_to == (), "nobody was"


async def test_A_18_who_is_excellent_after_all_is_paid_and_who_is_not_is_not() -> None:
    _, desk = await staffed()
    await entered(desk, "w-2", Post.STAFF, date(2026, 1, 1))
    on = datetime(2026, 3, 20, 2, 0, tzinfo=UTC)
    named = year.ExcellentNamed(workers=("w-1",), of=7, on=on.date(), at=on)
    right = year.ExcellentCorrected(workers=("w-2",), reason="报错了人", at=on)
    await desk.years.change("guanshang-2026", lambda _: [named, right], CAUSE)
    first = (await desk.pay.get("guanshang-2026-Q1")).aggregate
    lines = await desk.lines(replace(first, quarter="2026-Q2"))
    assert {one.worker for one in lines if one.extra} == {"w-2"}
