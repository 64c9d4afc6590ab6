"""What can be done here: each collection with its steps."""

from typing import Any

from chassis.http import Door
from chassis.steps_api import Desked, desked
from services.procurement.desk import ProcurementDesk

from . import catalogues, contracts, experts, panels, plans, purchasers, suppliers

__all__ = ["of"]


def of(desk: ProcurementDesk, door: Door) -> tuple[Desked[Any, Any, ProcurementDesk, Any], ...]:
    return desked(
        desk,
        door,
        (suppliers.SUPPLIERS, suppliers.STEPS),
        (catalogues.CATALOGUES, catalogues.STEPS),
        (purchasers.PURCHASER, purchasers.STEPS),
        (experts.EXPERTS, experts.STEPS),
        (plans.PLANS, plans.STEPS),
        (contracts.CONTRACTS, (*contracts.STEPS, *panels.STEPS)),
    )
