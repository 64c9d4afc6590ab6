"""A month is shown in whole weeks, and each of their days with what stands on it; a matter leads to its session."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from console.months import Entry, month_of
from tests.support.consoles import console_on, hand
from tests.support.consultation import COMMUNITY, committee, settled, topic
from tests.support.inside import Inside, inside

PATH = "/api/v1/consultation"
CALENDAR = "/console/consultation/calendar"


@pytest.mark.parametrize("text", ["", "2026-13", "0001-01", "9999-12", "x"])
def test_what_is_no_month_with_others_beside_it_is_this_one(text: str) -> None:
    assert month_of(text) == month_of("") and month_of(text).days([])


@pytest.mark.parametrize(
    ("text", "first", "last", "names"),
    [
        ("2026-11", date(2026, 10, 26), date(2026, 12, 6), ["2026-10", "2026-11", "2026-12"]),
        ("2027-02", date(2027, 2, 1), date(2027, 2, 28), ["2027-02"]),
    ],
)
def test_days_of_the_months_beside_it_have_what_stands_on_them(
    text: str, first: date, last: date, names: list[str]
) -> None:
    month = month_of(text)
    assert (month.first, month.last, month.names) == (first, last, names)
    days = month.days([(last, Entry("09:00", "议事"))])
    assert (days[0].on, days[-1].on, len(days) % 7) == (first, last, 0)
    assert [one.title for one in days[-1].entries] == ["议事"]


async def meeting(platform: Inside, committee: str, at: datetime) -> Any:
    called = {
        "committee": committee,
        "kind": "regular",
        "called_by": "party_committee",
        "place": "居民议事厅",
        "held_at": at.isoformat(),
    }
    return await platform(COMMUNITY).post(f"{PATH}/sessions", called)


async def test_C_07_a_session_of_the_next_month_is_seen_on_the_day_that_is_shown_of_it(
    tmp_path: Path, sqlite_url: str
) -> None:
    services = ("housing", "whistle", "consultation")
    async with inside(tmp_path / "data", only=services) as platform:
        seated = await platform(COMMUNITY).post(f"{PATH}/committees", committee())
        year = datetime.now(UTC).year + 1
        begins = next(
            month
            for month in (month_of(f"{year}-{n:02d}") for n in range(1, 12))
            if month.last > month.ends
        )
        at = datetime(begins.last.year, begins.last.month, begins.last.day, 1, tzinfo=UTC)
        await meeting(platform, seated["id"], at)
        async with console_on(platform) as url, hand(url, COMMUNITY) as office:
            shown = await office.read(f"{CALENDAR}?month={begins.name}")
    assert "居民议事厅" in shown.partition(f'datetime="{begins.last}"')[2]
    assert '<small data-live="count">0</small>' in shown


async def test_C_09_a_matter_leads_to_its_session_once_it_was_researched_and_after_one_was_adjourned(
    tmp_path: Path, sqlite_url: str
) -> None:
    services = ("housing", "whistle", "consultation")
    async with inside(tmp_path / "data", only=services) as platform:
        office = platform(COMMUNITY)
        seated = await office.post(f"{PATH}/committees", committee())
        matter = (await office.post(f"{PATH}/matters", topic(seated)))["id"]
        page = f"/console/consultation/matters/{matter}"
        async with console_on(platform) as url, hand(url, COMMUNITY) as clerk:
            assert "step=call" not in await clerk.read(page)
            await office.step(f"{PATH}/matters", matter, "accept", settled(COMMUNITY))
            await office.step(f"{PATH}/matters", matter, "research", {"findings": "走访。"})
            [lead] = re.findall(r'href="([^"]*step=call[^"]*)"', await clerk.read(page))
            form = await clerk.read(unescape(lead))
            for chosen in (matter, seated["id"]):
                assert f'<option value="{chosen}" selected' in form
            called = {"kind": "topical", "called_by": "party_committee", "place": "居民议事厅"}
            called |= {"committee": seated["id"], "matter": matter}
            held_at = (datetime.now(UTC) + timedelta(days=20)).isoformat()
            first = await office.post(f"{PATH}/sessions", {**called, "held_at": held_at})
            await office.step(f"{PATH}/sessions", first["id"], "adjourn", {"reason": "人数不足"})
            assert unescape(lead) in unescape(await clerk.read(page))
            again = await office.post(f"{PATH}/sessions", {**called, "held_at": held_at})
            assert again["id"] != first["id"]
