"""The ledger of a contract (购买服务台账): what its supplier keeps, open to who bought and who watches over it."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from chassis.kernel.clock import local_date
from chassis.kernel.errors import Malformed, RuleBroken
from chassis.kernel.required import required, required_by

from .contract import Contract
from .resettling import Resettled, carried_by
from .rules import LEDGER, REPORTS, RULES


class EntryKind(StrEnum):
    """文件, 计划, 审批, 进展, 支付, 总结, 重大事项."""

    DOCUMENT = "document"
    PLAN = "plan"
    APPROVAL = "approval"
    PROGRESS = "progress"
    PAYMENT = "payment"
    SUMMARY = "summary"
    EVENT = "event"


NAMES = {EntryKind.PLAN: "计划", EntryKind.PROGRESS: "进展", EntryKind.SUMMARY: "总结"}
MONTHLY = tuple(NAMES)
"""What a month's report can't be without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One paper or thing of `on`; `amount` in fen of a payment alone, `evidence` where it is kept; `struck` says why
    it counts no more."""

    kind: EntryKind
    on: date
    title: str
    evidence: str
    amount: int | None = None
    struck: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept(Entry):
    """By the number under which it was entered, from 1."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    contract: str
    supplier: str
    street: str
    community: str | None = None
    purchaser: str
    entry: Entry
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Struck:
    number: int
    reason: str
    at: datetime


LedgerEvent = Entered | Struck | Resettled


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Its id is its contract's."""

    contract: str
    supplier: str
    street: str
    community: str | None = None
    successor: str | None = None
    purchaser: str
    entries: tuple[Entry, ...] = ()

    @property
    def kept(self) -> tuple[Kept, ...]:
        """All of it, struck or not."""
        every = enumerate(self.entries, start=1)
        return tuple(Kept(number=number, **asdict(one)) for number, one in every)

    @property
    def counting(self) -> tuple[Kept, ...]:
        return tuple(one for one in self.kept if one.struck is None)

    @property
    def spent(self) -> int:
        return _spent(self.counting)

    def strike(self, number: int, *, reason: str, now: datetime) -> Struck:
        """P-35 (ours): what was entered wrongly counts no more, and stays as it was entered; what is right is
        entered beside it."""
        self.may_strike()
        if number not in {one.number for one in self.counting}:
            detail = f"台账中没有有效的第 {number} 项。"
            raise RuleBroken(RULES["P-35"], detail, clause=LEDGER, field="number")
        required(reason, "reason")
        return Struck(number=number, reason=reason, at=now)

    def may_strike(self) -> None:
        if not self.counting:
            raise RuleBroken(RULES["P-35"], "台账中没有有效的登记。", clause=LEDGER)


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerOut:
    """As it is kept, each entry by its number."""

    contract: str
    supplier: str
    street: str
    community: str | None = None
    successor: str | None = None
    purchaser: str
    entries: tuple[Kept, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerShown:
    """In fen: what was paid to the supplier, what it `spent` of that and has `left`; kinds that are `wanting`."""

    contract: str
    received: int
    spent: int
    left: int
    wanting: tuple[EntryKind, ...]
    entries: tuple[Kept, ...]


def enter(known: Ledger | None, contract: Contract, entry: Entry, now: datetime) -> Entered:
    """P-35: also after the end; what is spent is never more than what was received."""
    required_by(RULES["P-35"], entry.title, "title", clause=LEDGER)
    required_by(RULES["P-35"], entry.evidence, "evidence", clause=LEDGER)
    if not local_date(contract.signed_at) <= entry.on <= local_date(now):
        raise Malformed("日期应在签约之后，且不得晚于今天。", field="on")
    if (entry.kind is EntryKind.PAYMENT) != (entry.amount is not None):
        raise Malformed("支付须写明金额，其余不写。", field="amount")
    spent = _spent((*(known.counting if known else ()), entry))
    if spent > received(contract):
        detail = f"支出合计 {spent} 分，超过已拨付的 {received(contract)} 分。"
        raise RuleBroken(RULES["P-35"], detail, clause=LEDGER, field="amount")
    return Entered(
        contract=contract.id,
        supplier=contract.supplier,
        street=contract.street,
        community=carried_by(contract),
        purchaser=contract.purchaser,
        entry=entry,
        at=now,
    )


def shown(ledger: Ledger) -> LedgerOut:
    return LedgerOut(
        contract=ledger.contract,
        supplier=ledger.supplier,
        street=ledger.street,
        community=ledger.community,
        successor=ledger.successor,
        purchaser=ledger.purchaser,
        entries=ledger.kept,
    )


def enclosed(ledger: Ledger | None, month: date) -> tuple[int, ...]:
    """P-15: what a monthly report encloses: the numbers of the month's own entries, from 1.

    That there is a plan by then, and the month's progress and summary, is ours; approvals, payments, documents and
    major events are enclosed where there are any.
    """
    entries = ledger.counting if ledger else ()
    own = [one for one in entries if one.on.replace(day=1) == month]
    kept = {one.kind for one in own}
    kept |= {one.kind for one in entries if one.kind is EntryKind.PLAN and one.on < _next(month)}
    if wanting := [NAMES[one] for one in MONTHLY if one not in kept]:
        detail = f"月报须附台账中的计划和当月的进展、总结，尚缺：{'、'.join(wanting)}。"
        raise RuleBroken(RULES["P-15"], detail, clause=REPORTS, field="month")
    return tuple(one.number for one in own)


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def received(contract: Contract) -> int:
    return sum(one.amount for one in contract.payments)


def opened(ledger: Ledger | None, contract: Contract) -> LedgerShown:
    """P-35: as it stands, at any time."""
    counting = ledger.counting if ledger else ()
    spent, paid = _spent(counting), received(contract)
    kept = {one.kind for one in counting}
    return LedgerShown(
        contract=contract.id,
        received=paid,
        spent=spent,
        left=paid - spent,
        wanting=tuple(one for one in EntryKind if one not in kept),
        entries=tuple(sorted(ledger.kept if ledger else (), key=lambda one: one.on)),
    )


def _spent(entries: Iterable[Entry]) -> int:
    return sum(one.amount or 0 for one in entries)


def evolve(ledger: Ledger | None, event: LedgerEvent) -> Ledger:
    if isinstance(event, Entered):
        known = ledger or Ledger(
            contract=event.contract,
            supplier=event.supplier,
            street=event.street,
            community=event.community,
            purchaser=event.purchaser,
        )
        return replace(known, entries=(*known.entries, event.entry))
    if ledger is None:
        raise ValueError("a ledger begins with what is entered")
    if isinstance(event, Resettled):
        return replace(ledger, successor=event.community)
    struck = {event.number: event.reason}
    return replace(
        ledger,
        entries=tuple(
            replace(one, struck=struck.get(number, one.struck))
            for number, one in enumerate(ledger.entries, start=1)
        ),
    )
