"""What is read here besides the records themselves; the steps are in `steps`."""

from collections.abc import Sequence
from typing import Any

from chassis.http import Door
from chassis.routes import Routes
from chassis.steps_api import Desked
from services.housing.desk import HousingDesk
from services.housing.queries import Queries

from . import evidence, register, rooms, standards, statements


def routers(
    desk: HousingDesk,
    queries: Queries,
    collections: Sequence[Desked[Any, Any, HousingDesk, Any]],
    door: Door,
) -> tuple[Routes, ...]:
    named = {desked.collection.name: desked for desked in collections}
    return (
        register.router(queries.register, named["communities"], door),
        rooms.router(desk, named["room_months"], door),
        evidence.router(desk, door),
        standards.router(queries.standards, door),
        statements.router(queries.statements, door),
    )
