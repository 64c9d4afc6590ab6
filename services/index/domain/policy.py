"""The numbers the documents leave open: the platform's defaults, which the district may change."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from chassis.kernel.errors import Malformed

from .weakness import Bounds


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexPolicy:
    """By which day of a year its figures are filed, and how many days before that who hasn't is told.

    `satisfaction_percent`: the least weight of residents' satisfaction where streets or communities are measured.
    `lowest_points`: how many points an edition asks about besides the binding ones that miss their goal.
    `coverage_percent`: of a level's weight, without which it has no score; `draws`: how often an index
    is drawn to say how sure it is; `survey_below`, `weak_below`, `weak_fall` in points, looked at `close_days` after a
    quarter's end. `share_most`: what a share of a whole may be filed as, in percent.
    """

    filing_month: int
    filing_day: int
    remind_days: int
    coverage_percent: int
    draws: int
    weak_below: int
    weak_fall: int
    survey_below: int
    lowest_points: int
    satisfaction_percent: int
    close_days: int
    share_most: int = 100

    @property
    def bounds(self) -> Bounds:
        return Bounds(below=self.weak_below * 100, fall=self.weak_fall * 100)

    def due(self, year: int) -> date:
        """In a month that is shorter, its last day."""
        last = monthrange(year, self.filing_month)[1]
        return date(year, self.filing_month, min(self.filing_day, last))


WITHIN: tuple[tuple[str, int, int, str], ...] = (
    ("filing_month", 1, 12, "截止月须在 1 与 12 之间。"),
    ("filing_day", 1, 31, "截止日须在 1 与 31 之间。"),
    ("coverage_percent", 1, 100, "覆盖率门槛须在 1 与 100 之间。"),
    ("weak_below", 0, 100, "薄弱界限须在 0 与 100 分之间。"),
    ("weak_fall", 1, 100, "下降界限须在 1 与 100 分之间。"),
    ("satisfaction_percent", 1, 100, "满意度权重须在 1 与 100 之间。"),
    ("lowest_points", 0, 42, "短板测量点数须在 0 与 42 之间。"),
    ("survey_below", 0, 100, "满意度界限须在 0 与 100 分之间。"),
    ("close_days", 0, 60, "季后天数须在 0 与 60 之间。"),
    ("draws", 100, 10_000, "抽样次数须在 100 与 10000 之间。"),
    ("share_most", 100, 1000, "占比上限须在 100 与 1000 之间。"),
    ("remind_days", 1, 90, "提前提醒的天数须在 1 与 90 之间。"),
)
"""What each may be, and how that is said."""


def check(policy: IndexPolicy) -> None:
    for name, least, most, wanting in WITHIN:
        if not least <= getattr(policy, name) <= most:
            raise Malformed(wanting, field=name)
