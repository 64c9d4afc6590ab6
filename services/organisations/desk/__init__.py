"""What the steps work on and have to know, and what happens by others' news and by the clock."""

from .registers import (
    CIVIL_AFFAIRS,
    names,
    organisation_resource,
    place_resource,
    volunteer_resource,
)
from .volunteering import Volunteering

__all__ = [
    "CIVIL_AFFAIRS",
    "OrganisationsDesk",
    "names",
    "organisation_resource",
    "place_resource",
    "volunteer_resource",
]


class OrganisationsDesk(Volunteering):
    __slots__ = ()
