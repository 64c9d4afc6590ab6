"""A purchaser's plan of a year from a file: a line is an item, and whose file it is says whose plan."""

import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from chassis.cause import Cause
from chassis.identity import Subject
from chassis.imports.cells import whole_of
from chassis.imports.desk import Bad, Change
from chassis.imports.judging import judged, only_once, tried
from chassis.kernel.errors import Malformed, Refusal
from chassis.tables.columns import Column
from chassis.tables.columns import Line as Row
from services.procurement.desk import ProcurementDesk, plan_id
from services.procurement.domain import plan as plans
from services.procurement.domain.condition import Condition
from services.procurement.domain.events import Way
from services.procurement.domain.item import Fund, Item, Lot, Method, Shares
from services.procurement.domain.money import owned
from services.procurement.domain.plan import Draft, Line, Plan, PlanDrafted, PlanEvent, PlanStatus
from services.procurement.domain.standing import NAMES

from .cells import (
    chosen,
    code_of,
    fen_of,
    one_of,
    parts_of,
    short_enough,
    written,
    year_of,
    yuan,
)

SHARES = ("personnel", "evaluation", "supervision")
TEXTS = ("title", "targets", "standard", "ground")
KINDS = {word: kind for kind, word in NAMES.items()}
CONDITION = "种类|要求|几个 A 或名称代码|依据"


COLUMNS = (
    Column(name="year", title="年份", about="计划年度，四位数字。", number=True),
    Column(name="code", title="项目代码", about="小写字母和数字，同一年度不重复。"),
    chosen("way", "购买方式类别", "部门或街道自行购买、三社联动或社区营造。", Way),
    Column(name="entry", title="目录代码", about="现行目录中的代码，例如 B0101。"),
    Column(name="title", title="项目名称", about="购买的项目。"),
    Column(name="line", title="预算科目", about="预算科目的代码。"),
    Column(name="holds", title="科目金额（元）", about="该预算科目的总额。", number=True),
    Column(name="amount", title="金额（元）", about="该项目的金额。", number=True),
    chosen("method", "采购方式", "如何确定承接方。", Method),
    Column(name="targets", title="绩效目标", about="要达到什么。"),
    Column(name="standard", title="承接标准", about="对承接方的要求。"),
    Column(name="needs", title="回应的需求", about="已公布的需求编号，用顿号分开；可以不填。"),
    Column(name="ground", title="理由", about="新增事项或不具备竞争条件的须填写。"),
    *(
        Column(name=name, title=f"{title}（元）", about="三社联动、社区营造须填写。", number=True)
        for name, title in zip(SHARES, ("人员经费", "评估经费", "督导经费"), strict=True)
    ),
    Column(name="renews", title="续签的合同", about="上一年合同的编号；可以不填。"),
    chosen("fund", "经费类别", "计入哪项经费；可以不填。", Fund),
    chosen("lot", "评估或督导类", "为整次征集购买的评估或督导；可以不填。", Lot),
    Column(name="conditions", title="项目条件", about=f"可以不填；每项 {CONDITION}，用分号分开。"),
)


@dataclass(slots=True, kw_only=True)
class Sheet:
    """The lines of one year, as they come; `first` is the number of its first."""

    first: int
    rows: int = 0
    lines: dict[str, int] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)
    numbers: list[int] = field(default_factory=list)
    """Of the rows of `items`."""

    @property
    def spoilt(self) -> bool:
        """By a row of it that is none of its items."""
        return len(self.items) < self.rows

    def add(self, item: Item, holds: int, number: int) -> None:
        """Malformed of what is said twice."""
        only_once(item.code, self.items, f"项目代码 {item.code} 在文件中重复。", field="code")
        if self.lines.setdefault(item.line, holds) != holds:
            raise Malformed(f"预算科目 {item.line} 的金额前后不一。", field="holds")
        self.items[item.code] = item
        self.numbers.append(number)

    def bad(self, refusal: Refusal) -> Bad:
        """Of the row of the item that it is said of, where it is of one."""
        listed, *said = (refusal.field or "").split(".")
        if listed != "items" or not said:
            return Bad.of(self.first, refusal)
        place, column, *_ = said
        return Bad(self.numbers[int(place)], column, refusal.detail)

    def draft(self) -> Draft:
        lines = tuple(Line(code=code, amount=amount) for code, amount in self.lines.items())
        return Draft(lines=lines, items=tuple(self.items.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLines:
    """All lines of a year are the importer's plan of it, and take the place of what it had drafted."""

    desk: ProcurementDesk

    async def compare(
        self, lines: AsyncIterator[Row], reason: str, by: str, now: datetime
    ) -> AsyncIterator[Bad | Change]:
        sheets: dict[int, Sheet] = {}

        async def gather(line: Row) -> None:
            sheet = sheets.setdefault(year_of(line.cells), Sheet(first=line.number))
            sheet.rows += 1
            sheet.add(_item(line.cells), fen_of(line.cells, "holds"), line.number)

        async for bad in judged(lines, gather):
            yield bad
        for year, sheet in sheets.items():
            if sheet.spoilt:
                continue
            if found := await tried(sheet.first, self._compared(year, sheet, by, now)):
                yield found

    async def _compared(
        self, year: int, sheet: Sheet, by: str, now: datetime
    ) -> Bad | Change | None:
        """What the whole sheet changes, if anything; refused if it may not be."""
        held = await self.desk.plans.look(plan_id(by, year))
        known, draft = held.aggregate if held else None, sheet.draft()
        if known is not None and (known.lines, known.items) == (draft.lines, draft.items):
            return None
        decide = await self._deciding(year, draft, by)
        try:
            decide(known, now)
        except Refusal as refusal:
            return sheet.bad(refusal)
        told = {"year": year, "items": len(draft.items)}
        return Change(sheet.first, str(year), told, partial(self._enter, year, draft, by))

    async def _enter(self, year: int, draft: Draft, by: str, cause: Cause) -> object:
        decide = await self._deciding(year, draft, by)
        return await self.desk.plans.record(
            plan_id(by, year), lambda known: [decide(known, cause.now)], cause
        )

    async def _deciding(
        self, year: int, draft: Draft, by: str
    ) -> Callable[[Plan | None, datetime], PlanEvent]:
        """P-01 to P-04, P-18: as it is drafted or revised by hand."""
        catalogue = await self.desk.catalogue(year)
        _, today = await self.desk.policies.current()
        policy = today.of(year)
        await self.desk.public_needs(draft.items)
        other = await self.desk.under_other_name(by, year)

        def decide(known: Plan | None, now: datetime) -> PlanEvent:
            owned(draft.items, by)
            if known is not None:
                return known.revise(draft, catalogue, policy, now)
            plans.once(other)
            plans.foreseen(year, now)
            plans.drawn_up(draft, catalogue, policy)
            return PlanDrafted(plan=plan_id(by, year), purchaser=by, year=year, draft=draft, at=now)

        return decide

    async def rows(self, subject: Subject) -> AsyncIterator[Sequence[str | int | None]]:
        """What the reader itself has drafted."""
        async for held in self.desk.plans.every({"status": PlanStatus.DRAFTED}):
            plan = held.aggregate
            if plan.purchaser == subject.acts_as:
                holds = {one.code: one.amount for one in plan.lines}
                for item in plan.items:
                    yield _row(plan.year, item, holds[item.line])


def _item(cells: Mapping[str, str]) -> Item:
    """Malformed of what is none."""
    short_enough(cells, *TEXTS)
    shared = [name for name in SHARES if cells[name]]
    return Item(
        code=code_of(cells, "code"),
        way=one_of(Way, cells["way"], "way"),
        entry=cells["entry"],
        title=cells["title"],
        line=code_of(cells, "line"),
        amount=fen_of(cells, "amount"),
        method=one_of(Method, cells["method"], "method"),
        targets=cells["targets"],
        standard=cells["standard"],
        needs=tuple(one for one in re.split(r"[、，,\s]+", cells["needs"]) if one),
        ground=cells["ground"],
        shares=Shares(**{name: fen_of(cells, name) for name in SHARES}) if shared else None,
        renews=cells["renews"] or None,
        fund=one_of(Fund, cells["fund"], "fund") if cells["fund"] else None,
        lot=one_of(Lot, cells["lot"], "lot") if cells["lot"] else None,
        conditions=tuple(_condition(*one) for one in parts_of(cells, "conditions", CONDITION)),
    )


def _condition(kind: str, text: str, told: str, ground: str) -> Condition:
    """What the project asks, as it stands in a cell."""
    if kind not in KINDS:
        raise Malformed(f"须为其中之一：{'、'.join(KINDS)}。", field="conditions")
    return Condition(
        kind=KINDS[kind],
        text=text,
        grade=whole_of(told, "conditions") if told.isdecimal() else None,
        name="" if told.isdecimal() else told,
        ground=ground,
    )


def _row(year: int, item: Item, holds: int) -> Sequence[str | int | None]:
    shares = item.shares
    spent = [yuan(getattr(shares, name)) if shares else "" for name in SHARES]
    return (
        year,
        item.code,
        item.way,
        item.entry,
        item.title,
        item.line,
        yuan(holds),
        yuan(item.amount),
        item.method,
        item.targets,
        item.standard,
        "、".join(item.needs),
        item.ground,
        *spent,
        item.renews or "",
        item.fund or "",
        item.lot or "",
        written(
            tuple(
                (NAMES[one.kind], one.text, one.grade or one.name, one.ground)
                for one in item.conditions
            )
        ),
    )
