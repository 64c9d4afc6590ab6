"""Whose each record is: what the policy looks at, also the fields by which lists are filtered."""

from services.consultation.domain.committee import Committee
from services.consultation.domain.contact import Contact
from services.consultation.domain.fact import Fact
from services.consultation.domain.hall import Hall
from services.consultation.domain.matter import Matter
from services.consultation.domain.scheme import Assessor, CommunityAssessment
from services.consultation.domain.session import Session
from services.consultation.domain.situation import OFFICE, Situation
from services.consultation.domain.topic import Proposal
from services.consultation.domain.unit import Unit


def committee_resource(committee: Committee) -> dict[str, object]:
    return {"street": committee.street, "community": committee.community}


def matter_resource(matter: Matter) -> dict[str, object]:
    """Seen by whom it concerns."""
    return {"street": matter.street, "community": matter.community, "units": matter.units}


def session_resource(session: Session) -> dict[str, object]:
    """Seen by whom its committee is."""
    return {"street": session.called.street, "community": session.called.community}


def fact_resource(fact: Fact) -> dict[str, object]:
    """A street's."""
    return {"street": fact.street}


def unit_resource(unit: Unit) -> dict[str, object]:
    """A street's; who guides it sees it."""
    return {"street": unit.street, "units": (unit.guide,)}


def proposal_resource(proposal: Proposal) -> dict[str, object]:
    return {"street": proposal.street, "community": proposal.community}


def contact_resource(contact: Contact) -> dict[str, object]:
    return {"street": contact.street, "community": contact.community}


def situation_resource(situation: Situation) -> dict[str, object]:
    """Seen by the district's office as well."""
    reported = situation.reported
    return {"street": reported.street, "community": reported.community, "units": (OFFICE,)}


def hall_resource(hall: Hall) -> dict[str, object]:
    return {"street": hall.street, "community": hall.community}


def assessment_resource(assessed: CommunityAssessment) -> dict[str, object]:
    """Civil affairs see all of them."""
    civil = (Assessor.CIVIL_AFFAIRS.value,)
    return {"street": assessed.street, "community": assessed.community, "units": civil}
