"""The register of communities through the service: seeded, changed, imported, redrawn, and told."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from chassis.kernel.clock import local_date
from tests.support.alone import MONDAY
from tests.support.district import PREMISES, District, running


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


async def test_anybody_may_read_which_communities_there_are_and_nothing_else_of_them(
    district: District,
) -> None:
    status, places = await district.ask("resident", "GET", "/public/communities")
    assert (status, len(places)) == (200, 15)
    assert {
        "code": "haihua",
        "name": "海华",
        "street": "liujia",
        "street_name": "六甲街道",
    } in places
    assert set(places[0]) == {"code", "name", "street", "street_name"}


async def test_a_community_and_their_list_say_what_their_street_is_called(
    district: District,
) -> None:
    named = {"street_name": "六甲街道", "community_name": "海华"}
    path = "/communities/haihua"
    status, one = await district.ask("street:liujia", "GET", f"{path}?names=true")
    assert (status, one["names"]) == (200, named)
    _, on = await district.ask("street:liujia", "GET", f"{path}?names=true&as_of=2099-01-01")
    assert on["names"] == named
    assert (await district.ask("street:liujia", "GET", path))[1]["names"] is None
    _, listed = await district.ask("street:liujia", "GET", "/communities?names=true")
    assert named in [one["names"] for one in listed["items"]]


async def test_H_11_of_one_name_at_once_one_community_has_it(district: District) -> None:
    async def enter(code: str, name: str) -> tuple[int, dict[str, Any]]:
        entry = {"name": name, "street": "guanshang", "reason": "新设社区"}
        return await district.ask("district_admin", "PUT", f"/communities/{code}", entry)

    answers = await asyncio.gather(*[enter(f"q{number}", "同名社区") for number in range(10)])
    assert sorted(status for status, _ in answers) == [200, *[422] * 9]
    assert {said["field"] for status, said in answers if status == 422} == {"name"}
    [winner] = [number for number, (status, _) in enumerate(answers) if status == 200]
    # Who was called so and isn't any longer keeps nobody from the name.
    assert (await enter(f"q{winner}", "改名社区"))[0] == 200
    assert (await enter("other", "同名社区"))[0] == 200
    assert (await enter(f"q{winner}", "同名社区"))[0] == 422


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
    told = [one for one in district.told("community_profiled") if one["valid_from"] == "2026-03-03"]
    assert [one["street"] for one in told] == ["guandu"]

    status, _ = await district.ask("street:guandu", "POST", "/agreements", premises)
    assert status == 201


async def test_a_new_community_is_counted(district: District) -> None:
    entry = {"name": "新建", "street": "taihe", "reason": "区政府批复设立"}
    status, community = await district.ask("district_admin", "PUT", "/communities/xinjian", entry)
    assert (status, community["version"], community["state"]["listed"]) == (200, 1, 16)


def renaming(district: District, code: str, name: str, on: str) -> Any:
    entry = {"code": code, "name": name, "street": "taihe"}
    said = {"kind": "rename", "on": on, "entries": [entry], "reason": "区政府批复"}
    return district.ask("district_admin", "POST", "/boundary-changes", said)


def entering(district: District, code: str, name: str) -> Any:
    said = {"name": name, "street": "taihe", "reason": "设立"}
    return district.ask("district_admin", "PUT", f"/communities/{code}", said)


async def test_H_11_a_change_gives_nobody_a_name_that_another_has_or_will_have(
    district: District,
) -> None:
    renamed = partial(renaming, district)
    for code, name in (("hepinglu", "和平路"), ("jiangong", "建工"), ("third", "三社区")):
        assert (await entering(district, code, name))[0] in (200, 201)
    status, problem = await renamed("jiangong", "和平路", "2026-03-10")
    assert (status, problem["rule"], problem["field"]) == (409, "H-11", "entries.0.name")
    assert (await renamed("hepinglu", "新和平路", "2026-03-12"))[0] == 201
    assert (await renamed("jiangong", "新和平路", "2026-03-20"))[0] == 409
    assert (await renamed("jiangong", "和平路", "2026-03-11"))[0] == 409
    assert (await renamed("jiangong", "和平路", "2026-03-12"))[0] == 201


async def test_H_11_a_name_that_a_change_gives_is_nobody_else_s_from_then_on(
    district: District,
) -> None:
    """Neither before its day, nor on it while the register is still told, nor at once with it."""

    renamed, entered = partial(renaming, district), partial(entering, district)
    for code in ("hepinglu", "jiangong", "third"):
        assert (await entered(code, f"社区{code}"))[0] in (200, 201)
    today = str(local_date(district.now))
    assert (await renamed("hepinglu", "今日名", today))[0] == 201
    assert (await renamed("jiangong", "将来名", "2026-12-10"))[0] == 201
    for name in ("今日名", "将来名"):
        status, problem = await entered("third", name)
        assert (status, problem["field"]) == (422, "name"), name
        assert (await entered("fourth", name))[0] == 422
    answers = await asyncio.gather(renamed("third", "同名", "2026-12-20"), entered("fifth", "同名"))
    assert sorted(status < 300 for status, _ in answers) == [False, True]


async def test_H_11_no_correction_gives_a_name_that_another_has_where_it_will_be_moved(
    district: District,
) -> None:
    entered = partial(entering, district)
    moved = {"code": "sixth", "name": "六社区", "street": "guandu"}
    said = {"kind": "move", "on": "2026-12-10", "entries": [moved], "reason": "区政府批复"}
    there = {"name": "和平", "street": "guandu", "reason": "设立"}
    elsewhere = {**there, "name": "新名"}
    assert (await entered("sixth", "六社区"))[0] == 200
    for code, entry in (("south", there), ("north", {**there, "name": "北"})):
        status, _ = await district.ask("district_admin", "PUT", f"/communities/{code}", entry)
        assert status == 200
    assert (await district.ask("district_admin", "POST", "/boundary-changes", said))[0] == 201
    status, problem = await entered("sixth", "和平")
    assert (status, problem["field"]) == (422, "name")
    assert (await entered("sixth", "新名"))[0] == 200
    status, problem = await district.ask("district_admin", "PUT", "/communities/north", elsewhere)
    assert (status, problem["field"]) == (422, "name")


async def test_H_11_changes_that_have_nothing_in_common_are_decided_at_once(
    district: District,
) -> None:
    codes = ("hepinglu", "jiangong", "third", "fourth")
    for code in codes:
        await entering(district, code, f"社区{code}")
    asked = [renaming(district, code, f"新{code}", "2026-12-10") for code in codes]
    answers = await asyncio.gather(*asked)
    assert [status for status, _ in answers] == [201] * 4
    assert len({answer["id"] for _, answer in answers}) == 4


async def test_H_11_a_change_that_is_withdrawn_leaves_the_register_and_lets_another_be_decided(
    district: District,
) -> None:
    await entering(district, "hepinglu", "旧名")
    status, wrong = await renaming(district, "hepinglu", "新名", "2099-12-10")
    assert status == 201
    status, problem = await renaming(district, "hepinglu", "新名", "2026-12-10")
    assert (status, problem["rule"]) == (409, "H-11")
    path, why = f"/boundary-changes/{wrong['id']}/withdraw", {"reason": "年份写错"}
    assert (await district.ask("street:taihe", "POST", path, why, seen=1))[0] == 403
    status, gone = await district.ask("district_admin", "POST", path, why, seen=1)
    assert (status, gone["state"]["withdrawn"]) == (200, "年份写错")
    assert (await renaming(district, "hepinglu", "新名", "2026-12-10"))[0] == 201
    status, then = await district.ask(
        "district_admin", "GET", "/communities/hepinglu?as_of=2099-12-31"
    )
    assert (status, then["state"]["name"], then["state"]["valid_from"]) == (
        200,
        "新名",
        "2026-12-10",
    )


async def test_H_11_of_two_changes_the_one_that_takes_the_others_name_is_withdrawn_first(
    district: District,
) -> None:
    entry = {"name": "新设", "street": "liujia", "reason": "新设社区"}
    assert (await district.ask("district_admin", "PUT", "/communities/xinshe", entry))[0] == 200

    async def called(code: str, name: str, on: str) -> str:
        change = {
            "kind": "rename",
            "on": on,
            "entries": [{"code": code, "name": name, "street": "liujia"}],
            "reason": "批复",
        }
        status, said = await district.ask("district_admin", "POST", "/boundary-changes", change)
        assert status == 201, said
        return str(said["id"])

    first = await called("haihua", "新海华", "2099-12-10")
    second = await called("xinshe", "海华", "2099-12-20")

    async def withdrawing(id: str) -> tuple[int, Any]:
        path, why = f"/boundary-changes/{id}/withdraw", {"reason": "年份写错"}
        return await district.ask("district_admin", "POST", path, why, seen=1)

    status, problem = await withdrawing(first)
    assert (status, problem["rule"]) == (409, "H-11")
    assert problem["detail"].startswith(
        "自 2099-12-20 起生效的另一变更将使用本变更让出的名称“海华”"
    )
    assert [(await withdrawing(one))[0] for one in (second, first)] == [200, 200]


async def test_H_11_what_goes_on_of_a_merge_may_have_the_name_of_what_ends(
    district: District,
) -> None:
    for code, name in (("hepinglu", "一社区"), ("jiangong", "二社区")):
        await entering(district, code, name)
    entry = {"code": "hepinglu", "name": "二社区", "street": "taihe"}
    merge = {
        "kind": "merge",
        "on": "2026-12-10",
        "ends": ["jiangong"],
        "entries": [entry],
        "reason": "批复",
    }
    status, found = await district.ask("district_admin", "POST", "/boundary-changes", merge)
    assert status == 201, found


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


async def test_H_11_of_several_changes_of_one_community_decided_at_once_one_is_made(
    district: District,
) -> None:
    path = "/boundary-changes"
    _, found = await district.ask("resident", "GET", "/communities/jiangong")
    entry = {name: found["state"].get(name) for name in ("code", "street", "kind", "households")}
    renames = [
        {
            "kind": "rename",
            "on": "2026-03-10",
            "ends": [],
            "entries": [{**entry, "name": f"建工{n}"}],
            "reason": "批复",
        }
        for n in "一二三四五六"
    ]
    made = await asyncio.gather(
        *(district.ask("district_admin", "POST", path, one) for one in renames)
    )
    assert sorted(status for status, _ in made) == [201, *[409] * 5]


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


async def test_the_policy_is_the_districts(district: District) -> None:
    _, book = await district.ask("street:yiliu", "GET", "/policy")
    values = book["state"]["editions"][0]["values"]
    assert values == {
        "evidence_bytes": 1_000_000,
        "booking_days_ahead": 90,
        "import_lines": 200_000,
        "retention": {"evidence_days": 3650},
    }
    body = {"values": {**values, "evidence_bytes": 100}, "reason": "试行"}
    assert (await district.ask("street:yiliu", "PUT", "/policy", body, seen=1))[0] == 403
    assert (await district.ask("district_admin", "PUT", "/policy", body, seen=1))[0] == 200
    assert (await district.ask("street:yiliu", "GET", "/removals"))[0] == 403
    assert (await district.ask("district_admin", "GET", "/removals"))[1]["items"] == []


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
