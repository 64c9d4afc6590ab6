"""Files that come in: an edition of the catalogue by finance, a plan by its purchaser alone."""

import csv
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from services.procurement.domain.standing import NAMES
from services.procurement.domain.supplier import FactKind
from services.procurement.tables import application_lines
from services.procurement.tables.plan_lines import COLUMNS
from tests.support.bodies import FACTS, item, plan
from tests.support.procurement import BASE, Running, called, published, started, until

PAPERS = [NAMES[FactKind(one["kind"])] for one in FACTS]

STREET = "street:guanshang"


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    async with started(tmp_path) as running:
        yield running


async def imported(
    running: Running, table: str, content: str, who: str = "finance", dry: bool = False
) -> Any:
    """What became of it, as who sent it sees it; the status where it wasn't taken."""
    headers = {"authorization": f"Bearer {running.token(who)}"}
    path = f"{BASE}/{table}/import?reason=编制&dry_run={str(dry).lower()}"
    url, session = running.platform.url + path, running.platform.session
    async with session.post(url, data=content.encode(), headers=headers) as answer:
        body = await answer.json()
        if answer.status != 202:
            return answer.status
    shown: dict[str, Any] = {}

    async def over() -> bool:
        shown.update((await running.get(who, f"/imports/{body['id']}")).body["state"])
        return shown["status"] not in ("waiting", "checking", "entering")

    await until(over)
    return {**shown, "id": body["id"]}


async def table(running: Running, who: str, kind: str) -> str:
    status, text = await running.page(who, f"/plans/import/{kind}?format=csv")
    assert status == 200
    return text


async def test_P_01_an_edition_is_drawn_up_from_a_file(running: Running) -> None:
    head = "年份,代码,名称,类,款\n"
    good = head + "2027,A0101,公共教育研究,基本公共服务,教育\n2027,F0101,新增事项,新增,新增\n"

    assert await imported(running, "catalogues", good, STREET) == 403
    bad = "2027,A0101,重复,基本公共服务,教育\n2027,甲,x,x,x\n2027,B0101,养老服务,社会管理,养老\n"
    wrong = await imported(running, "catalogues", good + bad)
    assert (wrong["bad"], wrong["status"]) == (2, "refused")
    assert (await running.get("finance", "/catalogues/2027")).status == 404
    done = await imported(running, "catalogues", good)
    assert done["status"] == "entered", done
    drafted = (await running.get("finance", "/catalogues/2027")).body["state"]
    assert [one["code"] for one in drafted["entries"]] == ["A0101", "F0101"]
    assert drafted["status"] == "drafted"
    taken = await imported(running, "catalogues", head + "2016,A0101,改名,基本公共服务,教育\n")
    assert taken["bad"] == 1


PLAN = {
    "年份": "2026",
    "项目代码": "i1",
    "购买方式类别": "三社联动",
    "目录代码": "B0101",
    "项目名称": "长者关怀服务",
    "预算科目": "services",
    "科目金额（元）": "300000",
    "金额（元）": "300000.00",
    "采购方式": "公开招标",
    "绩效目标": "服务四类人群",
    "承接标准": "3A 以上社会组织",
    "人员经费（元）": "195000",
    "评估经费（元）": "15000",
    "督导经费（元）": "30000",
}


def sheet(*lines: dict[str, str]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=[one.title for one in COLUMNS])
    writer.writeheader()
    writer.writerows(lines)
    return out.getvalue()


async def test_P_02_a_plan_comes_as_a_file_of_its_purchaser_and_is_tried_out_first(
    running: Running,
) -> None:
    assert await imported(running, "plans", sheet(PLAN), "community:haihua") == 403
    tried = await imported(running, "plans", sheet(PLAN), STREET, dry=True)
    assert (tried["status"], tried["changes"], tried["bad"]) == ("checked", 1, 0)
    assert (await running.get("finance", "/plans?year=2026")).body["items"] == []
    assert (await running.get("street:taihe", f"/imports/{tried['id']}")).status == 404
    [own] = (await running.get(STREET, "/imports")).body["items"]
    assert own["id"] == tried["id"]
    etag = (await running.get(STREET, f"/imports/{tried['id']}")).etag
    path = f"/imports/{tried['id']}/enter"
    assert (await running.post(STREET, path, None, if_match=str(etag))).status == 202

    async def planned() -> bool:
        return len((await running.get("finance", "/plans?year=2026")).body["items"]) == 1

    await until(planned)
    [plan] = (await running.get(STREET, "/plans?year=2026")).body["items"]
    assert plan["state"]["purchaser"] == STREET
    assert plan["state"]["items"][0]["amount"] == 30_000_000

    poor = {**PLAN, "人员经费（元）": "194999.99"}
    wrong = await imported(running, "plans", sheet(poor), STREET)
    assert (wrong["status"], wrong["bad"]) == ("refused", 1)
    [found] = (await running.get(STREET, f"/imports/{wrong['id']}/findings")).body["items"]
    assert (found["line"], found["field"]) == (2, "shares.personnel")

    back = await table(running, STREET, "current")
    assert "长者关怀服务" in back
    same = await imported(running, "plans", back, STREET, dry=True)
    assert (same["changes"], same["bad"]) == (0, 0)
    assert "长者关怀服务" not in await table(running, "street:taihe", "current")
    assert "金额（元）" in await table(running, STREET, "template")


NEED = "年份,社区,人群,类别,层级,需求,来源\n2026,{},独居老人,支持类,基本需求,助餐,入户调查\n"


async def test_P_37_needs_come_as_a_file_of_their_community_and_are_tried_out_first(
    running: Running,
) -> None:
    community = "community:haihua"
    assert await imported(running, "needs", NEED.format("haihua"), "supplier:tongxin") == 403
    for elsewhere in ("heping", "nowhere"):
        wrong = await imported(running, "needs", NEED.format(elsewhere), community)
        assert (wrong["status"], wrong["bad"]) == ("refused", 1)
    other = NEED.format("haihua").replace("支持类", "其他类")
    wrong = await imported(running, "needs", other, community)
    [found] = (await running.get(community, f"/imports/{wrong['id']}/findings")).body["items"]
    # As it is called in the file: a need's field has another title.
    assert (found["field"], found["column"]) == ("kind", "类别")
    tried = await imported(running, "needs", NEED.format("haihua"), community, dry=True)
    assert (tried["status"], tried["changes"], tried["bad"]) == ("checked", 1, 0)
    assert (await running.get(community, "/needs/surveys")).body["items"] == []
    assert (await running.get("community:heping", f"/imports/{tried['id']}")).status == 404
    assert (await running.get(community, f"/imports/{tried['id']}")).status == 200
    done = await imported(running, "needs", NEED.format("haihua"), community)
    assert done["status"] == "entered", done
    [survey] = (await running.get("street:guanshang", "/needs/surveys")).body["items"]
    assert [one["text"] for one in survey["state"]["needs"]] == ["助餐"]
    status, text = await running.page(community, "/needs/import/current?format=csv")
    assert status == 200 and "助餐" in text
    again = await imported(running, "needs", text, community, dry=True)
    assert (again["changes"], again["bad"]) == (0, 0)


async def test_P_10_applications_and_suppliers_come_as_files_of_who_enters_them(
    running: Running,
) -> None:
    register = "代码,名称,类别,业务范围,成立日期,条件和证明材料\n"
    papers = "；".join(f"{name}|证-1|2026-01-05||" for name in PAPERS)
    line = f"tongxin,同心社会工作服务中心,社会组织,长者服务,,{papers}\n"
    assert await imported(running, "suppliers", register + line, STREET) == 403
    assert (await imported(running, "suppliers", register + line))["status"] == "entered"

    bought = await published(running, STREET, plan(2026, item("i2", way="building")))
    call = await called(running, STREET, bought, "i2", category="社区文化营造类")
    assert call.status == 201, call.body
    head = ",".join(one.title for one in application_lines.COLUMNS)
    cells = [call.body["id"], "haihua", "2", "3", "600000", "为社区长者提供关怀服务"]
    content = f"{head}\n{','.join(cells)}{',' * (len(application_lines.COLUMNS) - len(cells))}\n"
    assert await imported(running, "applications", content, STREET) == 403
    who = "supplier:tongxin"
    tried = await imported(running, "applications", content, who, dry=True)
    assert (tried["status"], tried["changes"]) == ("checked", 1), tried
    assert (await running.get(who, f"/imports/{tried['id']}")).status == 200
    listed = (await running.get("finance", "/imports")).body["items"]
    assert [one["state"]["table"] for one in listed] == ["suppliers"], (
        "what it applied with is sealed"
    )
    for stranger in ("supplier:other", "finance", "district_admin", STREET):
        assert (await running.get(stranger, f"/imports/{tried['id']}")).status == 404
    assert (await imported(running, "applications", content, who))["status"] == "entered"
    [held] = (await running.get(who, "/applications")).body["items"]
    mine = held["state"]["application"]
    assert (mine["supplier"], mine["amount"]) == ("tongxin", 60_000_000)
