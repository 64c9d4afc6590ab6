"""Applications: filed for a call, and withdrawn; nobody but who applies sees them here (P-10)."""

from typing import Annotated, Any, get_args

from pydantic import Field

from chassis.at import At
from chassis.http import Asked
from chassis.kind import Changed
from chassis.steps import Collection, nothing
from chassis.words import Day, Long, Passage, Whole
from contracts.event import Code
from services.procurement.access import OWN, SUPPLIERS
from services.procurement.desk import ProcurementDesk
from services.procurement.domain import offer as offers
from services.procurement.domain.application import Application, Form, Prepared
from services.procurement.domain.guide import Counted, Nature, Population, Service
from services.procurement.domain.offer import Offer, OfferEvent

from .words import Fen

APPLICATIONS: Collection[Offer, OfferEvent, ProcurementDesk, None] = Collection(
    service="procurement",
    name="applications",
    title="申报",
    path="/applications",
    state=Offer,
    events=get_args(OfferEvent),
    evolve=offers.evolve,
    resource=lambda offer: {"supplier": offer.supplier},
    access=OWN,
    keys=lambda offer: {"supplier": offer.supplier, "call": offer.call},
    indexes=("supplier", "call"),
    of=lambda desk: desk.applications,
    knows=nothing,
)


class PreparedIn(Asked):
    """When it was heard, decided and posted in the community."""

    heard_on: Day
    decided_on: Day
    posted_on: Day


class ServiceIn(Asked):
    """An item of the service guide; `price` and the `market`'s in fen, of a paid one."""

    code: Code
    nature: Nature
    content: Long = ""
    price: Fen | None = None
    market: Fen | None = None


class CountedIn(Asked):
    """How many people of a population live in the community."""

    population: Population
    people: Annotated[Whole, Field(ge=0, le=10**6)]


class FormIn(Asked):
    """The application form, part by part."""

    background: Passage
    needs: Passage
    aims: Passage
    strategy: Passage
    indicators: Passage
    schedule: Passage
    tracking: Passage
    people: Passage
    budget: Passage
    other: Passage = ""


class ApplicationIn(Asked):
    """`form`, `services` and `populations` are said of 三社联动 alone; `amount` in fen; of `staff` who work on it,
    `workers` are professional social workers."""

    community: Code | None = None
    workers: Annotated[Whole, Field(ge=0, le=1000)]
    staff: Annotated[Whole, Field(ge=1, le=1000)]
    amount: Fen
    summary: Passage
    prepared: PreparedIn | None = None
    form: FormIn | None = None
    services: Annotated[tuple[ServiceIn, ...], Field(max_length=60)] = ()
    populations: Annotated[tuple[CountedIn, ...], Field(max_length=3)] = ()


@APPLICATIONS.step(
    "申报",
    "/solicitations/{id}/applications",
    name="apply",
    who=SUPPLIERS,
    rules="P-05 P-06 P-07 P-10 P-28 P-34 P-38",
    record=None,
    versioned=False,
)
async def apply(
    desk: ProcurementDesk, at: At[Any], body: ApplicationIn
) -> Changed[Offer, OfferEvent]:
    """Again, it takes the place of the one before."""
    at.demand({"supplier": at.subject.code})
    application = Application(
        supplier=at.by.partition(":")[2],
        community=body.community,
        workers=body.workers,
        staff=body.staff,
        amount=body.amount,
        summary=body.summary,
        prepared=Prepared(**body.prepared.model_dump()) if body.prepared else None,
        form=Form(**body.form.model_dump()) if body.form else None,
        services=tuple(Service(**one.model_dump()) for one in body.services),
        populations=tuple(Counted(**one.model_dump()) for one in body.populations),
        at=at.now,
    )
    return await desk.file(at.id, application, at.cause)


@APPLICATIONS.step(
    "撤回申报",
    who=SUPPLIERS,
    rules="P-10",
    opens=lambda offer, at: offer.may_withdraw(at.now),
)
async def withdraw(desk: ProcurementDesk, at: At[Any]) -> Changed[Offer, OfferEvent]:
    """Until its call closes."""
    return await desk.withdraw(at.id, at.cause)


STEPS = (apply, withdraw)
