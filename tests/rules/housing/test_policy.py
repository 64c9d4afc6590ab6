"""The district may change the platform's numbers, within bounds."""

from dataclasses import replace
from typing import Any

import pytest

from chassis.kernel.errors import Malformed
from chassis.kernel.media import LARGEST
from services.housing.domain.policy import HousingPolicy, Retention, check

USUAL = HousingPolicy(
    evidence_bytes=1_000_000,
    booking_days_ahead=90,
    import_lines=200_000,
    retention=Retention(evidence_days=3650),
)


def but(policy: HousingPolicy, **other: Any) -> HousingPolicy:
    return replace(policy, **other)


@pytest.mark.parametrize(
    ("field", "least", "most"),
    [
        ("evidence_bytes", 1, LARGEST),
        ("booking_days_ahead", 0, 366),
        ("import_lines", 1, 1_000_000),
    ],
)
def test_each_number_lies_between_two_bounds(field: str, least: int, most: int) -> None:
    for value in (least, most):
        check(but(USUAL, **{field: value}))
    for value in (least - 1, most + 1):
        with pytest.raises(Malformed) as refusal:
            check(but(USUAL, **{field: value}))
        assert refusal.value.field == field


@pytest.mark.parametrize("days", [29, 10951])
def test_H_04_evidence_is_kept_neither_too_short_nor_for_ever(days: int) -> None:
    with pytest.raises(Malformed) as refusal:
        check(but(USUAL, retention=Retention(evidence_days=days)))
    assert refusal.value.field == "retention.evidence_days"
