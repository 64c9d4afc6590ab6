"""A supplier's applications from a file: a line is one, for a call that is open."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import partial

from chassis.cause import Cause
from chassis.identity import Subject
from chassis.imports.cells import day_of
from chassis.imports.desk import Bad, Change
from chassis.imports.judging import judged, only_once, placed
from chassis.kernel.errors import Malformed, UnknownReference
from chassis.tables.columns import Column, Line
from services.procurement.desk import ProcurementDesk
from services.procurement.domain.application import Application, Form, Prepared
from services.procurement.domain.call import Call, CallStatus
from services.procurement.domain.guide import Counted, Nature, Population, Service

from .cells import fen_of, one_of, parts_of, people_of, short_enough, written, yuan

SERVICE = "代码|公益或有偿|内容|价格（元）|市场价（元）"
COUNTED = "人群|人数"
FORM = {
    "background": "项目背景",
    "needs": "需求调查",
    "aims": "项目目标",
    "strategy": "服务策略",
    "indicators": "服务指标",
    "schedule": "进度安排",
    "tracking": "跟踪反馈",
    "people": "人员",
    "budget": "预算",
    "other": "其他",
}
PREPARED = {"heard_on": "听证日期", "decided_on": "审议日期", "posted_on": "公示日期"}
"""What a 三社联动 application says besides, and no other has to."""
COLUMNS = (
    Column(name="call", title="征集编号", about="公告中的征集编号。"),
    Column(name="community", title="社区", about="联合申报的社区名称或代码。"),
    Column(name="workers", title="专业社工人数", about="整数。", number=True),
    Column(name="staff", title="项目人数", about="整数。", number=True),
    Column(name="amount", title="申报金额（元）", about="不超过该项目的金额。", number=True),
    Column(name="summary", title="摘要", about="做什么。"),
    *(
        Column(name=name, title=title, about="三社联动须填写，写作 2026-01-05。")
        for name, title in PREPARED.items()
    ),
    *(Column(name=name, title=title, about="三社联动须填写。") for name, title in FORM.items()),
    Column(name="services", title="服务项目", about=f"每项 {SERVICE}，用分号分开。"),
    Column(
        name="populations",
        title="特定人群",
        about=f"三社联动须逐类写明，没有的写 0；每项 {COUNTED}，用分号分开。",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationLines:
    """Each line is an application of its importer, and takes the place of the one it had filed for that call."""

    desk: ProcurementDesk

    def compare(
        self, lines: AsyncIterator[Line], reason: str, by: str, now: datetime
    ) -> AsyncIterator[Bad | Change]:
        seen: set[str] = set()

        async def judge(line: Line) -> Change | None:
            call = line.cells["call"]
            only_once(call, seen, "同一征集在文件中重复。", field="call")
            seen.add(call)
            application = _read(line.cells, by.partition(":")[2], now)
            known = await self._call(call)
            said = (await self.desk.would_file(known, application)).application
            before = await self.desk.lying(known, application.supplier)
            if before is not None and replace(before, at=said.at) == said:
                return None
            told = {"call": call, "amount": application.amount}
            return Change(line.number, call, told, partial(self._enter, call, application))

        return judged(placed(lines, self.desk.communities), judge)

    async def _call(self, id: str) -> Call:
        held = await self.desk.calls.look(id)
        if held is None:
            raise UnknownReference("没有这次征集。", field="call")
        return held.aggregate

    async def _enter(self, call: str, application: Application, cause: Cause) -> object:
        return await self.desk.file(call, replace(application, at=cause.now), cause)

    async def rows(self, subject: Subject) -> AsyncIterator[Sequence[str | int | None]]:
        """The reader's own, for calls that are open."""
        async for held in self.desk.applications.every_of(subject, {}):
            offer = held.aggregate
            call = (await self.desk.calls.get(offer.call)).aggregate
            open_as_then = call.status is CallStatus.OPEN and call.opened_at == offer.opened_at
            if offer.application is not None and open_as_then:
                yield _row(offer.call, offer.application)


def _read(cells: Mapping[str, str], supplier: str, now: datetime) -> Application:
    """Malformed of what is none."""
    short_enough(cells, "summary", *FORM)
    staff = people_of(cells["staff"], "staff")
    if staff < 1:
        raise Malformed("项目人数至少一人。", field="staff")
    return Application(
        supplier=supplier,
        community=cells["community"] or None,
        workers=people_of(cells["workers"], "workers"),
        staff=staff,
        amount=fen_of(cells, "amount"),
        summary=cells["summary"],
        prepared=_prepared(cells),
        form=Form(**{name: cells[name] for name in FORM}) if cells["background"] else None,
        services=tuple(_service(*one) for one in parts_of(cells, "services", SERVICE)),
        populations=tuple(
            Counted(
                population=one_of(Population, group, "populations"),
                people=people_of(people, "populations"),
            )
            for group, people in parts_of(cells, "populations", COUNTED)
        ),
        at=now,
    )


def _prepared(cells: Mapping[str, str]) -> Prepared | None:
    if not any(cells[name] for name in PREPARED):
        return None
    heard, decided, posted = (day_of(cells[name], name) for name in PREPARED)
    return Prepared(heard_on=heard, decided_on=decided, posted_on=posted)


def _service(code: str, nature: str, content: str, price: str, market: str) -> Service:
    return Service(
        code=code,
        nature=one_of(Nature, nature, "services"),
        content=content,
        price=fen_of({"services": price}, "services") if price else None,
        market=fen_of({"services": market}, "services") if market else None,
    )


def _row(call: str, one: Application) -> Sequence[str | int | None]:
    prepared, form = one.prepared, one.form
    services = tuple(
        (each.code, each.nature, each.content, _yuan(each.price), _yuan(each.market))
        for each in one.services
    )
    return (
        call,
        one.community or "",
        one.workers,
        one.staff,
        yuan(one.amount),
        one.summary,
        *(getattr(prepared, name).isoformat() if prepared else "" for name in PREPARED),
        *(getattr(form, part.name) if form else "" for part in fields(Form)),
        written(services),
        written(tuple((each.population, each.people) for each in one.populations)),
    )


def _yuan(fen: int | None) -> str:
    return yuan(fen) if fen is not None else ""
