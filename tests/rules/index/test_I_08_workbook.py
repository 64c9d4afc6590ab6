"""I-08: an edition's workbook computes every score, coverage and level again, cell by cell."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from services.index.domain.computing import Input, compute
from services.index.domain.edition import EditionDrafted
from services.index.domain.system import Goal, IndicatorSystem
from services.index.queries.workbook import workbook
from services.index.shipped import printed_systems
from tests.support.cells import Cells

from . import sheet
from .test_I_05_weights import FAIR
from .test_I_08_review import DRAFTED

PRINTED = printed_systems()["2019"]


def drafted(inputs: Sequence[Input], system: IndicatorSystem = PRINTED) -> EditionDrafted:
    result = compute(system, inputs, 60)
    return replace(DRAFTED, inputs=tuple(inputs), result=result, least_covered=60)


def agree(made: EditionDrafted, system: IndicatorSystem = PRINTED) -> Cells:
    """Every published figure is what its cell computes, and none where there is none."""
    cells = Cells(workbook(made, system))
    for row, level in enumerate(made.result.levels, start=2):
        score = cells("指标", f"D{row}")
        assert (
            (score == "") if level.score is None else abs(score * 100 - level.score) <= 0.5 + 1e-9
        )
        assert abs(cells("指标", f"C{row}") * 10_000 - level.coverage) <= 0.5 + 1e-9
        assert cells("指标", f"F{row}") in ("", 0)
    for row, line in enumerate(made.result.points, start=2):
        score = cells("测量点", f"L{row}")
        if line.score is None:
            assert score is None
        else:
            assert abs(score * 100 - line.score) <= 0.5 + 1e-9
    return cells


def test_I_08_the_hand_worked_edition_is_computed_again_cell_by_cell() -> None:
    cells = agree(drafted(sheet.inputs()))
    assert round(cells("指标", "D2"), 2) == 62.40
    assert (cells("指标", "A2"), cells("指标", "E2")) == ("指数", 62.4)


@pytest.mark.parametrize("gone", [(4,), (1, 2, 3, 5), tuple(range(1, 30)), tuple(range(1, 43))])
def test_I_08_what_is_missing_is_missing_there_too(gone: tuple[int, ...]) -> None:
    agree(drafted([one for one in sheet.inputs() if one.point not in gone]))


def test_I_08_set_weights_are_in_the_cells() -> None:
    weighed = replace(PRINTED, weights=(FAIR,))
    agree(drafted(sheet.inputs(), weighed), weighed)


@pytest.mark.parametrize("sense", [">=", ">", "<=", "=="])
@pytest.mark.parametrize("baseline", [None, "10", "40", "20"])
@pytest.mark.parametrize("value", ["-1", "0", "10", "15", "20", "25", "60"])
def test_I_08_every_sentence_of_the_method_is_in_a_cell(
    sense: str, baseline: str | None, value: str
) -> None:
    read = replace(
        PRINTED.points[0],
        baseline=None if baseline is None else Decimal(baseline),
        goals=(Goal(value=Decimal(20), sense=sense),),
    )
    system = replace(PRINTED, points=(read, *PRINTED.points[1:]))
    agree(drafted([Input(point=1, observation="o", filing=1, values=(value,))], system), system)


def test_I_08_a_name_that_looks_like_a_formula_is_a_text() -> None:
    named = replace(PRINTED.points[0], name="=HYPERLINK(1)")
    system = replace(PRINTED, points=(named, *PRINTED.points[1:]))
    book = Cells(workbook(drafted(sheet.inputs(), system), system)).book
    cell = book["测量点"]["E2"]
    assert (cell.data_type, cell.value) == ("s", "'=HYPERLINK(1)")
