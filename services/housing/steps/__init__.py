"""What can be done here: each collection with its steps."""

from typing import Any

from chassis.http import Door
from chassis.steps_api import Desked, desked
from services.housing.desk import HousingDesk

from . import agreements, changes, communities, declarations, months, outlines, premises, yards

__all__ = ["of"]


def of(desk: HousingDesk, door: Door) -> tuple[Desked[Any, Any, HousingDesk, Any], ...]:
    return desked(
        desk,
        door,
        (communities.COMMUNITIES, communities.STEPS),
        (changes.CHANGES, changes.STEPS),
        (agreements.AGREEMENTS, agreements.STEPS),
        (premises.PREMISES, premises.STEPS),
        (months.MONTHS, months.STEPS),
        (declarations.DECLARATIONS, declarations.STEPS),
        (yards.YARDS, ()),
        (outlines.OUTLINES, ()),
    )
