"""The organisations service as it runs with its neighbours, and what an invented organisation says."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chassis.service import utc_now
from contracts.event import Envelope
from contracts.heard import topology
from gongzhi import keys
from tests.support.ahead import Ahead
from tests.support.buses import declared
from tests.support.inside import Inside, inside

BASE = "/api/v1/organisations"
REGISTER = f"{BASE}/organisations"
CIVIL = "department:civil_affairs"
CODE = "nuanyang"
COMMUNITY = "haihua"
STREET = "liujia"
OFFICE, ITSELF = f"community:{COMMUNITY}", f"supplier:{CODE}"
APPLICATION: dict[str, Any] = {
    "code": CODE,
    "name": "暖阳社会工作服务中心（虚构）",
    "kind": "service_institution",
    "sector": "community_service",
    "community": COMMUNITY,
    "purpose": "服务社区老人",
    "scope": "社区养老服务",
    "funds": 3_000_000,
    "pledge": "诺〔2026〕1号",
    "founders": [{"seat": "f1", "main": True}, {"seat": "f2"}],
}
EXAMINATION: dict[str, Any] = {
    "items": ["name", "purpose", "scope", "funds", "founders", "heads"],
    "heard": "周边居民",
    "departments": ["health"],
    "party": {"form": "liaison", "members": 1},
    "opinion": "符合条件",
}
LISTING: dict[str, Any] = {"list": "abnormal", "ground": "unreachable", "findings": "无法联系"}


@dataclass(frozen=True)
class Neighbours:
    """The services that tell one another here, and their clock."""

    inside: Inside
    clock: Ahead

    async def post(self, who: str, path: str, body: Any = None) -> Any:
        return await self.inside(who).post(path, body)

    async def get(self, who: str, path: str, **query: Any) -> Any:
        return await self.inside(who).get(path, **query)

    async def step(
        self, who: str, path: str, id: str, step: str, body: Any = None, method: str = "POST"
    ) -> Any:
        """On the version as it is now, whoever may see it."""
        now = await self.get("district_admin", f"{path}/{id}")
        address = f"{path}/{id}/{step}" if step else f"{path}/{id}"
        return await self.inside(who).call(method, address, body=body, version=now["version"])

    async def told(self) -> list[Envelope]:
        """What the gateway's feed shows."""
        feed = await self.get("command_centre", "/api/v1/events", limit=500)
        return [Envelope.model_validate(one["event"]) for one in feed["items"]]

    async def counted(self) -> dict[str, dict[str, Any]]:
        """What was told last of each community and street, by its code."""
        news = [one for one in await self.told() if one.type == "organisations.counted.v1"]
        return {one.about: one.data for one in sorted(news, key=lambda one: one.sequence)}

    async def anybody(self, path: str) -> Any:
        """Without a token."""
        return json.loads(await self.page(None, path))

    async def page(self, who: str | None, path: str) -> str:
        """As it is sent."""
        token = keys.token(self.inside.data, who) if who else None
        headers = {"authorization": f"Bearer {token}"} if token else {}
        url = self.inside.url + path
        async with self.inside.session.get(url, headers=headers) as answer:
            text = await answer.text()
            assert answer.status == 200, text
            return text

    async def registered(self, code: str = CODE, **other: Any) -> Any:
        """An organisation that went all its way."""
        await self.post(CIVIL, REGISTER, {**APPLICATION, "code": code, **other})
        await self.step(CIVIL, REGISTER, code, "examine", EXAMINATION)
        self.clock.by += timedelta(days=20)
        said = {"certificate": f"证-{code}", "on": self.clock.day()}
        return await self.step(CIVIL, REGISTER, code, "register", said)

    async def listed(self, code: str = CODE, **other: Any) -> str:
        """The id of a listing that was answered and entered."""
        now = await self.step(CIVIL, REGISTER, code, "listings", {**LISTING, **other})
        id = str(now["state"]["listings"][-1]["id"])
        answer = {"answer": "已搬迁"}
        await self.step(f"supplier:{code}", REGISTER, code, f"listings/{id}/answer", answer)
        await self.step(CIVIL, REGISTER, code, f"listings/{id}/enter")
        return id


@pytest.fixture(params=["local", "RabbitMQ"])
async def neighbours(
    request: pytest.FixtureRequest, tmp_path: Path, sqlite_url: str, amqp_names: set[str]
) -> AsyncIterator[Neighbours]:
    amqp_names |= declared(topology())
    url = request.getfixturevalue("amqp_url") if request.param == "RabbitMQ" else None
    clock = Ahead(first=utc_now())  # where the demo plays it is now
    names = ("housing", "whistle", "procurement", "organisations")
    async with inside(tmp_path / "data", bus_url=url, clock=clock, only=names) as running:
        yield Neighbours(running, clock)


@pytest.fixture
async def alone(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Neighbours]:
    """With the registers it copies, on the local bus; what is told stays to be read."""
    clock = Ahead()
    names = ("housing", "whistle", "organisations")
    async with inside(tmp_path / "data", clock=clock, only=names) as running:
        yield Neighbours(running, clock)
