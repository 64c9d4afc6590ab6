"""The district's money (P-18): what has to be set aside in a year, and how far the year's plans meet it."""

from collections.abc import Iterable
from dataclasses import dataclass

from chassis.kernel.errors import RuleBroken

from .item import Fund, Item
from .plan import Plan
from .policy import ProcurementPolicy
from .rules import BUILDING_FUND, OWN_FUND, PILOT, RULES, SOCIAL_FUND

NAMES = {
    Fund.SOCIAL: "社会组织参与社区治理经费",
    Fund.BUILDING: "社区营造经费",
    Fund.OWN: "街道自主经费",
    Fund.PILOT: "试点社区经费",
}
CLAUSES = {
    Fund.SOCIAL: SOCIAL_FUND,
    Fund.BUILDING: BUILDING_FUND,
    Fund.OWN: OWN_FUND,
    Fund.PILOT: PILOT,
}


OF_A_STREET = frozenset({Fund.OWN, Fund.PILOT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """In fen: what is `wanted` at least (None where finance hasn't fixed it), `planned`, and still `short`."""

    fund: Fund
    name: str
    clause: str
    street: str | None = None
    wanted: int | None
    planned: int
    short: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DistrictMoney:
    year: int
    measures: tuple[Measure, ...]


def measured(year: int, plans: Iterable[Plan], policy: ProcurementPolicy) -> DistrictMoney:
    """Of published plans alone, by the items that finance let stand."""
    planned: dict[tuple[Fund, str | None], int] = {}
    for plan in plans:
        for item in plan.table:
            if item.fund is not None:
                street = _street(plan.purchaser) if item.fund in OF_A_STREET else None
                about = item.fund, street
                planned[about] = planned.get(about, 0) + item.amount
    wanted: dict[tuple[Fund, str | None], int | None] = {
        (Fund.SOCIAL, None): policy.social_least,
        (Fund.BUILDING, None): policy.building_least,
    }
    wanted |= {(Fund.OWN, one.street): one.amount for one in policy.own if one.year == year}
    unfixed: dict[tuple[Fund, str | None], int | None] = dict.fromkeys(planned)
    measures = tuple(
        _measure(fund, street, least, planned.get((fund, street), 0))
        for (fund, street), least in (unfixed | wanted).items()
    )
    order = list(Fund)
    return DistrictMoney(
        year=year,
        measures=tuple(sorted(measures, key=lambda one: (order.index(one.fund), one.street or ""))),
    )


def owned(items: Iterable[Item], purchaser: str) -> None:
    """P-18, P-19: a street's own money is a street's to plan, and so is a pilot's, whose legal subject it is."""
    if any(one.fund is Fund.OWN for one in items) and not purchaser.startswith("street:"):
        detail = "街道自主经费由街道编入计划。"
        raise RuleBroken(RULES["P-18"], detail, clause=OWN_FUND, field="fund")
    if any(one.fund is Fund.PILOT for one in items) and not purchaser.startswith("street:"):
        detail = "试点社区的法律主体和监管主体为街道，经费由街道编入计划。"
        raise RuleBroken(RULES["P-19"], detail, clause=PILOT, field="fund")


def _measure(fund: Fund, street: str | None, wanted: int | None, planned: int) -> Measure:
    return Measure(
        fund=fund,
        name=NAMES[fund],
        clause=CLAUSES[fund],
        street=street,
        wanted=wanted,
        planned=planned,
        short=max((wanted or 0) - planned, 0),
    )


def _street(purchaser: str) -> str:
    return purchaser.partition(":")[2]
