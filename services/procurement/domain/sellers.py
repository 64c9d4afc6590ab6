"""Whom only some may buy from: streets and residents' committees (P-28)."""

from chassis.kernel.errors import RuleBroken
from chassis.kernel.required import required_by

from .rules import BEYOND_LISTS, FROM_STREETS, RULES
from .supplier import BY_CONTRACT, SupplierKind


def may_sell(kind: SupplierKind, purchaser: str, outside: str) -> None:
    """P-28: departments buy from streets, streets from residents' committees for work outside the two lists."""
    buyer = purchaser.partition(":")[0]
    if kind is SupplierKind.STREET and buyer != "department":
        detail = "向街道购买服务的为区级部门。"
        raise RuleBroken(RULES["P-28"], detail, clause=FROM_STREETS, field="supplier")
    if kind is SupplierKind.COMMITTEE:
        if buyer != "street":
            detail = "向居委会购买服务的为街道。"
            raise RuleBroken(RULES["P-28"], detail, clause=BEYOND_LISTS, field="supplier")
        detail = "须写明属于两个清单以外的工作。"
        required_by(RULES["P-28"], outside, "outside", detail, clause=BEYOND_LISTS)


def may_apply(kind: SupplierKind) -> None:
    """P-28 (ours): a call is for organisations."""
    if kind in BY_CONTRACT:
        detail = "街道和居委会不参加征集。"
        raise RuleBroken(RULES["P-28"], detail, clause=FROM_STREETS, field="supplier")
