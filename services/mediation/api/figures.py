"""A quarter's figures, what mediators earned in it, and the ledger (M-10, M-11)."""

from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel

from chassis.exports import Exported, Format, exported
from chassis.http import Door
from chassis.identity import Subject
from chassis.routes import Routes
from chassis.words import Day
from services.mediation.desk import MediationDesk
from services.mediation.domain.figures import Figures
from services.mediation.domain.mediator import Reward
from services.mediation.queries import figures, ledger, tables
from services.mediation.queries.tables import ListName

Quarter = Annotated[str, Query(max_length=7)]


class Rewards(BaseModel):
    quarter: str
    items: list[Reward]


def router(desk: MediationDesk, door: Door) -> Routes:
    api = Routes(tags=["统计"])
    reading = door.reading()

    @api.get("/figures", summary="一个季度的纠纷统计")
    async def of_quarter(quarter: Quarter, reader: Subject = reading) -> Figures:
        """Of what the caller sees; what is too small is left out."""
        return await figures.of_quarter(desk, quarter, reader)

    @api.get("/rewards", summary="一个季度的以奖代补")
    async def rewards(quarter: Quarter, reader: Subject = reading) -> Rewards:
        """By mediator, of settled cases: for a street or community of those that it had as they ended, a street also
        of those whose office it stands in for; for others of those that they see.
        """
        return Rewards(quarter=quarter, items=await figures.earned(desk, quarter, reader))

    @api.get("/ledger", summary="矛盾纠纷台账", response_model=Exported)
    async def table(
        first: Annotated[Day, Query(alias="from")],
        last: Annotated[Day, Query(alias="to")],
        format: Format = Format.JSON,
        reader: Subject = reading,
    ) -> Any:
        """Registered on these days."""
        found = await ledger.table(desk, first, last, reader)
        return await exported(found, format, f"mediation-ledger-{first}-{last}")

    @api.get("/tables/{of}", summary="排查会议、调解员、督办通知（表格）", response_model=Exported)
    async def listed(of: ListName, format: Format = Format.CSV, reader: Subject = reading) -> Any:
        """A row for each that the caller is shown in the list."""
        return await exported(await tables.table(desk, of, reader), format, f"mediation-{of}")

    return api
