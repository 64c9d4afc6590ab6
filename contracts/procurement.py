"""What procurement tells: projects, their evaluation, and what suppliers may do. Money is in fen."""

from typing import ClassVar, Literal

from .event import Event, Instant

Band = Literal["excellent", "good", "qualified", "unqualified"]
State = Literal["eligible", "preferred", "restricted", "barred"]


class SupplierRegistered(Event):
    type: ClassVar[str] = "procurement.supplier_registered.v1"

    kind: Literal["social_organisation", "company", "institution"]
    left: bool = False


class ContractSigned(Event):
    type: ClassVar[str] = "procurement.contract_signed.v1"

    contract: str
    project: str
    year: int


class ContractEnded(Event):
    type: ClassVar[str] = "procurement.contract_ended.v1"

    contract: str
    project: str
    why: Literal["terminated", "expired", "unqualified"]


class ProjectEvaluated(Event):
    """One evaluation on the 1000-point scale; only the final one restricts the supplier."""

    type: ClassVar[str] = "procurement.project_evaluated.v1"

    contract: str
    project: str
    year: int
    stage: Literal["before", "mid", "final"]
    points: int
    band: Band
    evaluated_at: Instant


class EligibilityChanged(Event):
    """What the supplier may bid for now, with the rule and clause it follows."""

    type: ClassVar[str] = "procurement.eligibility_changed.v1"

    state: State
    project: str | None = None
    year: int | None = None
    """The bid year it holds for, where it is about one."""
    until: str | None = None
    rule: str
    clause: str | None = None
