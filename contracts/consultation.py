"""Events of consultation: what residents deliberated, and where the outcome goes."""

from typing import Annotated, ClassVar, Literal
from uuid import NAMESPACE_URL, uuid5

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from .event import Code, Event, Id, Instant, Name

Seal = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256, hex."""

MemberClass = Literal[
    "cadre",
    "delegate",
    "intellectual",
    "democratic_party",
    "ethnic_religious",
    "private_economy",
    "new_stratum",
    "overseas",
    "notable",
    "association",
    "residents_group",
    "property_firm",
    "owners_committee",
    "veteran",
    "resident",
    "mass_organisation",
    "social_worker",
]


class MemberSeated(Event):
    """A seat of a committee was filled within its term: by what class, never by whom."""

    type: ClassVar[str] = "consultation.member_seated.v1"

    level: Literal["street", "community", "quarter", "building"]
    seat: Code
    member_class: MemberClass
    non_party: bool
    seats: int | None = None
    """Of the committee's fixed members, how many there are now."""
    outside: int | None = None
    """Of these, from outside the party."""
    at: Instant


class SeatEnded(Event):
    """A seat was given up or taken away within its term: why is told to nobody."""

    type: ClassVar[str] = "consultation.seat_ended.v1"

    level: Literal["street", "community", "quarter", "building"]
    seat: Code
    seats: int
    """Of the committee's fixed members, how many there are now."""
    outside: int
    """Of these, from outside the party."""
    at: Instant


class PlanFiled(Event):
    """A committee's catalogue and plan of a year."""

    type: ClassVar[str] = "consultation.plan_filed.v1"

    level: Literal["street", "community"]
    year: int
    topics: int
    """For topical sessions."""
    regular: int
    """Regular meetings."""
    late: bool
    """After the end of February."""
    seats: int | None = None
    """Of the committee's fixed members, how many there are now."""
    outside: int | None = None
    """Of these, from outside the party."""
    at: Instant


class MatterDeliberated(Event):
    """A session recorded what it came to on a matter; the matter takes it from there."""

    type: ClassVar[str] = "consultation.matter_deliberated.v1"

    matter: Id


class SessionHeld(Event):
    """A session was held to its end, with so many of the committee's fixed members."""

    type: ClassVar[str] = "consultation.session_held.v1"

    committee: Id
    level: Literal["street", "community", "quarter", "building"]
    kind: Literal["regular", "topical"]
    matter: Id | None = None
    present: int
    """Fixed members there when it ended."""
    fixed: int
    at: Instant
    seal: Seal | None = None
    """Of its minutes as they were sealed when it ended."""


class MatterReferred(Event):
    """What goes on elsewhere: an outcome for the upper committee, for units through a whistle or, where
    nothing was agreed, for the political conference; a dispute of two parties, for mediation."""

    type: ClassVar[str] = "consultation.matter_referred.v1"

    matter: Id
    target: Literal["upper_committee", "whistle", "mediation", "political_conference"]
    category: Code
    title: Name
    """Of the matter as it was publicised; names no person. Of a dispute only that it is one."""
    again: Annotated[int, Field(ge=1)] | None = None
    """How often it had come to an outcome before it was taken up again or put right: each time goes on by itself."""


def problem_of(matter: str, again: int | None) -> str:
    """The id of the problem that whistle makes of a referral to it: what comes of it is told of this one."""
    parts = ("problems", "matter", matter, *([str(again)] if again else []))
    return str(uuid5(NAMESPACE_URL, "/".join(parts)))


class Serves(BaseModel):
    """What others wait to hear of: premises, an application for funds, a project, or a power to be used."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    kind: Literal["premises", "application", "project", "power"]
    id: Id
    """As the service knows it that asked."""


class OutcomeReported(Event):
    """What a session decided on a matter."""

    type: ClassVar[str] = "consultation.outcome_reported.v1"

    matter: Id
    outcome: Literal["needs_upper_level", "usable_here", "not_yet_possible", "declined"]
    at: Instant
    level: Literal["street", "community", "quarter", "building"] | None = None
    """Of the committee that decided."""
    fixed: int | None = None
    """Its fixed members then."""
    serves: Serves | None = None


class NeedIdentified(Event):
    """A session found that a service should be bought."""

    type: ClassVar[str] = "consultation.need_identified.v1"

    matter: Id
    need: Id
    """Its own: the matter's, and a number."""
    level: Literal["street", "community", "quarter", "building"]
    category: Code
    title: Name
    """Of the service, as the session put it; names no person."""
    at: Instant


class FactRecorded(Event):
    """What annex 9 asks of a street's year, documented, that no other event tells; told again where it was
    put right: of an item's year (or a piece's) the last one holds."""

    type: ClassVar[str] = "consultation.fact_recorded.v1"

    year: int
    item: Literal[1, 2, 4, 8, 11, 12] | None = None
    """Of annex 9; none for a piece of the bonus."""
    fixed: bool | None = None
    """Item 4: whether there is a fixed place."""
    walls: int | None = None
    """Of the three that hang on its wall."""
    made: int | None = None
    """Item 8: rules and policies made after deliberation."""
    published: int | None = None
    mark: int | None = None
    """Items 11 and 12: 0 to 100, signed."""
    piece: Code | None = None
    """Of information: counts once, at its highest."""
    taken: Literal["district", "city", "province"] | None = None
    commented: bool = False
    """By a leader of the district or above."""
    corrected: bool = False
    at: Instant


class DateMissed(Event):
    """Something due of a matter, or of a committee, wasn't done by its date; told once for each date."""

    type: ClassVar[str] = "consultation.date_missed.v1"

    matter: Id | None = None
    awaited: Literal[
        "report", "decision", "feedback", "publication", "progress", "plan", "filing", "answer"
    ]
    due: Instant
    level: Literal["street", "community", "quarter", "building"] | None = None
    """Of the committee whose matter, or plan, it is."""


class OutcomeFollowed(Event):
    """How far an outcome has come that is being carried out: told again with each thing that is said of it."""

    type: ClassVar[str] = "consultation.outcome_followed.v1"

    matter: Id
    fixed: int
    """Fixed members of the committee when it decided."""
    informed: int | None = None
    """How many of them were told what became of it; none where nobody is told one by one."""
    written: int | None = None
    progress: int
    """How many times its progress was reported."""
    level: Literal["street", "community", "quarter", "building"]
    """Of the committee that decided."""
    decided: Instant | None = None
    """When its outcome was reported."""
    at: Instant


class MatterClosed(Event):
    """A matter came to its end: carried out, or with nothing to carry out."""

    type: ClassVar[str] = "consultation.matter_closed.v1"

    matter: Id
    completed: bool
    """Whether an outcome was carried out."""
    decision: Literal["adopted", "partly", "declined"] | None = None
    """The party committee's, where there was one."""
    fixed: int
    """Fixed members of the committee when it decided."""
    informed: int | None = None
    """How many of them were told what became of it; none where that isn't counted."""
    written: int | None = None
    progress: int
    """How many times its progress was reported."""
    missed: int
    level: Literal["street", "community", "quarter", "building"] | None = None
    """Of the committee that decided."""
    decided: Instant | None = None
    """When its outcome was reported."""
    at: Instant
