"""The demo's offices and places, and how it waits for events."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import aiohttp

from . import keys
from .office import Office

STREET, COMMUNITY = "guanshang", "guanshangzhongxinqu"
Found = TypeVar("Found")


class Disappointed(Exception):
    """A figure isn't what it should be."""


@dataclass(frozen=True, slots=True)
class Cast:
    """The offices of the play."""

    session: aiohttp.ClientSession
    url: str
    data: Path

    def office(self, acts_as: str) -> Office:
        return Office(self.session, self.url, keys.token(self.data, acts_as))


def say(text: str) -> None:
    print(f"· {text}", flush=True)


async def arrived(found: Callable[[], Awaitable[Found | None]], wanting: str) -> Found:
    """The effect of another service's event, once it has crossed the bus."""
    for _ in range(300):
        if (now := await found()) is not None:
            return now
        await asyncio.sleep(0.1)
    raise Disappointed(wanting)


async def every(office: Office, path: str, **query: Any) -> list[dict[str, Any]]:
    """All of a list, page by page."""
    found: list[dict[str, Any]] = []
    asked: dict[str, Any] = {**query, "limit": 200}
    while True:
        page = await office.get(path, **asked)
        found += page["items"]
        if page.get("next") is None:
            return found
        asked["cursor"] = page["next"]
