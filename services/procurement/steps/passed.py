"""Sums of a year's 社区营造 that are passed down to streets, and their use."""

from typing import Annotated, get_args

from pydantic import Field

from chassis.at import At
from chassis.http import Asked, ReasonIn
from chassis.kernel.clock import local_date
from chassis.kind import Changed, derived_id
from chassis.lists import Filter, by
from chassis.places import standing_street
from chassis.steps import Collection, nothing
from chassis.words import Day, Long, Short, Whole
from contracts.event import Code
from services.procurement.access import ACCESS, KEEPERS, STREETS
from services.procurement.desk import ProcurementDesk
from services.procurement.domain import passed as sums
from services.procurement.domain.passed import Passed, PassedEvent, SumPassed
from services.procurement.steps.words import Fen, Year, YearSaid


def resource(passed: Passed) -> dict[str, object]:
    return {"street": passed.street}


PASSED: Collection[Passed, PassedEvent, ProcurementDesk, None] = Collection(
    service="procurement",
    name="sums",
    title="下拨经费",
    path="/sums",
    state=Passed,
    events=get_args(PassedEvent),
    evolve=sums.evolve,
    resource=resource,
    access=ACCESS,
    keys=lambda passed: {**resource(passed), "year": passed.year},
    indexes=("street", "year"),
    filters={**by("street"), "year": Filter(key="year", type=Year)},
    of=lambda desk: desk.sums,
    knows=nothing,
)


class SumIn(Asked):
    """`amount` in fen."""

    street: Code
    year: YearSaid
    amount: Fen
    document: Short


@PASSED.step(
    "下拨经费",
    "/sums",
    name="pass_down",
    who=KEEPERS,
    rules="P-38",
    record=None,
    versioned=False,
    claims=True,
    status=201,
)
async def pass_down(
    desk: ProcurementDesk, at: At[None], body: SumIn
) -> Changed[Passed, PassedEvent]:
    """One a street and year; again, it takes the place of the sum before, also of a street that has ended since."""
    at.demand({})
    id = derived_id("sum", body.street, str(body.year))
    if await desk.sums.look(id) is None:
        await standing_street(desk.communities, body.street, local_date(at.now))
    passed = SumPassed(**body.model_dump(), at=at.now)
    return await desk.sums.record(id, lambda known: [sums.pass_down(known, passed)], at.cause)


class UseIn(Asked):
    """`spent` in fen, since the report before."""

    spent: Fen
    on: Day
    text: Long


@PASSED.step("报告使用", name="report_use", who=STREETS, rules="P-38")
def report_use(passed: Passed, at: At[None], body: UseIn) -> PassedEvent:
    return passed.report(**body.model_dump(), now=at.now)


class UseCorrectedIn(ReasonIn):
    """`number`: which report, from 1; `spent` as it was in truth, in fen."""

    number: Annotated[Whole, Field(ge=1)]
    spent: Annotated[Whole, Field(ge=0, le=10**13)]


@PASSED.step(
    "更正使用",
    name="correct_use",
    who=STREETS,
    rules="P-38",
    opens=lambda passed, _: passed.may_put_right(),
)
def correct_use(passed: Passed, at: At[None], body: UseCorrectedIn) -> PassedEvent:
    return passed.put_right(**body.model_dump(), now=at.now)


STEPS = (pass_down, report_use, correct_use)
