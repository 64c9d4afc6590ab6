"""Paid services of a project: filed by the supplier, examined by the leading group, begun, accounted for."""

from dataclasses import dataclass
from typing import Annotated, get_args

from pydantic import Field

from chassis.at import At
from chassis.http import Asked, ReasonIn
from chassis.kind import Changed, derived_id
from chassis.lists import Filter, by
from chassis.steps import Collection
from chassis.words import Flag, Long, Whole
from contracts.event import Id
from services.procurement.access import ACCESS, KEEPERS, SUPPLIERS
from services.procurement.desk import ProcurementDesk
from services.procurement.domain import paid as paids
from services.procurement.domain import waiting
from services.procurement.domain.course import Status
from services.procurement.domain.guide import Nature, Service
from services.procurement.domain.paid import Paid, PaidEvent, PaidStatus
from services.procurement.domain.purchaser import place_of
from services.procurement.domain.resettling import carried_by
from services.procurement.offered import offered
from services.procurement.steps.applications import ServiceIn


def resource(paid: Paid) -> dict[str, object]:
    return {
        "street": paid.street,
        "community": carried_by(paid),
        "supplier": paid.supplier,
        "units": place_of(paid.purchaser)["units"],
    }


@dataclass(frozen=True, slots=True)
class Known:
    """Whether the contract is over that it is a service of."""

    over: bool


async def known(desk: ProcurementDesk, paid: Paid | None, _: At[None]) -> Known:
    held = await desk.contracts.look(paid.contract) if paid else None
    return Known(over=held is not None and held.aggregate.status is Status.ENDED)


PAID: Collection[Paid, PaidEvent, ProcurementDesk, Known] = Collection(
    service="procurement",
    name="paid_services",
    title="有偿服务",
    path="/paid_services",
    state=Paid,
    events=get_args(PaidEvent),
    evolve=paids.evolve,
    resource=resource,
    access=ACCESS,
    keys=lambda paid: {**resource(paid), "contract": paid.contract, "status": paid.status},
    awaits=waiting.of_paid,
    indexes=("street", "community", "units[]", "supplier", "contract"),
    filters={
        **by("street", "community", "supplier"),
        "contract": Filter(key="contract", type=Id),
        "state": Filter(key="status", type=PaidStatus),
    },
    of=lambda desk: desk.paid,
    knows=known,
)


class PaidIn(ServiceIn):
    contract: Id
    nature: Nature = Nature.PAID


@PAID.step(
    "备案有偿服务",
    "/paid_services",
    who=SUPPLIERS,
    rules="P-05 P-25",
    record=None,
    versioned=False,
    status=201,
)
async def file(desk: ProcurementDesk, at: At[Known], body: PaidIn) -> Changed[Paid, PaidEvent]:
    """One for each item of the guide."""
    contract = await desk.delivered(body.contract, at.by)
    at.demand({"supplier": contract.supplier})
    service = Service(**body.model_dump(exclude={"contract"}))
    approved = await offered(desk, contract)
    others = [one.aggregate async for one in desk.paid.every({"contract": contract.id})]

    def decided(known: Paid | None) -> list[PaidEvent]:
        return [
            paids.file(
                known, contract, service, desk.guide, at.now, approved=approved, others=others
            )
        ]

    return await desk.paid.record(derived_id(contract.id, service.code), decided, at.cause)


class PaidExaminationIn(Asked):
    approved: Flag
    opinion: Long


@PAID.step("审查有偿服务", who=KEEPERS, rules="P-25", opens=lambda paid, _: paid.may_examine())
def examine(paid: Paid, at: At[Known], body: PaidExaminationIn) -> PaidEvent:
    return paid.examine(approved=body.approved, opinion=body.opinion, now=at.now)


@PAID.step(
    "开展有偿服务",
    who=SUPPLIERS,
    rules="P-25",
    opens=lambda paid, at: paid.may_begin(over=at.known.over),
)
def begin(paid: Paid, at: At[Known]) -> PaidEvent:
    return paid.begin(at.now, over=at.known.over)


Sum = Annotated[Whole, Field(ge=0, le=10**13)]


class ProfitIn(Asked):
    """In fen, since the last report; a profit is put back whole."""

    income: Sum
    cost: Sum
    put_back: Sum
    used_for: Long = ""


@PAID.step("报告收支", who=SUPPLIERS, rules="P-25", opens=lambda paid, _: paid.may_report())
def report(paid: Paid, at: At[Known], body: ProfitIn) -> PaidEvent:
    return paid.report(**body.model_dump(), now=at.now)


class ProfitCorrectedIn(ReasonIn, ProfitIn):
    """`number`: which report, from 1; the rest as it was in truth."""

    number: Annotated[Whole, Field(ge=1)]


@PAID.step(
    "更正收支",
    name="correct_report",
    who=SUPPLIERS,
    rules="P-25",
    opens=lambda paid, _: paid.may_correct(),
)
def correct(paid: Paid, at: At[Known], body: ProfitCorrectedIn) -> PaidEvent:
    """Beside what was reported; the sums follow."""
    return paid.correct(**body.model_dump(), now=at.now)


STEPS = (file, examine, begin, report, correct)
