"""Composition root: knows every part of this service and builds it."""

from chassis.aggregates import Aggregates, Outlet
from chassis.copies import Copies
from chassis.files import Files
from chassis.imports.api import imports_router
from chassis.imports.work import Worker
from chassis.policy import Policies
from chassis.policy_api import policy_router
from chassis.removals import Removals, removals_router
from chassis.service import Runtime, Service
from chassis.store import Store
from contracts.procurement import (
    ContractEnded,
    ContractSigned,
    EligibilityChanged,
    SupplierRegistered,
)
from contracts.uploads import UPLOADS

from . import api, consumers, steps, timers
from .desk import HousingDesk
from .desk.suppliers import Suppliers
from .domain.policy import HousingPolicy, check
from .domain.rules import RULES
from .happened import HAPPENED
from .importing import imports_on
from .kinds import EVIDENCE, NAMES
from .queries import Queries
from .shipped import POLICY, named_communities, printed_totals, streets
from .steps.agreements import AGREEMENTS
from .steps.changes import CHANGES
from .steps.communities import COMMUNITIES
from .steps.declarations import DECLARATIONS
from .steps.months import MONTHS
from .steps.outlines import OUTLINES
from .steps.premises import PREMISES
from .steps.yards import YARDS
from .titles import TITLES
from .vocabulary import WORDS

NAME = "housing"


def desk_on(store: Store, key: bytes, outlet: Outlet) -> HousingDesk:
    """Everything it keeps in `store`."""
    kept = (store, key, outlet)
    evidence = Aggregates(EVIDENCE, *kept)
    return HousingDesk(
        communities=COMMUNITIES.kept(*kept),
        changes=CHANGES.kept(*kept),
        agreements=AGREEMENTS.kept(*kept),
        premises=PREMISES.kept(*kept),
        declarations=DECLARATIONS.kept(*kept),
        evidence=evidence,
        names=Aggregates(NAMES, *kept),
        yards=YARDS.kept(*kept),
        outlines=OUTLINES.kept(*kept),
        months=MONTHS.kept(*kept),
        suppliers=Suppliers(
            registered=Copies(NAME, "heard_suppliers", SupplierRegistered, *kept),
            bars=Copies(NAME, "heard_bars", EligibilityChanged, *kept),
            standings=Copies(NAME, "heard_standings", EligibilityChanged, *kept),
            signed=Copies(
                NAME,
                "heard_contracts",
                ContractSigned,
                *kept,
                keys=lambda data: {"supplier": data.get("supplier")},
                indexes=("supplier",),
            ),
            ended=Copies(NAME, "heard_endings", ContractEnded, *kept),
        ),
        policies=Policies(NAME, HousingPolicy, POLICY, *kept, check=check),
        files=Files(evidence, "evidence_files", by=lambda id: {"id": id}),
        removals=Removals(NAME, *kept),
        streets=streets(),
    )


def build(runtime: Runtime) -> Service:
    key = runtime.settings.trail_secret
    store, relay, door = runtime.store(NAME), runtime.relay(), runtime.door(NAME)
    desk = desk_on(store, key, relay)
    imports = imports_on(desk, store, key, relay)
    collections = steps.of(desk, door)

    async def seed() -> None:
        now = runtime.clock()
        await desk.policies.seed(now)
        await desk.seed_communities(named_communities(), now)
        await desk.seed_declarations(printed_totals(now), now)

    return Service(
        name=NAME,
        runtime=runtime,
        stores=(store,),
        relay=relay,
        aggregates=(
            *(desked.kept for desked in collections),
            desk.evidence,
            desk.names,
            *(copies.aggregates for copies in desk.suppliers.every()),
            desk.policies.aggregates,
            desk.removals.kept,
            imports.kept,
        ),
        rulebook=RULES,
        title="社区“两房”",
        titles=TITLES,
        happened=HAPPENED,
        words=WORDS,
        collections=collections,
        routers=(
            *api.routers(desk, Queries.of(desk, runtime.clock), collections, door),
            policy_router(desk.policies, door),
            imports_router(imports, door),
            removals_router(desk.removals, door),
        ),
        subscriptions=consumers.subscriptions(desk),
        timers=timers.timers(desk),
        jobs=(Worker.timer(imports, runtime.clock, runtime.brakes[NAME]),),
        retention=(*desk.retention(), desk.files, imports),
        seed=seed,
        prepare=(desk.files.prepare, imports.prepare),
        uploads=UPLOADS,
    )
