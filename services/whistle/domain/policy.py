"""The shape of this service's policy: the numbers that the documents leave to the platform."""

from collections.abc import Mapping
from dataclasses import dataclass

from chassis.kernel.clock import Budget, Pace
from chassis.kernel.errors import Malformed, RuleBroken
from chassis.kernel.media import LARGEST, LARGEST_PHOTO
from chassis.kernel.terms import check_terms

from .events import Kind
from .rules import RULES

LEAST_WEIGHT = 20
"""Percent, by the document (W-10)."""


MOST_PHOTOS = 10
MOST_BETWEEN = 10
"""Working days."""
LONGEST_TOLD = 300


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
class Competence:
    """How often units may say whose it is before the centre decides, and how long it then has."""

    returns: int
    decision: Budget


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What the whistles weigh in a department's year, and how long it may appeal."""

    weight_percent: int
    appeal_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Appealing:
    """How long the district has to decide an appeal."""

    decision: Budget


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """From how many whistles in the year a department is in the middle and in the large group."""

    middle: int
    large: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Accountability:
    """So many reports of one place within so many days, and how many working days there are to act on each
    before the next is one more; how long the holder has to answer.
    """

    reports: int
    days: int
    apart: int
    answer: Budget


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """Counts below `least` are not shown where they could point at a person."""

    least: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """How large a file may be, in bytes, and of which kinds arrivals and results want a proof (W-05)."""

    bytes: int
    arrival: tuple[Kind, ...] = ()
    result: tuple[Kind, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Urging:
    """Which kinds of whistle are urged (W-18), and how many working days lie between once and once more."""

    kinds: tuple[Kind, ...]
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoLimits:
    """How many photographs a resident may add to one report, and how large each, in bytes."""

    most: int
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Open311:
    """Where the public interface is and whom to ask about it; how often one address may post."""

    url: str
    contact: str
    posts_each_minute: int
    posts_each_day: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What a reporter who left a way to be reached is told; `{number}` is the case's. Nothing where empty."""

    arrived: str
    answered: str
    settled: str
    handled: str = ""
    """Empty in what a district adopted before there was anything to say of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long who reported (W-16), and proofs (W-05), are kept after the last in a case that is over."""

    reporter_days: int
    proof_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """What a problem can be about, and the unit that usually answers for it.

    `river`: it belongs to the river chief of the stretch as well (W-13).
    """

    name: str
    unit: str
    river: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WhistlePolicy:
    """Budgets by kind of whistle, rungs, scoring, reopening and categories."""

    arrival: Mapping[str, Budget]
    handling: Mapping[str, Budget]
    rungs: Rungs
    scoring: Scoring
    reopening: Reopening
    competence: Competence
    assessment: Assessment
    appeal: Appealing
    workload: Workload
    accountability: Accountability
    statistics: Statistics
    proof: Proof
    photos: PhotoLimits
    urging: Urging
    open311: Open311
    telling: Telling
    retention: Retention
    categories: Mapping[str, Category]


LATEST_RUNG = 365
LEAST_KEPT, MOST_KEPT = 30, 3650
"""Longer than a case may be reopened in, shorter than for ever."""


def check(policy: WhistlePolicy) -> None:
    """What the shapes alone don't say; Malformed names the field."""
    _check_clocks(policy)
    if policy.scoring.grid_percent + policy.scoring.street_percent != 100:
        raise Malformed("网格评价与街道评价的权重之和应为 100。", field="scoring")
    _check_assessment(policy.assessment)
    if not 1 < policy.workload.middle < policy.workload.large:
        raise Malformed("工作量分组的下限应大于 1 并逐级增加。", field="workload")
    _check_accountability(policy.accountability)
    if policy.statistics.least < 2:
        raise Malformed("公开的数目至少为 2。", field="statistics")
    if policy.competence.returns < 1:
        raise Malformed("至少一次退单后由指挥中心裁定。", field="competence")
    _check_files(policy)
    if not 1 <= policy.urging.days <= MOST_BETWEEN:
        raise Malformed(f"两次催办之间为 1 至 {MOST_BETWEEN} 个工作日。", field="urging.days")
    if not 1 <= policy.open311.posts_each_minute <= policy.open311.posts_each_day:
        raise Malformed("每个地址每分钟至少可提交一次，每天不少于每分钟。", field="open311")
    for field in ("arrived", "handled", "answered", "settled"):
        if len(getattr(policy.telling, field)) > LONGEST_TOLD:
            raise Malformed(f"短信内容最多 {LONGEST_TOLD} 字。", field=f"telling.{field}")
    if not LEAST_KEPT <= policy.retention.reporter_days <= MOST_KEPT:
        raise Malformed(
            f"反映人保存期须在 {LEAST_KEPT} 与 {MOST_KEPT} 天之间。",
            field="retention.reporter_days",
        )
    check_terms(policy.retention)
    if not policy.categories:
        raise Malformed("类别不能为空。", field="categories")


def _check_files(policy: WhistlePolicy) -> None:
    if not 1 <= policy.proof.bytes <= LARGEST:
        raise Malformed(f"佐证文件上限须在 1 与 {LARGEST} 之间。", field="proof.bytes")
    if not 1 <= policy.photos.bytes <= LARGEST_PHOTO:
        raise Malformed(f"照片上限须在 1 与 {LARGEST_PHOTO} 之间。", field="photos.bytes")
    if not 0 <= policy.photos.most <= MOST_PHOTOS:
        raise Malformed(f"每件照片不超过 {MOST_PHOTOS} 张。", field="photos.most")


def _check_accountability(accountability: Accountability) -> None:
    if accountability.reports < 2 or accountability.days < 1:
        raise Malformed("重复反映至少两次、至少一天。", field="accountability")
    if not 1 <= accountability.apart <= MOST_BETWEEN:
        detail = f"两次计数的反映之间为 1 至 {MOST_BETWEEN} 个工作日。"
        raise Malformed(detail, field="accountability.apart")


def _check_clocks(policy: WhistlePolicy) -> None:
    for field in ("arrival", "handling"):
        missing = [kind for kind in Kind if kind not in getattr(policy, field)]
        if missing:
            raise Malformed(f"缺少 {missing[0]} 类哨的时限。", field=field)
        if getattr(policy, field)[Kind.EMERGENCY].pace is not Pace.WALL:
            raise RuleBroken(RULES["W-06"], "应急哨按自然时间计时，不停钟。", field=field)
    days = [day for _, day in policy.rungs.days()]
    if days != sorted(set(days)) or days[0] < 1 or days[-1] > LATEST_RUNG:
        detail = f"各级提醒的工作日数应从 1 起逐级增加，最多 {LATEST_RUNG}。"
        raise Malformed(detail, field="rungs")


def _check_assessment(assessment: Assessment) -> None:
    if assessment.weight_percent < LEAST_WEIGHT:
        detail = f"吹哨报到在部门考核中的权重不得低于 {LEAST_WEIGHT}%。"
        raise RuleBroken(RULES["W-10"], detail, field="assessment.weight_percent")
    if assessment.weight_percent > 100 or assessment.appeal_days < 1:
        raise Malformed("权重不超过 100%，申诉期至少一天。", field="assessment")
