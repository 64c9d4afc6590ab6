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
        heads = await heads_of(office)
        count, broken = 0, 0
        for name in (*SERVICES, GATEWAY):
            async for subject, item in verified(office, name):
                found = faults(item, heads.pop(subject, {}))
                count, broken = count + 1, broken + bool(found)
                for fault in found:
                    print(f"{subject}  版本 {fault.version}: {fault.what}")
        for subject in heads:
            print(f"{subject}  日志见证过，现在没有这条记录")
        broken += len(heads)
        print(f"已核验 {count} 条留痕，{broken} 条有问题")
        return 1 if broken else 0


def faults(item: dict[str, Any], heads: dict[int, str]) -> list[Fault]:
    """Of one verified trail: what the service found, and what the journal has witnessed otherwise."""
    links = [Fault(fault["version"], fault["what"]) for fault in item["faults"]]
    entries = [{"version": n, "mark": mark} for n, mark in enumerate(item["marks"], start=1)]
    return [*links, *witnessed(entries, heads)]


async def heads_of(office: Office) -> dict[str, dict[int, str]]:
    """Service and subject → version → mark, as the journal saw them."""
    found: dict[str, dict[int, str]] = defaultdict(dict)
    async for subject, event in witnessed_by(office):
        found[subject][int(event["sequence"])] = event["trailhead"]
    return found


async def witnessed_by(office: Office) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    """Every event that witnesses a trail, under its service and subject, in the journal's order."""
    after = 0
    while items := (page := await office.get(f"{API}/events", after=after, limit=500))["items"]:
        for item in items:
            event = item["event"]
            if "trailhead" in event:
                # Who speaks in a partner's name is the gateway.
                source = event["source"]
                service = source.removeprefix(OURS) if source.startswith(OURS) else GATEWAY
                yield f"{service} {event['subject']}", event
        after = page["next"]


async def verified(office: Office, name: str) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    """Everything that a service says it keeps: service and subject, and what it says of its trail."""
    base = f"{API}/trails" if name == GATEWAY else f"{API}/{name}/trails"
    for collection in await office.get(base):
        async for item in _paged(office, f"{base}/{collection}"):
            yield f"{name} {collection}/{item['id']}", item


async def _paged(office: Office, path: str) -> AsyncIterator[dict[str, Any]]:
    query: dict[str, Any] = {"limit": PAGE}
    while True:
        page = await office.get(path, **query)
        for item in page["items"]:
            yield item
        if page.get("next") is None:
            return
        query["cursor"] = page["next"]
