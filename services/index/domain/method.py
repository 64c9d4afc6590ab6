"""The method document (测评方法): how figures become an index, published with every edition.

The documents fix no formula, so every sentence here is the platform's default. A change of what
`scoring` or `edition` computes is a new version of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from .scoring import POINTS, Grade

TITLES = {
    Grade.MET: "达到",
    Grade.MOSTLY: "基本达到",
    Grade.PARTLY: "部分达到",
    Grade.UNMET: "未达到",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """`rubric` gives the points (of 100) of each grade, `titles` what people call it."""

    version: str
    rules: tuple[str, ...]
    rubric: Mapping[str, int]
    titles: Mapping[str, str]


METHOD = Method(
    version="1",
    rules=(
        "有当下值的测量点：得分＝（实际值－当下值）÷（目标值－当下值）×100，限于0至100；达到目标得100。",
        "当下值等于目标值，或已达到目标的：达到得100，未达到得0。",
        "没有当下值的：越大越好按实际值÷目标值，越小越好按目标值÷实际值，乘100，限于0至100。",
        "“大于”不含等于；目标须恰好等于的，按偏离目标的程度计。",
        "一格两个目标的，作两个目标，取平均；须逐个填报。",
        "达到与否含义未定的，在区里认定之前不计分。",
        "定性测量点由具名的评定单位按四档评定，取平均；每个评定单位都评“达到”才算达到。",
        "没有填报的为“缺”，不计零分，也不推算。",
    ),
    rubric={grade.value: int(points) for grade, points in POINTS.items()},
    titles={grade.value: title for grade, title in TITLES.items()},
)
