"""What can be done here: each collection with its steps."""

from typing import Any

from chassis.http import Door
from chassis.steps_api import Desked, desked
from services.organisations.desk import OrganisationsDesk

from . import listings, organisations

__all__ = ["of"]


def of(desk: OrganisationsDesk, door: Door) -> tuple[Desked[Any, Any, OrganisationsDesk, Any], ...]:
    return desked(
        desk,
        door,
        (organisations.ORGANISATIONS, (*organisations.STEPS, *listings.STEPS)),
    )
