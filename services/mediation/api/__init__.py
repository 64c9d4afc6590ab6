"""What is read here besides the records themselves; the steps are in `steps`."""

from collections.abc import Callable
from datetime import datetime

from chassis.http import Door
from chassis.routes import Routes
from services.mediation.desk import MediationDesk

from . import figures, paper


def routers(desk: MediationDesk, door: Door, clock: Callable[[], datetime]) -> tuple[Routes, ...]:
    return figures.router(desk, door), paper.router(desk, door, clock)
