"""The sandbox prepares itself at each start, and what it gives out holds."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gongzhi import sandbox
from tests.support.inside import Inside, inside

PARTNER = f"{sandbox.PARTNERS}/{sandbox.PARTNER}"


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Inside]:
    async with inside(tmp_path, only=("housing", "whistle")) as running:
        yield running


async def prepared(here: Inside) -> str:
    """The secret that lies there after a start."""
    await sandbox._prepared(here.url, here.data)
    return str(json.loads((here.data / "sandbox.json").read_text(encoding="utf-8"))["secret"])


async def test_the_secret_it_gives_out_is_the_one_that_holds(here: Inside) -> None:
    first = await prepared(here)
    assert await prepared(here) == first
    admin = here("district_admin")
    version = (await admin.get(PARTNER))["version"]
    changed = await admin.post(f"{PARTNER}/rotate", version=version)
    assert await prepared(here) == changed["secret"] != first
