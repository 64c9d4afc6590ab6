"""The table that can be imported: an indicator system, whole."""

from chassis.aggregates import Outlet
from chassis.guarded import Guarded
from chassis.imports.desk import Importable, Imports, imports_kind
from chassis.store import Store

from .access import ACCESS, DISTRICT
from .desk import IndexDesk
from .desk.tables import SystemLines
from .domain.rules import RULES
from .shipped import data_sources
from .tables import system_columns

LINES = 2000
"""Far more points than any system has."""


def imports_on(desk: IndexDesk, store: Store, key: bytes, outlet: Outlet) -> Imports:
    async def lines() -> int:
        return LINES

    sources = data_sources()
    systems = SystemLines(desk=desk, sources=sources)
    return Imports(
        Guarded(imports_kind("index"), store, key, outlet, access=ACCESS, resource=lambda _: {}),
        tables=(
            Importable(
                name="systems",
                title="指标体系",
                columns=system_columns(sources),
                compare=systems.compare,
                rows=systems.rows,
            ),
        ),
        lines=lines,
        who=DISTRICT,
        rule=RULES["I-01"],
    )
