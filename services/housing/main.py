"""Composition root: knows every part of this service and builds it."""

from typing import Any

from fastapi import APIRouter

from chassis.aggregates import Aggregates
from chassis.copies import Copies
from chassis.files import Files
from chassis.guarded import Guarded
from chassis.imports.api import imports_router
from chassis.imports.desk import Importable, Imports, imports_kind
from chassis.outbox import Relay
from chassis.policy import Policies
from chassis.policy_api import policy_router
from chassis.service import House, Service
from chassis.store import Store
from contracts.procurement import (
    ContractEnded,
    ContractSigned,
    EligibilityChanged,
    SupplierRegistered,
)
from contracts.uploads import UPLOADS

from . import consumers, timers
from .access import ACCESS, PUBLIC, PUBLISHED
from .api import agreements as agreements_api
from .api import bookings as bookings_api
from .api import evidence as evidence_api
from .api import premises as premises_api
from .api import register as register_api
from .api import statements as statements_api
from .api import yards as yards_api
from .desk.agreements import AgreementDesk, agreement_resource
from .desk.bookings import BookingDesk, month_resource
from .desk.declarations import DeclarationDesk, declaration_resource
from .desk.evidence import EvidenceDesk
from .desk.imports import RegisterLines, YardLines, yards_resource
from .desk.premises import PremisesDesk, premises_resource
from .desk.register import RegisterDesk, community_resource
from .desk.suppliers import Suppliers
from .domain.policy import HousingPolicy, check
from .domain.rules import RULES
from .kinds import (
    AGREEMENTS,
    CHANGES,
    COMMUNITIES,
    DECLARATIONS,
    EVIDENCE,
    MONTHS,
    NAME,
    PREMISES,
    YARDS,
)
from .queries.register import RegisterQueries
from .queries.standards import StandardQueries
from .queries.statements import StatementQueries
from .shipped import COUNTED, POLICY, named_communities, printed_totals, streets
from .tables import YARDS as YARD_COLUMNS
from .tables import register_columns
from .titles import TITLES


class Kept:
    """What this service keeps, each kind behind its policy."""

    def __init__(self, house: House, store: Store, relay: Relay) -> None:
        kept = (store, house.settings.trail_secret, relay)
        self.communities = Guarded(COMMUNITIES, *kept, access=ACCESS, resource=community_resource)
        self.changes = Guarded(CHANGES, *kept, access=PUBLIC, resource=lambda _: {})
        self.agreements = Guarded(AGREEMENTS, *kept, access=ACCESS, resource=agreement_resource)
        self.premises = Guarded(PREMISES, *kept, access=PUBLIC, resource=premises_resource)
        self.declarations = Guarded(
            DECLARATIONS, *kept, access=PUBLISHED, resource=declaration_resource
        )
        self.evidence = Aggregates(EVIDENCE, *kept)
        self.yards = Guarded(YARDS, *kept, access=PUBLIC, resource=yards_resource)
        self.months = Guarded(MONTHS, *kept, access=PUBLIC, resource=month_resource)
        self.suppliers = Suppliers(
            registered=Copies(NAME, "heard_suppliers", SupplierRegistered, *kept),
            eligibility=Copies(NAME, "heard_eligibility", EligibilityChanged, *kept),
            signed=Copies(
                NAME,
                "heard_contracts",
                ContractSigned,
                *kept,
                keys=lambda data: {"supplier": data.get("supplier")},
                indexes=("supplier",),
            ),
            ended=Copies(NAME, "heard_endings", ContractEnded, *kept),
        )
        self.policies = Policies(NAME, HousingPolicy, POLICY, *kept, check=check)
        self.imports = Guarded(imports_kind(NAME), *kept, access=ACCESS, resource=lambda _: {})

    def every(self) -> tuple[Aggregates[Any, Any], ...]:
        return (
            self.communities,
            self.changes,
            self.agreements,
            self.premises,
            self.declarations,
            self.evidence,
            self.yards,
            self.months,
            *(copies.aggregates for copies in self.suppliers.every()),
            self.policies.aggregates,
            self.imports,
        )


class Desks:
    def __init__(self, kept: Kept, store: Store) -> None:
        self.register = RegisterDesk(
            communities=kept.communities, changes=kept.changes, streets=streets()
        )
        self.agreements = AgreementDesk(
            agreements=kept.agreements, communities=kept.communities, evidence=kept.evidence
        )
        self.evidence = EvidenceDesk(
            evidence=kept.evidence,
            agreements=kept.agreements,
            policies=kept.policies,
            files=Files(store, "evidence_files"),
        )
        self.premises = PremisesDesk(premises=kept.premises, communities=kept.communities)
        self.bookings = BookingDesk(
            months=kept.months,
            premises=kept.premises,
            suppliers=kept.suppliers,
            policies=kept.policies,
        )
        self.declarations = DeclarationDesk(
            declarations=kept.declarations, streets=self.register.streets
        )
        self.imports = self._imports(kept)

    def _imports(self, kept: Kept) -> Imports:
        async def lines() -> int:
            return (await kept.policies.current())[1].import_lines

        register = RegisterLines(register=self.register)
        yards = YardLines(communities=kept.communities, yards=kept.yards)
        return Imports(
            kept.imports,
            tables=(
                Importable(
                    name="communities",
                    title="社区",
                    columns=register_columns(self.register.streets),
                    compare=register.compare,
                    rows=register.rows,
                ),
                Importable(
                    name="yards",
                    title="小区院落",
                    columns=YARD_COLUMNS,
                    compare=yards.compare,
                    rows=yards.rows,
                ),
            ),
            lines=lines,
            action="enter",
            rule=RULES["H-11"],
        )


def routed(house: House, kept: Kept, desks: Desks) -> APIRouter:
    api, door = APIRouter(tags=["housing"]), house.door(NAME)
    register = RegisterQueries(
        communities=kept.communities, changes=kept.changes, streets=desks.register.streets
    )
    statements = StatementQueries(
        communities=kept.communities,
        agreements=kept.agreements,
        premises=kept.premises,
        declarations=kept.declarations,
        streets=desks.register.streets,
        access=ACCESS,
        counted=COUNTED,
        clock=house.clock,
    )
    standards = StandardQueries(premises=kept.premises, clock=house.clock)
    yards_api.routes(api, kept.yards, door)
    register_api.routes(api, desks.register, register, door)
    agreements_api.routes(api, desks.agreements, door)
    bookings_api.routes(api, desks.bookings, door)
    evidence_api.routes(api, desks.evidence, door)
    premises_api.routes(api, desks.premises, standards, door)
    statements_api.routes(api, desks.declarations, statements, door)
    api.include_router(policy_router(kept.policies, door, ACCESS))
    api.include_router(imports_router(desks.imports, door))
    return api


def build(house: House) -> Service:
    store, relay = house.store(NAME), house.relay()
    kept = Kept(house, store, relay)
    desks = Desks(kept, store)

    async def seed() -> None:
        now = house.clock()
        await kept.policies.seed(now)
        await desks.register.seed_communities(named_communities(), now)
        await desks.declarations.seed(printed_totals(now), now)

    return Service(
        name=NAME,
        house=house,
        stores=(store,),
        relay=relay,
        aggregates=kept.every(),
        rulebook=RULES,
        titles=TITLES,
        routers=(routed(house, kept, desks),),
        subscriptions=consumers.subscriptions(
            desks.register, desks.agreements, desks.premises, kept.suppliers
        ),
        timers=timers.timers(desks.register, desks.agreements),
        jobs=timers.jobs(desks.imports, house.clock, house.brakes[NAME]),
        seed=seed,
        prepare=(desks.evidence.files.prepare, desks.imports.prepare),
        uploads=UPLOADS,
    )
