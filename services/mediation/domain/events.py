"""What happens to a case. Parties are labels, `a`, `b`, …; who they are and what was said is sealed apart."""

from dataclasses import dataclass
from datetime import date, datetime

from .dispute import (
    Awaited,
    Body,
    Conflict,
    Dispute,
    Effect,
    How,
    Party,
    Remedy,
    Risk,
    Source,
    Way,
    Word,
)
from .resettling import Resettled
from .screening import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRegistered:
    """`office`: whose it is by territory or charge, `its_street` the street it is of; `matter`: consultation's
    that was refused; `problem`: the whistle's that was handed here; `reference`: the partner's number;
    `repeats`: the case it takes up again."""

    dispute: Dispute
    risk: Risk
    source: Source
    street: str
    community: str | None = None
    office: str
    way: Way
    parties: tuple[Party, ...]
    by: str
    matter: str | None = None
    problem: str | None = None
    reference: str | None = None
    repeats: str | None = None
    its_street: str | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseVoided:
    """It was entered by mistake, or twice: it counts as none."""

    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStarted:
    """`since` and `days` of one that counts working days: such a date may be counted again."""

    awaited: Awaited
    due: datetime
    provisional: bool = False
    since: datetime | None = None
    days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRenewed:
    awaited: Awaited
    due: datetime
    provisional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DateMissed:
    awaited: Awaited
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAccepted:
    way: Way
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReturned:
    """Not by `office`, says it: by `to`. The first time that holds; then it is decided above."""

    office: str
    to: str
    reason: str
    way: Way
    its_street: str | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAssigned:
    """Decided by the street or the district. `on`: the day of it, none before that was said."""

    office: str
    way: Way
    by: str
    reason: str
    its_street: str | None = None
    on: date | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WillSaid:
    """Whether a party comes of its own will; it may say otherwise at any time."""

    party: Party
    willing: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionHeld:
    on: date
    body: Body
    mediators: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionStruck:
    """The last one was entered wrongly, or wasn't held."""

    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MediatorRecused:
    mediator: str
    why: Conflict
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MediationExtended:
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """`amount` in fen, where money is to be paid; `perform_by`: the date of performance; its terms are
    sealed, in `box`."""

    signed_on: date
    signed: tuple[Party, ...]
    perform_by: date
    amount: int | None = None
    box: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementSigned:
    agreement: Agreement
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementCorrected:
    """It was registered otherwise than it was signed: `agreement` is as the paper has it."""

    agreement: Agreement
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementPerformed:
    on: date
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PerformanceStruck:
    """It was entered wrongly, or is still to come."""

    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseVisited:
    """`settled`: whether it is still; what was heard is sealed, in `box`."""

    on: date
    settled: bool
    box: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectNoted:
    effect: Effect
    word: Word
    on: date
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseHanded:
    """To another way or office; a `commission` comes back where it leads to nothing."""

    office: str
    way: Way
    commission: bool
    reason: str
    its_street: str | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CommissionReturned:
    """To who gave it, with what it came to."""

    how: How
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEnded:
    """`told`: what the parties were told of, where mediation didn't settle it."""

    how: How
    told: tuple[Remedy, ...] = ()
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskRaised:
    risk: Risk
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeTaken:
    """包案: by a named office."""

    office: str
    by: str
    its_street: str | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseListed:
    """挂牌督办, with the date by which it is to be settled."""

    by: str
    reason: str
    until: date
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseScreened:
    """A meeting on disputes had it on its list and, where it decided about it, which office deals with it by when."""

    level: Level
    street: str | None = None
    on: date
    minutes: str
    office: str | None = None
    until: date | None = None
    its_street: str | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyNamed:
    """Who it is was sealed apart."""

    party: Party


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyForgotten:
    party: Party


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyJoined:
    """One more that the dispute is between, by its label; who it is is sealed apart."""

    party: Party
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemSettled:
    """The problem it came of was settled where it arose, as the whistle's service tells."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedRemoved:
    """Its term is over: nothing of it is sealed any more."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedRead:
    by: str
    reason: str
    at: datetime


CaseEvent = (
    CaseRegistered
    | CaseVoided
    | ClockStarted
    | ClockRenewed
    | DateMissed
    | CaseAccepted
    | CaseReturned
    | CaseAssigned
    | WillSaid
    | SessionHeld
    | SessionStruck
    | MediatorRecused
    | MediationExtended
    | AgreementSigned
    | AgreementCorrected
    | AgreementPerformed
    | PerformanceStruck
    | CaseVisited
    | EffectNoted
    | CaseHanded
    | CommissionReturned
    | CaseEnded
    | RiskRaised
    | ChargeTaken
    | CaseListed
    | CaseScreened
    | PartyNamed
    | PartyForgotten
    | PartyJoined
    | ProblemSettled
    | SealedRemoved
    | SealedRead
    | Resettled
)
