"""Settling what the print leaves open (I-02), and weighing (I-05): each version from the printed one.

Of several decisions on the same doubt or parent the last one holds.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from chassis.kernel.errors import OURS, Malformed, RuleBroken
from chassis.kernel.required import required_by

from .decisions import DoubtSettled, GoalRead, SystemBook, WeightsSet
from .longer import LongerGoal
from .rules import RULES, SYSTEM
from .scoring import FIGURE
from .system import Gap, Goal, IndicatorSystem, MeasuringPoint

WHOLE = 10_000
"""The weights below one parent, together."""

_MAY_CHANGE: Mapping[str, frozenset[str]] = {
    "one_value": frozenset({"baseline", "goals"}),
    "two_goals": frozenset({"goals"}),
    "reduction": frozenset({"goals"}),
    "worker_title": frozenset({"name"}),
    "party_branch": frozenset({"name"}),
    "volunteers": frozenset({"unit"}),
    "organisations": frozenset({"baseline"}),
    "baseline_year": frozenset({"baseline_year"}),
}
"""What settling a doubt may change; of any other nothing: it says how the figures are to be read."""

_MUST_SAY = {"reduction": "goals", "baseline_year": "baseline_year"}
"""What settles a doubt only where it is said."""

RAISE = "raise"
"""By so much or to so much, of a longer goal."""

_ABOUT = {"organisations": "每万人拥有社会组织数"}
"""The point that a doubt of the whole is about."""


# Deciding


def settle(printed: IndicatorSystem, settled: DoubtSettled) -> DoubtSettled:
    """I-02: an open question of the print, with a reading and a reason; changes no more than it is about."""
    if settled.longer is not None:
        return _settle_longer(printed, settled)
    _known(printed, settled)
    for field, said in (("reading", settled.reading), ("reason", settled.reason)):
        if not said.strip():
            raise _refused("认定须写明读法和理由。", field)
    may = _MAY_CHANGE.get(settled.doubt, frozenset())
    changes = _changes(settled)
    if beyond := sorted(changes - may):
        raise _refused("这一项不是该存疑处所问的，不能随之改动。", beyond[0])
    must = _MUST_SAY.get(settled.doubt)
    if must is not None and (must not in changes or settled.goals == ()):
        raise _refused("须写明认定后的内容，否则仍不能计分。", must)
    if settled.goals == () and settled.baseline is None:
        raise _refused("没有目标值的，须写明它是当下值。", "baseline")
    _figures(settled)
    return settled


def weigh(printed: IndicatorSystem, weights: WeightsSet) -> WeightsSet:
    """I-05: every child of the parent, none without weight, together 1; refused otherwise."""
    if not weights.reason.strip():
        raise RuleBroken(RULES["I-05"], "设定权重须写明理由。", field="reason")
    below = children(printed.points, weights.parent)
    if not below:
        raise RuleBroken(RULES["I-05"], "没有这个上级指标。", field="parent")
    named = [one.name for one in weights.weights]
    if sorted(named) != sorted(below):
        detail = f"须逐一写明各下级的权重：{'、'.join(below)}。"
        raise RuleBroken(RULES["I-05"], detail, field="weights")
    if any(one.weight < 1 for one in weights.weights):
        raise RuleBroken(RULES["I-05"], "权重须大于零，不能借此去掉一项。", field="weight")
    if (total := sum(one.weight for one in weights.weights)) != WHOLE:
        detail = f"同一上级之下的权重合计须为 {WHOLE}（万分之一），现为 {total}。"
        raise RuleBroken(RULES["I-05"], detail, field="weights")
    return weights


# The version that follows


def version_of(printed: IndicatorSystem, book: SystemBook, version: str) -> IndicatorSystem | None:
    """The printed system under the decisions up to `version`; None for none of the book's."""
    if version not in book.versions:
        return None
    decisions = book.decisions[: book.versions.index(version)]
    settled = {
        (one.point or one.longer, one.doubt): one
        for one in decisions
        if isinstance(one, DoubtSettled)
    }
    weighed = {one.parent: one for one in printed.weights}
    weighed |= {one.parent: one for one in decisions if isinstance(one, WeightsSet)}
    points = tuple(_read(point, settled.values()) for point in printed.points)
    asked = zip(printed.points, points, strict=True)
    lost = [after for before, after in asked if before.goals and not after.goals]
    return replace(
        printed,
        version=version,
        points=points,
        longer_goals=tuple(_longer(goal, settled.values()) for goal in printed.longer_goals),
        gaps=(*printed.gaps, *(Gap(number=point.number, lacks="target") for point in lost)),
        doubts=tuple(one for one in printed.doubts if (None, one.code) not in settled),
        baseline_year=next(
            (one.baseline_year for one in settled.values() if one.baseline_year), None
        ),
        settled=tuple(settled.values()),
        weights=tuple(weighed.values()),
    )


def _settle_longer(printed: IndicatorSystem, settled: DoubtSettled) -> DoubtSettled:
    """I-22: an open question about a longer goal; nothing is scored by it."""
    about = [goal for goal in printed.longer_goals if goal.name == settled.longer]
    if not about or settled.point is not None:
        raise RuleBroken(RULES["I-22"], "没有这个远期目标。", clause=OURS, field="longer")
    if settled.doubt not in {doubt.code for doubt in about[0].doubts}:
        raise RuleBroken(RULES["I-22"], "这个远期目标没有这一存疑处。", clause=OURS, field="doubt")
    for field, said in (("reading", settled.reading), ("reason", settled.reason)):
        required_by(RULES["I-22"], said, field, "认定须写明读法和理由。", OURS)
    may = frozenset({"goals"}) if settled.doubt == RAISE else frozenset()
    if beyond := sorted(_changes(settled) - may):
        detail = "这一项不是该存疑处所问的，不能随之改动。"
        raise RuleBroken(RULES["I-22"], detail, clause=OURS, field=beyond[0])
    if settled.doubt == RAISE and len(settled.goals or ()) != 1:
        raise RuleBroken(RULES["I-22"], "须写明认定后的目标值。", clause=OURS, field="goals")
    _figures(settled)
    return settled


def _longer(goal: LongerGoal, settled: Iterable[DoubtSettled]) -> LongerGoal:
    for one in settled:
        if one.longer == goal.name:
            read = one.goals[0] if one.goals else None
            goal = replace(
                goal,
                goal=Decimal(read.value) if read else goal.goal,
                sense=read.sense if read else goal.sense,
                doubts=tuple(doubt for doubt in goal.doubts if doubt.code != one.doubt),
            )
    return goal


def _read(point: MeasuringPoint, settled: Iterable[DoubtSettled]) -> MeasuringPoint:
    """A point as the district reads it; what was settled is no doubt any more."""
    for one in settled:
        if one.longer is not None:
            continue
        if one.point != point.number and _ABOUT.get(one.doubt) != point.name:
            continue
        point = replace(
            point,
            name=one.name or point.name,
            unit=one.unit or point.unit,
            baseline=point.baseline if one.baseline is None else Decimal(one.baseline),
            goals=point.goals if one.goals is None else _goals(one.goals),
            doubts=tuple(doubt for doubt in point.doubts if doubt.code != one.doubt),
        )
    return point


def _goals(read: Iterable[GoalRead]) -> tuple[Goal, ...]:
    return tuple(Goal(value=Decimal(goal.value), sense=goal.sense) for goal in read)


def children(points: Iterable[MeasuringPoint], parent: tuple[str, ...]) -> tuple[str, ...]:
    """Below a path of names: the next level's names, or the numbers of the points at its end."""
    paths = [(point.level1, point.level2, point.level3, str(point.number)) for point in points]
    depth = len(parent)
    return tuple(
        dict.fromkeys(path[depth] for path in paths if depth < 4 and path[:depth] == parent)
    )


def _known(printed: IndicatorSystem, settled: DoubtSettled) -> None:
    if settled.point is None:
        open_ones = printed.doubts
    else:
        asked = [point for point in printed.points if point.number == settled.point]
        if not asked:
            raise _refused("没有这个测量点。", "point")
        open_ones = asked[0].doubts
    if settled.doubt not in {doubt.code for doubt in open_ones}:
        raise _refused("印刷内容没有列出这一存疑处。", "doubt")


def _changes(settled: DoubtSettled) -> frozenset[str]:
    fields = ("name", "unit", "baseline", "baseline_year", "goals")
    return frozenset(field for field in fields if getattr(settled, field) is not None)


def _figures(settled: DoubtSettled) -> None:
    for field, figures in (
        ("baseline", [settled.baseline]),
        ("goals", [goal.value for goal in settled.goals or ()]),
    ):
        if any(figure is not None and not FIGURE.fullmatch(figure) for figure in figures):
            raise Malformed("数值为十进制文本，最多12位整数、6位小数。", field=field)


def _refused(detail: str, field: str) -> RuleBroken:
    return RuleBroken(RULES["I-02"], detail, clause=SYSTEM, field=field)
