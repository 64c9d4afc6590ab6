"""Suppliers, by their own names: what they show of themselves, and what bars them."""

from typing import Annotated, Literal, get_args

from pydantic import Field

from chassis.at import At
from chassis.http import Asked, ReasonIn
from chassis.kind import Changed
from chassis.lists import Filter
from chassis.steps import Collection, Part, nothing
from chassis.words import Day, Flag, Long, Short, Whole
from contracts.event import Code
from services.procurement import announce
from services.procurement.access import BARRING, KEEPERS, REGISTER, REVIEWING
from services.procurement.access import SUPPLIERS as OWN
from services.procurement.desk import ProcurementDesk, supplier_resource
from services.procurement.domain import supplier, waiting
from services.procurement.domain.supplier import (
    HIGHEST_RATING,
    Fact,
    FactKind,
    Ground,
    Supplier,
    SupplierEvent,
    SupplierKind,
    SupplierRegistered,
)

SUPPLIERS: Collection[Supplier, SupplierEvent, ProcurementDesk, None] = Collection(
    service="procurement",
    name="suppliers",
    title="承接方",
    path="/suppliers",
    state=Supplier,
    events=get_args(SupplierEvent),
    evolve=supplier.evolve,
    announce=announce.of_suppliers,
    resource=supplier_resource,
    access=REGISTER,
    keys=lambda supplier: {**supplier_resource(supplier), "kind": supplier.kind},
    awaits=waiting.of_supplier,
    words=lambda supplier: supplier.name,
    filters={"kind": Filter(key="kind", type=SupplierKind)},
    next_due=lambda supplier: supplier.next_due,
    of=lambda desk: desk.suppliers,
    knows=nothing,
)


class FactIn(Asked):
    """`evidence` is the number of the paper seen, `on` its day, `until` the last day it holds; `name` which other
    condition of a project it shows."""

    kind: FactKind
    evidence: Short
    on: Day
    until: Day | None = None
    grade: Annotated[Whole, Field(ge=1, le=HIGHEST_RATING)] | None = None
    name: Code | Literal[""] = ""


class SupplierIn(Asked):
    """An organisation, by its own name, and what it shows of itself."""

    code: Code
    name: Short
    kind: SupplierKind
    facts: Annotated[tuple[FactIn, ...], Field(max_length=20)] = ()
    scope: Long = ""
    founded_on: Day | None = None


@SUPPLIERS.step(
    "登记承接方",
    "/suppliers",
    who=KEEPERS,
    rules="P-06 P-25",
    record=None,
    versioned=False,
    claims=True,
    status=201,
)
async def register(
    desk: ProcurementDesk, at: At[None], body: SupplierIn
) -> Changed[Supplier, SupplierEvent]:
    at.demand({})
    facts = tuple(Fact(**one.model_dump()) for one in body.facts)
    registered = SupplierRegistered(**body.model_dump(exclude={"facts"}), facts=facts, at=at.now)
    return await desk.suppliers.record(
        body.code, lambda known: [supplier.register(known, registered)], at.cause
    )


@SUPPLIERS.step("登记条件", "/suppliers/{id}/facts", name="file_fact", who=KEEPERS, rules="P-06")
def file_fact(supplier: Supplier, at: At[None], body: FactIn) -> SupplierEvent:
    return supplier.file(Fact(**body.model_dump()), now=at.now)


class BarIn(Asked):
    """`document` is the number of the decision; `until` is said of dishonesty alone."""

    ground: Ground
    document: Short
    findings: Long
    decided_on: Day
    until: Day | None = None


@SUPPLIERS.step("禁入", "/suppliers/{id}/bars", name="bar", who=BARRING, rules="P-07")
def bar(supplier: Supplier, at: At[None], body: BarIn) -> SupplierEvent:
    return supplier.bar(**body.model_dump(), now=at.now)


@SUPPLIERS.step(
    "退出", who=KEEPERS | OWN, rules="P-06", opens=lambda supplier, _: supplier.may_leave()
)
def leave(supplier: Supplier, at: At[None], body: ReasonIn) -> SupplierEvent:
    return supplier.leave(reason=body.reason, now=at.now)


@SUPPLIERS.step(
    "恢复", who=KEEPERS, rules="P-06", opens=lambda supplier, _: supplier.may_come_back()
)
def come_back(supplier: Supplier, at: At[None], body: ReasonIn) -> SupplierEvent:
    return supplier.come_back(reason=body.reason, now=at.now)


class SupplierCorrectedIn(ReasonIn):
    """What is left out stays."""

    name: Short | None = None
    kind: SupplierKind | None = None
    scope: Long | None = None
    founded_on: Day | None = None


@SUPPLIERS.step("更正登记", who=KEEPERS, rules="P-06")
def correct(supplier: Supplier, at: At[None], body: SupplierCorrectedIn) -> SupplierEvent:
    """What was entered wrongly, or is another since, as its name."""
    return supplier.correct(**body.model_dump(), now=at.now)


class AppealIn(Asked):
    grounds: Long


BARS: Part[Supplier] = Part(
    path="/bars/{bar}", places=lambda supplier: ({"bar": one.id} for one in supplier.bars)
)


@SUPPLIERS.step(
    "申诉",
    part=BARS,
    who=OWN,
    rules="P-07",
    opens=lambda supplier, at: supplier.may_appeal(at["bar"]),
)
def appeal(supplier: Supplier, at: At[None], body: AppealIn) -> SupplierEvent:
    return supplier.appeal(at["bar"], grounds=body.grounds, now=at.now)


class ReviewIn(Asked):
    lifted: Flag
    answer: Long


@SUPPLIERS.step(
    "复核申诉",
    part=BARS,
    who=REVIEWING,
    rules="P-07",
    opens=lambda supplier, at: supplier.may_review(at["bar"]),
)
def review(supplier: Supplier, at: At[None], body: ReviewIn) -> SupplierEvent:
    return supplier.review(at["bar"], lifted=body.lifted, answer=body.answer, now=at.now)


STEPS = (register, file_fact, bar, appeal, review, leave, come_back, correct)
