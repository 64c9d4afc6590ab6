"""W-09: a day that a handling is late is a day of the sessions as they are, halves of hours included."""

from dataclasses import replace
from datetime import time

import pytest

from chassis.kernel.clock import WorkTime
from services.whistle.domain.task import late_days, running

from .cases import HANDLING, WORK, at

HALVES = WorkTime(days=WORK.days, sessions=((time(8, 30), time(12)), (time(13, 30), time(17, 15))))
"""Three and a half hours, and three and three quarters: 7:15 a day."""


@pytest.mark.parametrize(
    ("met", "days"),
    [
        ("03-10 08:31", 1),
        ("03-10 17:15", 1),
        ("03-11 08:31", 2),
        ("03-11 17:15", 2),
        ("03-12 08:31", 3),
    ],
)
def test_W_09_a_late_day_is_as_long_as_its_sessions(met: str, days: int) -> None:
    due = replace(HANDLING, due=at("03-09 17:15"))
    clock = replace(running(due), rungs=1, met_at=at(met))
    assert late_days(clock, HALVES) == days


def test_W_09_met_at_the_very_deadline_is_no_day_late() -> None:
    clock = replace(running(HANDLING), rungs=1, met_at=HANDLING.due)
    assert late_days(clock, WORK) == 0
