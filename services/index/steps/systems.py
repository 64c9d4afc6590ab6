"""The indicator systems: what the print leaves open is settled, and weights are set, version by version."""

from dataclasses import dataclass, replace
from typing import Annotated, Literal, get_args

from pydantic import Field

from chassis.at import At
from chassis.http import Asked
from chassis.kernel.errors import NotFound
from chassis.steps import Collection
from chassis.words import Long, Short, Whole
from contracts.event import Code
from services.index.access import DISTRICT, PUBLIC
from services.index.desk import IndexDesk
from services.index.domain import bringing, decisions, settling
from services.index.domain.decisions import (
    DoubtSettled,
    GoalRead,
    SystemAdopted,
    SystemBook,
    SystemEvent,
    Weight,
    WeightsSet,
)
from services.index.domain.system import IndicatorSystem


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The system before any decision, and how many figures are filed for the year that is spoken of."""

    base: IndicatorSystem | None = None
    filed: int = 0


async def known(desk: IndexDesk, book: SystemBook | None, _: At[None]) -> Known:
    return Known(base=desk.systems.base(book) if book else None)


async def filed(desk: IndexDesk, at: At[Known], body: "AdoptIn") -> Known:
    return replace(at.known, filed=await desk.observations.count({"year": body.year}))


def base(at: At[Known]) -> IndicatorSystem:
    if at.known.base is None:
        raise NotFound
    return at.known.base


SYSTEMS: Collection[SystemBook, SystemEvent, IndexDesk, Known] = Collection(
    service="index",
    name="systems",
    title="指标体系",
    path="/systems",
    state=SystemBook,
    events=get_args(decisions.SystemEvent),
    evolve=decisions.evolve,
    resource=lambda _: {},
    access=PUBLIC,
    keys=lambda book: {"version": book.version},
    read=frozenset({"trail"}),
    of=lambda desk: desk.systems.books,
    knows=known,
)


class GoalIn(Asked):
    """Decimal text in the point's unit."""

    value: Short
    sense: Literal[">=", ">", "<=", "=="]


class SettleIn(Asked):
    """`reading`: how it is to be read, in words; the other fields are what that changes.

    `longer` names a longer goal; without that and a `point` it is a doubt of the whole.
    `goals` as an empty list: it has none.
    """

    point: Annotated[Whole, Field(ge=1, le=999)] | None = None
    longer: Short | None = None
    doubt: Code
    reading: Long
    reason: Long
    name: Short | None = None
    unit: Short | None = None
    baseline: Short | None = None
    baseline_year: Annotated[Whole, Field(ge=2000, le=2099)] | None = None
    goals: Annotated[tuple[GoalIn, ...], Field(max_length=2)] | None = None


@SYSTEMS.step("认定存疑", who=DISTRICT, rules="I-02 I-22", versioned=None)
def settle(book: SystemBook, at: At[Known], body: SettleIn) -> DoubtSettled:
    goals = None if body.goals is None else tuple(GoalRead(**g.model_dump()) for g in body.goals)
    fields = {**body.model_dump(exclude={"goals"}), "goals": goals}
    return settling.settle(base(at), DoubtSettled(**fields, by=at.by, at=at.now))


class WeightIn(Asked):
    """`name`: of an indicator, or the number of a measuring point; `weight` in ten-thousandths."""

    name: Short
    weight: Annotated[Whole, Field(ge=0, le=10_000)]


class WeightsIn(Asked):
    """`parent`: the names from the top down to the parent; empty is the top."""

    parent: Annotated[tuple[Short, ...], Field(max_length=3)] = ()
    weights: Annotated[tuple[WeightIn, ...], Field(max_length=100)]
    reason: Long


@SYSTEMS.step("设定权重", who=DISTRICT, rules="I-05", versioned=None)
def weigh(book: SystemBook, at: At[Known], body: WeightsIn) -> WeightsSet:
    weights = tuple(Weight(**one.model_dump()) for one in body.weights)
    return settling.weigh(
        base(at),
        WeightsSet(parent=body.parent, weights=weights, reason=body.reason, by=at.by, at=at.now),
    )


class AdoptIn(Asked):
    """From the figures of `year` on."""

    year: Annotated[Whole, Field(ge=2000, le=2099)]
    reason: Long


@SYSTEMS.step("采用", who=DISTRICT, rules="I-02", versioned=None, learns=(filed,))
def adopt(book: SystemBook, at: At[Known], body: AdoptIn) -> SystemAdopted:
    """Instead of the one before; not for a year of which figures are filed."""
    adopted = SystemAdopted(year=body.year, reason=body.reason, by=at.by, at=at.now)
    return bringing.adopt(book, adopted, at.known.filed)


STEPS = (settle, weigh, adopt)
