"""The money for serving people of a community in a year, and its projects."""

from typing import Annotated, get_args

from pydantic import Field

from chassis.at import At
from chassis.http import Asked, ReasonIn
from chassis.kind import Changed, derived_id
from chassis.lists import Filter, by
from chassis.steps import Collection, Part, nothing
from chassis.words import Day, Flag, Long, Short, Whole
from contracts.event import Code
from services.procurement.access import ACCESS, ENTRUSTED, KEEPERS, STREETS
from services.procurement.desk import ProcurementDesk
from services.procurement.domain import allowance as allowances
from services.procurement.domain import waiting
from services.procurement.domain.allowance import Allowance, AllowanceEvent, Project
from services.procurement.domain.resettling import carried_by
from services.procurement.steps.words import Fen, Year, YearSaid


def resource(allowance: Allowance) -> dict[str, object]:
    return {"street": allowance.street, "community": carried_by(allowance)}


ALLOWANCES: Collection[Allowance, AllowanceEvent, ProcurementDesk, None] = Collection(
    service="procurement",
    name="allowances",
    title="服务群众专项经费",
    path="/allowances",
    state=Allowance,
    events=get_args(AllowanceEvent),
    evolve=allowances.evolve,
    resource=resource,
    access=ACCESS,
    keys=lambda allowance: {**resource(allowance), "year": allowance.year},
    awaits=waiting.of_allowance,
    indexes=("street", "community", "year"),
    filters={**by("street", "community"), "year": Filter(key="year", type=Year)},
    of=lambda desk: desk.allowances,
    knows=nothing,
)


class AllowanceIn(Asked):
    """`amount` in fen."""

    community: Code
    year: YearSaid
    amount: Fen


@ALLOWANCES.step(
    "核定专项经费",
    "/allowances",
    who=KEEPERS,
    rules="P-39",
    record=None,
    versioned=False,
    claims=True,
    status=201,
)
async def allot(
    desk: ProcurementDesk, at: At[None], body: AllowanceIn
) -> Changed[Allowance, AllowanceEvent]:
    """Again for the same year, it takes the place of the sum before."""
    at.demand({})
    id = derived_id("allowance", body.community, str(body.year))
    begun = await desk.allowances.look(id)
    street = await desk.street_of(body.community, at.now, begun.aggregate if begun else None)
    return await desk.allowances.record(
        id,
        lambda known: [
            allowances.allot(known, street=street, **body.model_dump(), now=at.now),
        ],
        at.cause,
    )


class ProjectIn(Asked):
    """`amount` in fen; residents settled its `use` on `decided_on`."""

    code: Code
    title: Short
    use: Long
    amount: Fen
    decided_on: Day


@ALLOWANCES.step("申报项目", "/allowances/{id}/projects", name="apply", who=ENTRUSTED, rules="P-39")
def apply(allowance: Allowance, at: At[None], body: ProjectIn) -> AllowanceEvent:
    return allowance.apply(Project(**body.model_dump()), at.now)


PROJECTS: Part[Allowance] = Part(
    path="/projects/{project}",
    places=lambda allowance: ({"project": one.code} for one in allowance.projects),
)


class ProjectReviewIn(Asked):
    agreed: Flag
    opinion: Long


@ALLOWANCES.step(
    "评审项目",
    part=PROJECTS,
    who=STREETS,
    rules="P-39",
    opens=lambda allowance, at: allowance.may_review(at["project"]),
)
def review(allowance: Allowance, at: At[None], body: ProjectReviewIn) -> AllowanceEvent:
    return allowance.review(at["project"], **body.model_dump(), now=at.now)


class ProjectApprovalIn(Asked):
    approved: Flag
    opinion: Long


@ALLOWANCES.step(
    "项目立项",
    part=PROJECTS,
    who=KEEPERS,
    rules="P-39",
    opens=lambda allowance, at: allowance.may_approve(at["project"]),
)
def approve(allowance: Allowance, at: At[None], body: ProjectApprovalIn) -> AllowanceEvent:
    return allowance.approve(at["project"], **body.model_dump(), now=at.now)


class SupervisedIn(Asked):
    findings: Long


@ALLOWANCES.step(
    "督导项目",
    part=PROJECTS,
    who=STREETS,
    rules="P-39",
    opens=lambda allowance, at: allowance.may_supervise(at["project"]),
)
def supervise(allowance: Allowance, at: At[None], body: SupervisedIn) -> AllowanceEvent:
    return allowance.supervise(at["project"], findings=body.findings, now=at.now)


Used = Annotated[Whole, Field(ge=0, le=10**13)]


class DroppedIn(ReasonIn):
    """`used` is what was spent of it, in fen: said of what was approved, were it 0."""

    used: Used | None = None


@ALLOWANCES.step(
    "撤销项目",
    part=PROJECTS,
    who=ENTRUSTED | KEEPERS,
    rules="P-39",
    opens=lambda allowance, at: allowance.may_drop(at["project"]),
)
def drop(allowance: Allowance, at: At[None], body: DroppedIn) -> AllowanceEvent:
    """By its community, or by who approves; its money is free for others."""
    return allowance.drop(at["project"], **body.model_dump(), now=at.now)


class CorrectedIn(ReasonIn):
    """`used` as it was in truth, in fen."""

    used: Used


@ALLOWANCES.step(
    "更正已用金额",
    part=PROJECTS,
    name="correct",
    who=ENTRUSTED | KEEPERS,
    rules="P-39",
    opens=lambda allowance, at: allowance.may_correct(at["project"]),
)
def correct(allowance: Allowance, at: At[None], body: CorrectedIn) -> AllowanceEvent:
    """Of a project that was dropped after it was approved."""
    return allowance.correct(at["project"], **body.model_dump(), now=at.now)


STEPS = (allot, apply, review, approve, supervise, drop, correct)
