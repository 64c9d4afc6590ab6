"""Events of organisations: social organisations and their status, groups, and how many there are in a community."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from .event import Code, Day, Event, Id, Instant

Count = Annotated[int, Field(ge=0)]
RuleId = Annotated[str, StringConstraints(pattern=r"^[A-Z]-[0-9]{2}$")]
Clause = Annotated[str, StringConstraints(max_length=120)]


class Registered(Event):
    """A social organisation is on the register; `supplier` is its code, in procurement as well."""

    type: ClassVar[str] = "organisations.registered.v1"

    kind: Literal["association", "service_institution", "foundation"]
    direct: bool
    """Without a supervising unit."""


class StandingChanged(Event):
    """How an organisation stands now, whole: the latest wins. `change` is what made it so."""

    type: ClassVar[str] = "organisations.standing_changed.v1"

    change: Literal[
        "rated",
        "rating_ended",
        "abnormal",
        "abnormal_ended",
        "blacklisted",
        "blacklist_ended",
        "ended",
        "reinstated",
    ]
    rating: Annotated[int, Field(ge=1, le=5)] | None = None
    """How many A."""
    rating_until: Day | None = None
    abnormal: tuple[Code, ...] = ()
    """The grounds for which it is on the abnormal list; none where it isn't."""
    abnormal_until: Day | None = None
    blacklisted: tuple[Code, ...] = ()
    """The grounds for which it is on the blacklist."""
    blacklisted_until: Day | None = None
    ended: Code | None = None
    """How it ended."""
    rule: RuleId
    clause: Clause | None = None


class GroupFiled(Event):
    """A community group is on file with its street, or no longer."""

    type: ClassVar[str] = "organisations.group_filed.v1"

    group: Id
    kind: Code
    left: bool = False


class VolunteerCounted(Event):
    """One volunteer's confirmed time, whole: the latest wins. Never who it is."""

    type: ClassVar[str] = "organisations.volunteer_counted.v1"

    active: bool
    minutes: Count


class Counted(Event):
    """What there is in a community now, or, without one, of what belongs to none: the latest wins."""

    type: ClassVar[str] = "organisations.counted.v1"

    organisations: Count
    groups: Count
    volunteers: Count
    minutes: Count
    """Of voluntary service that was confirmed; `hours` are whole ones."""
    hours: Count


class ReportMissed(Event):
    """A report that an organisation owes wasn't there by `due`; told once for each."""

    type: ClassVar[str] = "organisations.report_missed.v1"

    what: Literal["yearly", "matter", "head"]
    year: int | None = None
    about: Id | None = None
    due: Instant
