"""The tables that can be imported: an edition of the catalogue by finance, a plan by its purchaser."""

from chassis.aggregates import Outlet
from chassis.guarded import Guarded
from chassis.imports.desk import Importable, Imports, imports_kind
from chassis.imports.domain import Import
from chassis.store import Store

from .access import ACCESS, BARRING, PURCHASERS
from .desk import ProcurementDesk
from .domain.purchaser import place_of
from .domain.rules import RULES
from .tables.catalogue_lines import COLUMNS as ENTRIES
from .tables.catalogue_lines import CatalogueLines
from .tables.plan_lines import COLUMNS as ITEMS
from .tables.plan_lines import PlanLines

MOST_LINES = 2000


def resource(one: Import) -> dict[str, object]:
    """A purchaser sees its own."""
    return place_of(one.by)


def imports_on(desk: ProcurementDesk, store: Store, key: bytes, outlet: Outlet) -> Imports:
    async def lines() -> int:
        return MOST_LINES

    kind = imports_kind("procurement", keys=resource)
    catalogue, plan = CatalogueLines(desk=desk), PlanLines(desk=desk)
    return Imports(
        Guarded(kind, store, key, outlet, access=ACCESS, resource=resource),
        tables=(
            Importable(
                name="catalogues",
                title="目录",
                columns=ENTRIES,
                who=BARRING,
                compare=catalogue.compare,
                rows=catalogue.rows,
            ),
            Importable(
                name="plans",
                title="购买计划",
                columns=ITEMS,
                who=PURCHASERS,
                compare=plan.compare,
                rows=plan.rows,
            ),
        ),
        lines=lines,
        rule=RULES["P-01"],
    )
