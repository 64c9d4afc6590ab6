"""Where communities lie; outlines come in by import."""

from chassis.steps import Collection, nothing
from services.housing import announce
from services.housing.access import PUBLIC
from services.housing.desk import HousingDesk, place_of
from services.housing.domain import outlines
from services.housing.domain.outlines import Outline, OutlineDrawn

OUTLINES: Collection[Outline, OutlineDrawn, HousingDesk, None] = Collection(
    service="housing",
    name="outlines",
    title="社区范围",
    path="/outlines",
    state=Outline,
    events=(OutlineDrawn,),
    evolve=outlines.evolve,
    announce=announce.of_outlines,
    resource=place_of,
    access=PUBLIC,
    keys=place_of,
    read=frozenset({"one", "trail"}),
    of=lambda desk: desk.outlines,
    knows=nothing,
)
