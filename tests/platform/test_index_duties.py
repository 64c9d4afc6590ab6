"""Duties through the service: every street's own, closed by the clock, next year opened by itself."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.alone import serving
from tests.support.index import Index, begun, running

from .test_index_editions import LEAD, publish

JULY = datetime(2026, 6, 30, 16, tzinfo=UTC)
NEW_YEAR = datetime(2026, 12, 31, 16, tzinfo=UTC)


@pytest.fixture
async def index(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Index]:
    async with running(tmp_path) as told:
        yield told


async def test_I_18_who_does_its_duty_is_not_told_and_every_other_is_once(index: Index) -> None:
    _, listed = await index.ask("resident", "GET", "/duties?year=2026&count=true")
    assert listed["count"] == 5 + 4 * 9
    path = "/duties/street_studies.guandu.2026/records"
    done = {"held_on": "2026-03-01", "evidence": "党工委纪要1号"}
    for who in ("street:liujia", "department:party_office", "district_admin"):
        assert (await index.ask(who, "POST", path, done, seen=1))[0] == 403
    assert (await index.ask("street:guandu", "POST", path, done, seen=1))[0] == 200
    index.now = JULY
    # Half-yearly: one of the district, 2 x 9 of streets, of which one is done.
    await index.until(lambda: len(index.told("duty_missed")) == 1 + 17)
    told = index.told("duty_missed")
    assert {one["period"] for one in told} == {"2026-H1"}
    studies = {one["street"] for one in told if one["duty"] == "street_studies"}
    assert len(studies) == 8 and "guandu" not in studies


async def test_I_18_the_next_year_opens_by_itself(index: Index) -> None:
    index.now = NEW_YEAR
    await index.until(lambda: len(index.told("duty_missed")) == 2 * 19 + 4 + 2 * 9)
    _, listed = await index.ask("resident", "GET", "/duties?year=2027&count=true")
    assert listed["count"] == 5 + 4 * 9
    _, missed = await index.ask("resident", "GET", "/duties?missed=true&street=guandu&year=2026")
    assert {item["state"]["opened"]["code"] for item in missed["items"]} == {
        "street_studies",
        "street_mass_hearing",
        "street_mass_meeting",
        "street_party_building",
    }


async def test_I_18_the_years_published_edition_meets_its_duty(index: Index) -> None:
    _, made = await index.ask(LEAD, "POST", "/editions/2026", {})
    await publish(index, made)
    index.now = NEW_YEAR
    await index.until(lambda: len(index.told("duty_missed")) == 2 * 19 + 3 + 2 * 9)
    assert "index_published" not in {one["duty"] for one in index.told("duty_missed")}


@dataclass
class Late(Index):
    """Begun when the year's last day to file is over."""

    now: datetime = datetime(2026, 11, 30, tzinfo=UTC)


async def test_I_18_a_year_whose_figures_are_not_collected_here_owes_no_index(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with serving(Late, tmp_path) as late:
        await begun(late)
        _, listed = await late.ask("resident", "GET", "/duties?count=true")
        while listed["count"] < 5 + 4 * 9:
            _, listed = await late.ask("resident", "GET", "/duties?count=true")
        of = "index_published.district"
        assert (await late.ask("resident", "GET", f"/duties/{of}.2026"))[0] == 404
        assert (await late.ask("resident", "GET", f"/duties/{of}.2027"))[0] == 200
        # Nothing of the year that is over before it could be collected was missed.
        late.now = NEW_YEAR
        await late.until(lambda: len(late.told("duty_missed")) == 1 + 3 + 2 * 9 + 2 * 9)
        assert {one["period"] for one in late.told("duty_missed")} == {"2026", "2026-H2"}
        assert "index_published" not in {one["duty"] for one in late.told("duty_missed")}
