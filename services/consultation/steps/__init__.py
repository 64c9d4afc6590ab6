"""What can be done here: each collection with its steps."""

from typing import Any

from chassis.http import Door
from chassis.steps_api import Desked
from services.consultation.desk import ConsultationDesk

from . import committees, matters

__all__ = ["of"]


def of(desk: ConsultationDesk, door: Door) -> tuple[Desked[Any, Any, ConsultationDesk, Any], ...]:
    return tuple(
        Desked(collection=collection, steps=steps, desk=desk, door=door)
        for collection, steps in (
            (committees.COMMITTEES, committees.STEPS),
            (matters.MATTERS, matters.STEPS),
        )
    )
