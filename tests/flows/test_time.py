"""A whistle's clocks through the scheduler, with a clock that the test holds."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chassis.calendar import NationalCalendar, read_notices
from gongzhi.office import Refused
from tests.support.buses import until
from tests.support.held import platform
from tests.support.inside import HeldClock, Inside, inside

__all__ = ["platform"]

WHISTLES = "/api/v1/whistle/whistles"
FRIDAY = datetime(2025, 9, 26, 9, 0, tzinfo=UTC)
"""17:00 in Shanghai; the Sunday after it is worked, the Wednesday after that begins National Day."""


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock(FRIDAY)


async def dispatched(running: Inside, kind: str = "service") -> str:
    blown = await running("street:guanshang").post(
        WHISTLES,
        {
            "level": "street",
            "kind": kind,
            "units": ["water"],
            "lead": "water",
            "title": "服务",
            "category": "water",
        },
    )
    for step in ("register", "dispatch"):
        await running("command_centre").step(WHISTLES, blown["id"], step)
    return str(blown["id"])


async def trail(running: Inside, id: str) -> list[tuple[str, Any]]:
    found = await running("command_centre").get(f"{WHISTLES}/{id}/trail", verify="true")
    assert found["faults"] == []
    return [
        (entry["type"], entry["data"].get("to") or entry["data"].get("which"))
        for entry in found["entries"]
        if entry["actor"] == "system:clock"
    ]


async def test_W_07_each_rung_fires_once_on_its_working_day(
    platform: Inside, clock: HeldClock
) -> None:
    id = await dispatched(platform)
    due = datetime(2025, 9, 29, 9, 0, tzinfo=UTC)  # Monday 17:00, two working days with Sunday

    async def shows(expected: list[tuple[str, Any]]) -> bool:
        return await trail(platform, id) == expected

    so_far: list[tuple[str, Any]] = []
    clock.now = due
    await _pass(platform)
    assert await trail(platform, id) == so_far
    for at, rung in (
        (due + timedelta(seconds=1), ("DeadlineMissed", "arrival")),
        (datetime(2025, 9, 30, 9, 0, tzinfo=UTC), ("MissEscalated", "head")),
        (datetime(2025, 10, 9, 9, 0, tzinfo=UTC), ("MissEscalated", "linked_leader")),
    ):
        clock.now = at
        so_far.append(rung)
        await until(lambda: shows(so_far))
        await _pass(platform)
        assert await trail(platform, id) == so_far
    whistle = await platform("command_centre").get(f"{WHISTLES}/{id}")
    assert whistle["state"]["tasks"][0]["arrival"]["rungs"] == 3
    listed = await platform("command_centre").get(WHISTLES, overdue="true")
    assert [item["id"] for item in listed["items"]] == [id]


async def test_W_06_an_extension_is_asked_before_expiry_and_refused_after(
    platform: Inside, clock: HeldClock
) -> None:
    id = await dispatched(platform)
    water, centre = platform("department:water"), platform("command_centre")
    path = f"{WHISTLES}/{id}/units/water/extend"
    ask = {"which": "arrival", "days": 1, "reason": "跨区协调"}
    clock.now = FRIDAY + timedelta(days=1)
    await water.post(path, ask)
    granted = await centre.post(f"{path}/grant", {"which": "arrival"})
    arrival = granted["state"]["tasks"][0]["arrival"]["deadline"]
    assert arrival["due"] == "2025-09-30T09:00:00Z"
    clock.now = datetime(2025, 9, 30, 9, 0, 1, tzinfo=UTC)
    before = await centre.get(f"{WHISTLES}/{id}")
    with pytest.raises(Refused) as refused:
        await water.post(path, ask)
    assert (refused.value.problem["rule"], refused.value.problem["source"]) == ("W-06", "platform")
    after = await centre.get(f"{WHISTLES}/{id}")
    assert (
        after["state"]["tasks"][0]["arrival"]["deadline"]
        == (before["state"]["tasks"][0]["arrival"]["deadline"])
    )


async def test_W_06_a_new_years_calendar_moves_a_provisional_deadline_and_says_so(
    tmp_path: Path, sqlite_url: str
) -> None:
    """Dispatched when only 2024 is known; next year's notice makes Sunday 26 January 2025 a workday."""
    clock = HeldClock(datetime(2025, 1, 24, 4, 0, tzinfo=UTC))
    data = tmp_path / "data"
    known = NationalCalendar(date(2024, 12, 31))
    async with inside(data, clock=clock, calendar=known) as running:
        id = await dispatched(running)
        before = await running("command_centre").get(f"{WHISTLES}/{id}")
    arrival = before["state"]["tasks"][0]["arrival"]["deadline"]
    assert (arrival["due"], arrival["provisional"]) == ("2025-01-28T09:00:00Z", True)
    async with inside(data, clock=clock) as running:
        after = await running("command_centre").get(f"{WHISTLES}/{id}")
        entries = (await running("command_centre").get(f"{WHISTLES}/{id}/trail"))["entries"]
    arrival = after["state"]["tasks"][0]["arrival"]["deadline"]
    assert (arrival["due"], arrival["provisional"]) == ("2025-01-27T09:00:00Z", False)
    assert [entry["type"] for entry in entries][-1] == "CalendarRenewed"


async def test_W_06_a_districts_own_year_file_moves_a_december_deadline_and_says_so(
    tmp_path: Path, sqlite_url: str
) -> None:
    """The year is invented: Saturday 26 December 2026 worked, Thursday 31 off."""
    folder = tmp_path / "calendar"
    folder.mkdir()
    invented = "2026-12-26,workday,元旦调休\n2026-12-31,holiday,元旦\n2027-01-01,holiday,元旦\n"
    (folder / "2027.csv").write_text(invented, encoding="utf-8")
    clock, data = HeldClock(datetime(2026, 12, 25, 4, 0, tzinfo=UTC)), tmp_path / "data"
    async with inside(data, clock=clock) as running:
        id = await dispatched(running)
        before = await running("command_centre").get(f"{WHISTLES}/{id}")
    arrival = before["state"]["tasks"][0]["arrival"]["deadline"]
    assert (arrival["due"], arrival["provisional"]) == ("2026-12-29T09:00:00Z", True)
    ours = NationalCalendar(notices=read_notices(folder))
    async with inside(data, clock=clock, calendar=ours) as running:
        after = await running("command_centre").get(f"{WHISTLES}/{id}")
        entries = (await running("command_centre").get(f"{WHISTLES}/{id}/trail"))["entries"]
    arrival = after["state"]["tasks"][0]["arrival"]["deadline"]
    assert (arrival["due"], arrival["provisional"]) == ("2026-12-28T09:00:00Z", False)
    assert (entries[-1]["type"], entries[-1]["actor"]) == ("CalendarRenewed", "system:calendar")
    assert entries[-1]["data"]["calendar"] == ours.version


MAKE_UP_DAYS = [
    # National Day 2025: Sunday 28 September and Saturday 11 October are worked, 1 to 8 October are not.
    ("2025-09-26T17:00", "service", "2025-09-29T17:00", "2025-10-13T17:00"),
    ("2025-09-30T10:00", "problem", "2025-10-09T17:00", "2025-10-14T17:00"),
    # Spring Festival 2026: Saturdays 14 and 28 February are worked, 15 to 23 February are not.
    ("2026-02-13T15:00", "tackle", "2026-02-14T11:00", "2026-03-05T17:00"),
    ("2026-02-14T16:00", "problem", "2026-02-24T17:00", "2026-02-28T17:00"),
]


@pytest.mark.parametrize(("dispatched_at", "kind", "arrive_by", "handle_by"), MAKE_UP_DAYS)
async def test_W_06_make_up_days_move_deadlines(
    platform: Inside,
    clock: HeldClock,
    dispatched_at: str,
    kind: str,
    arrive_by: str,
    handle_by: str,
) -> None:
    """Every time as a Shanghai clock shows it."""
    clock.now = datetime.fromisoformat(f"{dispatched_at}:00+08:00")
    id = await dispatched(platform, kind)
    shown = await platform("command_centre").get(f"{WHISTLES}/{id}")
    [task] = shown["state"]["tasks"]
    for deadline, expected in (
        (task["arrival"]["deadline"], arrive_by),
        (task["rounds"][0]["clock"]["deadline"], handle_by),
    ):
        due = datetime.fromisoformat(deadline["due"])
        assert due == datetime.fromisoformat(f"{expected}:00+08:00")
        assert deadline["provisional"] is False


async def _pass(running: Inside) -> None:
    """A whole pass of the scheduler, by hand."""
    await running.services["whistle"]._scheduler.fire_due()
