"""What can be done here: each collection with its steps."""

from typing import Any

from chassis.http import Door
from chassis.steps_api import Desked, desked
from services.organisations.desk import OrganisationsDesk

from . import (
    complaints,
    contacts,
    draws,
    groups,
    heads,
    incubations,
    listings,
    meetings,
    needs,
    organisations,
    volunteers,
    watching,
)

__all__ = ["of"]


def of(desk: OrganisationsDesk, door: Door) -> tuple[Desked[Any, Any, OrganisationsDesk, Any], ...]:
    return desked(
        desk,
        door,
        (
            organisations.ORGANISATIONS,
            (*organisations.STEPS, *heads.STEPS, *listings.STEPS, *watching.STEPS),
        ),
        (groups.GROUPS, groups.STEPS),
        (volunteers.VOLUNTEERS, volunteers.STEPS),
        (needs.NEEDS, needs.STEPS),
        (complaints.COMPLAINTS, complaints.STEPS),
        (incubations.INCUBATIONS, incubations.STEPS),
        (contacts.CONTACTS, contacts.STEPS),
        (meetings.MEETINGS, meetings.STEPS),
        (draws.DRAWS, draws.STEPS),
    )
