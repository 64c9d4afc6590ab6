"""Rooms through the service: listed, measured against the standard, and booked."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from gongzhi import keys
from tests.support.alone import MONDAY
from tests.support.district import BASE, ROOM, District, running


@pytest.fixture
async def district(tmp_path: Path, sqlite_url: str) -> AsyncIterator[District]:
    async with running(tmp_path) as district:
        yield district


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


async def test_H_10_a_booked_room_is_not_given_up_and_its_past_stays(district: District) -> None:
    community, cancel = "community:haihua", {"reason": "房屋收回"}
    await district.ask(community, "POST", "/premises/haihua/rooms", ROOM)
    room, path = "/rooms/haihua~1", "/rooms/haihua~1/bookings"
    _, past = await district.ask("department:water", "POST", path, slot(9))
    _, later = await district.ask("department:water", "POST", path, slot(9, day=31))
    district.now = MONDAY + timedelta(days=10)

    async def premises() -> dict[str, Any]:
        return dict((await district.ask(community, "GET", "/premises/haihua"))[1])

    before = await premises()
    assert "strike_room" not in {one["name"] for one in before["actions"]}
    status, refusal = await district.ask(
        community, "POST", room + "/strike", cancel, seen=before["version"]
    )
    assert (status, refusal["rule"], later["slot"] in refusal["detail"]) == (409, "H-10", True)
    gone = f"{path}/2026-03/{later['id']}/cancel"
    assert (await district.ask(community, "POST", gone, cancel))[0] == 200
    assert "strike_room" in {one["name"] for one in (await premises())["actions"]}
    status, _ = await district.ask(
        community, "POST", room + "/strike", cancel, seen=before["version"]
    )
    assert status == 200
    _, month = await district.ask("resident", "GET", path + "?month=2026-03")
    assert [one["id"] for one in month["bookings"]] == [past["id"], later["id"]]
    _, used = await district.ask("resident", "GET", room + "/utilisation?month=2026-03")
    assert (used["bookings"], used["cancelled"]) == (1, 1)
    assert (await district.ask("resident", "GET", room + "/utilisation?month=2026-04"))[0] == 200
    never = "/rooms/haihua~2/utilisation?month=2026-03"
    assert (await district.ask("resident", "GET", never))[0] == 404
    assert (await district.ask(community, "POST", path, slot(9, day=30)))[0] == 404


async def test_rooms_are_listed_and_measured_against_the_standard(district: District) -> None:
    community, other = "community:haihua", "community:yunxiang"
    rooms = "/premises/haihua/rooms"
    assert (await district.ask(other, "POST", rooms, ROOM))[0] == 403
    status, problem = await district.ask("district_admin", "POST", "/premises/nowhere/rooms", ROOM)
    assert (status, problem["field"]) == (422, "community")
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
    assert (await district.ask("resident", "GET", "/premises/haihua"))[1] == {
        **after,
        "actions": [],
    }
    assert (await district.ask(community, "GET", "/premises/haihua"))[1] == after


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
    status, refusal = await district.ask("resident", "GET", path + "?as_of=2026-12-31")
    assert (status, refusal["field"]) == (422, "as_of")
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


@pytest.mark.parametrize("room", ["haihua~9", "nowhere", "nowhere~1", "haihua~x"])
async def test_H_10_a_room_that_is_not_there_is_not_found_by_any_way(
    district: District, room: str
) -> None:
    _, made = await district.ask("community:haihua", "POST", "/premises/haihua/rooms", ROOM)
    reason, now = {"reason": "误登"}, made["version"]
    for method, path, body, seen in (
        ("GET", f"/rooms/{room}/bookings?month=2026-03", None, None),
        ("GET", f"/rooms/{room}/utilisation?month=2026-03", None, None),
        ("POST", f"/rooms/{room}/strike", reason, now),
        ("PUT", f"/rooms/{room}", {**ROOM, **reason}, now),
        ("POST", f"/rooms/{room}/bookings/2026-03/b1/cancel", reason, None),
    ):
        status, problem = await district.ask("district_admin", method, path, body, seen=seen)
        assert (status, problem["type"]) == (404, "/problems/not-found"), path


async def test_H_10_of_a_strike_and_bookings_at_once_one_is_carried_out(district: District) -> None:
    """In whatever order they come: a room that is given up has no booking to come, and a booked one stays."""
    community, said = "community:haihua", {"reason": "房屋收回"}
    for number in range(1, 5):
        await district.ask(community, "POST", "/premises/haihua/rooms", ROOM)
        room = f"/rooms/haihua~{number}"
        _, found = await district.ask(community, "GET", "/premises/haihua")
        bookings = [
            district.ask("department:water", "POST", f"{room}/bookings", slot(9, day=day))
            for day in (20, 21, 31)
        ]
        strike = district.ask(community, "POST", f"{room}/strike", said, seen=found["version"])
        asked = [*bookings[: number - 1], strike, *bookings[number - 1 :]]
        answers = await asyncio.gather(*asked)
        struck, made = answers.pop(number - 1)[0], answers
        taken = [status for status, _ in made if status == 201]
        assert (struck == 200) != bool(taken), (number, struck, made)
        if struck != 200:
            again = await district.ask("department:water", "POST", f"{room}/bookings", slot(11))
            assert again[0] == 201, again
