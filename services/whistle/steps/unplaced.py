"""Reports whose place nobody knows yet: the command centre says where each belongs, or that it is not ours."""

from dataclasses import dataclass
from typing import get_args

from chassis.at import At
from chassis.http import Asked
from chassis.kernel.clock import local_date
from chassis.lists import NEWEST, Filter, by, moment
from chassis.steps import Collection
from chassis.words import Long
from contracts.event import Code
from contracts.housing import CommunityProfiled
from services.whistle import announce
from services.whistle.access import ACCESS, CENTRE
from services.whistle.desk import WhistleDesk
from services.whistle.desk.registers import street_of
from services.whistle.domain import unplaced, waiting
from services.whistle.domain.unplaced import (
    Unplaced,
    UnplacedEvent,
    UnplacedPlaced,
    UnplacedStatus,
    UnplacedTurnedAway,
)
from services.whistle.queries import names


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """The community that was named, once one was."""

    community: CommunityProfiled | None = None


async def nowhere(*_: object) -> Where:
    return Where()


UNPLACED: Collection[Unplaced, UnplacedEvent, WhistleDesk, Where] = Collection(
    service="whistle",
    name="unplaced",
    title="待定地点的反映",
    path="/unplaced",
    state=Unplaced,
    events=get_args(UnplacedEvent),
    evolve=unplaced.evolve,
    announce=announce.of_unplaced,
    resource=lambda _: {},
    access=ACCESS,
    keys=lambda one: {
        "status": one.status,
        "category": one.category,
        "opened_at": moment(one.taken_at),
    },
    awaits=waiting.of_unplaced,
    indexes=("status+opened_at", "opened_at"),
    names=names,
    out=lambda one: one.shown,
    sorts={"newest": NEWEST},
    filters={**by("category"), "state": Filter(key="status", type=UnplacedStatus)},
    of=lambda desk: desk.unplaced,
    knows=nowhere,
)


async def there(desk: WhistleDesk, at: At[Where], body: "PlaceIn") -> Where:
    return Where(community=await desk.communities.known(body.community, "community"))


class PlaceIn(Asked):
    community: Code


@UNPLACED.step(
    "确定地点", who=CENTRE, rules="W-01", opens=lambda one, at: one.may_place(), learns=(there,)
)
def place(one: Unplaced, at: At[Where], body: PlaceIn) -> UnplacedPlaced:
    """From then on it is a problem of that community, under the same id."""
    community = at.known.community
    if community is None:
        raise RuntimeError("the community that is named is looked up first")
    return one.put(
        street=street_of(community, local_date(at.now)), community=community.code, now=at.now
    )


class ElsewhereIn(Asked):
    reason: Long


@UNPLACED.step("不属本区", who=CENTRE, rules="W-01", opens=lambda one, at: one.may_place())
def elsewhere(one: Unplaced, at: At[Where], body: ElsewhereIn) -> UnplacedTurnedAway:
    """Whoever asked reads why by receipt."""
    return one.turn_away(reason=body.reason, now=at.now)


STEPS = (place, elsewhere)
