"""Verifies every trail link by link, and its head against what the journal has witnessed."""

import asyncio
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp

from chassis.removals import COLLECTION, noted_as
from chassis.trail import TrailFault, witnessed

from . import keys
from .office import Office
from .roster import GATEWAY, SERVICES

API = "/api/v1"
OURS = "/gongzhi/"
PAGE = 50
"""Trails at a time: each is read and folded whole."""
SAID = (
    (r"entry (\d+) carries version (.+)", r"第 \1 条写的版本是 \2"),
    (r"the document is at version (\d+), its trail at (\d+)", r"记录在版本 \1，留痕到 \2"),
    (r"no key of ours is called (.+)", r"现有密钥中没有 \1"),
    (r"the mark does not follow from .+", "封印与内容或前一条不符"),
    (r"the journal has witnessed another mark .+", "与日志见证的封印不同"),
    (r"the state does not follow from the trail", "状态与留痕不符"),
    (r"(.+) does not follow from the state", r"\1 与状态不符"),
    (r"this version can't read (.+)", r"此版本读不出（\1），可能由更新的版本写成"),
)
"""What is wrong with a trail, and what we say to people."""


def run(url: str, data: Path) -> int:
    return asyncio.run(check(url, data))


async def check(url: str, data: Path) -> int:
    """Everything that every service says it keeps; 0 where all of it is as it was written."""
    async with aiohttp.ClientSession() as session:
        office = Office(session, url, keys.token(data, "district_admin"))
        heads = await heads_of(office)
        count, broken, sound = 0, 0, set()
        for name in (*SERVICES, GATEWAY):
            async for subject, item in verified(office, name):
                found = faults(item, heads.pop(subject, {}))
                count, broken = count + 1, broken + bool(found)
                for fault in found:
                    print(f"{subject}  版本 {fault.version}：{in_words(fault.what)}")
                if not found:
                    sound.add(subject)
        lost = [subject for subject in heads if removal_of(subject) not in sound]
        for subject in lost:
            print(f"{subject}  日志见证过，现在没有这条记录")
        broken += len(lost)
        print(f"已核验 {count} 条留痕，{broken} 条有问题")
        return 1 if broken else 0


def removal_of(subject: str) -> str:
    """What its service keeps of it once its term is over and it has gone."""
    name, _, record = subject.partition(" ")
    collection, _, id = record.partition("/")
    return f"{name} {COLLECTION}/{noted_as(collection, id)}"


def in_words(what: str) -> str:
    """As a service says it to machines, in the language of this command."""
    for pattern, words in SAID:
        if found := re.fullmatch(pattern, what, re.DOTALL):
            return found.expand(words)
    return what


def faults(item: dict[str, Any], heads: dict[int, str]) -> list[TrailFault]:
    """Of one verified trail: what the service found, and what the journal has witnessed otherwise."""
    links = [TrailFault(fault["version"], fault["what"]) for fault in item["faults"]]
    return [*links, *unwitnessed(item, heads)]


def unwitnessed(item: dict[str, Any], heads: dict[int, str]) -> Iterator[TrailFault]:
    entries = [{"version": n, "mark": mark} for n, mark in enumerate(item["marks"], start=1)]
    return witnessed(entries, heads)


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


def trails_of(name: str) -> str:
    return f"{API}/trails" if name == GATEWAY else f"{API}/{name}/trails"


async def verified(office: Office, name: str) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    """Everything that a service says it keeps: service and subject, and what it says of its trail.

    What went by its term comes last: of a record that goes meanwhile either it is read or what is kept of it.
    """
    base = trails_of(name)
    for collection in sorted(await office.get(base), key=COLLECTION.__eq__):
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
