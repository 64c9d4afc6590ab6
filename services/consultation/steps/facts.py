"""Facts of annex 9 that a street records of its year."""

from typing import Annotated, get_args

from pydantic import Field

from chassis.at import At
from chassis.http import Asked
from chassis.kind import Changed
from chassis.lists import NEWEST, Filter, by, moment
from chassis.places import known_street
from chassis.steps import Collection, nothing
from chassis.words import Flag, Long, Short, Whole
from contracts.event import Code
from services.consultation import announce
from services.consultation.access import ACCESS, STREETS
from services.consultation.desk import ConsultationDesk, fact_resource, names
from services.consultation.domain import fact as facts
from services.consultation.domain.fact import Fact, FactEvent, FactRecorded, Figures, Item, Taken

Year = Annotated[int, Field(ge=facts.FIRST_YEAR, le=2100)]

FACTS: Collection[Fact, FactEvent, ConsultationDesk, None] = Collection(
    service="consultation",
    name="facts",
    title="年度评价事实",
    path="/facts",
    state=Fact,
    events=get_args(FactEvent),
    evolve=facts.evolve,
    announce=announce.of_facts,
    resource=fact_resource,
    access=ACCESS,
    keys=lambda fact: {
        **fact_resource(fact),
        "year": fact.year,
        "item": fact.item,
        "opened_at": moment(fact.recorded_at),
    },
    indexes=("street+opened_at", "opened_at"),
    names=names,
    sorts={"newest": NEWEST},
    filters={
        **by("street"),
        "year": Filter(key="year", type=Year),
        "item": Filter(key="item", type=Item),
    },
    of=lambda desk: desk.facts,
    knows=nothing,
)


class FiguresIn(Asked):
    """What shows it, and the figures that its item asks for."""

    document: Short
    fixed: Flag | None = None
    walls: Whole | None = None
    made: Whole | None = None
    published: Whole | None = None
    mark: Whole | None = None
    signed: Flag | None = None
    piece: Code | None = None
    taken: Taken | None = None
    commented: Flag | None = None


class FactIn(Asked):
    street: Code
    year: Whole
    item: Item
    figures: FiguresIn


@FACTS.step(
    "登记评价事实",
    "/facts",
    name="record",
    who=STREETS,
    rules="C-15",
    record=None,
    versioned=False,
    status=201,
)
async def record_fact(
    desk: ConsultationDesk, at: At[None], body: FactIn
) -> Changed[Fact, FactEvent]:
    """Of each item once; what was wrong is corrected."""
    at.demand({"street": body.street})
    recorded = FactRecorded(
        street=await known_street(desk.communities, body.street),
        year=body.year,
        item=body.item,
        figures=Figures(**body.figures.model_dump()),
        at=at.now,
    )
    id = facts.id_of(body.street, body.year, body.item, body.figures.piece)
    return await desk.facts.record(id, lambda known: [facts.record(known, recorded)], at.cause)


class FactCorrectIn(Asked):
    figures: FiguresIn
    reason: Long


@FACTS.step("更正", who=STREETS, rules="C-15")
def correct(f: Fact, at: At[None], body: FactCorrectIn) -> FactEvent:
    return facts.correct(f, Figures(**body.figures.model_dump()), body.reason, at.now)


STEPS = (record_fact, correct)
