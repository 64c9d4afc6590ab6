"""How a contract stands: what it holds, and which step is open to whom."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from chassis.kernel.clock import end_of, local_date
from chassis.kernel.errors import OURS, RuleBroken
from chassis.kernel.offices import one_office
from chassis.vocabulary import word_of
from services.procurement.vocabulary import WORDS

from .evaluation import STAGES, Band, Evaluation, Stage, sampled
from .events import (
    Assessor,
    Corrected,
    CorrectionAsked,
    EndGround,
    Money,
    SecondScored,
    SelfAssessed,
    Terms,
    Way,
    Why,
)
from .panel import Panel
from .passing import Passing
from .payment import Claim, Instalment, Payment
from .purchaser import acts_for
from .rules import (
    ACCEPTANCE,
    AGREEMENT,
    CONCLUDED,
    EVALUATION,
    INSTALMENTS,
    RULES,
    SCHEME,
    SUBCONTRACTING,
    UNQUALIFIED,
)
from .scheme import Scheme
from .standing import Lost

MOST_YEARS = 3
"""The first and two more (官社建办通〔2018〕15号 二.5.6)."""

THREE_STAGES_FROM = date(2019, 5, 28)
"""What was signed before keeps mid-term and final (官社建办通〔2018〕15号 三（三）; that it keeps them is ours)."""

LOST_BY = {Why.UNQUALIFIED: "P-07", Why.SUBCONTRACTED: "P-13"}

INTERESTED = frozenset({"supplier", "street", "community"})
"""Kinds of subject that have an interest in every contract they can see."""


class Status(StrEnum):
    SIGNED = "signed"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One contract: `year` is the bid year, `amount` is in fen, `purchaser` the office that signed."""

    id: str
    status: Status
    supplier: str
    project: str
    title: str
    year: int
    street: str
    community: str | None = None
    successor: str | None = None
    """What its community was merged into since."""
    orphaned: bool = False
    """Its community ended, and none goes on with it."""
    amount: int
    purchaser: str
    way: Way
    money: Money = Money.PURCHASE
    outside: str = ""
    """What a residents' committee does beyond its lists."""
    workers: int = 0
    """A pilot's professional social workers."""
    paid_before: int = 0
    """In fen, of its item, under contracts that ended early."""
    trade: str = ""
    """Its number at the city's public resource trading centre."""
    turn: int
    plan: str | None = None
    item: str | None = None
    signed_at: datetime
    filed_at: datetime | None = None
    terms: Terms | None = None
    correction: CorrectionAsked | None = None
    corrected: tuple[Corrected, ...] = ()
    scheme: Scheme | None = None
    panel: Panel | None = None
    agreed_at: datetime | None = None
    assessed: tuple[SelfAssessed, ...] = ()
    evaluations: tuple[Evaluation, ...] = ()
    seconds: tuple[SecondScored, ...] = ()
    accepted_at: datetime | None = None
    claims: tuple[Claim, ...] = ()
    payments: tuple[Payment, ...] = ()
    passing: Passing | None = None
    ended_why: Why | None = None
    ended_ground: EndGround | None = None
    ended_reason: str | None = None
    ended_at: datetime | None = None

    @property
    def units(self) -> tuple[str, ...]:
        """The department that bought, where one did."""
        kind, _, code = self.purchaser.partition(":")
        return (code,) if kind == "department" else ()

    @property
    def paid_of_item(self) -> int:
        """In fen: under this contract, and those in whose place it was signed."""
        return self.paid_before + sum(one.amount for one in self.payments)

    @property
    def ended_early(self) -> bool:
        return self.ended_why not in (None, Why.EXPIRED)

    @property
    def lost(self) -> Lost | None:
        """Where it ended by its supplier's fault, as it was found and settled here."""
        rule = LOST_BY.get(self.ended_why) if self.ended_why else None
        return Lost(contract=self.id, rule=rule) if rule else None

    @property
    def next_stage(self) -> Stage | None:
        stages = STAGES if local_date(self.signed_at) >= THREE_STAGES_FROM else STAGES[1:]
        done = len(self.evaluations)
        return stages[done] if done < len(stages) else None

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

    def may_file(self, by: str) -> None:
        self._goes_on("P-30")
        if by != self.purchaser:
            raise RuleBroken(RULES["P-30"], "合同由签订该合同的购买方备案。")
        if self.filed_at is not None:
            raise RuleBroken(RULES["P-30"], "合同已经备案。")

    @property
    def until(self) -> date | None:
        """The last day of its term, or of a shorter one that is still to be confirmed; None before it is said."""
        said = (one.terms for one in (self, self.correction) if one is not None)
        return min((terms.until for terms in said if terms is not None), default=None)

    def may_correct(self, by: str) -> None:
        """P-30 (ours): by who signed it; asked again, it takes the place of what was asked before."""
        self._goes_on("P-30")
        if by != self.purchaser:
            raise RuleBroken(RULES["P-30"], "合同由签订该合同的购买方更正。", clause=OURS)

    def may_answer_correction(self) -> None:
        self._goes_on("P-30")
        if self.correction is None:
            raise RuleBroken(RULES["P-30"], "没有待承接方确认的更正。", clause=OURS)

    def may_be_supervised(self, now: datetime) -> None:
        """While there is anything left to deliver: neither accepted, nor after its term (ours)."""
        self._goes_on("P-15")
        if self.accepted_at is not None:
            raise RuleBroken(RULES["P-15"], "履约验收已经合格，不再委托督导。", clause=OURS)
        if self.terms is not None and now >= end_of(self.terms.until):
            detail = f"合同期限已于 {self.terms.until} 届满，不再委托督导。"
            raise RuleBroken(RULES["P-15"], detail, clause=OURS)

    def may_show_scheme(self, by: str) -> None:
        """Until the mid-term evaluation has used it."""
        self._goes_on("P-20")
        self.seated().sits(by)
        if self.next_stage in (None, Stage.FINAL):
            raise RuleBroken(RULES["P-20"], "中期评估之后不得更换评估方案。", clause=OURS)

    def may_answer_scheme(self) -> None:
        self._goes_on("P-20")
        if self.scheme is None or self.scheme.comment is not None:
            raise RuleBroken(RULES["P-20"], "没有待承接方答复的评估方案。", clause=SCHEME)

    def may_agree(self) -> None:
        """Qualified or better, for at most two more years."""
        if self.way is not Way.LINKAGE:
            raise RuleBroken(RULES["P-13"], "三社联动项目方可续签。", clause=UNQUALIFIED)
        final = self.evaluations[-1] if self.next_stage is None else None
        if final is None or final.band is Band.UNQUALIFIED or self.ended_early:
            raise RuleBroken(
                RULES["P-13"], "末期评估合格且未提前终止的合同方可续签。", clause=UNQUALIFIED
            )
        if self.turn >= MOST_YEARS:
            raise RuleBroken(RULES["P-13"], "续签至多两年。", clause=UNQUALIFIED)
        if self.agreed_at is not None:
            raise RuleBroken(RULES["P-13"], "承接方已经同意续签。", clause=UNQUALIFIED)

    def may_accept(self, by: str) -> None:
        """Once the final evaluation is given, by the office that bought."""
        self._goes_on("P-31")
        if by != self.purchaser:
            raise RuleBroken(RULES["P-31"], "履约验收由该合同的购买方组织。", clause=ACCEPTANCE)
        if self.filed_at is None or self.next_stage is not None:
            raise RuleBroken(RULES["P-31"], "合同备案并完成末期评估后方可履约验收。", clause=OURS)
        if self.accepted_at is not None:
            raise RuleBroken(RULES["P-31"], "履约验收已经合格。", clause=ACCEPTANCE)

    @property
    def paid_under(self) -> str:
        """Which clause has it paid in three parts: of other ways of buying none does (ours)."""
        return INSTALMENTS if self.way is Way.LINKAGE else OURS

    def may_pay(self, by: str) -> None:
        """While it goes on, filed, something is left whose condition is met, and not by who bought."""
        self._goes_on("P-14")
        if one_office(by, self.purchaser):
            raise RuleBroken(RULES["P-31"], "验收与拨付分设，购买方不得自行拨付。", clause=OURS)
        if self.filed_at is None:
            raise RuleBroken(RULES["P-30"], "合同未报财政部门备案，不得拨付。")
        if self.passing is not None and self.passing.open:
            raise _passed("转包认定复核之前不得拨付。", OURS)
        waiting = [claim.instalment for claim in self.claims]
        if not waiting:
            raise RuleBroken(RULES["P-14"], "没有已具备拨付条件的款项。", clause=self.paid_under)
        if waiting == [Instalment.FINAL] and self.accepted_at is None:
            raise RuleBroken(RULES["P-31"], "履约验收合格前不得拨付尾款。", clause=ACCEPTANCE)

    def _running(self) -> tuple[Claim, ...]:
        """None while who pays may not (P-30, P-13)."""
        if self.status is Status.ENDED or self.kept_back:
            return ()
        return tuple(claim for claim in self.claims if not claim.missed)

    @property
    def kept_back(self) -> bool:
        """Nothing may be paid before it is filed, nor while it is found to be passed on."""
        return self.filed_at is None or (self.passing is not None and self.passing.open)

    @property
    def _settled(self) -> bool:
        """The last instalment is paid and no other can be any more."""
        paid = any(one.instalment is Instalment.FINAL for one in self.payments)
        return self.status is Status.SIGNED and paid and not self.claims

    def _goes_on(self, rule: str) -> None:
        if self.status is Status.ENDED:
            raise RuleBroken(RULES[rule], "合同已经结束，其余事项依协议处理。", clause=OURS)

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
        if one_office(by, self.purchaser) or by.partition(":")[0] in INTERESTED:
            raise RuleBroken(RULES["P-11"], "与该项目有利益关系的单位不得评估。")

    def may_terminate(self, by: str) -> None:
        """P-13, P-34: by who bought (甲方)."""
        self._goes_on("P-13")
        if not acts_for(self.purchaser, by):
            raise RuleBroken(RULES["P-13"], "合同由签订该合同的购买方终止。", clause=UNQUALIFIED)

    def may_find_passing(self, by: str) -> None:
        """P-13: by who bought, while it goes on, one finding at a time."""
        self._goes_on("P-13")
        if not acts_for(self.purchaser, by):
            raise _passed("转包由签订该合同的购买方认定。")
        if self.passing is not None and self.passing.open:
            raise _passed("已有待复核的转包认定。")

    def may_answer_passing(self) -> None:
        """Once, before it is settled."""
        self._goes_on("P-13")
        if self.passing is None or not self.passing.open or self.passing.answer is not None:
            raise _passed("没有待申辩的转包认定。")

    def may_settle_passing(self, by: str) -> None:
        """By another office than found it (ours)."""
        self._goes_on("P-13")
        if self.passing is None or not self.passing.open:
            raise _passed("没有待复核的转包认定。")
        if one_office(by, self.passing.by):
            raise _passed("由认定以外的单位复核。", OURS)

    def may_stop(self) -> None:
        """P-34: who delivers a 三社联动 project."""
        self._goes_on("P-34")
        if self.way is not Way.LINKAGE:
            detail = "三社联动项目的承接方方可依协议停止。"
            raise RuleBroken(RULES["P-34"], detail, clause=AGREEMENT)

    def may_evaluate(self, by: str) -> None:
        """While it runs and a stage is left, by who was drawn for it."""
        self._goes_on("P-16")
        self.seated().sits(by)
        if self.next_stage is None:
            raise RuleBroken(RULES["P-16"], "各阶段均已评估。", clause=EVALUATION)
        if self.next_stage is Stage.BEFORE:
            return
        if self.scheme is None or self.scheme.accepted_at is None:
            raise RuleBroken(
                RULES["P-20"], "评估方案经承接方认可后方可开展中期和末期评估。", clause=OURS
            )
        if self.way is Way.LINKAGE and self.unassessed:
            raise _unconcluded("社区和承接方自评后方可评估。")

    def may_second(self, by: str) -> None:
        """P-16: of an evaluation that fell into the sample, once, by another member than its first."""
        last = self.evaluations[-1] if self.evaluations else None
        if last is None or not sampled(self.id, last.stage):
            raise RuleBroken(RULES["P-16"], "该次评估未被抽取复评。", clause=OURS)
        if not self.unseconded:
            raise RuleBroken(RULES["P-16"], "该次评估已经复评。", clause=OURS)
        if self.panel is None or by == last.by:
            raise RuleBroken(RULES["P-16"], "复评由评估组的另一名成员进行。", clause=OURS)
        self.panel.sits(by)

    @property
    def unseconded(self) -> bool:
        """P-16: the last evaluation fell into the sample and has no second score yet, which may come after the end."""
        last = self.evaluations[-1].stage if self.evaluations else None
        scored = any(one.stage is last for one in self.seconds)
        return last is not None and sampled(self.id, last) and not scored

    def may_assess(self, by: Assessor) -> None:
        """Once before the mid-term and once before the final evaluation, each for itself."""
        self._goes_on("P-27")
        if self.way is not Way.LINKAGE or self.next_stage in (None, Stage.BEFORE):
            raise _unconcluded("三社联动项目在中期和末期评估前自评。")
        if by not in self.unassessed:
            raise _unconcluded("本阶段已经自评。")

    @property
    def unassessed(self) -> tuple[Assessor, ...]:
        """Who hasn't assessed itself for the stage that comes; the supplier alone of a contract that names no
        community, as one from before its award's was taken over may, or one that ended alone."""
        both = self.community is not None and not self.orphaned
        wanted = tuple(Assessor) if both else (Assessor.SUPPLIER,)
        done = {one.by for one in self.assessed if one.stage is self.next_stage}
        return tuple(one for one in wanted if one not in done)

    def _in_turn(self, stage: Stage) -> None:
        expected = self.next_stage
        if stage is not expected:
            detail = f"评估依次进行，下一次应为{word_of(expected, WORDS)}。"
            raise RuleBroken(RULES["P-16"], detail, clause=EVALUATION, field="stage")


def _passed(detail: str, clause: str = SUBCONTRACTING) -> RuleBroken:
    return RuleBroken(RULES["P-13"], detail, clause=clause)


def _unconcluded(detail: str) -> RuleBroken:
    return RuleBroken(RULES["P-27"], detail, clause=CONCLUDED)
