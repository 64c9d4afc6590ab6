"""What stands in the way of a start is waited for."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from chassis.bus_local import LocalBus
from gongzhi import keys
from tests.support.inside import starting


async def test_a_bus_file_held_by_another_at_the_start_is_waited_for(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused, start = [], LocalBus.start

    async def watched(bus: LocalBus) -> None:
        try:
            await start(bus)
        except sqlite3.OperationalError as error:
            refused.append(error)
            raise

    monkeypatch.setattr(LocalBus, "start", watched)
    monkeypatch.setattr("chassis.bus_local.BUSY", 1)
    data = tmp_path / "data"
    keys.settings_for(data)
    with sqlite3.connect(data / "bus.db", isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        async with starting(data) as running:
            while not refused:
                await asyncio.sleep(0.05)
            assert await running.troubles()
            other.execute("ROLLBACK")
            await running.ready()
    other.close()
