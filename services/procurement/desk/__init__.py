"""What the steps work on and have to know, and what happens by others' news and by the clock."""

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
from .resettling import Resettling

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


class ProcurementDesk(Resettling):
    __slots__ = ()
