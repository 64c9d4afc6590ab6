"""C-11, C-12, C-20: a date is counted again once its days' notice is out, and where a notice is amended."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from chassis.calendar import NationalCalendar
from chassis.cause import Cause
from chassis.kernel.clock import WorkTime
from services.consultation.domain import following, waiting, watching
from services.consultation.domain.evolution import evolve
from services.consultation.domain.following import Clocks
from services.consultation.domain.following_events import Awaited, ClockRenewed, ClockStarted
from services.consultation.domain.matter import Matter
from services.consultation.domain.watching_events import (
    AnswerRenewed,
    InspectionAnswered,
    Mark,
    MatterInspected,
)
from services.consultation.main import desk_on
from tests.support.calendars import lengthened
from tests.support.memory import MemoryStore
from tests.support.specification import Given, past
from tests.support.toy import Silent

from .test_matter import MEMBERS, PASTS, POLICY

MONDAY = datetime(2025, 3, 24, 1, tzinfo=UTC)
SHORT = WorkTime(days=NationalCalendar(valid_through=date(2024, 12, 31)))
WORK = WorkTime(days=NationalCalendar())
ASSUMED = datetime(2025, 4, 7, 9, tzinfo=UTC)
"""The tenth working day, were Qingming not to fall on it."""
AFTER = datetime(2025, 4, 8, 9, tzinfo=UTC)
STARTED = Clocks(policy=POLICY, work=SHORT).started(Awaited.PUBLICATION, MONDAY)
RENEWED = ClockRenewed(due=AFTER, provisional=False)


def running(*events: ClockStarted | ClockRenewed) -> Given[Matter]:
    return past(None, evolve, [*PASTS["handed"], *events])


def test_C_12_a_date_is_counted_again_once_the_days_are_known() -> None:
    assert (STARTED.due, STARTED.provisional) == (ASSUMED, True)
    here = running(STARTED)
    here.when(lambda m: following.renew(m, SHORT, MONDAY)).then()
    after = here.when(lambda m: following.renew(m, WORK, MONDAY)).then(RENEWED)
    assert after.state.awaits is not None and after.state.awaits.due == AFTER
    after.when(lambda m: following.renew(m, WORK, MONDAY)).then()


def test_C_12_a_date_that_has_passed_or_doesn_t_say_how_it_was_counted_stands() -> None:
    late = ASSUMED + timedelta(seconds=1)
    running(STARTED).when(lambda m: following.renew(m, WORK, late)).then()
    old = ClockStarted(awaited=Awaited.PUBLICATION, due=ASSUMED, provisional=True)
    running(old).when(lambda m: following.renew(m, WORK, MONDAY)).then()
    running().when(lambda m: following.renew(m, WORK, MONDAY)).then()


BADLY = MatterInspected(seat="s1", finding="未划线。", mark=Mark.BADLY, at=MONDAY)
MOVED = AnswerRenewed(inspection=1, due=AFTER, provisional=False)


def test_C_20_an_answer_s_date_is_counted_again_too() -> None:
    found = replace(BADLY, due=ASSUMED, days=10, provisional=True)
    answered = InspectionAnswered(inspection=0, answer="已划线。", at=MONDAY)
    here = past(None, evolve, [*PASTS["handed"], found, found, answered])
    inspected = here.when(lambda m: watching.inspect(m, BADLY, MEMBERS, POLICY, SHORT))
    assert inspected.happened == (found,)
    assert [ends and ends.provisional for ends in waiting.of_matter(here.state).values()] == [
        True,
        True,
    ]
    here.when(lambda m: watching.renew(m, SHORT, MONDAY)).then()
    after = here.when(lambda m: watching.renew(m, WORK, MONDAY)).then(MOVED)
    assert dict(watching.unanswered(after.state)) == {1: AFTER}
    assert not watching.provisional(after.state)
    after.when(lambda m: watching.renew(m, WORK, MONDAY)).then()
    here.when(lambda m: watching.renew(m, WORK, ASSUMED + timedelta(seconds=1))).then()
    old = past(None, evolve, [*PASTS["handed"], replace(found, days=None)])
    old.when(lambda m: watching.renew(m, WORK, MONDAY)).then()


LONGER = lengthened(date(2025, 4, 7), year=2025)
NEXT_DAY = AFTER + timedelta(days=1)


def test_C_12_an_amended_notice_moves_what_was_sure_while_it_runs() -> None:
    sure = Clocks(policy=POLICY, work=WORK).started(Awaited.PUBLICATION, MONDAY)
    assert (sure.due, sure.provisional) == (AFTER, False)
    here = running(sure)
    moved = ClockRenewed(due=NEXT_DAY, provisional=False)
    here.when(lambda m: following.renew(m, LONGER, MONDAY)).then(moved)
    here.when(lambda m: following.renew(m, LONGER, AFTER + timedelta(seconds=1))).then()
    by_the_wall = Clocks(policy=POLICY, work=WORK).started(Awaited.PROGRESS, MONDAY)
    running(by_the_wall).when(lambda m: following.renew(m, LONGER, MONDAY)).then()


def test_C_20_it_moves_an_answer_s_date_too() -> None:
    found = replace(BADLY, due=AFTER, days=10)
    here = past(None, evolve, [*PASTS["handed"], found])
    moved = AnswerRenewed(inspection=0, due=NEXT_DAY, provisional=False)
    here.when(lambda m: watching.renew(m, LONGER, MONDAY)).then(moved)
    here.when(lambda m: watching.renew(m, LONGER, AFTER + timedelta(seconds=1))).then()


async def test_it_is_done_at_a_start() -> None:
    desk = desk_on(MemoryStore(), bytes(32), Silent(), WORK)
    cause = Cause(actor="platform", now=MONDAY)
    found = replace(BADLY, due=ASSUMED, days=10, provisional=True)
    await desk.matters.once("m-1", [*PASTS["handed"], STARTED], cause)
    await desk.matters.once("m-2", [*PASTS["handed"], found], cause)
    sure = replace(STARTED, provisional=False)
    await desk.matters.once("m-3", [*PASTS["handed"], sure], cause)
    for _ in range(2):
        await desk.renew_calendar(MONDAY)
    for id in ("m-1", "m-3"):
        trail = [entry["type"] for entry in await desk.matters.trail(id)]
        assert trail.count("ClockRenewed") == 1
    trail = [entry["type"] for entry in await desk.matters.trail("m-2")]
    assert trail.count("AnswerRenewed") == 1
