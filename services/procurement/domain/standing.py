"""What a supplier may bid for, derived from its facts, its bars and the evaluations heard, each with its reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from chassis.kernel.clock import local_date
from chassis.kernel.errors import OURS, RuleBroken

from .condition import Condition
from .eligibility import BreachHeard, Eligibility, OrganisationHeard, ResultHeard, State
from .evaluation import Band, Stage
from .integrity import IntegrityHeard, Register, counting
from .rules import (
    CONDITIONS,
    DISHONEST,
    LISTED,
    OUTSTANDING,
    PREFERRED,
    RULES,
    SUBCONTRACTING,
    UNQUALIFIED,
)
from .supplier import BY_CONTRACT, CLAUSES, FactKind, Supplier

MAY_BID = frozenset({State.ELIGIBLE, State.PREFERRED})
WORST_FIRST = (State.BARRED, State.RESTRICTED, State.PREFERRED)
PREFERRED_RATING = 3
SIMPLE_CHECK_RATING = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why it is in `state`: the rule, its clause or OURS, until when, and the evaluation where it rests on one."""

    state: State
    rule: str
    clause: str
    text: str
    until: date | None = None
    contract: str | None = None
    points: int | None = None
    evaluated_at: datetime | None = None
    event: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """A contract that ended by its supplier's fault, and the rule it ended under: failed (P-07) or passed on (P-13)."""

    contract: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """How many A it has (社会组织评估等级), 0 where it has none, until when, and by what news."""

    grade: int = 0
    until: date | None = None
    event: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a supplier may do about one project in one bid year on one day, the weightiest reason first.

    `simple_check`: its yearly check (年检) is the simplified one.
    """

    supplier: str
    project: str
    year: int
    on: date
    state: State
    reasons: tuple[Reason, ...] = ()
    simple_check: bool = False

    @property
    def may_bid(self) -> bool:
        return self.state in MAY_BID

    @property
    def preferring(self) -> tuple[Reason, ...]:
        """What speaks for it."""
        return tuple(one for one in self.reasons if one.state is State.PREFERRED)

    def must_bid(self) -> None:
        """RuleBroken with the weightiest reason, where it may not."""
        if not self.may_bid:
            blocking = self.reasons[0]
            raise RuleBroken(
                RULES[blocking.rule],
                f"供应方 {self.supplier} 在 {self.year} 年度不得承接项目 {self.project}："
                f"{blocking.text}",
                clause=blocking.clause,
                field="supplier",
            )


def standing(
    supplier: Supplier,
    eligibility: Eligibility | None,
    *,
    project: str,
    year: int,
    on: date,
    needs: Iterable[FactKind],
    asked: Iterable[Condition] = (),
    lost: Iterable[Lost] = (),
) -> Standing:
    """P-06, P-07, P-08: `needs` are the conditions that every project asks to be shown, `asked` this one's own; `lost`
    its contracts of the very item that it bids for."""
    heard = eligibility.heard if eligibility else ()
    breaches = eligibility.breaches if eligibility else ()
    told = eligibility.organisation if eligibility else None
    by_contract = supplier.kind in BY_CONTRACT
    rating = rated(supplier, told, on)
    found = [
        *_left(supplier),
        *_barred(supplier, on),
        *(_spent(one) for one in lost),
        *(_failed(one) for one in heard if one.restricts_in(project, year)),
        *(_passed_on(one) for one in breaches if one.restricts_in(project, year)),
        *_unproved(supplier, on, () if by_contract else needs),
        *_unmet(supplier, rating.grade, on, () if by_contract else asked),
        *_reported(eligibility.integrity if eligibility else (), on),
        *_registered(told),
        *_preferred(rating),
        *(_outstanding(one) for one in heard if _was_outstanding(one, year)),
    ]
    reasons = tuple(sorted(found, key=lambda reason: WORST_FIRST.index(reason.state)))
    state = reasons[0].state if reasons else State.ELIGIBLE
    return Standing(
        supplier=supplier.code,
        project=project,
        year=year,
        on=on,
        state=state,
        reasons=reasons,
        simple_check=rating.grade >= SIMPLE_CHECK_RATING,
    )


def rated(supplier: Supplier, told: OrganisationHeard | None, on: date) -> Rated:
    """P-06 (ours): where the register of organisations has a rating of it, that counts; else its own paper does."""
    if told is not None and told.grade is not None and _holds(told.grade_until, on):
        return Rated(grade=told.grade, until=told.grade_until, event=told.event)
    fact = supplier.shown(FactKind.RATING)
    if fact is not None and fact.holds(on):
        return Rated(grade=fact.grade or 0, until=fact.until)
    return Rated()


def _left(supplier: Supplier) -> Iterable[Reason]:
    if supplier.left_at is not None:
        text = "已经退出，不再承接项目。"
        yield Reason(state=State.RESTRICTED, rule="P-06", clause=OURS, text=text)


def _barred(supplier: Supplier, on: date) -> Iterable[Reason]:
    for bar in supplier.bars:
        if bar.holds(on):
            text = f"{bar.decided_on} 起禁入，依据 {bar.document}。"
            yield Reason(
                state=State.BARRED,
                rule="P-07",
                clause=CLAUSES[bar.ground],
                text=text,
                until=bar.until,
            )


LOST = {
    "P-07": "末期评估低于合格",
    "P-13": "转包",
}


def _spent(one: Lost) -> Reason:
    """P-07, P-13 (ours): what ended by its fault isn't given to it again, were it in the same year."""
    text = f"同一采购项目的合同因{LOST[one.rule]}终止，余下部分不得由原承接方承接。"
    return Reason(
        state=State.RESTRICTED, rule=one.rule, clause=OURS, text=text, contract=one.contract
    )


def _passed_on(one: BreachHeard) -> Reason:
    return Reason(
        state=State.RESTRICTED,
        rule="P-13",
        clause=SUBCONTRACTING,
        text=f"{one.year} 年度合同因转包终止。",
        until=date(one.counts_in[-1], 12, 31),
        contract=one.contract,
        event=one.event,
    )


REPORTED = {
    Register.CREDIT: "信用记录不良",
    Register.PENALTY: "受到行政处罚",
    Register.ANNUAL_CHECK: "年度检查不合格",
}


def _reported(entries: Iterable[IntegrityHeard], on: date) -> Iterable[Reason]:
    """What registers say of it, where that keeps it from bidding."""
    for one in counting(entries, on):
        if one.bars or one.restricts:
            yield Reason(
                state=State.BARRED if one.bars else State.RESTRICTED,
                rule="P-07" if one.bars else "P-06",
                clause=DISHONEST if one.bars else CONDITIONS,
                text=f"{REPORTED[one.register]}，依据 {one.reference}。",
                until=one.until,
                event=one.event,
            )


def _registered(told: OrganisationHeard | None) -> Iterable[Reason]:
    """What the register of social organisations says of it."""
    if told is None:
        return

    def against(state: State, text: str, until: date | None = None) -> Reason:
        rule = "P-07" if state is State.BARRED else "P-06"
        return Reason(
            state=state, rule=rule, clause=LISTED, text=text, until=until, event=told.event
        )

    if told.blacklisted:
        yield against(State.BARRED, "列入社会组织黑名单。", told.blacklisted_until)
    if told.abnormal:
        yield against(State.RESTRICTED, "列入社会组织异常名录。", told.abnormal_until)
    if told.ended:
        yield against(State.RESTRICTED, "社会组织已经终止。")


def _holds(until: date | None, on: date) -> bool:
    return until is None or on <= until


def _unproved(supplier: Supplier, on: date, needs: Iterable[FactKind]) -> Iterable[Reason]:
    for kind in needs:
        fact = supplier.shown(kind)
        if fact is None or not fact.holds(on):
            text = f"{NAMES[kind]}{'没有证明材料' if fact is None else '的证明材料已过期'}。"
            yield Reason(state=State.RESTRICTED, rule="P-06", clause=CONDITIONS, text=text)


def _unmet(
    supplier: Supplier, grade: int, on: date, asked: Iterable[Condition]
) -> Iterable[Reason]:
    """P-06: what this project asks and isn't shown."""
    for one in asked:
        fact = supplier.shown(one.kind, one.name)
        met = fact is not None and fact.holds(on)
        if one.kind is FactKind.RATING:
            met = grade >= (one.grade or 0)
        if not met:
            text = f"不符合本项目的条件：{one.text}。"
            yield Reason(state=State.RESTRICTED, rule="P-06", clause=CONDITIONS, text=text)


def _preferred(rating: Rated) -> Iterable[Reason]:
    if rating.grade >= PREFERRED_RATING:
        yield Reason(
            state=State.PREFERRED,
            rule="P-06",
            clause=PREFERRED,
            text=f"评估等级 {rating.grade}A。",
            until=rating.until,
            event=rating.event,
        )


def _was_outstanding(one: ResultHeard, year: int) -> bool:
    return one.stage is Stage.FINAL and one.band is Band.EXCELLENT and year in one.counts_in


def _outstanding(one: ResultHeard) -> Reason:
    return _evaluated(one, State.PREFERRED, OUTSTANDING, "优秀")


def _failed(one: ResultHeard) -> Reason:
    return _evaluated(one, State.RESTRICTED, UNQUALIFIED, "低于合格")


def _evaluated(one: ResultHeard, state: State, clause: str, band: str) -> Reason:
    return Reason(
        state=state,
        rule="P-07",
        clause=clause,
        text=f"{one.year} 年度合同 {local_date(one.at)} 末期评估 {one.points} 分，{band}。",
        until=date(one.counts_in[-1], 12, 31),
        contract=one.contract,
        points=one.points,
        evaluated_at=one.at,
        event=one.event,
    )


NAMES = {
    FactKind.REGISTRATION: "依法登记",
    FactKind.GOVERNANCE: "治理结构",
    FactKind.ACCOUNTS: "独立财务核算",
    FactKind.MEANS: "设施和人员",
    FactKind.TAXES: "纳税和社会保险",
    FactKind.QUALIFICATION: "资质和信用",
    FactKind.LICENCE: "行业许可",
    FactKind.RATING: "评估等级",
    FactKind.OTHER: "其他条件",
    FactKind.WELFARE: "公益性",
    FactKind.PARTY: "党组织",
    FactKind.TRANSPARENCY: "信息公开",
}
