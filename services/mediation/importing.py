"""The tables that can be imported: the roster of mediators, the ledger of open disputes. Names are in neither."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from chassis.aggregates import Outlet
from chassis.cause import Cause
from chassis.identity import Access, Subject
from chassis.imports.cells import day_of, filled, offered, whole_of
from chassis.imports.desk import Bad, Change, Importable, Imports, imports_of
from chassis.imports.judging import judged, only_once, placed
from chassis.kernel.clock import local_date
from chassis.kernel.errors import Malformed
from chassis.store import Store
from chassis.tables.columns import Column, Line

from .access import DISTRICT
from .desk import MediationDesk
from .domain import mediator as mediators
from .domain.mediator import Grade, Mediator, MediatorEnlisted, MediatorEvent
from .domain.rules import RULES
from .importing_cases import COLUMNS as CASE_COLUMNS
from .importing_cases import CaseLines
from .vocabulary import WORDS

MOST_LINES = 5000
GRADES = offered(Grade, WORDS)
COLUMNS = (
    Column(name="code", title="代码", about="记录中使用的代码，不写姓名。"),
    Column(name="street", title="街道", about="街道的名称或代码；全区的留空。"),
    Column(name="community", title="社区", about="社区的名称或代码；不限社区的留空。"),
    Column(
        name="grade",
        title="等级",
        about="职业水平评价等级；留空的，新登记的为未评定，已登记的不变。",
        words=GRADES,
        listed=tuple(GRADES),
    ),
    Column(name="trained_on", title="培训日期", about="写作 2026-01-05；没有培训的留空。"),
    Column(name="hours", title="学时", about="整数。", number=True),
    Column(name="subject", title="培训内容", about="培训的名称。"),
    Column(
        name="since",
        title="在册起始日期",
        about="写作 2026-01-05；留空的，新登记的为录入当日，已登记的不变；已登记而没有此日期的可补上。",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line, read."""

    code: str
    street: str | None
    community: str | None
    grade: Grade | None
    """None where the line doesn't say."""
    trained: tuple[date, int, str] | None
    since: date | None

    def events(self, known: Mediator | None, now: datetime) -> list[MediatorEvent]:
        """What is new in it."""
        happened: list[MediatorEvent] = []
        if known is None or known.left_at is not None:
            asked = MediatorEnlisted(
                code=self.code,
                street=self.street,
                community=self.community,
                grade=self.grade or Grade.UNRATED,
                since=self.since,
                at=now,
            )
            enlisted = mediators.enlist(known, asked)
            happened.append(enlisted)
            known = mediators.evolve(known, enlisted)
        elif (known.street, known.community) != (self.street, self.community):
            raise Malformed("已在名册中，所属地点不同；须先离任。", field="street")
        elif self.since is not None and known.since != self.since:
            happened.append(self._dated(known, self.since))
        if self.grade is not None and known.grade is not self.grade:
            happened.append(mediators.grade(known, self.grade, local_date(now), now))
        if self.trained is not None:
            on, hours, subject = self.trained
            if not any((one.on, one.subject) == (on, subject) for one in known.training):
                happened.append(mediators.train(known, on, hours, subject, now))
        return happened

    def _dated(self, known: Mediator, since: date) -> MediatorEvent:
        if known.since is not None:
            detail = f"在册起始日期已登记为 {known.since}，不能更改。"
            raise Malformed(detail, field="since")
        return mediators.date_since(known, since)


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterLines:
    """A line is a mediator; who isn't in the file stays as it is."""

    desk: MediationDesk

    def compare(
        self, lines: AsyncIterator[Line], reason: str, by: str, now: datetime
    ) -> AsyncIterator[Bad | Change]:
        seen: set[str] = set()

        async def judge(line: Line) -> Change | None:
            entry = await self._read(line)
            only_once(entry.code, seen, f"代码 {entry.code} 在文件中重复。", field="code")
            seen.add(entry.code)
            known = (await self.desk.roster((entry.code,))).get(entry.code)
            happened = entry.events(known, now)
            if not happened:
                return None
            if entry.street and any(isinstance(one, MediatorEnlisted) for one in happened):
                await self.desk.here(entry.street, entry.community, now)
            told = {"code": entry.code, "changes": len(happened)}
            return Change(line.number, entry.code, told, partial(self._enter, entry))

        return judged(placed(lines, self.desk.communities), judge)

    async def _enter(self, entry: Entry, cause: Cause) -> object:
        return await self.desk.mediators.record(
            entry.code, lambda known: entry.events(known, cause.now), cause
        )

    async def _read(self, line: Line) -> Entry:
        cells = filled(line, "code")
        if cells["grade"] and cells["grade"] not in set(Grade):
            raise Malformed(f"等级为：{'、'.join(GRADES)}。", field="grade")
        street, community = cells["street"] or None, cells["community"] or None
        if street or community:
            street, community = await self.desk.place(street, community)
        return Entry(
            code=cells["code"],
            street=street,
            community=community,
            grade=Grade(cells["grade"]) if cells["grade"] else None,
            trained=_training(line),
            since=day_of(cells["since"], "since") if cells["since"] else None,
        )

    async def rows(self, reader: Subject) -> AsyncIterator[Sequence[str | int | None]]:
        async for held in self.desk.mediators.every_of(reader, {"here": True}):
            one = held.aggregate
            last = one.training[-1] if one.training else None
            trained = (last.on.isoformat(), last.hours, last.subject) if last else (None,) * 3
            since = one.since.isoformat() if one.since else None
            yield one.code, one.street, one.community, one.grade.value, *trained, since


def _training(line: Line) -> tuple[date, int, str] | None:
    cells = line.cells
    if not cells["trained_on"]:
        return None
    on = day_of(cells["trained_on"], "trained_on")
    return on, whole_of(cells["hours"], "hours"), cells["subject"]


def imports_on(desk: MediationDesk, store: Store, key: bytes, outlet: Outlet) -> Imports:
    return imports_of(
        "mediation",
        (store, key, outlet),
        access=Access(sees_all=DISTRICT),
        tables=(
            Importable(
                name="mediators",
                title="调解员名册",
                columns=COLUMNS,
                who=DISTRICT,
                lines=RosterLines(desk=desk),
            ),
            Importable(
                name="cases",
                title="矛盾纠纷台账",
                columns=CASE_COLUMNS,
                who=DISTRICT,
                lines=CaseLines(desk=desk),
            ),
        ),
        most=MOST_LINES,
        rule=RULES["M-02"],
    )
