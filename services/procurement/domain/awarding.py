"""Awarding (定标): who is ranked first and may still have it; its plan revised; what its contract must be."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from itertools import takewhile

from chassis.kernel.clock import end_of, local_date
from chassis.kernel.errors import OURS, RuleBroken
from chassis.kernel.required import required

from . import guide
from .application import Application, Form
from .call import CALLED_FOR, Call, CallStatus
from .call_events import Awarded, CallEvent
from .events import Way
from .guide import GuideItem, Service
from .item import Item
from .lots import apart
from .programme import ProgrammeApproved, ProgrammeConfirmed, ProgrammeRevised
from .rules import AWARDING, REVISING, RULES
from .standing import Standing


def award(
    call: Call,
    *,
    supplier: str,
    standing: Standing,
    won: Iterable[Call] = (),
    out: Collection[str] = (),
    suggestions: str = "",
    now: datetime,
    days: int,
) -> tuple[CallEvent, ...]:
    """P-33: the first of the ranking who may still have it, others are `out` (ours); to be signed in `days` (P-30).
    `won` is what the same supplier was awarded in that year. P-36: that it is late is found first."""
    may_award(call)
    before = ranked_before(call, supplier)
    if any(one not in out for one in before) or len(before) == len(call.ranking):
        raise RuleBroken(
            RULES["P-33"], "按评审排名确定承接方。", clause=_awarded_under(call), field="supplier"
        )
    may_have(call, standing, won)
    [theirs] = (one for one in call.applications if one.supplier == supplier)
    awarded = Awarded(
        supplier=supplier,
        amount=theirs.amount,
        sign_by=end_of(local_date(now) + timedelta(days=days)),
        suggestions=suggestions,
        passed_over=before,
        at=now,
    )
    return *call.miss(now), awarded


def ranked_before(call: Call, supplier: str) -> tuple[str, ...]:
    """All of the ranking, where it isn't in it."""
    order = (one.supplier for one in call.ranking)
    return tuple(takewhile(lambda one: one != supplier, order))


def may_have(call: Call, standing: Standing, won: Iterable[Call]) -> None:
    """P-38, P-07: whose place in the ranking counts."""
    apart(call, won)
    standing.must_bid()


def is_out(call: Call, standing: Standing, won: Iterable[Call]) -> bool:
    """P-33 (ours): barred, gone, or with a lot of the same year since it applied."""
    try:
        may_have(call, standing, won)
    except RuleBroken:
        return True
    return False


def revise(
    call: Call,
    *,
    form: Form,
    services: tuple[Service, ...],
    known: Iterable[GuideItem],
    now: datetime,
) -> ProgrammeRevised:
    """P-33, P-05, P-34: by the winner; what it offers is still what the guide wants."""
    may_revise(call)
    form.filled()
    guide.check(services, winner(call).populations, known)
    return ProgrammeRevised(form=form, services=services, at=now)


def confirm(call: Call, now: datetime) -> ProgrammeConfirmed:
    may_confirm(call)
    return ProgrammeConfirmed(at=now)


def approve(call: Call, *, approved: bool, opinion: str, now: datetime) -> ProgrammeApproved:
    may_approve(call)
    required(opinion, "opinion")
    return ProgrammeApproved(approved=approved, opinion=opinion, at=now)


def winner(call: Call) -> Application:
    """What was awarded, as it was applied for."""
    awarded = call.awarded
    return next(one for one in call.applications if awarded and one.supplier == awarded.supplier)


def may_award(call: Call) -> None:
    call.is_(CallStatus.RANKED, "P-33")


def may_revise(call: Call) -> None:
    """Until it is approved."""
    call.is_(CallStatus.AWARDED, "P-33")
    if call.item.way is not Way.LINKAGE:
        raise _unrevised("三社联动项目定标后修改方案。")
    if call.programme is not None and call.programme.approved_at is not None:
        raise _unrevised("方案已经审定。")


def may_confirm(call: Call) -> None:
    may_revise(call)
    if call.programme is None or call.programme.confirmed_at is not None:
        raise _unrevised("没有待社区确认的方案。")
    if call.programme.opinion is not None:
        raise _unrevised("方案未获审定，机构修改后社区方可再次确认。")


def carries_out(together: str | None, community: str | None) -> None:
    """P-33: the community that applied, or what it was merged into since (`together`), and no other confirms."""
    if community != together:
        raise _unrevised("方案由联合申报的社区确认；该社区已并入其他社区的，由后者确认。")


def may_approve(call: Call) -> None:
    may_revise(call)
    if call.programme is None or call.programme.confirmed_at is None:
        raise _unrevised("机构修改、社区确认后方可审定方案。")


def bought_by(call: Call | None, item: Item) -> Call | None:
    """P-33: by which call an item is bought, `call` being its own: a renewal by none, 三社联动 and 社区营造 always by
    one, and one's own purchase, which may be tendered elsewhere, by the one that stands (ours)."""
    if item.renews is not None:
        return None
    if item.way in CALLED_FOR:
        if call is None:
            detail = "三社联动和社区营造项目须经征集定标后签约。"
            clause = AWARDING if item.way is Way.LINKAGE else OURS
            raise RuleBroken(RULES["P-33"], detail, clause=clause, field="item")
        return call
    return call if call is not None and call.status is not CallStatus.CANCELLED else None


def won(call: Call, supplier: str, project: str, amount: int) -> None:
    """P-33: the contract of the award, and no other, once its plan is approved."""
    clause = _awarded_under(call)
    if call.awarded is None or call.status is not CallStatus.AWARDED:
        raise RuleBroken(RULES["P-33"], "征集尚未定标。", clause=clause, field="item")
    if supplier != call.awarded.supplier:
        detail = "合同由中选的承接方签订。"
        raise RuleBroken(RULES["P-33"], detail, clause=clause, field="supplier")
    if project != call.project:
        raise RuleBroken(RULES["P-33"], "与征集的项目不符。", clause=clause, field="project")
    if amount > call.awarded.amount:
        detail = f"合同金额不得超过中选的 {call.awarded.amount} 分。"
        raise RuleBroken(RULES["P-33"], detail, clause=clause, field="amount")
    approved = call.programme is not None and call.programme.approved_at is not None
    if call.item.way is Way.LINKAGE and not approved:
        detail = "方案经修改和审定后方可签约。"
        raise RuleBroken(RULES["P-33"], detail, clause=REVISING, field="item")


def carried_out_by(together: str | None, community: str | None) -> str | None:
    """P-10, P-33 (ours): the community that applied, or what it was merged into since (`together`), carries it out,
    said or not; another isn't taken."""
    if together is None:
        return community
    if community not in (None, together):
        detail = f"合同的社区是联合申报的社区，现为 {together}。"
        raise RuleBroken(RULES["P-33"], detail, clause=OURS, field="community")
    return together


def _awarded_under(call: Call) -> str:
    """The clause is of 三社联动; other ways of buying follow it (ours)."""
    return AWARDING if call.item.way is Way.LINKAGE else OURS


def _unrevised(detail: str) -> RuleBroken:
    return RuleBroken(RULES["P-33"], detail, clause=REVISING)
