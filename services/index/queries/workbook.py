"""An edition as a workbook whose cells compute the index again, for whoever wants to check.

Every formula is made of cell addresses and numbers; what people wrote stands in text cells alone.
"""

import io
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from chassis.formulas import guarded
from services.index.domain.computing import Input, LevelLine, weights
from services.index.domain.edition import EditionDrafted
from services.index.domain.method import METHOD
from services.index.domain.scoring import POINTS, meets
from services.index.domain.system import Goal, IndicatorSystem, MeasuringPoint

FIGURES, LEVELS = "测量点", "指标"
POINT_HEADINGS = (
    "序号",
    "一级指标",
    "二级指标",
    "三级指标",
    "测量点",
    "当下值",
    "目标值",
    "目标值（二）",
    "实际值",
    "实际值（二）",
    "权重",
    "得分",
    "公布的得分",
)
BASELINE, GOALS, VALUES, WEIGHT, SCORE = "F", "GH", "IJ", "K", "L"
LEVEL_HEADINGS = ("指标", "权重", "覆盖率", "得分", "公布的得分", "差")
Cell = str | int | float | None


def workbook(made: EditionDrafted, system: IndicatorSystem) -> bytes:
    """XLSX of three sheets: the points with their scores, the indicators up to the index, the method."""
    book = Workbook()
    points = book.active
    if not isinstance(points, Worksheet):
        raise TypeError("a new workbook begins with a sheet")
    points.title = FIGURES
    _headings(points, POINT_HEADINGS)
    entered = {one.point: one for one in made.inputs}
    for point, line in zip(system.points, made.result.points, strict=True):
        _point(points, system, point, entered.get(point.number), line.score)
    levels = book.create_sheet(LEVELS)
    _headings(levels, LEVEL_HEADINGS)
    rows = {level.path: number for number, level in enumerate(made.result.levels, start=2)}
    for level in made.result.levels:
        _level(levels, system, rows, level, made.least_covered)
    method = book.create_sheet("方法")
    for rule in METHOD.rules:
        method.append([guarded(rule)])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _headings(sheet: Worksheet, headings: Sequence[str]) -> None:
    sheet.append(list(headings))
    sheet.freeze_panes = "A2"
    for cell in sheet[1]:
        cell.font = Font(bold=True)


def _put(sheet: Worksheet, row: int, cells: Sequence[Cell], formulas: Mapping[int, str]) -> None:
    """Texts as texts, whatever they begin with; formulas only where they are made here."""
    for column, value in enumerate(cells, start=1):
        if column in formulas:
            sheet.cell(row, column, formulas[column])
        elif value is not None:
            sheet.cell(row, column, guarded(value) if isinstance(value, str) else value)


# The points


def _point(
    sheet: Worksheet,
    system: IndicatorSystem,
    point: MeasuringPoint,
    entered: Input | None,
    published: int | None,
) -> None:
    row = sheet.max_row + 1
    values = [float(Decimal(value)) for value in entered.values] if entered else []
    path = (point.level1, point.level2, point.level3)
    weight = weights(system, path)[str(point.number)]
    cells: list[Cell] = [
        point.number,
        *path,
        point.name,
        None if point.baseline is None else float(point.baseline),
        *_two([float(goal.value) for goal in point.goals]),
        *_two(values),
        None,
        None,
        None if published is None else published / 100,
    ]
    formulas = {11: _exact(weight)}
    if published is not None and entered is not None:
        formulas[12] = _scored(point, entered, row)
    _put(sheet, row, cells, formulas)


def _two(figures: Sequence[float]) -> tuple[float | None, float | None]:
    padded = (*figures, None, None)
    return padded[0], padded[1]


def _exact(share: Fraction) -> str:
    return f"={share.numerator}/{share.denominator}"


def _scored(point: MeasuringPoint, entered: Input, row: int) -> str:
    """The method's sentence for this point, in cells."""
    if point.graded:
        return f"=AVERAGE({','.join(str(int(POINTS[grade])) for grade in entered.grades)})"
    scores = [
        _progress(goal, point.baseline, f"{VALUES[n]}{row}", f"{GOALS[n]}{row}", f"{BASELINE}{row}")
        for n, goal in enumerate(point.goals)
    ]
    return f"=AVERAGE({','.join(scores)})"


def _progress(goal: Goal, baseline: Decimal | None, value: str, end: str, start: str) -> str:
    """100 where the goal is met; else the way from the baseline, or the share of the goal."""
    sense = "=" if goal.sense == "==" else goal.sense
    if baseline is None:
        share = f"{end}/{value}" if goal.sense == "<=" else f"{value}/{end}"
        rest = "0" if goal.sense == "==" else f"IF(OR({value}<=0,{end}<=0),0,100*{share})"
    elif baseline == goal.value or meets(baseline, goal):
        rest = "0"
    elif goal.sense == "==":
        rest = f"100*MAX(0,1-ABS({end}-{value})/ABS({end}-{start}))"
    else:
        rest = f"100*MAX(0,({value}-{start})/({end}-{start}))"
    return f"IF({value}{sense}{end},100,{rest})"


# The indicators


def _level(
    sheet: Worksheet,
    system: IndicatorSystem,
    rows: Mapping[tuple[str, ...], int],
    level: LevelLine,
    least: int,
) -> None:
    """Coverage: the weight with a score below it; score: their mean, where that is enough."""
    path, row = level.path, rows[level.path]
    name = "　" * (len(path) - 1) + path[-1] if path else "指数"
    scored, weighed, covered = [], [], []
    for child in weights(system, path):
        score, weight, coverage = _child(rows, path, child)
        scored.append(f"IF(ISNUMBER({score}),{weight}*{score},0)")
        weighed.append(f"IF(ISNUMBER({score}),{weight},0)")
        covered.append(f"IF(ISNUMBER({score}),{weight}*{coverage},0)")
    enough = f"ROUND(C{row},9)>={least}/100"
    share = weights(system, path[:-1])[path[-1]] if path else Fraction(1)
    published = None if level.score is None else level.score / 100
    formulas = {
        2: _exact(share),
        3: f"={'+'.join(covered)}",
        4: f'=IF({enough},({"+".join(scored)})/({"+".join(weighed)}),"")',
        6: f'=IF(ISNUMBER(D{row}),ROUND(D{row},2)-E{row},"")',
    }
    _put(sheet, row, [name, None, None, None, published, None], formulas)


def _child(
    rows: Mapping[tuple[str, ...], int], path: tuple[str, ...], child: str
) -> tuple[str, str, str]:
    """The cells of its score, its weight and its coverage; points stand in their order from row 2 on."""
    if len(path) == 3:
        row = int(child) + 1
        return f"{FIGURES}!{SCORE}{row}", f"{FIGURES}!{WEIGHT}{row}", "1"
    row = rows[(*path, child)]
    return f"D{row}", f"B{row}", f"C{row}"
