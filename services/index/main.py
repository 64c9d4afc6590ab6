"""Composition root: knows every part of this service and builds it."""

from chassis.aggregates import Aggregates, Outlet
from chassis.cause import Cause
from chassis.copies import Copies
from chassis.imports.api import imports_router
from chassis.imports.work import Worker
from chassis.policy import PLATFORM, Policies
from chassis.policy_api import policy_router
from chassis.service import Runtime, Service
from chassis.store import Store
from contracts.housing import CommunityProfiled
from contracts.uploads import UPLOADS
from contracts.whistle import UnitListed

from . import api, consumers, steps, timers
from .desk import IndexDesk
from .domain.policy import IndexPolicy, check
from .domain.rules import RULES
from .happened import HAPPENED
from .importing import imports_on
from .kinds import COUNTED, DISPUTES, ENTRIES, FACTS, NOTES, ORGANISATIONS, PREMISES, QUARTERS
from .shipped import (
    POLICY,
    innovation_standards,
    key_tasks,
    named_pilots,
    printed_duties,
    printed_systems,
    quotas,
    streets,
)
from .steps.checklists import CHECKLISTS
from .steps.consultation import SHEETS
from .steps.duties import DUTIES
from .steps.editions import EDITIONS
from .steps.findings import FINDINGS
from .steps.improvements import IMPROVEMENTS
from .steps.innovation import INNOVATION
from .steps.observations import OBSERVATIONS
from .steps.pilots import PILOTS
from .steps.surveys import SURVEYS
from .steps.systems import SYSTEMS
from .steps.weaknesses import WEAKNESSES
from .steps.years import YEARS
from .systems import Systems
from .titles import TITLES
from .vocabulary import WORDS

NAME = "index"


def desk_on(store: Store, key: bytes, outlet: Outlet) -> IndexDesk:
    """Everything it keeps in `store`."""
    kept = (store, key, outlet)
    return IndexDesk(
        entries=Aggregates(ENTRIES, *kept),
        facts=Aggregates(FACTS, *kept),
        premises=Aggregates(PREMISES, *kept),
        organisations=Aggregates(ORGANISATIONS, *kept),
        notes=Aggregates(NOTES, *kept),
        disputes=Aggregates(DISPUTES, *kept),
        counted=Aggregates(COUNTED, *kept),
        observations=OBSERVATIONS.kept(*kept),
        years=YEARS.kept(*kept),
        improvements=IMPROVEMENTS.kept(*kept),
        editions=EDITIONS.kept(*kept),
        tasks=CHECKLISTS.kept(*kept),
        duties=DUTIES.kept(*kept),
        innovation=INNOVATION.kept(*kept),
        sheets=SHEETS.kept(*kept),
        findings=FINDINGS.kept(*kept),
        pilots=PILOTS.kept(*kept),
        surveys=SURVEYS.kept(*kept),
        weaknesses=WEAKNESSES.kept(*kept),
        quarters=Aggregates(QUARTERS, *kept),
        communities=Copies(NAME, "communities", CommunityProfiled, *kept),
        units=Copies(NAME, "units", UnitListed, *kept),
        standards=innovation_standards(),
        quotas=quotas(),
        policies=Policies(NAME, IndexPolicy, POLICY, *kept, check=check),
        systems=Systems(printed=printed_systems(), books=SYSTEMS.kept(*kept)),
    )


def build(runtime: Runtime) -> Service:
    key = runtime.settings.trail_secret
    store, relay, door = runtime.store(NAME), runtime.relay(), runtime.door(NAME)
    desk = desk_on(store, key, relay)
    communities, units = desk.communities, desk.units
    imports = imports_on(desk, store, key, relay)
    collections = steps.of(desk, door)

    async def seed() -> None:
        now = runtime.clock()
        await desk.policies.seed(now)
        await desk.systems.seed(now)
        await desk.enter_tasks(key_tasks(now), Cause(actor=PLATFORM, now=now))
        await desk.seed_pilots(named_pilots(now), now)
        await desk.seed_quarters(now)
        await desk.seed_duties(printed_duties(), tuple(streets()), await desk.first_year(now), now)
        await desk.seed_years(now)

    return Service(
        name=NAME,
        runtime=runtime,
        stores=(store,),
        relay=relay,
        aggregates=(
            *(desked.kept for desked in collections),
            desk.entries,
            desk.facts,
            desk.premises,
            desk.organisations,
            desk.notes,
            desk.disputes,
            desk.counted,
            desk.quarters,
            communities.aggregates,
            units.aggregates,
            desk.policies.aggregates,
            imports.kept,
        ),
        rulebook=RULES,
        title="治理指数",
        titles=TITLES,
        happened=HAPPENED,
        words=WORDS,
        collections=collections,
        routers=(
            *api.routers(desk, collections, door, runtime.clock),
            policy_router(desk.policies, door),
            imports_router(imports, door),
        ),
        subscriptions=consumers.subscriptions(desk, communities, units),
        timers=timers.timers(desk),
        jobs=(Worker.timer(imports, runtime.clock, runtime.brakes[NAME]),),
        seed=seed,
        retention=(imports,),
        prepare=(imports.prepare,),
        ready=(communities.missing, units.missing),
        uploads=UPLOADS,
    )
