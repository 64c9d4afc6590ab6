"""A purchaser's plan for a year (年度购买服务计划): within its budget, reviewed, examined, published; only then bought.

What the year brings besides is settled one by one (一事一议).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from chassis.kernel.clock import local_date
from chassis.kernel.errors import OURS, Malformed, NotFound, RuleBroken, said_of
from chassis.kernel.offices import one_office
from chassis.kernel.required import required

from .catalogue import Catalogue
from .item import WITHOUT_COMPETITION, Item, by_method, check, is_part, uncut
from .policy import ProcurementPolicy
from .purchaser import Purchaser, not_lost
from .rules import METHOD, PLANNING, RULES
from .shares import joined, shared


class PlanStatus(StrEnum):
    """编制, 主管单位审核资金, 财政审核计划, and then public."""

    DRAFTED = "drafted"
    SUBMITTED = "submitted"
    REVIEWED = "reviewed"
    EXAMINED = "examined"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A budget line and what it holds, in fen."""

    code: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    lines: tuple[Line, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDrafted:
    plan: str
    purchaser: str
    year: int
    draft: Draft
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRevised:
    draft: Draft
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSubmitted:
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanReviewed:
    """By the competent unit, of the money; not `agreed`, it goes back to its purchaser."""

    agreed: bool
    opinion: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanReturned:
    """By finance instead of its opinion on the items: to be revised, submitted and reviewed again."""

    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanExamined:
    """By finance, with its express opinion: `approved` are the items that stand (购买服务项目表)."""

    approved: tuple[str, ...]
    opinion: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPublished:
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterReported:
    """What the year brought: not in the plan, and not yet settled."""

    item: Item
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterSettled:
    """By the district government: how much, and from where."""

    item: str
    amount: int
    source: str
    document: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodApproved:
    """By the district, of an item for which nobody may compete."""

    item: str
    document: str
    at: datetime


PlanEvent = (
    PlanDrafted
    | PlanRevised
    | PlanSubmitted
    | PlanReviewed
    | PlanReturned
    | PlanExamined
    | PlanPublished
    | MatterReported
    | MatterSettled
    | MethodApproved
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`approved` are the codes of the items that may be bought, `reported` what waits to be settled."""

    id: str
    purchaser: str
    year: int
    lines: tuple[Line, ...]
    items: tuple[Item, ...]
    status: PlanStatus = PlanStatus.DRAFTED
    opinion: str | None = None
    approved: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    """Items whose way without competition the district approved."""
    reported: tuple[Item, ...] = ()
    settled: tuple[MatterSettled, ...] = ()
    published_at: datetime | None = None

    @property
    def table(self) -> tuple[Item, ...]:
        """What stands and may be bought (购买服务项目表)."""
        return tuple(one for one in self.items if one.code in self.approved)

    def revise(
        self, said: Draft, catalogue: Catalogue, policy: ProcurementPolicy, now: datetime
    ) -> PlanRevised:
        self.may_revise()
        drawn_up(said, catalogue, policy)
        return PlanRevised(draft=said, at=now)

    def submit(
        self, purchaser: Purchaser | None, policy: ProcurementPolicy, now: datetime
    ) -> PlanSubmitted:
        """P-32: not by who lost the year. P-03: by the threshold as it is now, whatever it was when it was drafted."""
        self.may_submit(purchaser, policy)
        return PlanSubmitted(at=now)

    def review(self, *, by: str, agreed: bool, opinion: str, now: datetime) -> PlanReviewed:
        self.may_review(by)
        required(opinion, "opinion")
        return PlanReviewed(agreed=agreed, opinion=opinion, at=now)

    def examine(
        self, *, by: str, approved: tuple[str, ...], opinion: str, now: datetime
    ) -> PlanExamined:
        self.may_examine(by)
        required(opinion, "opinion")
        if strange := set(approved) - {one.code for one in self.items}:
            raise Malformed(f"计划中没有这些项目：{'、'.join(sorted(strange))}。", field="approved")
        _still_shared(one for one in self.items if one.code in approved)
        return PlanExamined(approved=tuple(dict.fromkeys(approved)), opinion=opinion, at=now)

    def send_back(self, *, by: str, reason: str, now: datetime) -> PlanReturned:
        """P-02 (ours): what striking items can't mend, as the shares of a call with its lots; and an opinion that was
        given wrongly, until the plan is public."""
        self.may_send_back(by)
        required(reason, "reason")
        return PlanReturned(reason=reason, at=now)

    def publish(self, purchaser: Purchaser | None, now: datetime) -> PlanPublished:
        self.may_publish(purchaser)
        return PlanPublished(at=now)

    def report(
        self, item: Item, catalogue: Catalogue, policy: ProcurementPolicy, now: datetime
    ) -> MatterReported:
        """P-29: its money comes from where the district says, not from a line of the plan.

        Reported again under its code, it takes the place of what was reported before.
        """
        self.may_report()
        reported = tuple(one for one in self.reported if one.code != item.code)
        _once((one.code for one in (*self.items, *reported, item)), "code")
        others = (*self.table, *reported)
        _once((one.renews for one in (*others, item) if one.renews), "renews")
        if not item.ground.strip():
            raise RuleBroken(RULES["P-29"], "计划外事项须写明事由。", field="ground")
        check(item, catalogue, policy)
        _beside(item, others, policy)
        return MatterReported(item=item, at=now)

    def settle(
        self,
        code: str,
        policy: ProcurementPolicy,
        *,
        amount: int,
        source: str,
        document: str,
        now: datetime,
    ) -> MatterSettled:
        """P-29; P-03: what is settled is bought as the sum asks for, whatever was reported."""
        self.may_settle(code)
        required(source, "source")
        required(document, "document")
        if amount <= 0:
            raise Malformed("金额为正整数，单位为分。", field="amount")
        [matter] = (one for one in self.reported if one.code == code)
        at_last = replace(matter, amount=amount)
        by_method(at_last, policy)
        _beside(at_last, self.table, policy)
        return MatterSettled(item=code, amount=amount, source=source, document=document, at=now)

    def approve_method(self, code: str, *, document: str, now: datetime) -> MethodApproved:
        self.may_approve_method(code)
        required(document, "document")
        return MethodApproved(item=code, document=document, at=now)

    def bought(self, code: str, amount: int, purchaser: Purchaser | None, now: datetime) -> Item:
        """The item that a contract of `amount` is signed for, or why it may not be. P-32: by who lost this year nothing
        is, were it planned for the one before."""
        if self.status is not PlanStatus.PUBLISHED:
            raise _broken("P-02", "计划公布之前不得购买。", "plan")
        if any(one.code == code for one in self.reported):
            raise RuleBroken(RULES["P-29"], "计划外事项未经一事一议核定，不得购买。", field="item")
        item = next((one for one in self.table if one.code == code), None)
        if item is None:
            raise _broken("P-02", "只购买列入购买服务项目表的项目。", "item")
        if amount > item.amount:
            raise _broken("P-02", f"合同金额不得超过计划的 {item.amount} 分。", "amount")
        if item.method in WITHOUT_COMPETITION and code not in self.methods:
            detail = "该购买方式须经财政审核、区政府批准后方可签约。"
            raise RuleBroken(RULES["P-03"], detail, clause=METHOD, field="item")
        not_lost(purchaser, self.year)
        not_lost(purchaser, local_date(now).year)
        return item

    def may_revise(self) -> None:
        self._is(PlanStatus.DRAFTED, "计划报送后不得修改。")

    def may_submit(self, purchaser: Purchaser | None, policy: ProcurementPolicy) -> None:
        self._is(PlanStatus.DRAFTED, "计划已经报送。")
        not_lost(purchaser, self.year)
        _still_as_asked(self.items, policy)

    def may_review(self, by: str) -> None:
        self._not_own(by)
        self._is(PlanStatus.SUBMITTED, "没有待主管单位审核的计划。")

    def may_examine(self, by: str) -> None:
        self._not_own(by)
        self._is(PlanStatus.REVIEWED, "主管单位审核资金后，财政部门方可审核计划。")

    def may_send_back(self, by: str) -> None:
        self._not_own(by)
        if self.status not in (PlanStatus.REVIEWED, PlanStatus.EXAMINED):
            raise _broken("P-02", "主管单位审核资金后、计划公布之前方可退回。", None, OURS)

    def may_publish(self, purchaser: Purchaser | None) -> None:
        self._is(PlanStatus.EXAMINED, "财政部门审核后方可公布计划。")
        not_lost(purchaser, self.year)

    def may_report(self) -> None:
        if self.status is not PlanStatus.PUBLISHED:
            raise RuleBroken(RULES["P-29"], "计划公布后的新增事项方按一事一议办理。")

    def may_settle(self, code: str) -> None:
        if all(one.code != code for one in self.reported):
            if all(one.code != code for one in self.items):
                raise NotFound
            raise RuleBroken(RULES["P-29"], "该事项已经核定或原在计划之内。")

    def may_approve_method(self, code: str) -> None:
        """P-03: after finance's review."""
        item = next((one for one in self.items if one.code == code), None)
        if item is None:
            raise NotFound
        if item.method not in WITHOUT_COMPETITION or code not in self.approved:
            detail = "仅对财政审核通过、不具备竞争条件的项目批准购买方式。"
            raise RuleBroken(RULES["P-03"], detail, clause=METHOD)
        if code in self.methods:
            raise RuleBroken(RULES["P-03"], "购买方式已经批准。", clause=METHOD)

    def _not_own(self, by: str) -> None:
        if one_office(by, self.purchaser):
            raise _broken("P-02", "购买方不得审核自己的计划。", None, OURS)

    def _is(self, status: PlanStatus, detail: str) -> None:
        if self.status is not status:
            raise _broken("P-02", detail, None)


def once(known: Plan | None) -> None:
    """P-02: one a purchaser and year."""
    if known is not None:
        raise _broken("P-02", "该年度已有计划，可修改或按一事一议新增。", "year")


def foreseen(year: int, now: datetime) -> None:
    """P-02: no plan is made for later than next year, nor for one of which nothing could be signed any more (ours)."""
    this = local_date(now).year
    if year > this + 1:
        raise _broken("P-02", "计划最早提前一年编制。", "year", OURS)
    if year < this - 1:
        raise _broken("P-02", f"{year} 年的计划已不能签约，不再编制。", "year", OURS)


def drawn_up(said: Draft, catalogue: Catalogue, policy: ProcurementPolicy) -> None:
    """P-01 to P-04: each item, the budget lines, and nothing cut into parts."""
    _once((one.code for one in said.lines), "lines")
    _once((one.code for one in said.items), "items")
    _once((one.renews for one in said.items if one.renews), "renews")
    spent: dict[str, int] = defaultdict(int)
    holds = {one.code: one.amount for one in said.lines}
    for place, item in enumerate(said.items):
        with said_of("items", place):
            check(item, catalogue, policy)
            if item.line not in holds:
                raise _broken("P-02", f"没有预算科目 {item.line}。", "line")
        spent[item.line] += item.amount
    for line, amount in spent.items():
        if amount > holds[line]:
            over = amount - holds[line]
            raise _broken("P-02", f"预算科目 {line} 超出 {over} 分。", "lines")
    shared(said.items)
    uncut(said.items, policy)


def _beside(item: Item, others: Iterable[Item], policy: ProcurementPolicy) -> None:
    """P-03, P-04: what else is bought in its way and of its entry; what others come to is nothing against it."""
    before = tuple(others)
    joined(item, before)
    if is_part(item, policy):
        uncut((item, *(one for one in before if one.entry == item.entry)), policy)


def _still_as_asked(items: Iterable[Item], policy: ProcurementPolicy) -> None:
    """P-03: it isn't by what is said now, but by what the year's threshold has become, so no field is named."""
    drafted = tuple(items)
    try:
        for item in drafted:
            by_method(item, policy)
        uncut(drafted, policy)
    except RuleBroken as broken:
        detail = f"按现行的公开招标数额标准：{broken.detail}请修改计划后再报送。"
        raise RuleBroken(broken.rule, detail, clause=broken.clause or OURS) from broken


def _still_shared(approved: Iterable[Item]) -> None:
    """P-04: of what is left, as a struck project takes its sum from under the lots of its call."""
    try:
        shared(approved)
    except RuleBroken as broken:
        detail = f"按列入购买服务项目表的项目计算：{broken.detail}"
        clause = broken.clause or OURS
        raise RuleBroken(broken.rule, detail, clause=clause, field="approved") from broken


def _once(codes: Iterable[str], field: str) -> None:
    listed = list(codes)
    if len(set(listed)) < len(listed):
        raise Malformed("不得重复。", field=field)


def _broken(rule: str, detail: str, field: str | None, clause: str = PLANNING) -> RuleBroken:
    return RuleBroken(RULES[rule], detail, clause=clause, field=field)


def evolve(plan: Plan | None, event: PlanEvent) -> Plan:
    if isinstance(event, PlanDrafted):
        return Plan(
            id=event.plan,
            purchaser=event.purchaser,
            year=event.year,
            lines=event.draft.lines,
            items=event.draft.items,
        )
    if plan is None:
        raise ValueError("a plan begins by being drafted")
    match event:
        case PlanRevised():
            return replace(plan, lines=event.draft.lines, items=event.draft.items)
        case PlanSubmitted():
            return replace(plan, status=PlanStatus.SUBMITTED)
        case PlanReviewed():
            after = PlanStatus.REVIEWED if event.agreed else PlanStatus.DRAFTED
            return replace(plan, status=after, opinion=event.opinion)
        case PlanReturned():
            return replace(
                plan, status=PlanStatus.DRAFTED, opinion=event.reason, approved=(), methods=()
            )
        case PlanExamined():
            return replace(
                plan, status=PlanStatus.EXAMINED, approved=event.approved, opinion=event.opinion
            )
        case PlanPublished():
            return replace(plan, status=PlanStatus.PUBLISHED, published_at=event.at)
        case MatterReported():
            others = (one for one in plan.reported if one.code != event.item.code)
            return replace(plan, reported=(*others, event.item))
        case MatterSettled():
            return _settled(plan, event)
        case MethodApproved():
            return replace(plan, methods=(*plan.methods, event.item))
        case _:
            assert_never(event)


def _settled(plan: Plan, event: MatterSettled) -> Plan:
    [matter] = (one for one in plan.reported if one.code == event.item)
    return replace(
        plan,
        items=(*plan.items, replace(matter, amount=event.amount)),
        approved=(*plan.approved, event.item),
        reported=tuple(one for one in plan.reported if one is not matter),
        settled=(*plan.settled, event),
    )
