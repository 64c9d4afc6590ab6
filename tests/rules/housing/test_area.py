"""What a new development owes, and that areas are exact."""

import pytest

from chassis.kernel.errors import RuleBroken
from services.housing.domain.area import least, measured


@pytest.mark.parametrize(
    ("households", "hundredths"),
    [(1, 30), (99, 2970), (100, 3000), (101, 3030), (250, 7500), (1234, 37020), (4000, 120_000)],
)
def test_H_03_part_hundreds_count_in_proportion(households: int, hundredths: int) -> None:
    assert least(households) == hundredths


@pytest.mark.parametrize(
    ("text", "hundredths"),
    [("1200.50", 120_050), ("1200.5", 120_050), ("30", 3000), ("91000.27", 9_100_027)],
)
def test_H_09_an_area_is_an_integer_of_hundredths(text: str, hundredths: int) -> None:
    area = measured(text)
    assert area == hundredths
    assert type(area) is int


@pytest.mark.parametrize("text", ["1200.505", "0.001", "1e3", "-1", "+1", "1,200", "", ".", "约30"])
def test_H_09_what_is_not_exact_is_refused(text: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        measured(text)
    assert (refusal.value.rule.id, refusal.value.clause) == ("H-09", None)
    assert refusal.value.field == "area"


def test_H_09_no_premises_are_larger_than_a_square_kilometre() -> None:
    assert measured("1000000.00") == 100_000_000
    for text, field in (("1000000.01", "area"), ("999999999999", "totals.area_owed")):
        with pytest.raises(RuleBroken) as refusal:
            measured(text, field)
        assert (refusal.value.rule.id, refusal.value.field) == ("H-09", field)
        assert "1000000 平方米" in refusal.value.detail
