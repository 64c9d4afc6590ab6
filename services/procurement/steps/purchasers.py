"""Purchasers and what finance found about them."""

from typing import get_args

from chassis.at import At
from chassis.http import Asked, ReasonIn
from chassis.kernel.errors import Malformed
from chassis.kind import Changed
from chassis.steps import Collection, Part, nothing
from chassis.words import Long
from services.procurement import announce
from services.procurement.access import ACCESS, BARRING, PURCHASERS
from services.procurement.desk import ProcurementDesk
from services.procurement.domain import purchaser
from services.procurement.domain.purchaser import (
    Misconduct,
    Purchaser,
    PurchaserEvent,
    office_of,
    place_of,
)

from .words import YearSaid


def resource(purchaser: Purchaser) -> dict[str, object]:
    return place_of(purchaser.office)


PURCHASER: Collection[Purchaser, PurchaserEvent, ProcurementDesk, None] = Collection(
    service="procurement",
    name="purchasers",
    title="购买主体",
    path="/purchasers",
    state=Purchaser,
    events=get_args(PurchaserEvent),
    evolve=purchaser.evolve,
    announce=announce.of_purchasers,
    resource=resource,
    access=ACCESS,
    keys=resource,
    indexes=("street", "units[]"),
    of=lambda desk: desk.purchasers,
    knows=nothing,
)


class FindingIn(Asked):
    """Of something in `year`."""

    year: YearSaid
    ground: Misconduct
    findings: Long


@PURCHASER.step(
    "认定",
    "/purchasers/{id}/findings",
    who=BARRING,
    rules="P-32",
    record=None,
    versioned=False,
    status=201,
)
async def find(
    desk: ProcurementDesk, at: At[None], body: FindingIn
) -> Changed[Purchaser, PurchaserEvent]:
    """The id is the office with a point: `street.guanshang`, `department.civil-affairs`."""
    at.demand({})
    office = office_of(at.id)
    if office.partition(":")[0] not in PURCHASERS:
        raise Malformed("没有这个购买主体。", field="id")
    return await desk.purchasers.record(
        at.id,
        lambda known: [purchaser.find(known, office, **body.model_dump(), now=at.now)],
        at.cause,
    )


class AnswerIn(Asked):
    answer: Long


FINDINGS: Part[Purchaser] = Part(
    path="/findings/{finding}",
    places=lambda known: ({"finding": one.id} for one in known.findings),
)


@PURCHASER.step(
    "申辩",
    part=FINDINGS,
    who=PURCHASERS,
    rules="P-32",
    opens=lambda known, at: known.may_answer(at["finding"], at.by),
)
def answer(known: Purchaser, at: At[None], body: AnswerIn) -> PurchaserEvent:
    return known.answer(at["finding"], by=at.by, answer=body.answer, now=at.now)


@PURCHASER.step(
    "撤销认定",
    part=FINDINGS,
    who=BARRING,
    rules="P-32",
    opens=lambda known, at: known.may_withdraw(at["finding"]),
)
def withdraw(known: Purchaser, at: At[None], body: ReasonIn) -> PurchaserEvent:
    return known.withdraw(at["finding"], reason=body.reason, now=at.now)


STEPS = (find, answer, withdraw)
