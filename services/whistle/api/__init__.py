"""HTTP in, command out. A route parses, asks and answers; it decides nothing."""

from collections.abc import Callable
from datetime import datetime

from fastapi import APIRouter

from chassis.http import Door
from services.whistle.desk import WhistleDesk
from services.whistle.queries import Queries

from . import (
    accountability,
    calling,
    judging,
    open311,
    problems,
    receipts,
    reports,
    units,
    work,
    yearly,
)


def router(
    desk: WhistleDesk,
    queries: Queries,
    door: Door,
    clock: Callable[[], datetime],
) -> APIRouter:
    api = APIRouter()
    for part in (problems, calling, work, judging, accountability):
        api.include_router(part.router(desk, door))
    api.include_router(units.router(desk, queries.lists, door))
    api.include_router(yearly.router(desk, queries.lists, queries.rankings, door))
    api.include_router(reports.router(queries, door, clock))
    api.include_router(open311.router(desk, clock))
    api.include_router(receipts.router(desk, clock))
    return api
