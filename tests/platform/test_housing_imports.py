"""Imports of communities and yards through the service: tried out, entered whole or not at all, told."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from chassis.imports import desk
from gongzhi import keys
from tests.support.district import BASE, District, file, running

HEAD = "code,name,street,kind,households\n"
GOOD = "haihua,海华,liujia,urban,4000\nxinjian,新建,taihe,village_converted,\n"
WRONG = "jiangong,建工,nowhere,urban,1\nhaihua,海华,liujia,urban,1\nx,x,taihe,rural,1\n"
TRIED = "/communities/import?reason=年度核对"
ENTERED = TRIED + "&dry_run=false"
YARDS = "community,yard,yard_name,yard_kind,building,households\n"
HAIHUA = "".join(f"haihua,y1,海华小区,property_managed,{n},10\n" for n in range(1, 4))


@pytest.fixture
async def district(tmp_path: Path, sqlite_url: str) -> AsyncIterator[District]:
    async with running(tmp_path) as district:
        yield district


async def sent(
    district: District,
    path: str,
    content: str | bytes,
    who: str = "district_admin",
    key: str | None = None,
) -> tuple[int, Any]:
    """As it is answered straight away."""
    headers = {"authorization": "Bearer " + keys.token(district.data, who)}
    if key is not None:
        headers["idempotency-key"] = key
    body = content.encode() if isinstance(content, str) else content
    async with district.http.post(BASE + path, data=body, headers=headers) as answer:
        said = await answer.json()
        if answer.status == 202:
            assert answer.headers["location"] == f"{BASE}/imports/{said['id']}"
        return answer.status, said


async def imported(district: District, path: str, content: str | bytes) -> Any:
    """What became of it, with everything that was found."""
    status, said = await sent(district, path, content)
    assert status == 202, said
    return await outcome(district, said["id"])


async def outcome(district: District, id: str) -> Any:
    async with asyncio.timeout(120):
        while True:
            _, shown = await district.ask("district_admin", "GET", f"/imports/{id}")
            state = shown["state"]
            awaits = state["status"] == "checked" and not state["bad"]
            if awaits or state["next"] is None:
                break
            await asyncio.sleep(0.02)
    _, found = await district.ask("district_admin", "GET", f"/imports/{id}/findings")
    changes = [one for one in found["items"] if "change" in one]
    bad = [(one["line"], one["field"]) for one in found["items"] if "detail" in one]
    return {**state, "id": id, "told": changes, "wrong": bad}


async def test_the_register_as_it_is_exported_is_good_again_with_one_figure_changed(
    district: District,
) -> None:
    headers = {"authorization": "Bearer " + keys.token(district.data, "district_admin")}
    path = BASE + "/communities/import/current?format=csv"
    async with district.http.get(path, headers=headers) as answer:
        now = await answer.text()
    said = await imported(district, TRIED, now)
    assert (said["total"], said["changes"], said["bad"]) == (15, 0, 0), said
    changed = "\n".join(
        line + "4321" if line.startswith("haihua,") else line for line in now.splitlines()
    )
    said = await imported(district, ENTERED, changed)
    assert (said["status"], said["changes"]) == ("entered", 1), said


async def test_H_11_an_import_is_shown_before_it_is_entered(district: District) -> None:
    said = await imported(district, TRIED, HEAD + GOOD + WRONG)
    assert (said["status"], said["total"], said["changes"], said["bad"]) == ("checked", 5, 2, 3)
    assert said["told"] == [
        {
            "line": 2,
            "change": {
                "code": "haihua",
                "fields": {"kind": [None, "urban"], "households": [None, 4000]},
            },
        },
        {
            "line": 3,
            "change": {
                "code": "xinjian",
                "fields": {
                    "name": [None, "新建"],
                    "street": [None, "taihe"],
                    "kind": [None, "village_converted"],
                },
            },
        },
    ]
    assert said["wrong"] == [(4, "street"), (5, "code"), (6, "kind")]
    assert (await district.ask("resident", "GET", "/communities/xinjian"))[0] == 404


async def test_H_11_one_bad_line_keeps_every_line_out(district: District) -> None:
    said = await imported(district, ENTERED, HEAD + GOOD + WRONG)
    assert (said["status"], said["bad"]) == ("refused", 3) and "3 处错误" in said["detail"]
    assert (await district.ask("resident", "GET", "/communities/xinjian"))[0] == 404


async def test_H_11_what_was_found_good_is_entered_and_says_why(district: District) -> None:
    said = await imported(district, ENTERED, HEAD + GOOD)
    assert (said["status"], said["changes"], said["failed"]) == ("entered", 2, 0)
    _, found = await district.ask("resident", "GET", "/communities/haihua")
    assert (found["version"], found["state"]["households"]) == (2, 4000)
    _, trail = await district.ask("district_admin", "GET", "/communities/haihua/trail")
    last = trail["entries"][-1]
    assert (last["actor"], last["data"]["reason"]) == ("district_admin", "年度核对")
    assert (await imported(district, ENTERED, HEAD + GOOD))["changes"] == 0


async def test_H_11_what_was_tried_out_is_entered_without_sending_it_again(
    district: District,
) -> None:
    said = await imported(district, TRIED, HEAD + GOOD)
    path = f"/imports/{said['id']}"
    assert (await district.ask("street:liujia", "POST", path + "/enter", seen=1))[0] == 404
    assert (await district.ask("district_admin", "POST", path + "/enter"))[0] == 428
    _, now = await district.ask("district_admin", "GET", path)
    status, _ = await district.ask("district_admin", "POST", path + "/enter", seen=now["version"])
    assert status == 202
    assert (await outcome(district, said["id"]))["status"] == "entered"
    assert (await district.ask("resident", "GET", "/communities/xinjian"))[0] == 200
    _, now = await district.ask("district_admin", "GET", path)
    again = await district.ask("district_admin", "POST", path + "/enter", seen=now["version"])
    assert (again[0], again[1]["rule"]) == (409, "H-11")


async def test_H_11_a_tried_out_file_with_bad_lines_is_not_entered(district: District) -> None:
    said = await imported(district, TRIED, HEAD + WRONG)
    path = f"/imports/{said['id']}"
    _, now = await district.ask("district_admin", "GET", path)
    again = await district.ask("district_admin", "POST", path + "/enter", seen=now["version"])
    assert (again[0], again[1]["rule"]) == (409, "H-11") and "2 处错误" in again[1]["detail"]


async def test_H_11_an_import_is_the_districts_and_has_its_reason(district: District) -> None:
    status, said = await sent(district, TRIED, HEAD + GOOD, "street:liujia")
    assert (status, said["type"]) == (403, "/problems/not-allowed")
    status, said = await sent(district, "/communities/import?reason=%20", HEAD + GOOD)
    assert (status, said["rule"], said["field"]) == (409, "H-11", "reason")
    _, made = await sent(district, TRIED, HEAD + GOOD)
    for path in ("", "/findings", "/trail"):
        status, _ = await district.ask("street:liujia", "GET", f"/imports/{made['id']}{path}")
        assert status == 404
    assert (await district.ask("street:liujia", "GET", "/imports"))[1]["items"] == []
    _, listed = await district.ask("discipline", "GET", "/imports")
    assert [one["id"] for one in listed["items"]] == [made["id"]]


async def test_two_lines_of_a_file_never_give_a_street_one_name_twice(district: District) -> None:
    rows = (
        "代码,名称,街道,类型,户数\nx1,新名,六甲,,\nx2,新名,六甲街道,城市社区,5\nx3,海华,liujia,,\n"
    )
    said = await imported(district, TRIED, rows)
    assert said["wrong"] == [(3, "name"), (4, "name")]
    swapped = "代码,名称,街道,类型,户数\nhaihua,海华新区,六甲,,\nx3,海华,六甲,,\n"
    said = await imported(district, ENTERED, swapped)
    assert said["status"] == "entered"


async def test_a_key_stands_for_one_file(district: District) -> None:
    seen = []
    for row in ("x1,新一,六甲,,\n", "x2,新二,六甲,,\n", "x1,新一,六甲,,\n"):
        status, said = await sent(district, ENTERED, HEAD + row, key="import-0001")
        seen.append((status, said.get("type"), said.get("id")))
        if status == 202:
            await outcome(district, said["id"])
    assert [(status, type) for status, type, _ in seen] == [
        (202, None),
        (422, "/problems/key-reused"),
        (202, None),
    ]
    assert seen[0] == seen[2]
    assert (await district.ask("resident", "GET", "/communities/x2"))[0] == 404
    _, listed = await district.ask("district_admin", "GET", "/imports")
    assert len(listed["items"]) == 1


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
    said = await imported(district, ENTERED, filled.getvalue())
    assert (said["total"], said["bad"], said["status"]) == (1, 0, "entered")
    _, found = await district.ask("resident", "GET", "/communities/xinjian")
    state = found["state"]
    assert (state["street"], state["kind"], state["households"]) == (
        "liujia",
        "village_converted",
        120,
    )


@pytest.mark.parametrize("format", ["xlsx", "csv"])
async def test_an_import_takes_back_its_own_export(district: District, format: str) -> None:
    odd = "odd,=1+1,liujia,,\n1,01,taihe,urban,1\n"
    where = "shijicheng,世纪城,guandu,,\n"
    assert (await imported(district, ENTERED, HEAD + GOOD + odd + where))["status"] == "entered"
    await imported(district, "/yards/import?reason=普查&dry_run=false", YARDS + HAIHUA)
    status, content = await file(district, "resident", f"/yards/import/current?format={format}")
    assert status == 200
    said = await imported(district, "/yards/import?reason=核对", content)
    assert (said["total"], said["changes"], said["bad"]) == (3, 0, 0)
    status, content = await file(
        district, "resident", f"/communities/import/current?format={format}"
    )
    assert status == 200
    said = await imported(district, TRIED, content)
    assert (said["total"], said["changes"]) == (18, 0)
    # Three the documents name without a street: unchanged they are no entry, and so nothing is wrong.
    assert (said["wrong"], said["bad"]) == ([], 0)


@pytest.mark.parametrize("path", ["/communities/import", "/yards/import"])
async def test_what_is_no_table_is_refused_straight_away(
    district: District, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "AT_ONCE", 120.0)
    path += "?reason=核对&dry_run=false"
    status, said = await sent(district, path, "PK\x03\x04 no book")
    assert (status, said["type"], said["field"]) == (422, "/problems/malformed", "body")
    status, said = await sent(district, path, "wrong,header\n")
    assert (status, said["field"]) == (422, "header")
    assert (await district.ask("district_admin", "GET", "/imports"))[1]["items"] == []


async def test_a_file_with_too_many_lines_is_refused_when_it_was_read(district: District) -> None:
    _, book = await district.ask("district_admin", "GET", "/policy")
    values = {**book["state"]["editions"][0]["values"], "import_lines": 1}
    body = {"values": values, "reason": "试行"}
    assert (await district.ask("district_admin", "PUT", "/policy", body, seen=1))[0] == 200
    said = await imported(district, ENTERED, HEAD + GOOD)
    assert (said["status"], said["detail"], said["field"]) == ("refused", "超过 1 行。", "body")


async def test_yards_are_entered_and_counted(district: District) -> None:
    said = await imported(district, "/yards/import?reason=普查", YARDS + HAIHUA)
    counted = {"community": "haihua", "yards": [0, 1], "households": [0, 30]}
    assert said["told"] == [{"line": 2, "change": counted}]
    assert (await district.ask("resident", "GET", "/yards/haihua"))[0] == 404
    said = await imported(district, "/yards/import?reason=普查&dry_run=false", YARDS + HAIHUA)
    assert said["status"] == "entered"
    _, kept = await district.ask("resident", "GET", "/yards/haihua")
    assert [len(yard["buildings"]) for yard in kept["state"]["yards"]] == [3]
    await district.until(lambda: bool(district.told("yards_counted")))
    [told] = district.told("yards_counted")
    assert (told["property_managed"], told["street"]) == (30, "liujia")


async def test_each_bad_line_of_yards_is_told_once(district: District) -> None:
    bad = "wuliduo,w1,五里,self_governed,1,x\nnowhere,n1,无,self_governed,1,1\n"
    again = "haihua,y2,海华二期,public_unit,1,5\nhaihua,y2,海华二期,public_unit,2,5\n"
    said = await imported(district, "/yards/import?reason=普查", YARDS + HAIHUA + bad + again)
    assert said["wrong"] == [(5, "households"), (6, "community"), (7, "community")]
    assert [one["line"] for one in said["told"]] == [2]


async def test_H_11_each_line_of_yards_that_disagrees_is_told_also_beside_an_unreadable_one(
    district: District,
) -> None:
    lines = (
        "haihua,y1,海华小区,property_managed,1,10",
        "haihua,y1,海华小区,public_unit,2,10",
        "haihua,y1,海华小区,property_managed,1,10",
        "haihua,y1,海华小区,飞,3,10",
    )
    said = await imported(district, "/yards/import?reason=普查", YARDS + "\n".join(lines) + "\n")
    assert sorted(said["wrong"]) == [(3, "yard_kind"), (4, "building"), (5, "yard_kind")]
    assert said["told"] == []


async def test_each_cell_of_a_register_line_is_looked_at(district: District) -> None:
    lines = ("Bad!,名,taihe,,", f"x1,{'长' * 81},taihe,,", "x2,名,taihe,rural,", "x3,名,taihe,,-1")
    said = await imported(district, ENTERED, HEAD + "\n".join(lines) + "\n")
    assert said["wrong"] == [(2, "code"), (3, "name"), (4, "kind"), (5, "households")]


async def test_a_bad_first_line_of_a_community_is_one_bad_line(district: District) -> None:
    first = "haihua,y1,海华小区,property_managed,0,many\n"
    said = await imported(district, "/yards/import?reason=普查", YARDS + first + HAIHUA)
    assert said["wrong"] == [(2, "households")]


async def test_a_line_whose_community_cannot_be_read_does_not_part_the_others(
    district: District,
) -> None:
    odd = "hai\u202ehua,y1,海华小区,property_managed,9,1\n"
    said = await imported(district, "/yards/import?reason=普查", YARDS + HAIHUA + odd + HAIHUA)
    assert said["wrong"][0] == (5, "community")
    assert (5, "community") in said["wrong"] and (6, "community") not in said["wrong"]


def outlined(**where: float) -> str:
    """Squares side by side, a hundredth of a degree each, by the longitude they begin at."""
    features = []
    for code, east in where.items():
        ring = [[east, 25], [east + 0.01, 25], [east + 0.01, 25.01], [east, 25.01], [east, 25]]
        shape = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "properties": {"code": code}, "geometry": shape})
    return json.dumps({"type": "FeatureCollection", "features": features})


OUTLINES = "/outlines/import?reason=勘界&dry_run=false"


async def test_H_11_a_map_of_outlines_is_compared_entered_told_and_given_back(
    district: District,
) -> None:
    said = await imported(district, OUTLINES, outlined(haihua=102.74, jiangong=102.75))
    assert (said["status"], said["changes"], said["failed"]) == ("entered", 2, 0)
    assert said["told"][0]["change"] == {"community": "haihua", "points": [0, 5]}
    await district.until(lambda: len(district.told("outline_drawn")) == 2)
    told = {one["community"]: one for one in district.told("outline_drawn")}
    assert told["haihua"]["polygons"][0][0][0] == [102_740_000, 25_000_000]
    status, text = await file(district, "resident", "/outlines/import/current")
    assert (status, json.loads(text)["type"]) == (200, "FeatureCollection")
    assert (await imported(district, OUTLINES, text))["changes"] == 0
    # Exchanged in one file: they are in one another's way only for as long as one alone was read.
    said = await imported(district, OUTLINES, outlined(haihua=102.75, jiangong=102.74))
    assert (said["status"], said["changes"]) == ("entered", 2)
    said = await imported(district, OUTLINES, outlined(haihua=102.745))
    assert (said["status"], said["wrong"]) == ("refused", [(1, "geometry")])
    said = await imported(district, OUTLINES, outlined(nowhere=102.9))
    assert said["wrong"] == [(1, "community")]
