"""What the steps work on and have to know, and what happens by others' news and by the clock."""

from .others import (
    complaint_resource,
    draw_resource,
    incubation_resource,
    meeting_resource,
    whose_task,
)
from .registers import (
    CIVIL_AFFAIRS,
    names,
    organisation_resource,
    place_resource,
    volunteer_resource,
)
from .resettling import Resettling

__all__ = [
    "CIVIL_AFFAIRS",
    "OrganisationsDesk",
    "complaint_resource",
    "draw_resource",
    "incubation_resource",
    "meeting_resource",
    "names",
    "organisation_resource",
    "place_resource",
    "volunteer_resource",
    "whose_task",
]


class OrganisationsDesk(Resettling):
    __slots__ = ()
