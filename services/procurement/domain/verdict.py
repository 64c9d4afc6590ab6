"""What an evaluation has to judge at its stage (P-20), in words beside the points."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from chassis.kernel.errors import RuleBroken
from chassis.kernel.required import required_by

from .rules import RULES, STAGES


class Topic(StrEnum):
    """预算是否合理, 承接方和督导方是否胜任; 资金到位, 资金使用, 服务数量, 服务质量; 效果, 满意度."""

    BUDGET = "budget"
    SUPPLIER = "supplier"
    SUPERVISOR = "supervisor"
    MONEY = "money"
    USE = "use"
    AMOUNT = "amount"
    QUALITY = "quality"
    EFFECT = "effect"
    SATISFACTION = "satisfaction"


TOPIC_NAMES: Mapping[Topic, str] = {
    Topic.BUDGET: "预算是否合理",
    Topic.SUPPLIER: "承接方是否胜任",
    Topic.SUPERVISOR: "督导方是否胜任",
    Topic.MONEY: "资金是否到位",
    Topic.USE: "资金使用",
    Topic.AMOUNT: "服务数量",
    Topic.QUALITY: "服务质量",
    Topic.EFFECT: "效果",
    Topic.SATISFACTION: "满意度",
}
JUDGED_AT: Mapping[str, frozenset[Topic]] = {
    "before": frozenset({Topic.BUDGET, Topic.SUPPLIER, Topic.SUPERVISOR}),
    "mid": frozenset({Topic.MONEY, Topic.USE, Topic.AMOUNT, Topic.QUALITY}),
    "final": frozenset({Topic.EFFECT, Topic.SATISFACTION}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    topic: Topic
    text: str


def judged_at(stage: str, verdicts: Iterable[Verdict], *, supervised: bool) -> None:
    """P-20: each topic of its stage once, each saying something; the supervisor's where there is one by then."""
    given = list(verdicts)
    wanted = JUDGED_AT[stage] - (frozenset() if supervised else {Topic.SUPERVISOR})
    topics = [one.topic for one in given]
    if set(topics) != wanted or len(topics) != len(wanted):
        names = "、".join(TOPIC_NAMES[one] for one in Topic if one in wanted)
        detail = f"本阶段须就以下各项分别评价：{names}。"
        raise RuleBroken(RULES["P-20"], detail, clause=STAGES, field="verdicts")
    for one in given:
        required_by(RULES["P-20"], one.text, "verdicts", clause=STAGES)
