"""The tables that can be imported, each by who would enter its lines by hand."""

from chassis.aggregates import Outlet
from chassis.guarded import Guarded
from chassis.imports.desk import Importable, Imports, imports_kind
from chassis.imports.domain import Import
from chassis.store import Store

from .access import BARRING, FILES, KEEPERS, PURCHASERS, SUPPLIERS, SURVEYING
from .desk import ProcurementDesk
from .domain.purchaser import place_of
from .domain.rules import RULES
from .tables import application_lines, catalogue_lines, need_lines, plan_lines, supplier_lines

MOST_LINES = 2000
APPLICATIONS = "applications"


def resource(one: Import) -> dict[str, object]:
    """Whoever sends a file sees its own, and an application's nobody else."""
    kind, _, code = one.by.partition(":")
    own = {kind: code} if kind in ("community", "supplier") else {}
    sealed = one.table == APPLICATIONS
    return {**place_of(one.by), "community": None, "supplier": None, "sealed": sealed, **own}


def tables(desk: ProcurementDesk) -> tuple[Importable, ...]:
    return (
        Importable(
            name="catalogues",
            title="目录",
            columns=catalogue_lines.COLUMNS,
            who=BARRING,
            lines=catalogue_lines.CatalogueLines(desk=desk),
        ),
        Importable(
            name="needs",
            title="需求清单",
            columns=need_lines.COLUMNS,
            who=SURVEYING,
            lines=need_lines.NeedLines(desk=desk),
        ),
        Importable(
            name="plans",
            title="购买计划",
            columns=plan_lines.COLUMNS,
            who=PURCHASERS,
            lines=plan_lines.PlanLines(desk=desk),
        ),
        Importable(
            name=APPLICATIONS,
            title="申报",
            columns=application_lines.COLUMNS,
            who=SUPPLIERS,
            lines=application_lines.ApplicationLines(desk=desk),
        ),
        Importable(
            name="suppliers",
            title="承接方",
            columns=supplier_lines.COLUMNS,
            who=KEEPERS,
            lines=supplier_lines.SupplierLines(desk=desk),
        ),
    )


def imports_on(desk: ProcurementDesk, store: Store, key: bytes, outlet: Outlet) -> Imports:
    async def most() -> int:
        return MOST_LINES

    kind = imports_kind("procurement", keys=resource, always=("sealed",))
    return Imports(
        Guarded(kind, store, key, outlet, access=FILES, resource=resource),
        tables=tables(desk),
        most=most,
        rule=RULES["P-01"],
    )
