"""Composition root: knows every part of this service and builds it."""

from pathlib import Path
from typing import Any, get_args

from chassis.aggregates import Aggregates, Kind
from chassis.copies import Copies
from chassis.guarded import Guarded
from chassis.policy import Policies
from chassis.policy_api import policy_router
from chassis.service import House, Service
from contracts.housing import CommunityProfiled

from . import announce, api, consumers, timers
from .access import ACCESS, REGISTER
from .desk import ProcurementDesk, contract_resource, supplier_resource
from .domain import contract, eligibility, policy, supplier
from .domain.contract import Contract, ContractEvent
from .domain.eligibility import Eligibility, EligibilityEvent
from .domain.policy import ProcurementPolicy
from .domain.rules import RULES
from .domain.supplier import Supplier, SupplierRegistered
from .queries import ProcurementQueries
from .titles import TITLES

NAME = "procurement"
HERE = Path(__file__).parent


def supplier_keys(supplier: Supplier) -> dict[str, Any]:
    return {**supplier_resource(supplier), "kind": supplier.kind}


def contract_keys(contract: Contract) -> dict[str, Any]:
    return {
        **contract_resource(contract),
        "project": contract.project,
        "year": contract.year,
        "status": contract.status,
    }


SUPPLIERS: Kind[Supplier, SupplierRegistered] = Kind(
    service=NAME,
    collection="suppliers",
    state=Supplier,
    events=(SupplierRegistered,),
    evolve=supplier.evolve,
    announce=announce.of_suppliers,
    keys=supplier_keys,
)
CONTRACTS: Kind[Contract, ContractEvent] = Kind(
    service=NAME,
    collection="contracts",
    state=Contract,
    events=get_args(ContractEvent),
    evolve=contract.evolve,
    announce=announce.of_contracts,
    keys=contract_keys,
    indexes=("street", "community", "supplier", "project"),
)
ELIGIBILITIES: Kind[Eligibility, EligibilityEvent] = Kind(
    service=NAME,
    collection="eligibilities",
    state=Eligibility,
    events=get_args(EligibilityEvent),
    evolve=eligibility.evolve,
    announce=announce.of_eligibilities,
    keys=lambda eligibility: {"supplier": eligibility.supplier},
)


def build(house: House) -> Service:
    key = house.settings.trail_secret
    store, relay, door = house.store(NAME), house.relay(), house.door(NAME)
    policies = Policies(
        NAME,
        ProcurementPolicy,
        HERE / "policy.toml",
        store,
        key,
        relay,
        check=policy.check,
    )
    communities = Copies(NAME, "communities", CommunityProfiled, store, key, relay)
    desk = ProcurementDesk(
        suppliers=Guarded(
            SUPPLIERS, store, key, relay, access=REGISTER, resource=supplier_resource
        ),
        contracts=Guarded(CONTRACTS, store, key, relay, access=ACCESS, resource=contract_resource),
        eligibilities=Aggregates(ELIGIBILITIES, store, key, relay),
        communities=communities,
        policies=policies,
    )
    queries = ProcurementQueries(suppliers=desk.suppliers, eligibilities=desk.eligibilities)

    async def seed() -> None:
        await policies.seed(house.clock())

    return Service(
        name=NAME,
        house=house,
        stores=(store,),
        relay=relay,
        aggregates=(
            desk.suppliers,
            desk.contracts,
            desk.eligibilities,
            communities.aggregates,
            policies.aggregates,
        ),
        rulebook=RULES,
        titles=TITLES,
        routers=(api.router(desk, queries, door), policy_router(policies, door, ACCESS)),
        subscriptions=consumers.subscriptions(desk),
        timers=timers.timers(),
        ready=(communities.missing,),
        seed=seed,
    )
