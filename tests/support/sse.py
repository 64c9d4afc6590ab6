"""The feed as it comes, read as a front-end would."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from gongzhi.office import Office

STREAM = "/api/v1/events/stream"


class Reading:
    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self._answer = answer
        self.last = ""

    async def next(self) -> dict[str, Any] | None:
        """The next event; None at the stream's end."""
        said: dict[str, str] = {}
        async for raw in self._answer.content:
            name, _, value = raw.decode().rstrip("\n").partition(": ")
            if name:
                said[name] = value
                self.last = said.get("id", self.last)
            elif "data" in said:
                told: dict[str, Any] = json.loads(said["data"])
                assert (said["event"], said["id"]) == (told["event"]["type"], str(told["number"]))
                return told
            else:
                said = {}  # a heartbeat
        return None

    async def some(self, many: int) -> list[dict[str, Any]]:
        found = [await self.next() for _ in range(many)]
        assert None not in found, "the stream ended"
        return [one for one in found if one is not None]


@asynccontextmanager
async def reading(office: Office, last: str = "", **about: Any) -> AsyncIterator[Reading]:
    headers = {"Authorization": f"Bearer {office.token}"}
    if last:
        headers["Last-Event-ID"] = last
    timeout = aiohttp.ClientTimeout(total=None, sock_read=120)
    asked = office.session.get(office.url + STREAM, params=about, headers=headers, timeout=timeout)
    async with asked as answer:
        assert answer.status == 200, await answer.text()
        assert answer.content_type == "text/event-stream"
        yield Reading(answer)
