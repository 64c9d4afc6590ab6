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
    quarter's end.
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

    @property
    def bounds(self) -> Bounds:
        return Bounds(below=self.weak_below * 100, fall=self.weak_fall * 100)

    def due(self, year: int) -> date:
        """In a month that is shorter, its last day."""
        last = monthrange(year, self.filing_month)[1]
        return date(year, self.filing_month, min(self.filing_day, last))


def check(policy: IndexPolicy) -> None:
    if not 1 <= policy.filing_month <= 12:
        raise Malformed("截止月须在 1 与 12 之间。", field="filing_month")
    if not 1 <= policy.filing_day <= 31:
        raise Malformed("截止日须在 1 与 31 之间。", field="filing_day")
    if not 1 <= policy.coverage_percent <= 100:
        raise Malformed("覆盖率门槛须在 1 与 100 之间。", field="coverage_percent")
    if not 0 <= policy.weak_below <= 100:
        raise Malformed("薄弱界限须在 0 与 100 分之间。", field="weak_below")
    if not 1 <= policy.weak_fall <= 100:
        raise Malformed("下降界限须在 1 与 100 分之间。", field="weak_fall")
    if not 1 <= policy.satisfaction_percent <= 100:
        raise Malformed("满意度权重须在 1 与 100 之间。", field="satisfaction_percent")
    if not 0 <= policy.lowest_points <= 42:
        raise Malformed("短板测量点数须在 0 与 42 之间。", field="lowest_points")
    if not 0 <= policy.survey_below <= 100:
        raise Malformed("满意度界限须在 0 与 100 分之间。", field="survey_below")
    if not 0 <= policy.close_days <= 60:
        raise Malformed("季后天数须在 0 与 60 之间。", field="close_days")
    if not 100 <= policy.draws <= 10_000:
        raise Malformed("抽样次数须在 100 与 10000 之间。", field="draws")
    if not 1 <= policy.remind_days <= 90:
        raise Malformed("提前提醒的天数须在 1 与 90 之间。", field="remind_days")
