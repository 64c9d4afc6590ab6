"""The housing service in one process, over HTTP, on SQLite and the local bus, with a clock the test holds."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

import aiohttp

from gongzhi import keys
from tests.support.alone import Alone, serving

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


class District(Alone):
    """The register and the premises."""

    name: ClassVar[str] = "housing"


@asynccontextmanager
async def running(data: Path) -> AsyncIterator[District]:
    async with serving(District, data) as district:
        await ready(district.http)
        yield district


async def ready(http: aiohttp.ClientSession) -> None:
    async with asyncio.timeout(120):
        while True:
            async with http.get("/readyz") as answer:
                if answer.status == 200:
                    return
            await asyncio.sleep(0.02)


async def file(district: District, who: str, path: str) -> tuple[int, bytes]:
    headers = {"authorization": "Bearer " + keys.token(district.data, who)}
    async with district.http.get(BASE + path, headers=headers) as answer:
        return answer.status, await answer.read()
