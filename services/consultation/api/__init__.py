"""What is read here besides the records themselves; the steps are in `steps`."""

from collections.abc import Callable
from datetime import datetime

from chassis.http import Door
from chassis.routes import Routes
from services.consultation.desk import ConsultationDesk
from services.consultation.receipts import Receipts

from . import coverage, members, minutes, paper, public, roll


def routers(
    desk: ConsultationDesk, door: Door, receipts: Receipts, clock: Callable[[], datetime]
) -> tuple[Routes, ...]:
    return (
        minutes.router(desk, door),
        roll.router(desk, door),
        members.router(desk, door),
        coverage.router(desk, door),
        paper.router(desk, door, clock),
        public.router(desk, receipts, clock),
    )
