"""G-03: a partner that is suspended is let in nowhere and told nothing; what happened meanwhile comes afterwards."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from gongzhi.office import Office, Refused
from tests.support.buses import until
from tests.support.inside import Inside, inside
from tests.support.news import told
from tests.support.receiver import Receiver, receiver

LISTED = "/api/v1/gateway/partners"
WEBHOOKS = "/api/v1/gateway/webhooks"
EVENTS = "/api/v1/events"
P = "/api/v1/whistle/problems"
SETTLED = "whistle.problem_settled.v1"


@pytest.fixture
async def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Inside]:
    monkeypatch.setenv("GONGZHI_WEBHOOK_NETWORKS", "127.0.0.0/8")
    async with inside(tmp_path, only=("housing", "whistle")) as running:
        await running("district_admin").post(LISTED, {"code": "hotline"})
        yield running


@pytest.fixture
async def there() -> AsyncIterator[Receiver]:
    async with receiver() as made:
        yield made


async def suspended(here: Inside) -> None:
    await here("district_admin").step(LISTED, "hotline", "suspend", {"reason": "数据外泄"})


async def types(office: Office, **about: str) -> list[str]:
    page = await office.get(EVENTS, limit=500, **about)
    return [one["event"]["type"] for one in page["items"]]


async def collected(here: Inside, number: str) -> str:
    """The problem that the partner's news became."""
    centre = here("command_centre")

    async def there() -> bool:
        return len(await types(centre, reference=number)) >= 2

    await until(there)
    [problem] = (await centre.get(P, q=number))["items"]
    return str(problem["id"])


async def settled(here: Inside, problem: str) -> None:
    kind = {"kind": "problem", "urgency": "normal", "difficulty": "easy", "handling": "immediate"}
    await here("command_centre").step(P, problem, "triage", kind)
    await here("community:jiangong").step(P, problem, "settle", {"how": "已清运"})

    async def there() -> bool:
        return SETTLED in await types(here("command_centre"))

    await until(there)


async def test_G_03_a_partner_is_found_by_its_code_as_by_its_id(here: Inside) -> None:
    admin = here("district_admin")
    by_code = await admin.get(f"{LISTED}/hotline")
    assert by_code["state"]["code"] == "hotline"
    assert by_code == await admin.get(f"{LISTED}/{by_code['id']}")
    changed = await admin.step(LISTED, "hotline", "suspend", {"reason": "数据外泄"})
    assert (changed["id"], changed["state"]["suspended"]) == (by_code["id"], True)
    trail = await admin.get(f"{LISTED}/hotline/trail")
    assert [one["type"] for one in trail["entries"]] == ["PartnerAdmitted", "PartnerSuspended"]
    with pytest.raises(Refused) as refused:
        await admin.get(f"{LISTED}/nobody")
    assert refused.value.status == 404


async def test_G_03_suspended_it_reads_and_registers_nothing(here: Inside, there: Receiver) -> None:
    hotline = here("partner:hotline")
    made = await hotline.post(WEBHOOKS, {"url": there.url})
    await suspended(here)
    asked = (
        hotline.get(EVENTS),
        hotline.get(f"{EVENTS}/stream"),
        hotline.get("/api/v1/me"),
        hotline.get(f"{WEBHOOKS}/{made['id']}"),
        hotline.post(WEBHOOKS, {"url": there.url}),
        hotline.post(f"{WEBHOOKS}/{made['id']}/rotate", version=made["version"]),
        told(hotline, 1),
    )
    for one in asked:
        with pytest.raises(Refused) as refused:
            await one
        assert (refused.value.status, refused.value.problem["detail"]) == (
            403,
            "该合作方已被暂停。",
        )
    assert await types(here("partner:grid")) == []
    await here("district_admin").step(LISTED, "hotline", "resume")
    assert (await hotline.get(f"{WEBHOOKS}/{made['id']}"))["version"] == made["version"]


async def test_G_03_what_happened_meanwhile_is_told_when_it_is_resumed(
    here: Inside, there: Receiver
) -> None:
    hotline = here("partner:hotline")
    made = await hotline.post(WEBHOOKS, {"url": there.url, "type": [SETTLED]})
    there.secrets = [made["secret"]]
    problem = await collected(here, await told(hotline, 1))
    await suspended(here)
    await settled(here, problem)
    await asyncio.sleep(2)
    assert there.got == []
    await here("district_admin").step(LISTED, "hotline", "resume")
    [got] = await there.has(1)
    assert got["type"] == SETTLED
    assert SETTLED in await types(hotline)


async def test_G_03_a_stream_that_is_open_shows_nothing_more(here: Inside) -> None:
    hotline, seen = here("partner:hotline"), list[str]()
    problem = await collected(here, await told(hotline, 1))
    wait = aiohttp.ClientTimeout(total=60)
    said = {"Authorization": f"Bearer {hotline.token}"}
    async with here.session.get(
        f"{here.url}{EVENTS}/stream", params={"after": "0"}, headers=said, timeout=wait
    ) as stream:
        assert stream.status == 200

        async def read() -> None:
            async for line in stream.content:
                if line.startswith(b"data:"):
                    seen.append(json.loads(line[5:])["event"]["type"])

        reading = asyncio.create_task(read())

        async def begun() -> bool:
            return len(seen) == 2

        await until(begun)
        await suspended(here)
        await settled(here, problem)
        await reading  # it ends by itself
    assert sorted(seen) == ["partner.problem_reported.v1", "whistle.problem_collected.v1"]
