"""What can be done here: each collection with its steps."""

from typing import Any

from chassis.http import Door
from chassis.steps_api import Desked, desked
from services.affairs.desk import AffairsDesk

from . import admissions, intrusions, pay, workers

__all__ = ["of"]


def of(desk: AffairsDesk, door: Door) -> tuple[Desked[Any, Any, AffairsDesk, Any], ...]:
    return desked(
        desk,
        door,
        (admissions.ADMISSIONS, admissions.STEPS),
        (intrusions.INTRUSIONS, intrusions.STEPS),
        (workers.WORKERS, workers.STEPS),
        (workers.ESTABLISHMENTS, workers.NUMBER_STEPS),
        (pay.PAY, pay.STEPS),
        (pay.YEARS, pay.YEAR_STEPS),
    )
