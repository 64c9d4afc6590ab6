"""Events of procurement: projects, their evaluation, and what suppliers may do. Money is in fen."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from .event import Day, Event, Id, Instant

Band = Literal["excellent", "good", "qualified", "unqualified"]
State = Literal["eligible", "preferred", "restricted", "barred"]


class SupplierRegistered(Event):
    """An organisation that may be bought from; `left` when it no longer may."""

    type: ClassVar[str] = "procurement.supplier_registered.v1"

    kind: Literal["social_organisation", "company", "institution"]
    left: bool = False


class NeedsSurveyPublished(Event):
    """What a community needs in a year is public: so many needs so far."""

    type: ClassVar[str] = "procurement.needs_survey_published.v1"

    survey: Id
    year: int
    needs: Annotated[int, Field(ge=1)]


class PlanPublished(Event):
    """What a purchaser will buy in a year: how many items, for how much in fen."""

    type: ClassVar[str] = "procurement.plan_published.v1"

    plan: Id
    year: int
    items: int
    amount: Annotated[int, Field(ge=0)]


class SolicitationOpened(Event):
    """Suppliers may apply for a project, until the end of `closes`."""

    type: ClassVar[str] = "procurement.solicitation_opened.v1"

    call: Id
    plan: Id
    project: Id
    year: int
    way: Literal["purchase", "linkage", "building"]
    closes: Day


class PurchaserRestricted(Event):
    """A purchaser may buy nothing in `year`; `withdrawn` where the finding no longer stands."""

    type: ClassVar[str] = "procurement.purchaser_restricted.v1"

    year: int
    rule: Annotated[str, StringConstraints(pattern=r"^[A-Z]-[0-9]{2}$")]
    clause: Annotated[str, StringConstraints(max_length=120)] | None = None
    withdrawn: bool = False


class ContractSigned(Event):
    """A supplier was given a project for a year; `needs` is what it answers."""

    type: ClassVar[str] = "procurement.contract_signed.v1"

    contract: Id
    project: Id
    year: int
    needs: tuple[Id, ...] = ()


class ContractEnded(Event):
    """A contract is over before or at its term, and why."""

    type: ClassVar[str] = "procurement.contract_ended.v1"

    contract: Id
    project: Id
    year: int | None = None
    why: Literal["terminated", "expired", "unqualified", "subcontracted"]


class PaymentReleased(Event):
    """An instalment was paid; `amount` in fen, in time until `due`."""

    type: ClassVar[str] = "procurement.payment_released.v1"

    contract: Id
    project: Id
    instalment: Literal["first", "mid", "final"]
    amount: Annotated[int, Field(ge=0)]
    due: Instant


class PaymentOverdue(Event):
    """An instalment that could be paid wasn't by `due`; told once for each."""

    type: ClassVar[str] = "procurement.payment_overdue.v1"

    contract: Id
    project: Id
    instalment: Literal["first", "mid", "final"]
    due: Instant


class ProjectEvaluated(Event):
    """One evaluation on the 1000-point scale; only the final one restricts the supplier."""

    type: ClassVar[str] = "procurement.project_evaluated.v1"

    contract: Id
    project: Id
    year: int
    stage: Literal["before", "mid", "final"]
    points: Annotated[int, Field(ge=0, le=1000)]
    band: Band
    evaluated_at: Instant


class PublicationMissed(Event):
    """What has to be public wasn't by `due`: the result of call `about`, or an evaluation or account of it."""

    type: ClassVar[str] = "procurement.publication_missed.v1"

    what: Literal["result", "evaluation", "fund"]
    about: Id
    due: Instant


class SupervisionMissed(Event):
    """What a supervision lacked in `month`, named by its first day; told once for each."""

    type: ClassVar[str] = "procurement.supervision_missed.v1"

    contract: Id
    supervisor: Id
    what: Literal["sessions", "report", "visits"]
    month: Day


class EligibilityChanged(Event):
    """What the supplier may bid for now, with the rule and clause it follows.

    Without `project` it is of all of them, and the last one told of each subject holds: of `suppliers/…` by what was
    decided against it, of `eligibilities/…` by what registers say. It may do what the worse of both says.
    """

    type: ClassVar[str] = "procurement.eligibility_changed.v1"

    state: State
    project: Id | None = None
    year: int | None = None
    """The bid year it holds for, where it is about one."""
    until: Day | None = None
    rule: Annotated[str, StringConstraints(pattern=r"^[A-Z]-[0-9]{2}$")]
    clause: Annotated[str, StringConstraints(max_length=120)] | None = None
