"""Parked messages: how many in which queue, each with its reason; replaying and discarding them."""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import aiohttp

from chassis.settings import Misconfigured

from . import keys
from .office import Office, Refused

PARKED = "/api/v1/gateway/parked"
ALL = 200


def run(
    url: str, data: Path, queue: str | None, does: str, marks: Sequence[str], reason: str
) -> int:
    """1 if something is parked, or if the requested message isn't there."""
    if does != "list" and not reason.strip():
        raise Misconfigured(f"parked {queue} {does} 须以 --reason 写明理由")
    try:
        return asyncio.run(_run(url, data, queue, does, marks, reason))
    except Refused as refused:
        print(f"gongzhi: {refused.problem['detail']}", file=sys.stderr)
        return 1


async def _run(
    url: str, data: Path, queue: str | None, does: str, marks: Sequence[str], reason: str
) -> int:
    async with aiohttp.ClientSession() as session:
        office = Office(session, url, keys.token(data, "district_admin"))
        if queue is None:
            return _counted(await office.get(PARKED))
        if does == "list":
            return _listed(await office.get(f"{PARKED}/{queue}", limit=ALL))
        asked = {"marks": list(marks), "reason": reason}
        done = await office.post(f"{PARKED}/{queue}/{does}", asked)
        print(f"已处理 {done['settled']} 条")
        return 0 if done["settled"] == len(set(marks)) else 1


def _counted(counts: dict[str, int]) -> int:
    for queue, count in counts.items():
        print(f"{queue:16}{count}")
    return 1 if any(counts.values()) else 0


def _listed(found: dict[str, Any]) -> int:
    for one in found["items"]:
        print(
            f"{one['mark']}  {one['type']}  {one['message']}\n    {one['why']}\n    {one['body']}"
        )
    print(f"共 {found['count']} 条")
    return 1 if found["count"] else 0
