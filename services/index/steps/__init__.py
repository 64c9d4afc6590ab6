"""What can be done here: each collection with its steps."""

from typing import Any

from chassis.http import Door
from chassis.steps_api import Desked, desked
from services.index.desk import IndexDesk

from . import (
    checklists,
    consultation,
    duties,
    editions,
    findings,
    improvements,
    innovation,
    observations,
    pilots,
    surveys,
    systems,
    weaknesses,
    years,
)

__all__ = ["of"]


def of(desk: IndexDesk, door: Door) -> tuple[Desked[Any, Any, IndexDesk, Any], ...]:
    return desked(
        desk,
        door,
        (checklists.CHECKLISTS, checklists.STEPS),
        (consultation.SHEETS, consultation.STEPS),
        (duties.DUTIES, duties.STEPS),
        (editions.EDITIONS, editions.STEPS),
        (findings.FINDINGS, findings.STEPS),
        (improvements.IMPROVEMENTS, improvements.STEPS),
        (innovation.INNOVATION, innovation.STEPS),
        (observations.OBSERVATIONS, observations.STEPS),
        (pilots.PILOTS, pilots.STEPS),
        (surveys.SURVEYS, surveys.STEPS),
        (systems.SYSTEMS, systems.STEPS),
        (weaknesses.WEAKNESSES, ()),
        (years.YEARS, years.STEPS),
    )
