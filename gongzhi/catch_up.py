"""Redelivers to a service that was restored alone the events it consumes; records it changed since are listed.

Redelivery restores what other services' events had led to. The commands carried out after the backup aren't fully in
the journal: of each record that the journal has seen in a later or different version, the versions are printed.
"""

import asyncio
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp

from . import keys
from .office import Office, Refused
from .verify import removal_of, verified, witnessed_by

GATEWAY = "/api/v1/gateway"
LOOK_AGAIN = 2.0
"""Seconds between two looks at the service: where both show the same, it has heard everything."""
LOOKS = 300

Heads = dict[int, dict[str, Any]]
"""Version → the event that told it."""


def run(url: str, data: Path, service: str, reason: str) -> int:
    """1 where something differs after all."""
    try:
        return asyncio.run(catch_up(url, data, service, reason))
    except Refused as refused:
        print(f"gongzhi: {refused.problem['detail']}", file=sys.stderr)
        return 1


async def catch_up(url: str, data: Path, service: str, reason: str) -> int:
    async with aiohttp.ClientSession() as session:
        office = Office(session, url, keys.token(data, "district_admin"))
        print(f"已向 {service} 补投 {await _told_again(office, service, reason)} 条事件")
        kept = await _settled(office, service)
        lost = list(differing(kept, await _heads(office, service)))
        for line in lost:
            print(line)
        parked = (await office.get(f"{GATEWAY}/parked"))[service]
        print(f"{len(kept)} 条记录，{len(lost)} 条与日志不同；搁置消息 {parked} 条")
        return 1 if lost or parked else 0


async def _told_again(office: Office, service: str, reason: str) -> int:
    after: int | None = 0
    count = 0
    while after is not None:
        asked = {"after": after, "reason": reason}
        said = await office.post(f"{GATEWAY}/catch-up/{service}", asked)
        count, after = count + said["delivered"], said["next"]
    return count


async def _settled(office: Office, service: str) -> dict[str, list[str]]:
    """Each record's marks, once they change no more."""
    before: dict[str, list[str]] | None = None
    for _ in range(LOOKS):
        found = {subject: item["marks"] async for subject, item in verified(office, service)}
        if found == before:
            return found
        before = found
        await asyncio.sleep(LOOK_AGAIN)
    raise Refused(503, {"detail": f"{service} 仍在变化；请稍后再运行"})


async def _heads(office: Office, service: str) -> dict[str, Heads]:
    """What was told first of each version: a service set back may have told it twice."""
    found: dict[str, Heads] = defaultdict(dict)
    async for subject, event in witnessed_by(office):
        if subject.startswith(f"{service} "):
            found[subject].setdefault(int(event["sequence"]), event)
    return found


def differing(kept: dict[str, list[str]], heads: dict[str, Heads]) -> Iterator[str]:
    """A line for each record that the journal has seen further on than it is, or otherwise; none where its term was
    over.
    """
    for subject, told in sorted(heads.items()):
        if subject not in kept and removal_of(subject) in kept:
            continue
        marks = kept.get(subject, [])
        lost = [f"{event['type']} {event['time']}" for n, event in told.items() if n > len(marks)]
        if lost:
            there = f"停在版本 {len(marks)}" if marks else "不存在"
            yield f"{subject}  {there}，日志所记到版本 {max(told)}：{'，'.join(lost)}"
        other = [
            n for n, event in told.items() if marks[n - 1 : n] not in ([], [event["trailhead"]])
        ]
        if other:
            yield f"{subject}  版本 {'、'.join(map(str, other))} 与日志所记不同"
