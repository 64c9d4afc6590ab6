"""What can be done here: each collection with its steps."""

from typing import Any

from chassis.http import Door
from chassis.steps_api import Desked, desked
from services.mediation.desk import MediationDesk

from . import cases, following, mediators, notices, parties, screenings

__all__ = ["of"]


def of(desk: MediationDesk, door: Door) -> tuple[Desked[Any, Any, MediationDesk, Any], ...]:
    return desked(
        desk,
        door,
        (cases.CASES, (*cases.STEPS, *following.STEPS, *parties.STEPS)),
        (screenings.SCREENINGS, screenings.STEPS),
        (mediators.MEDIATORS, mediators.STEPS),
        (notices.NOTICES, notices.STEPS),
    )
