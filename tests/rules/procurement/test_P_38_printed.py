"""P-38: the calls that were printed load as they stand, and their categories add up."""

import pytest

from services.procurement.shipped import printed_calls

PRINTED = printed_calls()


@pytest.mark.parametrize(
    ("year", "selected", "counted", "beside"),
    [(2019, 21, 21, 0), (2020, 11, 11, 0), (2021, 18, 19, 1)],
)
def test_P_38_the_categories_of_a_printed_call_add_up(
    year: int, selected: int, counted: int, beside: int
) -> None:
    call = PRINTED[year]
    assert (call.selected, call.counted, call.beside) == (selected, counted, beside)


def test_P_38_money_is_in_fen_and_what_is_not_printed_is_none() -> None:
    assert sorted(PRINTED) == [2019, 2020, 2021]
    assert [PRINTED[year].funds for year in (2019, 2020, 2021)] == [None, 100_000_000, None]
    kinds = {one.name: one for one in PRINTED[2021].categories}
    assert sorted(one.funds for one in kinds.values() if one.funds is not None) == [
        8_000_000,
        20_000_000,
        90_000_000,
    ]
    assert PRINTED[2020].source == "官民函〔2021〕64号; 官民函〔2022〕58号"
    assert (PRINTED[2019].applicants, PRINTED[2021].applicants) == (20, None)
