"""Levels as of a day, counts by place, a quarter's lines, and what is public: the catalogue, charters in force."""

from collections import Counter
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from chassis.exports import Column, Table
from chassis.identity import Subject
from chassis.kind import Held
from services.affairs.desk import AffairsDesk, names
from services.affairs.domain.admission import Admission, Group, Mode
from services.affairs.domain.charter import Charter, CharterKind, CharterStatus
from services.affairs.domain.check import CheckStatus
from services.affairs.domain.exercise import CaseStatus
from services.affairs.domain.intrusion import Finding
from services.affairs.domain.levels import Bases, Pay, paid
from services.affairs.domain.scale import FIRST, LEVELLESS, Post
from services.affairs.domain.worker import Worker
from services.affairs.vocabulary import WORDS


class By(StrEnum):
    STREET = "street"
    COMMUNITY = "community"


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelRow:
    """How many in a community have a post and level on a day, and what each is paid a month, in fen."""

    street: str
    community: str
    post: Post
    level: int
    workers: int
    base: int
    allowance: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleRow:
    """A post's base; `printed` where the documents print another beside it."""

    post: Post
    first_level: int | None
    base: int
    printed: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleShown:
    posts: list[ScaleRow]
    allowance: dict[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountRow:
    code: str | None
    name: str | None
    admissions: int
    intrusions: int
    workers: int
    cases: int
    findings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicCharter:
    """As it was published; `number`: under which the street has it on file."""

    kind: CharterKind
    version: int | None
    number: str | None
    published_at: datetime | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicWork:
    """An entry of 《社区工作准入目录》."""

    number: str | None
    item: str
    unit: str
    street: str
    community: str | None
    group: Group
    mode: Mode | None
    until: date | None
    document: str


LEVEL_COLUMNS = (
    Column("street", "街道"),
    Column("community", "社区"),
    Column("post", "岗位", words={one.value: WORDS[f"Post.{one}"] for one in Post}),
    Column("level", "职级"),
    Column("workers", "人数"),
    Column("base", "基本补贴（元）", money=True),
    Column("allowance", "职级补贴（元）", money=True),
)
ROLL_COLUMNS = (
    Column("worker", "工作者档案"),
    *(one for one in LEVEL_COLUMNS if one.name != "workers"),
    Column("total", "合计（元）", money=True),
)
COUNT_COLUMNS = (
    Column("code", "代码"),
    Column("name", "名称"),
    Column("admissions", "准入事项"),
    Column("intrusions", "未经准入"),
    Column("workers", "在岗人员"),
    Column("cases", "已办结权力运行"),
    Column("findings", "待整改问题"),
)
WORK_COLUMNS = (
    Column("number", "编号"),
    Column("item", "事项"),
    Column("unit", "单位"),
    Column("street", "街道"),
    Column("community", "社区"),
    Column("group", "准入层级", words={"city": "市", "district": "区", "street": "街道"}),
    Column("mode", "承接方式", words={one.value: WORDS[f"Mode.{one}"] for one in Mode}),
    Column("until", "期限"),
    Column("document", "文号"),
)
LINE_COLUMNS = (
    Column("worker", "工作者档案"),
    Column("month", "月份"),
    Column("post", "岗位", words={one.value: WORDS[f"Post.{one}"] for one in Post}),
    Column("level", "职级"),
    Column("base", "基本补贴（元）", money=True),
    Column("allowance", "职级补贴（元）", money=True),
    Column("extra", "表彰和优秀（元）", money=True),
    Column("correction", "更正（元）", money=True),
    Column("of_extra", "更正的是表彰和优秀"),
    Column("total", "合计（元）", money=True),
    Column("insured", "缴费基数（元）", money=True),
    Column("paid_with", "随该月补发"),
    Column("reason", "更正理由"),
    Column("paper", "另行发放的凭证号"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AffairsQueries:
    desk: AffairsDesk

    async def levels(self, day: date, subject: Subject) -> list[LevelRow]:
        """Of the workers that this reader is shown."""
        found: Counter[tuple[Any, ...]] = Counter()
        async for held, pay in self._paid(day, subject):
            one = held.aggregate
            its = (pay.post, pay.level, pay.base, pay.allowance)
            found[(one.street, one.community_on(day), *its)] += 1
        return [
            LevelRow(
                street=street,
                community=community,
                post=post,
                level=level,
                base=base,
                allowance=allowance,
                workers=count,
            )
            for (street, community, post, level, base, allowance), count in sorted(found.items())
        ]

    async def level_table(self, day: date, subject: Subject) -> Table:
        rows, columns = await self.levels(day, subject), await self._named(LEVEL_COLUMNS)
        return Table(f"职级和补贴（{day}）", columns, _cells(rows, columns))

    async def roll(self, day: date, subject: Subject) -> Table:
        """Each of them by the number of his record, as people know him; never a name."""
        rows = [
            (
                held.number or held.id,
                held.aggregate.street,
                held.aggregate.community_on(day),
                pay.post.value,
                pay.level or None,
                pay.base,
                pay.allowance,
                pay.total,
            )
            async for held, pay in self._paid(day, subject)
        ]
        columns = await self._named(ROLL_COLUMNS)
        return Table(
            f"工作者职级名册（{day}）",
            columns,
            sorted(rows, key=lambda row: (row[1], row[2], row[0])),
        )

    async def _paid(self, day: date, subject: Subject) -> AsyncIterator[tuple[Held[Worker], Pay]]:
        workers, of_street = self.desk.workers, dict[str, Bases]()
        async for held in workers.every_of(subject, {}):
            street = held.aggregate.street
            if street not in of_street:
                of_street[street] = await self.desk.bases_of(street)
            if (pay := paid(held.aggregate, day, of_street[street])) is not None:
                yield held, pay

    async def scale(self) -> ScaleShown:
        bases = await self.desk.bases()
        posts = [
            ScaleRow(
                post=post,
                first_level=FIRST.get(post),
                base=bases.scale.base.get(post, bases.levelless),
                printed=bases.scale.printed if post in LEVELLESS else None,
            )
            for post in Post
        ]
        return ScaleShown(posts=posts, allowance=dict(bases.scale.allowance))

    async def counts(self, by: By, subject: Subject) -> list[CountRow]:
        """Of what this reader is shown in lists."""
        desk = self.desk
        found: dict[str | None, dict[str, int]] = {}
        asked: tuple[tuple[str, Any, dict[str, Any]], ...] = (
            ("admissions", desk.admissions, {"in_force": True}),
            ("intrusions", desk.intrusions, {"status": Finding.FOUND}),
            ("workers", desk.workers, {"here": True}),
            ("cases", desk.cases, {"status": CaseStatus.DONE}),
            ("findings", desk.checks, {"status": CheckStatus.OPEN}),
        )
        for field, kept, where in asked:
            for row in await kept.tally_of(subject, where, by=by.value):
                found.setdefault(row[by.value], {})[field] = row["count"]
        called = (await names(desk))[by.value]
        fields = [field for field, _, _ in asked]
        return [
            CountRow(
                code=code,
                name=called.get(code or ""),
                **{field: found[code].get(field, 0) for field in fields},
            )
            for code in sorted(found, key=lambda code: (code is None, code or ""))
        ]

    async def count_table(self, by: By, subject: Subject) -> Table:
        rows = await self.counts(by, subject)
        return Table("社区事务数量", COUNT_COLUMNS, _cells(rows, COUNT_COLUMNS))

    async def pay_table(self, id: str, subject: Subject) -> Table:
        """By the numbers of records, as people know them; never a name."""
        one = (await self.desk.pay.show(id, subject)).aggregate
        workers = self.desk.workers.every({"street": one.street})
        numbers = {held.id: held.number or held.id async for held in workers}
        lines = [replace(line, worker=numbers.get(line.worker, line.worker)) for line in one.lines]
        return Table(f"季度补贴 {one.quarter}", LINE_COLUMNS, _cells(lines, LINE_COLUMNS))

    async def catalogue(self) -> list[PublicWork]:
        """For everybody: what stands admitted (A-09)."""
        return [
            _public(held.number, held.aggregate)
            async for held in self.desk.admissions.every({"in_force": True})
        ]

    async def catalogue_table(self) -> Table:
        rows, columns = await self.catalogue(), await self._named(WORK_COLUMNS)
        return Table("社区工作准入目录", columns, _cells(rows, columns))

    async def charters(self, community: str) -> list[PublicCharter]:
        """For everybody: of each kind the version in force (A-26)."""
        last: dict[CharterKind, Charter] = {}
        where = {"community": community, "status": CharterStatus.PUBLISHED}
        async for held in self.desk.charters.every(where):
            one = held.aggregate
            before = last.get(one.kind)
            if before is None or (before.version or 0) < (one.version or 0):
                last[one.kind] = one
        return [_in_force(last[kind]) for kind in CharterKind if kind in last]

    async def _named(self, columns: Iterable[Column]) -> list[Column]:
        """Streets, communities and units by name, in what is for people to read."""
        known = await names(self.desk)
        called = {**known, "unit": known["units"]}
        return [replace(one, words=called.get(one.name, one.words)) for one in columns]


def _in_force(one: Charter) -> PublicCharter:
    return PublicCharter(
        kind=one.kind,
        version=one.version,
        number=one.number,
        published_at=one.published_at,
        text=one.text,
    )


def _public(number: str | None, one: Admission) -> PublicWork:
    return PublicWork(
        number=number,
        item=one.item,
        unit=one.unit,
        street=one.street,
        community=one.community,
        group=one.group,
        mode=one.mode,
        until=one.until,
        document=one.document,
    )


def _cells(rows: Iterable[Any], columns: Iterable[Column]) -> list[tuple[Any, ...]]:
    return [tuple(getattr(row, column.name) for column in columns) for row in rows]
