"""A paid service (有偿服务) of a 三社联动 project: filed, examined, begun; what it earns goes back."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from chassis.kernel.errors import OURS, Malformed, RuleBroken
from chassis.kernel.required import required, required_by

from .contract import Contract
from .course import Status
from .events import Way
from .guide import GuideItem, Nature, Service, allowed, mostly_free
from .resettling import Resettled, carried_by
from .rules import FILED, NATURES, RULES


class PaidStatus(StrEnum):
    FILED = "filed"
    APPROVED = "approved"
    REFUSED = "refused"
    BEGUN = "begun"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidFiled:
    """Again after it was refused, it is another filing of the same item; `approved_as` is what the approved plan of the
    project has it as, None where that doesn't name it."""

    contract: str
    supplier: str
    street: str
    community: str | None = None
    purchaser: str
    service: Service
    approved_as: Nature | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidExamined:
    """By the leading group (审查)."""

    approved: bool
    opinion: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidBegun:
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfitReported:
    """In fen: what came in, what it cost, and what was `put_back` into the project, for what."""

    income: int
    cost: int
    put_back: int
    used_for: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfitCorrected:
    """What a report said, by its place from 1, was wrong: this is right, in fen."""

    number: int
    income: int
    cost: int
    put_back: int
    used_for: str
    reason: str
    at: datetime


PaidEvent = PaidFiled | PaidExamined | PaidBegun | ProfitReported | ProfitCorrected | Resettled


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    contract: str
    supplier: str
    street: str
    community: str | None = None
    successor: str | None = None
    purchaser: str
    service: Service
    approved_as: Nature | None = None
    status: PaidStatus = PaidStatus.FILED
    opinion: str | None = None
    income: int = 0
    cost: int = 0
    put_back: int = 0
    reports: tuple[ProfitReported, ...] = ()
    corrections: tuple[ProfitCorrected, ...] = ()

    @property
    def told(self) -> dict[int, ProfitReported | ProfitCorrected]:
        """Each report by its place, as it was put right last."""
        found: dict[int, ProfitReported | ProfitCorrected] = dict(enumerate(self.reports, start=1))
        return found | {one.number: one for one in self.corrections}

    def examine(self, *, approved: bool, opinion: str, now: datetime) -> PaidExamined:
        self.may_examine()
        required(opinion, "opinion")
        return PaidExamined(approved=approved, opinion=opinion, at=now)

    def begin(self, now: datetime, *, over: bool) -> PaidBegun:
        self.may_begin(over=over)
        return PaidBegun(at=now)

    def report(
        self, *, income: int, cost: int, put_back: int, used_for: str, now: datetime
    ) -> ProfitReported:
        """P-25: all of a profit goes back, and for what is said."""
        self.may_report()
        _put_back(income, cost, put_back, used_for)
        return ProfitReported(
            income=income, cost=cost, put_back=put_back, used_for=used_for, at=now
        )

    def correct(
        self,
        *,
        number: int,
        income: int,
        cost: int,
        put_back: int,
        used_for: str,
        reason: str,
        now: datetime,
    ) -> ProfitCorrected:
        """P-25 (ours): beside what was reported, and held to the same."""
        self.may_correct()
        known = self.told.get(number)
        if known is None:
            detail = f"没有第 {number} 次报告，共 {len(self.reports)} 次。"
            raise RuleBroken(RULES["P-25"], detail, clause=OURS, field="number")
        before = (known.income, known.cost, known.put_back, known.used_for)
        if before == (income, cost, put_back, used_for):
            detail = f"与第 {number} 次报告现有的内容相同。"
            raise RuleBroken(RULES["P-25"], detail, clause=OURS, field="income")
        _put_back(income, cost, put_back, used_for)
        required_by(RULES["P-25"], reason, "reason", "更正须写明理由。", OURS)
        return ProfitCorrected(
            number=number,
            income=income,
            cost=cost,
            put_back=put_back,
            used_for=used_for,
            reason=reason,
            at=now,
        )

    def may_examine(self) -> None:
        self._is(PaidStatus.FILED, "没有待审查的有偿服务。")

    def may_begin(self, *, over: bool) -> None:
        """Until the contract of its project is over."""
        self._is(PaidStatus.APPROVED, "有偿服务备案审查通过后方可开展。")
        if over:
            raise RuleBroken(RULES["P-25"], "合同已经结束，不再开展有偿服务。", clause=FILED)

    def may_report(self) -> None:
        self._is(PaidStatus.BEGUN, "有偿服务尚未开展。")

    def may_correct(self) -> None:
        if not self.reports:
            raise RuleBroken(RULES["P-25"], "尚未报告收支。", clause=OURS)

    def _is(self, status: PaidStatus, detail: str) -> None:
        if self.status is not status:
            raise RuleBroken(RULES["P-25"], detail, clause=FILED)


def _put_back(income: int, cost: int, put_back: int, used_for: str) -> None:
    profit = max(income - cost, 0)
    if put_back != profit:
        detail = f"盈余 {profit} 分应全部用于项目。"
        raise RuleBroken(RULES["P-25"], detail, clause=NATURES, field="put_back")
    if put_back:
        required_by(RULES["P-25"], used_for, "used_for", "须写明盈余的用途。", clause=NATURES)


def file(
    known: Paid | None,
    contract: Contract,
    service: Service,
    guide: Iterable[GuideItem],
    now: datetime,
    *,
    approved: Iterable[Service] = (),
    others: Iterable["Paid"] = (),
) -> PaidFiled:
    """P-25, P-05: an item the guide lets be paid, not above the market, once unless it was refused. With what was
    `approved` for the project, and the `others` that were filed of it since, less is paid than free."""
    if known is not None and known.status is not PaidStatus.REFUSED:
        raise RuleBroken(RULES["P-25"], "该项有偿服务已经备案。", clause=FILED, field="code")
    if contract.way is not Way.LINKAGE or contract.status is Status.ENDED:
        raise RuleBroken(RULES["P-25"], "有偿服务由履行中的三社联动项目备案。", clause=FILED)
    if service.nature is not Nature.PAID:
        raise Malformed("公益服务无须备案。", field="nature")
    allowed(service, next((one for one in guide if one.code == service.code), None))
    natures = {one.code: one.nature for one in approved}
    planned = natures.get(service.code)
    if natures:
        since = (one.service for one in others if one.status is not PaidStatus.REFUSED)
        natures |= {one.code: Nature.PAID for one in (*since, service)}
        mostly_free(natures.values(), "code")
    return PaidFiled(
        contract=contract.id,
        supplier=contract.supplier,
        street=contract.street,
        community=carried_by(contract),
        purchaser=contract.purchaser,
        service=service,
        approved_as=planned,
        at=now,
    )


def evolve(paid: Paid | None, event: PaidEvent) -> Paid:
    if isinstance(event, PaidFiled):
        return Paid(
            contract=event.contract,
            supplier=event.supplier,
            street=event.street,
            community=event.community,
            purchaser=event.purchaser,
            service=event.service,
            approved_as=event.approved_as,
        )
    if paid is None:
        raise ValueError("a paid service begins by being filed")
    match event:
        case PaidExamined():
            after = PaidStatus.APPROVED if event.approved else PaidStatus.REFUSED
            return replace(paid, status=after, opinion=event.opinion)
        case PaidBegun():
            return replace(paid, status=PaidStatus.BEGUN)
        case ProfitReported():
            return replace(
                paid,
                income=paid.income + event.income,
                cost=paid.cost + event.cost,
                put_back=paid.put_back + event.put_back,
                reports=(*paid.reports, event),
            )
        case ProfitCorrected():
            before = paid.told[event.number]
            return replace(
                paid,
                income=paid.income - before.income + event.income,
                cost=paid.cost - before.cost + event.cost,
                put_back=paid.put_back - before.put_back + event.put_back,
                corrections=(*paid.corrections, event),
            )
        case Resettled():
            return replace(paid, successor=event.community)
        case _:
            assert_never(event)
