"""The register of communities: entered by form; imports enter many."""

from chassis.at import At
from chassis.http import Asked
from chassis.kind import Changed
from chassis.lists import Filter
from chassis.steps import Collection, Part, from_nothing, nothing
from chassis.words import Long, Short
from contracts.event import Code
from services.housing import announce
from services.housing.access import DISTRICT, PUBLIC
from services.housing.desk import HousingDesk, community_resource
from services.housing.desk.register import EnterCommunity
from services.housing.domain import community, waiting
from services.housing.domain.community import Community, CommunityEntered, CommunityKind
from services.housing.queries import names
from services.housing.shipped import streets
from services.housing.steps.words import Households

COMMUNITIES: Collection[Community, CommunityEntered, HousingDesk, None] = Collection(
    service="housing",
    name="communities",
    title="社区",
    path="/communities",
    state=Community,
    events=(CommunityEntered,),
    evolve=community.evolve,
    announce=announce.of_communities(streets()),
    resource=community_resource,
    access=PUBLIC,
    keys=lambda community: {
        **community_resource(community),
        "kind": community.kind,
        "name": community.name,
    },
    awaits=waiting.of_community,
    indexes=("name", "street"),
    words=lambda community: community.name,
    filters={"street": Filter(key="street"), "kind": Filter(key="kind", type=CommunityKind)},
    read=frozenset({"list", "trail"}),
    of=lambda desk: desk.communities,
    names=names,
    knows=nothing,
    begins=from_nothing,
)


class CommunityIn(Asked):
    name: Short
    street: Code
    kind: CommunityKind | None = None
    households: Households | None = None
    reason: Long


ITSELF: Part[Community] = Part(places=lambda community: ({"code": community.code},))


@COMMUNITIES.step(
    "登记社区",
    "/communities/{code}",
    who=DISTRICT,
    rules="H-11",
    part=ITSELF,
    record=lambda path: path["code"],
    versioned=None,
    method="PUT",
)
async def enter(
    desk: HousingDesk, at: At[None], body: CommunityIn
) -> Changed[Community, CommunityEntered]:
    """The whole entry as it shall be from today on."""
    entry = EnterCommunity(**body.model_dump())
    return await desk.write(at["code"], entry, await desk.communities.count({}), at.cause)


STEPS = (enter,)
