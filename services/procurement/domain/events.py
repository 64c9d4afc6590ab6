"""What happens to a contract, in our own words; what of it others are told stands in `announce`."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum

from chassis.kernel.clock import Deadline
from chassis.kernel.required import required

from .evaluation import Band, Parts, Score, Sides, Stage
from .gathered import Gathered
from .panel import ExpertRecused, PanelDrawn, PanelListed
from .passing import PassingAnswered, PassingFound, PassingSettled
from .payment import Instalment
from .resettling import Orphaned, Resettled
from .scheme import Scheme
from .standing import Standing
from .verdict import Verdict


class Why(StrEnum):
    """Why a contract ended: early, or its term is over and all is paid, or it failed, or it was passed on."""

    EXPIRED = "expired"
    TERMINATED = "terminated"
    UNQUALIFIED = "unqualified"
    SUBCONTRACTED = "subcontracted"


class Money(StrEnum):
    """In which form the money goes: 购买, 补贴, 公益创投, 奖励, 认领."""

    PURCHASE = "purchase"
    SUBSIDY = "subsidy"
    VENTURE = "venture"
    AWARD = "award"
    ADOPTION = "adoption"


class EndGround(StrEnum):
    """Why a 三社联动 contract ends early: five grounds of who bought, two of who delivers, or both agree."""

    LAW = "law"
    MORALS = "morals"
    FAULT = "fault"
    DISORDER = "disorder"
    UNMET = "unmet"
    CHANGED = "changed"
    UNLAWFUL = "unlawful"
    AGREED = "agreed"


STOPPING = frozenset({EndGround.CHANGED, EndGround.UNLAWFUL})
"""Of who delivers."""


class Way(StrEnum):
    """How it is bought, since their documents differ: 三社联动 is what there was before they were told apart."""

    PURCHASE = "purchase"
    LINKAGE = "linkage"
    BUILDING = "building"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractSigned:
    """For `item` of `plan`; `turn` is which year of a project this is, `renews` the contract of the year
    before, `replaces` one of the same item that ended early (`paid_before`, in fen, was paid till then),
    `standing` what the supplier might do then."""

    contract: str
    supplier: str
    project: str
    title: str
    year: int
    street: str
    community: str | None = None
    amount: int
    purchaser: str
    way: Way = Way.LINKAGE
    money: Money = Money.PURCHASE
    outside: str = ""
    workers: int = 0
    paid_before: int = 0
    trade: str = ""
    turn: int = 1
    plan: str | None = None
    item: str | None = None
    replaces: str | None = None
    renews: str | None = None
    standing: Standing | None = None
    needs: tuple[str, ...] = ()
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectEvaluated:
    stage: Stage
    parts: Parts
    points: int
    band: Band
    policy: int
    by: str | None = None
    scores: tuple[Score, ...] = ()
    focus_groups: int = 0
    sides: Sides | None = None
    supervision: str = ""
    verdicts: tuple[Verdict, ...] = ()
    gathered: Gathered | None = None
    independent: bool = False
    missed: int = 0
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondScored:
    """Another member's points for the same stage, given without knowing the first ones: `apart` is how far they
    are from them."""

    stage: Stage
    by: str
    points: int
    apart: int
    at: datetime


class Assessor(StrEnum):
    """Who assesses itself before the third party does."""

    SUPPLIER = "supplier"
    COMMUNITY = "community"


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfAssessed:
    """Before an evaluation of `stage`, which is applied for by it."""

    stage: Stage
    by: Assessor
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractEnded:
    why: Why
    ground: EndGround | None = None
    reason: str | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a contract has to state (P-30). `until` is its last day."""

    scope: str
    object: str
    quantity: str
    quality: str
    until: date
    payment: str = ""
    duties: str
    liability: str

    def stated(self) -> None:
        """Malformed where any part says nothing."""
        for part in fields(self):
            if part.type is str:
                required(getattr(self, part.name), part.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractFiled:
    terms: Terms
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionAsked:
    """What was written wrong, as it is right: all the `terms`, the `amount` in fen, or both."""

    terms: Terms | None = None
    amount: int | None = None
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionAnswered:
    """By who delivers; not `agreed`, it stays as it was signed."""

    agreed: bool
    comment: str = ""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """What was said before both put it right."""

    terms_before: Terms | None = None
    amount_before: int | None = None
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeShown:
    scheme: Scheme


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeAnswered:
    """`comment`: what the supplier says of it; empty where it has nothing to say."""

    accepted: bool
    comment: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalAgreed:
    """The supplier agreed to another year."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PerformanceAccepted:
    """An acceptance was held; not `passed`, it is held again once things are put right."""

    passed: bool
    findings: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentOpened:
    """Its condition is met: from here on it may be paid, and the time to pay it runs."""

    instalment: Instalment
    clock: Deadline


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentMissed:
    """A finding against the payer: `due` passed and it wasn't paid. Once for each instalment."""

    instalment: Instalment
    due: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRenewed:
    """The same time, counted on working days that are known better."""

    instalment: Instalment
    clock: Deadline


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentReleased:
    instalment: Instalment
    amount: int
    due: datetime
    at: datetime


ContractEvent = (
    ContractSigned
    | ContractFiled
    | CorrectionAsked
    | CorrectionAnswered
    | SchemeShown
    | SchemeAnswered
    | SelfAssessed
    | SecondScored
    | ProjectEvaluated
    | PanelListed
    | PanelDrawn
    | ExpertRecused
    | RenewalAgreed
    | PerformanceAccepted
    | PaymentOpened
    | PaymentMissed
    | PaymentRenewed
    | PaymentReleased
    | PassingFound
    | PassingAnswered
    | PassingSettled
    | Resettled
    | Orphaned
    | ContractEnded
)
