"""Composition root: knows every part of this service and builds it."""

import csv
from pathlib import Path
from typing import Any, get_args

from chassis.aggregates import Kind
from chassis.guarded import Guarded
from chassis.service import House, Service

from . import announce, api, consumers, timers
from .access import ACCESS
from .desk import HousingDesk, Named, agreement_resource, community_resource
from .domain import agreement, community
from .domain.agreement import Agreement, AgreementEvent
from .domain.community import Community, CommunityEntered
from .domain.rules import RULES
from .domain.street import Street
from .queries import HousingQueries

NAME = "housing"
REFERENCE = Path(__file__).parent / "reference"


def community_keys(community: Community) -> dict[str, Any]:
    return {**community_resource(community), "kind": community.kind}


def agreement_keys(agreement: Agreement) -> dict[str, Any]:
    return {
        **agreement_resource(agreement),
        "status": agreement.status,
        "overdue": agreement.overdue,
    }


COMMUNITIES: Kind[Community, CommunityEntered] = Kind(
    service=NAME,
    collection="communities",
    state=Community,
    events=(CommunityEntered,),
    evolve=community.evolve,
    announce=announce.of_communities,
    keys=community_keys,
)
AGREEMENTS: Kind[Agreement, AgreementEvent] = Kind(
    service=NAME,
    collection="agreements",
    state=Agreement,
    events=get_args(AgreementEvent),
    evolve=agreement.evolve,
    announce=announce.of_agreements,
    keys=agreement_keys,
    next_due=lambda agreement: agreement.lapses_at,
    indexes=("street", "community", "units", "overdue"),
)


def streets() -> dict[str, Street]:
    return {
        row["code"]: Street(code=row["code"], name=row["name"], communities=int(row["communities"]))
        for row in _rows("streets.csv")
    }


def named_communities() -> list[Named]:
    """Four have no street in the documents; the remark that says so is not part of the number."""
    return [
        (row["code"], row["name"], row["street"] or None, row["source"].partition(" (")[0])
        for row in _rows("communities_named.csv")
    ]


def _rows(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def build(house: House) -> Service:
    key = house.settings.trail_secret
    store, relay, door = house.store(NAME), house.relay(), house.door(NAME)
    desk = HousingDesk(
        communities=Guarded(
            COMMUNITIES, store, key, relay, access=ACCESS, resource=community_resource
        ),
        agreements=Guarded(
            AGREEMENTS, store, key, relay, access=ACCESS, resource=agreement_resource
        ),
        streets=streets(),
    )
    queries = HousingQueries(communities=desk.communities, streets=desk.streets)

    async def seed() -> None:
        await desk.seed_communities(named_communities(), house.clock())

    return Service(
        name=NAME,
        house=house,
        stores=(store,),
        relay=relay,
        aggregates=(desk.communities, desk.agreements),
        rulebook=RULES,
        routers=(api.router(desk, queries, door),),
        subscriptions=consumers.subscriptions(),
        timers=timers.timers(desk),
        seed=seed,
    )
