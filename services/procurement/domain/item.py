"""One item of a yearly plan (购买服务项目), and what it has to say before it may be bought."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from chassis.kernel.errors import OURS, Malformed, RuleBroken
from chassis.kernel.required import required

from . import condition
from .catalogue import NEW, Catalogue
from .condition import Condition
from .events import Way
from .policy import ProcurementPolicy
from .rules import BOUGHT, METHOD, NEW_SERVICES, RULES


class Method(StrEnum):
    """How its supplier is found (购买方式): by competition, or as the document allows where there can be none."""

    OPEN_TENDER = "open_tender"
    INVITED_TENDER = "invited_tender"
    NEGOTIATION = "negotiation"
    SINGLE_SOURCE = "single_source"
    INQUIRY = "inquiry"
    CONCESSION = "concession"
    ENTRUSTMENT = "entrustment"
    CO_OPERATION = "co_operation"
    IN_PARTS = "in_parts"
    ADDITION = "addition"
    FIXED_SUBSIDY = "fixed_subsidy"
    AWARD_SUBSIDY = "award_subsidy"


WITHOUT_COMPETITION = frozenset(Method) - {
    Method.OPEN_TENDER,
    Method.INVITED_TENDER,
    Method.NEGOTIATION,
    Method.SINGLE_SOURCE,
    Method.INQUIRY,
}
"""Reviewed by finance and approved by the district before the contract (官政办通〔2016〕40号 二.4.3)."""


class Fund(StrEnum):
    """Which of the district's money an item counts to: 社会组织参与, 社区营造, 街道自主经费, 试点社区经费."""

    SOCIAL = "social"
    BUILDING = "building"
    OWN = "own"
    PILOT = "pilot"


class Lot(StrEnum):
    """项目评估类 and 督导类: bought for a whole call, like a project of their own."""

    EVALUATION = "evaluation"
    SUPERVISION = "supervision"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """Of an item's amount, in fen: what goes to people, to its evaluation and to its supervision."""

    personnel: int
    evaluation: int
    supervision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What is to be bought: `amount` in fen from budget line `line`, for catalogue entry `entry`.

    `ground` is why something new is bought (class F) or nobody may compete; `renews` the contract that
    it goes on from; `needs` what it answers; `fund` the district's money that it counts to;
    a `lot` evaluates or supervises the other projects of its call; `conditions` are asked of its supplier.
    """

    code: str
    way: Way
    entry: str
    title: str
    line: str
    amount: int
    method: Method
    targets: str
    standard: str
    needs: tuple[str, ...] = ()
    ground: str = ""
    shares: Shares | None = None
    renews: str | None = None
    fund: Fund | None = None
    lot: Lot | None = None
    conditions: tuple[Condition, ...] = ()


def check(item: Item, catalogue: Catalogue, policy: ProcurementPolicy) -> None:
    """P-01 to P-03, P-06: what is true of one item by itself."""
    if item.amount <= 0:
        raise Malformed("金额为正整数，单位为分。", field="amount")
    for field in ("title", "targets", "standard"):
        required(getattr(item, field), field)
    entry = catalogue.entry(item.entry)
    if entry is None:
        detail = f"{catalogue.year} 年目录中没有 {item.entry}。"
        raise RuleBroken(RULES["P-01"], detail, clause=BOUGHT, field="entry")
    if entry.code.startswith(NEW) and not item.ground.strip():
        detail = "新增、临时性、阶段性服务须写明理由。"
        raise RuleBroken(RULES["P-01"], detail, clause=NEW_SERVICES, field="ground")
    by_method(item, policy)
    condition.check(item.conditions)


def by_method(item: Item, policy: ProcurementPolicy) -> None:
    """P-03: as its sum asks for, or with the ground why nobody can compete."""
    if item.method in WITHOUT_COMPETITION:
        if not item.ground.strip():
            detail = "不具备竞争条件的购买方式须写明理由。"
            raise RuleBroken(RULES["P-03"], detail, clause=METHOD, field="ground")
    elif item.amount >= policy.open_tender_from and item.method is not Method.OPEN_TENDER:
        detail = "达到公开招标数额标准的，应公开招标。"
        raise RuleBroken(RULES["P-03"], detail, clause=METHOD, field="method")


def uncut(items: Iterable[Item], policy: ProcurementPolicy) -> None:
    """P-03 (ours): parts of one entry that reach the threshold together."""
    together: dict[str, int] = defaultdict(int)
    for item in items:
        if is_part(item, policy):
            together[item.entry] += item.amount
    for entry, amount in together.items():
        if amount >= policy.open_tender_from:
            detail = f"{entry} 各项合计达到公开招标数额标准，不得拆分；确需大项目分包的须经批准。"
            raise RuleBroken(RULES["P-03"], detail, clause=OURS, field="items")


def is_part(item: Item, policy: ProcurementPolicy) -> bool:
    """Below the threshold by itself; of the projects of a call, each one a community's, no open tender is."""
    own = item.way is Way.PURCHASE or item.method is not Method.OPEN_TENDER
    return own and item.method not in WITHOUT_COMPETITION and item.amount < policy.open_tender_from
