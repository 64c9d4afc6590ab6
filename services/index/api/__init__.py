"""What is read here besides the records themselves; the steps are in `steps`."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from chassis.http import Door
from chassis.routes import Routes
from chassis.steps_api import Desked
from services.index.desk import IndexDesk
from services.index.queries import Queries

from . import editions, feeds, observations, scorecards, sheets, systems


def routers(
    desk: IndexDesk,
    collections: Sequence[Desked[Any, Any, IndexDesk, Any]],
    door: Door,
    clock: Callable[[], datetime],
) -> tuple[Routes, ...]:
    named = {desked.collection.name: desked for desked in collections}
    queries = Queries.of(desk, clock)
    return (
        scorecards.router(queries.scorecards, queries.cards, queries.rankings, door),
        systems.router(desk.systems, desk.standards, door),
        observations.router(queries.figures, named["observations"], door),
        feeds.router(queries.feeds, door),
        sheets.router(queries.sheets, door),
        editions.router(queries.editions, named["editions"], door),
    )
