"""The expert bank."""

from typing import get_args

from chassis.at import At
from chassis.http import Asked, ReasonIn
from chassis.identity import KINDS, Access
from chassis.kind import Changed
from chassis.lists import Filter
from chassis.steps import Collection, nothing
from chassis.words import Short
from contracts.event import Code
from services.procurement.access import KEEPERS, REVIEWING
from services.procurement.desk import ProcurementDesk
from services.procurement.domain import expert, waiting
from services.procurement.domain.expert import (
    Expert,
    ExpertEvent,
    ExpertNominated,
    ExpertStatus,
    Institution,
    Nomination,
)
from services.procurement.vacancies import vacating

EXPERTS: Collection[Expert, ExpertEvent, ProcurementDesk, None] = Collection(
    service="procurement",
    name="experts",
    title="专家库",
    path="/experts",
    state=Expert,
    events=get_args(ExpertEvent),
    evolve=expert.evolve,
    resource=lambda _: {},
    access=Access(sees_all=KINDS),
    keys=lambda expert: {"status": expert.status, "institution": expert.institution},
    awaits=waiting.of_expert,
    indexes=("status",),
    filters={
        "state": Filter(key="status", type=ExpertStatus),
        "institution": Filter(key="institution", type=Institution),
    },
    of=lambda desk: desk.experts,
    knows=nothing,
)
"""Public, all of it (P-23); so it says what an expert is and never who."""


class ExpertIn(Asked):
    """`profile` is what the expert is, such as a chair or a field, without a name; `employer` a code."""

    code: Code
    profile: Short
    institution: Institution
    employer: Code
    nomination: Nomination


@EXPERTS.step(
    "提名专家",
    "/experts",
    who=KEEPERS,
    rules="P-23",
    record=None,
    versioned=False,
    claims=True,
    status=201,
)
async def nominate(
    desk: ProcurementDesk, at: At[None], body: ExpertIn
) -> Changed[Expert, ExpertEvent]:
    at.demand({})
    nominated = ExpertNominated(**body.model_dump(), at=at.now)
    return await desk.experts.record(
        body.code, lambda known: [expert.nominate(known, nominated)], at.cause
    )


@EXPERTS.step("聘任专家", who=REVIEWING, rules="P-23", opens=lambda one, _: one.may_appoint())
def appoint(one: Expert, at: At[None]) -> ExpertEvent:
    return one.appoint(now=at.now)


@EXPERTS.step("移出专家库", who=REVIEWING, rules="P-23", opens=lambda one, _: one.may_remove())
async def remove(
    desk: ProcurementDesk, at: At[None], body: ReasonIn
) -> Changed[Expert, ExpertEvent]:
    """From every panel that still works, too: the next one drawn steps in."""
    return await desk.experts.change(
        at.id,
        lambda one: [one.remove(reason=body.reason, now=at.now)],
        at.cause,
        beside=vacating(desk, at.id, body.reason, at.cause),
    )


STEPS = (nominate, appoint, remove)
