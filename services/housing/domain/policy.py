"""The numbers the documents leave open: the platform's defaults, which the district may change."""

from dataclasses import dataclass

from chassis.kernel.errors import Malformed
from chassis.kernel.media import LARGEST
from chassis.kernel.terms import check_terms

from .booking import FURTHEST


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long evidence is kept after the last that happened to agreements that are done with (H-04)."""

    evidence_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HousingPolicy:
    evidence_bytes: int
    booking_days_ahead: int
    import_lines: int
    retention: Retention


def check(policy: HousingPolicy) -> None:
    if not 1 <= policy.evidence_bytes <= LARGEST:
        raise Malformed(f"佐证文件上限须在 1 与 {LARGEST} 之间。", field="evidence_bytes")
    if not 0 <= policy.booking_days_ahead <= FURTHEST:
        raise Malformed(f"可提前预订的天数须在 0 与 {FURTHEST} 之间。", field="booking_days_ahead")
    if not 1 <= policy.import_lines <= 1_000_000:
        raise Malformed("一次导入的行数须在 1 与 1000000 之间。", field="import_lines")
    check_terms(policy.retention)
