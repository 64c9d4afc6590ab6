"""The ledger of open disputes as a table. Neither parties nor what was said is in it: that is sealed one by one."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from chassis.cause import Cause
from chassis.identity import Subject
from chassis.imports.cells import filled, offered, one_of, whole_of
from chassis.imports.desk import Bad, Change
from chassis.imports.judging import judged, only_once, placed
from chassis.kernel.errors import Malformed
from chassis.kind import derived_id
from chassis.tables.columns import Column, Line

from .desk import MediationDesk
from .domain.case import Case
from .domain.course import labels
from .domain.dispute import Dispute, Party, Risk, Source
from .domain.events import CaseRegistered
from .vocabulary import WORDS

ELSEWHERE = frozenset({Source.CONSULTATION, Source.WHISTLE, Source.PARTNER})
"""What comes from these comes by itself."""
DISPUTES, RISKS = offered(Dispute, WORDS), offered(Risk, WORDS)
SOURCES = {
    word: code for word, code in offered(Source, WORDS).items() if Source(code) not in ELSEWHERE
}
COLUMNS = (
    Column(name="reference", title="台账编号", about="台账上的编号，不重复；不写当事人姓名。"),
    Column(
        name="dispute", title="类别", about="纠纷类别。", words=DISPUTES, listed=tuple(DISPUTES)
    ),
    Column(name="risk", title="风险等级", about="风险等级。", words=RISKS, listed=tuple(RISKS)),
    Column(name="source", title="来源", about="从何而来。", words=SOURCES, listed=tuple(SOURCES)),
    Column(
        name="community", title="社区代码", about="登记册中的社区名称或代码。", aliases=("社区",)
    ),
    Column(name="parties", title="当事人方数", about="2 到 10。", number=True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line, read."""

    reference: str
    dispute: Dispute
    risk: Risk
    source: Source
    street: str
    community: str
    parties: tuple[Party, ...]

    @property
    def id(self) -> str:
        return derived_id("cases", "ledger", self.reference)

    def is_there(self, known: Case) -> bool:
        """What came of it since is nothing that a ledger changes."""
        return (known.dispute, known.source, known.community) == (
            self.dispute,
            self.source,
            self.community,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLines:
    """A line is a dispute that waits for its community's answer from now on."""

    desk: MediationDesk

    def compare(
        self, lines: AsyncIterator[Line], reason: str, by: str, now: datetime
    ) -> AsyncIterator[Bad | Change]:
        seen: set[str] = set()

        async def judge(line: Line) -> Change | None:
            entry = await self._read(line)
            only_once(entry.id, seen, "台账编号在文件中重复。", field="reference")
            seen.add(entry.id)
            held = await self.desk.cases.look(entry.id)
            if held is None:
                await self.desk.here(None, entry.community, now)
                told = {"reference": entry.reference, "community": entry.community}
                return Change(line.number, entry.id, told, partial(self._enter, entry))
            if not entry.is_there(held.aggregate):
                raise Malformed("该编号已登记为另一纠纷。", field="reference")
            return None

        return judged(placed(lines, self.desk.communities), judge)

    async def _enter(self, entry: Entry, cause: Cause) -> None:
        office = f"community:{entry.community}"
        way = (await self.desk.clocks()).policy.way_of(office)
        registered = CaseRegistered(
            dispute=entry.dispute,
            risk=entry.risk,
            source=entry.source,
            street=entry.street,
            community=entry.community,
            office=office,
            way=way,
            parties=entry.parties,
            by=office,
            reference=entry.reference,
            at=cause.now,
        )
        await self.desk.take_in(entry.id, registered, cause)

    async def _read(self, line: Line) -> Entry:
        cells = filled(line, "reference", "community")
        street, community = await self.desk.place(None, cells["community"])
        source = one_of(Source, cells["source"], "source")
        if source in ELSEWHERE:
            raise Malformed("协商、吹哨和合作方转来的纠纷由平台接入，不经台账。", field="source")
        return Entry(
            reference=cells["reference"],
            dispute=one_of(Dispute, cells["dispute"], "dispute"),
            risk=one_of(Risk, cells["risk"], "risk"),
            source=source,
            street=street,
            community=str(community),
            parties=labels(whole_of(cells["parties"], "parties")),
        )

    async def rows(self, _: Subject) -> AsyncIterator[Sequence[str | int | None]]:
        async for held in self.desk.cases.every({}):
            one = held.aggregate
            if one.reference is not None and one.source not in ELSEWHERE:
                what = (one.dispute.value, one.risk.value, one.source.value)
                yield one.reference, *what, one.community, len(one.parties)
