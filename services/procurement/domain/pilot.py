"""P-19: the pilot's budget of a community (官民函〔2022〕61号), by what the register knows of it; fen a year."""

from dataclasses import dataclass

from chassis.kernel.errors import RuleBroken

from .item import Fund, Item
from .policy import ProcurementPolicy
from .rules import PILOT, RULES

YUAN = 100
OFFICE = 300_000 * YUAN
OFFICE_MORE = 100_000 * YUAN
LEAST = 10_000
INCLUDED = 20_000
STEP = 10_000
"""Households: office money begins at 10,000, covers up to 20,000, and rises with every further 10,000."""
SERVICES = {"self_governed": 50 * YUAN, "public_unit": 20 * YUAN, "property_managed": 30 * YUAN}
"""For services, of a household by the kind of its yard."""


WORKERS_LEAST, WORKERS_MOST = 3, 5


def carried_out(item: Item, community: str | None, workers: int) -> None:
    """P-19: what is bought for a pilot, a community carries out for its street, with its social workers."""
    if item.fund is not Fund.PILOT:
        return
    if community is None:
        detail = "试点项目由社区受托实施，须写明社区。"
        raise RuleBroken(RULES["P-19"], detail, clause=PILOT, field="community")
    if not WORKERS_LEAST <= workers <= WORKERS_MOST:
        detail = f"试点社区配备专业社工 {WORKERS_LEAST} 至 {WORKERS_MOST} 名。"
        raise RuleBroken(RULES["P-19"], detail, clause=PILOT, field="workers")


@dataclass(frozen=True, slots=True, kw_only=True)
class Households:
    """Of a community, and by the kind of yard where they were counted."""

    all: int | None
    self_governed: int = 0
    public_unit: int = 0
    property_managed: int = 0
    counted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PilotBudget:
    """Fen a year; None where the text gives no figure, with why in `open`. The community is to have from
    `workers_least` to `workers_most` professional social workers."""

    community: str
    households: Households
    office: int | None
    services: dict[str, int] | None
    total: int | None
    open: tuple[str, ...]
    workers_least: int = WORKERS_LEAST
    workers_most: int = WORKERS_MOST


def budget(community: str, households: Households, policy: ProcurementPolicy) -> PilotBudget:
    """What the text leaves open is the policy's, and said with the result."""
    left_open: list[str] = []
    office = _office(households.all, policy, left_open)
    services = None
    if households.counted:
        services = {kind: rate * getattr(households, kind) for kind, rate in SERVICES.items()}
        left_open.append("购买服务经费按每户每年计（平台默认）")
    else:
        left_open.append("院落户数尚未统计，没有购买服务经费的数字")
    total = None if office is None or services is None else office + sum(services.values())
    return PilotBudget(
        community=community,
        households=households,
        office=office,
        services=services,
        total=total,
        open=tuple(left_open),
    )


def _office(households: int | None, policy: ProcurementPolicy, left_open: list[str]) -> int | None:
    if households is None:
        left_open.append("登记册中没有户数")
        return None
    if households < LEAST:
        left_open.append("不足一万户的，文件没有规定办公经费")
        return None
    beyond = max(0, households - INCLUDED)
    steps, rest = divmod(beyond, STEP)
    if rest:
        how = "按一万户计" if policy.pilot_part_counts else "不计"
        left_open.append(f"两万户以上不足一万户的部分{how}（平台默认）")
        steps += 1 if policy.pilot_part_counts else 0
    return OFFICE + steps * OFFICE_MORE
