"""What the steps work on and have to know, and what happens by others' news and by the clock."""

from .registers import names
from .resettling import Resettling
from .resources import (
    assessment_resource,
    committee_resource,
    contact_resource,
    fact_resource,
    hall_resource,
    matter_resource,
    proposal_resource,
    session_resource,
    situation_resource,
    unit_resource,
)

__all__ = [
    "ConsultationDesk",
    "assessment_resource",
    "committee_resource",
    "contact_resource",
    "fact_resource",
    "hall_resource",
    "matter_resource",
    "names",
    "proposal_resource",
    "session_resource",
    "situation_resource",
    "unit_resource",
]


class ConsultationDesk(Resettling):
    __slots__ = ()
