"""A case from its registration to its end: where it stands, and what may be done to it there (M-04)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from chassis.kernel.clock import Deadline, in_working_days, local_date
from chassis.kernel.errors import OutOfOrder
from chassis.vocabulary import word_of
from services.mediation.vocabulary import WORDS

from .dispute import STABILITY, Awaited, Dispute, How, Party, Remedy, Risk, Source, Way
from .events import (
    Agreement,
    AgreementPerformed,
    CaseAssigned,
    CaseHanded,
    CaseListed,
    CaseReturned,
    CaseScreened,
    CaseVisited,
    CaseVoided,
    ChargeTaken,
    DateMissed,
    EffectNoted,
    MediatorRecused,
    RiskRaised,
    SessionHeld,
)
from .rules import RULES


class Status(StrEnum):
    RECEIVED = "received"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    AGREED = "agreed"
    PERFORMED = "performed"
    ENDED = "ended"
    VOIDED = "voided"


OPEN = frozenset(Status) - {Status.ENDED, Status.VOIDED}
AGREEMENT = frozenset({Status.AGREED, Status.PERFORMED, Status.ENDED})
ALLOWED: Mapping[str, frozenset[Status]] = {
    "accept": frozenset({Status.RECEIVED}),
    "whose": frozenset({Status.RECEIVED}),
    "assign": frozenset({Status.RETURNED}),
    "void": frozenset({Status.RECEIVED, Status.RETURNED}),
    "join": frozenset({Status.RECEIVED, Status.ACCEPTED}),
    "will": frozenset({Status.ACCEPTED}),
    "session": frozenset({Status.ACCEPTED}),
    "strike_session": frozenset({Status.ACCEPTED}),
    "recuse": frozenset({Status.ACCEPTED, Status.AGREED, Status.PERFORMED}),
    "extend": frozenset({Status.ACCEPTED}),
    "transfer": frozenset({Status.ACCEPTED}),
    "agree": frozenset({Status.ACCEPTED}),
    "fail": frozenset({Status.ACCEPTED, Status.AGREED}),
    "correct": frozenset({Status.AGREED}),
    "perform": frozenset({Status.AGREED}),
    "strike_performance": frozenset({Status.PERFORMED}),
    "visit": frozenset({Status.PERFORMED}),
    "effect": AGREEMENT,
    "raise": OPEN,
    "charge": OPEN,
    "supervise": OPEN,
}
BESIDE = frozenset({Awaited.CHARGE, Awaited.SUPERVISION})
"""Clocks that run whatever step the case is at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    awaited: Awaited
    due: datetime
    provisional: bool = False
    since: datetime | None = None
    days: int | None = None
    missed: bool = False

    @property
    def counted(self) -> Deadline | None:
        """In working days; None of a day that was said, or of before it was kept since when."""
        return in_working_days(self.since, self.days, self.due, provisional=self.provisional)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    how: How
    told: tuple[Remedy, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Had:
    """An office's own mediation as it handed the case on: until when, whether extended, and when it did."""

    due: datetime
    extended: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """M-11: on which day something came about, by which way it then went: what comes later changes neither."""

    on: date
    way: Way


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """`office` has it now, by `way`; `parties` are labels; `named` those whose names are sealed.

    `deciding`: who decides whose it is after a return; `assigned`: as it was decided; `willing`: by party,
    as it said last; `earlier`: agreements that didn't hold; `removed_at`: when what was sealed went;
    `streets`: of offices in another street than where the dispute arose, which that is.
    """

    status: Status
    dispute: Dispute
    risk: Risk
    source: Source
    street: str
    community: str | None = None
    office: str
    way: Way
    by: str
    parties: tuple[Party, ...]
    named: tuple[Party, ...] = ()
    matter: str | None = None
    problem: str | None = None
    problem_settled_at: datetime | None = None
    reference: str | None = None
    repeats: str | None = None
    registered_at: datetime
    returns: tuple[CaseReturned, ...] = ()
    deciding: str | None = None
    assigned: tuple[CaseAssigned, ...] = ()
    accepted_at: datetime | None = None
    willing: Mapping[Party, bool]
    sessions: tuple[SessionHeld, ...] = ()
    recused: tuple[MediatorRecused, ...] = ()
    extended: bool = False
    agreement: Agreement | None = None
    miswritten: tuple[Agreement, ...] = ()
    """As it was registered before it was put right."""
    performed: AgreementPerformed | None = None
    effects: tuple[EffectNoted, ...] = ()
    visits: tuple[CaseVisited, ...] = ()
    earlier: tuple[Agreement, ...] = ()
    handed: tuple[CaseHanded, ...] = ()
    handed_by: tuple[str, ...] = ()
    had: Mapping[str, Had] = field(default_factory=dict)
    """By office that handed it on."""
    commissions: tuple[tuple[str, Way], ...] = ()
    raised: tuple[RiskRaised, ...] = ()
    charge: ChargeTaken | None = None
    listed: CaseListed | None = None
    screened: tuple[CaseScreened, ...] = ()
    clocks: tuple[Clock, ...] = ()
    missed: tuple[DateMissed, ...] = ()
    ended: Ended | None = None
    voided: CaseVoided | None = None
    removed_at: datetime | None = None
    came_by: Way | None = None
    first_accepted: Counted | None = None
    performances: tuple[Counted, ...] = ()
    """Each that there was; as the two before, nothing of what was kept before it was said here."""
    streets: Mapping[str, str] = field(default_factory=dict)
    became: Mapping[str, str] = field(default_factory=dict)
    """Of communities that were merged, by office."""

    @property
    def held_in(self) -> str:
        """The street that stands in for the office that has it: a department's is where the dispute is."""
        away = self.street_now if self.office.startswith("department:") else self.street
        return self.streets.get(self.office, away)

    @property
    def here_now(self) -> str:
        """The office where the dispute is, as its community goes on."""
        here = f"community:{self.community}" if self.community else f"street:{self.street}"
        return [here, *self._since(here)][-1]

    @property
    def registrar(self) -> str:
        """M-06: who entered it, or what that community was merged into."""
        return [self.by, *self._since(self.by)][-1]

    @property
    def street_now(self) -> str:
        """M-06: the street that stands in there; `street` is where it arose."""
        return self.streets.get(self.here_now, self.street)

    @property
    def offices(self) -> tuple[str, ...]:
        """M-06: whom it concerns, to its end: where it is, whom it passed through or a meeting named, each community's
        street, and who leads the work."""
        through = [self.by, self.office, *self.handed_by, *(one.office for one in self.returns)]
        charged = [self.charge.office] if self.charge else []
        charged += [one.office for one in self.screened if one.office is not None]
        here = [f"community:{self.community}"] if self.community else []
        met = [f"street:{self.street}", *here, *through, *charged]
        met += [later for one in met for later in self._since(one)]
        above = [f"street:{self.streets[one]}" for one in met if one in self.streets]
        return tuple(dict.fromkeys((f"department:{STABILITY}", *met, *above)))

    def _since(self, office: str) -> list[str]:
        """What it became, one merger after the other, each once: where one is called as before again, that was all."""
        since: list[str] = []
        while (became := self.became.get(office)) is not None and became not in since:
            since.append(became)
            office = became
        return since

    @property
    def found(self) -> Counted:
        return Counted(on=local_date(self.registered_at), way=self.came_by or self.way)

    @property
    def taken_up(self) -> Counted | None:
        """The first time."""
        if self.first_accepted is not None or self.accepted_at is None:
            return self.first_accepted
        return Counted(on=local_date(self.accepted_at), way=self.way)

    @property
    def carried_out(self) -> tuple[Counted, ...]:
        if self.performances or self.performed is None:
            return self.performances
        return (Counted(on=self.performed.on, way=self.way),)

    @property
    def over(self) -> datetime | None:
        """Since when it is, while something of it is still sealed."""
        last = self.ended or self.voided
        return last.at if last and self.removed_at is None else None

    @property
    def repeated(self) -> bool:
        return self.repeats is not None or bool(self.earlier)

    @property
    def next_due(self) -> datetime | None:
        return min((clock.due for clock in self.clocks if not clock.missed), default=None)

    @property
    def late(self) -> bool:
        """Open past a date."""
        return any(clock.missed for clock in self.clocks)

    @property
    def boxes(self) -> Mapping[str, str]:
        """What is sealed of it besides the parties and the text: where each thing is."""
        agreements = (*self.earlier, *((self.agreement,) if self.agreement else ()))
        terms = {f"terms-{number}": one.box for number, one in enumerate(agreements, 1)}
        heard = {f"visit-{number}": one.box for number, one in enumerate(self.visits, 1)}
        return {**terms, **heard}

    @property
    def unwilling(self) -> tuple[Party, ...]:
        """Parties that said no, or haven't said."""
        return tuple(party for party in self.parties if not self.willing.get(party, False))

    def may(self, step: str) -> None:
        """M-04: in its order."""
        if self.status not in ALLOWED[step]:
            steps = [name for name, at in ALLOWED.items() if self.status in at]
            raise OutOfOrder(RULES["M-04"], word_of(self.status, WORDS), step, steps)
