"""What the tests of the clock share: calendars, and times as a Shanghai clock shows them."""

from datetime import date, datetime, time, timedelta, timezone

from chassis.calendar import NationalCalendar
from chassis.kernel.clock import (
    Budget,
    Deadline,
    Extension,
    WorkTime,
    pause,
    resume,
)

WORK = WorkTime(days=NationalCalendar(date(2026, 12, 31)))
BEFORE_THE_NOTICE = WorkTime(days=NationalCalendar(date(2025, 12, 31)))
HOUR = 3600
# The offset and the sessions written out, so that the tests do not ask the code what they are.
EAST_EIGHT = timezone(timedelta(hours=8))
SESSIONS = ((time(9), time(12)), (time(13), time(17)))


def local(text: str) -> datetime:
    """An instant as a Shanghai clock shows it: "2025-09-26 17:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=EAST_EIGHT)


def granted(at: str, budget: Budget) -> Extension:
    return Extension(at=local(at), budget=budget, reason="awaiting a part", approved_by="centre")


def paused(deadline: Deadline, since: str, until: str, work: WorkTime = WORK) -> Deadline:
    return resume(pause(deadline, local(since), "site closed", "centre"), local(until), work)
