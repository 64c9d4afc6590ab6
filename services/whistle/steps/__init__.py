"""What can be done here: each collection with its steps, in the order of the course."""

from typing import Any

from chassis.http import Door
from chassis.steps_api import Desked, desked
from services.whistle.desk import WhistleDesk

from . import calling, cases, judging, problems, units, unplaced, whistles, work, years

__all__ = ["of"]


def of(desk: WhistleDesk, door: Door) -> tuple[Desked[Any, Any, WhistleDesk, Any], ...]:
    return desked(
        desk,
        door,
        (problems.PROBLEMS, problems.STEPS),
        (unplaced.UNPLACED, unplaced.STEPS),
        (whistles.WHISTLES, (*calling.STEPS, *work.STEPS, *judging.STEPS)),
        (years.YEARS, years.STEPS),
        (cases.CASES, cases.STEPS),
        (units.UNITS, units.STEPS),
    )
