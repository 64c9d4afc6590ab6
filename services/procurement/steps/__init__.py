"""What can be done here: each collection with its steps."""

from typing import Any

from chassis.http import Door
from chassis.steps_api import Desked
from services.procurement.desk import ProcurementDesk

from . import contracts, suppliers

__all__ = ["of"]


def of(desk: ProcurementDesk, door: Door) -> tuple[Desked[Any, Any, ProcurementDesk, Any], ...]:
    return tuple(
        Desked(collection=collection, steps=steps, desk=desk, door=door)
        for collection, steps in (
            (suppliers.SUPPLIERS, suppliers.STEPS),
            (contracts.CONTRACTS, contracts.STEPS),
        )
    )
