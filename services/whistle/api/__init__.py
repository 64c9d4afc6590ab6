"""HTTP in, command out. A route parses, asks and answers; it decides nothing."""

from collections.abc import Callable
from datetime import datetime

from fastapi import APIRouter

from chassis.http import Door
from services.whistle.desk import WhistleDesk
from services.whistle.queries import Ledger, Periods, Registers, WhistleQueries

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
    queries: WhistleQueries,
    periods: Periods,
    ledger: Ledger,
    registers: Registers,
    door: Door,
    clock: Callable[[], datetime],
) -> APIRouter:
    api = APIRouter()
    for part in (problems, calling, work, judging, accountability):
        api.include_router(part.router(desk, door))
    api.include_router(units.router(desk, queries, door))
    api.include_router(yearly.router(desk, queries, door))
    api.include_router(reports.router(ledger, periods, registers, door, clock))
    api.include_router(open311.router(desk, clock))
    api.include_router(receipts.router(desk, clock))
    return api
