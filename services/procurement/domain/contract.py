"""A contract (合同): filed, evaluated in three stages, accepted, paid in three parts, ended.

Decisions read the state and return what now happens, or refuse.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from chassis.kernel.clock import WorkTime, is_past, local_date, recounted, start
from chassis.kernel.draw import Commitment
from chassis.kernel.errors import OURS, RuleBroken
from chassis.kernel.required import required

from .course import Course, Status
from .days import years_after
from .evaluation import STAGE_NAMES, Band, Findings, Parts, Stage
from .events import (
    STOPPING,
    Assessor,
    ContractEnded,
    ContractEvent,
    ContractFiled,
    CorrectionAnswered,
    CorrectionAsked,
    EndGround,
    PaymentMissed,
    PaymentOpened,
    PaymentReleased,
    PaymentRenewed,
    PerformanceAccepted,
    ProjectEvaluated,
    RenewalAgreed,
    SchemeAnswered,
    SchemeShown,
    SecondScored,
    SelfAssessed,
    Terms,
    Way,
    Why,
)
from .expert import Expert
from .gathered import Gathered
from .panel import ExpertRecused, PanelListed, list_up
from .passing import PassingAnswered, PassingFound, PassingSettled
from .payment import TIME_TO_PAY, Instalment, plan
from .policy import Bands, ProcurementPolicy
from .resettling import carried_by
from .rules import ACCEPTANCE, AGREEMENT, PLANNING, RULES, UNQUALIFIED
from .scheme import Indicator, drawn_up


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract(Course):
    """What is decided about one."""

    def evaluate(
        self,
        *,
        by: str,
        findings: Findings,
        policy: tuple[int, ProcurementPolicy],
        now: datetime,
        work: WorkTime,
        missed: int = 0,
        supervised: bool = False,
    ) -> tuple[ContractEvent, ...]:
        """P-26: `missed` is what wasn't put right in time so far, each counted once.

        P-07: a final evaluation below qualified ends the contract in the same decision.
        """
        self.independent(by)
        self.may_evaluate(by)
        stage = findings.stage
        self._in_turn(stage)
        evaluated = self._judged(findings, by, policy, now, missed)
        findings.declared()
        if self.way is Way.LINKAGE and stage is not Stage.BEFORE:
            findings.from_four_sides()
        if self.way is Way.PURCHASE and stage is not Stage.BEFORE:
            findings.by_all_three()
        if supervised and stage is Stage.FINAL:
            findings.of_the_supervision()
        findings.of_its_stage(supervised)
        if stage is not Stage.BEFORE:
            evaluated = self._gathered(evaluated, findings.with_figures(), supervised)
        band = evaluated.band
        if stage is Stage.FINAL and band is Band.UNQUALIFIED:
            return *self.miss(now=now), evaluated, ContractEnded(why=Why.UNQUALIFIED, at=now)
        if stage is Stage.BEFORE or band is Band.UNQUALIFIED:
            return (evaluated,)
        instalment = Instalment.MID if stage is Stage.MID else Instalment.FINAL
        return evaluated, _opened(instalment, now, work)

    def second(
        self, *, by: str, findings: Findings, policy: tuple[int, ProcurementPolicy], now: datetime
    ) -> SecondScored:
        """P-16: for the stage that was evaluated last; it changes no points, how far it is apart is shown."""
        self.independent(by)
        self.may_second(by)
        findings.declared()
        last = self.evaluations[-1]
        if findings.stage is not last.stage:
            detail = f"复评的是{STAGE_NAMES[last.stage]}。"
            raise RuleBroken(RULES["P-16"], detail, clause=OURS, field="stage")
        points = self._in_parts(findings, policy)[0].total
        return SecondScored(
            stage=last.stage,
            by=by,
            points=points,
            apart=abs(points - last.parts.total),
            at=now,
        )

    def assess(self, *, by: Assessor, text: str, now: datetime) -> SelfAssessed:
        """P-27: what the supplier or the community says of the project before it is evaluated."""
        self.may_assess(by)
        required(text, "text")
        stage = self.next_stage
        if stage is None:
            raise ValueError("a stage is left where it may be assessed")
        return SelfAssessed(stage=stage, by=by, text=text, at=now)

    def terminate(
        self, *, by: str, reason: str, ground: EndGround | None = None, now: datetime
    ) -> tuple[ContractEvent, ...]:
        """P-13, P-34: by who bought; of a 三社联动 project on a ground of its agreement."""
        self.may_terminate(by)
        if ground in STOPPING or (self.way is Way.LINKAGE and ground is None):
            detail = "须写明协议所列的终止情形。"
            raise RuleBroken(RULES["P-34"], detail, clause=AGREEMENT, field="ground")
        return self._ended(ground, reason, now)

    def stop(self, *, ground: EndGround, reason: str, now: datetime) -> tuple[ContractEvent, ...]:
        """P-34: by who delivers, because it was changed without its consent or what is asked is unlawful."""
        self.may_stop()
        if ground not in STOPPING:
            detail = "内容未经同意被变更或要求违法时方可停止。"
            raise RuleBroken(RULES["P-34"], detail, clause=AGREEMENT, field="ground")
        return self._ended(ground, reason, now)

    def find_passing(
        self, *, to: str, findings: str, document: str, by: str, now: datetime
    ) -> tuple[ContractEvent, ...]:
        """P-13: by who bought, who may have it in hand before anybody else. P-14: what is late by then stays so."""
        self.may_find_passing(by)
        for field, text in (("to", to), ("findings", findings), ("document", document)):
            required(text, field)
        found = PassingFound(to=to, findings=findings, document=document, by=by, at=now)
        return *self.miss(now=now), found

    def answer_passing(self, *, answer: str, now: datetime) -> PassingAnswered:
        self.may_answer_passing()
        required(answer, "answer")
        return PassingAnswered(answer=answer, at=now)

    def settle_passing(
        self, *, by: str, upheld: bool, opinion: str, now: datetime, work: WorkTime
    ) -> tuple[ContractEvent, ...]:
        """P-13: upheld, it ends the contract in the same decision. P-14 (ours): else the time to pay begins anew, as
        nothing might be paid meanwhile."""
        self.may_settle_passing(by)
        required(opinion, "opinion")
        settled = PassingSettled(upheld=upheld, opinion=opinion, at=now)
        if not upheld:
            return settled, *(self._anew(now, work) if self.filed_at is not None else ())
        return settled, ContractEnded(why=Why.SUBCONTRACTED, at=now)

    def _anew(self, now: datetime, work: WorkTime) -> tuple[PaymentRenewed, ...]:
        """Of what is to be paid and wasn't late before."""
        again = start(TIME_TO_PAY, now, work)
        waiting = (one.instalment for one in self.claims if not one.missed)
        return tuple(PaymentRenewed(instalment=one, clock=again) for one in waiting)

    def _ended(
        self, ground: EndGround | None, reason: str, now: datetime
    ) -> tuple[ContractEvent, ...]:
        required(reason, "reason")
        ended = ContractEnded(why=Why.TERMINATED, ground=ground, reason=reason, at=now)
        return *self.miss(now=now), ended

    def file(
        self,
        *,
        by: str,
        terms: Terms,
        years: int,
        now: datetime,
        work: WorkTime,
        supervised_to: date | None = None,
    ) -> tuple[ContractEvent, ...]:
        """P-30: with finance (合同备案), by who signed, every part stated, for `years` at most (ours). P-14 (ours): no
        time to pay runs before, as nothing may be paid before. P-15: `supervised_to` is its supervision's last month.
        """
        self.may_file(by)
        self._fits(terms, years, supervised_to)
        first = _opened(Instalment.FIRST, now, work)
        return ContractFiled(terms=terms, at=now), first, *self._anew(now, work)

    def _fits(self, terms: Terms, years: int, supervised_to: date | None) -> None:
        terms.stated()
        signed_on = local_date(self.signed_at)
        if terms.until < signed_on:
            raise RuleBroken(RULES["P-30"], "合同期限不得早于签订之日。", field="until")
        if self.way is Way.LINKAGE and terms.until > years_after(signed_on, 1):
            raise RuleBroken(
                RULES["P-13"],
                "三社联动项目合同逐年签订，期限不超过一年。",
                clause=UNQUALIFIED,
                field="until",
            )
        if terms.until > years_after(signed_on, years):
            detail = f"合同期限自签订之日起不超过 {years} 年。"
            raise RuleBroken(RULES["P-30"], detail, clause=OURS, field="until")
        if supervised_to is not None and terms.until < supervised_to:
            detail = f"督导期至 {supervised_to:%Y-%m}，合同期限不得早于该月；请先终止督导，再按期限另行委托。"
            raise RuleBroken(RULES["P-15"], detail, clause=OURS, field="until")

    def correct(
        self,
        *,
        by: str,
        terms: Terms | None,
        amount: int | None,
        reason: str,
        most: int,
        years: int,
        now: datetime,
        supervised_to: date | None = None,
    ) -> CorrectionAsked:
        """P-30 (ours): what was written wrong, for who delivers to confirm; the amount within what its item has
        (`most`), the term no shorter than its supervision."""
        self.may_correct(by)
        # What is said as it stands, as a form that opens with it says it, isn't corrected.
        terms = None if terms == self.terms else terms
        amount = None if amount == self.amount else amount
        if terms is None and amount is None:
            detail = "须写明更正后的合同条款或合同金额，且与现在的不同。"
            raise RuleBroken(RULES["P-30"], detail, clause=OURS, field="terms")
        if terms is not None:
            if self.filed_at is None:
                detail = "合同尚未备案，条款在备案时写明。"
                raise RuleBroken(RULES["P-30"], detail, clause=OURS, field="terms")
            self._fits(terms, years, supervised_to)
        if amount is not None:
            self._unpaid("amount")
            if amount > most or min(plan(amount).values()) <= 0:
                detail = f"合同金额不得超过该项目的 {most} 分，且每次拨付至少一分。"
                raise RuleBroken(RULES["P-02"], detail, clause=PLANNING, field="amount")
        required(reason, "reason")
        return CorrectionAsked(terms=terms, amount=amount, reason=reason, at=now)

    def answer_correction(self, *, agreed: bool, comment: str, now: datetime) -> CorrectionAnswered:
        """P-30 (ours): as two signed it, two put it right."""
        self.may_answer_correction()
        if not agreed:
            required(comment, "comment")
        elif self.correction is not None and self.correction.amount is not None:
            self._unpaid("agreed")
        return CorrectionAnswered(agreed=agreed, comment=comment, at=now)

    def _unpaid(self, field: str) -> None:
        if self.payments:
            detail = "已按合同金额拨付过款项，金额不再更正；须终止后另行签订。"
            raise RuleBroken(RULES["P-30"], detail, clause=OURS, field=field)

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
            required(comment, "comment")
        return SchemeAnswered(accepted=accepted, comment=comment, at=now)

    def agree(self, *, now: datetime) -> RenewalAgreed:
        """P-13: the supplier, to another year."""
        self.may_agree()
        return RenewalAgreed(at=now)

    def accept(self, *, by: str, passed: bool, findings: str, now: datetime) -> PerformanceAccepted:
        """P-31: the purchaser, against the contract's standards (履约验收)."""
        self.may_accept(by)
        required(findings, "findings")
        return PerformanceAccepted(passed=passed, findings=findings, at=now)

    def pay(self, *, by: str, instalment: Instalment, now: datetime) -> tuple[ContractEvent, ...]:
        """P-14: once, the planned amount, once its condition is met. What is late by now is found first,
        whether or not the timer came by."""
        self.may_pay(by)
        claim = next((one for one in self.claims if one.instalment is instalment), None)
        if claim is None:
            paid = any(one.instalment is instalment for one in self.payments)
            detail = "该笔款项已经拨付。" if paid else "该笔款项的拨付条件尚未具备。"
            raise RuleBroken(RULES["P-14"], detail, clause=self.paid_under, field="instalment")
        if instalment is Instalment.FINAL and self.accepted_at is None:
            raise RuleBroken(
                RULES["P-31"], "履约验收合格前不得拨付尾款。", clause=ACCEPTANCE, field="instalment"
            )
        amount = plan(self.amount)[instalment]
        due = claim.clock.due
        released = PaymentReleased(instalment=instalment, amount=amount, due=due, at=now)
        return *self.miss(now=now), released

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
        return self.miss(now=now) or self._kept_waiting(now)

    def _kept_waiting(self, now: datetime) -> tuple[PaymentRenewed, ...]:
        """P-14, P-30, P-13: nobody is late with what may not be paid. One that was kept with a day all the same is kept
        again as it is, or it would come due for ever."""
        if not self.kept_back or self.status is Status.ENDED:
            return ()
        return tuple(
            PaymentRenewed(instalment=claim.instalment, clock=claim.clock)
            for claim in self.claims
            if not claim.missed and is_past(claim.clock, now)
        )

    def renew_calendar(self, work: WorkTime, now: datetime) -> tuple[PaymentRenewed, ...]:
        """P-14: of what runs."""
        return tuple(
            PaymentRenewed(instalment=claim.instalment, clock=again)
            for claim in self._running()
            if (again := recounted(claim.clock, work, now)) is not None
        )

    def _in_parts(
        self, findings: Findings, policy: tuple[int, ProcurementPolicy]
    ) -> tuple[Parts, int, Bands, int]:
        """Its parts, and under which version of the policy, which bands, and how many points for each that was missed,
        they stand."""
        number, numbers = policy
        if findings.stage is not Stage.BEFORE and (shown := self.scheme) is not None:
            each = numbers.missed_points if shown.missed_points is None else shown.missed_points
            return shown.score(findings.scored()), shown.policy, shown.bands, each
        parts = findings.in_parts()
        parts.fit(numbers.parts)
        return parts, number, numbers.bands, numbers.missed_points

    def _judged(
        self,
        findings: Findings,
        by: str,
        policy: tuple[int, ProcurementPolicy],
        now: datetime,
        missed: int,
    ) -> ProjectEvaluated:
        """Before the project by its parts, later by each indicator of the scheme and under its bands."""
        parts, number, bands, each = self._in_parts(findings, policy)
        counted = max(missed - sum(one.missed for one in self.evaluations), 0)
        points = max(parts.total - counted * each, 0)
        return ProjectEvaluated(
            stage=findings.stage,
            parts=parts,
            points=points,
            band=bands.of(points),
            policy=number,
            by=by,
            scores=findings.scores,
            focus_groups=findings.focus_groups,
            sides=findings.sides,
            supervision=findings.supervision,
            verdicts=findings.verdicts,
            independent=findings.independent,
            missed=counted,
            at=now,
        )

    def _gathered(
        self, evaluated: ProjectEvaluated, gathered: Gathered, supervised: bool
    ) -> ProjectEvaluated:
        """P-21: its figures since it was signed, and no lower than before without a reason."""
        whole = gathered.check(
            (one.gathered for one in self.evaluations),
            supervised=supervised,
            since=local_date(self.signed_at),
            on=local_date(evaluated.at),
        )
        return replace(evaluated, gathered=whole)

    def vacate(self, expert: str, *, reason: str, now: datetime) -> tuple[ExpertRecused, ...]:
        """P-23: while a stage is left, or its last one may have a second score."""
        works = self.status is Status.SIGNED and self.next_stage is not None
        if self.panel is None or not (works or self.unseconded):
            return ()
        return self.panel.vacate(expert, reason=reason, now=now)

    def list_panel(
        self,
        experts: Iterable[Expert],
        *,
        by: str,
        size: int,
        commitment: Commitment,
        now: datetime,
        interested: Iterable[str] = (),
    ) -> PanelListed:
        """P-11: without who works for its purchaser, its supplier, its supervisor (`interested`) or where it is
        delivered, by the name that the community has or had (ours)."""
        self.may_list_panel()
        office = self.purchaser.rpartition(":")[2]
        places = {self.street, self.community or self.street, carried_by(self) or self.street}
        own = {office, self.supplier, *places}
        against = own.union(interested)
        return list_up(
            experts, against, self.panel, by=by, size=size, commitment=commitment, now=now
        )


def _opened(instalment: Instalment, since: datetime, work: WorkTime) -> PaymentOpened:
    return PaymentOpened(instalment=instalment, clock=start(TIME_TO_PAY, since, work))
