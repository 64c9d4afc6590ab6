"""Which organisations are checked at random: listed by who answers for them, drawn by another office."""

from typing import Annotated, get_args

from pydantic import Field

from chassis.at import At
from chassis.http import Asked
from chassis.kernel.clock import local_date
from chassis.kind import Changed, derived_id
from chassis.lists import NEWEST, Filter, moment
from chassis.steps import Collection, nothing
from chassis.words import Short, Whole
from services.organisations.access import ACCESS, DRAWING, SUPERVISING
from services.organisations.desk import OrganisationsDesk, draw_resource, names
from services.organisations.domain import draw as draws
from services.organisations.domain import waiting
from services.organisations.domain.draw import Draw, DrawEvent

DRAWS: Collection[Draw, DrawEvent, OrganisationsDesk, str | None] = Collection(
    service="organisations",
    name="draws",
    title="随机抽查",
    path="/draws",
    state=Draw,
    events=get_args(DrawEvent),
    evolve=draws.evolve,
    resource=draw_resource,
    access=ACCESS,
    keys=lambda one: {
        **draw_resource(one),
        "year": one.year,
        "drawn": one.seed is not None,
        "opened_at": moment(one.listed_at),
    },
    awaits=waiting.of_draw,
    indexes=("units[]", "opened_at"),
    names=names,
    sorts={"newest": NEWEST},
    filters={
        "unit": Filter(key="units"),
        "year": Filter(key="year", type=int),
        "drawn": Filter(key="drawn", type=bool),
    },
    of=lambda desk: desk.draws,
    knows=nothing,
)


class ChecksIn(Asked):
    """How many of those it answers for are checked."""

    size: Annotated[Whole, Field(ge=1, le=1000)]


@DRAWS.step(
    "编制抽查名单",
    "/draws",
    name="list_up",
    who=SUPERVISING,
    rules="O-10",
    record=None,
    versioned=False,
    status=201,
)
async def list_up(
    desk: OrganisationsDesk, at: At[None], body: ChecksIn
) -> Changed[Draw, DrawEvent]:
    """Of the year; civil affairs answer for all on the register."""
    unit = str(at.subject.code)
    candidates = await desk.answered_for(unit)
    commitment = desk.secrets.commit(at.cause.fresh)

    def listed(known: Draw | None) -> list[DrawEvent]:
        return [
            draws.list_up(
                known,
                unit=unit,
                size=body.size,
                candidates=candidates,
                by=at.by,
                commitment=commitment,
                now=at.now,
            )
        ]

    id = derived_id("draws", unit, str(local_date(at.now).year))
    return await desk.draws.record(id, listed, at.cause)


class SeedIn(Asked):
    """What nobody could know when the list was fixed, and everybody may know now."""

    seed: Short


async def learn_secret(desk: OrganisationsDesk, at: At[str | None], _: SeedIn) -> str | None:
    return desk.secrets.tell((await desk.draws.get(at.id)).aggregate.commitment)


@DRAWS.step(
    "抽取抽查对象",
    name="draw",
    who=DRAWING,
    rules="O-10",
    opens=lambda one, at: draws.may_draw(one, at.by),
    learns=(learn_secret,),
)
def draw(one: Draw, at: At[str | None], body: SeedIn) -> DrawEvent:
    return draws.draw(one, by=at.by, seed=body.seed, secret=at.known, now=at.now)


STEPS = (list_up, draw)
