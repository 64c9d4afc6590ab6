"""Changes of boundaries: decided today, and reached on their day."""

from functools import partial
from typing import Annotated, get_args

from pydantic import Field

from chassis.at import At
from chassis.http import Asked, ReasonIn
from chassis.kind import Changed
from chassis.steps import Collection
from chassis.words import Day, Long, Short
from contracts.event import Code
from services.housing import announce
from services.housing.access import DISTRICT, PUBLIC
from services.housing.desk import HousingDesk
from services.housing.domain import boundaries
from services.housing.domain.boundaries import (
    BoundaryChange,
    BoundaryEvent,
    ChangeDecided,
    ChangeKind,
    Entry,
    Others,
)
from services.housing.domain.community import CommunityKind
from services.housing.steps.words import Households


async def _others(desk: HousingDesk, one: BoundaryChange | None, _: At[None]) -> Others:
    """Of one that may be withdrawn still."""
    return await desk.beside(one) if one is not None and one.open else Others()


CHANGES: Collection[BoundaryChange, BoundaryEvent, HousingDesk, Others] = Collection(
    service="housing",
    name="boundary_changes",
    title="区划变更",
    path="/boundary-changes",
    state=BoundaryChange,
    events=get_args(BoundaryEvent),
    evolve=boundaries.evolve,
    announce=announce.of_changes,
    next_due=lambda change: change.takes_effect_at,
    resource=lambda _: {},
    access=PUBLIC,
    keys=lambda change: {"codes": change.codes, "open": change.open},
    of=lambda desk: desk.changes,
    knows=_others,
)


class EntryIn(Asked):
    """The community as it is from the day on."""

    code: Code
    name: Short
    street: Code
    kind: CommunityKind | None = None
    households: Households | None = None


class ChangeIn(Asked):
    """`ends`: the communities that are no more from the day on."""

    kind: ChangeKind
    on: Day
    ends: Annotated[tuple[Code, ...], Field(max_length=20)] = ()
    entries: Annotated[tuple[EntryIn, ...], Field(min_length=1, max_length=20)]
    reason: Long


@CHANGES.step(
    "变更区划",
    "/boundary-changes",
    who=DISTRICT,
    rules="H-11",
    record=None,
    versioned=False,
    claims=True,
    status=201,
)
async def redraw(
    desk: HousingDesk, at: At[Others], body: ChangeIn
) -> Changed[BoundaryChange, BoundaryEvent]:
    """Merged, split, renamed, retyped or moved, from a day on."""
    return await desk.changes.in_turn({}, at.cause, partial(_decided, desk, at, body))


async def _decided(
    desk: HousingDesk, at: At[Others], body: ChangeIn, id: str
) -> Changed[BoundaryChange, BoundaryEvent]:
    decided = ChangeDecided(
        change=id,
        kind=body.kind,
        on=body.on,
        ends=body.ends,
        entries=tuple(Entry(**entry.model_dump()) for entry in body.entries),
        reason=body.reason,
        at=at.now,
    )
    codes = {*decided.ends, *(entry.code for entry in decided.entries)}
    looked = [await desk.communities.look(code) for code in sorted(codes)]
    known = {held.id: held.aggregate for held in looked if held}
    awaiting, called = await desk.pending(decided)

    def decide() -> tuple[BoundaryEvent, ...]:
        return boundaries.decide(decided, known, desk.streets, awaiting, called)

    if not await desk.changes.recalls(id, at.cause):
        decide()
        await desk.hold_names(decided, at.cause)
    return await desk.changes.create(id, decide, at.cause)


@CHANGES.step(
    "撤回区划变更",
    name="withdraw",
    who=DISTRICT,
    rules="H-11",
    opens=lambda change, at: change.may_withdraw(at.known, now=at.now),
)
def withdraw(change: BoundaryChange, at: At[Others], body: ReasonIn) -> tuple[BoundaryEvent, ...]:
    """Before its day, as one of a wrong day or community: the register stays as it is, and another may be decided."""
    return change.withdraw(at.known, reason=body.reason, now=at.now)


STEPS = (redraw, withdraw)
