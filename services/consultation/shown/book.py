"""记录本 (C-14): a committee's year: its plan, each session, here or on paper, who was there, what came of it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from operator import itemgetter

from chassis.exports import Cell, Column, Table
from chassis.kernel.clock import local_date, local_minute
from chassis.papers import Grid, Paper
from services.consultation.domain.committee import Committee
from services.consultation.domain.events import MatterEvent, OutcomeRecorded
from services.consultation.domain.matter import Matter
from services.consultation.domain.regular_events import RegularMeetingEntered
from services.consultation.domain.session import Session
from services.consultation.domain.session_events import SessionKind
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


ON_PAPER = "线下召开，结果补登"


def table(
    year: int,
    sessions: Mapping[str, Session],
    matters: Iterable[tuple[Matter, Sequence[MatterEvent]]],
    meetings: Iterable[RegularMeetingEntered],
) -> Table:
    """One row for each session of the year, in their order, here and on paper; `matters`: with what happened to each,
    where an outcome stands still that was gone past; `meetings`: the regular ones that were on paper.
    """
    known = list(matters)
    by_id = {matter.id: matter for matter, _ in known}
    here = [
        (local_date(_at(one)), _row(id, one, by_id.get(one.called.matter or "")))
        for id, one in sorted(sessions.items(), key=lambda session: _at(session[1]))
    ]
    on_paper = [
        (one.day, _by_hand(one, matter))
        for matter, happened in known
        for one in happened
        if isinstance(one, OutcomeRecorded) and one.on_paper
    ]
    regular = [(one.on, _regular(one)) for one in meetings]
    rows = sorted([*here, *on_paper, *regular], key=itemgetter(0))
    return Table(f"记录本{year}", COLUMNS, [row for day, row in rows if day.year == year])


def _at(session: Session) -> datetime:
    return session.opened_at or session.called.held_at


def _by_hand(recorded: OutcomeRecorded, about: Matter) -> tuple[Cell, ...]:
    """What went on is of the outcome that the matter has."""
    ended = recorded.conclusion
    its = (about.conclusion, about.concluded_at) == (ended, recorded.at)
    matter = about if its else None
    return (
        recorded.day,
        None,
        SessionKind.TOPICAL.value,
        about.title,
        None,
        recorded.members,
        ended.present,
        None,
        ON_PAPER,
        ended.outcome.value,
        matter.decision.value if matter and matter.decision else None,
        _carried_out(matter),
        None,
    )


def _regular(meeting: RegularMeetingEntered) -> tuple[Cell, ...]:
    return (
        meeting.on,
        meeting.place,
        SessionKind.REGULAR.value,
        None,
        None,
        meeting.fixed,
        len(meeting.present),
        None,
        f"{meeting.summary}（{ON_PAPER}：{meeting.minutes}）",
        None,
        None,
        None,
        None,
    )


def _row(id: str, session: Session, about: Matter | None) -> tuple[Cell, ...]:
    """Likewise."""
    came = {one.seat for one in session.movements if one.came}
    ended = session.conclusion
    its = about is not None and about.conclusion is not None and about.conclusion.session == id
    matter = about if its else None
    return (
        _at(session),
        session.called.place,
        session.called.kind.value,
        about.title if about else None,
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
    return matter.progress[-1].progress if matter.progress else matter.notice or matter.done


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
    return local_minute(cell) if isinstance(cell, datetime) else str(cell)
