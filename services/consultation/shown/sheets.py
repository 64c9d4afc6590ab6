"""Sheets as annexes 7 and 9 name them: filled from the record, by seat; names are written in by hand."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from chassis.kernel.clock import due_minute, local_minute
from chassis.papers import Grid, Paper
from services.consultation.domain.committee import Committee, SeatKind, fixed_of
from services.consultation.domain.matter import Matter
from services.consultation.domain.session import Session

from .words import word

BLANK = ""
NONE = "无"


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The committee's name, the matter's number and title, and what its units are called."""

    committee: str
    number: str = ""
    topic: str = ""
    units: Mapping[str, str] = field(default_factory=dict)

    def of(self, units: Iterable[str]) -> str:
        return "、".join(self.units.get(unit, unit) for unit in units)


ANNEX_7, ANNEX_9 = "官办通〔2018〕58号 附件7", "官办通〔2018〕58号 附件9"


def _day(day: date | None) -> str:
    return "—" if day is None else day.isoformat()


def _at(at: datetime | None) -> str:
    return "—" if at is None else local_minute(at)


def minutes(session: Session, names: Names) -> Paper:
    """《协商会议纪要》: date, place, topic, chair, attendees, contents, outcome; its seal."""
    ended = session.conclusion
    lines = (
        ("议事委员会", names.committee),
        ("时间", f"{_at(session.opened_at)} 至 {_at(session.ended_at)}"),
        ("地点", session.called.place),
        ("议题", names.topic or word(session.called.kind)),
        ("主持人", word(session.chair) + (f"（{session.why_chair}）" if session.why_chair else "")),
        ("应到固定委员", str(session.entitled(session.fixed))),
        ("到会席位", "、".join(_came(session)) or NONE),
        *_away(session),
        ("会议材料", "、".join(session.papers) or NONE),
        ("议事结果", word(ended.outcome) if ended else "—"),
        ("表决", _votes(session)),
        ("主持人总结", session.summary or "—"),
        ("封存校验码", session.minutes[0].seal if session.minutes else "—"),
    )
    speeches = tuple((one.seat, word(one.side), _at(one.at)) for one in session.speeches)
    agenda = tuple((word(one.item), one.record) for one in session.agenda)
    held = tuple((one.seat, one.reason) for one in ended.disagreement) if ended else ()
    grids = (
        Grid(caption="发言", heads=("席位", "意见", "时间"), rows=speeches),
        Grid(caption="议程事项", heads=("事项", "记录"), rows=agenda),
        Grid(caption="不同意见", heads=("席位", "理由"), rows=held),
    )
    signed = ("主持人", "记录人")
    return Paper(
        title="协商会议纪要", lines=lines, grids=_filled(grids), signed=signed, basis=ANNEX_7
    )


def _away(session: Session) -> tuple[tuple[str, str], ...]:
    """As it was sealed: an excuse that came to be known later stands beside it."""
    first = json.loads(session.minutes[0].text) if session.minutes else {}
    absent = first.get("body", {}).get("absent", session.absent)
    since = [seat for seat in session.excused if seat in absent]
    excused = [seat for seat in session.excused if seat not in absent]
    later = (("会后补登请假", "、".join(since)),) if since else ()
    return (
        ("请假席位", "、".join(excused) or NONE),
        ("缺席席位", "、".join(absent) or NONE),
        *later,
    )


def sign_in(session: Session, committee: Committee, invited: Iterable[str], names: Names) -> Paper:
    """Names and telephones are written at the table; of a session that was opened, the members of that day, those
    invited for its matter, and whoever came: who was appointed in its course is a fixed one, too.
    """
    today = [member.seat for member in fixed_of(committee.members)]
    sitting = session.fixed or today
    adhoc = [member.seat for member in committee.members if member.kind is SeatKind.ADHOC]
    listed = dict.fromkeys((*sitting, *adhoc, *invited, *_came(session)))
    fixed = {*sitting, *today}
    arrived: dict[str, str] = {}
    for one in session.movements:
        if one.came:
            arrived.setdefault(one.seat, _at(one.at))
    rows = tuple(
        (
            seat,
            word(SeatKind.FIXED if seat in fixed else SeatKind.ADHOC),
            BLANK,
            BLANK,
            arrived.get(seat, BLANK),
            "有利害关系" if seat in session.interested else BLANK,
        )
        for seat in listed
    )
    heads = ("席位", "类别", "姓名（签字）", "电话", "到会时间", "备注")
    lines = (
        ("活动", f"{names.committee} {word(session.called.kind)} {names.topic}".strip()),
        ("时间", _at(session.called.held_at)),
        ("地点", session.called.place),
    )
    grid = Grid(caption="签到", heads=heads, rows=rows, by_hand=heads[2:4])
    return Paper(title="签到表", lines=lines, grids=(grid,), basis=ANNEX_7)


def report(matter: Matter, names: Names) -> Paper:
    """《议事专报》 to the party committee."""
    lines = (
        *_topic(matter, names),
        ("不同意见", str(len(_disagreement(matter))) + " 条"),
        ("报送时间", _at(matter.sent_up_at)),
        ("党工委决定", word(matter.decision)),
        ("理由", matter.reasons or "—"),
    )
    return Paper(
        title="议事专报",
        lines=lines,
        grids=_filled((_dissent(matter),)),
        signed=("报送人", "党工委"),
        basis="官办通〔2018〕58号 六.1.4",
    )


def opinions(matter: Matter, names: Names) -> Paper:
    """意见表: whoever disagreed, and what members found afterwards."""
    found = tuple(
        (one.seat, one.finding, local_minute(one.at), _answer(matter, n))
        for n, one in enumerate(matter.inspected)
    )
    grids = (
        _dissent(matter),
        Grid(caption="委员监督", heads=("席位", "意见", "时间", "整改答复"), rows=found),
    )
    return Paper(title="意见表", lines=_topic(matter, names), grids=_filled(grids), basis=ANNEX_9)


def assignment(matter: Matter, names: Names) -> Paper:
    """意见交办单: who, by when."""
    due = due_minute(matter.awaits.due) if matter.awaits else "—"
    lines = (
        *_topic(matter, names),
        ("承办单位", names.of(matter.units)),
        ("办理时限", due),
        ("党工委决定", word(matter.decision)),
    )
    signed = ("交办人", "承办单位签收")
    return Paper(title="意见交办单", lines=lines, signed=signed, basis=ANNEX_9)


def handling(matter: Matter, names: Names) -> Paper:
    """办理反馈单."""
    told = f"{matter.informed} 人，其中书面 {matter.written} 人" if matter.informed else "—"
    lines = (
        *_topic(matter, names),
        ("承办单位", names.of(matter.units) or "—"),
        ("反馈内容", matter.feedback or matter.notice or "—"),
        ("已反馈委员", told),
        ("落实结果", matter.result or "—"),
        ("完成时间", _at(matter.closed_at)),
    )
    rows = tuple((local_minute(one.at), one.progress) for one in matter.progress)
    grid = Grid(caption="实施进展", heads=("时间", "进展"), rows=rows)
    return Paper(
        title="办理反馈单",
        lines=lines,
        grids=_filled((grid,)),
        signed=("承办单位", "反馈人"),
        basis=ANNEX_9,
    )


def _topic(matter: Matter, names: Names) -> tuple[tuple[str, str], ...]:
    ended = matter.conclusion
    return (
        ("编号", names.number or matter.id),
        ("议事委员会", names.committee),
        ("议题", matter.title),
        ("内容", matter.subject),
        ("会议日期", _day(matter.held_on)),
        ("到会固定委员", f"{ended.present}/{matter.members or 0}" if ended else "—"),
        ("议事结果", word(ended.outcome) if ended else "—"),
        ("说明", (ended.explanation or ended.guidance or "—") if ended else "—"),
    )


def _disagreement(matter: Matter) -> tuple[tuple[str, str], ...]:
    held = matter.conclusion.disagreement if matter.conclusion else ()
    return tuple((one.seat, one.reason) for one in held)


def _dissent(matter: Matter) -> Grid:
    return Grid(caption="不同意见", heads=("席位", "理由"), rows=_disagreement(matter))


def _answer(matter: Matter, inspection: int) -> str:
    answers = [one.answer for one in matter.answered if one.inspection == inspection]
    return answers[0] if answers else "—"


def _came(session: Session) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.seat for one in session.movements if one.came))


def _votes(session: Session) -> str:
    votes = session.votes
    if votes is None:
        return NONE
    return f"赞成 {votes.in_favour}，反对 {votes.against}，弃权 {votes.abstained}"


def _filled(grids: Iterable[Grid]) -> tuple[Grid, ...]:
    return tuple(grid for grid in grids if grid.rows)
