"""Every trail, checked link by link, and its end against what the journal has witnessed."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp

from chassis.trail import Fault, witnessed

from . import keys
from .office import Office
from .roster import GATEWAY, SERVICES

API = "/api/v1"
OURS = "/gongzhi/"
PAGE = 50
"""Trails at a time: each is read and folded whole."""


def run(url: str, data: Path) -> int:
    return asyncio.run(check(url, data))


async def check(url: str, data: Path) -> int:
    """Everything that every service says it keeps; 0 where all of it is as it was written."""
    async with aiohttp.ClientSession() as session:
        office = Office(session, url, keys.token(data, "district_admin"))
        heads = await _heads(office)
        count, broken = 0, 0
        for name in (*SERVICES, GATEWAY):
            base = f"{API}/trails" if name == GATEWAY else f"{API}/{name}/trails"
            for collection in await office.get(base):
                async for item in _verified(office, f"{base}/{collection}"):
                    subject = f"{name} {collection}/{item['id']}"
                    found = faults(item, heads.get(subject, {}))
                    count, broken = count + 1, broken + bool(found)
                    for fault in found:
                        print(f"{subject}  版本 {fault.version}: {fault.what}")
        print(f"已核验 {count} 条留痕，{broken} 条有问题")
        return 1 if broken else 0


def faults(item: dict[str, Any], heads: dict[int, str]) -> list[Fault]:
    """Of one verified trail: what the service found, and what the journal has witnessed otherwise."""
    links = [Fault(fault["version"], fault["what"]) for fault in item["faults"]]
    entries = [{"version": n, "mark": mark} for n, mark in enumerate(item["marks"], start=1)]
    return [*links, *witnessed(entries, heads)]


async def _heads(office: Office) -> dict[str, dict[int, str]]:
    """Service and subject → version → mark, as the journal saw them."""
    found: dict[str, dict[int, str]] = defaultdict(dict)
    after = 0
    while items := (page := await office.get("/api/v1/events", after=after, limit=500))["items"]:
        for item in items:
            event = item["event"]
            if "trailhead" in event:
                # Who speaks in a partner's name is the gateway.
                source = event["source"]
                service = source.removeprefix(OURS) if source.startswith(OURS) else GATEWAY
                found[f"{service} {event['subject']}"][int(event["sequence"])] = event["trailhead"]
        after = page["next"]
    return found


async def _verified(office: Office, path: str) -> AsyncIterator[dict[str, Any]]:
    query: dict[str, Any] = {"limit": PAGE}
    while True:
        page = await office.get(path, **query)
        for item in page["items"]:
            yield item
        if page.get("next") is None:
            return
        query["cursor"] = page["next"]
