"""The whole service in one process, over HTTP, on SQLite and the local bus: premises promised and late."""

import asyncio
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
PART = {"area": "600.00", "at": "2026-03-02T08:00:00+08:00"}


@dataclass
class District:
    """The running service, its clock, and what the journal would hear."""

    data: Path
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
    async with aiohttp.ClientSession(f"http://{ports.LOOPBACK}:{port}") as http:
        district = District(data, http)
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

    handovers = f"/agreements/{made['id']}/handovers"
    assert (await district.ask(street, "POST", handovers, PART))[0] == 428
    status, after = await district.ask(department, "POST", handovers, PART, seen=1)
    assert (status, after["state"]["area_outstanding"]) == (200, "600.50")
    rest = {**PART, "area": "650.00"}
    status, after = await district.ask(street, "POST", handovers, rest, seen=2)
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


async def test_the_rules_are_listed(district: District) -> None:
    _, rules = await district.ask("resident", "GET", "/rules")
    assert [rule["rule"] for rule in rules] == ["H-03", "H-06", "H-07", "H-09", "H-11"]
