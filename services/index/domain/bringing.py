"""Bringing a system as a table (I-01, I-02, I-05), and what may measure whom (I-20).

The points are numbered in the order of the table; weights are ten-thousandths within their parent.
"""

import re
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from chassis.kernel.clock import local_date
from chassis.kernel.errors import RuleBroken
from chassis.kernel.required import required_by

from .computing import nominal_weights
from .decisions import Measures, PointRow, SystemAdopted, SystemBook, SystemBrought
from .doubts import doubt_of
from .rules import ASSESSING, COMMUNITIES, RULES, STREETS, SYSTEM
from .scoring import FIGURE
from .settling import weigh
from .system import Goal, IndicatorSystem, MeasuringPoint, counted

ATTRIBUTES = frozenset({"约束性", "预期性"})
OF_THE_DISTRICT = re.compile(r"20[0-9]{2}")
OF_OTHERS = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
LONGEST = 200
"""Characters of what a line says in words: as of a case's title."""
NOT_OF_STREETS = ("招商引资", "引资", "税收", "财税")
"""What the streets' party committees were relieved of."""


def system_of(brought: SystemBrought) -> IndicatorSystem:
    """As it was brought, before any decision about it."""
    points = tuple(_point(number, row) for number, row in enumerate(brought.rows, start=1))
    return IndicatorSystem(
        version=brought.version,
        document=brought.document,
        counts=counted(points),
        attributes=Counter(point.attribute for point in points),
        with_baseline=sum(point.baseline is not None for point in points),
        differences=(),
        gaps=(),
        doubts=(),
        points=points,
        longer_goals=(),
        weights=brought.weights,
        measures=brought.measures,
    )


def bring(brought: SystemBrought, satisfaction_percent: int) -> SystemBrought:
    """Whole and fit to measure by, and measuring whom it may; refused by the rule and the point."""
    shape = OF_THE_DISTRICT if brought.measures is Measures.DISTRICT else OF_OTHERS
    if not shape.fullmatch(brought.version):
        detail = "全区的版本号为年份；其他为小写字母、数字、_ 和 -。"
        raise RuleBroken(RULES["I-01"], detail, field="system")
    required_by(RULES["I-01"], brought.document, "document", "须写明所依据的文件。")
    if not brought.rows:
        raise RuleBroken(RULES["I-01"], "没有测量点。", field="name")
    for number, row in enumerate(brought.rows, start=1):
        _whole(number, row)
    names = Counter((row.level1, row.level2, row.level3, row.name) for row in brought.rows)
    if twice := [path[-1] for path, times in names.items() if times > 1]:
        raise RuleBroken(RULES["I-01"], f"测量点重复：{twice[0]}。", field="name")
    bare = system_of(brought)
    for weights in brought.weights:
        weigh(bare, weights)
    _may_measure(brought)
    if brought.measures is not Measures.DISTRICT:
        _satisfied(bare, satisfaction_percent)
    return brought


def adopt(book: SystemBook, adopted: SystemAdopted, filed: int) -> SystemAdopted:
    """I-02: the district's own, for a year of which nothing is `filed` and which isn't over."""
    if book.brought is not None and book.brought.measures is not Measures.DISTRICT:
        raise RuleBroken(RULES["I-02"], "只有全区的指标体系用于年度测评。")
    if adopted.year < local_date(adopted.at).year:
        raise RuleBroken(RULES["I-02"], "年份不能早于今年。", field="year")
    if filed:
        raise RuleBroken(RULES["I-02"], "该年已有报送的数据，不再更换指标体系。", field="year")
    required_by(RULES["I-02"], adopted.reason, "reason")
    return adopted


def share_of_satisfaction(system: IndicatorSystem) -> Fraction:
    """Of residents' satisfaction in the whole."""
    nominal = nominal_weights(system)
    return sum((nominal[one.number] for one in system.points if one.satisfaction), Fraction(0))


def _may_measure(brought: SystemBrought) -> None:
    """I-20: whose system it is, and what stands in it."""
    if brought.owner is not None and not (brought.law or "").strip():
        detail = "部门除法律规定的外不单设考核，须写明法律依据。"
        raise RuleBroken(RULES["I-20"], detail, clause=ASSESSING, field="law")
    for row in brought.rows:
        if brought.measures is Measures.COMMUNITY and row.veto:
            detail = f"对社区不设一票否决事项：{row.name}。"
            raise RuleBroken(RULES["I-20"], detail, clause=COMMUNITIES, field="veto")
        named = next((word for word in NOT_OF_STREETS if word in row.name), None)
        if brought.measures is Measures.STREET and named:
            detail = f"对街道不设招商引资、税收指标：{row.name}。"
            raise RuleBroken(RULES["I-20"], detail, clause=STREETS, field="name")


def _satisfied(system: IndicatorSystem, percent: int) -> None:
    share = share_of_satisfaction(system)
    if share * 100 < percent:
        detail = f"居民满意度的权重为 {float(share * 100):.2f}%，不足 {percent}%。"
        raise RuleBroken(RULES["I-20"], detail, clause=COMMUNITIES, field="satisfaction")


def _whole(number: int, row: PointRow) -> None:
    """I-02: nothing a point must have is missing."""
    for field in ("level1", "level2", "level3", "name", "unit", "data_source"):
        said: str = getattr(row, field)
        if not said.strip():
            raise _refused(f"第 {number} 个测量点缺项。", field)
        if len(said) > LONGEST:
            raise _refused(f"最多 {LONGEST} 字。", field)
    if row.attribute not in ATTRIBUTES:
        raise _refused("属性为约束性或预期性。", "attribute")
    if row.graded == bool(row.goals):
        raise _refused("数值测量点须有目标值，定性测量点没有。", "goals")
    figures = (*(goal.value for goal in row.goals), *filter(None, [row.baseline]))
    if not all(FIGURE.fullmatch(figure) for figure in figures):
        raise _refused("数值为十进制文本，最多12位整数、6位小数。", "goals")


def _point(number: int, row: PointRow) -> MeasuringPoint:
    return MeasuringPoint(
        number=number,
        level1=row.level1,
        level2=row.level2,
        level3=row.level3,
        name=row.name,
        unit=row.unit,
        attribute=row.attribute,
        data_source=row.data_source,
        sources=tuple(row.data_source.split("、")),
        units=row.units,
        baseline_printed=row.baseline or "",
        target_printed="；".join(f"{goal.sense}{goal.value}" for goal in row.goals),
        baseline=None if row.baseline is None else Decimal(row.baseline),
        goals=_goals(row),
        graded=row.graded,
        doubts=tuple(map(doubt_of, row.doubts)),
        satisfaction=row.satisfaction,
    )


def _goals(row: PointRow) -> tuple[Goal, ...]:
    """Where the print leaves open what meets a goal, so does the table."""
    return tuple(Goal(value=Decimal(goal.value), sense=goal.sense or None) for goal in row.goals)


def open_doubts(held: IndicatorSystem, row: PointRow) -> tuple[str, ...]:
    """Those of the point of that name, as long as its figures are the same: nothing is settled in passing."""
    same: Sequence[MeasuringPoint] = [one for one in held.points if one.name == row.name]
    for point in same:
        goals = tuple((goal.value, goal.sense) for goal in point.goals)
        said = tuple((goal.value, goal.sense) for goal in _goals(row))
        baseline = None if row.baseline is None else Decimal(row.baseline)
        if (goals, point.baseline) == (said, baseline):
            return tuple(doubt.code for doubt in point.doubts)
    return ()


def _refused(detail: str, field: str) -> RuleBroken:
    return RuleBroken(RULES["I-02"], detail, clause=SYSTEM, field=field)
