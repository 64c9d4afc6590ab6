"""An import, waited for."""

import asyncio
from typing import Any

from chassis.imports.domain import OPEN
from gongzhi.office import Office


async def ended(office: Office, path: str) -> dict[str, Any]:
    """What became of it."""
    async with asyncio.timeout(120):
        while True:
            state: dict[str, Any] = (await office.get(path))["state"]
            if state["status"] not in OPEN:
                return state
            await asyncio.sleep(0.2)
