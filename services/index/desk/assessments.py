"""Annex 9's sheets and the innovation assessment."""

from collections.abc import Iterable

from chassis.cause import Cause
from chassis.kernel.errors import NotFound, UnknownReference
from chassis.kind import Changed
from chassis.store import Has
from services.index.domain.annex9_events import Sheet, SheetBegun, SheetEvent, Told
from services.index.domain.innovation import (
    AssessmentBegun,
    Body,
    Innovation,
    InnovationEvent,
    Phase,
    begin,
)
from services.index.domain.offices import SUPERVISION, UNITED_FRONT

from .registers import Registers


class AssessmentDesk(Registers):
    __slots__ = ()

    async def sheet_begun(self, id: str) -> tuple[SheetBegun]:
        """How a sheet begins; NotFound for no street of ours."""
        street, _, year = id.partition(".")
        if street not in self.quotas or not (year.isdecimal() and len(year) == 4):
            raise NotFound("评价表编号为“街道代码.年份”。")
        return (SheetBegun(street=street, year=int(year)),)

    async def hear_told(self, street: str, year: int, event: Told, cause: Cause) -> None:
        """A fact of the street's own committee, entered once."""

        def heard(sheet: Sheet | None) -> Iterable[SheetEvent]:
            if sheet is None:
                return [SheetBegun(street=street, year=year), event]
            return sheet.hear(event)

        await self.sheets.record(f"{street}.{year}", heard, cause)

    # Surveys

    async def surveyed(self, rated: str, rater: str, year: int) -> tuple[str, str | None]:
        """Street and community that a survey is about; a community belongs to the street beside it.

        UnknownReference for who is rated and isn't there.
        """
        named = dict(one.partition(":")[::2] for one in (rater, rated))
        if rated.startswith("department:"):
            await self._known_department(named["department"], year)
        street, community = named.get("street"), named.get("community")
        if street is not None and street not in self.quotas:
            raise UnknownReference(f"没有这个街道：{street}", field="rated")
        if community is None:
            return street or "", None
        known = (await self.communities.known(community, "rated")).street
        if street is not None and known != street:
            raise UnknownReference("社区不属于这个街道。", field="rated")
        return known or "", community

    async def _known_department(self, code: str, year: int) -> None:
        """Who is in the register of units, or supervises, or has figures, a task or a duty of its own here."""
        system = await self.systems.of_year(year)
        own = {"units": Has([code])}
        sources = {unit for point in system.points for unit in point.units}
        if code in {*sources, SUPERVISION, UNITED_FRONT}:
            return
        if not (await self.tasks.count(own) or await self.duties.count(own)):
            await self.units.known(code, "rated")

    # The innovation assessment

    async def begin_innovation(
        self, begun: AssessmentBegun, cause: Cause
    ) -> Changed[Innovation, InnovationEvent]:
        beside = [
            held.aggregate.begun
            async for held in self.innovation.every({"street": begun.street})
            if held.aggregate.begun.body is Body.COMMUNITY
        ]
        first = sum(one.phase is Phase.FIRST for one in beside)
        quota = self.quotas.get(begun.street or "")
        named = f"{begun.body}.{begun.unit or begun.street}"
        return await self.innovation.create(
            begun.community or named, lambda: [begin(begun, quota, first, len(beside))], cause
        )
