"""Every trail, checked link by link, and its end against what the journal has witnessed."""

import asyncio
from collections import defaultdict
from pathlib import Path
from typing import Any

import aiohttp

from chassis.trail import Fault, witnessed

from . import keys
from .office import Office

PATHS = {
    "whistles": "/api/v1/whistle/whistles",
    "problems": "/api/v1/whistle/problems",
    "accountability": "/api/v1/whistle/accountability",
    "communities": "/api/v1/housing/communities",
    "boundary_changes": "/api/v1/housing/boundary-changes",
    "agreements": "/api/v1/housing/agreements",
    "premises": "/api/v1/housing/premises",
    "declarations": "/api/v1/housing/declarations",
    "suppliers": "/api/v1/procurement/suppliers",
    "contracts": "/api/v1/procurement/contracts",
    "committees": "/api/v1/consultation/committees",
    "matters": "/api/v1/consultation/matters",
}
"""Collection → where its trails are read."""


def run(url: str, data: Path) -> int:
    return asyncio.run(check(url, data))


async def check(url: str, data: Path) -> int:
    async with aiohttp.ClientSession() as session:
        office = Office(session, url, keys.token(data, "district_admin"))
        heads = await _heads(office)
        count, broken = 0, 0
        for collection, path in PATHS.items():
            for id in await _ids(office, path):
                found = await faults(office, path, id, heads.get(f"{collection}/{id}", {}))
                count, broken = count + 1, broken + bool(found)
                for fault in found:
                    print(f"{collection}/{id}  版本 {fault.version}: {fault.what}")
    print(f"已核验 {count} 条留痕，{broken} 条有问题")
    return 1 if broken else 0


async def faults(office: Office, path: str, id: str, heads: dict[int, str]) -> list[Fault]:
    trail = await office.get(f"{path}/{id}/trail", verify="true")
    links = [Fault(fault["version"], fault["what"]) for fault in trail["faults"]]
    return [*links, *witnessed(trail["entries"], heads)]


async def _heads(office: Office) -> dict[str, dict[int, str]]:
    """Subject → version → mark, as the journal saw them."""
    found: dict[str, dict[int, str]] = defaultdict(dict)
    after = 0
    while items := (page := await office.get("/api/v1/events", after=after, limit=500))["items"]:
        for item in items:
            event = item["event"]
            if "trailhead" in event:
                found[event["subject"]][int(event["sequence"])] = event["trailhead"]
        after = page["next"]
    return found


async def _ids(office: Office, path: str) -> list[str]:
    found: list[str] = []
    query: dict[str, Any] = {"limit": 200}
    while True:
        page = await office.get(path, **query)
        found += [item["id"] for item in page["items"]]
        if "next" not in page or page["next"] is None:
            return found
        query["cursor"] = page["next"]
