"""W-05: the register of units."""

from datetime import date

import pytest

from chassis.kernel.errors import Malformed
from services.whistle.domain.unit import UnitEntered, UnitKind, enter


def entered(ends: date | None) -> UnitEntered:
    return UnitEntered(
        code="water",
        name="水务局",
        kind=UnitKind.DEPARTMENT,
        valid_from=date(2026, 3, 2),
        valid_to=ends,
        listed=1,
    )


@pytest.mark.parametrize("ends", [None, date(2026, 3, 2), date(2027, 1, 1)])
def test_W_05_a_unit_is_listed_for_a_day_or_longer(ends: date | None) -> None:
    assert enter(entered(ends)) == (entered(ends),)


def test_W_05_no_unit_ends_before_it_begins() -> None:
    with pytest.raises(Malformed) as refusal:
        enter(entered(date(2026, 3, 1)))
    assert refusal.value.field == "valid_to"
