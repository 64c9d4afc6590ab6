"""Task tables through the service: shipped, imported, reported, cancelled, missed once."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.index import Index, running

OFFICE, LEAD = "department:supervision_office", "department:civil_affairs"
TABLE = {
    "table": "38-2018",
    "document": "官办通〔2018〕38号",
    "tasks": [
        {
            "number": 1,
            "title": "专题研究",
            "lead": "区民政局",
            "code": "civil_affairs",
            "units": ["各街道"],
            "deadline": "2026年6月",
        },
        {"number": 2, "title": "阵地建设", "lead": "各街道", "deadline": "长期坚持"},
    ],
}


@pytest.fixture
async def index(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Index]:
    async with running(tmp_path) as told:
        yield told


async def test_I_14_the_shipped_tasks_are_read_by_everybody(index: Index) -> None:
    _, found = await index.ask("resident", "GET", "/checklists?table=3-2019&count=true")
    assert found["count"] == 34
    _, own = await index.ask("resident", "GET", "/checklists?unit=publicity")
    assert {item["id"] for item in own["items"]} == {"3-2019.16", "3-2019.34"}
    _, one = await index.ask("resident", "GET", "/checklists/3-2019.31")
    assert (one["state"]["entered"]["printed"], one["state"]["course"]) == ("2019年12月", "open")


async def test_I_17_a_table_is_imported_by_the_supervision_and_once(index: Index) -> None:
    path = "/checklists/import"
    for who in (LEAD, "command_centre"):
        assert (await index.ask(who, "POST", path, TABLE))[0] == 403
    assert await index.ask(OFFICE, "POST", path, TABLE) == (201, {"table": "38-2018", "entered": 2})
    assert (await index.ask(OFFICE, "POST", path, TABLE))[1]["entered"] == 0


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("deadline", "尽快"),
        ("deadline", "2026年2月30日"),
        ("deadline", ""),
        ("title", "  "),
        ("lead", "  "),
        ("number", 1),
    ],
)
async def test_I_17_what_is_wrong_with_a_task_is_said_of_it_and_nothing_is_entered(
    index: Index, field: str, said: object
) -> None:
    first, second = TABLE["tasks"]
    wrong = {**TABLE, "tasks": [first, {**second, field: said}]}  # type: ignore[dict-item]
    status, problem = await index.ask(OFFICE, "POST", "/checklists/import", wrong)
    assert (status, problem["field"]) == (422, f"tasks.1.{field}")
    _, found = await index.ask(OFFICE, "GET", "/checklists?table=38-2018")
    assert found["items"] == []


async def test_I_17_reported_returned_reported_and_cancelled_by_another(index: Index) -> None:
    await index.ask(OFFICE, "POST", "/checklists/import", TABLE)
    task = "/checklists/38-2018.1"
    report = {"said": "已研究", "evidence": "会议纪要1号"}
    assert (await index.ask("department:water", "POST", f"{task}/report", report, seen=1))[0] == 403
    status, problem = await index.ask("district_admin", "POST", f"{task}/report", report, seen=1)
    assert (status, problem["rule"]) == (409, "I-17")
    assert (await index.ask(LEAD, "POST", f"{task}/report", report, seen=1))[0] == 200
    found = {"found": "已核实"}
    assert (await index.ask(LEAD, "POST", f"{task}/cancel", found, seen=2))[0] == 403
    back = {"reason": "缺签到表"}
    assert (await index.ask(OFFICE, "POST", f"{task}/return", back, seen=2))[0] == 200
    assert (await index.ask(LEAD, "POST", f"{task}/report", report, seen=3))[0] == 200
    status, done = await index.ask(OFFICE, "POST", f"{task}/cancel", found, seen=4)
    assert (status, done["state"]["course"]) == (200, "cancelled")
    many = "/checklists/38-2018.2"
    assert (await index.ask("district_admin", "POST", f"{many}/report", report, seen=1))[0] == 200


async def test_I_17_a_missed_task_is_published_once(index: Index) -> None:
    await index.ask(OFFICE, "POST", "/checklists/import", TABLE)
    index.now = datetime(2026, 6, 30, 16, tzinfo=UTC)
    await index.until(lambda: len(index.told("task_missed")) == 1)
    assert index.told("task_missed") == [
        {
            "units": ["civil_affairs"],
            "table": "38-2018",
            "number": 1,
            "lead": "civil_affairs",
            "due": "2026-06-30",
        }
    ]
    later = {"due": "2026-09-30", "reason": "顺延"}
    assert (await index.ask(OFFICE, "POST", "/checklists/38-2018.1/due", later, seen=2))[0] == 200
    index.now = datetime(2026, 12, 31, 16, tzinfo=UTC)
    # The moved one, the imported standing one, and the 15 standing ones of the shipped table.
    await index.until(lambda: len(index.told("task_missed")) == 1 + 1 + 1 + 15)


async def test_I_17_a_list_hangs_on_a_task_until_it_is_done(index: Index) -> None:
    await index.ask(OFFICE, "POST", "/checklists/import", TABLE)
    task = "/checklists/38-2018.1"
    item = {"listing": "rectification", "what": "补签到表"}
    assert (await index.ask("department:water", "POST", f"{task}/items", item, seen=1))[0] == 403
    assert (await index.ask(OFFICE, "POST", f"{task}/items", item, seen=1))[0] == 200
    report = {"said": "已研究", "evidence": "会议纪要1号"}
    assert (await index.ask(LEAD, "POST", f"{task}/report", report, seen=2))[0] == 200
    found = {"found": "已核实"}
    status, problem = await index.ask(OFFICE, "POST", f"{task}/cancel", found, seen=3)
    assert (status, problem["clause"]) == (409, "官办通〔2018〕38号 （二十三）")
    done = {"item": 1, "evidence": "签到表"}
    assert (await index.ask(LEAD, "POST", f"{task}/done", done, seen=3))[0] == 200
    assert (await index.ask(OFFICE, "POST", f"{task}/cancel", found, seen=4))[0] == 200
