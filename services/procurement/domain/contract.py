"""A contract (合同): filed, evaluated in three stages, accepted, paid in three parts, ended.

Decisions read the state and return what now happens, or refuse.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from chassis.kernel.clock import WorkTime, end_of, is_past, local_date, reproject, start
from chassis.kernel.errors import RuleBroken
from chassis.kernel.said import said

from .evaluation import STAGES, Band, Evaluation, Findings, Stage
from .events import (
    ContractEnded,
    ContractEvent,
    ContractFiled,
    PaymentMissed,
    PaymentOpened,
    PaymentReleased,
    PaymentRenewed,
    PerformanceAccepted,
    ProjectEvaluated,
    RenewalAgreed,
    SchemeAnswered,
    SchemeShown,
    Terms,
    Way,
    Why,
)
from .expert import Expert
from .panel import Panel, PanelListed, list_up
from .payment import TIME_TO_PAY, Claim, Instalment, Payment, plan
from .policy import ProcurementPolicy
from .rules import RULES
from .scheme import Indicator, Scheme, drawn_up

MOST_YEARS = 3
"""The first and two more (官社建办通〔2018〕15号 二.5.6)."""

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
    way: Way
    turn: int
    plan: str | None = None
    item: str | None = None
    signed_at: datetime
    filed_at: datetime | None = None
    terms: Terms | None = None
    scheme: Scheme | None = None
    panel: Panel | None = None
    agreed_at: datetime | None = None
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
        findings: Findings,
        policy: tuple[int, ProcurementPolicy],
        now: datetime,
        work: WorkTime,
    ) -> tuple[ContractEvent, ...]:
        """P-07: a final evaluation below qualified ends the contract in the same decision."""
        self.independent(by)
        self.may_evaluate(by)
        stage = findings.stage
        self._in_turn(stage)
        evaluated = self._judged(findings, by, policy, now)
        band = evaluated.band
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
        signed_on = local_date(self.signed_at)
        if terms.until < signed_on:
            raise RuleBroken(RULES["P-30"], "合同期限不得早于签订之日。", field="until")
        if self.way is Way.LINKAGE and terms.until > _a_year_after(signed_on):
            raise RuleBroken(
                RULES["P-13"], "三社联动项目合同逐年签订，期限不超过一年。", field="until"
            )
        first = _opened(Instalment.FIRST, self.signed_at, work)
        return ContractFiled(terms=terms, at=now), first

    def show_scheme(
        self,
        *,
        by: str,
        indicators: tuple[Indicator, ...],
        policy: tuple[int, ProcurementPolicy],
        now: datetime,
    ) -> SchemeShown:
        """P-20: to the supplier, by who evaluates; each change is a further version."""
        self.independent(by)
        self.may_show_scheme(by)
        number = self.scheme.number + 1 if self.scheme else 1
        return SchemeShown(scheme=drawn_up(number, indicators, policy, now))

    def answer_scheme(self, *, accepted: bool, comment: str, now: datetime) -> SchemeAnswered:
        """P-20: the supplier accepts it, or says what is wrong with it."""
        self.may_answer_scheme()
        if not accepted:
            said(comment, "comment")
        return SchemeAnswered(accepted=accepted, comment=comment, at=now)

    def agree(self, *, now: datetime) -> RenewalAgreed:
        """P-13: the supplier, to another year."""
        self.may_agree()
        return RenewalAgreed(at=now)

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
        """When the next instalment is late, or all is paid and the term is over; None where neither comes."""
        if self._settled and self.terms is not None:
            return end_of(self.terms.until)
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

    def come_due(self, *, now: datetime) -> tuple[ContractEvent, ...]:
        """What time alone brings: a late instalment, or the end of a term of which all is paid."""
        due = self.next_due
        if self._settled and due is not None and now >= due:
            return (ContractEnded(why=Why.EXPIRED, at=now),)
        return self.miss(now=now)

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

    def may_show_scheme(self, by: str) -> None:
        """Until the mid-term evaluation has used it."""
        self._goes_on("P-20")
        self.seated().sits(by)
        if len(self.evaluations) >= STAGES.index(Stage.FINAL):
            raise RuleBroken(RULES["P-20"], "中期评估之后不得更换评估方案。")

    def may_answer_scheme(self) -> None:
        self._goes_on("P-20")
        if self.scheme is None or self.scheme.comment is not None:
            raise RuleBroken(RULES["P-20"], "没有待承接方答复的评估方案。")

    def may_agree(self) -> None:
        """Qualified or better, for at most two more years."""
        if self.way is not Way.LINKAGE:
            raise RuleBroken(RULES["P-13"], "三社联动项目方可续签。")
        final = self.evaluations[-1] if self.next_stage is None else None
        if final is None or final.band is Band.UNQUALIFIED or self.ended_why is Why.TERMINATED:
            raise RuleBroken(RULES["P-13"], "末期评估合格且未提前终止的合同方可续签。")
        if self.turn >= MOST_YEARS:
            raise RuleBroken(RULES["P-13"], "续签至多两年。")
        if self.agreed_at is not None:
            raise RuleBroken(RULES["P-13"], "承接方已经同意续签。")

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

    def _judged(
        self, findings: Findings, by: str, policy: tuple[int, ProcurementPolicy], now: datetime
    ) -> ProjectEvaluated:
        """Before the project by its parts, later by each indicator of the scheme and under its bands."""
        number, numbers = policy
        bands = numbers.bands
        if self.evaluations and self.scheme is not None:
            parts = self.scheme.score(findings.scored())
            number, bands = self.scheme.policy, self.scheme.bands
        else:
            parts = findings.in_parts()
            parts.fit(numbers.parts)
        return ProjectEvaluated(
            stage=findings.stage,
            parts=parts,
            points=parts.total,
            band=bands.of(parts.total),
            policy=number,
            by=by,
            scores=findings.scores,
            focus_groups=findings.focus_groups,
            at=now,
        )

    @property
    def _settled(self) -> bool:
        """The last instalment is paid and no other can be any more."""
        paid = any(one.instalment is Instalment.FINAL for one in self.payments)
        return self.status is Status.SIGNED and paid and not self.claims

    def _goes_on(self, rule: str) -> None:
        if self.status is Status.ENDED:
            raise RuleBroken(RULES[rule], "合同已经结束，其余事项依协议处理。")

    def list_panel(
        self, experts: Iterable[Expert], *, by: str, size: int, now: datetime
    ) -> PanelListed:
        """P-11: without who works for its purchaser, its supplier or where it is delivered."""
        self.may_list_panel()
        office = self.purchaser.rpartition(":")[2]
        interested = [office, self.supplier, self.street, self.community or self.street]
        recused = self.panel.recused if self.panel else ()
        return list_up(experts, interested, recused, by=by, size=size, now=now)

    def seated(self) -> Panel:
        """P-11: the panel there is to draw, to step back from, or to evaluate with."""
        self._goes_on("P-11")
        if self.panel is None:
            raise RuleBroken(RULES["P-11"], "评估组尚未编制名单。")
        return self.panel

    def may_list_panel(self) -> None:
        """Until it is drawn, and again once it has too few."""
        self._goes_on("P-11")
        if self.panel is not None and self.panel.complete:
            raise RuleBroken(RULES["P-11"], "评估组已经抽取。")

    def independent(self, by: str) -> None:
        """P-11: who buys, supervises, delivers or benefits doesn't judge (利益无关者).

        A supervising party is bought like any other and acts as a supplier.
        """
        if by == self.purchaser or by.partition(":")[0] in INTERESTED:
            raise RuleBroken(RULES["P-11"], f"{by} 与该项目有利益关系，不得评估。")

    def may_terminate(self) -> None:
        self._goes_on("P-13")

    def may_evaluate(self, by: str) -> None:
        """While it runs and a stage is left, by who was drawn for it."""
        self._goes_on("P-16")
        self.seated().sits(by)
        if self.next_stage is None:
            raise RuleBroken(RULES["P-16"], "各阶段均已评估。")
        if self.evaluations and (self.scheme is None or self.scheme.accepted_at is None):
            raise RuleBroken(RULES["P-20"], "评估方案经承接方认可后方可开展中期和末期评估。")

    def _in_turn(self, stage: Stage) -> None:
        expected = self.next_stage
        if stage is not expected:
            detail = f"评估依次进行，下一次应为 {expected}。"
            raise RuleBroken(RULES["P-16"], detail, field="stage")


def _a_year_after(day: date) -> date:
    """29 February's is 1 March."""
    if (day.month, day.day) == (2, 29):
        return date(day.year + 1, 3, 1)
    return day.replace(year=day.year + 1)


def _opened(instalment: Instalment, since: datetime, work: WorkTime) -> PaymentOpened:
    return PaymentOpened(instalment=instalment, clock=start(TIME_TO_PAY, since, work))
