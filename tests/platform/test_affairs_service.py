"""The service as it runs: the demo's survey; a quarter approved once; lists and counts agree; names stay sealed."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Awaitable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chassis.service import utc_now
from contracts.heard import topology
from gongzhi.demo_affairs import ITEM, survey_admitted
from gongzhi.demo_cast import COMMUNITY, STREET
from gongzhi.office import Refused
from tests.support.ahead import Ahead
from tests.support.buses import declared
from tests.support.inside import inside
from tests.support.organisations import Neighbours

BASE = "/api/v1/affairs"
OFFICE = "department:civil_affairs"
STREETS, OWN = f"street:{STREET}", f"community:{COMMUNITY}"
NAME, NUMBER = "某某某（虚构）", "证书号码甲乙丙"
WORKERS = f"{BASE}/workers"
OCTOBER = datetime(2026, 10, 12, 2, 0, tzinfo=UTC)
"""Nothing of the quarter is due yet: the clock writes to no sheet meanwhile."""


@pytest.fixture(params=["local", "RabbitMQ"])
async def neighbours(
    request: pytest.FixtureRequest, tmp_path: Path, sqlite_url: str, amqp_names: set[str]
) -> AsyncIterator[Neighbours]:
    amqp_names |= declared(topology())
    url = request.getfixturevalue("amqp_url") if request.param == "RabbitMQ" else None
    async with running_on(tmp_path, url) as running:
        yield running


@pytest.fixture
async def alone(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Neighbours]:
    async with running_on(tmp_path, None, OCTOBER) as running:
        yield running


class running_on:
    """The registers it copies, and this service."""

    def __init__(self, path: Path, bus_url: str | None, first: datetime | None = None) -> None:
        """`first`: when it is; where the demo plays it is now."""
        self.clock = Ahead(first=first or utc_now())
        names = ("housing", "whistle", "affairs")
        self.inside = inside(path / "data", bus_url=bus_url, clock=self.clock, only=names)

    async def __aenter__(self) -> Neighbours:
        return Neighbours(await self.inside.__aenter__(), self.clock)

    async def __aexit__(self, *fault: Any) -> None:
        await self.inside.__aexit__(*fault)


async def refused(call: Awaitable[Any]) -> tuple[int, str | None]:
    with pytest.raises(Refused) as refusal:
        await call
    return refusal.value.status, refusal.value.problem.get("rule")


async def told(running: Neighbours, *types: str) -> list[str]:
    """Of this service, as soon as all of these have arrived."""
    async with asyncio.timeout(60):
        while True:
            news = [one for one in await running.told() if one.type.startswith("affairs.")]
            found = [one.type for one in sorted(news, key=lambda one: one.time)]
            if set(types) <= set(found):
                return found
            await asyncio.sleep(0.05)


async def test_A_08_the_demos_survey_is_found_admitted_and_over(neighbours: Neighbours) -> None:
    said: list[str] = []
    ended = await survey_admitted(neighbours.inside, said.append)
    assert ended == ("withdrawn", "ended")
    assert len(said) == 4
    three = (
        "affairs.intrusion_found.v1",
        "affairs.work_admitted.v1",
        "affairs.work_ended.v1",
    )
    assert await told(neighbours, *three) == [*three]


async def powered(running: Neighbours) -> str:
    """A power of one high-risk step, in a community whose type has been heard of here."""
    entry = {"name": "关上中心区", "street": STREET, "kind": "urban", "reason": "登记类型"}
    stage = {"name": "用印", "risk": "high"}
    sample = {"type": "urban", "kind": "seal", "name": "公章使用", "basis": "x", "rules": "x"}
    admin = running.inside("district_admin")
    await admin.put(f"/api/v1/housing/communities/{COMMUNITY}", entry)
    await admin.put(f"{BASE}/power-samples/seal", {**sample, "flow": [stage]})
    listed = {"community": COMMUNITY, "sample": "seal"}
    async with asyncio.timeout(60):
        while True:
            with suppress(Refused):
                return str((await running.post(STREETS, f"{BASE}/powers", listed))["id"])
            await asyncio.sleep(0.05)


async def test_A_21_the_second_office_finds_the_step_and_confirms_it(alone: Neighbours) -> None:
    running, second, cases = alone, "department:health", f"{BASE}/power-cases"
    power = await powered(running)
    id = (await running.post(OWN, cases, {"power": power, "about": "盖章"}))["id"]
    assert (await refused(running.get(second, f"{cases}/{id}")))[0] == 404
    said = {"stage": "用印", "decision": "同意", "papers": "申请", "posts": "主任"}
    taken = await running.step(OWN, cases, id, "step", {**said, "second": second})
    assert taken["state"]["status"] == "running"
    agrees = {"opinion": "同意"}
    for other, answer in ((OWN, 403), (STREETS, 409), ("department:water_affairs", 404)):
        status, _ = await refused(running.step(other, cases, id, "confirm", agrees))
        assert status == answer, other
    [found] = (await running.get(second, cases))["items"]
    assert found["id"] == id
    done = await running.step(second, cases, id, "confirm", agrees)
    assert done["state"]["status"] == "done"
    trail = await running.get(second, f"{cases}/{id}/trail")
    assert [one["actor"] for one in trail["entries"][-2:]] == [second, second]


async def staffed(running: Neighbours, name: str = NAME) -> str:
    number = {"approved": 7, "document": "编〔2026〕1号"}
    await running.inside(OFFICE).put(f"{BASE}/establishments/{COMMUNITY}", number)
    worker = {"community": COMMUNITY, "name": name, "post": "staff", "since": "2020-01-01"}
    return str((await running.post(STREETS, WORKERS, worker))["id"])


async def test_A_12_who_approves_a_communitys_number_reads_it(alone: Neighbours) -> None:
    running, path = alone, f"{BASE}/establishments"
    await staffed(running)
    for reader in (OFFICE, STREETS, OWN, "district_admin"):
        held = await running.get(reader, f"{path}/{COMMUNITY}")
        assert (held["id"], held["state"]["approved"]) == (COMMUNITY, 7), reader
        assert held["state"]["seats"]
        listed = await running.get(reader, path)
        assert [one["id"] for one in listed["items"]] == [COMMUNITY], reader
    trail = await running.get(OFFICE, f"{path}/{COMMUNITY}/trail")
    assert [one["actor"] for one in trail["entries"]] == [OFFICE, STREETS]
    number = {"approved": 6, "document": "编〔2026〕2号"}
    held = await running.get(OFFICE, f"{path}/{COMMUNITY}")
    lowered = await running.inside(OFFICE).call(
        "PUT", f"{path}/{COMMUNITY}", body=number, version=held["version"]
    )
    assert lowered["state"]["approved"] == 6
    other = "department:health"
    assert (await running.get(other, path))["items"] == []
    assert (await refused(running.get(other, f"{path}/{COMMUNITY}")))[0] == 404


async def test_A_17_two_approvals_of_one_quarter_at_once_are_one(alone: Neighbours) -> None:
    running = alone
    await staffed(running)
    [sheet] = (await running.get(STREETS, f"{BASE}/pay"))["items"]
    id, path = sheet["id"], f"{BASE}/pay"
    await running.step(STREETS, path, id, "submit")
    for office in ("department:organisation", OFFICE):
        await running.step(office, path, id, "approve")
    assert await refused(running.step(OFFICE, path, id, "approve")) == (409, "A-17")
    version = (await running.get("finance", f"{path}/{id}"))["version"]
    at_once = [
        running.inside("finance").call("POST", f"{path}/{id}/approve", version=version)
        for _ in range(2)
    ]
    answers = await asyncio.gather(*at_once, return_exceptions=True)
    assert sum(isinstance(one, Refused) for one in answers) == 1
    now = (await running.get(STREETS, f"{path}/{id}"))["state"]
    assert (now["status"], len(now["approvals"])) == ("approved", 3)
    approved = [one for one in await told(running, "affairs.pay_approved.v1")]
    assert approved.count("affairs.pay_approved.v1") == 1
    form = await running.page(STREETS, f"{path}/{id}/form")
    assert "3,400.00" in form and "10,200.00" in form and NAME not in form
    [worker] = (await running.get(STREETS, WORKERS))["items"]
    assert worker["number"].startswith("关上-")
    [found] = (await running.get(STREETS, WORKERS, q=worker["number"]))["items"]
    assert found["id"] == worker["id"]
    lines = await running.page(STREETS, f"{path}/{id}/lines?format=csv")
    heads, *paid = [line.split(",") for line in lines.strip().splitlines()]
    assert [line[0] for line in paid] == [worker["number"]] * 3
    assert {line[heads.index("合计（元）")] for line in paid} == {"3400.00"}
    told_of = await running.get(STREETS, f"{path}/{id}/lines")
    assert {one["total"] for one in told_of["items"]} == {340_000}


async def test_A_12_a_name_is_in_no_file_log_or_event(
    alone: Neighbours, capfd: pytest.CaptureFixture[str]
) -> None:
    running = alone
    id = await staffed(running)
    proof = {"kind": "junior", "on": "2021-05-01", "number": NUMBER}
    await running.step(STREETS, WORKERS, id, "certificates", proof)
    assert (await refused(running.step(STREETS, WORKERS, id, "certificates", proof))) == (
        409,
        "A-14",
    )
    reader = running.inside(STREETS)
    assert await refused(reader.post(f"{WORKERS}/{id}/person", {"reason": " "})) == (409, "A-12")
    opened = await reader.post(f"{WORKERS}/{id}/person", {"reason": "核对"})
    assert opened == {"name": {"name": NAME}, "junior": {"number": NUMBER}}
    trail = await running.get(STREETS, f"{WORKERS}/{id}/trail", verify="true")
    assert trail["entries"][-1]["type"] == "WorkerRead" and trail["faults"] == []
    day = running.clock.day()
    [row] = (await running.get(STREETS, f"{BASE}/levels", as_of=day))["items"]
    assert (row["level"], row["workers"], row["allowance"]) == (15, 1, 110_000)
    seen = json.dumps([await running.get(STREETS, f"{WORKERS}/{id}"), trail], ensure_ascii=False)
    news = json.dumps([one.data for one in await running.told()], ensure_ascii=False)
    logs = "".join(capfd.readouterr())
    for text in (NAME, NUMBER):
        assert text not in seen + news + logs + _kept(running)


async def test_A_12_what_is_refused_changes_no_name(alone: Neighbours) -> None:
    """Neither a version that is gone, nor those who came second with the same one."""
    running = alone
    id = await staffed(running)
    reader = running.inside(STREETS)

    async def named() -> str:
        opened = await reader.post(f"{WORKERS}/{id}/person", {"reason": "核对"})
        return str(opened["name"]["name"])

    stale = reader.post(f"{WORKERS}/{id}/name", {"name": "（虚构）被拒绝"}, version=99)
    assert (await refused(stale))[0] == 412
    assert await named() == NAME
    version = (await running.get(STREETS, f"{WORKERS}/{id}"))["version"]
    names = [f"（虚构）{n}" for n in range(8)]
    asked = [reader.post(f"{WORKERS}/{id}/name", {"name": n}, version=version) for n in names]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    [taken] = [n for n, one in zip(names, answers, strict=True) if not isinstance(one, Refused)]
    assert await named() == taken


def _kept(running: Neighbours) -> str:
    """Every document of every database, as it is stored."""
    found = []
    for path in Path(running.inside.data).rglob("*.db"):
        with sqlite3.connect(path) as database:
            tables = database.execute("select name from sqlite_master where type='table'")
            for (table,) in tables.fetchall():
                rows = database.execute(f'select * from "{table}"').fetchall()
                found.append(json.dumps(rows, ensure_ascii=False, default=repr))
    assert found
    return "".join(found)


async def test_A_22_every_communitys_disclosures_begin_though_its_news_came_first(
    alone: Neighbours,
) -> None:
    """The registers tell before this service has its policy: what needs it comes again."""
    async with asyncio.timeout(60):
        while True:
            page = await alone.get(OWN, f"{BASE}/disclosures")
            if len(page["items"]) == 3:
                break
            await asyncio.sleep(0.2)
    kinds = {one["state"]["template"]["affairs"] for one in page["items"]}
    assert kinds == {"party", "residents", "financial"}


async def test_A_09_lists_counts_and_the_public_catalogue_agree(alone: Neighbours) -> None:
    running = alone
    await staffed(running)
    for community in (COMMUNITY, "hepinglu"):
        work = {"unit": "health", "community": community, "item": ITEM, "free": "emergency"}
        free = {**work, "basis": "应急预案（演示）"}
        await running.post("department:health", f"{BASE}/admissions/free", free)
    fields = (
        ("admissions", "admissions", {"in_force": "true"}),
        ("workers", "workers", {"here": "true"}),
        ("intrusions", "intrusions", {"state": "found"}),
    )
    people = ["district_admin", OFFICE, STREETS, OWN, "street:taihe", "department:health"]
    for who in people:
        for by in ("community", "street"):
            rows = await running.get(who, f"{BASE}/counts", by=by)
            for field, path, wanted in fields:
                page = await running.get(who, f"{BASE}/{path}", limit=200, count="true", **wanted)
                assert sum(row[field] for row in rows) == len(page["items"]) == page["count"]
    catalogue = (await running.anybody(f"{BASE}/public/catalogue"))["items"]
    assert sorted(one["community"] for one in catalogue) == sorted([COMMUNITY, "hepinglu"])
    assert ITEM in await running.page(None, f"{BASE}/public/catalogue?format=html")
    [mine] = (await running.get(OWN, f"{BASE}/admissions"))["items"]
    form = await running.page(OWN, f"{BASE}/admissions/{mine['id']}/form")
    assert "社区工作准入审批表" in form and ITEM in form
