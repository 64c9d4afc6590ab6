"""Signing a contract: with a supplier who may bid, by who may buy; or for another year (续签)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from chassis.kernel.clock import local_date
from chassis.kernel.errors import OURS, Malformed, RuleBroken
from chassis.kernel.required import required, required_by

from .contract import Contract
from .events import ContractSigned
from .item import Item, Method
from .payment import plan
from .policy import ProcurementPolicy
from .resettling import carried_by
from .rules import METHOD, PLANNING, PURCHASERS, RULES, UNQUALIFIED
from .standing import Standing

DEPARTMENT = "department"


def sign(signed: ContractSigned, standing: Standing) -> ContractSigned:
    """P-07: not with a supplier who may not bid for this project in this year."""
    required(signed.title, "title")
    may_buy(signed.purchaser)
    if min(plan(signed.amount).values()) <= 0:
        raise Malformed("合同金额以分为单位，每次拨付至少一分。", field="amount")
    standing.must_bid()
    in_its_year(signed.year, signed.at)
    return signed


def year_of(planned: int, now: datetime) -> int:
    """P-07: the year in which a supplier may not be sitting out: who sits out this one applies for nothing and signs
    nothing in it that was planned for it or before."""
    return max(planned, local_date(now).year)


def in_its_year(year: int, now: datetime) -> None:
    """P-02: what is planned for a year is signed for in it, or in the next, as its call may end then (ours): of
    years to come there is no budget yet."""
    if not year <= local_date(now).year <= year + 1:
        detail = f"{year} 年计划的项目在当年签约，最迟次年。"
        raise RuleBroken(RULES["P-02"], detail, clause=OURS, field="plan")


def may_buy(office: str, listed_as: str | None = None) -> None:
    """P-28: a community only carries out; nor does buy what the register of units lists as something else than a
    department (ours)."""
    if listed_as not in (None, DEPARTMENT):
        raise RuleBroken(RULES["P-28"], "该单位不是登记在册的部门，不是购买主体。", clause=OURS)
    if office.partition(":")[0] == "community":
        raise RuleBroken(RULES["P-28"], "社区不是购买主体，只能受托实施。", clause=PURCHASERS)


def traded(item: Item, policy: ProcurementPolicy, number: str) -> None:
    """P-03: from the threshold on a tender goes through the city's public resource trading centre."""
    if item.method is Method.OPEN_TENDER and item.amount >= policy.open_tender_from:
        detail = "达到公开招标数额标准的，须写明市公共资源交易中心的项目编号。"
        required_by(RULES["P-03"], number, "trade", detail, clause=METHOD)


def once(known: Contract | None) -> None:
    """P-02: an item is bought once, unless its contract ended early and another takes its place."""
    if known is not None and known.ended_early:
        detail = "该项目的合同已提前结束，另行签订须写明最近一份提前结束的合同（原合同）。"
        raise RuleBroken(RULES["P-02"], detail, clause=OURS, field="replaces")
    if known is not None:
        raise RuleBroken(RULES["P-02"], "该项目已经签订合同。", clause=OURS, field="item")


def replace_ended(previous: Contract, signed: ContractSigned, planned: int) -> ContractSigned:
    """P-02: what ended early, of the same item, for what is left of the `planned` fen."""
    if not previous.ended_early or (previous.plan, previous.item) != (signed.plan, signed.item):
        detail = "只有同一项目提前结束的合同可以另行签订。"
        raise RuleBroken(RULES["P-02"], detail, clause=OURS, field="replaces")
    left = planned - previous.paid_of_item
    if signed.amount > left:
        paid = previous.paid_of_item
        detail = f"该项目已拨付 {paid} 分，另行签订的合同不得超过余下的 {left} 分。"
        raise RuleBroken(RULES["P-02"], detail, clause=PLANNING, field="amount")
    return replace(signed, paid_before=previous.paid_of_item)


def to_call_for(item: Item, signed: Iterable[Contract]) -> Item:
    """P-02: not what is contracted; again what ended early, for what wasn't paid of it till then (ours). P-13: nor what
    goes on from a contract, which nobody but its supplier may sign."""
    if item.renews is not None:
        detail = "续签的项目由原承接方续签，不再征集；不续签的，另列项目。"
        raise RuleBroken(RULES["P-13"], detail, clause=UNQUALIFIED, field="item")
    earlier = list(signed)
    once(next((one for one in earlier if not one.ended_early), None))
    left = item.amount - max((one.paid_of_item for one in earlier), default=0)
    if left <= 0:
        detail = "该项目的款项已经全部拨付。"
        raise RuleBroken(RULES["P-02"], detail, clause=PLANNING, field="item")
    return replace(item, amount=left)


def renew(previous: Contract, signed: ContractSigned) -> None:
    """P-13: the same project with the same supplier for the next year, once the supplier agreed to it. Ours: what a
    street bought stays in it, what others bought is where its community lies now."""
    if previous.agreed_at is None:
        raise RuleBroken(RULES["P-13"], "承接方尚未同意续签。", clause=UNQUALIFIED, field="item")
    if previous.ended_early:
        raise RuleBroken(
            RULES["P-13"], "上一合同已提前终止，不得续签。", clause=UNQUALIFIED, field="item"
        )
    if signed.year != previous.year + 1:
        raise RuleBroken(
            RULES["P-13"],
            "续签逐年签订，应列入上一合同次年的计划。",
            clause=UNQUALIFIED,
            field="plan",
        )
    settled = signed.community is None or signed.purchaser.startswith("street:")
    street = previous.street if settled else signed.street
    same = replace(previous, community=carried_by(previous), street=street)
    for field in ("supplier", "project", "street", "community", "way"):
        if getattr(signed, field) != getattr(same, field):
            raise RuleBroken(
                RULES["P-13"], "续签的项目与各方须与上一合同一致。", clause=UNQUALIFIED, field=field
            )
