"""The words for a dispute: what it is about, how it may grow, who settles it in which way, how it ends."""

from enum import StrEnum

STABILITY = "stability"
"""The district's office that leads the work; a department."""


class Dispute(StrEnum):
    FAMILY = "family"
    NEIGHBOURS = "neighbours"
    SMALL_DEBT = "small_debt"
    LABOUR = "labour"
    CONSUMER = "consumer"
    TRAFFIC = "traffic"
    MEDICAL = "medical"
    PROPERTY = "property_management"
    LAND = "land_contract"
    ENVIRONMENT = "environment"
    OTHER = "other"


class Risk(StrEnum):
    """In the order in which it grows."""

    ORDINARY = "ordinary"
    SERIOUS = "serious"
    MASS = "mass_incident"


class Source(StrEnum):
    """Where it came from: a screening, the parties themselves, or another who handed it here."""

    SCREENING = "screening"
    PARTIES = "parties"
    GRID = "grid"
    POLICE = "police"
    COURT = "court"
    PETITION = "petition"
    CONSULTATION = "consultation"
    WHISTLE = "whistle"
    PARTNER = "partner"
    OTHER = "other"


class Way(StrEnum):
    """三调联动."""

    PEOPLE = "people"
    ADMINISTRATIVE = "administrative"
    JUDICIAL = "judicial"


class Body(StrEnum):
    """Before whom the parties meet."""

    COMMITTEE = "committee"
    DEPARTMENT = "department"
    COURT = "court"
    COUNCIL = "council"
    TALK = "talk"
    HOSPITAL_COUNCIL = "hospital_council"


class How(StrEnum):
    """How a case ends."""

    SETTLED = "settled"
    UNSUITED = "unsuited"
    REFUSED = "refused"
    NO_AGREEMENT = "no_agreement"
    NOT_PERFORMED = "not_performed"


class Remedy(StrEnum):
    """What the parties are told of where mediation doesn't settle it."""

    ARBITRATION = "arbitration"
    RECONSIDERATION = "reconsideration"
    RULING = "ruling"
    COURT = "court"


class Effect(StrEnum):
    """What lends an agreement the force of the law."""

    CONFIRMATION = "confirmation"
    PAYMENT_ORDER = "payment_order"
    NOTARISATION = "notarisation"


class Word(StrEnum):
    """Of the court or the notary."""

    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"


class Awaited(StrEnum):
    """What a clock runs for."""

    RESPONSE = "response"
    DECISION = "decision"
    MEDIATION = "mediation"
    PERFORMANCE = "performance"
    VISIT = "visit"
    CHARGE = "charge"
    SUPERVISION = "supervision"


class Conflict(StrEnum):
    """Why a mediator keeps out of a case."""

    KIN = "kin"
    INTEREST = "interest"
    OTHER_TIES = "other_ties"
    PARTY_OBJECTS = "party_objects"


class Party(StrEnum):
    """A party's label, told by the ten heavenly stems; who it is is sealed."""

    JIA = "a"
    YI = "b"
    BING = "c"
    DING = "d"
    WU = "e"
    JI = "f"
    GENG = "g"
    XIN = "h"
    REN = "i"
    GUI = "j"
