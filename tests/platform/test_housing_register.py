"""The register of communities through the service: seeded, changed, imported, redrawn, and told."""

import io
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from gongzhi import keys
from tests.support.district import BASE, MONDAY, PREMISES, District, file, running


@pytest.fixture
async def district(tmp_path: Path, sqlite_url: str) -> AsyncIterator[District]:
    async with running(tmp_path) as district:
        yield district


async def test_the_register_is_seeded_once_and_told_whole(tmp_path: Path) -> None:
    async with running(tmp_path) as district:
        await district.until(lambda: len(district.told("community_profiled")) == 15)
        profiles = {news["code"]: news for news in district.told("community_profiled")}
        assert len(profiles) == 15
        assert {news["listed"] for news in profiles.values()} == {15}
        assert profiles["haihua"]["street"] == "liujia"
        assert "street" not in profiles["shijicheng"]
    async with running(tmp_path) as district:
        _, listed = await district.ask("street:yiliu", "GET", "/communities?limit=200")
        assert [item["version"] for item in listed["items"]] == [1] * 15
        _, streets = await district.ask("street:yiliu", "GET", "/streets")
        assert [street["name"] for street in streets][:2] == ["关上街道", "太和街道"]
        assert sum(street["communities"] for street in streets) == 116
        assert district.told("community_profiled") == []


async def test_the_district_fills_in_a_street_and_the_history_stays(district: District) -> None:
    path = "/communities/shijicheng"
    entry = {"name": "世纪城", "street": "guandu", "kind": "urban", "households": 5200}
    premises = {**PREMISES, "community": "shijicheng"}

    status, problem = await district.ask("district_admin", "POST", "/agreements", premises)
    assert (status, problem["type"], problem["field"]) == (
        422,
        "/problems/unknown-reference",
        "community",
    )
    status, problem = await district.ask("district_admin", "PUT", path, {**entry, "reason": ""})
    assert (status, problem["rule"], problem["clause"]) == (409, "H-11", None)
    admitted = {**entry, "reason": "区民政局核定"}
    status, problem = await district.ask("street:guandu", "PUT", path, admitted)
    assert (status, problem["type"]) == (403, "/problems/not-allowed")
    lost = {**admitted, "street": "nowhere"}
    status, problem = await district.ask("district_admin", "PUT", path, lost)
    assert (status, problem["field"]) == (422, "street")

    district.now = MONDAY + timedelta(days=1)
    status, community = await district.ask("district_admin", "PUT", path, admitted)
    assert (status, community["version"]) == (200, 2)
    assert community["state"]["valid_from"] == "2026-03-03"
    status, trail = await district.ask("district_admin", "GET", path + "/trail?verify=true")
    assert [entry["data"]["reason"] for entry in trail["entries"]] == [
        "官民函〔2022〕61号",
        "区民政局核定",
    ]
    assert trail["faults"] == []
    await district.until(lambda: len(district.told("community_profiled")) == 16)
    assert district.told("community_profiled")[-1]["street"] == "guandu"

    status, _ = await district.ask("street:guandu", "POST", "/agreements", premises)
    assert status == 201


async def test_a_new_community_is_counted(district: District) -> None:
    entry = {"name": "新建", "street": "taihe", "reason": "区政府批复设立"}
    status, community = await district.ask("district_admin", "PUT", "/communities/xinjian", entry)
    assert (status, community["version"], community["state"]["listed"]) == (200, 1, 16)


async def test_H_11_a_merge_takes_effect_on_its_day_and_history_stays(district: District) -> None:
    west = {"code": "hepinglu", "name": "和平路", "street": "taihe", "households": 900}
    merge = {
        "kind": "merge",
        "on": "2026-03-10",
        "ends": ["jiangong"],
        "entries": [west],
        "reason": "区政府批复",
    }
    path = "/boundary-changes"
    assert (await district.ask("street:taihe", "POST", path, merge))[0] == 403
    wrong = {**merge, "ends": []}
    status, problem = await district.ask("district_admin", "POST", path, wrong)
    assert (status, problem["rule"], problem["field"]) == (409, "H-11", "ends")
    status, made = await district.ask("district_admin", "POST", path, merge)
    assert (status, made["version"]) == (201, 1)

    async def entry(code: str, day: str) -> Any:
        status, found = await district.ask("resident", "GET", f"/communities/{code}?as_of={day}")
        return found["state"]["households"] if status == 200 else status

    days = ("2026-03-01", "2026-03-09", "2026-03-10")
    expected = [404, None, 900, 404, None, 404]
    assert [await entry(c, d) for c in ("hepinglu", "jiangong") for d in days] == expected
    district.now = datetime(2026, 3, 9, 16, 0, tzinfo=UTC)
    await district.until(lambda: len(district.told("community_profiled")) == 17)
    assert {news["community"] for news in district.told("boundary_changed")} == {
        "hepinglu",
        "jiangong",
    }
    ended = [news for news in district.told("community_profiled") if "valid_to" in news]
    assert [(news["code"], news["valid_to"]) for news in ended] == [("jiangong", "2026-03-09")]
    assert [await entry(c, d) for c in ("hepinglu", "jiangong") for d in days] == expected
    premises = {**PREMISES, "community": "jiangong"}
    assert (await district.ask("district_admin", "POST", "/agreements", premises))[0] == 422
    _, said = await district.ask("district_admin", "GET", "/statement")
    assert said["items"][1]["communities"] == 14
    _, said = await district.ask("district_admin", "GET", "/statement?as_of=2026-03-09")
    assert said["items"][1]["communities"] == 15


async def imported(
    district: District, path: str, text: str, who: str = "district_admin"
) -> tuple[int, Any]:
    headers = {"authorization": "Bearer " + keys.token(district.data, who)}
    body = io.BytesIO(text.encode())
    async with district.http.post(BASE + path, data=body, headers=headers) as answer:
        said = await answer.text()
        if answer.content_type == "application/x-ndjson":
            return answer.status, [json.loads(line) for line in said.splitlines()]
        return answer.status, json.loads(said)


async def test_H_11_an_import_is_shown_before_it_is_entered(district: District) -> None:
    head = "code,name,street,kind,households\n"
    good = "haihua,海华,liujia,urban,4000\nxinjian,新建,taihe,village_converted,\n"
    bad = "jiangong,建工,nowhere,urban,1\nhaihua,海华,liujia,urban,1\nx,x,taihe,rural,1\n"
    path = "/communities/import?reason=年度核对"
    assert (await imported(district, path, head + good, "street:liujia"))[0] == 403
    assert (await imported(district, "/communities/import?reason=", head + good))[0] == 422
    status, said = await imported(district, path, head + good + bad)
    assert (status, said["lines"], said["entered"]) == (200, 5, False)
    assert said["changes"] == [
        {
            "line": 2,
            "code": "haihua",
            "fields": {"kind": [None, "urban"], "households": [None, 4000]},
        },
        {
            "line": 3,
            "code": "xinjian",
            "fields": {
                "name": [None, "新建"],
                "street": [None, "taihe"],
                "kind": [None, "village_converted"],
            },
        },
    ]
    assert [(one["line"], one["field"]) for one in said["bad"]] == [
        (4, "street"),
        (5, "code"),
        (6, "kind"),
    ]
    go = path + "&dry_run=false"
    assert (await imported(district, go, head + good + bad))[1]["entered"] is False
    assert (await district.ask("resident", "GET", "/communities/xinjian"))[0] == 404
    assert (await imported(district, go, head + good))[1]["entered"] is True
    _, found = await district.ask("resident", "GET", "/communities/haihua")
    assert (found["version"], found["state"]["households"]) == (2, 4000)
    assert (await imported(district, go, head + good))[1]["changes"] == []


async def test_two_communities_of_a_street_never_have_one_name_on_one_day(
    district: District,
) -> None:
    body = {"name": "海华", "street": "liujia", "reason": "核对"}
    status, problem = await district.ask("district_admin", "PUT", "/communities/another", body)
    assert (status, problem["field"]) == (422, "name") and "haihua" in problem["detail"]
    elsewhere = {**body, "street": "taihe"}
    assert (await district.ask("district_admin", "PUT", "/communities/another", elsewhere))[
        0
    ] == 200
    path = "/communities/import?reason=年度核对"
    rows = (
        "代码,名称,街道,类型,户数\nx1,新名,六甲,,\nx2,新名,六甲街道,城市社区,5\nx3,海华,liujia,,\n"
    )
    _, said = await imported(district, path, rows)
    assert [(one["line"], one["field"]) for one in said["bad"]] == [(3, "name"), (4, "name")]
    swapped = "代码,名称,街道,类型,户数\nhaihua,海华新区,六甲,,\nx3,海华,六甲,,\n"
    _, said = await imported(district, path + "&dry_run=false", swapped)
    assert said["entered"] is True


async def test_a_key_stands_for_one_file(district: District) -> None:
    head = "代码,名称,街道,类型,户数\n"
    token = keys.token(district.data, "district_admin")
    headers = {"authorization": "Bearer " + token, "idempotency-key": "import-0001"}
    seen = []
    for row in ("x1,新一,六甲,,\n", "x2,新二,六甲,,\n", "x1,新一,六甲,,\n"):
        url = BASE + "/communities/import?reason=核对&dry_run=false"
        async with district.http.post(url, data=(head + row).encode(), headers=headers) as answer:
            seen.append((answer.status, (await answer.json()).get("type")))
    assert seen == [(200, None), (422, "/problems/key-reused"), (200, None)]
    assert (await district.ask("resident", "GET", "/communities/x2"))[0] == 404


@pytest.mark.parametrize(("path", "first"), [("communities", "代码"), ("yards", "社区代码")])
async def test_each_import_offers_its_template(district: District, path: str, first: str) -> None:
    status, content = await file(district, "street:liujia", f"/{path}/import/template")
    assert status == 200
    book = load_workbook(io.BytesIO(content))
    assert book.worksheets[0]["A1"].value == first and book.sheetnames[1] == "说明"
    status, content = await file(district, "street:liujia", f"/{path}/import/template?format=csv")
    assert status == 200 and content.decode("utf-8-sig").startswith(first)


async def test_a_workbook_is_imported_as_it_was_filled_in(district: District) -> None:
    _, content = await file(district, "district_admin", "/communities/import/template")
    book = load_workbook(io.BytesIO(content))
    book.worksheets[0].append(["xinjian", "新建", "六甲街道", "村改居", 120])
    filled = io.BytesIO()
    book.save(filled)
    headers = {"authorization": "Bearer " + keys.token(district.data, "district_admin")}
    url = BASE + "/communities/import?reason=核对&dry_run=false"
    async with district.http.post(url, data=filled.getvalue(), headers=headers) as answer:
        said = await answer.json()
    assert (said["lines"], said["bad"], said["entered"]) == (1, [], True)
    _, found = await district.ask("resident", "GET", "/communities/xinjian")
    state = found["state"]
    assert (state["street"], state["kind"], state["households"]) == (
        "liujia",
        "village_converted",
        120,
    )


async def test_what_is_no_table_is_malformed_and_enters_nothing(district: District) -> None:
    for path in ("/communities/import", "/yards/import"):
        status, said = await imported(
            district, path + "?reason=核对&dry_run=false", "PK\x03\x04 no book"
        )
        assert (status, said["type"], said["field"]) == (422, "/problems/malformed", "body")


async def test_yards_are_imported_a_community_at_a_time(district: District) -> None:
    head = "community,yard,yard_name,yard_kind,building,households\n"
    good = "".join(f"haihua,y1,海华小区,property_managed,{n},10\n" for n in range(1, 4))
    bad = "wuliduo,w1,五里,self_governed,1,x\nnowhere,n1,无,self_governed,1,1\n"
    again = "haihua,y2,海华二期,public_unit,1,5\n"
    path = "/yards/import?reason=普查"
    status, said = await imported(district, path, head + good + bad + again)
    assert status == 200
    assert said[0] == {"change": {"community": "haihua", "yards": [0, 1], "households": [0, 30]}}
    assert [(one["bad"]["line"], one["bad"]["field"]) for one in said[1:-1]] == [
        (5, "households"),
        (6, "community"),
        (7, "community"),
    ]
    assert said[-1]["done"]["entered"] is False
    assert (await district.ask("resident", "GET", "/yards/haihua"))[0] == 404
    await imported(district, path + "&dry_run=false", head + good)
    _, kept = await district.ask("resident", "GET", "/yards/haihua")
    assert [len(yard["buildings"]) for yard in kept["state"]["yards"]] == [3]
    await district.until(lambda: bool(district.told("yards_counted")))
    [counted] = district.told("yards_counted")
    assert (counted["property_managed"], counted["street"]) == (30, "liujia")
    _, said = await imported(district, path, "wrong,header\n")
    assert said["field"] == "header"


async def test_the_policy_is_the_districts(district: District) -> None:
    _, book = await district.ask("street:yiliu", "GET", "/policy")
    values = book["state"]["editions"][0]["values"]
    assert values == {
        "evidence_bytes": 1_000_000,
        "booking_days_ahead": 90,
        "import_lines": 200_000,
    }
    body = {"values": {**values, "evidence_bytes": 100}, "reason": "试行"}
    assert (await district.ask("street:yiliu", "PUT", "/policy", body, seen=1))[0] == 403
    assert (await district.ask("district_admin", "PUT", "/policy", body, seen=1))[0] == 200


async def test_the_rules_are_listed(district: District) -> None:
    _, rules = await district.ask("resident", "GET", "/rules")
    assert [rule["rule"] for rule in rules] == [
        "H-01",
        "H-02",
        "H-03",
        "H-04",
        "H-05",
        "H-06",
        "H-07",
        "H-08",
        "H-09",
        "H-10",
        "H-11",
        "H-12",
    ]
