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
from chassis.rev_cache import RevCache
from chassis.service import Runtime, Service
from chassis.store import Has, Store
from contracts.housing import CommunityProfiled, OutlineDrawn
from contracts.index import WeaknessFlagged
from contracts.uploads import UPLOADS

from . import announce, api, consumers, steps, timers
from .desk import WhistleDesk
from .domain.policy import WhistlePolicy, check
from .domain.rules import RULES
from .happened import HAPPENED
from .kinds import DEALINGS, NOTICES, PHOTOS, PROOFS, SPOTS, outline_keys, weakness_keys
from .messenger import Messenger
from .queries import Queries
from .reporters import Reporters
from .shipped import POLICY, member_units
from .spots import Spots
from .steps.cases import CASES
from .steps.problems import PROBLEMS
from .steps.units import UNITS
from .steps.unplaced import UNPLACED
from .steps.whistles import WHISTLES
from .steps.years import YEARS
from .titles import TITLES
from .vocabulary import WORDS

NAME = "whistle"


def desk_on(
    store: Store,
    reporters: Reporters,
    key: bytes,
    outlet: Outlet,
    work: WorkTime,
    messenger: Messenger | None = None,
) -> WhistleDesk:
    """Everything it keeps in `store`, but for the reporters and what they photographed."""
    kept, apart = (store, key, outlet), (reporters.aggregates.store, key, outlet)
    proofs, photos = Aggregates(PROOFS, *kept), Aggregates(PHOTOS, *apart)
    ids = Spots(key)
    units = UNITS.kept(*kept)
    return WhistleDesk(
        problems=PROBLEMS.kept(*kept, announce=announce.of_problems(ids)),
        whistles=WHISTLES.kept(*kept, announce=announce.of_whistles(work)),
        units=units,
        entries=RevCache(units, lambda held: held.aggregate),
        communities=community_register(NAME, CommunityProfiled, *kept),
        outlines=Copies(
            NAME, "outlines", OutlineDrawn, *kept, keys=outline_keys, indexes=("west", "east")
        ),
        unplaced=UNPLACED.kept(*kept),
        reporters=reporters,
        policies=Policies(NAME, WhistlePolicy, POLICY, *kept, check=check),
        years=YEARS.kept(*kept),
        spots=Aggregates(SPOTS, *kept),
        spot_ids=ids,
        cases=CASES.kept(*kept),
        weaknesses=Copies(
            NAME, "weaknesses", WeaknessFlagged, *kept, keys=weakness_keys, indexes=("quarter",)
        ),
        dealings=Aggregates(DEALINGS, *kept),
        proofs=proofs,
        photos=photos,
        notices=Aggregates(NOTICES, *kept),
        removals=Removals(NAME, *kept),
        messenger=messenger,
        files=Files(proofs, "proof_files"),
        photo_files=Files(photos, "photo_files", by=lambda id: {"keys.files": Has([id])}),
        work=work,
    )


async def seed(desk: WhistleDesk, now: datetime) -> None:
    """What ships, and whatever runs under working days that are known better by now."""
    await desk.policies.seed(now)
    await desk.seed_units(member_units(), now)
    await desk.renew_calendar(now)
    await desk.renew_appeals(now)
    await desk.renew_cases(now)


def build(runtime: Runtime) -> Service:
    settings = runtime.settings
    key = settings.trail_secret
    store, relay, door = runtime.store(NAME), runtime.relay(), runtime.door(NAME)
    reporters_url, reporters_key = settings.reporters()
    apart = runtime.store("reporters", reporters_url)
    reporters = Reporters(apart, reporters_key, key, relay)
    messenger = Messenger.of(settings)
    desk = desk_on(store, reporters, key, relay, WorkTime(days=runtime.calendar), messenger)
    queries = Queries.of(desk)
    collections = steps.of(desk, door)

    return Service(
        name=NAME,
        runtime=runtime,
        stores=(store, apart),
        relay=relay,
        aggregates=(*(desked.kept for desked in collections), *desk.kept_besides()),
        rulebook=RULES,
        title="吹哨报到",
        titles=TITLES,
        happened=HAPPENED,
        words=WORDS,
        collections=collections,
        routers=(
            *api.routers(desk, queries, collections, door, runtime.clock),
            policy_router(desk.policies, door),
            removals_router(desk.removals, door),
        ),
        subscriptions=consumers.subscriptions(desk),
        timers=timers.timers(desk),
        jobs=timers.jobs(desk),
        sealed=(reporters.boxes,),
        retention=(*desk.retention(), desk.photo_line(), desk.files, desk.photo_files),
        beside=(messenger,) if messenger else (),
        ready=(desk.communities.missing,),
        seed=lambda: seed(desk, runtime.clock()),
        prepare=(desk.files.prepare, desk.photo_files.prepare),
        uploads=UPLOADS,
    )
