"""Composition root: knows every part of this service and builds it."""

import csv
from pathlib import Path
from typing import Any, get_args

from chassis.aggregates import Aggregates, Kind
from chassis.copies import Copies
from chassis.guarded import Guarded
from chassis.kernel.clock import SHANGHAI, WorkTime
from chassis.policy import Policies
from chassis.policy_api import policy_router
from chassis.service import House, Service
from contracts.housing import CommunityProfiled

from . import announce, api, consumers, timers
from .access import ACCESS
from .desk import WhistleDesk, problem_resource, whistle_resource
from .domain import evolution, problem, unit
from .domain.events import WhistleEvent
from .domain.policy import WhistlePolicy, check
from .domain.problem import Problem, ProblemEvent
from .domain.rules import RULES
from .domain.unit import Unit, UnitEntered
from .domain.whistle import CALLED, Whistle
from .queries import WhistleQueries
from .reporters import Reporters

NAME = "whistle"
HERE = Path(__file__).parent


def problem_keys(problem: Problem) -> dict[str, Any]:
    return {**problem_resource(problem), "status": problem.status, "category": problem.category}


def whistle_keys(whistle: Whistle) -> dict[str, Any]:
    called = whistle.status in CALLED
    return {
        **whistle_resource(whistle),
        "status": whistle.status,
        "kind": whistle.kind,
        "blower": whistle.blower,
        "year": whistle.blown_at.astimezone(SHANGHAI).year,
        "cost": whistle.cost,
        "overdue": called and any(task.open_alarm() for task in whistle.tasks),
        "calendar": whistle.calendar if called else None,
    }


def next_due(whistle: Whistle) -> Any:
    if whistle.status not in CALLED:
        return None
    times = [at for task in whistle.tasks if (at := task.wakes_at()) is not None]
    return min(times, default=None)


def whistle_kind(work: WorkTime) -> Kind[Whistle, WhistleEvent]:
    return Kind(
        service=NAME,
        collection="whistles",
        state=Whistle,
        events=get_args(WhistleEvent),
        evolve=evolution.evolve,
        announce=announce.of_whistles(work),
        keys=whistle_keys,
        next_due=next_due,
        indexes=("street", "status", "units", "blower", "calendar"),
    )


PROBLEMS: Kind[Problem, ProblemEvent] = Kind(
    service=NAME,
    collection="problems",
    state=Problem,
    events=get_args(ProblemEvent),
    evolve=problem.evolve,
    announce=announce.of_problems,
    keys=problem_keys,
    indexes=("street", "community", "status"),
)
UNITS: Kind[Unit, UnitEntered] = Kind(
    service=NAME,
    collection="units",
    state=Unit,
    events=(UnitEntered,),
    evolve=unit.evolve,
    announce=announce.of_units,
    keys=lambda unit: {"kind": unit.kind},
)


def member_units() -> list[tuple[str, str]]:
    with (HERE / "reference" / "member_units_2019.csv").open(encoding="utf-8") as rows:
        return [(row["code"], row["name"]) for row in csv.DictReader(rows)]


def build(house: House) -> Service:
    settings = house.settings
    key = settings.trail_secret
    store, relay, door = house.store(NAME), house.relay(), house.door(NAME)
    reporters_url, reporters_key = settings.reporters()
    apart = house.store("reporters", reporters_url)
    work = WorkTime(days=house.calendar)
    policies = Policies(NAME, WhistlePolicy, HERE / "policy.toml", store, key, relay, check=check)
    communities = Copies(NAME, "communities", CommunityProfiled, store, key, relay)
    reporters = Reporters(apart, reporters_key, key, relay)
    desk = WhistleDesk(
        problems=Guarded(PROBLEMS, store, key, relay, access=ACCESS, resource=problem_resource),
        whistles=Guarded(
            whistle_kind(work), store, key, relay, access=ACCESS, resource=whistle_resource
        ),
        units=Aggregates(UNITS, store, key, relay),
        communities=communities,
        reporters=reporters,
        policies=policies,
        work=work,
    )
    queries = WhistleQueries(whistles=desk.whistles, units=desk.units, policies=policies)

    async def seed() -> None:
        now = house.clock()
        await policies.seed(now)
        await desk.seed_units(member_units(), now)
        await desk.renew_calendar(now)

    return Service(
        name=NAME,
        house=house,
        stores=(store, apart),
        relay=relay,
        aggregates=(
            desk.problems,
            desk.whistles,
            desk.units,
            communities.aggregates,
            reporters.aggregates,
            policies.aggregates,
        ),
        rulebook=RULES,
        routers=(api.router(desk, queries, door), policy_router(policies, door, ACCESS)),
        subscriptions=consumers.subscriptions(desk),
        timers=timers.timers(desk),
        ready=(communities.missing,),
        seed=seed,
    )
