"""The whole service in one process, over HTTP, on SQLite and the local bus: premises promised and late."""

import asyncio
import csv
import hashlib
import io
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import uvicorn
from openpyxl import load_workbook

from chassis.bus import Delivery, Done
from chassis.service import Process
from gongzhi import compose, keys
from services.housing import main as housing
from tests.support import ports

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
DUE_ENDED = datetime(2026, 6, 30, 16, 0, tzinfo=UTC)
BASE = "/api/v1/housing"
PREMISES = {
    "project": "滨河花园",
    "community": "yunxiang",
    "developer": "dev_001",
    "households": 4000,
    "area": "1200.50",
    "due": "2026-06-30",
}
ROOM = {
    "name": "综合服务厅",
    "kind": "office",
    "use": "general",
    "area": "150.00",
    "floor": 1,
    "own_use": True,
    "obtained": "handed_over",
    "tenure": "owned",
}
AT = "2026-03-02T08:00:00+08:00"
PHOTO = b"\xff\xd8\xff\xe0 a photo"


@dataclass
class District:
    """The running service, its clock, and what the journal would hear."""

    data: Path
    url: str
    http: aiohttp.ClientSession
    now: datetime = MONDAY
    letters: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By event id: on the wire an event comes at least once."""

    async def ask(
        self,
        who: str,
        method: str,
        path: str,
        body: Any = None,
        *,
        seen: int | None = None,
        key: str | None = None,
    ) -> tuple[int, Any]:
        headers = {"authorization": "Bearer " + keys.token(self.data, who)}
        if seen is not None:
            headers["if-match"] = f'"{seen}"'
        if key is not None:
            headers["idempotency-key"] = key
        async with self.http.request(method, BASE + path, json=body, headers=headers) as answer:
            return answer.status, await answer.json()

    async def note(self, delivery: Delivery) -> Done:
        self.letters.setdefault(delivery.id, json.loads(delivery.body))
        return Done()

    def told(self, what: str) -> list[dict[str, Any]]:
        type = f"housing.{what}.v1"
        return [letter["data"] for letter in self.letters.values() if letter["type"] == type]

    async def until(self, happened: Callable[[], bool]) -> None:
        async with asyncio.timeout(15):
            while not happened():
                await asyncio.sleep(0.02)


@asynccontextmanager
async def running(data: Path) -> AsyncIterator[District]:
    port = ports.free_port()
    url = f"http://{ports.LOOPBACK}:{port}"
    async with aiohttp.ClientSession(url) as http:
        district = District(data, url, http)
        settings = keys.settings_for(data).model_copy(update={"tick": 0.05})
        house = compose.house(settings, "test", clock=lambda: district.now)
        service = housing.build(house)
        house.bus.consume("journal", district.note)
        process = Process(house, [service])
        config = uvicorn.Config(
            service.app(), host=ports.LOOPBACK, port=port, log_level="error", lifespan="off"
        )
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve())
        process.start()
        try:
            await district.until(lambda: server.started)
            await ready(http)
            yield district
        finally:
            server.should_exit = True
            await serving
            await process.stop()


async def ready(http: aiohttp.ClientSession) -> None:
    async with asyncio.timeout(15):
        while True:
            async with http.get("/readyz") as answer:
                if answer.status == 200:
                    return
            await asyncio.sleep(0.02)


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


async def test_premises_are_promised_and_handed_over_in_parts(district: District) -> None:
    street, department = "street:yiliu", "department:housing_construction"
    status, problem = await district.ask(
        street, "POST", "/agreements", {**PREMISES, "area": "1199.99"}
    )
    assert (status, problem["rule"], problem["clause"]) == (409, "H-03", "官民函〔2021〕64号 一")
    status, made = await district.ask(street, "POST", "/agreements", PREMISES, key="signing-1")
    assert (status, made["state"]["area_outstanding"]) == (201, "1200.50")
    _, again = await district.ask(street, "POST", "/agreements", PREMISES, key="signing-1")
    assert again == made

    one = f"/agreements/{made['id']}"
    seen = await inspection(district, street, one)
    assert (await district.ask(street, "POST", one + "/inspections", seen))[0] == 428
    status, after = await district.ask(department, "POST", one + "/inspections", seen, seen=1)
    assert (status, after["state"]["area_outstanding"]) == (200, "1200.50")
    part = {"inspection": 1, "at": AT}
    status, after = await district.ask(department, "POST", one + "/handovers", part, seen=2)
    assert (status, after["state"]["area_outstanding"]) == (200, "600.50")
    rest = {**seen, "area": "650.00", "first": "650.00"}
    await district.ask(street, "POST", one + "/inspections", rest, seen=3)
    part = {**part, "inspection": 2}
    status, after = await district.ask(street, "POST", one + "/handovers", part, seen=4)
    assert (after["state"]["status"], after["state"]["area_surplus"]) == ("fulfilled", "49.50")

    await district.until(lambda: bool(district.told("agreement_changed")))
    assert [news["area"] for news in district.told("premises_handed_over")] == [60_000, 65_000]
    everything = [
        letter["data"] for letter in district.letters.values() if "agreement" in letter["data"]
    ]
    assert {(news["street"], news["community"], *news["units"]) for news in everything} == {
        ("yiliu", "yunxiang", "housing_construction")
    }
    assert "dev_001" not in json.dumps(everything)


async def upload(
    district: District, who: str, agreement: str, content: bytes = PHOTO
) -> tuple[int, Any]:
    headers = {"authorization": "Bearer " + keys.token(district.data, who)}
    async with district.http.post(
        BASE + f"/evidence?agreement={agreement}", data=io.BytesIO(content), headers=headers
    ) as answer:
        return answer.status, await answer.json()


async def inspection(district: District, who: str, agreement: str, **how: Any) -> dict[str, Any]:
    """What is sent for an inspection, its photo already filed."""
    status, photo = await upload(district, who, agreement.rpartition("/")[2])
    assert status == 201
    points = ("outside", "close", "floors", "ground_half", "decorated")
    usual = {"area": "600.00", "first": "600.00", "second": "0", "at": AT}
    usual |= {"outside": True, "close": True, "decorated": True}
    return {**usual, "photos": {point: [photo["id"]] for point in points}, **how}


async def test_H_04_a_handover_that_misses_a_point_needs_a_dated_remedy(
    district: District,
) -> None:
    street = "street:yiliu"
    _, made = await district.ask(street, "POST", "/agreements", PREMISES)
    one = f"/agreements/{made['id']}"
    seen = await inspection(district, street, one, first="200.00", second="300.00")
    lost = {**seen, "photos": {**seen["photos"], "close": ["f" * 64]}}
    status, problem = await district.ask(street, "POST", one + "/inspections", lost, seen=1)
    assert (status, problem["field"]) == (422, "photos")
    _, another = await district.ask(street, "POST", "/agreements", PREMISES)
    _, foreign = await upload(district, street, another["id"], PHOTO + b" of another")
    lost = {**seen, "photos": {**seen["photos"], "close": [foreign["id"]]}}
    status, problem = await district.ask(street, "POST", one + "/inspections", lost, seen=1)
    assert (status, problem["field"]) == (422, "photos")
    none = {**seen, "photos": {**seen["photos"], "close": []}}
    status, problem = await district.ask(street, "POST", one + "/inspections", none, seen=1)
    assert (status, problem["rule"], problem["field"]) == (409, "H-04", "photos")
    _, after = await district.ask(street, "POST", one + "/inspections", seen, seen=1)
    [found] = after["state"]["inspections"]
    assert [f["point"] for f in found["findings"] if not f["met"]] == ["floors", "ground_half"]

    part: dict[str, Any] = {"inspection": 1, "at": AT}
    status, problem = await district.ask(street, "POST", one + "/handovers", part, seen=2)
    assert (status, problem["rule"], problem["clause"]) == (409, "H-04", "官民函〔2021〕64号 一")
    assert "一层面积不少于一半" in problem["detail"]
    part["remedies"] = [
        {"point": point, "what": "调换一层房屋", "due": "2026-05-31"}
        for point in ("floors", "ground_half")
    ]
    status, after = await district.ask(street, "POST", one + "/handovers", part, seen=2)
    assert (status, after["state"]["area_accepted"]) == (200, "600.00")
    photo = seen["photos"]["close"]
    done = {"inspection": 1, "point": "floors", "photos": photo}
    status, after = await district.ask(street, "POST", one + "/remedies", done, seen=3)
    remedies = {one["point"]: one for one in after["state"]["handovers"][0]["remedies"]}
    assert remedies["floors"]["photos"] == photo
    assert remedies["ground_half"]["done_at"] is None


async def test_evidence_is_for_those_whom_its_agreement_concerns(district: District) -> None:
    street = "street:yiliu"
    _, made = await district.ask(street, "POST", "/agreements", PREMISES)
    for who, refused in (("street:taihe", 404), ("community:yunxiang", 403), ("resident", 404)):
        assert (await upload(district, who, made["id"]))[0] == refused
    assert (await upload(district, street, made["id"], b"<svg onload=1>"))[0] == 422
    assert (await upload(district, street, made["id"], PHOTO + bytes(1_000_000)))[0] == 422
    assert (await upload(district, street, made["id"], PHOTO + bytes(1_100_000)))[0] == 413
    status, kept = await upload(district, street, made["id"])
    assert (status, kept["media"], kept["size"]) == (201, "image/jpeg", len(PHOTO))
    assert kept["id"] == hashlib.sha256(PHOTO).hexdigest()
    assert (await upload(district, street, made["id"]))[1] == kept
    path = f"/evidence/{kept['id']}"
    for who in (street, "community:yunxiang", "department:housing_construction", "discipline"):
        assert await file(district, who, path) == (200, PHOTO)
    for who in ("street:taihe", "department:water", "resident"):
        assert (await file(district, who, path))[0] == 404
    assert (await file(district, street, "/evidence/" + "0" * 64))[0] == 404


async def test_H_12_a_replaced_agreement_is_carried_on_by_another(district: District) -> None:
    street = "street:yiliu"
    _, made = await district.ask(street, "POST", "/agreements", PREMISES)
    one = f"/agreements/{made['id']}"
    seen = await inspection(district, street, one)
    await district.ask(street, "POST", one + "/inspections", seen, seen=1)
    await district.ask(street, "POST", one + "/handovers", {"inspection": 1, "at": AT}, seen=2)
    terms = {
        "project": "滨河花园二期",
        "developer": "dev_002",
        "households": 3000,
        "area": "900.00",
        "due": "2026-12-31",
        "reason": "项目规模缩小",
    }
    small = {**terms, "area": "899.99"}
    status, problem = await district.ask(street, "POST", one + "/replace", small, seen=3)
    assert (status, problem["rule"]) == (409, "H-03")
    status, after = await district.ask(street, "POST", one + "/replace", terms, seen=3)
    assert (status, after["state"]["status"]) == (200, "replaced")
    next_one = after["state"]["replaced_by"]
    await district.until(lambda: len(district.told("agreement_signed")) == 2)
    _, begun = await district.ask(street, "GET", f"/agreements/{next_one}")
    assert (begun["state"]["replaces"], begun["state"]["area_outstanding"]) == (
        made["id"],
        "300.00",
    )
    assert begun["correlation"] == made["id"]
    [changed] = district.told("agreement_changed")
    assert (changed["change"], changed["replacement"]) == ("replaced", next_one)
    _, said = await district.ask("district_admin", "GET", "/statement")
    computed = said["items"][1]
    assert (computed["agreements"], computed["area_owed"], computed["area_handed_over"]) == (
        1,
        "900.00",
        "600.00",
    )


def slot(hour: int, hours: int = 1, day: int = 10) -> dict[str, str]:
    start = datetime(2026, 3, day, hour, tzinfo=UTC) - timedelta(hours=8)
    end = start + timedelta(hours=hours)
    return {"start": start.isoformat(), "end": end.isoformat(), "purpose": "volunteer"}


async def test_H_10_of_a_thousand_at_once_each_slot_is_won_by_one(district: District) -> None:
    await district.ask("community:haihua", "POST", "/premises/haihua/rooms", ROOM)
    path = "/rooms/haihua~1/bookings"
    who = ("community:haihua", "street:liujia", "department:water", "command_centre")
    tokens = {name: keys.token(district.data, name) for name in who}

    async def one(number: int) -> tuple[int, int, dict[str, Any]]:
        # Ten slots of an hour, and for every second request the two hours around a boundary.
        hour = 8 + number % 10
        asked = slot(hour, 1 + number % 2)
        headers = {"authorization": "Bearer " + tokens[who[number % 4]]}
        async with http.post(BASE + path, json=asked, headers=headers) as answer:
            return hour, answer.status, await answer.json()

    wide = aiohttp.TCPConnector(limit=400)
    async with aiohttp.ClientSession(district.url, connector=wide) as http:
        answers = await asyncio.gather(*(one(number) for number in range(1000)))
    won = [said for _, status, said in answers if status == 201]
    lost = [said for _, status, said in answers if status != 201]
    assert {status for _, status, _ in answers} == {201, 409}
    spans = sorted((said["start"], said["end"]) for said in won)
    assert all(before[1] <= after[0] for before, after in zip(spans, spans[1:], strict=False))
    slots = {said["slot"] for said in won}
    assert len(won) + len(lost) == 1000
    for problem in lost:
        assert (problem["rule"], problem["field"]) == ("H-10", "start")
        assert any(taken in problem["detail"] for taken in slots)
    _, month = await district.ask("resident", "GET", path + "?month=2026-03")
    assert {one["id"] for one in month["bookings"]} == {said["id"] for said in won}
    covered = sum(int(end[11:13]) - int(start[11:13]) for start, end in spans)
    assert covered >= 10  # every hour that anybody asked for is somebody's


async def test_H_10_a_room_is_booked_cancelled_and_counted(district: District) -> None:
    community, resident = "community:haihua", "resident"
    await district.ask(community, "POST", "/premises/haihua/rooms", ROOM)
    path = "/rooms/haihua~1/bookings"
    assert (await district.ask(resident, "POST", path, slot(9)))[0] == 403
    assert (await district.ask("community:yunxiang", "POST", path, slot(9)))[0] == 403
    assert (await district.ask(community, "POST", "/rooms/haihua~9/bookings", slot(9)))[0] == 404
    assert (await district.ask(community, "POST", "/rooms/nowhere/bookings", slot(9)))[0] == 404
    status, made = await district.ask(community, "POST", path, slot(9), key="booking-1")
    assert (status, made["slot"]) == (201, "2026-03-10 09:00–10:00")
    assert (await district.ask(community, "POST", path, slot(9), key="booking-1"))[1] == made
    status, problem = await district.ask("department:water", "POST", path, slot(9, 2))
    assert (status, problem["rule"]) == (409, "H-10")
    _, other = await district.ask("department:water", "POST", path, slot(10, 3))

    month = "?month=2026-03"
    _, used = await district.ask(resident, "GET", "/rooms/haihua~1/utilisation" + month)
    assert (used["bookings"], used["minutes"], used["of_minutes"]) == (2, 240, 44_640)
    assert (used["permille"], used["by_purpose"]["volunteer"]) == (5, 240)
    gone = f"{path}/2026-03/{made['id']}/cancel"
    reason = {"reason": "活动改期"}
    assert (await district.ask("department:water", "POST", gone, reason))[0] == 403
    assert (await district.ask("street:liujia", "POST", gone, reason))[0] == 200
    own = f"{path}/2026-03/{other['id']}/cancel"
    assert (await district.ask("department:water", "POST", own, reason))[0] == 200
    _, used = await district.ask(resident, "GET", "/rooms/haihua~1/utilisation" + month)
    assert (used["bookings"], used["cancelled"], used["minutes"]) == (0, 2, 0)
    _, empty = await district.ask(resident, "GET", "/rooms/haihua~1/utilisation?month=2026-02")
    assert (empty["minutes"], empty["of_minutes"]) == (0, 40_320)


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


async def test_a_missed_date_is_told_once_and_an_extended_one_in_its_turn(
    district: District,
) -> None:
    street = "street:yiliu"
    _, made = await district.ask(street, "POST", "/agreements", PREMISES)
    one = f"/agreements/{made['id']}"
    district.now = DUE_ENDED - timedelta(seconds=1)
    await asyncio.sleep(0.3)
    assert district.told("agreement_overdue") == []
    district.now = DUE_ENDED
    await district.until(lambda: bool(district.told("agreement_overdue")))
    _, late = await district.ask(street, "GET", "/agreements?overdue=true")
    assert [item["id"] for item in late["items"]] == [made["id"]]
    await asyncio.sleep(0.3)

    extension = {"due": "2026-09-30", "reason": "主体工程停工"}
    status, after = await district.ask(street, "POST", one + "/extend", extension, seen=2)
    assert (after["state"]["missed"], after["state"]["overdue"]) == (["2026-06-30"], False)
    district.now = DUE_ENDED + timedelta(days=93)
    await district.until(lambda: len(district.told("agreement_overdue")) == 2)
    cancelling = {"reason": "规划调整"}
    status, _ = await district.ask(street, "POST", one + "/cancel", cancelling, seen=4)
    assert status == 200

    await district.until(lambda: len(district.told("agreement_changed")) == 2)
    missed = [
        (news["due"], news["area_outstanding"]) for news in district.told("agreement_overdue")
    ]
    assert missed == [("2026-06-30", 120_050), ("2026-09-30", 120_050)]
    changed = district.told("agreement_changed")
    assert [(news["change"], news["due_before"], news["was_overdue"]) for news in changed] == [
        ("extended", "2026-06-30", True),
        ("cancelled", "2026-09-30", True),
    ]


async def test_an_agreement_is_for_those_it_concerns(district: District) -> None:
    street = "street:yiliu"
    _, made = await district.ask(street, "POST", "/agreements", PREMISES)
    one = f"/agreements/{made['id']}"
    for who in ("street:taihe", "department:water", "community:haihua", "resident"):
        assert (await district.ask(who, "GET", one))[0] == 404
        assert (await district.ask(who, "GET", one + "/trail"))[0] == 404
        assert (await district.ask(who, "GET", "/agreements"))[1]["items"] == []
        assert (await district.ask(who, "POST", "/agreements", PREMISES))[0] == 403
        extension = {"due": "2026-09-30", "reason": "主体工程停工"}
        assert (await district.ask(who, "POST", one + "/extend", extension, seen=1))[0] == 404
    for who in (street, "community:yunxiang", "department:housing_construction", "discipline"):
        assert (await district.ask(who, "GET", one))[0] == 200
        assert len((await district.ask(who, "GET", "/agreements"))[1]["items"]) == 1
    elsewhere = await district.ask(street, "GET", "/agreements?street=taihe")
    assert elsewhere[1]["items"] == []
    refused, _ = await district.ask(
        "community:yunxiang", "POST", one + "/cancel", {"reason": "规划调整"}, seen=1
    )
    assert refused == 403
    status, after = await district.ask(
        street, "POST", one + "/cancel", {"reason": "规划调整"}, seen=1
    )
    assert (status, after["state"]["status"], after["state"]["next_steps"]) == (
        200,
        "cancelled",
        [],
    )


@pytest.mark.parametrize("area", [1200.5, 1200, None])
async def test_H_09_an_area_that_is_not_text_is_refused(district: District, area: Any) -> None:
    status, problem = await district.ask(
        "street:yiliu", "POST", "/agreements", {**PREMISES, "area": area}
    )
    assert (status, problem["type"], problem["field"]) == (422, "/problems/malformed", "body.area")


async def test_H_09_a_third_decimal_is_refused(district: District) -> None:
    status, problem = await district.ask(
        "street:yiliu", "POST", "/agreements", {**PREMISES, "area": "1200.505"}
    )
    assert (status, problem["rule"], problem["source"]) == (409, "H-09", "platform")


async def test_rooms_are_listed_and_measured_against_the_standard(district: District) -> None:
    community, other = "community:haihua", "community:yunxiang"
    rooms = "/premises/haihua/rooms"
    assert (await district.ask(other, "POST", rooms, ROOM))[0] == 403
    status, problem = await district.ask(community, "POST", rooms, {**ROOM, "use": "reading"})
    assert (status, problem["rule"], problem["field"]) == (409, "H-01", "use")
    status, made = await district.ask(community, "POST", rooms, ROOM, key="room-key-1")
    assert (status, made["state"]["rooms"][0]["id"]) == (201, "haihua~1")
    assert (await district.ask(community, "POST", rooms, ROOM, key="room-key-1"))[1] == made
    assert made["state"]["answer"]["met"] is False
    await district.until(lambda: len(district.told("standard_assessed")) == 1)

    _, fuller = await district.ask("street:liujia", "POST", rooms, {**ROOM, "area": "250.00"})
    assert (fuller["state"]["own_area"], fuller["state"]["answer"]["met"]) == ("400.00", True)
    borrowed = {**ROOM, "own_use": False, "reason": "改为借用"}
    path = "/rooms/haihua~2"
    assert (await district.ask(community, "PUT", path, borrowed))[0] == 428
    version = fuller["version"]
    status, after = await district.ask(community, "PUT", path, borrowed, seen=version)
    assert (after["state"]["own_area"], after["state"]["listed_area"]) == ("150.00", "300.00")
    await district.until(lambda: len(district.told("standard_assessed")) == 3)
    assert [news["met"] for news in district.told("standard_assessed")] == [False, True, False]
    assert (
        await district.ask(other, "POST", path + "/strike", {"reason": "误"}, seen=after["version"])
    )[0] == 403
    assert (await district.ask("resident", "GET", "/premises/haihua"))[1] == after


async def test_H_02_the_standard_is_told_as_of_a_past_day(district: District) -> None:
    community = "community:haihua"
    rooms = "/premises/haihua/rooms"
    await district.ask(community, "POST", rooms, {**ROOM, "area": "399.99"})
    district.now = MONDAY + timedelta(days=10)
    await district.ask(community, "POST", rooms, {**ROOM, "area": "0.01"})
    path = "/standard/haihua"
    assert (await district.ask("resident", "GET", path))[1]["met"] is True
    _, then = await district.ask("resident", "GET", path + "?as_of=2026-03-11")
    assert (then["met"], then["area"], then["required"]) == (False, "399.99", "400.00")
    assert (await district.ask("resident", "GET", path + "?as_of=2026-03-01"))[0] == 404
    _, standards = await district.ask("resident", "GET", "/standards")
    assert {(one["id"], one["area"], one["households"]) for one in standards} == {
        ("two_rooms", "400.00", None),
        ("large_community", "1000.00", None),
        ("per_households", "30.00", 100),
        ("development", "30.00", 100),
    }


async def test_the_register_reaches_the_premises_over_the_bus(district: District) -> None:
    _, made = await district.ask("community:haihua", "POST", "/premises/haihua/rooms", ROOM)
    assert made["state"]["answer"]["households_met"] is None
    entry = {"name": "海华", "street": "liujia", "households": 500, "reason": "年度核对"}
    await district.ask("district_admin", "PUT", "/communities/haihua", entry)
    await district.until(lambda: len(district.told("standard_assessed")) == 2)
    assert district.told("standard_assessed")[-1]["households_met"] is True


async def file(district: District, who: str, path: str) -> tuple[int, bytes]:
    headers = {"authorization": "Bearer " + keys.token(district.data, who)}
    async with district.http.get(BASE + path, headers=headers) as answer:
        return answer.status, await answer.read()


async def test_H_08_the_letters_stand_beside_what_the_register_computes(
    district: District,
) -> None:
    admin = "district_admin"
    _, then = await district.ask(admin, "GET", "/statement?as_of=2021-06-30")
    declared, computed, apart = then["items"]
    assert (declared["agreements"], declared["area_owed"]) == (103, "91000.27")
    assert (declared["area_handed_over"], declared["at_standard"]) == ("26351.67", 86)
    assert (declared["communities"], declared["source"]) == (99, "官民函〔2021〕64号")
    assert (computed["agreements"], computed["area_owed"]) == (0, "0.00")
    assert (apart["agreements"], apart["area_owed"]) == (-103, "-91000.27")

    await district.ask("street:yiliu", "POST", "/agreements", PREMISES)
    _, now = await district.ask(admin, "GET", "/statement")
    declared, computed, apart = now["items"]
    assert (declared["agreements"], declared["area_owed"]) == (100, "84580.32")
    assert (declared["area_handed_over"], declared["at_standard"]) == ("28729.65", 86)
    assert (computed["agreements"], computed["area_owed"]) == (1, "1200.50")
    assert apart["area_owed"] == "-83379.82"
    assert (await district.ask(admin, "GET", "/statement?as_of=2021-06-30"))[1] == then
    assert (await district.ask(admin, "GET", "/statement?as_of=2026-03-03"))[0] == 422


async def test_H_08_a_statement_is_the_same_in_every_format(district: District) -> None:
    await district.ask("street:yiliu", "POST", "/agreements", PREMISES)
    path = "/statement?by=community"
    _, said = await district.ask("district_admin", "GET", path)
    assert len(said["items"]) == 15
    _, text = await file(district, "district_admin", path + "&format=csv")
    rows = list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))
    _, book = await file(district, "district_admin", path + "&format=xlsx")
    sheet = load_workbook(io.BytesIO(book), read_only=True).active
    cells = [["" if cell is None else str(cell) for cell in row] for row in sheet.values]
    assert cells == rows
    assert [row[1] for row in rows[1:]] == [item["place"] for item in said["items"]]
    assert [row[7] for row in rows[1:]] == [item["area_owed"] for item in said["items"]]


async def test_H_08_each_sees_the_rows_that_concern_it(district: District) -> None:
    async def places(who: str, by: str) -> list[str]:
        _, said = await district.ask(who, "GET", f"/statement?by={by}")
        return [item["place"] for item in said["items"]]

    assert await places("street:liujia", "street") == ["六甲街道"]
    assert await places("street:liujia", "community") == ["海华"]
    assert await places("street:liujia", "district") == []
    assert await places("community:haihua", "community") == ["海华"]
    assert await places("resident", "community") == []
    assert len(await places("department:housing_construction", "street")) == 10
    assert await places("department:water", "street") == []


async def test_H_12_a_declaration_has_its_source_and_runs_nothing_in_a_spreadsheet(
    district: District,
) -> None:
    said = {
        "as_of": "2026-01-31",
        "street": "liujia",
        "source": "=HYPERLINK(1)",
        "totals": {"agreements": 7, "area_owed": "10.50"},
    }
    assert (await district.ask("street:taihe", "POST", "/declarations", said))[0] == 403
    assert (await district.ask("community:haihua", "POST", "/declarations", said))[0] == 403
    status, made = await district.ask("street:liujia", "POST", "/declarations", said)
    assert (status, made["state"]["totals"]["area_owed"]) == (201, "10.50")
    future = {**said, "as_of": "2026-03-03"}
    status, problem = await district.ask("street:liujia", "POST", "/declarations", future)
    assert (status, problem["rule"], problem["field"]) == (409, "H-12", "as_of")
    _, text = await file(district, "street:liujia", "/statement?by=street&format=csv")
    rows = list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))
    assert [(row[0], row[5], row[7]) for row in rows[1:]] == [
        ("申报", "'=HYPERLINK(1)", "10.50"),
        ("登记册计算", "", "0.00"),
        ("差额（计算减申报）", "", "'-10.50"),
    ]


async def test_H_12_every_count_of_communities_stays_with_its_source(district: District) -> None:
    _, counts = await district.ask("resident", "GET", "/counts")
    found = [
        (row["as_of"], row["communities_total"], row.get("urban"), row.get("village_converted"))
        for row in counts["items"]
    ]
    assert found == [
        ("2018-12", "116", None, None),
        ("2018-12", "96", None, None),
        ("2021-06", "99", "52", "47"),
        ("2021-06", "96", None, None),
        ("2022-06", "99", "53", "46"),
    ]
    assert all(row["source_doc"] for row in counts["items"])


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
