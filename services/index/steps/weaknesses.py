"""Weaknesses of the streets' scorecards: found by the clock, read by everybody."""

from chassis.lists import by
from chassis.steps import Collection, nothing
from services.index import announce
from services.index.access import PUBLIC
from services.index.desk import IndexDesk
from services.index.domain import weakness
from services.index.domain.weakness import Weakness, WeaknessFound

WEAKNESSES: Collection[Weakness, WeaknessFound, IndexDesk, None] = Collection(
    service="index",
    name="weaknesses",
    title="薄弱环节",
    path="/weaknesses",
    state=Weakness,
    events=(WeaknessFound,),
    evolve=weakness.found,
    announce=announce.of_weaknesses,
    resource=lambda weakness: {"street": weakness.found.street},
    access=PUBLIC,
    keys=lambda weakness: {
        "street": weakness.found.street,
        "theme": weakness.found.theme,
        "quarter": weakness.found.quarter,
    },
    indexes=("street", "quarter"),
    filters=by("street", "theme"),
    of=lambda desk: desk.weaknesses,
    knows=nothing,
)
