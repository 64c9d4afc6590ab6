"""Whistles as a collection: how they are kept, found and seen."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, get_args

from chassis.at import At
from chassis.kernel.clock import SHANGHAI, Ends, local_date
from chassis.lists import DUE, NEWEST, Filter, by, due, moment
from chassis.steps import Collection
from chassis.store import Total
from chassis.words import Day, Moment
from services.whistle.access import ACCESS
from services.whistle.desk import WhistleDesk, whistle_resource
from services.whistle.desk.known import Known
from services.whistle.domain import waiting
from services.whistle.domain.course import CALLED, CENTRE, Status
from services.whistle.domain.events import Kind, WhistleEvent
from services.whistle.domain.evolution import evolve
from services.whistle.domain.whistle import Whistle
from services.whistle.queries import names, route


def next_due(whistle: Whistle) -> datetime | None:
    if whistle.status not in CALLED:
        return None
    times = [at for task in whistle.tasks if (at := task.wakes_at()) is not None]
    if whistle.decision is not None and whistle.decision.wakes_at is not None:
        times.append(whistle.decision.wakes_at)
    return min(times, default=None)


def soonest(whistle: Whistle) -> Ends | None:
    """The next deadline that runs, of whichever unit, or the command centre's own."""
    if whistle.status not in CALLED:
        return None
    clocks = [clock for task in whistle.tasks for _, clock in task.clocks()]
    return waiting.first([*clocks, *([whistle.decision] if whistle.decision else [])])


def minded(whistle: Whistle, office: str) -> Ends | None:
    """A unit that was called minds no other's."""
    return None if office.startswith("department:") else soonest(whistle)


def keys(whistle: Whistle) -> Mapping[str, Any]:
    called, next_end = whistle.status in CALLED, soonest(whistle)
    return {
        **whistle_resource(whistle),
        "status": whistle.status,
        "kind": whistle.kind,
        "blower": whistle.blower,
        "year": whistle.blown_at.astimezone(SHANGHAI).year,
        "cost": whistle.cost,
        "category": whistle.category,
        "opened_at": moment(whistle.blown_at),
        "due": due(next_end.due if next_end else None),
        "blown_on": local_date(whistle.blown_at),
        "closed_on": local_date(whistle.closed_at) if whistle.closed_at else None,
        "overdue": called and bool(whistle.late),
        "route": route(whistle.community or whistle.street, whistle.category)
        if whistle.competent
        else None,
        "spot": whistle.spot if whistle.competent else None,
        "decided_at": whistle.decided_at,
        "calendar": whistle.calendar if called else None,
    }


async def known(desk: WhistleDesk, whistle: Whistle | None, at: At[None]) -> Known:
    number, policy = await desk.policy()
    ended: list[str] = []
    today, over = local_date(at.now), False
    if whistle is not None and whistle.status in CALLED and at.by == CENTRE:
        called = await desk.units_by_code(whistle.summoned)
        ended = [code for code, unit in called.items() if not unit.valid_on(today)]
    if whistle is not None and at.by == whistle.higher and whistle.blower != at.by:
        over = await desk.has_ended(whistle.community, today)
    rungs = await desk.rungs()
    return Known(number=number, policy=policy, work=desk.work, rungs=rungs, ended=ended, over=over)


WHISTLES: Collection[Whistle, WhistleEvent, WhistleDesk, Known] = Collection(
    service="whistle",
    name="whistles",
    title="哨",
    path="/whistles",
    state=Whistle,
    events=get_args(WhistleEvent),
    evolve=evolve,
    next_due=next_due,
    resource=whistle_resource,
    access=ACCESS,
    keys=keys,
    awaits=waiting.of_whistle,
    runs=minded,
    indexes=(
        "street+opened_at",
        "street+due",
        "community+opened_at",
        "status+opened_at",
        "status+due",
        "units[]+opened_at",
        "units[]+due",
        "opened_at",
        "due",
        "blower",
        "calendar",
        "route",
        "spot",
        "blown_on",
        "closed_on",
    ),
    totals=(
        Total(fields=(), by="status"),
        Total(fields=("street",), by="status"),
        Total(fields=("community",), by="status"),
        Total(fields=("units[]",), by="status"),
    ),
    words=lambda whistle: whistle.title,
    names=names,
    sorts={"newest": NEWEST, "due": DUE},
    filters={
        **by("street", "community", "category"),
        "unit": Filter(key="units"),
        "state": Filter(key="status", type=Status),
        "kind": Filter(key="kind", type=Kind),
        "overdue": Filter(key="overdue", type=bool),
        "from": Filter(key="blown_on", type=Day, how="from"),
        "to": Filter(key="blown_on", type=Day, how="to"),
        "due_before": Filter(key="due", type=Moment, how="before"),
    },
    of=lambda desk: desk.whistles,
    knows=known,
    opens=lambda whistle, at, step: whistle.may(step, at.by),
)


def naming(field: str) -> Callable[[WhistleDesk, At[Known], Any], Awaitable[Known]]:
    """Learns the units that a field of the body names, one or several."""

    async def learn(desk: WhistleDesk, at: At[Known], said: Any) -> Known:
        named = getattr(said, field)
        codes = (named,) if isinstance(named, str) else named
        return replace(at.known, units=await desk.units_by_code(codes))

    return learn
