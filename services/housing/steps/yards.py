"""The yards of a community; they come in by import."""

from chassis.steps import Collection, nothing
from services.housing import announce
from services.housing.access import PUBLIC
from services.housing.desk import HousingDesk, place_of
from services.housing.domain import yards
from services.housing.domain.yards import Yards, YardsEntered

YARDS: Collection[Yards, YardsEntered, HousingDesk, None] = Collection(
    service="housing",
    name="yards",
    title="小区院落",
    path="/yards",
    state=Yards,
    events=(YardsEntered,),
    evolve=yards.evolve,
    announce=announce.of_yards,
    resource=place_of,
    access=PUBLIC,
    keys=place_of,
    read=frozenset({"one", "trail"}),
    of=lambda desk: desk.yards,
    knows=nothing,
)
