"""What can be done here: each collection with its steps."""

from typing import Any

from chassis.http import Door
from chassis.steps_api import Desked, desked
from services.consultation.desk import ConsultationDesk

from . import (
    assessments,
    committees,
    contacts,
    facts,
    following,
    halls,
    matters,
    members,
    people,
    plans,
    proposals,
    regular,
    sessions,
    situations,
    units,
    watching,
)

__all__ = ["of"]


def of(desk: ConsultationDesk, door: Door) -> tuple[Desked[Any, Any, ConsultationDesk, Any], ...]:
    return desked(
        desk,
        door,
        (
            committees.COMMITTEES,
            (*committees.STEPS, *members.STEPS, *plans.STEPS, *regular.STEPS, *people.STEPS),
        ),
        (matters.MATTERS, (*matters.STEPS, *following.STEPS, *watching.STEPS)),
        (sessions.SESSIONS, sessions.STEPS),
        (facts.FACTS, facts.STEPS),
        (proposals.PROPOSALS, proposals.STEPS),
        (units.UNITS, units.STEPS),
        (contacts.CONTACTS, contacts.STEPS),
        (situations.SITUATIONS, situations.STEPS),
        (halls.HALLS, halls.STEPS),
        (assessments.SCHEMES, assessments.STEPS_OF_SCHEMES),
        (assessments.ASSESSMENTS, assessments.STEPS),
    )
