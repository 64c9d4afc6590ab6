"""The shape of this service's policy: the numbers that the documents leave to the platform."""

from dataclasses import dataclass, replace
from typing import Self

from chassis.kernel.errors import Malformed, RuleBroken

from .evaluation import SCALE, Band, Parts
from .rules import EVALUATION, RULES
from .supplier import FactKind

MOST_DAYS = 365
MOST_YEARS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Bands:
    """The points from which each band begins; below the last one is unqualified."""

    excellent: int
    good: int
    qualified: int

    def of(self, points: int) -> Band:
        if points >= self.excellent:
            return Band.EXCELLENT
        if points >= self.good:
            return Band.GOOD
        if points >= self.qualified:
            return Band.QUALIFIED
        return Band.UNQUALIFIED


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnMoney:
    """A street's own money of a year as finance fixed it, in fen."""

    street: str
    year: int
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderThreshold:
    """From what a tender is open in a year, in fen."""

    year: int
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcurementPolicy:
    """The maximum of each part, the bands, and what a supplier has to show.

    In fen: from what a tender is open (P-03), where `thresholds` don't say another sum for the year; what is
    set aside in a year at least for social organisations, for
    community building, as each street's own (P-18), and as a community's for serving people (P-39).
    `pilot_part_counts`: whether a part of a further 10,000 households does (P-19). In working days: to make
    a result or an evaluation public (P-36), and to put right what was found; `missed_points` is what an
    evaluation loses by each that wasn't (P-26). In days: to sign after an award, in years: how long a
    contract's term is at most (P-30).
    """

    parts: Parts
    bands: Bands
    supplier_facts: tuple[FactKind, ...] = ()
    open_tender_from: int = 200_000_000
    thresholds: tuple[TenderThreshold, ...] = ()
    pilot_part_counts: bool = False
    social_least: int = 100_000_000
    building_least: int = 3_000_000_000
    own: tuple[OwnMoney, ...] = ()
    serving_least: int = 20_000_000
    publish_days: int = 10
    sign_days: int = 30
    term_years: int = 3
    put_right_days: int = 10
    missed_points: int = 10

    def of(self, year: int) -> Self:
        """As it is for what is bought in that year."""
        set_for = {one.year: one.amount for one in self.thresholds}
        return replace(self, open_tender_from=set_for.get(year, self.open_tender_from))


def check(policy: ProcurementPolicy) -> None:
    """P-16: the four maxima are the 1000-point scale; the bands lie on it, best first."""
    if policy.parts.total != SCALE:
        raise RuleBroken(
            RULES["P-16"], f"四个部分的满分合计须为 {SCALE} 分。", clause=EVALUATION, field="parts"
        )
    policy.parts.fit(Parts(professional=SCALE, output=SCALE, quality=SCALE, management=SCALE))
    bands = policy.bands
    if policy.open_tender_from <= 0:
        raise Malformed("金额为正整数，单位为分。", field="open_tender_from")
    years = {one.year for one in policy.thresholds}
    if len(years) < len(policy.thresholds) or any(one.amount <= 0 for one in policy.thresholds):
        raise Malformed("每年一个公开招标数额标准，为正整数，单位为分。", field="thresholds")
    _times(policy)
    for field in ("social_least", "building_least", "serving_least"):
        if getattr(policy, field) < 0:
            raise Malformed("金额不得为负，单位为分。", field=field)
    fixed = {(one.street, one.year) for one in policy.own}
    if len(fixed) < len(policy.own) or any(one.amount < 0 for one in policy.own):
        raise Malformed("每个街道每年各一个金额，不得为负。", field="own")
    if len(set(policy.supplier_facts)) < len(policy.supplier_facts):
        raise Malformed("条件不得重复。", field="supplier_facts")
    if not 0 <= policy.missed_points <= SCALE:
        raise Malformed("扣分在量表之内。", field="missed_points")
    if not 0 < bands.qualified < bands.good < bands.excellent <= SCALE:
        raise Malformed("等次分数线须在量表之内，由高到低。", field="bands")


def _times(policy: ProcurementPolicy) -> None:
    for field in ("publish_days", "sign_days", "put_right_days"):
        if not 0 < getattr(policy, field) <= MOST_DAYS:
            raise Malformed(f"天数为 1 到 {MOST_DAYS}。", field=field)
    if not 0 < policy.term_years <= MOST_YEARS:
        raise Malformed(f"年数为 1 到 {MOST_YEARS}。", field="term_years")
