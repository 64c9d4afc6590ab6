"""记录本 (C-14): a committee's year: its plan, each session, here or on paper, who was there, what came of it."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from operator import itemgetter

from chassis.exports import Cell, Column, Table
from chassis.kernel.clock import local_date, local_minute
from chassis.papers import Grid, Paper
from services.consultation.domain.committee import Committee
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
    name: str,
    sessions: Mapping[str, Session],
    matters: Mapping[str, Matter],
    meetings: Iterable[RegularMeetingEntered],
) -> Table:
    """One row for each session of the year, in their order; `matters`: theirs, and those whose session was on paper;
    `meetings`: the regular ones that were."""
    rows = [
        (local_date(_at(one)), _row(id, one, matters.get(one.called.matter or "")))
        for id, one in sorted(sessions.items(), key=lambda session: _at(session[1]))
    ]
    rows += [(day, _by_hand(one, day)) for one in matters.values() if (day := one.on_paper)]
    rows += [(one.on, _regular(one)) for one in meetings]
    return Table(name, COLUMNS, [row for _, row in sorted(rows, key=itemgetter(0))])


def _at(session: Session) -> datetime:
    return session.opened_at or session.called.held_at


def _by_hand(matter: Matter, day: date) -> tuple[Cell, ...]:
    ended = matter.conclusion
    return (
        day,
        None,
        SessionKind.TOPICAL.value,
        matter.title,
        None,
        matter.members,
        ended.present if ended else None,
        None,
        ON_PAPER,
        ended.outcome.value if ended else None,
        matter.decision.value if matter.decision else None,
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
    """What went on is of the session whose outcome the matter has."""
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
