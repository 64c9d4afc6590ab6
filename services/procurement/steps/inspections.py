"""Random inspections of the leading group: listed, then drawn by another office."""

from typing import Annotated, get_args

from pydantic import Field

from chassis.at import At
from chassis.http import Asked
from chassis.identity import Access
from chassis.kind import Changed, derived_id
from chassis.lists import Filter
from chassis.steps import Collection, nothing
from chassis.words import Whole
from services.procurement.access import DRAWING, KEEPERS, LEADING
from services.procurement.desk import ProcurementDesk
from services.procurement.domain import inspection as inspections
from services.procurement.domain import waiting
from services.procurement.domain.course import Status
from services.procurement.domain.inspection import Inspection, InspectionEvent

from .panels import DrawIn

INSPECTIONS: Collection[Inspection, InspectionEvent, ProcurementDesk, str | None] = Collection(
    service="procurement",
    name="inspections",
    title="抽查",
    path="/inspections",
    state=Inspection,
    events=get_args(InspectionEvent),
    evolve=inspections.evolve,
    resource=lambda _: {},
    access=Access(sees_all=LEADING),
    keys=lambda one: {"drawn": one.seed is not None},
    awaits=waiting.of_inspection,
    filters={"drawn": Filter(key="drawn", type=bool)},
    of=lambda desk: desk.inspections,
    knows=nothing,
)


class InspectionIn(Asked):
    """How many of the running contracts are inspected."""

    size: Annotated[Whole, Field(ge=1, le=200)]


@INSPECTIONS.step(
    "编制抽查名单",
    "/inspections",
    name="list_up",
    who=KEEPERS,
    rules="P-26",
    record=None,
    versioned=False,
    claims=True,
    status=201,
)
async def list_up(
    desk: ProcurementDesk, at: At[None], body: InspectionIn
) -> Changed[Inspection, InspectionEvent]:
    at.demand({})
    running = [held.id async for held in desk.contracts.every({"status": Status.SIGNED})]
    commitment = desk.secrets.commit(at.cause.fresh)
    listed = inspections.list_up(
        running, by=at.by, size=body.size, commitment=commitment, now=at.now
    )
    id = derived_id("inspection", at.cause.key or at.cause.fresh)
    return await desk.inspections.record(id, lambda known: [] if known else [listed], at.cause)


async def learn_secret(desk: ProcurementDesk, at: At[str | None], _: DrawIn) -> str | None:
    return desk.secrets.tell((await desk.inspections.get(at.id)).aggregate.commitment)


@INSPECTIONS.step(
    "抽取抽查合同",
    who=DRAWING,
    rules="P-26",
    opens=lambda one, at: one.may_draw(at.by),
    learns=(learn_secret,),
)
def draw(one: Inspection, at: At[str | None], body: DrawIn) -> InspectionEvent:
    return one.draw(by=at.by, seed=body.seed, secret=at.known, now=at.now)


STEPS = (list_up, draw)
