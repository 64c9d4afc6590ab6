"""Signing a contract: with a supplier who may bid, by who may buy; or for another year (续签)."""

from chassis.kernel.errors import Malformed, RuleBroken
from chassis.kernel.said import said

from .contract import Contract
from .events import ContractSigned
from .payment import plan
from .rules import RULES
from .standing import Standing


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


def renew(known: Contract | None, previous: Contract, signed: ContractSigned) -> ContractSigned:
    """P-13: the same project with the same supplier for the next year, once the supplier agreed to it.

    `known`: the contract for that year, where it was signed before.
    """
    if known is not None:
        raise RuleBroken(RULES["P-13"], "该合同已经续签。", field="renews")
    if previous.agreed_at is None:
        raise RuleBroken(RULES["P-13"], "承接方尚未同意续签。", field="renews")
    if signed.year != previous.year + 1:
        raise RuleBroken(RULES["P-13"], "续签逐年签订，年度应为上一合同的次年。", field="year")
    for field in ("supplier", "project", "street", "community", "way"):
        if getattr(signed, field) != getattr(previous, field):
            raise RuleBroken(RULES["P-13"], "续签的项目与各方须与上一合同一致。", field=field)
    return signed
