"""The tables that can be imported: an indicator system, whole; and the tasks of a document."""

from chassis.aggregates import Outlet
from chassis.imports.desk import Importable, Imports, imports_of
from chassis.store import Store

from .access import ACCESS, DISTRICT
from .desk import IndexDesk
from .desk.tables import SystemLines
from .desk.task_lines import TaskLines
from .domain.rules import RULES
from .shipped import data_sources
from .tables import system_columns, task_columns

LINES = 2000
"""Far more points than any system has."""


def imports_on(desk: IndexDesk, store: Store, key: bytes, outlet: Outlet) -> Imports:
    sources = data_sources()
    return imports_of(
        "index",
        (store, key, outlet),
        access=ACCESS,
        tables=(
            Importable(
                name="systems",
                title="指标体系",
                columns=system_columns(sources),
                who=DISTRICT,
                lines=SystemLines(desk=desk, sources=sources),
            ),
            Importable(
                name="tasks",
                title="任务分解表",
                columns=task_columns(),
                who=DISTRICT,
                lines=TaskLines(desk=desk),
            ),
        ),
        most=LINES,
        rule=RULES["I-01"],
    )
