"""W-14, W-15 through the service: list, count and export agree for whoever asks; reports from the data."""

import csv
import io
import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gongzhi.office import Refused
from services.whistle.queries.ledger import columns
from services.whistle.queries.words import Names
from tests.platform.test_whistle_receipts import WHISTLES, answered, collected
from tests.support.held import WHISTLE, YEAR_OVER, clock
from tests.support.inside import HeldClock, Inside, inside

API = "/api/v1/whistle"
__all__ = ["clock"]

STREETS = ("guanshang", "taihe", "wujing")
UNITS = ("water", "transport", "justice", "civil_affairs")
TITLES = [column.title for column in columns(Names(streets={}, communities={}, units={}), {})]
SUBJECTS = [
    "command_centre",
    "discipline",
    "district_admin",
    "finance",
    *(f"street:{street}" for street in STREETS),
    *(f"department:{unit}" for unit in UNITS),
    "community:guanshangzhongxinqu",
    "community:wuliduo",
]


@pytest.fixture(params=["SQLite", "MongoDB"])
async def platform(
    request: pytest.FixtureRequest, tmp_path: Path, clock: HeldClock
) -> AsyncIterator[Inside]:
    """On both stores: what is filtered, counted and sorted here is done by the database."""
    mongo = request.param == "MongoDB"
    if not mongo:
        request.getfixturevalue("sqlite_url")
    store_url = request.getfixturevalue("mongo_server").database_url() if mongo else None
    async with inside(tmp_path / "data", clock=clock, store_url=store_url, only=WHISTLE) as running:
        yield running


async def fetched(running: Inside, acts_as: str, format: str) -> tuple[str, bytes]:
    office = running(acts_as)
    query = {"from": "2026-01-01", "to": "2026-12-31", "format": format}
    headers = {"Authorization": f"Bearer {office.token}"}
    async with running.session.get(
        running.url + f"{API}/ledger", params=query, headers=headers
    ) as answer:
        assert answer.status == 200
        return answer.headers["Content-Type"], await answer.read()


async def listed(running: Inside, acts_as: str) -> list[str]:
    ids: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = await running(acts_as).get(WHISTLES, limit=7, **cursor)
        ids += [item["id"] for item in page["items"]]
        if page["next"] is None:
            return ids
        cursor = {"cursor": page["next"]}


async def own_are_what_its_office_did(platform: Inside) -> None:
    """Who acted on it finds it so, within what he may see; who only sees it doesn't."""
    centre: Any = platform("command_centre")
    first = (await centre.get(WHISTLES))["items"][0]
    assert (await centre.get(WHISTLES, acted_by="me", count="true"))["count"] == 0
    await centre.step(WHISTLES, first["id"], "register")
    [done] = (await centre.get(WHISTLES, acted_by="me"))["items"]
    assert done["id"] == first["id"]
    assert (await centre.get(WHISTLES, begun_by="me", count="true"))["count"] == 0
    blower = platform(first["state"]["blower"])
    found = await blower.get(WHISTLES, acted_by="me", begun_by="me", limit=100)
    assert first["id"] in {item["id"] for item in found["items"]}
    assert (await platform("finance").get(WHISTLES, acted_by="me", count="true"))["count"] == 0


async def several_are_the_union(who: Any, all_of_them: int) -> None:
    """What is asked for by several codes is what is asked for by each, counted and listed."""
    two = ["problem", "service"]
    several = "&".join(f"kind={kind}" for kind in two)
    both = await who.get(f"{WHISTLES}?{several}&count=true&count_by=kind&limit=100")
    each = [await who.get(WHISTLES, kind=kind, count="true", limit=100) for kind in two]
    found = {item["id"] for one in each for item in one["items"]}
    assert {item["id"] for item in both["items"]} == found and both["count"] == len(found)
    assert both["counts"] == {
        kind: one["count"] for kind, one in zip(two, each, strict=True) if one["count"]
    }
    all_counts = (await who.get(WHISTLES, count_by="kind", limit=1))["counts"]
    assert sum(all_counts.values()) == all_of_them


async def test_a_code_that_is_none_and_more_of_them_than_there_are_are_refused(
    platform: Inside,
) -> None:
    centre: Any = platform("command_centre")
    for asked in ("state=blown&state=open", "&".join(["state=blown"] * 30), "count_by=title"):
        with pytest.raises(Refused) as refused:
            await centre.get(f"{WHISTLES}?{asked}")
        assert refused.value.status == 422
        name = asked.partition("=")[0]
        assert refused.value.problem["errors"][0]["field"].startswith(f"query.{name}")


async def test_W_15_list_count_and_export_agree_for_whoever_asks(platform: Inside) -> None:
    dice = random.Random(20260302)
    for _ in range(30):
        street, units = dice.choice(STREETS), dice.sample(UNITS, dice.randint(1, 3))
        body = {
            "level": "street",
            "kind": dice.choice(["problem", "service", "tackle", "emergency"]),
            "units": units,
            "lead": units[0],
            "title": "=1+1 台账",
            "category": "other",
        }
        await platform(f"street:{street}").post(WHISTLES, body)
    sizes = set()
    for subject in SUBJECTS:
        ids = await listed(platform, subject)
        ledger = await platform(subject).get(
            f"{API}/ledger", **{"from": "2026-01-01", "to": "2026-12-31"}
        )
        assert sorted(row["id"] for row in ledger["items"]) == sorted(ids)
        for period in ("2026", "2026-Q1", "2026-03"):
            report = await platform(subject).get(f"{API}/bulletins/{period}")
            assert report["blown"]["count"] == len(ids)
        _, text = await fetched(platform, subject, "csv")
        rows = list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))
        assert [row[-1] for row in rows[1:]] == [row["id"] for row in ledger["items"]]
        assert [row[0] for row in rows[1:]] == [row["number"] for row in ledger["items"]]
        assert rows[0] == TITLES
        await several_are_the_union(platform(subject), len(ids))
        begun = await platform(subject).get(WHISTLES, begun_by="me", limit=100)
        assert all(item["state"]["blower"] == subject for item in begun["items"])
        assert begun["items"] == [] or len(begun["items"]) == len(ids)
        sizes.add(len(ids))
    assert 0 in sizes and 30 in sizes and len(sizes) > 3
    await own_are_what_its_office_did(platform)
    _, file = await fetched(platform, "command_centre", "xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(file)).active
    assert sheet is not None and sheet.max_row == 31
    assert [cell.value for cell in sheet[1]] == TITLES
    assert {row[7].value for row in sheet.iter_rows(min_row=2)} == {"'=1+1 台账"}


async def test_W_14_reports_of_the_month_the_quarter_and_the_year(
    platform: Inside, clock: HeldClock
) -> None:
    id = await answered(platform, (await collected(platform))["id"])
    centre: Any = platform("command_centre")
    for period, rhythm in (("2026-03", "monthly"), ("2026-Q1", "quarterly"), ("2026", "yearly")):
        report = await centre.get(f"{API}/bulletins/{period}")
        assert report["rhythm"] == rhythm
        assert report["closed"]["outcomes"]["resolved"] == 1
        assert report["closed"]["arrival_on_time"] == {"part": 1, "of": 1}
        assert [(one["unit"], one["score"]) for one in report["departments"]] == [("water", 8400)]
        assert report["problems"] == {
            "collected": None,
            "by_community": {"guanshangzhongxinqu": None},
        }
    other = await centre.get(f"{API}/bulletins/2026-04")
    assert (other["blown"]["count"], other["closed"]["count"]) == (0, 0)
    clock.now = YEAR_OVER
    await platform("district_admin").post(f"{API}/assessments/water.2026/publish")
    year = await centre.get(f"{API}/bulletins/2026")
    assert year["assessed"] == {"water": 8400}
    with pytest.raises(Refused) as refused:
        await centre.get(f"{API}/bulletins/2026-13")
    assert refused.value.problem["field"] == "period"
    with pytest.raises(Refused) as refused:
        await centre.get(f"{API}/ledger", **{"from": "2026-12-31", "to": "2026-01-01"})
    assert refused.value.problem["field"] == "to"
    assert id
