"""A year's figures through the service: filed by their source, corrected, reminded of, missed once."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.index import EVIDENCE, OWN, Index, running

END = datetime(2026, 10, 31, 16, tzinfo=UTC)


@pytest.fixture
async def index(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Index]:
    async with running(tmp_path) as told:
        yield told


async def test_I_02_only_the_source_or_the_statistics_office_files(index: Index) -> None:
    assert await index.file("department:finance", 1, "68.45") == 200
    assert await index.file("department:statistics_survey", 3, "0.2") == 200
    assert await index.file("department:health", 1, "68.45") == 404  # isn't there for it
    assert await index.file("department:civil_affairs", 1, "68.45") == 403  # sees it, as it leads
    assert await index.file("district_admin", 1, "68.45") == 403
    assert await index.file("department:finance", 43, "1") == 404
    assert await index.file("department:finance", 1, "1", year=2031) == 404


async def test_I_02_of_two_sources_either_files_and_the_other_sees_it(index: Index) -> None:
    assert await index.file("department:grid_centre", 11, "99.5") == 200
    for who in ("department:urban_management", "department:grid_centre"):
        _, found = await index.ask(who, "GET", "/observations?year=2026&point=11")
        [one] = found["items"]
        assert one["state"]["filings"][0]["by"] == "department:grid_centre"
    _, found = await index.ask("department:finance", "GET", "/observations?point=11")
    assert found["items"] == []


async def test_I_03_a_correction_is_a_further_filing_with_its_reason(index: Index) -> None:
    path, who = "/observations/2026/13", "department:civil_affairs"
    first = {"values": ["7.90"], "evidence": OWN}
    assert (await index.ask(who, "PUT", path, first))[0] == 200
    status, problem = await index.ask(who, "PUT", path, {**first, "values": ["8.1"]})
    assert (status, problem["rule"], problem["field"]) == (409, "I-03", "reason")
    corrected = {"values": ["8.1"], "evidence": EVIDENCE, "reason": "年报数"}
    assert (await index.ask(who, "PUT", path, corrected, seen=1))[0] == 412
    status, after = await index.ask(who, "PUT", path, corrected, seen=2)
    assert [filing["values"] for filing in after["state"]["filings"]] == [["7.90"], ["8.1"]]
    _, trail = await index.ask(who, "GET", "/observations/2026.13/trail")
    assert [entry["type"] for entry in trail["entries"]] == [
        "ObservationAwaited",
        "ObservationFiled",
        "ObservationFiled",
    ]
    await index.until(lambda: len(index.told("observation_filed")) == 2)
    told = sorted(index.told("observation_filed"), key=lambda data: data["filing"])
    assert told[1] == {"units": ["civil_affairs"], "year": 2026, "point": 13, "filing": 2}


async def test_I_03_a_source_reads_the_sheet_of_its_own_points(index: Index) -> None:
    await index.file("department:justice", 35, "99")
    _, sheet = await index.ask("department:justice", "GET", "/observations/2026")
    assert [row["point"] for row in sheet["items"]] == [35, 37]
    filed, empty = sheet["items"]
    assert (filed["values"], filed["reference"], filed["due"]) == (
        ["99"],
        "2026 112",
        "2026-10-31",
    )
    assert "values" not in empty and empty["filings"] == 0
    _, every = await index.ask("department:civil_affairs", "GET", "/observations/2026")
    assert len(every["items"]) == 42
    _, none = await index.ask("resident", "GET", "/observations/2026")
    assert none["items"] == []
    _, file = await index.ask("department:justice", "GET", "/observations/2026?format=csv")
    assert file.decode("utf-8-sig").count("\r\n") == 3
    assert (await index.ask("district_admin", "GET", "/observations/2030"))[0] == 404


async def test_I_04_grades_of_named_assessors_are_shown_in_words(index: Index) -> None:
    graded = {
        "grades": [
            {"assessor": "political_legal", "grade": "met"},
            {"assessor": "petitions", "grade": "partly"},
        ],
        "evidence": OWN,
    }
    who, path = "department:public_security", "/observations/2026/34"
    assert (await index.ask(who, "PUT", path, graded))[0] == 200
    status, problem = await index.ask(who, "PUT", "/observations/2026/32", {"evidence": OWN})
    assert (status, problem["rule"], problem["field"]) == (409, "I-04", "grades")
    _, sheet = await index.ask(who, "GET", "/observations/2026")
    row = next(row for row in sheet["items"] if row["point"] == 34)
    assert row["grades"] == ["political_legal：达到", "petitions：部分达到"]


async def test_I_03_who_is_late_is_reminded_then_told_once_and_the_next_year_opens(
    index: Index,
) -> None:
    await index.file("department:justice", 35, "99")
    index.now = END - timedelta(days=15)
    year: dict[str, list[dict[str, object]]] = {}
    while not year.get("reminded"):
        year = (await index.ask("resident", "GET", "/years/2026"))[1]["state"]
    assert len(year["reminded"][0]["points"]) == 41  # type: ignore[arg-type]
    index.now = END
    await index.until(lambda: len(index.told("observation_missed")) == 41)
    late = {"values": ["100"], "evidence": OWN}
    assert (await index.ask("department:justice", "PUT", "/observations/2026/37", late))[0] == 200
    _, sheet = await index.ask("department:justice", "GET", "/observations/2026")
    assert [(row["point"], row["missed"]) for row in sheet["items"]] == [(35, False), (37, True)]
    index.now = END + timedelta(days=400)
    await index.until(lambda: len(index.told("observation_missed")) == 41 + 42)
    assert {miss["year"] for miss in index.told("observation_missed")} == {2026, 2027}


async def test_I_03_the_district_moves_the_last_day(index: Index) -> None:
    _, year = await index.ask("district_admin", "GET", "/years/2026")
    assert [action["name"] for action in year["actions"]] == ["move"]
    body = {"due": "2026-11-30", "reason": "统计口径调整"}
    assert (await index.ask("department:finance", "POST", "/years/2026/due", body, seen=1))[
        0
    ] == 403
    status, moved = await index.ask("district_admin", "POST", "/years/2026/due", body, seen=1)
    assert (status, moved["state"]["remind_on"]) == (200, "2026-11-15")
