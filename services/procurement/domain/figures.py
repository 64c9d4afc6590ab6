"""A project's volume in figures (服务量), counted from its beginning (官办通〔2019〕77号 附件1 六): as a whole, and a
worker and month."""

from dataclasses import asdict, dataclass, fields

from chassis.kernel.errors import OURS, Malformed, RuleBroken
from services.procurement.titles import TITLES

from .rules import RULES


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """整体: large events. 平均: the rest; `case_hours` are whole hours."""

    large_events: int = 0
    large_attendances: int = 0
    contacts: int = 0
    case_hours: int = 0
    cases_opened: int = 0
    cases_closed: int = 0
    groups: int = 0
    group_sessions: int = 0
    group_attendances: int = 0
    community_events: int = 0
    community_attendances: int = 0

    def check(self) -> None:
        if any(count < 0 for count in asdict(self).values()):
            raise Malformed("各项数字不得为负。", field="figures")
        if self.cases_closed > self.cases_opened:
            raise Malformed("结案数不得超过开案数。", field="figures")

    def follow(self, before: "Figures", reason: str) -> None:
        """P-21 (ours): a figure that falls corrects the one before, and says why."""
        fell = [
            TITLES[one.name]
            for one in fields(self)
            if getattr(self, one.name) < getattr(before, one.name)
        ]
        if fell and not reason.strip():
            detail = f"累计数低于上次须说明更正理由：{'、'.join(fell)}。"
            raise RuleBroken(RULES["P-21"], detail, clause=OURS, field="reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class Averages:
    """平均: what isn't told as a whole, by worker and month (ours), in hundredths."""

    contacts: int
    case_hours: int
    cases_opened: int
    cases_closed: int
    groups: int
    group_sessions: int
    group_attendances: int
    community_events: int
    community_attendances: int


def averaged(counted: Figures, workers: int, months: int) -> Averages:
    """P-21: of `workers` in `months`, each begun one counted; half a hundredth and more is one (ours)."""
    if workers < 1:
        raise Malformed("项目社工至少一人。", field="workers")
    of = workers * months
    return Averages(
        **{
            one.name: (200 * getattr(counted, one.name) + of) // (2 * of)
            for one in fields(Averages)
        }
    )
