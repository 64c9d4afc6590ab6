"""What is read here, and what comes in without a token; the steps are in `steps`."""

from collections.abc import Callable
from datetime import datetime

from chassis.http import Door
from chassis.routes import Routes
from services.whistle.desk import WhistleDesk
from services.whistle.queries import Queries

from . import open311, reading, receipts, reports, yearly


def routers(
    desk: WhistleDesk, queries: Queries, door: Door, clock: Callable[[], datetime]
) -> tuple[Routes, ...]:
    return (
        reading.router(desk, queries.lists, door),
        yearly.router(desk, queries.lists, queries.rankings, door),
        reports.router(queries, door, clock),
        open311.router(desk, clock),
        receipts.router(desk, clock),
    )
