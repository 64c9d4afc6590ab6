"""Composition root: knows every part of this service and builds it."""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from chassis.aggregates import Aggregates, Kind, Outlet
from chassis.copies import Copies
from chassis.files import Files
from chassis.guarded import Guarded
from chassis.kernel.clock import SHANGHAI, WorkTime, local_date
from chassis.policy import Policies
from chassis.policy_api import policy_router
from chassis.service import House, Service
from chassis.store import Store
from contracts.housing import CommunityProfiled
from contracts.index import WeaknessFlagged

from . import announce, api, consumers, timers
from .access import ACCESS
from .desk import (
    WhistleDesk,
    case_resource,
    problem_resource,
    whistle_resource,
    year_resource,
)
from .domain import accountability, dealing, evolution, problem, proof, spot, unit, yearly
from .domain.accountability import Case, CaseEvent
from .domain.course import CALLED
from .domain.dealing import Dealing, WhistleConcerned
from .domain.events import WhistleEvent
from .domain.policy import WhistlePolicy, check
from .domain.problem import Problem, ProblemEvent
from .domain.proof import Proof, ProofFiled
from .domain.rules import RULES
from .domain.spot import Spot, SpotEvent
from .domain.unit import Unit, UnitEntered
from .domain.whistle import Whistle
from .domain.yearly import Year, YearEvent
from .queries import Ledger, Periods, Queries, Rankings, Registers, WhistleQueries, route
from .reporters import Reporters
from .titles import TITLES

NAME = "whistle"
HERE = Path(__file__).parent


def problem_keys(problem: Problem) -> dict[str, Any]:
    return {
        **problem_resource(problem),
        "status": problem.status,
        "category": problem.category,
        "collected_on": local_date(problem.collected_at),
    }


def whistle_keys(whistle: Whistle) -> dict[str, Any]:
    called = whistle.status in CALLED
    return {
        **whistle_resource(whistle),
        "status": whistle.status,
        "kind": whistle.kind,
        "blower": whistle.blower,
        "year": whistle.blown_at.astimezone(SHANGHAI).year,
        "cost": whistle.cost,
        "blown_on": local_date(whistle.blown_at),
        "closed_on": local_date(whistle.answered_at) if whistle.answered_at else None,
        "overdue": called and overdue(whistle),
        "route": route(whistle.community or whistle.street, whistle.category)
        if whistle.competent
        else None,
        "spot": whistle.spot if whistle.competent else None,
        "decided_at": whistle.decided_at,
        "calendar": whistle.calendar if called else None,
    }


def year_keys(year: Year) -> dict[str, Any]:
    waiting = year.waiting
    return {
        **year_resource(year),
        "year": year.year,
        "calendar": waiting.calendar if waiting else None,
    }


def weakness_keys(flagged: Mapping[str, Any]) -> dict[str, Any]:
    return {"street": flagged["street"], "quarter": flagged["quarter"]}


def overdue(whistle: Whistle) -> bool:
    undecided = whistle.decision is not None and whistle.decision.alarming
    return undecided or any(task.open_alarm() for task in whistle.tasks)


def next_due(whistle: Whistle) -> Any:
    if whistle.status not in CALLED:
        return None
    times = [at for task in whistle.tasks if (at := task.wakes_at()) is not None]
    if whistle.decision is not None and whistle.decision.wakes_at is not None:
        times.append(whistle.decision.wakes_at)
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
        indexes=(
            "street",
            "status",
            "units",
            "blower",
            "calendar",
            "route",
            "spot",
            "blown_on",
            "closed_on",
        ),
    )


PROBLEMS: Kind[Problem, ProblemEvent] = Kind(
    service=NAME,
    collection="problems",
    state=Problem,
    events=get_args(ProblemEvent),
    evolve=problem.evolve,
    announce=announce.of_problems,
    keys=problem_keys,
    indexes=("street", "community", "status", "collected_on"),
)
YEARS: Kind[Year, YearEvent] = Kind(
    service=NAME,
    collection="assessments",
    state=Year,
    events=get_args(YearEvent),
    evolve=yearly.evolve,
    announce=announce.of_years,
    keys=year_keys,
    next_due=lambda year: year.wakes_at(),
    indexes=("units", "calendar"),
)
SPOTS: Kind[Spot, SpotEvent] = Kind(
    service=NAME,
    collection="spots",
    state=Spot,
    events=get_args(SpotEvent),
    evolve=spot.evolve,
    announce=announce.of_spots,
    keys=lambda spot: {"street": spot.street, "community": spot.community},
)
CASES: Kind[Case, CaseEvent] = Kind(
    service=NAME,
    collection="accountability",
    state=Case,
    events=get_args(CaseEvent),
    evolve=accountability.evolve,
    announce=announce.of_cases,
    keys=lambda case: {
        **case_resource(case),
        "status": case.status,
        "opened_on": local_date(case.opened_at),
    },
    indexes=("street", "units"),
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
DEALINGS: Kind[Dealing, WhistleConcerned] = Kind(
    service=NAME,
    collection="dealings",
    state=Dealing,
    events=(WhistleConcerned,),
    evolve=dealing.evolve,
    announce=announce.of_dealings,
    keys=lambda _: {},
)
PROOFS: Kind[Proof, ProofFiled] = Kind(
    service=NAME,
    collection="proofs",
    state=Proof,
    events=(ProofFiled,),
    evolve=proof.evolve,
    announce=lambda *_: None,
    keys=lambda _: {},
)


def member_units() -> list[tuple[str, str]]:
    with (HERE / "reference" / "member_units_2019.csv").open(encoding="utf-8") as rows:
        return [(row["code"], row["name"]) for row in csv.DictReader(rows)]


def desk_on(
    store: Store,
    reporters: Reporters,
    key: bytes,
    outlet: Outlet,
    work: WorkTime,
    whistles: Kind[Whistle, WhistleEvent] | None = None,
) -> WhistleDesk:
    """Everything it keeps in `store`, but for the reporters."""
    kept = (store, key, outlet)
    return WhistleDesk(
        problems=Guarded(PROBLEMS, *kept, access=ACCESS, resource=problem_resource),
        whistles=Guarded(
            whistles or whistle_kind(work), *kept, access=ACCESS, resource=whistle_resource
        ),
        units=Aggregates(UNITS, *kept),
        communities=Copies(NAME, "communities", CommunityProfiled, *kept),
        reporters=reporters,
        policies=Policies(NAME, WhistlePolicy, HERE / "policy.toml", *kept, check=check),
        years=Guarded(YEARS, *kept, access=ACCESS, resource=year_resource),
        spots=Aggregates(SPOTS, *kept),
        cases=Guarded(CASES, *kept, access=ACCESS, resource=case_resource),
        weaknesses=Copies(
            NAME, "weaknesses", WeaknessFlagged, *kept, keys=weakness_keys, indexes=("quarter",)
        ),
        dealings=Aggregates(DEALINGS, *kept),
        proofs=Aggregates(PROOFS, *kept),
        files=Files(store, "proof_files"),
        work=work,
    )


def build(house: House) -> Service:
    settings = house.settings
    key = settings.trail_secret
    store, relay, door = house.store(NAME), house.relay(), house.door(NAME)
    reporters_url, reporters_key = settings.reporters()
    apart = house.store("reporters", reporters_url)
    reporters = Reporters(apart, reporters_key, key, relay)
    desk = desk_on(store, reporters, key, relay, WorkTime(days=house.calendar))
    policies, communities = desk.policies, desk.communities
    registers = Registers(units=desk.units, communities=communities)
    queries = Queries(
        lists=WhistleQueries(
            whistles=desk.whistles,
            problems=desk.problems,
            units=desk.units,
            policies=policies,
            communities=communities,
        ),
        ledger=Ledger(desk.whistles, registers, policies),
        periods=Periods(
            whistles=desk.whistles,
            problems=desk.problems,
            cases=desk.cases,
            years=desk.years,
            weaknesses=desk.weaknesses,
            policies=policies,
        ),
        rankings=Rankings(
            whistles=desk.whistles, years=desk.years, units=desk.units, policies=policies
        ),
        registers=registers,
    )

    async def seed() -> None:
        now = house.clock()
        await policies.seed(now)
        await desk.seed_units(member_units(), now)
        await desk.renew_calendar(now)
        await desk.renew_appeals(now)
        await desk.renew_cases(now)

    return Service(
        name=NAME,
        house=house,
        stores=(store, apart),
        relay=relay,
        aggregates=(
            desk.problems,
            desk.whistles,
            desk.units,
            desk.years,
            desk.spots,
            desk.cases,
            desk.weaknesses.aggregates,
            desk.dealings,
            desk.proofs,
            communities.aggregates,
            reporters.aggregates,
            policies.aggregates,
        ),
        rulebook=RULES,
        titles=TITLES,
        routers=(
            api.router(desk, queries, door, house.clock),
            policy_router(policies, door, ACCESS),
        ),
        subscriptions=consumers.subscriptions(desk),
        timers=timers.timers(desk),
        ready=(communities.missing,),
        seed=seed,
        prepare=(desk.files.prepare,),
    )
