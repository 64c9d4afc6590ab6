"""C-30: forms of what the record holds; C-14: the record book of a year."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chassis.exports import as_json
from chassis.kernel.clock import end_of
from services.consultation.domain import forms
from services.consultation.domain.committee import Level, Member, SeatKind
from services.consultation.domain.events import Disagreement, MatterEvent, MatterHanded
from services.consultation.domain.evolution import evolve
from services.consultation.domain.following_events import Awaited, MatterReopened, ProgressReported
from services.consultation.domain.forms import MatterForm, SessionForm
from services.consultation.domain.matter import Awaiting, Matter
from services.consultation.domain.roll import evolve as rolled
from services.consultation.domain.session_events import (
    FloorAsked,
    FloorGiven,
    SeatsArrived,
    SessionAdjourned,
    Side,
)
from services.consultation.domain.watching_events import Fault, MatterCorrected, Stage
from services.consultation.shown import book, sheets
from services.consultation.shown.sheets import Names
from services.consultation.shown.words import word
from services.consultation.vocabulary import WORDS
from tests.support.specification import past

from .test_committee import roll, seated
from .test_matter import ACCEPTED, PASTS, PROPOSED, RESEARCHED, USABLE, recorded
from .test_session import CALLED, CLOSED, DECIDED, NEXT_MONDAY, OPEN, held

CLAUSE = "官办通〔2018〕58号 附件9"
NAMES = Names(committee="关上议事委员会", number="GS-2025-1", topic="小区停车秩序")
SPOKE = (
    FloorAsked(seat="s1", side=Side.AGAINST),
    FloorGiven(seat="s1", side=Side.AGAINST, at=NEXT_MONDAY),
)
HANDED = MatterHanded(unit="urban_management")
REOPENED = MatterReopened(reason="居民另有意见。")
PUT_RIGHT = MatterCorrected(
    fault=Fault.PROCEDURE, back_to=Stage.DELIBERATION, reason="程序有误。", at=NEXT_MONDAY
)
NEW = Member(seat="n9", kind=SeatKind.FIXED, non_party=True)
ENDED = held(*OPEN, *SPOKE, DECIDED, CLOSED).state


def matter(status: str, **about: object) -> Matter:
    return replace(past(None, evolve, PASTS[status]).state, **about)  # type: ignore[arg-type]


def deliberated(*happened: MatterEvent) -> tuple[Matter, list[MatterEvent]]:
    trail: list[MatterEvent] = [PROPOSED, ACCEPTED, RESEARCHED, *happened]
    return past(None, evolve, trail).state, trail


@pytest.mark.parametrize("form", MatterForm)
def test_C_30_a_matter_without_an_outcome_fills_no_form(form: MatterForm) -> None:
    here = past(matter("researched"), evolve, [])
    here.when(lambda m: forms.of_matter(form, m)).breaks("C-30", clause=CLAUSE)


@pytest.mark.parametrize(
    ("form", "without", "enough"),
    [
        (MatterForm.REPORT, matter("handed"), matter("handed", level=Level.STREET)),
        (MatterForm.ASSIGNMENT, matter("referred"), matter("handed")),
        (MatterForm.HANDLING, matter("handed"), matter("handed", notice="已张贴。")),
    ],
)
def test_C_30_a_form_is_printed_when_its_record_fills_it(
    form: MatterForm, without: Matter, enough: Matter
) -> None:
    past(without, evolve, []).when(lambda m: forms.of_matter(form, m)).breaks("C-30", clause=CLAUSE)
    forms.of_matter(form, enough)


def test_C_30_minutes_are_printed_of_a_session_that_is_over() -> None:
    going = held(*OPEN)
    going.when(lambda s: forms.of_session(SessionForm.MINUTES, s)).breaks("C-30", clause=CLAUSE)
    forms.of_session(SessionForm.SIGN_IN, going.state)


def test_the_minutes_say_what_was_said_and_who_was_there() -> None:
    sheet = sheets.minutes(ENDED, NAMES)
    lines = dict(sheet.lines)
    assert (lines["议题"], lines["议事结果"], lines["应到固定委员"]) == (
        "小区停车秩序",
        "就地可用",
        "21",
    )
    assert "x1" in lines["到会席位"]
    [speeches] = sheet.grids
    assert speeches.rows[0][:2] == ("s1", "反对")


def test_the_sign_in_sheet_leaves_names_and_telephones_to_the_hand() -> None:
    committee = seated(Level.COMMUNITY, roll(20, 12))
    sheet = sheets.sign_in(ENDED, rolled(None, committee), (), NAMES)
    [grid] = sheet.grids
    assert {row[2:4] for row in grid.rows} == {("", "")}
    assert grid.rows[-1][0] == "x1"


def test_C_30_the_sign_in_sheet_is_of_the_members_of_that_day() -> None:
    """Printed again after one was dismissed and another appointed."""
    then = ENDED.fixed
    now = (*(Member(seat=seat, kind=SeatKind.FIXED, non_party=True) for seat in then[1:]), NEW)
    committee = replace(rolled(None, seated(Level.COMMUNITY, roll(20, 12))), members=now)
    [grid] = sheets.sign_in(ENDED, committee, (), NAMES).grids
    assert [row[:2] for row in grid.rows] == [
        *((seat, "固定委员") for seat in then),
        ("x1", "机动委员"),
    ]
    came = SeatsArrived(seats=(NEW.seat,), at=NEXT_MONDAY)
    [with_new] = sheets.sign_in(held(*OPEN, came).state, committee, ("x1",), NAMES).grids
    assert [row[:2] for row in with_new.rows[-2:]] == [("x1", "机动委员"), ("n9", "固定委员")]
    [before] = sheets.sign_in(held(CALLED).state, committee, (), NAMES).grids
    assert [row[0] for row in before.rows] == [*then[1:], "n9"]


def test_C_19_the_sign_in_sheet_has_a_line_for_who_is_invited_before_the_session() -> None:
    committee = rolled(None, seated(Level.COMMUNITY, roll(20, 12)))
    [grid] = sheets.sign_in(held(CALLED).state, committee, ("x1", "x2"), NAMES).grids
    assert [row[:2] for row in grid.rows[-2:]] == [("x1", "机动委员"), ("x2", "机动委员")]
    assert {row[4] for row in grid.rows} == {""}


def test_an_assignment_says_who_and_by_when_and_the_opinions_whose() -> None:
    here = matter("handed")
    said = dict(sheets.assignment(here, NAMES).lines)
    assert (said["承办单位"], said["编号"]) == ("urban_management", "GS-2025-1")
    assert here.conclusion is not None
    disputed = replace(
        here.conclusion, disagreement=(Disagreement(seat="s1", reason="先保障老人。"),)
    )
    [grid] = sheets.opinions(replace(here, conclusion=disputed), NAMES).grids
    assert grid.rows == (("s1", "先保障老人。"),)
    assert dict(sheets.report(here, NAMES).lines)["党工委决定"] == "—"
    assert (
        dict(sheets.handling(replace(here, notice="已张贴。"), NAMES).lines)["反馈内容"]
        == "已张贴。"
    )


def test_C_30_an_assignment_is_due_by_the_end_of_its_last_day() -> None:
    last = date(2025, 6, 19)
    for due, said in ((end_of(last), "2025-06-19 24:00"), (NEXT_MONDAY, "2025-03-10 09:00")):
        awaits = Awaiting(awaited=Awaited.PROGRESS, due=due, provisional=False)
        lines = dict(sheets.assignment(matter("handed", awaits=awaits), NAMES).lines)
        assert lines["办理时限"] == said
    assert dict(sheets.assignment(matter("handed"), NAMES).lines)["办理时限"] == "—"


def test_C_14_the_record_book_has_a_row_for_each_session_of_the_year() -> None:
    later = replace(ENDED, opened_at=NEXT_MONDAY + timedelta(days=7))
    its = matter("handed", notice="已张贴。")
    assert its.conclusion is not None
    its = replace(its, conclusion=replace(its.conclusion, session="s-2"))
    table = book.table(2025, {"s-2": later, "s-1": ENDED}, [(its, [])], [])
    first, second = as_json(table)
    assert first["held"] < second["held"]
    assert (first["topic"], first["present"], first["fixed"]) == (PROPOSED.title, 11, 21)
    assert first["outcome"] == "usable_here"
    assert "carried_out" not in first, "it was taken up again"
    assert second["carried_out"] == "已张贴。"


def test_C_14_what_was_deliberated_on_paper_is_in_the_record_book_too() -> None:
    before = NEXT_MONDAY.date() - timedelta(days=3)
    said = replace(USABLE, held_on=before)
    begun = ProgressReported(progress="已开工。", at=NEXT_MONDAY)
    table = book.table(2025, {"s-1": ENDED}, [deliberated(recorded(said), HANDED, begun)], [])
    first, second = as_json(table)
    assert (first["held"], first["topic"], first["fixed"], first["present"]) == (
        before,
        PROPOSED.title,
        21,
        said.present,
    )
    assert (first["contents"], first["outcome"]) == ("线下召开，结果补登", "usable_here")
    assert first["carried_out"] == "已开工。"
    assert "place" in second and "place" not in first
    page = book.page(rolled(None, seated(Level.COMMUNITY, roll(20, 12))), 2025, table)
    assert ("会议次数", "2") in page.lines
    assert ("时间", before.isoformat()) in page.grids[0].rows


def test_C_14_the_record_book_of_a_year_has_no_row_of_another() -> None:
    """Adjourned in the one year, deliberated on paper in the next."""
    january = NEXT_MONDAY.date().replace(year=2026, month=1)
    adjourned = held(CALLED, SessionAdjourned(reason="人数不足。", at=NEXT_MONDAY)).state
    its = deliberated(recorded(replace(USABLE, held_on=january)), HANDED)

    def days(year: int) -> list[object]:
        return [row["held"] for row in as_json(book.table(year, {"s-1": adjourned}, [its], []))]

    assert (days(2025), days(2026)) == ([NEXT_MONDAY], [january])


@pytest.mark.parametrize("back", [REOPENED, PUT_RIGHT])
def test_C_14_what_was_deliberated_on_paper_stays_in_the_book_when_it_is_taken_up_again(
    back: MatterReopened | MatterCorrected,
) -> None:
    days = [NEXT_MONDAY.date() + timedelta(days=number) for number in range(2)]
    first, second = (recorded(replace(USABLE, held_on=day)) for day in days)
    done = ProgressReported(progress="已开工。", at=NEXT_MONDAY)
    of_a_session = recorded(replace(USABLE, session="s-1"))
    afterwards: tuple[tuple[list[MatterEvent], list[str | None]], ...] = (
        ([], [None]),
        ([second, HANDED], [None, None]),
        ([second, HANDED, done], [None, "已开工。"]),
        ([of_a_session, HANDED, done], [None]),
    )
    for after, carried_out in afterwards:
        rows = as_json(book.table(2025, {}, [deliberated(first, HANDED, back, *after)], []))
        assert [row["held"] for row in rows] == days[: len(carried_out)]
        assert [row.get("carried_out") for row in rows] == carried_out


def test_codes_are_called_something_on_paper() -> None:
    assert word(None) == "—"
    assert word("usable_here") == WORDS["usable_here"]
