"""One office calling the gateway, as any department's front-end would: token, If-Match, Idempotency-Key."""

import io
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import aiohttp


class Refused(Exception):
    """The platform said no; `problem` is its problem document."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(f"{status} {problem.get('detail')}")
        self.status = status
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Office:
    """Acts as one subject. What it reads and changes comes back as JSON."""

    session: aiohttp.ClientSession
    url: str
    token: str

    async def get(self, path: str, **query: Any) -> Any:
        params = {name: str(value) for name, value in query.items()}
        return await self.call("GET", path, params=params)

    async def post(
        self, path: str, body: Any = None, *, version: int | None = None, key: str | None = None
    ) -> Any:
        return await self.call("POST", path, body=body, version=version, key=key or str(uuid4()))

    async def put(self, path: str, body: Any, *, version: int | None = None) -> Any:
        return await self.call("PUT", path, body=body, version=version)

    async def upload(self, path: str, content: bytes, **query: str) -> Any:
        """A whole file as the body."""
        return await self.call("POST", path, content=content, params=query, key=str(uuid4()))

    async def step(self, path: str, id: str, step: str, body: Any = None) -> Any:
        """A change of the version as it is now."""
        now = await self.get(f"{path}/{id}")
        return await self.post(f"{path}/{id}/{step}", body, version=now["version"])

    async def call(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        content: bytes | None = None,
        params: dict[str, str] | None = None,
        version: int | None = None,
        key: str | None = None,
    ) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        if key is not None:
            headers["Idempotency-Key"] = key
        data = None if content is None else io.BytesIO(content)
        async with self.session.request(
            method, self.url + path, json=body, data=data, params=params, headers=headers
        ) as answer:
            found = await answer.json()
            if answer.status >= 400:
                raise Refused(answer.status, found)
            return found
