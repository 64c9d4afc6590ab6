"""What the steps work on and have to know, and what happens by others' news and by the clock."""

from .due import Due
from .registers import (
    by_project,
    called_as,
    contract_id,
    contract_resource,
    names,
    plan_id,
    supplier_resource,
    survey_id,
)

__all__ = [
    "ProcurementDesk",
    "by_project",
    "called_as",
    "contract_id",
    "contract_resource",
    "names",
    "plan_id",
    "supplier_resource",
    "survey_id",
]


class ProcurementDesk(Due):
    __slots__ = ()
