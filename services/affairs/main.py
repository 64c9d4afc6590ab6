"""Composition root: knows every part of this service and builds it."""

from datetime import datetime

from chassis.aggregates import Outlet
from chassis.copies import Copies
from chassis.imports.api import imports_router
from chassis.imports.work import Worker
from chassis.kernel.clock import WorkTime
from chassis.places import community_register
from chassis.policy import Policies
from chassis.policy_api import policy_router
from chassis.removals import Removals, removals_router
from chassis.sealed import Sealed
from chassis.service import Runtime, Service
from chassis.store import Store
from contracts.housing import CommunityProfiled
from contracts.uploads import UPLOADS
from contracts.whistle import UnitListed

from . import api, consumers, steps, timers
from .desk import AffairsDesk
from .domain.policy import AffairsPolicy, check
from .domain.rules import RULES
from .happened import HAPPENED
from .importing import imports_on
from .queries.figures import AffairsQueries
from .shipped import POLICY, shipped_certificates, shipped_scale
from .steps.admissions import ADMISSIONS
from .steps.checks import CHARTERS, CHECKS
from .steps.disclosures import CONTRACTS, DISCLOSURES
from .steps.intrusions import INTRUSIONS
from .steps.lists import LISTS, PROOFS
from .steps.pay import PAY, YEARS
from .steps.powers import CASES, POWERS, SAMPLES
from .steps.workers import ESTABLISHMENTS, WORKERS
from .titles import TITLES
from .vocabulary import WORDS

NAME = "affairs"


def desk_on(store: Store, key: bytes, outlet: Outlet, work: WorkTime) -> AffairsDesk:
    """Everything it keeps in `store`."""
    kept = (store, key, outlet)
    return AffairsDesk(
        admissions=ADMISSIONS.kept(*kept),
        intrusions=INTRUSIONS.kept(*kept),
        workers=WORKERS.kept(*kept),
        establishments=ESTABLISHMENTS.kept(*kept),
        pay=PAY.kept(*kept),
        years=YEARS.kept(*kept),
        lists=LISTS.kept(*kept),
        proofs=PROOFS.kept(*kept),
        samples=SAMPLES.kept(*kept),
        powers=POWERS.kept(*kept),
        cases=CASES.kept(*kept),
        disclosures=DISCLOSURES.kept(*kept),
        contracts=CONTRACTS.kept(*kept),
        checks=CHECKS.kept(*kept),
        charters=CHARTERS.kept(*kept),
        sealed=Sealed(NAME, *kept),
        removals=Removals(NAME, *kept),
        scale=shipped_scale(),
        communities=community_register(NAME, CommunityProfiled, *kept),
        units=Copies(NAME, "units", UnitListed, *kept),
        policies=Policies(NAME, AffairsPolicy, POLICY, *kept, check=check),
        work=work,
    )


async def seed(desk: AffairsDesk, now: datetime) -> None:
    await desk.policies.seed(now)
    await desk.ship_lists(shipped_certificates(now), now)
    await desk.renew_calendar(now)
    await desk.await_quarters_ends(now)
    await desk.begin_periods(now)
    await desk.leave_disclosures(now)


def build(runtime: Runtime) -> Service:
    store, relay, door = runtime.store(NAME), runtime.relay(), runtime.door(NAME)
    desk = desk_on(store, runtime.settings.trail_secret, relay, WorkTime(days=runtime.calendar))
    collections = steps.of(desk, door)
    queries = AffairsQueries(desk=desk)
    imports = imports_on(desk, store, runtime.settings.trail_secret, relay)

    return Service(
        name=NAME,
        runtime=runtime,
        stores=(store,),
        relay=relay,
        aggregates=(
            *(desked.kept for desked in collections),
            desk.sealed.kept,
            desk.removals.kept,
            desk.communities.aggregates,
            desk.units.aggregates,
            desk.policies.aggregates,
            imports.kept,
        ),
        sealed=(desk.sealed.boxes,),
        rulebook=RULES,
        title="社区事务",
        titles=TITLES,
        happened=HAPPENED,
        words=WORDS,
        collections=collections,
        routers=(
            *api.routers(queries, door),
            policy_router(desk.policies, door),
            imports_router(imports, door),
            removals_router(desk.removals, door),
        ),
        subscriptions=consumers.subscriptions(desk),
        timers=timers.timers(desk),
        retention=(*desk.retention(), imports),
        jobs=(Worker.timer(imports, runtime.clock, runtime.brakes[NAME]),),
        prepare=(imports.prepare,),
        uploads=UPLOADS,
        ready=(desk.communities.missing, desk.units.missing),
        seed=lambda: seed(desk, runtime.clock()),
    )
