"""Composition root: knows every part of this service and builds it."""

from datetime import datetime

from chassis.aggregates import Aggregates, Outlet
from chassis.copies import Copies
from chassis.draw_secrets import DrawSecrets
from chassis.imports.api import imports_router
from chassis.imports.work import Worker
from chassis.kernel.clock import WorkTime
from chassis.places import community_register
from chassis.policy import Policies
from chassis.policy_api import policy_router
from chassis.service import Runtime, Service
from chassis.store import Store
from contracts.consultation import OutcomeReported
from contracts.housing import CommunityProfiled, YardsCounted
from contracts.uploads import UPLOADS
from contracts.whistle import UnitListed

from . import api, consumers, steps, timers
from .desk import ProcurementDesk, by_project
from .domain.policy import ProcurementPolicy, check
from .domain.rules import RULES
from .happened import HAPPENED
from .importing import imports_on
from .kinds import ELIGIBILITIES
from .queries import ProcurementQueries
from .sealing import Seal
from .seats import seats
from .shipped import POLICY, catalogue, guide, printed_calls
from .steps.allowances import ALLOWANCES
from .steps.applications import APPLICATIONS
from .steps.calls import CALLS
from .steps.catalogues import CATALOGUES
from .steps.contracts import CONTRACTS
from .steps.experts import EXPERTS
from .steps.funds import FUNDS
from .steps.inspections import INSPECTIONS
from .steps.ledgers import LEDGERS
from .steps.paid import PAID
from .steps.passed import PASSED
from .steps.plans import PLANS
from .steps.purchasers import PURCHASER
from .steps.remarks import REMARKS, TIPS
from .steps.reports import REPORTS
from .steps.supervisions import SUPERVISIONS
from .steps.suppliers import SUPPLIERS
from .steps.surveys import SURVEYS
from .titles import TITLES
from .vacancies import vacate_left
from .vocabulary import WORDS

NAME = "procurement"


def desk_on(store: Store, key: bytes, outlet: Outlet, work: WorkTime) -> ProcurementDesk:
    """Everything it keeps in `store`."""
    kept = (store, key, outlet)
    return ProcurementDesk(
        suppliers=SUPPLIERS.kept(*kept),
        contracts=CONTRACTS.kept(*kept),
        plans=PLANS.kept(*kept),
        purchasers=PURCHASER.kept(*kept),
        catalogues=CATALOGUES.kept(*kept),
        experts=EXPERTS.kept(*kept),
        calls=CALLS.kept(*kept),
        applications=APPLICATIONS.kept(*kept),
        paid=PAID.kept(*kept),
        remarks=REMARKS.kept(*kept),
        tips=TIPS.kept(*kept),
        ledgers=LEDGERS.kept(*kept),
        surveys=SURVEYS.kept(*kept),
        allowances=ALLOWANCES.kept(*kept),
        funds=FUNDS.kept(*kept),
        reports=REPORTS.kept(*kept),
        inspections=INSPECTIONS.kept(*kept),
        sums=PASSED.kept(*kept),
        supervisions=SUPERVISIONS.kept(*kept),
        seal=Seal(key),
        secrets=DrawSecrets(key),
        eligibilities=Aggregates(ELIGIBILITIES, *kept),
        communities=community_register(NAME, CommunityProfiled, *kept),
        yards=Copies(NAME, "yards", YardsCounted, *kept),
        outcomes=Copies(
            NAME, "outcomes", OutcomeReported, *kept, keys=by_project, indexes=("about",)
        ),
        units=Copies(NAME, "units", UnitListed, *kept),
        policies=Policies(NAME, ProcurementPolicy, POLICY, *kept, check=check),
        work=work,
        guide=guide(),
    )


UNSEEN = (f"{NAME}.applications.", f"{NAME}.solicitations.applications.", f"{NAME}.imports")
"""Who applies, reads an application, or brings a file of them, is known to nobody until the call closes (P-10)."""


async def seed(desk: ProcurementDesk, now: datetime) -> None:
    await desk.policies.seed(now)
    await desk.seed_catalogue(catalogue(), now)
    await desk.renew_calendar(now)
    await desk.follow_all(now)
    await desk.find_left_sealed(now)
    await desk.end_supervisions(now)
    await desk.give_back_all(now)
    await vacate_left(desk, now)


def build(runtime: Runtime) -> Service:
    store, relay, door = runtime.store(NAME), runtime.relay(), runtime.door(NAME)
    desk = desk_on(store, runtime.settings.trail_secret, relay, WorkTime(days=runtime.calendar))
    queries = ProcurementQueries(desk=desk, printed=printed_calls())
    collections = steps.of(desk, door)
    imports = imports_on(desk, store, runtime.settings.trail_secret, relay)

    return Service(
        name=NAME,
        runtime=runtime,
        stores=(store,),
        relay=relay,
        aggregates=(
            *(desked.kept for desked in collections),
            desk.eligibilities,
            desk.communities.aggregates,
            desk.yards.aggregates,
            desk.outcomes.aggregates,
            desk.units.aggregates,
            desk.policies.aggregates,
            imports.kept,
        ),
        rulebook=RULES,
        title="购买服务",
        titles=TITLES,
        happened=HAPPENED,
        words=WORDS,
        collections=collections,
        routers=(
            *api.routers(queries, door),
            *seats(collections, door),
            policy_router(desk.policies, door),
            imports_router(imports, door),
        ),
        subscriptions=consumers.subscriptions(desk),
        timers=timers.timers(desk),
        jobs=(Worker.timer(imports, runtime.clock, runtime.brakes[NAME]),),
        retention=(imports,),
        prepare=(imports.prepare,),
        uploads=UPLOADS,
        unseen=UNSEEN,
        ready=(desk.communities.missing,),
        seed=lambda: seed(desk, runtime.clock()),
    )
