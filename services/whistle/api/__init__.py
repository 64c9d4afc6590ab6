"""What is read here, and what comes in without a token; the steps are in `steps`."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from chassis.http import Door
from chassis.routes import Routes
from chassis.steps_api import Desked
from services.whistle.desk import WhistleDesk
from services.whistle.queries import Queries

from . import open311, reading, receipts, reports, yearly


def routers(
    desk: WhistleDesk,
    queries: Queries,
    collections: Sequence[Desked[Any, Any, WhistleDesk, Any]],
    door: Door,
    clock: Callable[[], datetime],
) -> tuple[Routes, ...]:
    named = {desked.collection.name: desked for desked in collections}
    return (
        reading.router(desk, queries.lists, door),
        yearly.router(desk, queries.lists, queries.rankings, named["assessments"], door),
        reports.router(queries, door, clock),
        open311.router(desk, clock),
        receipts.router(desk, clock),
    )
