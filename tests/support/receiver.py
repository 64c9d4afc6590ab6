"""Somebody who is told: a web server of the test's own, which verifies what it is sent as its owner would."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.support.ports import free_port


@dataclass
class Receiver:
    """`answers`: the status by the type of event, 204 where nothing is said."""

    port: int
    secrets: list[str] = field(default_factory=list)
    got: list[dict[str, Any]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=dict)
    takes: float = 0.0
    """Seconds, before it answers."""
    _runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/told?of=gongzhi"

    async def take(self, request: web.Request) -> web.Response:
        body = await request.read()
        said = json.loads(body)
        status = self.answers.get(said.get("type", ""), 204)
        if status >= 300:
            return web.Response(status=status, headers={"Location": "/elsewhere"})
        for secret in self.secrets:
            assert self._signed(request, body, secret), "the signature is not ours"
        self.ids.append(request.headers["webhook-id"])
        self.got.append(said)
        await asyncio.sleep(self.takes)
        return web.Response(status=status)

    @staticmethod
    def _signed(request: web.Request, body: bytes, secret: str) -> bool:
        id, at = request.headers["webhook-id"], request.headers["webhook-timestamp"]
        key = base64.b64decode(secret.removeprefix("whsec_"))
        expected = hmac.new(key, f"{id}.{at}.".encode() + body, hashlib.sha256).digest()
        given = [one.removeprefix("v1,") for one in request.headers["webhook-signature"].split()]
        return base64.b64encode(expected).decode() in given

    async def open(self) -> None:
        app = web.Application()
        app.router.add_post("/told", self.take)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()

    async def close(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def has(self, many: int) -> list[dict[str, Any]]:
        async with asyncio.timeout(120):
            while len(self.got) < many:
                await asyncio.sleep(0.02)
        return self.got


@asynccontextmanager
async def receiver() -> AsyncIterator[Receiver]:
    made = Receiver(free_port())
    await made.open()
    try:
        yield made
    finally:
        await made.close()
