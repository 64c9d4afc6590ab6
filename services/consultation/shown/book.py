"""记录本 (C-14): a committee's year: its plan, each session, who was there, what came of it and went on."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from chassis.exports import Cell, Column, Table
from chassis.pages import shanghai
from chassis.papers import Grid, Paper
from services.consultation.domain.committee import Committee
from services.consultation.domain.matter import Matter
from services.consultation.domain.session import Session
from services.consultation.vocabulary import WORDS

from .sheets import ANNEX_7
from .words import word

COLUMNS = (
    Column("held", "时间"),
    Column("place", "地点"),
    Column("kind", "种类", words=WORDS),
    Column("topic", "议题"),
    Column("chair", "主持人", words=WORDS),
    Column("fixed", "应到"),
    Column("present", "到会"),
    Column("absent", "缺席席位"),
    Column("contents", "内容"),
    Column("outcome", "结果", words=WORDS),
    Column("decision", "采用", words=WORDS),
    Column("carried_out", "实施情况"),
    Column("state", "会议状态", words=WORDS),
)


def table(name: str, sessions: Iterable[Session], matters: Mapping[str, Matter]) -> Table:
    """One row for each session of the year, in their order."""
    ordered = sorted(sessions, key=lambda one: one.opened_at or one.called.held_at)
    return Table(
        name, COLUMNS, [_row(one, matters.get(one.called.matter or "")) for one in ordered]
    )


def _row(session: Session, matter: Matter | None) -> tuple[Cell, ...]:
    came = {one.seat for one in session.movements if one.came}
    ended = session.conclusion
    return (
        session.opened_at or session.called.held_at,
        session.called.place,
        session.called.kind.value,
        matter.title if matter else None,
        session.chair.value if session.chair else None,
        session.entitled(session.fixed),
        len(came & set(session.fixed)),
        session.absent,
        session.summary or session.adjourned,
        ended.outcome.value if ended else None,
        matter.decision.value if matter and matter.decision else None,
        _carried_out(matter),
        session.status.value,
    )


def _carried_out(matter: Matter | None) -> str | None:
    if matter is None:
        return None
    if matter.result is not None:
        return matter.result
    return matter.progress[-1].progress if matter.progress else matter.notice


def page(committee: Committee, year: int, rows: Table) -> Paper:
    """To be printed."""
    plans = [filed for filed in committee.plans if filed.plan.year == year]
    planned = plans[0].plan if plans else None
    lines = (
        ("议事委员会", committee.name),
        ("年度", str(year)),
        ("席位", str(len(committee.members))),
        ("工作例会（计划）", str(planned.regular) if planned else "未报送计划"),
        ("专题议题（计划）", "、".join(one.title for one in planned.topics) if planned else "—"),
        ("会议次数", str(len(list(rows.rows)))),
    )
    grids = tuple(
        Grid(
            caption=f"第 {number} 次",
            heads=("项目", "记录"),
            rows=tuple(_lines(row)),
        )
        for number, row in enumerate(rows.rows, 1)
    )
    return Paper(title="协商议事记录本", lines=lines, grids=grids, basis=ANNEX_7)


def _lines(row: Iterable[Cell]) -> Iterable[tuple[str, str]]:
    for column, cell in zip(COLUMNS, row, strict=True):
        yield column.title, _said(cell)


def _said(cell: Cell) -> str:
    if isinstance(cell, tuple):
        return "、".join(cell) or "无"
    if cell is None or isinstance(cell, str):
        return word(cell)
    return shanghai(cell) if isinstance(cell, datetime) else str(cell)
