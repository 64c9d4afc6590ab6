"""Composition root: knows every part of this service and builds it."""

from datetime import datetime

from chassis.aggregates import Aggregates, Outlet
from chassis.copies import Copies
from chassis.files import Files
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

from . import api, consumers, keeping, steps, timers
from .desk import ConsultationDesk
from .domain.policy import ConsultationPolicy, check
from .domain.rules import RULES
from .happened import HAPPENED
from .photos import PHOTOS, Photos
from .receipts import Receipts
from .shipped import POLICY
from .steps.assessments import ASSESSMENTS, SCHEMES
from .steps.committees import COMMITTEES
from .steps.contacts import CONTACTS
from .steps.facts import FACTS
from .steps.halls import HALLS
from .steps.matters import MATTERS
from .steps.proposals import PROPOSALS
from .steps.sessions import SESSIONS
from .steps.situations import SITUATIONS
from .steps.units import UNITS
from .titles import TITLES
from .vocabulary import WORDS

NAME = "consultation"


def desk_on(store: Store, key: bytes, outlet: Outlet, work: WorkTime) -> ConsultationDesk:
    """Everything it keeps in `store`."""
    kept = (store, key, outlet)
    photos = Aggregates(PHOTOS, *kept)
    return ConsultationDesk(
        committees=COMMITTEES.kept(*kept),
        matters=MATTERS.kept(*kept),
        sessions=SESSIONS.kept(*kept),
        facts=FACTS.kept(*kept),
        proposals=PROPOSALS.kept(*kept),
        units=UNITS.kept(*kept),
        contacts=CONTACTS.kept(*kept),
        schemes=SCHEMES.kept(*kept),
        assessments=ASSESSMENTS.kept(*kept),
        situations=SITUATIONS.kept(*kept),
        halls=HALLS.kept(*kept),
        sealed=Sealed(NAME, *kept),
        removals=Removals(NAME, *kept),
        photos=Photos(kept=photos, files=Files(photos, "photo_files")),
        communities=community_register(NAME, CommunityProfiled, *kept),
        listed=Copies(NAME, "listed_units", UnitListed, *kept),
        policies=Policies(NAME, ConsultationPolicy, POLICY, *kept, check=check),
        work=work,
    )


async def seed(desk: ConsultationDesk, now: datetime) -> None:
    await desk.policies.seed(now)
    await desk.renew_calendar(now)
    await desk.count_left(now)


def build(runtime: Runtime) -> Service:
    store, relay, door = runtime.store(NAME), runtime.relay(), runtime.door(NAME)
    desk = desk_on(store, runtime.settings.trail_secret, relay, WorkTime(days=runtime.calendar))
    receipts = Receipts(runtime.settings.trail_secret)
    collections = steps.of(desk, door)

    return Service(
        name=NAME,
        runtime=runtime,
        stores=(store,),
        relay=relay,
        aggregates=(
            *(desked.kept for desked in collections),
            desk.photos.kept,
            desk.removals.kept,
            desk.sealed.kept,
            desk.communities.aggregates,
            desk.listed.aggregates,
            desk.policies.aggregates,
        ),
        rulebook=RULES,
        title="协商民主",
        words=WORDS,
        titles=TITLES,
        happened=HAPPENED,
        collections=collections,
        sealed=(desk.sealed.boxes,),
        retention=(*keeping.lines(desk), desk.photos.files),
        routers=(
            *api.routers(desk, door, receipts, runtime.clock),
            policy_router(desk.policies, door),
            removals_router(desk.removals, door),
        ),
        subscriptions=consumers.subscriptions(desk),
        timers=timers.timers(desk),
        ready=(desk.communities.missing, desk.listed.missing),
        prepare=(desk.photos.files.prepare,),
        seed=lambda: seed(desk, runtime.clock()),
        uploads=UPLOADS,
    )
