"""The whistle service with the register inside the test's loop, at an hour that a test may move; fixtures to import."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.inside import HeldClock, Inside, inside

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
"""Monday, ten in the morning in Shanghai."""
YEAR_OVER = datetime(2027, 1, 4, 2, 0, tzinfo=UTC)
"""The first Monday after that year."""
WHISTLE = ("housing", "whistle")
"""Whistle, and whom it hears of communities from."""


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock(NOW)


@pytest.fixture
async def platform(tmp_path: Path, sqlite_url: str, clock: HeldClock) -> AsyncIterator[Inside]:
    async with inside(tmp_path / "data", clock=clock, only=WHISTLE) as running:
        yield running
