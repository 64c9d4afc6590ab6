"""Composition root: knows every part of this service and builds it."""

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
from .desk import MediationDesk
from .domain.policy import MediationPolicy, check
from .domain.rules import RULES
from .happened import HAPPENED
from .importing import imports_on
from .shipped import POLICY
from .steps.cases import CASES
from .steps.mediators import MEDIATORS
from .steps.notices import NOTICES
from .steps.screenings import SCREENINGS
from .titles import TITLES
from .vocabulary import WORDS

NAME = "mediation"


def desk_on(store: Store, key: bytes, outlet: Outlet, work: WorkTime) -> MediationDesk:
    """Everything it keeps in `store`."""
    kept = (store, key, outlet)
    return MediationDesk(
        cases=CASES.kept(*kept),
        screenings=SCREENINGS.kept(*kept),
        mediators=MEDIATORS.kept(*kept),
        notices=NOTICES.kept(*kept),
        sealed=Sealed(NAME, *kept),
        removals=Removals(NAME, *kept),
        communities=community_register(NAME, CommunityProfiled, *kept),
        units=Copies(NAME, "units", UnitListed, *kept),
        policies=Policies(NAME, MediationPolicy, POLICY, *kept, check=check),
        work=work,
    )


def build(runtime: Runtime) -> Service:
    store, relay, door = runtime.store(NAME), runtime.relay(), runtime.door(NAME)
    desk = desk_on(store, runtime.settings.trail_secret, relay, WorkTime(days=runtime.calendar))
    collections = steps.of(desk, door)
    imports = imports_on(desk, store, runtime.settings.trail_secret, relay)

    async def seed() -> None:
        now = runtime.clock()
        await desk.policies.seed(now)
        await desk.begin_screening(None, now)
        await desk.renew_calendar(now)

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
        rulebook=RULES,
        title="矛盾纠纷",
        words=WORDS,
        titles=TITLES,
        happened=HAPPENED,
        collections=collections,
        sealed=(desk.sealed.boxes,),
        retention=(*desk.retention(), imports),
        routers=(
            *api.routers(desk, door, runtime.clock),
            policy_router(desk.policies, door),
            removals_router(desk.removals, door),
            imports_router(imports, door),
        ),
        subscriptions=consumers.subscriptions(desk),
        timers=timers.timers(desk),
        jobs=(Worker.timer(imports, runtime.clock, runtime.brakes[NAME]),),
        prepare=(imports.prepare,),
        uploads=UPLOADS,
        ready=(desk.communities.missing, desk.units.missing),
        seed=seed,
    )
