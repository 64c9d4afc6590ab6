"""The tables that can be imported: what each is called, its columns, and what its lines are compared with."""

from chassis.aggregates import Outlet
from chassis.guarded import Guarded
from chassis.imports.desk import Importable, Imports, imports_kind
from chassis.store import Store

from .access import ACCESS, DISTRICT
from .desk import HousingDesk
from .desk.imports import RegisterLines, YardLines
from .desk.outlines import OutlineLines
from .domain.rules import RULES
from .tables import OUTLINES as OUTLINE_COLUMNS
from .tables import YARDS as YARD_COLUMNS
from .tables import register_columns


def imports_on(desk: HousingDesk, store: Store, key: bytes, outlet: Outlet) -> Imports:
    async def most() -> int:
        return (await desk.policies.current())[1].import_lines

    kind = imports_kind("housing")
    return Imports(
        Guarded(kind, store, key, outlet, access=ACCESS, resource=lambda _: {}),
        tables=(
            Importable(
                name="communities",
                title="社区",
                columns=register_columns(desk.streets),
                who=DISTRICT,
                lines=RegisterLines(register=desk),
            ),
            Importable(
                name="yards",
                title="小区院落",
                columns=YARD_COLUMNS,
                who=DISTRICT,
                lines=YardLines(communities=desk.communities, yards=desk.yards),
            ),
            Importable(
                name="outlines",
                title="社区范围",
                columns=OUTLINE_COLUMNS,
                who=DISTRICT,
                lines=OutlineLines(communities=desk.communities, outlines=desk.outlines),
                drawn=True,
            ),
        ),
        most=most,
        rule=RULES["H-11"],
    )
