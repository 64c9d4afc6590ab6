"""What an evaluator gathers beside the focus groups: visits, interviews, and the project's volume in figures."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from chassis.kernel.errors import Malformed, RuleBroken

from .figures import Averages, Figures, averaged
from .rules import EVALUATION, RULES


class Party(StrEnum):
    """Who is interviewed: 承接方, 督导方, 受益人."""

    SUPPLIER = "supplier"
    SUPERVISOR = "supervisor"
    BENEFICIARIES = "beneficiaries"


PARTY_NAMES = {
    Party.SUPPLIER: "承接方",
    Party.SUPERVISOR: "督导方",
    Party.BENEFICIARIES: "受益人",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """`figures` are counted from the beginning, by `workers` on average; `reason` where one is lower than in the
    evaluation before."""

    visits: int
    interviewed: tuple[Party, ...]
    figures: Figures
    workers: int
    reason: str = ""
    averages: Averages | None = None

    def check(
        self,
        before: Iterable["Gathered | None"],
        *,
        supervised: bool,
        since: date,
        on: date,
    ) -> "Gathered":
        """P-16: it was visited, and everybody was heard; P-21: the figures, with their averages."""
        if self.visits < 1:
            raise _missing("须实地走访。", "gathered.visits")
        wanted = set(Party) - (set() if supervised else {Party.SUPERVISOR})
        if missing := wanted - set(self.interviewed):
            names = "、".join(PARTY_NAMES[one] for one in Party if one in missing)
            raise _missing(f"须访谈：{names}。", "gathered.interviewed")
        if len(set(self.interviewed)) < len(self.interviewed):
            raise Malformed("访谈对象不得重复。", field="gathered.interviewed")
        self.figures.check()
        last = [one for one in before if one is not None]
        if last:
            self.figures.follow(last[-1].figures, self.reason)
        months = (on.year - since.year) * 12 + on.month - since.month + 1
        return replace(self, averages=averaged(self.figures, self.workers, months))


def _missing(detail: str, field: str) -> RuleBroken:
    return RuleBroken(RULES["P-16"], detail, clause=EVALUATION, field=field)
