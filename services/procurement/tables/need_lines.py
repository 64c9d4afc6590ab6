"""The needs of communities from a file, by the community itself or its street."""

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from chassis.cause import Cause
from chassis.identity import Subject
from chassis.imports.desk import Bad, Change
from chassis.imports.judging import judged, only_once, placed
from chassis.kernel.errors import Malformed
from chassis.tables.columns import Column, Line
from services.procurement.desk import ProcurementDesk, survey_id
from services.procurement.domain import survey as surveys
from services.procurement.domain.resettling import carried_by
from services.procurement.domain.survey import (
    Need,
    NeedClass,
    NeedRank,
    NeedRecorded,
    NeedSource,
    Survey,
)

from .cells import chosen, code_of, one_of, short_enough, year_of

COLUMNS = (
    Column(name="year", title="年份", about="需求的年度，四位数字。", number=True),
    Column(name="community", title="社区", about="登记册中的社区名称或代码。"),
    Column(name="group", title="人群", about="哪些人的需求。"),
    chosen("kind", "类别", "政策类、支持类或拓展类。", NeedClass),
    chosen("rank", "层级", "基本需求、特殊需求或突出问题。", NeedRank),
    Column(name="text", title="需求", about="需要什么。"),
    chosen("source", "来源", "需求从哪里来。", NeedSource),
)
Place = tuple[str, str, int]
"""Street, community and year."""
NO_COMMUNITY = "登记册中没有这个社区，请写它的名称或代码。"


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedLines:
    """A line is a need, and joins its community's list of the year; what is on the list already stays as it is."""

    desk: ProcurementDesk

    async def compare(
        self, lines: AsyncIterator[Line], reason: str, by: str, now: datetime
    ) -> AsyncIterator[Bad | Change]:
        lists: dict[Place, dict[Need, int]] = {}

        async def gather(line: Line) -> None:
            place, need = await self._read(line, by, now)
            _recorded(None, place, (need,), now)
            wanted = lists.setdefault(place, {})
            only_once(need, wanted, "该需求在文件中重复。", field="text")
            wanted[need] = line.number

        async for bad in judged(placed(lines, self.desk.communities), gather):
            yield bad
        for place, wanted in lists.items():
            held = await self.desk.surveys.look(survey_id(*place[1:]))
            listed = _listed(held.aggregate if held else None)
            new = {one: at for one, at in wanted.items() if one not in listed}
            if new:
                told = {"community": place[1], "year": place[2], "needs": len(new)}
                enter = partial(self._enter, place, tuple(new))
                yield Change(min(new.values()), f"{place[1]}-{place[2]}", told, enter)

    async def _read(self, line: Line, by: str, now: datetime) -> tuple[Place, Need]:
        """Malformed of another's community."""
        cells = line.cells
        community, year = code_of(cells, "community", NO_COMMUNITY), year_of(cells)
        begun = await self.desk.surveys.look(survey_id(community, year))
        street = await self.desk.street_of(community, now, begun.aggregate if begun else None)
        whose = carried_by(begun.aggregate) if begun else community
        if by not in (f"community:{whose}", f"street:{street}"):
            detail = "只登记本社区、本街道所属社区的需求；已并入其他社区的，由后者登记。"
            raise Malformed(detail, field="community")
        short_enough(cells, "group", "text")
        need = Need(
            id="",
            group=cells["group"],
            kind=one_of(NeedClass, cells["kind"], "kind"),
            rank=one_of(NeedRank, cells["rank"], "rank"),
            text=cells["text"],
            source=one_of(NeedSource, cells["source"], "source"),
        )
        return (street, community, year), need

    async def _enter(self, place: Place, needs: tuple[Need, ...], cause: Cause) -> object:
        def decided(known: Survey | None) -> list[NeedRecorded]:
            listed = _listed(known)
            return _recorded(known, place, (one for one in needs if one not in listed), cause.now)

        return await self.desk.surveys.record(survey_id(*place[1:]), decided, cause)

    async def rows(self, subject: Subject) -> AsyncIterator[Sequence[str | int | None]]:
        """The reader's own lists and those it goes on with, without what sessions found and nobody has classified."""
        if subject.kind not in ("community", "street"):
            return
        async for held in self.desk.surveys.every({subject.kind: subject.code}):
            survey = held.aggregate
            for one in survey.standing:
                if survey.community is not None and one.kind is not None and one.rank is not None:
                    said = (one.group, one.kind, one.rank, one.text, one.source)
                    yield survey.year, survey.community, *said


def _listed(survey: Survey | None) -> frozenset[Need]:
    """What it says, whatever its numbers and the matters it came up in."""
    needs = survey.standing if survey else ()
    return frozenset(replace(one, id="", source_id=None) for one in needs)


def _recorded(
    known: Survey | None, place: Place, needs: Iterable[Need], now: datetime
) -> list[NeedRecorded]:
    """P-37: one by one, as they are recorded by hand."""
    street, community, year = place
    found = []
    for one in needs:
        recorded = surveys.record(
            known,
            id=survey_id(community, year),
            street=street,
            community=community,
            year=year,
            need=one,
            now=now,
        )
        known = surveys.evolve(known, recorded)
        found.append(recorded)
    return found
