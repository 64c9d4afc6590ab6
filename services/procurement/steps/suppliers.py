"""Suppliers, by their own names."""

from chassis.http import Asked
from chassis.kind import Changed
from chassis.lists import Filter
from chassis.steps import At, Collection, nothing
from chassis.words import Short
from contracts.event import Code
from services.procurement import announce
from services.procurement.access import KEEPERS, REGISTER
from services.procurement.desk import ProcurementDesk, supplier_resource
from services.procurement.domain import supplier
from services.procurement.domain.supplier import Supplier, SupplierKind, SupplierRegistered

SUPPLIERS: Collection[Supplier, SupplierRegistered, ProcurementDesk, None] = Collection(
    service="procurement",
    name="suppliers",
    title="承接方",
    path="/suppliers",
    state=Supplier,
    events=(SupplierRegistered,),
    evolve=supplier.evolve,
    announce=announce.of_suppliers,
    resource=supplier_resource,
    access=REGISTER,
    keys=lambda supplier: {**supplier_resource(supplier), "kind": supplier.kind},
    words=lambda supplier: supplier.name,
    filters={"kind": Filter(key="kind", type=SupplierKind)},
    of=lambda desk: desk.suppliers,
    knows=nothing,
)


class SupplierIn(Asked):
    """An organisation, by its own name."""

    code: Code
    name: Short
    kind: SupplierKind


@SUPPLIERS.step(
    "登记承接方",
    "/suppliers",
    who=KEEPERS,
    rules="P-08",
    record=None,
    versioned=False,
    claims=True,
    status=201,
)
async def register(
    desk: ProcurementDesk, at: At[None], said: SupplierIn
) -> Changed[Supplier, SupplierRegistered]:
    at.demand({})
    registered = SupplierRegistered(**said.model_dump(), at=at.now)
    return await desk.suppliers.record(
        said.code, lambda known: [supplier.register(known, registered)], at.cause
    )


STEPS = (register,)
