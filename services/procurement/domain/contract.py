"""A contract (合同): signed with a supplier who may bid, evaluated in three stages, ended.

Decisions read the state and return what now happens, or refuse. `evolve` is the only place where
state changes, so nothing can change unannounced.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import assert_never

from chassis.kernel.clock import WorkTime, due_after, local_date
from chassis.kernel.errors import Malformed, RuleBroken

from .eligibility import Standing
from .evaluation import STAGES, Band, Evaluation, Parts, Stage
from .payment import TIME_TO_PAY, Instalment, Payment, plan
from .policy import ProcurementPolicy
from .rules import RULES

INTERESTED = frozenset({"supplier", "street", "community"})
"""Kinds of subject that have an interest in every contract they can see."""


class Status(StrEnum):
    SIGNED = "signed"
    ENDED = "ended"


class Why(StrEnum):
    """Why a contract ended."""

    TERMINATED = "terminated"
    UNQUALIFIED = "unqualified"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractSigned:
    contract: str
    supplier: str
    project: str
    title: str
    year: int
    street: str
    community: str | None = None
    amount: int
    purchaser: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectEvaluated:
    stage: Stage
    parts: Parts
    points: int
    band: Band
    policy: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractEnded:
    why: Why
    reason: str | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a contract has to state (P-30); how it is paid is P-14's. `until` is its last day."""

    scope: str
    object: str
    quantity: str
    quality: str
    until: date
    duties: str
    liability: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractFiled:
    terms: Terms
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PerformanceAccepted:
    """An acceptance was held; not `passed`, it is held again once things are put right."""

    passed: bool
    findings: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentReleased:
    instalment: Instalment
    amount: int
    due: datetime
    at: datetime


ContractEvent = (
    ContractSigned
    | ContractFiled
    | ProjectEvaluated
    | PerformanceAccepted
    | PaymentReleased
    | ContractEnded
)


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
    payments: tuple[Payment, ...] = ()
    ended_why: Why | None = None
    ended_reason: str | None = None
    ended_at: datetime | None = None

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
    ) -> tuple[ContractEvent, ...]:
        """P-07: a final evaluation below qualified ends the contract in the same decision."""
        self.independent(by)
        self.may_evaluate()
        self._in_turn(stage)
        number, numbers = policy
        parts.fit(numbers.parts)
        band = numbers.bands.of(parts.total)
        evaluated = ProjectEvaluated(
            stage=stage, parts=parts, points=parts.total, band=band, policy=number, at=now
        )
        if stage is Stage.FINAL and band is Band.UNQUALIFIED:
            return evaluated, ContractEnded(why=Why.UNQUALIFIED, at=now)
        return (evaluated,)

    def terminate(self, *, reason: str, now: datetime) -> ContractEnded:
        self.may_terminate()
        _said(reason, "reason")
        return ContractEnded(why=Why.TERMINATED, reason=reason, at=now)

    def file(self, *, terms: Terms, now: datetime) -> ContractFiled:
        """P-30: with finance (合同备案), every part stated."""
        self.may_file()
        if terms.until < local_date(self.signed_at):
            raise RuleBroken(RULES["P-30"], "合同期限不得早于签订之日。", field="until")
        return ContractFiled(terms=terms, at=now)

    def accept(self, *, by: str, passed: bool, findings: str, now: datetime) -> PerformanceAccepted:
        """P-31: the purchaser, against the contract's standards (履约验收)."""
        self.may_accept(by)
        _said(findings, "findings")
        return PerformanceAccepted(passed=passed, findings=findings, at=now)

    def pay(self, *, instalment: Instalment, now: datetime, work: WorkTime) -> PaymentReleased:
        """P-14: once, the planned amount, once its condition is met."""
        self.may_pay()
        if any(paid.instalment is instalment for paid in self.payments):
            raise RuleBroken(RULES["P-14"], "该笔款项已经拨付。", field="instalment")
        met = self._met(instalment)
        if met is None:
            raise RuleBroken(RULES["P-14"], "该笔款项的拨付条件尚未具备。", field="instalment")
        if instalment is Instalment.FINAL and self.accepted_at is None:
            raise RuleBroken(RULES["P-31"], "履约验收合格前不得拨付尾款。", field="instalment")
        due, _ = due_after(TIME_TO_PAY, met, work)
        amount = plan(self.amount)[instalment]
        return PaymentReleased(instalment=instalment, amount=amount, due=due, at=now)

    def may_file(self) -> None:
        self._goes_on("P-30")
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

    def may_pay(self) -> None:
        """While it goes on, filed, and something is left whose condition is met."""
        self._goes_on("P-14")
        if self.filed_at is None:
            raise RuleBroken(RULES["P-30"], "合同未报财政部门备案，不得拨付。")
        paid = {payment.instalment for payment in self.payments}
        waiting = [
            instalment
            for instalment in Instalment
            if instalment not in paid and self._met(instalment) is not None
        ]
        if not waiting:
            raise RuleBroken(RULES["P-14"], "没有已具备拨付条件的款项。")
        if waiting == [Instalment.FINAL] and self.accepted_at is None:
            raise RuleBroken(RULES["P-31"], "履约验收合格前不得拨付尾款。")

    def _met(self, instalment: Instalment) -> datetime | None:
        """Since when its time to be paid runs; None while its condition isn't met.

        An acceptance that takes long doesn't lengthen the time: it runs from the evaluation.
        """
        if instalment is Instalment.FIRST:
            return self.signed_at
        stage = Stage.MID if instalment is Instalment.MID else Stage.FINAL
        for given in self.evaluations:
            if given.stage is stage and given.band is not Band.UNQUALIFIED:
                return given.at
        return None

    def _goes_on(self, rule: str) -> None:
        if self.status is Status.ENDED:
            raise RuleBroken(RULES[rule], "合同已经结束，其余事项依协议处理。")

    def independent(self, by: str) -> None:
        """P-11: who buys, delivers or benefits doesn't judge (利益无关者)."""
        if by == self.purchaser or by.partition(":")[0] in INTERESTED:
            raise RuleBroken(RULES["P-11"], f"{by} 与该项目有利益关系，不得评估。")

    def may_terminate(self) -> None:
        if self.status is Status.ENDED:
            raise RuleBroken(RULES["P-07"], "合同已经结束。")

    def may_evaluate(self) -> None:
        """While it runs and a stage is left."""
        self.may_terminate()
        if self.next_stage is None:
            raise RuleBroken(RULES["P-16"], "各阶段均已评估。")

    def _in_turn(self, stage: Stage) -> None:
        expected = self.next_stage
        if stage is not expected:
            detail = f"评估依次进行，下一次应为 {expected}。"
            raise RuleBroken(RULES["P-16"], detail, field="stage")


def sign(signed: ContractSigned, standing: Standing) -> ContractSigned:
    """P-07: not with a supplier who may not bid for this project in this year."""
    _said(signed.title, "title")
    if signed.amount <= 0:
        raise Malformed("合同金额为正整数，单位为分。", field="amount")
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
            return replace(contract, payments=(*contract.payments, paid))
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


def _said(text: str, field: str) -> None:
    if not text.strip():
        raise Malformed(f"请写明 {field}。", field=field)
