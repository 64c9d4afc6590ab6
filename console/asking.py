"""One question to the gateway, over HTTP, as any front-end asks it."""

import io
import json
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import aiohttp

from chassis.telemetry import traceparent

TIMEOUT = aiohttp.ClientTimeout(total=30, connect=5)
STREAM = aiohttp.ClientTimeout(total=None, connect=5)
Query = Mapping[str, Any] | Sequence[tuple[str, str]]

REUSED = "/key-reused"
SENT_BEFORE = {
    "title": "这张表已经提交过",
    "detail": "上次提交的已经办了，内容和这次的不同；这次的没有办。要改上次的，请到它的记录页办理；"
    "确实要另办一件，请再提交一次。",
}
"""What is said to people of a key that the platform knows."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; a refusal is an answer, too."""

    status: int
    content: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def good(self) -> bool:
        return self.status < 400

    @property
    def media(self) -> str:
        return self.headers.get("content-type", "")

    def json(self) -> Any:
        try:
            return json.loads(self.content)
        except ValueError:
            return {}

    @property
    def listed(self) -> Mapping[str, Any] | None:
        """Of a list: empty if the caller may not read it, None if nobody answers, so that it isn't known."""
        if self.status == 403:
            return {}
        return self.problem if self.good else None

    @property
    def problem(self) -> dict[str, Any]:
        found = self.json()
        problem = found if isinstance(found, dict) else {}
        return problem | SENT_BEFORE if self.reused else problem

    @property
    def reused(self) -> bool:
        """Whether the form was sent before, with something else in it: it was gone back to, and changed."""
        found = self.json()
        return isinstance(found, dict) and str(found.get("type")).endswith(REUSED)


def _of_our_own(status: int, title: str, detail: str) -> Answer:
    return Answer(status, json.dumps({"status": status, "title": title, "detail": detail}).encode())


AWAY = _of_our_own(503, "平台暂时不可用", "平台没有应答，请稍后再试。")
NOWHERE = _of_our_own(404, "未找到", "没有这个地址。")
CLIMBS = re.compile(r"/(\.|%2e){1,2}(?=[/?]|$)", re.IGNORECASE)
"""A part of a path that the client would take for a way up, out of what it was put into."""


@dataclass(frozen=True, slots=True)
class Caller:
    """On whose behalf: the token, where there is one, and where it is asked from."""

    token: str | None = None
    address: str | None = None
    acts_as: str | None = None
    """The office that is meant, where the token has several."""

    @property
    def headers(self) -> dict[str, str]:
        said = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        said |= {"X-Act-As": self.acts_as} if self.acts_as else {}
        # Residents are counted by their own address, not by ours.
        return said | ({"X-Forwarded-For": self.address} if self.address else {})


NOBODY = Caller()


class Gateway:
    """Connections are kept and shared."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._session: aiohttp.ClientSession | None = None
        self._streams = set[aiohttp.ClientResponse]()

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=TIMEOUT, cookie_jar=aiohttp.DummyCookieJar()
            )
        return self._session

    async def ask(
        self,
        caller: Caller,
        path: str,
        query: Query = (),
        *,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        if CLIMBS.search(path):
            return NOWHERE
        address = f"{self.url}{path}" + (f"?{urlencode(query, doseq=True)}" if query else "")
        under = traceparent()
        try:
            async with self._client().request(
                method,
                address,
                data=None if body is None else io.BytesIO(body),
                headers={
                    **caller.headers,
                    **(headers or {}),
                    **({"traceparent": under} if under else {}),
                },
                allow_redirects=False,
            ) as answer:
                said = {name.lower(): value for name, value in answer.headers.items()}
                return Answer(answer.status, await answer.read(), said)
        except (aiohttp.ClientError, TimeoutError):
            return AWAY

    async def stream(self, caller: Caller, path: str) -> AsyncIterator[bytes]:
        """As it comes, until either side ends it."""
        try:
            async with self._client().get(
                self.url + path, headers=caller.headers, timeout=STREAM
            ) as answer:
                if answer.status == 200:
                    self._streams.add(answer)
                    try:
                        async for chunk in answer.content.iter_any():
                            yield chunk
                    finally:
                        self._streams.remove(answer)
        except (aiohttp.ClientError, TimeoutError):
            return

    def leave(self) -> None:
        """End the streams, each of which a process that stops would otherwise wait for."""
        for answer in self._streams:
            answer.close()

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
