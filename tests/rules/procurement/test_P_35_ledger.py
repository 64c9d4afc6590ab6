"""P-35: what a supplier keeps of a contract, and what it may have spent."""

from dataclasses import replace
from datetime import date
from typing import Any

from chassis.kernel.errors import Malformed
from services.procurement.domain.contract import Contract
from services.procurement.domain.evolution import evolve as evolve_contract
from services.procurement.domain.ledger import (
    Entered,
    Entry,
    EntryKind,
    Ledger,
    Struck,
    enclosed,
    enter,
    evolve,
    opened,
)
from tests.support.specification import Decision, Given, past

from .cases import JUNE, filed, first_opened, first_paid, signed, terminated

CLAUSE = "官政办通〔2016〕40号 二.5.3"
PAID: Contract = past(None, evolve_contract, (signed, filed, first_opened, first_paid)).state
progress = Entry(
    kind=EntryKind.PROGRESS, on=date(2026, 4, 1), title="四月小组活动", evidence="档-4"
)
payment = replace(progress, kind=EntryKind.PAYMENT, amount=18_000_000)
entered = Entered(
    contract="c-1",
    supplier="tongxin",
    street="guanshang",
    community="haihua",
    purchaser="street:guanshang",
    entry=progress,
    at=JUNE,
)
struck = Struck(number=1, reason="金额误录", at=JUNE)


KEPT: Ledger = past(None, evolve, (entered,)).state


def enters(entry: Entry, *known: Any, contract: Contract = PAID) -> Decision[Any]:
    state = past(None, evolve, known).state if known else None
    return Given(state, evolve).when(lambda ledger: enter(ledger, contract, entry, JUNE))


def test_P_35_what_is_entered_says_what_it_is_and_where_it_is_kept() -> None:
    enters(progress).then(entered)
    for part in ("title", "evidence"):
        silent = replace(progress, **{part: " "})  # type: ignore[arg-type]
        enters(silent).breaks("P-35", clause=CLAUSE, field=part)


def test_P_35_from_the_signing_until_today_and_also_after_the_end() -> None:
    for on in (date(2026, 3, 1), date(2026, 6, 3)):
        enters(replace(progress, on=on)).refused(Malformed, field="on")
    over = evolve_contract(PAID, terminated)
    enters(progress, contract=over).then(entered)


def test_P_35_only_a_payment_has_an_amount() -> None:
    enters(replace(progress, amount=1)).refused(Malformed, field="amount")
    enters(replace(payment, amount=None)).refused(Malformed, field="amount")


def test_P_35_no_more_is_spent_than_was_received() -> None:
    enters(replace(payment, amount=18_000_001)).breaks("P-35", clause=CLAUSE, field="amount")
    after = enters(payment).leads_to().state
    enters(replace(payment, amount=1), replace(entered, entry=payment)).breaks("P-35")
    enters(progress, replace(entered, entry=payment)).then(entered)
    shown = opened(after, PAID)
    assert (shown.received, shown.spent, shown.left) == (18_000_000, 18_000_000, 0)
    assert EntryKind.PAYMENT not in shown.wanting and len(shown.wanting) == 6


def test_P_35_what_was_entered_wrongly_is_struck_with_its_reason_and_counts_no_more() -> None:
    known = past(None, evolve, (entered, replace(entered, entry=payment)))

    def strikes(state: Given[Ledger], number: int = 2, reason: str = "金额误录") -> Any:
        return state.when(lambda ledger: ledger.strike(number, reason=reason, now=JUNE))

    after = strikes(known).then(replace(struck, number=2))
    shown = opened(after.state, PAID)
    assert (shown.spent, shown.left, after.state.spent) == (0, 18_000_000, 0)
    assert [(one.number, one.struck) for one in shown.entries] == [(1, None), (2, "金额误录")]
    assert EntryKind.PAYMENT in shown.wanting
    right = replace(payment, amount=18_000_000)
    again = Given(after.state, evolve).when(lambda ledger: enter(ledger, PAID, right, JUNE))
    assert again.leads_to().state.spent == 18_000_000
    for state, number in ((after, 2), (known, 0), (known, 3)):
        strikes(state, number).breaks("P-35", clause=CLAUSE, field="number")
    strikes(known, reason=" ").refused(Malformed, field="reason")
    empty = strikes(after, 1).leads_to()
    empty.when(lambda ledger: ledger.may_strike()).breaks("P-35", field=None)
    with_plan = replace(KEPT, entries=(replace(progress, struck="误录"),))
    Given(with_plan, evolve).when(lambda one: enclosed(one, date(2026, 4, 1))).breaks("P-15")


def test_P_15_a_months_report_encloses_what_the_ledger_has_of_it() -> None:
    def entry(kind: EntryKind, on: date) -> Entry:
        amount = 100 if kind is EntryKind.PAYMENT else None
        return Entry(kind=kind, on=on, title="材料", evidence="档案盒 1", amount=amount)

    march, april = date(2026, 3, 1), date(2026, 4, 1)
    plan_ = entry(EntryKind.PLAN, date(2026, 3, 2))
    progress, summary = (
        entry(kind, date(2026, 3, 31)) for kind in (EntryKind.PROGRESS, EntryKind.SUMMARY)
    )
    paid = entry(EntryKind.PAYMENT, date(2026, 3, 9))
    later = entry(EntryKind.PROGRESS, april)

    def encloses(month: date, *entries: Entry) -> Any:
        kept = replace(KEPT, entries=entries)
        return Given(kept, evolve).when(lambda one: enclosed(one, month))

    clause = "官办通〔2019〕77号 附件2 六"
    every = (plan_, progress, later, summary, paid)
    assert enclosed(replace(KEPT, entries=every), march) == (1, 2, 4, 5)
    for wanting in (plan_, progress, summary):
        left = [one for one in every if one is not wanting]
        encloses(march, *left).breaks("P-15", clause=clause, field="month")
    encloses(april, *every).breaks("P-15", clause=clause, field="month")
    next_summary = entry(EntryKind.SUMMARY, date(2026, 4, 30))
    assert enclosed(replace(KEPT, entries=(*every, next_summary)), april) == (3, 6)
    late_plan = replace(plan_, on=april)
    encloses(march, progress, summary, late_plan).breaks("P-15", field="month")
    Given(None, evolve).when(lambda _: enclosed(None, march)).breaks("P-15", field="month")


def test_P_35_an_empty_one_lacks_everything() -> None:
    assert opened(None, PAID).wanting == tuple(EntryKind)
