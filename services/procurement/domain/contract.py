"""A contract (合同): signed with a supplier who may bid, evaluated in three stages, ended.

Decisions read the state and return what now happens, or refuse. `evolve` is the only place where
state changes, so nothing can change unannounced.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from chassis.kernel.errors import Malformed, RuleBroken

from .eligibility import Standing
from .evaluation import STAGES, Band, Evaluation, Parts, Stage
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


ContractEvent = ContractSigned | ProjectEvaluated | ContractEnded


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
    evaluations: tuple[Evaluation, ...] = ()
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
