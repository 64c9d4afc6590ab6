"""An edition through the service: computed from what is filed, reviewed, published, opened down to the filings."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from services.index.domain.method import METHOD
from services.index.shipped import printed_systems
from tests.rules.index import sheet
from tests.support.cells import Cells
from tests.support.index import OWN, Index, running

POINTS = printed_systems()["2019"].points
LEAD, PARTY, DISTRICT = "department:civil_affairs", "supplier:third_party", "district_admin"


@pytest.fixture
async def index(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Index]:
    async with running(tmp_path) as told:
        yield told


async def fill(index: Index, *without: int) -> None:
    """The hand-worked sheet, each point by its own source."""
    for point in POINTS:
        values, grades, _ = sheet.POINTS[point.number]
        if point.number in without:
            continue
        body = {
            "values": values,
            "grades": [
                {"assessor": f"office_{n}", "grade": grade} for n, grade in enumerate(grades)
            ],
            "evidence": OWN,
        }
        path = f"/observations/2026/{point.number}"
        status, said = await index.ask(f"department:{point.units[0]}", "PUT", path, body)
        assert status == 200, said


async def step(index: Index, who: str, made: Any, name: str, body: Any = None) -> tuple[int, Any]:
    _, now = await index.ask(who, "GET", f"/editions/{made['id']}")
    return await index.ask(
        who, "POST", f"/editions/{made['id']}/{name}", body, seen=now.get("version", 1)
    )


async def publish(index: Index, made: Any) -> Any:
    assert (await step(index, LEAD, made, "review", {"reviewer": "third_party"}))[0] == 200
    assert (await step(index, PARTY, made, "sign", {"opinion": "数据属实"}))[0] == 200
    status, published = await step(index, DISTRICT, made, "publish")
    assert status == 200, published
    return published


async def test_I_07_the_hand_worked_sheet_through_the_service(index: Index) -> None:
    await fill(index)
    status, made = await index.ask(LEAD, "POST", "/editions/2026", {})
    assert status == 201, made
    result = made["state"]["drafted"]["result"]
    assert (result["levels"][0]["score"], result["levels"][0]["coverage"]) == (6240, 9792)
    assert result["binding_missed"] == list(sheet.BINDING_MISSED)
    scores = [line.get("score") for line in result["points"]]
    assert scores == [sheet.hundredths(exact) for _, _, exact in sheet.POINTS.values()]
    # Three of 0, one of 25; the fifth is of 50, as seventeen others are (I-24).
    assert (scores.count(0), scores.count(2500), scores.count(5000)) == (3, 1, 18)
    assert made["state"]["drafted"]["lowest_points"] == 22


async def test_I_09_an_edition_says_how_sure_it_is(index: Index) -> None:
    _, nothing = await index.ask(LEAD, "POST", "/editions/2026", {})
    assert (await index.ask(LEAD, "GET", f"/editions/{nothing['id']}/sensitivity"))[0] == 404
    await fill(index)
    _, made = await index.ask(LEAD, "POST", "/editions/2026", {"reason": "补报"})
    status, sure = await index.ask(LEAD, "GET", f"/editions/{made['id']}/sensitivity")
    assert (status, sure["draws"]) == (200, 4000)
    assert made["state"]["drafted"]["hash"].startswith(sure["seed"])
    assert sure["low"] < 6240 < sure["high"] and len(sure["effects"]) == 40


async def test_I_08_reviewed_each_comment_answered_then_published_once(index: Index) -> None:
    await fill(index, 4)
    _, made = await index.ask(LEAD, "POST", "/editions/2026", {})
    status, problem = await step(index, LEAD, made, "review", {"reviewer": "finance"})
    assert (status, problem["rule"], problem["field"]) == (409, "I-08", "reviewer")
    assert (await step(index, LEAD, made, "review", {"reviewer": "third_party"}))[0] == 200
    assert (await step(index, "supplier:another", made, "comments", {"text": "问"}))[0] == 404
    comment = {"point": 11, "text": "口径与上年不一致"}
    assert (await step(index, LEAD, made, "comments", comment))[0] == 403
    assert (await step(index, PARTY, made, "comments", comment))[0] == 200
    status, problem = await step(index, PARTY, made, "sign", {"opinion": "属实"})
    assert (status, problem["rule"]) == (409, "I-08")
    answer = {"comment": 1, "answer": "已核实"}
    assert (await step(index, "department:finance", made, "answers", answer))[0] == 404
    assert (await step(index, LEAD, made, "answers", answer))[0] == 200
    assert (await step(index, PARTY, made, "sign", {"opinion": "属实"}))[0] == 200
    assert (await index.ask("resident", "GET", f"/editions/{made['id']}"))[0] == 404
    assert (await index.ask("resident", "GET", "/editions?year=2026"))[1] == []
    assert (await step(index, LEAD, made, "publish"))[0] == 403
    assert (await step(index, DISTRICT, made, "publish"))[0] == 200
    await index.until(lambda: len(index.told("edition_published")) == 1)
    [told] = index.told("edition_published")
    assert (told["edition"], told["score"], told["number"]) == (made["id"], 6242, 1)
    # 民生保障 (50 + 160/3 + 50) / 3 = 460/9 instead of 305/6: + 5/18 / 3 / 4 = + 5/216
    _, shown = await index.ask("resident", "GET", f"/editions/{made['id']}")
    assert (shown["state"]["stage"], shown["actions"]) == ("published", [])
    assert shown["state"]["drafted"]["result"]["points"][3]["lacks"] == "missing"


async def test_I_08_a_correction_is_a_new_edition_and_the_published_one_keeps_its_digits(
    index: Index,
) -> None:
    await fill(index)
    _, first = await index.ask(LEAD, "POST", "/editions/2026", {})
    before = (await publish(index, first))["state"]["drafted"]
    body = {"values": ["69"], "evidence": OWN, "reason": "决算数"}
    await index.ask("department:finance", "PUT", "/observations/2026/1", body)
    status, problem = await index.ask(LEAD, "POST", "/editions/2026", {})
    assert (status, problem["rule"], problem["field"]) == (409, "I-08", "reason")
    _, second = await index.ask(LEAD, "POST", "/editions/2026", {"reason": "决算数更正"})
    await publish(index, second)
    _, listed = await index.ask("resident", "GET", "/editions?year=2026")
    assert [(one["number"], one["score"], one.get("reason")) for one in listed] == [
        (2, 6274, "决算数更正"),  # 公共服务 (100 + 100 + 0) / 3: + 50/3 / 4 / 3 / 4 = + 25/72
        (1, 6240, None),
    ]
    _, again = await index.ask("resident", "GET", f"/editions/{first['id']}")
    assert again["state"]["drafted"] == before
    _, behind = await index.ask("resident", "GET", f"/editions/{first['id']}/provenance")
    assert behind["agrees"] and behind["hash"] == before["hash"]
    assert (behind["points"][0]["values"], behind["points"][0]["filing"]) == (["68.45"], 1)
    _, behind = await index.ask("resident", "GET", f"/editions/{second['id']}/provenance")
    assert (behind["points"][0]["values"], behind["points"][0]["filing"]) == (["69"], 2)
    assert behind["points"][0]["by"] == "department:finance"


async def test_I_08_only_the_leading_department_computes_and_the_newest_is_published(
    index: Index,
) -> None:
    assert (await index.ask("department:finance", "POST", "/editions/2026", {}))[0] == 403
    assert (await index.ask("command_centre", "POST", "/editions/2026", {}))[0] == 403
    assert (await index.ask(LEAD, "POST", "/editions/2031", {}))[0] == 404
    _, first = await index.ask(LEAD, "POST", "/editions/2026", {})
    assert first["state"]["drafted"]["result"]["levels"][0]["score"] is None
    await step(index, LEAD, first, "review", {"reviewer": "third_party"})
    await step(index, PARTY, first, "sign", {"opinion": "属实"})
    await index.ask(LEAD, "POST", "/editions/2026", {"reason": "补报"})
    status, problem = await step(index, DISTRICT, first, "publish")
    assert (status, problem["rule"]) == (409, "I-08")


async def test_I_02_an_edition_keeps_the_version_of_the_system_it_was_computed_by(
    index: Index,
) -> None:
    await fill(index)
    _, before = await index.ask(LEAD, "POST", "/editions/2026", {})
    settled = {
        "point": 30,
        "doubt": "reduction",
        "reading": "比上年下降20%",
        "reason": "区应急管理局核实",
        "goals": [{"value": "20", "sense": ">="}],
    }
    await index.ask(DISTRICT, "POST", "/systems/2019/settle", settled)
    _, after = await index.ask(LEAD, "POST", "/editions/2026", {"reason": "含义已认定"})
    assert [made["state"]["drafted"]["system"] for made in (before, after)] == ["2019", "2019.1"]
    result = after["state"]["drafted"]["result"]
    # 安全生产 100, so 公共安全 75, 社会安全 78.125, the index 62.3958 + 3.125 / 4
    assert (result["levels"][0]["score"], result["levels"][0]["coverage"]) == (6318, 10_000)
    for made in (before, after):
        _, behind = await index.ask(LEAD, "GET", f"/editions/{made['id']}/provenance")
        assert behind["agrees"]


@pytest.mark.parametrize("format", ["csv", "xlsx", "workbook"])
async def test_an_edition_is_also_a_table(index: Index, format: str) -> None:
    await fill(index)
    _, made = await index.ask(LEAD, "POST", "/editions/2026", {})
    status, file = await index.ask(LEAD, "GET", f"/editions/{made['id']}?format={format}")
    assert status == 200
    if format == "csv":
        lines = file.decode("utf-8-sig").splitlines()
        assert len(lines) == 43
        assert lines[30].split(",")[-3:] == ["含义未定", "2026.30", "1"]
        # What was filed stands beside the score, also where it is grades.
        said = {int(line.split(",")[0]): line.split(",")[9] for line in lines[1:]}
        titles = {
            n: "、".join(METHOD.titles[grade] for grade in grades)
            for n, (_, grades, _) in sheet.POINTS.items()
            if grades
        }
        assert len(titles) == 5 and {n: said[n] for n in titles} == titles
    if format == "workbook":
        assert round(Cells(file)("指标", "D2"), 2) == 62.40


async def test_an_edition_is_a_page_to_be_printed_with_method_doubts_and_what_is_missed(
    index: Index,
) -> None:
    await fill(index, 4)
    _, made = await index.ask(LEAD, "POST", "/editions/2026", {})
    status, page = await index.ask(LEAD, "GET", f"/editions/{made['id']}?format=html")
    text = page.decode()
    _, demands = await index.ask(LEAD, "GET", f"/editions/{made['id']}/demands")
    assert status == 200
    for said in (
        "62.42",  # the index without point 4
        "第 1 版 · 草稿",
        "基本公共文化服务预算支出比重",
        "≥0.21",
        "没有写明是市的数还是区的数",
        "含义未定",
        made["state"]["drafted"]["hash"],
        "尚未送审",
    ):
        assert said in text, said
    heads, indicators, asked = 4, 4 + 11 + 27, len(demands["asked"])
    assert text.count("<tr>") == heads + len(sheet.BINDING_MISSED) + indicators + 42 + asked
    assert "<script" not in text


async def test_I_08_of_drafts_made_at_once_the_others_are_asked_for_their_reason(
    index: Index,
) -> None:
    asked = [index.ask(LEAD, "POST", "/editions/2026", {}) for _ in range(4)]
    found = await asyncio.gather(*asked)
    assert sorted(status for status, _ in found) == [201, 409, 409, 409]
    refused = [said for status, said in found if status == 409]
    assert {(one["rule"], one["field"]) for one in refused} == {("I-08", "reason")}
    again = [index.ask(LEAD, "POST", "/editions/2026", {"reason": "补报"}) for _ in range(3)]
    made = [said["state"]["drafted"]["number"] for _, said in await asyncio.gather(*again)]
    assert sorted(made) == [2, 3, 4]
