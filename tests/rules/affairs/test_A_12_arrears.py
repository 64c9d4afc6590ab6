"""A-12, A-17: what wasn't on a form when it was approved is paid after, with the next one, and says of which month."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from chassis.cause import Cause
from chassis.kernel.errors import NotFound
from services.affairs.desk import AffairsDesk
from services.affairs.domain import arrears, months, payroll
from services.affairs.domain.lines import Line, lines_of
from services.affairs.domain.scale import Post
from services.affairs.domain.sheet import (
    MonthPaid,
    PaySheet,
    QuarterOpened,
    Sheet,
    SheetApproved,
    evolve,
)
from services.affairs.domain.worker import (
    Awarded,
    Certificate,
    Certified,
    Holding,
    Honour,
    WorkerTaken,
)
from services.affairs.queries.figures import AffairsQueries
from services.affairs.shown import sheets
from tests.support.walks import person

from .cases import MARCH, broken
from .test_A_13_pay import BASES, held
from .test_A_17_quarters import approvals, begun, sheet, submitted
from .test_actions import CAUSE, staffed

APRIL = datetime(2026, 4, 2, 2, 0, tzinfo=UTC)
JULY = datetime(2026, 7, 2, 2, 0, tzinfo=UTC)
STAFF = held(Post.STAFF)
LATE = held(Post.STAFF, since=date(2026, 2, 1))
"""Entered after the form was submitted."""
Workers = list[tuple[str, Any]]


def form(workers: Workers, *happened: Any, first: QuarterOpened = begun) -> PaySheet:
    """One that was approved."""
    lines = lines_of(workers, first.quarter, BASES)
    said = replace(submitted, lines=lines)
    whole = SheetApproved(sum=0, at=MARCH)
    done = sheet(said, *approvals, whole, *happened).state
    return replace(done, since=first.since)


def after(workers: Workers, *forms: PaySheet) -> list[Line]:
    """What the first of the forms left out, as the next one has it."""
    due = lines_of(workers, forms[0].quarter, BASES)
    settled = [line for one in forms for line in one.settled]
    return [*arrears.arrears(forms[0], due, settled, "2026-04")]


def test_A_12_who_entered_a_post_after_the_form_is_paid_with_the_next_one() -> None:
    found = after([("w", STAFF), ("v", LATE)], form([("w", STAFF)]))
    told = [(one.worker, one.month, one.paid_with, one.total) for one in found]
    assert told == [
        ("v", "2026-02", "2026-04", 340_000),
        ("v", "2026-03", "2026-04", 340_000),
    ]
    next_one = replace(form([]), quarter="2026-Q2", lines=tuple(found))
    assert after([("w", STAFF), ("v", LATE)], form([("w", STAFF)]), next_one) == [], "once"
    given_back = replace(next_one, lines=())
    assert after([("w", STAFF), ("v", LATE)], form([("w", STAFF)]), given_back) == found


def test_A_12_who_is_known_by_now_to_have_held_a_higher_post_is_paid_what_it_has_more() -> None:
    raised = held(Post.CHIEF, since=date(2026, 3, 1))
    both = replace(STAFF, posts=(*STAFF.posts, *raised.posts))
    [more] = after([("w", both)], form([("w", STAFF)]))
    assert (more.month, more.post, more.base, more.allowance) == (
        "2026-03",
        Post.CHIEF,
        20_000,
        70_000,
    )
    next_one = replace(form([]), quarter="2026-Q2", lines=(more,))
    assert after([("w", both)], form([("w", STAFF)]), next_one) == []
    assert after([("w", STAFF)], form([("w", both)])) == [], "what was paid too much stands"


def test_A_12_who_was_left_out_when_it_was_paid_and_was_in_post_is_paid_after() -> None:
    gone = MonthPaid(month="2026-01", sum=0, left=("w",), at=MARCH)
    [more] = after([("w", STAFF)], form([("w", STAFF)], gone))
    assert (more.month, more.total) == ("2026-01", 340_000)
    left = replace(STAFF, posts=(Holding(post=Post.STAFF, since=date(2020, 1, 1)),))
    left = replace(left, posts=(replace(left.posts[0], until=date(2025, 12, 31)),))
    assert after([("w", left)], form([("w", STAFF)], gone)) == []


def test_A_18_what_was_earned_is_paid_once_in_post_or_not() -> None:
    award = Awarded(honour=Honour.CITY, on=date(2025, 12, 5), papers_on=date(2025, 12, 6))
    left = replace(STAFF.posts[0], until=date(2025, 12, 31))
    gone = replace(STAFF, posts=(left,), awards=(award,))
    [line] = form([("w", gone)]).lines
    paying = payroll.pay(form([("w", gone)]), "2026-01", frozenset(), MARCH)[-1]
    assert paying == MonthPaid(month="2026-01", sum=560_000, at=MARCH)
    assert after([("w", gone)], form([("w", gone)])) == []
    [shown] = sheets.quarter_rows(form([("w", gone)]))
    assert (shown.month, shown.extra, shown.total) == (
        "2026-01（本季不在岗）",
        "5,600.00",
        "5,600.00",
    )
    with_it = form([("w", replace(gone, posts=STAFF.posts))])
    unpaid = replace(with_it, paid=(MonthPaid(month="2026-01", sum=0, left=("w",), at=MARCH),))
    assert after([("w", gone)], unpaid) == [replace(line, paid_with="2026-04")]
    late = form([("w", replace(gone, awards=()))])
    assert after([("w", gone)], late) == [replace(line, paid_with="2026-04")]


def test_A_16_a_certificate_that_becomes_known_later_is_no_reason_to_pay_after() -> None:
    proven = replace(STAFF, certificates=(Certified(kind=Certificate.SENIOR, on=date(2025, 1, 1)),))
    assert after([("w", proven)], form([("w", STAFF)])) == []


def test_A_17_of_the_quarter_a_street_begins_with_no_month_before_it_is_paid_after() -> None:
    began = replace(begun, since=date(2026, 3, 2))
    found = after([("v", LATE)], form([("w", STAFF)], first=began))
    assert [one.month for one in found] == ["2026-03"]


def test_A_17_only_what_stands_on_approved_forms_of_earlier_quarters_is_looked_at() -> None:
    one = form([("w", STAFF)])
    others = [
        replace(one, quarter="2026-Q2"),
        replace(one, quarter="2025-Q4", status=Sheet.PAID),
        replace(one, quarter="2025-Q3", status=Sheet.SUBMITTED),
        replace(one, quarter="2025-Q2", status=Sheet.OPEN),
    ]
    found = arrears.earlier([one, *others], "2026-Q2")
    assert [each.quarter for each in found] == ["2025-Q4", "2026-Q1"], "since the open one"
    later = [replace(one, quarter="2026-Q3", status=Sheet.OPEN), *others, one]
    found = arrears.earlier(later, "2026-Q4")
    assert found == [], "the open one pays them"


def test_A_12_what_is_paid_after_goes_to_whom_it_was_due_in_post_then_or_not() -> None:
    more = replace(
        lines_of([("v", LATE)], "2026-Q1", BASES)[0], month="2025-12", paid_with="2026-01"
    )
    one = replace(form([("w", STAFF)]), lines=(*form([("w", STAFF)]).lines, more))
    paying = payroll.pay(one, "2026-01", frozenset({"w"}), MARCH)[-1]
    assert paying == MonthPaid(month="2026-01", sum=680_000, at=MARCH)
    paying = payroll.pay(one, "2026-02", frozenset({"w"}), MARCH)[-1]
    assert paying == MonthPaid(month="2026-02", sum=340_000, at=MARCH)


async def approved(desk: AffairsDesk, id: str, now: datetime) -> PaySheet:
    """Submitted as it stands, and approved."""
    lines = await desk.lines((await desk.pay.get(id)).aggregate)

    def decided(one: PaySheet) -> list[Any]:
        return [*payroll.submit(one, lines, now), *approvals, SheetApproved(sum=0, at=now)]

    return (await desk.pay.change(id, decided, Cause(actor="x", now=now))).aggregate


async def entered(desk: AffairsDesk, id: str, post: Post, since: date) -> None:
    taken = WorkerTaken(street="guanshang", community="haihua", post=post, since=since, at=MARCH)
    await desk.workers.once(id, [taken], CAUSE)


async def over(desk: AffairsDesk, id: str, now: datetime) -> None:
    await desk.pay_due(id, Cause(actor="timer", now=now))


async def test_A_12_street_and_worker_see_of_which_month_it_is() -> None:
    _, desk = await staffed()
    await approved(desk, "guanshang-2026-Q1", MARCH)
    await entered(desk, "w-2", Post.STAFF, date(2026, 3, 1))
    await over(desk, "guanshang-2026-Q1", APRIL)
    second = await approved(desk, "guanshang-2026-Q2", APRIL)
    assert [(one.worker, one.month) for one in second.lines if one.paid_with] == [
        ("w-2", "2026-03")
    ]
    shown = sheets.quarter_rows(second)[0]
    assert (shown.month, shown.workers, shown.total) == ("2026-03（随2026-04补发）", 1, "3,400.00")
    read = await AffairsQueries(desk=desk).pay_table(
        "guanshang-2026-Q2", person("street:guanshang")
    )
    cells = dict(zip([one.name for one in read.columns], [*read.rows][0], strict=True))
    assert (cells["month"], cells["paid_with"], cells["total"]) == ("2026-03", "2026-04", 340_000)
    await over(desk, "guanshang-2026-Q2", JULY)
    third = await approved(desk, "guanshang-2026-Q3", JULY)
    assert [one for one in third.lines if one.paid_with] == []


async def test_A_12_of_two_forms_that_are_open_the_earlier_alone_pays_after() -> None:
    """Also where both are counted before either is on record."""
    _, desk = await staffed()
    await approved(desk, "guanshang-2026-Q1", MARCH)
    await entered(desk, "w-2", Post.STAFF, date(2026, 3, 1))
    await over(desk, "guanshang-2026-Q1", APRIL)
    await over(desk, "guanshang-2026-Q2", JULY)

    async def paid_after(quarter: str) -> list[tuple[str, str]]:
        lines = await desk.lines((await desk.pay.get(f"guanshang-{quarter}")).aggregate)
        return [(one.worker, one.month) for one in lines if one.paid_with]

    assert await paid_after("2026-Q2") == [("w-2", "2026-03")]
    assert await paid_after("2026-Q3") == []
    await approved(desk, "guanshang-2026-Q2", JULY)
    assert await paid_after("2026-Q3") == []
    await entered(desk, "w-3", Post.STAFF, date(2026, 6, 1))
    assert await paid_after("2026-Q3") == [("w-3", "2026-06")]


async def test_A_15_what_is_paid_after_is_counted_as_its_own_form_was() -> None:
    """Though members' base is another by now."""
    _, desk = await staffed()
    await approved(desk, "guanshang-2026-Q1", MARCH)
    await entered(desk, "m-1", Post.SUPERVISION_MEMBER, date(2026, 3, 1))
    book = (await desk.policies.book()).aggregate.editions[-1].values
    adopting = Cause(actor="x", now=APRIL, expected=1)
    await desk.policies.put({**book, "levelless_fen": 280_000}, "改为表内数", adopting)
    await over(desk, "guanshang-2026-Q1", APRIL)
    second = await approved(desk, "guanshang-2026-Q2", APRIL)
    of_member = [(one.month, one.total) for one in second.lines if one.worker == "m-1"]
    assert of_member == [
        ("2026-03", 100_000),
        *((month, 280_000) for month in months.months_of("2026-Q2")),
    ]


async def test_A_12_what_a_street_has_paid_otherwise_is_taken_off_and_on_no_later_form() -> None:
    _, desk = await staffed()
    await approved(desk, "guanshang-2026-Q1", MARCH)
    for id in ("w-2", "w-3"):
        await entered(desk, id, Post.STAFF, date(2026, 3, 1))
    await over(desk, "guanshang-2026-Q1", APRIL)
    second = "guanshang-2026-Q2"

    async def sent() -> PaySheet:
        lines = await desk.lines((await desk.pay.get(second)).aggregate)
        told = await desk.pay.change(
            second,
            lambda one: payroll.submit(one, lines, APRIL),
            Cause(actor="x", now=APRIL),
        )
        return told.aggregate

    form = await sent()
    whole = form.sum
    off = payroll.take_off(form, "w-2", "2026-03", "现金支付单 3 号", APRIL)
    broken("A-17", "paper", payroll.take_off, form, "w-2", "2026-03", " ", APRIL)
    with pytest.raises(NotFound):
        payroll.take_off(form, "w-2", "2026-04", "3 号", APRIL)
    cause = Cause(actor="x", now=APRIL)
    after = (await desk.pay.change(second, lambda _: [off], cause)).aggregate
    assert [one.worker for one in after.afterwards] == ["w-3"]
    assert whole - after.sum == 340_000
    assert [(one.worker, one.month) for one in after.on_paper] == [("w-2", "2026-03")]
    some = evolve(after, approvals[0])
    broken("A-17", None, payroll.take_off, some, "w-3", "2026-03", "4 号", APRIL)
    done: list[Any] = [*approvals, SheetApproved(sum=after.sum, at=APRIL)]
    await desk.pay.change(second, lambda _: done, cause)
    await over(desk, second, JULY)
    third = await approved(desk, "guanshang-2026-Q3", JULY)
    assert [one for one in third.lines if one.paid_with] == []


def test_A_12_what_an_office_gives_back_is_counted_from_the_beginning() -> None:
    """Also what was taken off by mistake."""
    late = after([("w", STAFF), ("v", LATE)], form([("w", STAFF)]))
    sent = sheet(replace(submitted, lines=tuple(late))).state
    gone = evolve(sent, payroll.take_off(sent, "v", "2026-02", "3 号", MARCH))
    back = evolve(gone, payroll.give_back(gone, "finance", "误划", MARCH))
    assert (back.lines, back.on_paper, back.settled) == ((), (), ())
