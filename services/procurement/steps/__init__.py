"""What can be done here: each collection with its steps."""

from typing import Any

from chassis.http import Door
from chassis.steps_api import Desked, desked
from services.procurement.desk import ProcurementDesk

from . import (
    allowances,
    applications,
    awards,
    calls,
    catalogues,
    contracts,
    endings,
    evaluations,
    experts,
    funds,
    inspections,
    ledgers,
    paid,
    passed,
    passing,
    plans,
    purchasers,
    remarks,
    reports,
    supervisions,
    suppliers,
    surveys,
)

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
        (applications.APPLICATIONS, applications.STEPS),
        (calls.CALLS, (*calls.STEPS, *awards.STEPS)),
        (
            contracts.CONTRACTS,
            (*contracts.STEPS, *evaluations.STEPS, *endings.STEPS, *passing.STEPS),
        ),
        (paid.PAID, paid.STEPS),
        (remarks.REMARKS, remarks.STEPS),
        (inspections.INSPECTIONS, inspections.STEPS),
        (remarks.TIPS, remarks.TIP_STEPS),
        (ledgers.LEDGERS, ledgers.STEPS),
        (surveys.SURVEYS, surveys.STEPS),
        (allowances.ALLOWANCES, allowances.STEPS),
        (funds.FUNDS, funds.STEPS),
        (passed.PASSED, passed.STEPS),
        (reports.REPORTS, reports.STEPS),
        (supervisions.SUPERVISIONS, supervisions.STEPS),
    )
