"""A-17: a street's quarter, approved by three offices, paid and missed month by month."""

from datetime import UTC, date, datetime
from typing import Any

from chassis.cause import Cause
from services.affairs.domain import payroll
from services.affairs.domain.payroll import (
    MonthMissed,
    MonthPaid,
    OfficeApproved,
    PaySheet,
    QuarterOpened,
    Sheet,
    SheetApproved,
    SheetSubmitted,
)
from services.affairs.domain.scale import Post
from services.affairs.main import desk_on
from tests.support.memory import MemoryStore
from tests.support.specification import Given, past
from tests.support.toy import Silent

from .cases import MARCH, TODAY, WORK, broken, but
from .test_A_13_pay import BASES, held

begun = QuarterOpened(street="guanshang", quarter="2026-Q1", at=MARCH)
LINES = payroll.lines_of([("w", held(Post.STAFF)), ("v", held(Post.CHIEF))], "2026-Q1", BASES)
submitted = SheetSubmitted(lines=LINES, at=MARCH)
SUM = 3 * (340_000 + 430_000)
approvals = tuple(OfficeApproved(office=one, at=MARCH) for one in payroll.OFFICES)
whole = SheetApproved(sum=SUM, at=MARCH)


def sheet(*happened: Any) -> Given[PaySheet]:
    return past(None, payroll.evolve, (begun, *happened))


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
    sheet().when(lambda one: payroll.come_due(one, JANUARY_OVER)).then(missed[0])
    sheet(missed[0]).when(lambda one: payroll.come_due(one, JANUARY_OVER)).then()
    assert after.state.over and after.state.next_due is None


def test_A_17_no_month_is_missed_that_was_over_before_anybody_was_entered() -> None:
    for since, waiting in (
        (date(2026, 2, 1), ("2026-02", "2026-03")),
        (date(2026, 2, 28), ("2026-02", "2026-03")),
        (date(2026, 3, 2), ("2026-03",)),
    ):
        new = past(None, payroll.evolve, (but(begun, since=since),))
        assert new.state.waiting == waiting
    new.when(lambda one: payroll.come_due(one, MARCH)).then()
    assert new.state.next_due == datetime(2026, 3, 31, 16, 0, tzinfo=UTC)
    earlier = past(None, payroll.evolve, (but(begun, since=TODAY), submitted, *approvals, whole))
    paying = earlier.when(lambda one: payroll.pay(one, "2026-01", frozenset({"w"}), MARCH))
    assert [one.month for one in paying.happened] == ["2026-01"]


async def test_A_17_only_the_quarter_that_a_street_begins_with_has_months_that_are_not_owed() -> (
    None
):
    desk = desk_on(MemoryStore(), bytes(32), Silent(), WORK)
    await desk.open_street("guanshang", MARCH)
    first, then = "guanshang-2026-Q1", "guanshang-2026-Q2"
    late = datetime(2026, 6, 2, 2, 0, tzinfo=UTC)
    await desk.pay_due(first, Cause(actor="system:clock", now=late))
    await desk.open_street("guanshang", late)
    one, other = [(await desk.pay.get(id)).aggregate for id in (first, then)]
    assert (one.since, [each.month for each in one.missed]) == (TODAY, ["2026-03"])
    assert (other.since, other.waiting) == (None, payroll.months_of("2026-Q2"))


def test_A_17_quarters_and_months_follow_one_another() -> None:
    assert payroll.months_of("2026-Q4") == ("2026-10", "2026-11", "2026-12")
    assert (payroll.next_quarter("2026-Q4"), payroll.previous("2026-Q1")) == ("2027-Q1", "2025-Q4")
    assert payroll.last_day("2026-12") == date(2026, 12, 31)
    assert payroll.last_day("2028-02") == date(2028, 2, 29)
