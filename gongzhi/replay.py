"""Replays the whole journal into fresh scorecards, and compares these with the ones that index shows, digit by digit.

The marks of a street and its assessor in annex 9 are in no event: they are taken from index as they are. Changes made
while it runs show as differences, and no longer do in a second run.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
from pydantic import TypeAdapter

from . import keys
from .office import Office

API = "/api/v1"
AT_ONCE = 500


def run(url: str, data: Path) -> int:
    return asyncio.run(check(url, data))


async def check(url: str, data: Path) -> int:
    """0 where every figure of every street and quarter is the same."""
    # Imported only by the command that needs it: the others answer in a second.
    from services.index.domain.annex9_events import Sheet
    from services.index.domain.scorecard import Scorecard
    from services.index.replay import Replay
    from services.index.shipped import streets

    cards = TypeAdapter(Scorecard)
    sheets = TypeAdapter(Sheet)
    replay = Replay()
    async with aiohttp.ClientSession() as session:
        office = Office(session, url, keys.token(data, "district_admin"))
        read = 0
        async for event in _feed(office):
            read += 1
            await replay.hear(event, datetime.now(UTC))
        async for item in _all(office, f"{API}/index/consultation"):
            replay.book.take_over(sheets.validate_python(item["state"]["sheet"]))
        made = replay.book.cards(streets(), replay.book.quarters())
        differing = 0
        for card in made:
            path = f"{API}/index/scorecards/{card.street}"
            shown = cards.validate_python(await office.get(path, quarter=card.quarter))
            for new, old in zip(card.figures, shown.figures, strict=True):
                if new != old:
                    differing += 1
                    print(f"{card.street} {card.quarter} {new.name}: {_said(old)} → {_said(new)}")
    figures = sum(len(card.figures) for card in made)
    print(
        f"读到 {read} 条事件，用到 {replay.heard} 条，退回 {replay.left_out} 条；"
        f"{len(made)} 张记分卡的 {figures} 个数字，{differing} 个不同"
    )
    return 1 if differing else 0


def _said(figure: Any) -> str:
    made_of = "" if figure.of is None else f"（{figure.part}/{figure.of}）"
    return f"{figure.value}{made_of}"


async def _feed(office: Office) -> AsyncIterator[dict[str, Any]]:
    after = 0
    while items := (page := await office.get(f"{API}/events", after=after, limit=AT_ONCE))["items"]:
        for item in items:
            yield item["event"]
        after = page["next"]


async def _all(office: Office, path: str) -> AsyncIterator[dict[str, Any]]:
    query: dict[str, Any] = {}
    while True:
        page = await office.get(path, **query)
        for item in page["items"]:
            yield item
        if page.get("next") is None:
            return
        query["cursor"] = page["next"]
