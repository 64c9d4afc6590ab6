"""Tables: a system taken out, edited, brought in again, adopted and measured by; a document's tasks."""

import asyncio
import csv
import io
from pathlib import Path
from typing import Any

from chassis.imports.domain import OPEN
from tests.support.index import OWN, Index, running

DISTRICT = "district_admin"


async def sent(index: Index, rows: list[dict[str, str]], table: str = "systems") -> Any:
    """What became of the table, and what was found in it."""
    file = io.StringIO()
    out = csv.DictWriter(file, list(rows[0]))
    out.writeheader()
    out.writerows(rows)
    headers = {"authorization": "Bearer " + index.token(DISTRICT), "content-type": "text/csv"}
    asked = {"reason": "新一轮", "dry_run": "false"}
    path = f"/api/v1/index/{table}/import"
    body = file.getvalue().encode()
    async with index.http.post(path, params=asked, data=body, headers=headers) as answer:
        assert answer.status == 202, await answer.text()
        made = await answer.json()
    async with asyncio.timeout(120):
        while True:
            _, shown = await index.ask(DISTRICT, "GET", f"/imports/{made['id']}")
            if shown["state"]["status"] not in OPEN:
                break
            await asyncio.sleep(0.05)
    _, found = await index.ask(DISTRICT, "GET", f"/imports/{made['id']}/findings")
    return shown["state"], found["items"]


async def test_I_02_I_20_a_system_goes_out_is_edited_and_comes_back(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with running(tmp_path) as index:
        _, file = await index.ask(DISTRICT, "GET", "/systems/import/current?format=csv")
        rows = [
            row
            for row in csv.DictReader(io.StringIO(file.decode("utf-8-sig")))
            if row["版本号"] == "2019"
        ]
        assert len(rows) == 42
        state, found = await sent(index, rows)
        assert (state["status"], found) == ("entered", [])  # what is on record changes nothing
        state, found = await sent(index, [{**row, "单位": "个"} for row in rows])
        assert (state["status"], found[0]["field"]) == ("refused", "system")
        edited = [{**row, "版本号": "2027", "文件": "官发〔2027〕1号"} for row in rows[:41]]
        edited[0]["目标值"] = "≥70"
        streets = [{**row, "版本号": "streets", "考核对象": "街道"} for row in edited]
        state, [bad] = await sent(index, streets)
        assert (bad["field"], "居民满意度" in bad["detail"]) == ("satisfaction", True)
        state, [change] = await sent(index, edited)
        assert (state["status"], change["change"]) == ("entered", {"system": "2027", "points": 41})
        _, system = await index.ask("resident", "GET", "/systems/2027")
        assert system["points"][0]["goals"] == [{"value": "70", "sense": ">="}]
        assert "doubts" not in system["points"][0] or system["points"][0]["doubts"] == []
        assert system["points"][3]["doubts"][0]["code"] == "whose_figure"
        assert system["points"][29]["goals"] == [{"value": "20", "sense": None}]

        adopted = {"year": 2027, "reason": "新一轮测评"}
        assert (await index.ask(DISTRICT, "POST", "/systems/2027/adopt", adopted))[0] == 200
        path = "/observations/2026/42"
        filed = {"values": ["100"], "evidence": OWN}
        assert (await index.ask("department:urban_management", "PUT", path, filed))[0] == 200
        status, problem = await index.ask(
            DISTRICT, "POST", "/systems/2027/adopt", {**adopted, "year": 2026}
        )
        assert (status, problem["rule"], problem["field"]) == (409, "I-02", "year")
        _, edition = await index.ask("department:civil_affairs", "POST", "/editions/2026", {})
        assert edition["state"]["drafted"]["system"] == "2019"


async def test_I_20_lines_that_make_no_system_are_named_and_bring_nothing(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with running(tmp_path) as index:
        _, file = await index.ask(DISTRICT, "GET", "/systems/import/current?format=csv")
        rows = [
            {**row, "版本号": "2027"}
            for row in csv.DictReader(io.StringIO(file.decode("utf-8-sig")))
            if row["版本号"] == "2019"
        ]
        other = [{**row, "版本号": "2028"} for row in rows]
        state, found = await sent(index, [*rows[:20], *other, *rows[20:]])
        assert state["status"] == "refused"
        [apart] = [one for one in found if "连在一起" in one.get("detail", "")]
        assert (apart["line"], apart["field"]) == (20 + 42 + 2, "system")
        changed = [{**row, "文件": "另一份"} if n == 5 else row for n, row in enumerate(rows)]
        state, [bad] = await sent(index, changed)
        assert (state["status"], bad["field"]) == ("refused", "document")
        vague = [{**row, "一票否决": "也许"} if n == 5 else row for n, row in enumerate(rows)]
        state, [bad] = await sent(index, vague)
        assert (state["status"], bad["line"], bad["field"]) == ("refused", 5 + 2, "veto")
        bell = [{**row, "单位": "\x07个"} if n == 5 else row for n, row in enumerate(rows)]
        state, [bad] = await sent(index, bell)
        assert (state["status"], bad["line"], bad["field"]) == ("refused", 5 + 2, "unit")
        lost = [{**row, "数据来源": "无此部门"} if n == 5 else row for n, row in enumerate(rows)]
        state, [bad] = await sent(index, lost)
        assert (state["status"], "无此部门" in bad["detail"]) == ("refused", True)
        for ours, last in (("5000", "4000"), ("半", "半"), ("100000", "100000")):
            weighed = [{**row, "一级权重": ours} for row in rows]
            state, [bad] = await sent(index, [*weighed[:-1], {**weighed[-1], "一级权重": last}])
            assert (state["status"], bad["field"]) == ("refused", "weight1"), (ours, bad)
        assert (await index.ask("resident", "GET", "/systems/2027"))[0] == 404


TASK = {
    "任务表": "49-2018",
    "文件": "官办通〔2018〕49号",
    "序号": "1",
    "任务": "阵地建设",
    "牵头单位": "区民政局",
    "牵头部门代码": "civil_affairs",
    "责任单位": "区财政局、各街道",
    "期限": "2026年6月，长期坚持",
}


async def test_I_17_a_documents_tasks_come_in_as_a_table_and_stay_as_they_are(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with running(tmp_path) as index:
        wrong = [
            {"序号": "0"},
            {"期限": "尽快"},
            {"期限": ""},
            {"任务": ""},
            {"任务表": "四十九"},
            {"牵头部门代码": "区民政局"},
            {"责任单位": "单" * 81},
            {},
        ]
        rows = [TASK, *({**TASK, "序号": str(n), **one} for n, one in enumerate(wrong, start=2))]
        rows[-1]["序号"] = "1"
        state, found = await sent(index, rows, "tasks")
        fields = [one["field"] for one in found if "field" in one]
        assert fields == "number deadline deadline title table code units number".split()
        assert state["status"] == "refused"
        state, found = await sent(index, [TASK, {**TASK, "序号": "2"}], "tasks")
        assert (state["status"], [one["change"]["number"] for one in found]) == ("entered", [1, 2])
        status, shown = await index.ask("resident", "GET", "/checklists/49-2018.1")
        entered = shown["state"]["entered"]
        assert (entered["units"], entered["standing"]) == (["区财政局", "各街道"], True)
        state, found = await sent(index, [{**TASK, "任务": "另一件"}], "tasks")
        assert (state["status"], found) == ("entered", [])
        _, file = await index.ask(DISTRICT, "GET", "/tasks/import/current?format=csv")
        assert len(list(csv.DictReader(io.StringIO(file.decode("utf-8-sig"))))) == 34 + 2
