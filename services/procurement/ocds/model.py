"""The part of OCDS 1.1 that is published here, under its own names and closed codelists."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


class Published(BaseModel):
    """Camel case outside; what is not known is left out."""

    model_config = ConfigDict(
        alias_generator=to_camel, validate_by_name=True, extra="forbid", frozen=True
    )


class Value(Published):
    """In yuan, as the standard counts money."""

    amount: Annotated[float, Field(ge=0)]
    currency: Literal["CNY"] = "CNY"


class Reference(Published):
    id: str
    name: str


Role = Literal["buyer", "procuringEntity", "supplier", "tenderer", "payer", "payee"]


class Party(Published):
    id: str
    name: str
    roles: Annotated[tuple[Role, ...], Field(min_length=1)]


class Classification(Published):
    scheme: str
    id: str
    description: str


class Item(Published):
    id: str
    description: str
    classification: Classification


class PlanBudget(Published):
    id: str
    description: str
    amount: Value
    project: str


class Planning(Published):
    rationale: str | None = None
    budget: PlanBudget


class Period(Published):
    start_date: datetime | None = None
    end_date: datetime


class Tender(Published):
    id: str
    title: str
    status: Literal["planned", "active", "cancelled", "complete"]
    procuring_entity: Reference
    items: tuple[Item, ...]
    value: Value
    procurement_method: Literal["open", "selective", "limited", "direct"]
    procurement_method_details: str
    procurement_method_rationale: str | None = None
    main_procurement_category: Literal["services"] = "services"
    award_criteria: Literal["ratedCriteria"] | None = None
    tender_period: Period | None = None
    number_of_tenderers: int | None = None
    tenderers: tuple[Reference, ...] | None = None


class Award(Published):
    id: str
    title: str
    status: Literal["active", "cancelled"]
    date: datetime
    value: Value
    suppliers: tuple[Reference, ...]


class Transaction(Published):
    id: str
    date: datetime
    value: Value
    payer: Reference
    payee: Reference


class Milestone(Published):
    id: str
    title: str
    type: Literal["assessment", "delivery"]
    date_met: datetime
    status: Literal["met", "notMet"]


class Implementation(Published):
    transactions: tuple[Transaction, ...] | None = None
    milestones: tuple[Milestone, ...] | None = None


class Contract(Published):
    id: str
    award_id: Annotated[str, Field(alias="awardID")]
    title: str
    status: Literal["active", "terminated"]
    period: Period | None = None
    value: Value
    date_signed: datetime
    implementation: Implementation | None = None


class RelatedProcess(Published):
    id: str
    relationship: tuple[Literal["renewalProcess"], ...]
    scheme: Literal["ocid"] = "ocid"
    identifier: str


Tag = Literal[
    "planning",
    "tender",
    "tenderUpdate",
    "tenderCancellation",
    "award",
    "awardCancellation",
    "contract",
    "contractUpdate",
    "implementation",
    "contractTermination",
]


class Release(Published):
    ocid: str
    id: str
    date: datetime
    tag: Annotated[tuple[Tag, ...], Field(min_length=1)]
    initiation_type: Literal["tender"] = "tender"
    language: Literal["zh"] = "zh"
    parties: tuple[Party, ...]
    buyer: Reference
    planning: Planning | None = None
    tender: Tender | None = None
    awards: tuple[Award, ...] | None = None
    contracts: tuple[Contract, ...] | None = None
    related_processes: tuple[RelatedProcess, ...] | None = None


class CompiledRelease(Release):
    """What all releases of a process lead to."""

    tag: tuple[Literal["compiled"], ...] = ("compiled",)  # type: ignore[assignment]


class Publisher(Published):
    name: str


class ReleasePackage(Published):
    uri: str
    version: Literal["1.1"] = "1.1"
    published_date: datetime
    publisher: Publisher
    releases: tuple[Release, ...]


class Record(Published):
    """Every release of one process, oldest first, and where they lead to."""

    ocid: str
    releases: tuple[Release, ...]
    compiled_release: CompiledRelease


class RecordPackage(Published):
    uri: str
    version: Literal["1.1"] = "1.1"
    published_date: datetime
    publisher: Publisher
    records: tuple[Record, ...]
