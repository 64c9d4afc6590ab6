"""The mediation agreement and the sheet of a return visit: filled from the record, by label.

Who the parties are, and what they agreed or said, is written by hand: it is sealed here.
"""

from dataclasses import dataclass
from datetime import date

from chassis.vocabulary import word_for, word_of
from services.mediation.domain.case import Case
from services.mediation.domain.forms import CaseForm
from services.mediation.vocabulary import WORDS

NOTHING = "—"
BLANK = ""
HUNDRED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """`lines`: what stands beside its label; `room`: what is written in by hand; `signed`: by whom."""

    title: str
    lines: tuple[tuple[str, str], ...]
    room: tuple[str, ...]
    grids: tuple[Grid, ...] = ()
    signed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    number: str
    place: str
    office: str


def sheet(form: CaseForm, case: Case, names: Names) -> Sheet:
    return agreement(case, names) if form is CaseForm.AGREEMENT else visit(case, names)


def agreement(case: Case, names: Names) -> Sheet:
    """《调解协议书》."""
    signed = case.agreement
    lines = (
        *_about(case, names),
        ("调解日期", "、".join(_day(one.on) for one in case.sessions)),
        ("调解员", "、".join(case.sessions[-1].mediators)),
        ("约定履行日期", _day(signed.perform_by if signed else None)),
        ("给付金额（元）", _yuan(signed.amount if signed else None)),
        ("签字日期", _day(signed.signed_on if signed else None)),
    )
    return Sheet(
        title="调解协议书",
        lines=lines,
        room=("纠纷主要事实、争议事项", "协议内容", "履行方式"),
        grids=(_parties(case),),
        signed=(*(word_of(party, WORDS) for party in case.parties), "调解员", "记录人"),
    )


def visit(case: Case, names: Names) -> Sheet:
    """《回访记录》."""
    visited = (
        case.visits[-1] if case.ended and case.visits else None
    )  # another one found it open again
    lines = (
        *_about(case, names),
        ("约定履行日期", _day(case.agreement.perform_by if case.agreement else None)),
        ("实际履行日期", _day(case.performed.on if case.performed else None)),
        ("回访日期", _day(visited.on if visited else None)),
        ("纠纷是否已解决", NOTHING if visited is None else "是" if visited.settled else "否"),
    )
    return Sheet(
        title="回访记录",
        lines=lines,
        room=("回访情况", "当事人意见"),
        grids=(_parties(case),),
        signed=("被回访人", "回访人"),
    )


def _about(case: Case, names: Names) -> tuple[tuple[str, str], ...]:
    return (
        ("编号", names.number),
        ("纠纷类别", word_for("Dispute", case.dispute, WORDS) or case.dispute),
        ("地点", names.place),
        ("办理单位", names.office),
        ("调解方式", WORDS[case.way]),
    )


def _parties(case: Case) -> Grid:
    rows = tuple((word_of(party, WORDS), BLANK, BLANK, BLANK) for party in case.parties)
    heads = ("当事人", "姓名或名称", "证件号码", "电话、住址")
    return Grid(caption="当事人（手写）", heads=heads, rows=rows)


def _day(day: date | None) -> str:
    return NOTHING if day is None else day.isoformat()


def _yuan(fen: int | None) -> str:
    return NOTHING if fen is None else f"{fen // HUNDRED}.{fen % HUNDRED:02d}"
