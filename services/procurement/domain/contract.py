"""A contract (合同): signed with a supplier who may bid, evaluated in three stages, ended.

Decisions read the state and return what now happens, or refuse. `evolve` is the only place where
state changes, so nothing can change unannounced.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, assert_never

from chassis.kernel.clock import WorkTime, is_past, local_date, reproject, start
from chassis.kernel.errors import Malformed, RuleBroken
from chassis.kernel.said import said

from .eligibility import Standing
from .evaluation import STAGES, Band, Evaluation, Parts, Stage
from .events import (
    ContractEnded,
    ContractEvent,
    ContractFiled,
    ContractSigned,
    PaymentMissed,
    PaymentOpened,
    PaymentReleased,
    PaymentRenewed,
    PerformanceAccepted,
    ProjectEvaluated,
    Terms,
    Why,
)
from .payment import TIME_TO_PAY, Claim, Instalment, Payment, plan
from .policy import ProcurementPolicy
from .rules import RULES

INTERESTED = frozenset({"supplier", "street", "community"})
"""Kinds of subject that have an interest in every contract they can see."""


class Status(StrEnum):
    SIGNED = "signed"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """One contract: `year` is the bid year, `amount` is in fen, `purchaser` the office that signed."""

    id: str
    status: Status
    supplier: str
    project: str
    title: str
    year: int
    street: str
    community: str | None = None
    amount: int
    purchaser: str
    signed_at: datetime
    filed_at: datetime | None = None
    terms: Terms | None = None
    evaluations: tuple[Evaluation, ...] = ()
    accepted_at: datetime | None = None
    claims: tuple[Claim, ...] = ()
    payments: tuple[Payment, ...] = ()
    ended_why: Why | None = None
    ended_reason: str | None = None
    ended_at: datetime | None = None

    @property
    def units(self) -> tuple[str, ...]:
        """The department that bought, where one did."""
        kind, _, code = self.purchaser.partition(":")
        return (code,) if kind == "department" else ()

    @property
    def next_stage(self) -> Stage | None:
        done = len(self.evaluations)
        return STAGES[done] if done < len(STAGES) else None

    def evaluate(
        self,
        *,
        by: str,
        stage: Stage,
        parts: Parts,
        policy: tuple[int, ProcurementPolicy],
        now: datetime,
        work: WorkTime,
    ) -> tuple[ContractEvent, ...]:
        """P-07: a final evaluation below qualified ends the contract in the same decision."""
        self.independent(by)
        self.may_evaluate()
        self._in_turn(stage)
        number, numbers = policy
        parts.fit(numbers.parts)
        band = numbers.bands.of(parts.total)
        evaluated = ProjectEvaluated(
            stage=stage, parts=parts, points=parts.total, band=band, policy=number, by=by, at=now
        )
        if stage is Stage.FINAL and band is Band.UNQUALIFIED:
            return *self.miss(now=now), evaluated, ContractEnded(why=Why.UNQUALIFIED, at=now)
        if stage is Stage.BEFORE or band is Band.UNQUALIFIED:
            return (evaluated,)
        instalment = Instalment.MID if stage is Stage.MID else Instalment.FINAL
        return evaluated, _opened(instalment, now, work)

    def terminate(self, *, reason: str, now: datetime) -> tuple[ContractEvent, ...]:
        self.may_terminate()
        said(reason, "reason")
        return *self.miss(now=now), ContractEnded(why=Why.TERMINATED, reason=reason, at=now)

    def file(
        self, *, by: str, terms: Terms, now: datetime, work: WorkTime
    ) -> tuple[ContractFiled, PaymentOpened]:
        """P-30: with finance (合同备案), by who signed, every part stated. The time to pay runs from the
        signing (P-14)."""
        self.may_file(by)
        terms.stated()
        if terms.until < local_date(self.signed_at):
            raise RuleBroken(RULES["P-30"], "合同期限不得早于签订之日。", field="until")
        first = _opened(Instalment.FIRST, self.signed_at, work)
        return ContractFiled(terms=terms, at=now), first

    def accept(self, *, by: str, passed: bool, findings: str, now: datetime) -> PerformanceAccepted:
        """P-31: the purchaser, against the contract's standards (履约验收)."""
        self.may_accept(by)
        said(findings, "findings")
        return PerformanceAccepted(passed=passed, findings=findings, at=now)

    def pay(self, *, by: str, instalment: Instalment, now: datetime) -> tuple[ContractEvent, ...]:
        """P-14: once, the planned amount, once its condition is met. What is late by now is found first,
        whether or not the timer came by."""
        self.may_pay(by)
        claim = next((one for one in self.claims if one.instalment is instalment), None)
        if claim is None:
            paid = any(one.instalment is instalment for one in self.payments)
            detail = "该笔款项已经拨付。" if paid else "该笔款项的拨付条件尚未具备。"
            raise RuleBroken(RULES["P-14"], detail, field="instalment")
        if instalment is Instalment.FINAL and self.accepted_at is None:
            raise RuleBroken(RULES["P-31"], "履约验收合格前不得拨付尾款。", field="instalment")
        amount = plan(self.amount)[instalment]
        due = claim.clock.due
        released = PaymentReleased(instalment=instalment, amount=amount, due=due, at=now)
        return *self.miss(now=now), released

    @property
    def next_due(self) -> datetime | None:
        """When the next instalment is late; None once none can be."""
        return min((claim.clock.due for claim in self._running()), default=None)

    @property
    def overdue(self) -> bool:
        """An instalment is late and hasn't been paid; what is owed after the end is the agreement's."""
        return self.status is Status.SIGNED and any(claim.missed for claim in self.claims)

    def miss(self, *, now: datetime) -> tuple[PaymentMissed, ...]:
        """P-14: whatever is late by now and wasn't told."""
        return tuple(
            PaymentMissed(instalment=claim.instalment, due=claim.clock.due, at=now)
            for claim in self._running()
            if is_past(claim.clock, now)
        )

    def renew_calendar(self, work: WorkTime, now: datetime) -> tuple[PaymentRenewed, ...]:
        """P-14: under what is known now of the working days, if no less; time that has run out stays so."""
        return tuple(
            PaymentRenewed(instalment=claim.instalment, clock=again)
            for claim in self._running()
            if (again := reproject(claim.clock, work)) != claim.clock
            and not is_past(claim.clock, now)
            and (claim.clock.provisional or not again.provisional)
        )

    def may_file(self, by: str) -> None:
        self._goes_on("P-30")
        if by != self.purchaser:
            raise RuleBroken(RULES["P-30"], "合同由签订该合同的购买方备案。")
        if self.filed_at is not None:
            raise RuleBroken(RULES["P-30"], "合同已经备案。")

    def may_accept(self, by: str) -> None:
        """Once the final evaluation is given, by the office that bought."""
        self._goes_on("P-31")
        if by != self.purchaser:
            raise RuleBroken(RULES["P-31"], "履约验收由该合同的购买方组织。")
        if self.filed_at is None or self.next_stage is not None:
            raise RuleBroken(RULES["P-31"], "合同备案并完成末期评估后方可履约验收。")
        if self.accepted_at is not None:
            raise RuleBroken(RULES["P-31"], "履约验收已经合格。")

    def may_pay(self, by: str) -> None:
        """While it goes on, filed, something is left whose condition is met, and not by who bought."""
        self._goes_on("P-14")
        if by == self.purchaser:
            raise RuleBroken(RULES["P-31"], "验收与拨付分设，购买方不得自行拨付。")
        if self.filed_at is None:
            raise RuleBroken(RULES["P-30"], "合同未报财政部门备案，不得拨付。")
        waiting = [claim.instalment for claim in self.claims]
        if not waiting:
            raise RuleBroken(RULES["P-14"], "没有已具备拨付条件的款项。")
        if waiting == [Instalment.FINAL] and self.accepted_at is None:
            raise RuleBroken(RULES["P-31"], "履约验收合格前不得拨付尾款。")

    def _running(self) -> tuple[Claim, ...]:
        if self.status is Status.ENDED:
            return ()
        return tuple(claim for claim in self.claims if not claim.missed)

    def _goes_on(self, rule: str) -> None:
        if self.status is Status.ENDED:
            raise RuleBroken(RULES[rule], "合同已经结束，其余事项依协议处理。")

    def independent(self, by: str) -> None:
        """P-11: who buys, supervises, delivers or benefits doesn't judge (利益无关者).

        A supervising party is bought like any other and acts as a supplier.
        """
        if by == self.purchaser or by.partition(":")[0] in INTERESTED:
            raise RuleBroken(RULES["P-11"], f"{by} 与该项目有利益关系，不得评估。")

    def may_terminate(self) -> None:
        self._goes_on("P-13")

    def may_evaluate(self) -> None:
        """While it runs and a stage is left."""
        self._goes_on("P-16")
        if self.next_stage is None:
            raise RuleBroken(RULES["P-16"], "各阶段均已评估。")

    def _in_turn(self, stage: Stage) -> None:
        expected = self.next_stage
        if stage is not expected:
            detail = f"评估依次进行，下一次应为 {expected}。"
            raise RuleBroken(RULES["P-16"], detail, field="stage")


def sign(signed: ContractSigned, standing: Standing) -> ContractSigned:
    """P-07: not with a supplier who may not bid for this project in this year."""
    said(signed.title, "title")
    if signed.purchaser.partition(":")[0] == "community":
        raise RuleBroken(RULES["P-28"], "社区不是购买主体，只能受托实施。")
    if min(plan(signed.amount).values()) <= 0:
        raise Malformed("合同金额以分为单位，每次拨付至少一分。", field="amount")
    if not standing.may_bid:
        blocking = standing.reasons[0]
        raise RuleBroken(
            RULES[blocking.rule],
            f"供应方 {signed.supplier} 在 {signed.year} 年度不得承接项目 {signed.project}："
            f"{blocking.text}",
            clause=blocking.clause,
            field="supplier",
        )
    return signed


def evolve(contract: Contract | None, event: ContractEvent) -> Contract:
    if isinstance(event, ContractSigned):
        return _signed(event)
    if contract is None:
        raise ValueError("a contract begins by being signed")
    match event:
        case ProjectEvaluated():
            given = Evaluation(
                stage=event.stage,
                parts=event.parts,
                points=event.points,
                band=event.band,
                policy=event.policy,
                by=event.by,
                at=event.at,
            )
            return replace(contract, evaluations=(*contract.evaluations, given))
        case ContractFiled():
            return replace(contract, filed_at=event.at, terms=event.terms)
        case PerformanceAccepted():
            return replace(contract, accepted_at=event.at) if event.passed else contract
        case PaymentReleased():
            paid = Payment(
                instalment=event.instalment, amount=event.amount, due=event.due, at=event.at
            )
            left = tuple(one for one in contract.claims if one.instalment is not event.instalment)
            return replace(contract, claims=left, payments=(*contract.payments, paid))
        case PaymentOpened():
            claim = Claim(instalment=event.instalment, clock=event.clock)
            return replace(contract, claims=(*contract.claims, claim))
        case PaymentMissed():
            return _with_claim(contract, event.instalment, missed=True)
        case PaymentRenewed():
            return _with_claim(contract, event.instalment, clock=event.clock)
        case ContractEnded():
            return replace(
                contract,
                status=Status.ENDED,
                ended_why=event.why,
                ended_reason=event.reason,
                ended_at=event.at,
            )
        case _:
            assert_never(event)


def _signed(event: ContractSigned) -> Contract:
    return Contract(
        id=event.contract,
        status=Status.SIGNED,
        supplier=event.supplier,
        project=event.project,
        title=event.title,
        year=event.year,
        street=event.street,
        community=event.community,
        amount=event.amount,
        purchaser=event.purchaser,
        signed_at=event.at,
    )


def _with_claim(contract: Contract, instalment: Instalment, **changed: Any) -> Contract:
    claims = tuple(
        replace(claim, **changed) if claim.instalment is instalment else claim
        for claim in contract.claims
    )
    return replace(contract, claims=claims)


def _opened(instalment: Instalment, since: datetime, work: WorkTime) -> PaymentOpened:
    return PaymentOpened(instalment=instalment, clock=start(TIME_TO_PAY, since, work))
