"""The shape of this service's policy: the numbers that the documents leave to the platform."""

from collections.abc import Mapping
from dataclasses import dataclass

from chassis.kernel.clock import Budget
from chassis.kernel.errors import Malformed

from .events import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Rungs:
    """Working days after a miss until the unit's head, the linked leader, the discipline group hear."""

    head: int
    linked_leader: int
    discipline: int

    def days(self) -> tuple[tuple[str, int], ...]:
        return (
            ("head", self.head),
            ("linked_leader", self.linked_leader),
            ("discipline", self.discipline),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoring:
    """Points and percents of W-09, and what an irregular whistle costs (W-04)."""

    grid_percent: int
    street_percent: int
    late_arrival: int
    late_handling_each_day: int
    late_handling_most: int
    each_return: int
    irregular_costs: int
    year_starts_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopening:
    """How many days after the answer a case may be reopened."""

    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """What a problem can be about, and the unit that usually answers for it."""

    name: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WhistlePolicy:
    """Budgets by kind of whistle, rungs, scoring, reopening and categories."""

    arrival: Mapping[str, Budget]
    handling: Mapping[str, Budget]
    rungs: Rungs
    scoring: Scoring
    reopening: Reopening
    categories: Mapping[str, Category]


def check(policy: WhistlePolicy) -> None:
    """What the shapes alone don't say; Malformed names the field."""
    for field in ("arrival", "handling"):
        missing = [kind for kind in Kind if kind not in getattr(policy, field)]
        if missing:
            raise Malformed(f"缺少 {missing[0]} 类哨的时限。", field=field)
    if policy.scoring.grid_percent + policy.scoring.street_percent != 100:
        raise Malformed("网格评价与街道评价的权重之和应为 100。", field="scoring")
    days = [day for _, day in policy.rungs.days()]
    if days != sorted(set(days)) or days[0] < 1:
        raise Malformed("各级提醒的工作日数应从 1 起逐级增加。", field="rungs")
    if not policy.categories:
        raise Malformed("类别不能为空。", field="categories")
