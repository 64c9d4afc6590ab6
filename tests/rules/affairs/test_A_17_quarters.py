"""A-17: a street's quarter, approved by three offices, paid and missed month by month."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

import pytest

from chassis.cause import Cause
from chassis.documents import Codec
from chassis.store import Range
from contracts.event import instant
from services.affairs.desk import AffairsDesk
from services.affairs.domain import months, payroll, waiting
from services.affairs.domain.lines import lines_of
from services.affairs.domain.scale import Post
from services.affairs.domain.sheet import (
    MonthEmpty,
    MonthMissed,
    MonthPaid,
    OfficeApproved,
    PayEvent,
    PaySheet,
    QuarterFollowed,
    QuarterOpened,
    QuarterPaid,
    Sheet,
    SheetApproved,
    SheetSubmitted,
    evolve,
    sheet_id,
)
from services.affairs.domain.worker import PostLeft, PostTaken
from services.affairs.main import desk_on, seed
from tests.support.memory import MemoryStore
from tests.support.specification import Given, past
from tests.support.toy import Silent

from .cases import MARCH, TODAY, WHEN, WORK, broken, but
from .test_A_13_pay import BASES, held, left, taken

begun = QuarterOpened(street="guanshang", quarter="2026-Q1", at=MARCH)
LINES = lines_of([("w", held(Post.STAFF)), ("v", held(Post.CHIEF))], "2026-Q1", BASES)
submitted = SheetSubmitted(lines=LINES, counted=MARCH, at=MARCH)
SUM = 3 * (340_000 + 430_000)
approvals = tuple(OfficeApproved(office=one, at=MARCH) for one in payroll.OFFICES)
whole = SheetApproved(sum=SUM, at=MARCH)


def sheet(*happened: Any) -> Given[PaySheet]:
    return past(None, evolve, (begun, *happened))


def test_A_17_three_offices_approve_together_each_once() -> None:
    def yes(one: PaySheet, office: str = "finance") -> Any:
        return payroll.approve(one, office, MARCH)

    sheet().when(yes).breaks("A-17")
    sheet().when(lambda one: payroll.submit(one, (), MARCH)).breaks("A-17")
    sheet().when(lambda one: payroll.submit(one, LINES, MARCH)).then(submitted)
    sheet(submitted).when(lambda one: payroll.submit(one, LINES, MARCH)).breaks("A-17")
    sheet(submitted).when(lambda one: yes(one, "health")).breaks("A-17")
    half = sheet(submitted, approvals[0], approvals[1])
    half.when(lambda one: yes(one, "organisation")).breaks("A-17")
    over = half.when(yes).then(approvals[2], whole)
    over.when(yes).breaks("A-17")
    broken("A-17", None, payroll.give_back, half.state, "organisation", "漏人", MARCH)
    half.when(lambda one: payroll.give_back(one, "finance", " ", MARCH)).breaks(
        "A-17", field="reason"
    )
    back = half.when(lambda one: payroll.give_back(one, "finance", "漏人", MARCH)).leads_to()
    assert (back.state.status, back.state.lines, back.state.approvals) == (Sheet.OPEN, (), ())


def test_A_17_a_form_of_before_is_by_its_trail_what_was_stored_of_it() -> None:
    """That knows of no time at which it was counted but that of its approvals."""
    before = SheetSubmitted(lines=LINES, at=MARCH)
    assert sheet(before).state.counted_at is None
    assert sheet(before, approvals[0]).state == but(
        sheet().state, status=Sheet.SUBMITTED, lines=LINES, approvals=approvals[:1]
    )
    assert sheet(before, approvals[0]).state.counted_at == MARCH
    assert sheet(submitted).state.counted_at == MARCH


def test_A_17_pay_forms_of_before_are_read_as_they_were_stored() -> None:
    """Without what is kept of them since: what is paid after and otherwise, when it was counted, and since when."""
    at = "2026-03-02T02:00:00+00:00"
    line = {"worker": "w", "month": "2026-01", "post": "staff", "level": 17}
    told: tuple[tuple[str, dict[str, Any]], ...] = (
        ("QuarterOpened", {"street": "guanshang", "quarter": "2026-Q1", "at": at}),
        ("SheetSubmitted", {"lines": [{**line, "base": 300_000, "allowance": 40_000}], "at": at}),
        ("OfficeApproved", {"office": "finance", "at": at}),
        ("SheetApproved", {"sum": 340_000, "at": at}),
        ("MonthPaid", {"month": "2026-01", "sum": 340_000, "at": at}),
    )
    codec: Codec[PaySheet, PayEvent] = Codec(PaySheet, get_args(PayEvent))
    events = [codec.load_event(name, data) for name, data in told]
    one = past(None, evolve, events).state
    assert (one.status, one.sum, one.unpaid) == (
        Sheet.APPROVED,
        340_000,
        ("2026-02", "2026-03"),
    )
    assert (one.settled, one.afterwards, one.on_paper) == (one.lines, (), ())
    assert (one.since, one.followed, one.counted_at) == (None, None, MARCH)
    stored = {
        name: value
        for name, value in codec.dump_state(one).items()
        if name not in ("since", "followed", "on_paper", "counted")
    }
    assert codec.load_state(stored) == one


JANUARY_OVER = datetime(2026, 1, 31, 16, 0, tzinfo=UTC)


def test_A_17_months_are_paid_once_and_missed_once() -> None:
    fine = sheet(submitted, *approvals, whole)
    there = frozenset({"w", "v"})

    def paying(one: PaySheet, month: str = "2026-03", who: Any = there) -> Any:
        return payroll.pay(one, month, who, MARCH)

    sheet(submitted).when(paying).breaks("A-17")
    for other in ("2025-12", "2026-04"):
        broken("A-17", "month", paying, fine.state, other)
    *missed, done = paying(fine.state)
    assert [one.month for one in missed] == ["2026-01", "2026-02"]
    assert missed[0] == MonthMissed(month="2026-01", due=JANUARY_OVER)
    assert done == MonthPaid(month="2026-03", sum=SUM // 3, at=MARCH)
    after = sheet(submitted, *approvals, whole, *missed, done)
    broken("A-17", "month", paying, after.state)
    gone = paying(fine.state, who=frozenset({"w"}))[-1]
    assert (gone.sum, gone.left) == (340_000, ("v",))
    february = paying(after.state, "2026-02")
    assert [one.month for one in february] == ["2026-02"]
    early = datetime(2026, 2, 27, 2, 0, tzinfo=UTC)
    broken("A-17", "month", payroll.pay, fine.state, "2026-03", there, early)
    assert sheet().state.next_due == JANUARY_OVER
    sheet().when(lambda one: payroll.come_due(one, LINES, JANUARY_OVER)).then(missed[0])
    sheet(missed[0]).when(lambda one: payroll.come_due(one, LINES, JANUARY_OVER)).then()
    assert after.state.over and after.state.next_due is None


def test_A_17_no_month_is_missed_that_was_over_before_anybody_was_entered() -> None:
    for since, owed in (
        (date(2026, 2, 1), ("2026-02", "2026-03")),
        (date(2026, 2, 28), ("2026-02", "2026-03")),
        (date(2026, 3, 2), ("2026-03",)),
    ):
        new = past(None, evolve, (but(begun, since=since),))
        assert new.state.waiting == owed
    new.when(lambda one: payroll.come_due(one, LINES, MARCH)).then()
    assert new.state.next_due == datetime(2026, 3, 31, 16, 0, tzinfo=UTC)
    earlier = past(None, evolve, (but(begun, since=TODAY), submitted, *approvals, whole))
    paying = earlier.when(lambda one: payroll.pay(one, "2026-01", frozenset({"w"}), MARCH))
    assert [one.month for one in paying.happened] == ["2026-01"]


async def in_post(desk: AffairsDesk) -> None:
    """Somebody, all the year."""
    await desk.policies.seed(MARCH)
    since = but(taken, since=date(2026, 1, 1))
    await desk.workers.once("w", [since], Cause(actor="x", now=MARCH))


async def test_A_17_only_the_quarter_that_a_street_begins_with_has_months_that_are_not_owed() -> (
    None
):
    desk = desk_on(MemoryStore(), bytes(32), Silent(), WORK)
    await in_post(desk)
    await desk.open_street("guanshang", MARCH)
    first, then = "guanshang-2026-Q1", "guanshang-2026-Q2"
    late = datetime(2026, 6, 2, 2, 0, tzinfo=UTC)
    await desk.pay_due(first, Cause(actor="system:clock", now=late))
    await desk.open_street("guanshang", late)
    one, other = [(await desk.pay.get(id)).aggregate for id in (first, then)]
    assert (one.since, [each.month for each in one.missed]) == (TODAY, ["2026-03"])
    assert (other.since, other.waiting) == (None, months.months_of("2026-Q2"))


async def test_A_12_who_has_left_and_leads_a_group_is_not_paid_as_in_the_post_he_left() -> None:
    desk = desk_on(MemoryStore(), bytes(32), Silent(), WORK)
    leads = PostTaken(post=Post.GROUP_LEADER, since=TODAY)
    cause = Cause(actor="x", now=MARCH)
    await desk.workers.once("w", [taken, leads], cause)
    assert await desk.in_post("guanshang", WHEN) == {"w"}
    await desk.workers.change("w", lambda _: [left], cause)
    assert await desk.in_post("guanshang", WHEN) == {"w"}, "his last day"
    assert await desk.in_post("guanshang", WHEN + timedelta(days=1)) == frozenset()


OVER = datetime(2026, 3, 31, 16, 0, tzinfo=UTC)
EARLY = tuple(
    MonthPaid(month=month, sum=SUM // 3, at=MARCH) for month in months.months_of("2026-Q1")
)
Opened = tuple[AffairsDesk, Callable[[datetime], Awaitable[None]]]


@pytest.fixture
def opened() -> Opened:
    """A street's desk, and its clock."""
    desk = desk_on(MemoryStore(), bytes(32), Silent(), WORK)

    async def tick(now: datetime) -> None:
        woken = {"next_due": Range(at_most=instant(now))}
        for document in await desk.pay.store.find("pay", woken):
            await desk.pay_due(document["id"], Cause(actor="system:clock", now=now))

    return desk, tick


async def paid_up(desk: AffairsDesk, first: QuarterOpened) -> None:
    """All three months, in the last of them."""
    id = sheet_id(first.street, first.quarter)
    happened: list[PayEvent] = [first, submitted, *approvals, whole, *EARLY]
    await desk.pay.once(id, happened, Cause(actor="x", now=MARCH))


async def quarters(desk: AffairsDesk) -> dict[str, PaySheet]:
    return {held.aggregate.quarter: held.aggregate async for held in desk.pay.every({})}


async def test_A_17_the_next_quarter_comes_to_be_though_all_was_paid_before_this_one_was_over(
    opened: Opened,
) -> None:
    desk, tick = opened
    await in_post(desk)
    await desk.open_street("guanshang", MARCH)
    [begun] = [entry["data"] for entry in await desk.pay.trail("guanshang-2026-Q1")]
    assert begun["followed"] is False
    await desk.pay.change(
        "guanshang-2026-Q1",
        lambda _: [submitted, *approvals, whole, *EARLY],
        Cause(actor="x", now=MARCH),
    )
    await tick(OVER - timedelta(seconds=1))
    assert list(await quarters(desk)) == ["2026-Q1"]
    await tick(OVER)
    await tick(OVER)
    first, then = (await quarters(desk)).values()
    assert (first.status, first.followed, first.missed) == (Sheet.PAID, True, ())
    assert (then.quarter, then.waiting) == ("2026-Q2", months.months_of("2026-Q2"))


@pytest.mark.parametrize("restarted", [MARCH, datetime(2026, 9, 2, tzinfo=UTC)])
async def test_A_17_a_street_that_was_stuck_has_its_quarters_and_what_it_missed_is_found(
    opened: Opened, restarted: datetime
) -> None:
    """One that was opened before its end was waited for; a worker who came later opened another."""
    desk, tick = opened
    await in_post(desk)
    august, september = (datetime(2026, month, 2, 2, 0, tzinfo=UTC) for month in (8, 9))
    await paid_up(desk, begun)
    await tick(september)
    assert list(await quarters(desk)) == ["2026-Q1"], "nothing wakes it"
    if restarted > MARCH:
        await desk.open_street("guanshang", august)
    for _ in range(2):
        await seed(desk, restarted)
    for _ in range(3):
        await tick(september)
    found = await quarters(desk)
    assert list(found) == ["2026-Q1", "2026-Q2", "2026-Q3"]
    assert [one.month for one in found["2026-Q2"].missed] == ["2026-04", "2026-05", "2026-06"]
    assert [one.month for one in found["2026-Q3"].missed] == ["2026-07", "2026-08"]
    types = [entry["type"] for entry in await desk.pay.trail("guanshang-2026-Q1")]
    assert types[-2:] == ["EndAwaited", "QuarterFollowed"]


def test_A_17_a_month_with_which_nobody_was_to_be_paid_is_not_unpaid() -> None:
    """Until somebody is by now known to have been in post: then it was, and is told."""
    january, february = (one for one in LINES[:2])
    over = datetime(2026, 2, 28, 16, 0, tzinfo=UTC)
    missed_one, empty = (
        MonthMissed(month="2026-01", due=JANUARY_OVER),
        MonthEmpty(month="2026-02"),
    )
    known = sheet().when(lambda one: payroll.come_due(one, (january,), over))
    after = known.then(missed_one, empty)
    assert (after.state.unpaid, after.state.waiting) == (("2026-01", "2026-03"), ("2026-03",))
    after.when(lambda one: payroll.come_due(one, (january,), over)).then()
    gone = sheet().when(lambda one: payroll.come_due(one, (), OVER)).leads_to()
    assert (gone.state.missed, gone.state.next_due, waiting.of_pay(gone.state)) == ((), None, {})
    paid_after = replace(january, month="2025-12", paid_with="2026-02")
    with_it = sheet().when(lambda one: payroll.come_due(one, (paid_after,), over)).happened
    assert [type(one) for one in with_it] == [MonthEmpty, MonthMissed]
    sent = past(after.state, evolve, (replace(submitted, lines=(january, february)),))
    assert sent.state.waiting == ("2026-02", "2026-03")
    sent.when(lambda one: payroll.come_due(one, (), over)).then(
        MonthMissed(month="2026-02", due=over)
    )


async def test_A_17_a_street_that_everybody_has_left_misses_nothing(opened: Opened) -> None:
    """It can submit no form of nobody; and its quarters still follow one another."""
    desk, tick = opened
    await in_post(desk)
    await desk.open_street("guanshang", MARCH)
    last = PostLeft(post=taken.post, until=date(2026, 3, 31))
    await desk.workers.change("w", lambda _: [last], Cause(actor="x", now=MARCH))
    for month in (4, 5, 6, 7):
        for _ in range(2):
            await tick(datetime(2026, month, 2, 2, 0, tzinfo=UTC))
    found = await quarters(desk)
    assert list(found) == ["2026-Q1", "2026-Q2", "2026-Q3"]
    assert [one.month for one in found["2026-Q1"].missed] == ["2026-03"]
    second = found["2026-Q2"]
    assert (second.status, second.missed, waiting.of_pay(second)) == (Sheet.NOBODY, (), {})


async def test_A_17_who_turns_out_to_have_been_in_post_when_nobody_was_is_paid_after_once(
    opened: Opened,
) -> None:
    """A quarter of nobody is over: it is submitted no more, and takes nobody's arrears."""
    desk, tick = opened
    await in_post(desk)
    await desk.open_street("guanshang", MARCH)
    last = PostLeft(post=taken.post, until=date(2026, 3, 31))
    cause = Cause(actor="x", now=MARCH)
    await desk.workers.change("w", lambda _: [last], cause)
    first, second, third = (f"guanshang-2026-Q{one}" for one in (1, 2, 3))
    sent = replace(submitted, lines=await desk.lines((await desk.pay.get(first)).aggregate))
    await desk.pay.change(first, lambda _: [sent, *approvals, whole, *EARLY], cause)
    for month in (4, 5, 6, 7):
        for _ in range(2):
            await tick(datetime(2026, month, 2, 2, 0, tzinfo=UTC))
    gone = but(last, until=date(2026, 6, 30))
    late = Cause(actor="x", now=datetime(2026, 7, 5, 2, 0, tzinfo=UTC))
    await desk.workers.once("v", [but(taken, since=date(2026, 3, 1)), gone], late)
    empty = (await desk.pay.get(second)).aggregate
    broken("A-17", None, payroll.submit, empty, await desk.lines(empty), late.now)
    then = (await desk.pay.get(third)).aggregate
    lines = await desk.lines(then)
    assert [(one.worker, one.month, one.paid_with) for one in lines] == [
        ("v", f"2026-0{month}", "2026-07") for month in (3, 4, 5, 6)
    ]
    await tick(datetime(2026, 8, 2, 2, 0, tzinfo=UTC))
    held = (await desk.pay.get(third)).aggregate
    assert [one.month for one in held.missed] == ["2026-07"]
    await desk.pay.change(third, lambda one: payroll.submit(one, lines, late.now), late)
    fourth = replace(then, quarter="2026-Q4")
    assert [one for one in await desk.lines(fourth) if one.paid_with] == []


def test_A_17_a_quarter_is_paid_when_each_month_is_that_anybody_was_to_be_paid_with() -> None:
    """By its last payment; or when its last month turns out to be nobody's."""
    some = tuple(one for one in LINES if one.month != "2026-02")
    approved = sheet(replace(submitted, lines=some), *approvals, whole)
    there = frozenset({"w", "v"})
    first = approved.when(lambda one: payroll.pay(one, "2026-01", there, MARCH)).leads_to()
    assert first.state.status is Sheet.APPROVED
    last = first.when(lambda one: payroll.pay(one, "2026-03", there, MARCH))
    assert last.happened[-1] == QuarterPaid(at=MARCH)
    assert last.leads_to().state.status is Sheet.PAID
    left = tuple(one for one in LINES if one.month == "2026-01")
    early = datetime(2026, 2, 2, 2, 0, tzinfo=UTC)
    running = sheet(replace(submitted, lines=left), *approvals, whole).when(
        lambda one: payroll.pay(one, "2026-01", there, early)
    )
    over = running.leads_to().when(lambda one: payroll.come_due(one, (), OVER))
    empty = (MonthEmpty(month="2026-02"), MonthEmpty(month="2026-03"))
    over.then(*empty, QuarterPaid(at=OVER), QuarterFollowed(at=OVER))
    new = past(None, evolve, (but(begun, since=TODAY), submitted, *approvals, whole))
    march = new.when(lambda one: payroll.pay(one, "2026-03", there, MARCH)).leads_to()
    assert march.state.status is Sheet.APPROVED, "what isn't owed may be paid still"
    before = sheet(submitted, *approvals, whole, MonthEmpty(month="2026-02"), EARLY[0], EARLY[2])
    assert before.state.status is Sheet.APPROVED, "its trail is as it was stored"


def test_A_17_of_a_quarter_that_is_over_the_street_says_that_nobody_was_to_be_paid() -> None:
    """Its months were told as unpaid, and it waited for a form that couldn't be submitted."""
    missed = tuple(MonthMissed(month=month, due=OVER) for month in months.months_of(begun.quarter))
    empty = tuple(MonthEmpty(month=one.month) for one in missed)
    known = sheet(*missed)
    known.when(lambda one: payroll.submit(one, (), OVER - timedelta(seconds=1))).breaks("A-17")
    over = known.when(lambda one: payroll.submit(one, (), OVER)).then(*empty, QuarterPaid(at=OVER))
    before = past(known.state, evolve, empty).state
    assert (before.status, before.of_nobody) == (Sheet.OPEN, True), "one of before"
    assert over.state.status is Sheet.NOBODY
    known.when(lambda one: payroll.come_due(one, (), OVER)).leads_to().when(
        lambda one: payroll.come_due(one, (), OVER)
    ).then()
    assert (over.state.of_nobody, waiting.of_pay(over.state)) == (True, {})
    over.when(lambda one: payroll.submit(one, (), OVER)).breaks("A-17")
    some = tuple(one for one in LINES if one.month != "2026-02")
    sent = known.when(lambda one: payroll.submit(one, some, OVER))
    sent.then(empty[1], SheetSubmitted(lines=some, counted=OVER, at=OVER))
    found = sheet(*missed[:2]).when(lambda one: payroll.come_due(one, some, OVER))
    found.then(empty[1], missed[2], QuarterFollowed(at=OVER))


def test_A_17_a_month_paid_late_ends_no_quarter() -> None:
    """Or the next one would never be opened."""
    fine = sheet(submitted, *approvals, whole)
    after = datetime(2026, 4, 2, 2, 0, tzinfo=UTC)
    paying = payroll.pay(fine.state, "2026-03", frozenset({"w", "v"}), after)
    late = sheet(but(submitted), *approvals, whole, *paying).state
    assert (late.next_due, late.followed) == (None, None)
    new = past(None, evolve, (but(begun, followed=False), submitted, *approvals, whole, *paying))
    assert new.state.wakes_at == OVER
    new.when(lambda one: payroll.come_due(one, LINES, after)).then(QuarterFollowed(at=after))


def test_A_17_quarters_and_months_follow_one_another() -> None:
    assert months.months_of("2026-Q4") == ("2026-10", "2026-11", "2026-12")
    assert (months.next_quarter("2026-Q4"), months.previous("2026-Q1")) == ("2027-Q1", "2025-Q4")
    assert months.last_day("2026-12") == date(2026, 12, 31)
    assert months.last_day("2028-02") == date(2028, 2, 29)
