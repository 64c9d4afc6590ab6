"""Composition root: knows every part of this service and builds it."""

from chassis.aggregates import Aggregates, Outlet
from chassis.copies import Copies
from chassis.draw_secrets import DrawSecrets
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
from .desk import OrganisationsDesk
from .domain.policy import OrganisationsPolicy, check
from .domain.rules import RULES
from .happened import HAPPENED
from .importing import imports_on
from .kinds import COUNTS, FILES
from .queries import OrganisationsQueries
from .shipped import POLICY
from .steps.complaints import COMPLAINTS
from .steps.contacts import CONTACTS
from .steps.draws import DRAWS
from .steps.groups import GROUPS
from .steps.incubations import INCUBATIONS
from .steps.meetings import MEETINGS
from .steps.needs import NEEDS
from .steps.organisations import ORGANISATIONS
from .steps.volunteers import VOLUNTEERS
from .titles import TITLES
from .vocabulary import WORDS

NAME = "organisations"


def desk_on(store: Store, key: bytes, outlet: Outlet, work: WorkTime) -> OrganisationsDesk:
    """Everything it keeps in `store`."""
    kept = (store, key, outlet)
    return OrganisationsDesk(
        organisations=ORGANISATIONS.kept(*kept),
        groups=GROUPS.kept(*kept),
        volunteers=VOLUNTEERS.kept(*kept),
        needs=NEEDS.kept(*kept),
        complaints=COMPLAINTS.kept(*kept),
        incubations=INCUBATIONS.kept(*kept),
        contacts=CONTACTS.kept(*kept),
        meetings=MEETINGS.kept(*kept),
        draws=DRAWS.kept(*kept),
        files=Aggregates(FILES, *kept),
        counts=Aggregates(COUNTS, *kept),
        communities=community_register(NAME, CommunityProfiled, *kept),
        units=Copies(NAME, "units", UnitListed, *kept),
        sealed=Sealed(NAME, *kept),
        secrets=DrawSecrets(key),
        removals=Removals(NAME, *kept),
        policies=Policies(NAME, OrganisationsPolicy, POLICY, *kept, check=check),
        work=work,
    )


def build(runtime: Runtime) -> Service:
    store, relay, door = runtime.store(NAME), runtime.relay(), runtime.door(NAME)
    desk = desk_on(store, runtime.settings.trail_secret, relay, WorkTime(days=runtime.calendar))
    collections = steps.of(desk, door)
    queries = OrganisationsQueries(desk=desk)
    imports = imports_on(desk, store, runtime.settings.trail_secret, relay)

    async def seed() -> None:
        now = runtime.clock()
        await desk.policies.seed(now)
        await desk.renew_calendar(now)

    return Service(
        name=NAME,
        runtime=runtime,
        stores=(store,),
        relay=relay,
        aggregates=(
            *(desked.kept for desked in collections),
            desk.files,
            desk.counts,
            desk.sealed.kept,
            desk.removals.kept,
            desk.communities.aggregates,
            desk.units.aggregates,
            desk.policies.aggregates,
            imports.kept,
        ),
        rulebook=RULES,
        title="社会组织与志愿服务",
        titles=TITLES,
        happened=HAPPENED,
        words=WORDS,
        collections=collections,
        sealed=(desk.sealed.boxes,),
        retention=(*desk.retention(), imports),
        routers=(
            *api.routers(queries, door),
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
