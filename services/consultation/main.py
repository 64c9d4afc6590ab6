"""Composition root: knows every part of this service and builds it."""

from pathlib import Path
from typing import Any, get_args

from chassis.aggregates import Kind
from chassis.copies import Copies
from chassis.guarded import Guarded
from chassis.policy import Policies
from chassis.policy_api import policy_router
from chassis.service import House, Service
from contracts.housing import CommunityProfiled

from . import announce, api, consumers, timers
from .access import ACCESS
from .desk import ConsultationDesk, committee_resource, matter_resource
from .domain import committee, matter, policy
from .domain.committee import Committee, CommitteeSeated
from .domain.events import MatterEvent
from .domain.matter import Matter
from .domain.policy import ConsultationPolicy
from .domain.rules import RULES
from .titles import TITLES

NAME = "consultation"
HERE = Path(__file__).parent


def committee_keys(committee: Committee) -> dict[str, Any]:
    return {**committee_resource(committee), "level": committee.level}


def matter_keys(matter: Matter) -> dict[str, Any]:
    return {
        **matter_resource(matter),
        "committee": matter.committee,
        "status": matter.status,
        "category": matter.category,
    }


COMMITTEES: Kind[Committee, CommitteeSeated] = Kind(
    service=NAME,
    collection="committees",
    state=Committee,
    events=(CommitteeSeated,),
    evolve=committee.evolve,
    announce=announce.of_committees,
    keys=committee_keys,
    indexes=("street", "community"),
)
MATTERS: Kind[Matter, MatterEvent] = Kind(
    service=NAME,
    collection="matters",
    state=Matter,
    events=get_args(MatterEvent),
    evolve=matter.evolve,
    announce=announce.of_matters,
    keys=matter_keys,
    indexes=("street", "community", "committee", "status", "units"),
)


def build(house: House) -> Service:
    key = house.settings.trail_secret
    store, relay, door = house.store(NAME), house.relay(), house.door(NAME)
    policies = Policies(
        NAME,
        ConsultationPolicy,
        HERE / "policy.toml",
        store,
        key,
        relay,
        check=policy.check,
    )
    communities = Copies(
        NAME,
        "communities",
        CommunityProfiled,
        store,
        key,
        relay,
        keys=lambda data: {"street": data.get("street")},
        indexes=("street",),
    )
    desk = ConsultationDesk(
        committees=Guarded(
            COMMITTEES, store, key, relay, access=ACCESS, resource=committee_resource
        ),
        matters=Guarded(MATTERS, store, key, relay, access=ACCESS, resource=matter_resource),
        communities=communities,
        policies=policies,
    )

    async def seed() -> None:
        await policies.seed(house.clock())

    return Service(
        name=NAME,
        house=house,
        stores=(store,),
        relay=relay,
        aggregates=(desk.committees, desk.matters, communities.aggregates, policies.aggregates),
        rulebook=RULES,
        titles=TITLES,
        routers=(api.router(desk, door), policy_router(policies, door, ACCESS)),
        subscriptions=consumers.subscriptions(desk),
        timers=timers.timers(),
        ready=(communities.missing,),
        seed=seed,
    )
