"""The index service in one process, over HTTP, on SQLite and the local bus, with a clock the test holds."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from chassis.cause import Cause
from chassis.subscriptions import Heard
from contracts.event import Envelope, Event
from tests.support.alone import MONDAY, Alone, serving

MARCH = MONDAY
BASE = "/api/v1/index"
EVIDENCE = {"source": "guandu", "edition": "2026", "page": "112"}
OWN = {"source": "statistics", "table": "年度统计报表"}


class Index(Alone):
    """The index."""

    name: ClassVar[str] = "index"

    async def file(self, who: str, point: int, *values: str, year: int = 2026) -> int:
        """The status of filing these figures."""
        body = {"values": values, "evidence": EVIDENCE}
        return (await self.ask(who, "PUT", f"/observations/{year}/{point}", body))[0]

    async def hear(
        self, id: str, event: Event, at: datetime = MARCH, sequence: int = 3, about: str = ""
    ) -> None:
        """As the bus would deliver it; `about` what, where that isn't called as the event is."""
        [subscription] = [one for one in self.service.subscriptions if one.event is type(event)]
        envelope = Envelope(
            id=id,
            source=f"/gongzhi/{event.type.partition('.')[0]}",
            type=event.type,
            subject=f"things/{about or id}",
            time=at,
            sequence=f"{sequence:012}",
            correlationid="case-1",
            data={},
        )
        cause = Cause(actor="system:bus", now=at, key=f"event:{id}", fingerprint=id)
        await subscription.react(Heard(event=event, envelope=envelope, cause=cause))


async def begun(told: Index) -> None:
    """Ready as far as it is without the other services: what it ships is there."""
    async with asyncio.timeout(120):
        while (await told.ask("resident", "GET", "/years"))[1].get("items", []) == []:
            await asyncio.sleep(0.02)


@asynccontextmanager
async def running(data: Path, *beside: str) -> AsyncIterator[Index]:
    """`beside`: other services whose news it hears."""
    async with serving(Index, data, *beside) as told:
        await begun(told)
        yield told
