"""C-14, C-17: a regular meeting that was held on paper is in the record book, and who was there attended it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from chassis.exports import as_json
from chassis.kernel.errors import Malformed, UnknownReference
from services.consultation import announce
from services.consultation.domain import regular, rights
from services.consultation.domain.committee import Committee, Level
from services.consultation.domain.members import CommitteeDissolved, Ended, SeatEnded
from services.consultation.domain.regular_events import (
    RegularMeetingCorrected,
    RegularMeetingEntered,
    RegularMeetingStruck,
)
from services.consultation.domain.roll import evolve
from services.consultation.shown import book
from tests.support.specification import Given, past

from .test_committee import MORNING, roll, seated

SITS = seated(Level.STREET, roll(50, 30))
SEATS = tuple(member.seat for member in SITS.members)
NOW = datetime(2026, 1, 20, 1, 0, tzinfo=UTC)
ENTERED = RegularMeetingEntered(
    on=date(2025, 12, 30),
    place="街道会议室",
    minutes="纪要2025-2",
    summary="听取年度工作报告。",
    present=SEATS[:25],
    fixed=50,
    seats=SEATS,
    at=NOW,
)


def sitting(*events: Any) -> Given[Committee]:
    return past(None, evolve, [SITS, *events])


def test_C_14_a_regular_meeting_on_paper_is_in_the_record_book_of_its_year() -> None:
    after = sitting().when(lambda c: regular.enter(c, ENTERED, ())).then(ENTERED).state
    assert after.meetings == (ENTERED,)
    assert announce.of_committees(ENTERED, after) is None
    table = book.table(2025, {}, [], after.meetings)
    [row] = as_json(table)
    assert row == {
        "held": date(2025, 12, 30),
        "place": "街道会议室",
        "kind": "regular",
        "fixed": 50,
        "present": 25,
        "contents": "听取年度工作报告。（线下召开，结果补登：纪要2025-2）",
    }
    assert ("会议次数", "1") in book.page(after, 2025, table).lines


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"minutes": " "}, "minutes"),
        ({"summary": ""}, "summary"),
        ({"on": MORNING.date().replace(year=MORNING.year - 1)}, "on"),
    ],
)
def test_C_14_it_says_what_it_was_about_and_is_of_the_term(
    said: dict[str, Any], field: str
) -> None:
    wrong = replace(ENTERED, **said)
    sitting().when(lambda c: regular.enter(c, wrong, ())).breaks("C-14", field=field)


def test_C_14_it_is_entered_once_for_a_day_that_has_been() -> None:
    again = replace(ENTERED, minutes="纪要2025-3")
    sitting(ENTERED).when(lambda c: regular.enter(c, again, ())).breaks("C-14", field="on")
    tomorrow = replace(ENTERED, on=date(2026, 1, 21))
    sitting().when(lambda c: regular.enter(c, tomorrow, ())).refused(Malformed, field="on")
    gone = sitting(CommitteeDissolved(reason="撤销。", at=datetime(2025, 12, 30, tzinfo=UTC)))
    gone.when(lambda c: regular.enter(c, ENTERED, ())).breaks("C-14", field="on")
    before = replace(ENTERED, on=date(2025, 12, 29))
    gone.when(lambda c: regular.enter(c, before, ())).then(before)


def test_C_14_what_was_held_here_is_not_entered_as_held_on_paper_too() -> None:
    here = {ENTERED.on}
    sitting().when(lambda c: regular.enter(c, ENTERED, here)).breaks("C-14", field="on")
    before = replace(ENTERED, on=date(2025, 12, 29))
    sitting().when(lambda c: regular.enter(c, before, here)).then(before)


CORRECTED = RegularMeetingCorrected(
    day=ENTERED.on,
    meeting=replace(ENTERED, on=date(2025, 12, 29), present=SEATS[1:26], minutes="纪要2025-3"),
    reason="日期和签到抄错。",
)


def test_C_14_what_was_entered_wrongly_is_put_right_with_its_reason() -> None:
    right, day = CORRECTED.meeting, ENTERED.on.isoformat()
    here = sitting(ENTERED)
    after = here.when(lambda c: regular.correct(c, day, right, CORRECTED.reason, ())).then(
        CORRECTED
    )
    assert after.state.meetings == (right,)
    for seat, there in ((SEATS[0], 0), (SEATS[25], 1)):
        assert rights.year_of(seat, 2025, [], [], after.state.meetings).attended == there
    here.when(lambda c: regular.correct(c, day, right, " ", ())).breaks("C-14", field="reason")
    after.when(lambda c: regular.correct(c, day, right, "再改。", ())).breaks("C-14")
    here.when(lambda c: regular.correct(c, day, right, "更正。", {right.on})).breaks(
        "C-14", field="on"
    )
    two = sitting(ENTERED, right)
    two.when(lambda c: regular.correct(c, day, right, "更正。", ())).breaks("C-14", field="on")
    two.when(lambda c: regular.correct(c, day, ENTERED, "照旧。", ())).leads_to()


def test_C_14_what_was_entered_by_mistake_is_struck_with_its_reason_and_counts_for_nothing() -> (
    None
):
    day, here = ENTERED.on.isoformat(), sitting(ENTERED)
    struck = RegularMeetingStruck(day=ENTERED.on, reason="登记到别的委员会了。", at=NOW)
    after = here.when(lambda c: regular.strike(c, day, struck.reason, NOW)).then(struck)
    assert announce.of_committees(struck, after.state) is None
    assert rights.year_of(SEATS[0], 2025, [], [], after.state.meetings).attended == 0
    assert as_json(book.table(2025, {}, [], after.state.meetings)) == []
    here.when(lambda c: regular.strike(c, day, " ", NOW)).breaks("C-14", field="reason")
    after.when(lambda c: regular.strike(c, day, struck.reason, NOW)).breaks("C-14")
    after.when(lambda c: regular.enter(c, ENTERED, ())).then(ENTERED)


def test_C_08_what_is_put_right_is_of_the_members_of_the_day_it_was_entered() -> None:
    """A seat that ended since stays on its roll, and lowers no quorum."""
    ended = [SeatEnded(seat=one, why=Ended.OWN_WISH, at=NOW) for one in SEATS[:25]]
    day, right = ENTERED.on.isoformat(), replace(ENTERED, minutes="纪要2025-3")
    after = sitting(ENTERED, *ended)
    after.when(lambda c: regular.correct(c, day, right, "更正。", ())).leads_to()
    few = replace(right, present=SEATS[:24])
    after.when(lambda c: regular.correct(c, day, few, "更正。", ())).breaks("C-08", field="present")


def test_C_14_it_is_put_right_by_who_was_a_member_then_and_by_nobody_who_came_since() -> None:
    """Also one whose seat ended since and who had been left out; of earlier builds' only the roll was kept."""
    gone = SeatEnded(seat=SEATS[49], why=Ended.OWN_WISH, at=NOW)
    day, left_out = ENTERED.on.isoformat(), replace(ENTERED, present=(*SEATS[:25], SEATS[49]))
    newcomer = replace(ENTERED, present=(*SEATS[:25], "new"))

    def right(meeting: RegularMeetingEntered) -> Callable[[Committee], RegularMeetingCorrected]:
        def decide(c: Committee) -> RegularMeetingCorrected:
            came = replace(c, members=(*c.members, replace(c.members[0], seat="new")))
            return regular.correct(came, day, meeting, "漏记。", ())

        return decide

    after, earlier = sitting(ENTERED, gone), sitting(replace(ENTERED, seats=None), gone)
    after.when(right(left_out)).leads_to()
    after.when(right(newcomer)).refused(UnknownReference, field="present")
    earlier.when(right(left_out)).refused(UnknownReference, field="present")
    earlier.when(right(newcomer)).leads_to()


def test_C_08_half_of_the_fixed_members_were_there() -> None:
    few = replace(ENTERED, present=SEATS[:24])
    sitting().when(lambda c: regular.enter(c, few, ())).breaks("C-08", field="present")
    unknown = replace(ENTERED, present=(*SEATS[:25], "nobody"))
    sitting().when(lambda c: regular.enter(c, unknown, ())).refused(
        UnknownReference, field="present"
    )


@pytest.mark.parametrize(("seat", "year", "there"), [(0, 2025, 1), (0, 2026, 0), (25, 2025, 0)])
def test_C_17_who_was_there_attended_it(seat: int, year: int, there: int) -> None:
    counted = rights.year_of(SEATS[seat], year, [], [], [ENTERED])
    assert (counted.sessions, counted.attended, counted.absent) == (there, there, 0)
