"""Measures are exact: rounding half up in integers, two decimals in, two decimals out."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.kernel.measure import as_decimal, half_up, hundredths


@pytest.mark.parametrize(
    ("numerator", "denominator", "rounded"), [(1, 2, 1), (1, 3, 0), (5, 2, 3), (7, 3, 2), (4, 1, 4)]
)
def test_half_up_by_value(numerator: int, denominator: int, rounded: int) -> None:
    assert half_up(numerator, denominator) == rounded


@given(st.integers(0, 10**9), st.integers(1, 10**6))
def test_half_up_is_within_a_half_and_never_below_it(numerator: int, denominator: int) -> None:
    off = half_up(numerator, denominator) - Fraction(numerator, denominator)
    assert Fraction(-1, 2) < off <= Fraction(1, 2)


@pytest.mark.parametrize("denominator", [0, -1])
def test_there_is_no_share_of_nothing(denominator: int) -> None:
    with pytest.raises(ValueError, match="positive"):
        half_up(1, denominator)


@pytest.mark.parametrize(
    ("text", "value"),
    [("0", 0), ("0.1", 10), ("0.01", 1), ("12.30", 1230), ("91000.27", 9_100_027)],
)
def test_hundredths_by_value(text: str, value: int) -> None:
    assert hundredths(text) == value


@pytest.mark.parametrize(
    "text",
    ["", ".5", "12.", " 1", "٣", "１２", "+5", "1_0", "1.234", "-1", "1.-2", "1e3", "1,000", "½"],
)
def test_what_has_no_two_decimals_is_refused_and_not_rounded(text: str) -> None:
    with pytest.raises(ValueError, match="two decimals"):
        hundredths(text)


@given(st.integers(0, 10**12))
def test_what_is_written_is_read_again(value: int) -> None:
    assert hundredths(as_decimal(value)) == value


@pytest.mark.parametrize(("value", "text"), [(-5, "-0.05"), (-100, "-1.00"), (0, "0.00")])
def test_a_debt_has_its_sign(value: int, text: str) -> None:
    assert as_decimal(value) == text
