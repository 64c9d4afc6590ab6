"""A-17 (ours): what a form that stands says wrong is put right by a line of its own on a later one."""

import csv
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import reduce
from typing import Any

from chassis.cause import Cause
from chassis.exports import as_csv
from services.affairs.desk import AffairsDesk
from services.affairs.domain import correcting, months, payroll, waiting
from services.affairs.domain.scale import Post, yuan
from services.affairs.domain.sheet import (
    MonthEmpty,
    MonthMissed,
    MonthPaid,
    PaySheet,
    QuarterFollowed,
    QuarterOpened,
    QuarterPaid,
    Sheet,
    evolve,
)
from services.affairs.domain.worker import Awarded, Honour, PostTaken
from services.affairs.queries.figures import AffairsQueries
from services.affairs.shown import sheets
from tests.support.specification import Given, past
from tests.support.walks import person

from .cases import MARCH, broken
from .test_A_12_arrears import APRIL, JULY, STAFF, after, approved, entered, form, over
from .test_A_13_pay import held
from .test_actions import staffed

OCTOBER = datetime(2026, 10, 2, 2, 0, tzinfo=UTC)
second = QuarterOpened(street="guanshang", quarter="2026-Q2", at=APRIL)
PAID = tuple(MonthPaid(month=month, sum=0, at=MARCH) for month in months.months_of("2026-Q1"))
FIRST = form([("w", STAFF)], *PAID)


def next_one(*happened: Any) -> Given[PaySheet]:
    return past(None, evolve, (second, *happened))


def corrected(
    one: PaySheet,
    fen: int,
    *others: PaySheet,
    worker: str = "w",
    month: str = "2026-01",
    reason: str = "误发，该月已离任",
    paper: str = "",
    of_extra: bool = False,
) -> Any:
    said = (worker, month, fen, reason, APRIL, paper)
    return correcting.correct(one, others or (FIRST,), *said, of_extra=of_extra)


def test_A_17_what_was_paid_wrong_is_put_right_on_the_next_form_with_its_reason() -> None:
    known = next_one().when(lambda one: corrected(one, -340_000)).leads_to().state
    [line] = known.corrections
    assert (line.key, line.paid_with, line.post) == (("w", "2026-01"), "2026-04", Post.STAFF)
    assert (line.total, line.reason) == (-340_000, "误发，该月已离任")
    sent = evolve(known, payroll.submit(known, known.corrections, APRIL)[-1])
    assert (sent.sum, sent.settled, sent.afterwards) == (-340_000, (line,), ())
    back = evolve(sent, payroll.give_back(sent, "finance", "再核", APRIL))
    assert (back.lines, back.corrections) == ((), (line,)), "it is on it when it comes again"
    broken("A-17", None, corrected, sent, -1)
    [row] = sheets.quarter_rows(sent)
    assert (row.month, row.total) == ("2026-01（随2026-04更正：误发，该月已离任）", "-3,400.00")
    assert yuan(-60_050) == "-600.50"


def test_A_17_a_correction_says_why_and_how_much_of_whom_and_never_more_than_he_was_paid() -> None:
    one = next_one().state
    broken("A-17", "reason", corrected, one, -1, reason=" ")
    broken("A-17", "fen", corrected, one, 0)
    broken("A-17", "fen", corrected, one, -340_001)
    broken("A-17", "month", corrected, one, -1, month="2026-04")
    broken("A-17", "month", corrected, one, 100, worker="v")
    broken("A-17", "month", corrected, one, -1, replace(FIRST, status=Sheet.SUBMITTED))
    elsewhere = replace(one, quarter="2026-Q3", corrections=(corrected(one, -340_000).line,))
    broken("A-17", "fen", corrected, one, -1, FIRST, elsewhere)
    assert corrected(one, 340_000, FIRST, elsewhere).line.correction == 340_000
    nobodys = next_one(*(MonthEmpty(month=f"2026-0{n}") for n in (4, 5, 6))).state
    broken("A-17", None, corrected, nobodys, -1)


def test_A_17_a_correction_is_replaced_and_taken_back_while_the_form_is_not_submitted() -> None:
    first = next_one().when(lambda one: corrected(one, -340_000)).leads_to()
    less = first.when(lambda one: corrected(one, -100_000)).leads_to()
    assert [one.correction for one in less.state.corrections] == [-100_000]
    none = less.when(lambda one: corrected(one, 0)).leads_to()
    assert none.state.corrections == ()


def test_A_17_what_was_not_paid_is_not_taken_back() -> None:
    """Who has left by then isn't paid; and it would be taken from whoever he is paid with."""
    one = next_one().state
    unpaid = form([("w", STAFF)], *PAID[:2])
    said = broken("A-17", "month", corrected, one, -340_000, unpaid, month="2026-03")
    assert "尚未发放" in said.detail
    assert corrected(one, -340_000, unpaid, month="2026-02").line.correction == -340_000
    left = replace(PAID[2], left=("w",))
    broken("A-17", "month", corrected, one, -1, form([("w", STAFF)], left), month="2026-03")
    march = replace(FIRST.lines[2], month="2025-12", paid_with="2026-03")
    after_it = replace(unpaid, lines=(*unpaid.lines, march))
    broken("A-17", "month", corrected, one, -1, after_it, month="2025-12")
    elsewhere = replace(after_it, lines=unpaid.lines, on_paper=(march,))
    assert corrected(one, -1, elsewhere, month="2025-12").line.correction == -1


def test_A_17_a_correction_is_taken_back_whatever_has_come_since() -> None:
    """Of a month that turned out to be unpaid; and none counts on more that another form is only to pay."""
    wrong = next_one().when(lambda one: corrected(one, -340_000)).leads_to().state
    left = form([("w", STAFF)], replace(PAID[0], left=("w",)))
    broken("A-17", "month", corrected, wrong, -1, left)
    assert evolve(wrong, corrected(wrong, 0, left)).corrections == ()
    more = next_one().when(lambda one: corrected(one, 100_000)).leads_to().state
    third = replace(next_one().state, quarter="2026-Q3")
    said = broken("A-17", "fen", corrected, third, -440_000, FIRST, more)
    assert "3,400.00 元" in said.detail
    assert evolve(more, corrected(more, 0, FIRST, third)).corrections == ()
    twice = replace(third, corrections=(replace(wrong.corrections[0], correction=-640_050),))
    said = broken("A-17", "fen", corrected, next_one().state, -1, FIRST, twice)
    assert " 0.00 元" in said.detail


def test_A_17_a_form_of_nobody_that_puts_right_what_others_said_is_submitted_still() -> None:
    """Its first month was found to be nobody's before."""
    known = next_one(MonthEmpty(month="2026-04"), QuarterFollowed(at=JULY)).state
    known = evolve(known, corrected(known, -340_000))
    for event in payroll.come_due(known, known.corrections, JULY):
        known = evolve(known, event)
    assert (known.status, known.unpaid) == (Sheet.OPEN, ())
    ends = waiting.of_pay(known)["street:guanshang"]
    assert ends is not None and ends.due == known.ends_at
    less = evolve(known, corrected(known, -100_000))
    sent = less
    for event in payroll.submit(less, less.corrections, JULY):
        sent = evolve(sent, event)
    assert (sent.status, sent.sum) == (Sheet.SUBMITTED, -100_000)
    done = sent
    for office in payroll.OFFICES:
        for event in payroll.approve(done, office, JULY):
            done = evolve(done, event)
    assert waiting.of_pay(done) != {}
    for event in payroll.pay(done, "2026-04", frozenset(), JULY):
        done = evolve(done, event)
    assert (done.status, done.paid[-1].sum) == (Sheet.PAID, -100_000)
    none = payroll.paid_up(known, (corrected(known, 0),), JULY)
    assert none[-1] == QuarterPaid(at=JULY), "nobody's again"


def test_A_17_a_month_with_which_only_what_was_wrong_is_put_right_is_not_told_as_unpaid() -> None:
    """It is no month's pay: neither before it is submitted, nor after, nor when it is given back."""
    known = next_one(QuarterFollowed(at=JULY)).state
    known = evolve(known, corrected(known, -340_000))
    empty = payroll.come_due(known, known.corrections, JULY)
    assert empty == tuple(MonthEmpty(month=month) for month in months.months_of("2026-Q2"))
    known = reduce(evolve, empty, known)
    assert (known.status, known.of_nobody, known.wakes_at) == (Sheet.OPEN, False, None)
    sent = reduce(evolve, payroll.submit(known, known.corrections, JULY), known)
    assert (sent.to_pay, sent.waiting, sent.wakes_at) == (("2026-04",), (), None)
    assert payroll.come_due(sent, (), JULY) == ()
    back = evolve(sent, payroll.give_back(sent, "finance", "再核", JULY))
    assert payroll.come_due(back, back.corrections, JULY) == (MonthEmpty(month="2026-04"),)
    done = sent
    for office in payroll.OFFICES:
        done = reduce(evolve, payroll.approve(done, office, JULY), done)
    ends = waiting.of_pay(done)["street:guanshang"]
    assert ends is not None and ends.due == done.ends_at
    [only, end] = payroll.pay(done, "2026-04", frozenset(), JULY)
    assert (only, end) == (
        MonthPaid(month="2026-04", sum=-340_000, at=JULY),
        QuarterPaid(at=JULY),
    )
    after_it = replace(FIRST.lines[2], paid_with="2026-04")
    both = replace(sent, lines=(*sent.lines, after_it))
    [missed] = payroll.come_due(both, (), JULY)
    assert isinstance(missed, MonthMissed), "somebody else is paid with it"


def test_A_12_what_was_taken_back_is_paid_again_to_who_turns_out_to_have_been_in_post() -> None:
    """And what was put right by hand isn't paid after as well."""
    taken_back = corrected(next_one().state, -340_000).line
    later = replace(form([]), quarter="2026-Q2", lines=(taken_back,))
    [again] = after([("w", STAFF)], FIRST, later)
    assert (again.month, again.total) == ("2026-01", 340_000)
    less = replace(later, lines=(replace(taken_back, correction=-10_000),))
    assert after([("w", STAFF)], FIRST, less) == []
    chief = form([("w", held(Post.CHIEF))], *PAID)
    lower = replace(later, lines=(replace(taken_back, correction=-90_000),))
    assert after([("w", STAFF)], chief, lower) == [], "he was paid as the wrong post"
    raised = replace(STAFF, posts=(*STAFF.posts, *held(Post.CHIEF).posts))
    by_hand = tuple(replace(taken_back, month=f"2026-0{n}", correction=90_000) for n in (1, 2, 3))
    assert after([("w", raised)], FIRST, replace(later, lines=by_hand)) == []


AWARD = Awarded(honour=Honour.CITY, on=date(2025, 12, 5), papers_on=date(2025, 12, 6))
WITH_AWARD = form([("w", replace(STAFF, awards=(AWARD,)))], *PAID)


def test_A_18_an_award_that_was_taken_back_touches_no_month_of_his() -> None:
    back = corrected(next_one().state, -560_000, WITH_AWARD, of_extra=True).line
    later = replace(FIRST, quarter="2026-Q2", lines=(back,))
    raised = replace(STAFF, posts=(*STAFF.posts, *held(Post.CHIEF).posts))
    assert [one.total for one in after([("w", raised)], WITH_AWARD, later)] == [90_000] * 3
    one = replace(STAFF, awards=(AWARD,))
    [again] = after([("w", one)], WITH_AWARD, later)
    assert (again.total, again.extra) == (560_000, 560_000), "it isn't struck"
    paper = replace(later, lines=(replace(back, paper="现金支付单 3 号"),))
    assert after([("w", one)], WITH_AWARD, paper) == []
    assert after([("w", STAFF)], WITH_AWARD, later) == []
    before = replace(later, lines=(replace(back, of_extra=False),))
    assert after([("w", STAFF)], WITH_AWARD, before) == [], "as it was said before"


def test_A_18_an_award_that_was_put_right_by_hand_is_not_paid_after_too() -> None:
    by_hand = corrected(next_one().state, 560_000, of_extra=True).line
    with_it = [("w", replace(STAFF, awards=(AWARD,)))]
    later = replace(FIRST, quarter="2026-Q2", lines=(by_hand,))
    assert after(with_it, FIRST, later) == []
    some = replace(later, lines=(replace(by_hand, correction=60_000),))
    assert [one.extra for one in after(with_it, FIRST, some)] == [500_000]


def test_A_17_a_months_pay_and_what_was_earned_with_it_are_put_right_by_themselves() -> None:
    one = next_one().state
    said = broken("A-17", "fen", corrected, one, -340_001, WITH_AWARD)
    assert "月补贴 3,400.00 元；表彰和优秀另作更正" in said.detail
    broken("A-17", "fen", corrected, one, -560_001, WITH_AWARD, of_extra=True)
    broken("A-17", "fen", corrected, one, -1, of_extra=True)
    for fen, of_extra in ((-340_000, False), (-560_000, True)):
        one = evolve(one, corrected(one, fen, WITH_AWARD, of_extra=of_extra))
    assert [each.total for each in one.corrections] == [-340_000, -560_000]
    shown = sheets.quarter_rows(replace(one, lines=one.corrections))
    assert [(row.month[19:24], row.total) for row in shown] == [
        ("表彰和优秀", "-5,600.00"),
        ("误发，该月", "-3,400.00"),
    ]
    one = evolve(one, corrected(one, 0, WITH_AWARD, of_extra=True))
    assert [each.total for each in one.corrections] == [-340_000]


async def correct(
    desk: AffairsDesk,
    id: str,
    fen: int,
    month: str = "2026-01",
    worker: str = "w-1",
    paper: str = "",
    *,
    of_extra: bool = False,
) -> PaySheet:
    one = (await desk.pay.get(id)).aggregate
    others = await desk.others(one)

    def decided(known: PaySheet) -> list[Any]:
        why = "按名册核对，误发"
        said = (worker, month, fen, why, APRIL, paper)
        return [correcting.correct(known, others, *said, of_extra=of_extra)]

    return (await desk.pay.change(id, decided, Cause(actor="x", now=APRIL))).aggregate


async def paid(desk: AffairsDesk, id: str, now: datetime) -> None:
    """Approved as it stands, and all of it paid."""
    form = await approved(desk, id, now)
    every = [MonthPaid(month=month, sum=0, at=now) for month in months.months_of(form.quarter)]
    await desk.pay.change(id, lambda _: every, Cause(actor="x", now=now))


async def test_A_17_a_correction_is_approved_with_the_form_and_read_in_its_table() -> None:
    _, desk = await staffed()
    await paid(desk, "guanshang-2026-Q1", MARCH)
    await over(desk, "guanshang-2026-Q1", APRIL)
    quarter = "guanshang-2026-Q2"
    await correct(desk, quarter, -100_000)
    await entered(desk, "w-2", Post.STAFF, date(2026, 3, 1))
    form = await approved(desk, quarter, APRIL)
    assert [(one.worker, one.month, one.total) for one in form.lines if one.paid_with] == [
        ("w-2", "2026-03", 340_000),
        ("w-1", "2026-01", -100_000),
    ]
    assert form.sum == 340_000 * 7 - 100_000
    april = payroll.pay(form, "2026-04", frozenset({"w-1", "w-2"}), APRIL)[-1]
    assert april == MonthPaid(month="2026-04", sum=340_000 * 3 - 100_000, at=APRIL)
    read = await AffairsQueries(desk=desk).pay_table(quarter, person("street:guanshang"))
    heads = [one.name for one in read.columns]
    rows = [dict(zip(heads, row, strict=True)) for row in read.rows]
    assert [(one["correction"], one["reason"]) for one in rows if one["reason"]] == [
        (-100_000, "按名册核对，误发")
    ]
    await over(desk, quarter, JULY)
    third = await approved(desk, "guanshang-2026-Q3", JULY)
    assert [one for one in third.lines if one.paid_with] == []


async def test_A_17_a_correction_of_pay_and_one_of_awards_are_told_apart_in_the_forms_table() -> (
    None
):
    _, desk = await staffed()
    await paid(desk, "guanshang-2026-Q1", MARCH)
    await over(desk, "guanshang-2026-Q1", APRIL)
    quarter = "guanshang-2026-Q2"
    await correct(desk, quarter, 100)
    await correct(desk, quarter, 100, of_extra=True)
    await approved(desk, quarter, APRIL)
    read = await AffairsQueries(desk=desk).pay_table(quarter, person("street:guanshang"))
    table = as_csv(read).decode("utf-8-sig").splitlines()
    rows = [row for row in csv.DictReader(table) if row["更正理由"]]
    assert [(row["更正（元）"], row["更正的是表彰和优秀"]) for row in rows] == [
        ("1.00", "否"),
        ("1.00", "是"),
    ]


async def test_A_17_what_was_paid_otherwise_too_is_taken_back_by_its_paper_once_and_for_all() -> (
    None
):
    """The street had paid it in cash, and didn't take it off the form that paid it after."""
    _, desk = await staffed()
    await approved(desk, "guanshang-2026-Q1", MARCH)
    await over(desk, "guanshang-2026-Q1", APRIL)
    await entered(desk, "w-2", Post.STAFF, date(2026, 3, 1))
    await paid(desk, "guanshang-2026-Q2", APRIL)
    await over(desk, "guanshang-2026-Q2", JULY)
    third = "guanshang-2026-Q3"

    async def told(form: PaySheet) -> list[tuple[str, int]]:
        return [(one.month, one.total) for one in await desk.lines(form) if one.paid_with]

    without = await correct(desk, third, -340_000, "2026-03", "w-2")
    assert await told(without) == [("2026-03", 340_000), ("2026-03", -340_000)], "he is in post"
    form = await correct(desk, third, -340_000, "2026-03", "w-2", " 现金支付单 3 号")
    assert await told(form) == [("2026-03", -340_000)]
    sent = await approved(desk, third, JULY)
    [row] = [one for one in sheets.quarter_rows(sent) if "更正" in one.month]
    assert row.month.endswith("误发；已另行发放，凭证号 现金支付单 3 号）")
    await over(desk, third, OCTOBER)
    fourth = (await desk.pay.get("guanshang-2026-Q4")).aggregate
    assert await told(fourth) == []
    chief = PostTaken(post=Post.CHIEF, since=date(2026, 3, 1))
    await desk.workers.change("w-2", lambda _: [chief], Cause(actor="x", now=OCTOBER))
    assert ("2026-03", 90_000) in await told(fourth), "what a higher post has more is his"


def test_A_17_a_paper_is_of_what_is_taken_back() -> None:
    broken("A-17", "paper", corrected, next_one().state, 1, paper="现金支付单 3 号")


def test_A_17_what_was_wrongly_taken_back_by_a_paper_is_given_back_with_it_and_is_had_once() -> (
    None
):
    """Else it would count as had twice for ever, and what a higher post has more be swallowed."""
    paper, third = "现金支付单 3 号", replace(next_one().state, quarter="2026-Q3")
    line = corrected(next_one().state, -340_000, paper=paper).line
    april = MonthPaid(month="2026-04", sum=0, at=APRIL)
    unpaid = replace(FIRST, quarter="2026-Q2", lines=(line,), paid=())
    second = replace(unpaid, paid=(april,))
    back = corrected(third, 340_000, FIRST, second, paper=f" {paper}").line
    assert (back.correction, back.paper) == (340_000, paper)
    raised = replace(STAFF, posts=(*STAFF.posts, *held(Post.CHIEF).posts))
    later = replace(third, corrections=(back,))
    told = [one.total for one in after([("w", raised)], FIRST, second, later)]
    assert told == [90_000] * 3, "what it has more is paid of that month, too"
    [row] = sheets.quarter_rows(replace(third, lines=(back,)))
    assert row.month.endswith("；退还误作已另行发放而追回的，凭证号 现金支付单 3 号）")

    fourth = replace(third, quarter="2026-Q4")
    more = broken("A-17", "fen", corrected, third, 340_001, FIRST, second, paper=paper)
    assert "尚未退还的为 3,400.00 元" in more.detail
    broken("A-17", "paper", corrected, fourth, 1, FIRST, second, later, paper=paper)
    for others, said in (
        ((FIRST, second), {"paper": "另一张"}),
        ((FIRST, second), {"paper": paper, "of_extra": True}),
        ((FIRST, unpaid), {"paper": paper}),
    ):
        assert (
            "才填原凭证号" in broken("A-17", "paper", corrected, third, 1, *others, **said).detail
        )
    some = replace(later, corrections=(replace(back, correction=300_000),))
    assert corrected(fourth, 40_000, FIRST, second, some, paper=paper).line.correction == 40_000


async def test_A_12_what_is_put_right_on_a_form_is_not_paid_after_on_it_too() -> None:
    _, desk = await staffed()
    await paid(desk, "guanshang-2026-Q1", MARCH)
    await over(desk, "guanshang-2026-Q1", APRIL)
    form = await correct(desk, "guanshang-2026-Q2", 90_000, "2026-03")
    chief = PostTaken(post=Post.CHIEF, since=date(2026, 1, 1))
    await desk.workers.change("w-1", lambda _: [chief], Cause(actor="x", now=APRIL))
    lines = await desk.lines(form)
    told = [(one.month, one.total, bool(one.reason)) for one in lines if one.paid_with]
    assert told == [("2026-03", 90_000, True)]
