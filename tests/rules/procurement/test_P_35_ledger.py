"""P-35: what a supplier keeps of a contract, and what it may have spent."""

from dataclasses import replace
from datetime import date
from typing import Any

from chassis.kernel.errors import Malformed
from services.procurement.domain.contract import Contract
from services.procurement.domain.evolution import evolve as evolve_contract
from services.procurement.domain.ledger import Entered, Entry, EntryKind, enter, evolve, opened
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


def test_P_35_an_empty_one_lacks_everything() -> None:
    assert opened(None, PAID).wanting == tuple(EntryKind)
