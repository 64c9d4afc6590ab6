"""`gongzhi verify`: an untouched platform passes; whoever writes past the platform is found out."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from gongzhi import demo, verify
from tests.support.buses import until
from tests.support.inside import Inside, inside

Tamper = Callable[[dict[str, Any]], dict[str, Any]]


@pytest.fixture
async def played(tmp_path: Path, sqlite_url: str) -> AsyncIterator[tuple[Inside, str]]:
    async with inside(tmp_path / "data") as running:
        await running.ready()
        whistle = await demo.need_to_scorecard(
            demo.Cast(running.session, running.url, running.data)
        )

        async def witnessed() -> bool:
            feed = await running("command_centre").get("/api/v1/events", limit=500)
            types = [item["event"]["type"] for item in feed["items"]]
            return "whistle.closed.v1" in types

        await until(witnessed)
        yield running, whistle


def edited(document: dict[str, Any]) -> dict[str, Any]:
    """A late arrival made punctual."""
    trail = [dict(entry) for entry in document["trail"]]
    late = next(entry for entry in trail if entry["type"] == "DeadlineMissed")
    late["data"] = {**late["data"], "unit": "somebody_else"}
    return {**document, "trail": trail}


def deleted(document: dict[str, Any]) -> dict[str, Any]:
    trail = [entry for entry in document["trail"] if entry["type"] != "DeadlineMissed"]
    return {**document, "trail": trail, "version": len(trail)}


def reordered(document: dict[str, Any]) -> dict[str, Any]:
    first, second, *rest = document["trail"]
    return {**document, "trail": [second, first, *rest]}


def truncated(document: dict[str, Any]) -> dict[str, Any]:
    """Every link holds; only the journal knows that there was more."""
    trail = document["trail"][:4]
    return {**document, "trail": trail, "version": len(trail)}


async def test_an_untouched_platform_passes(played: tuple[Inside, str]) -> None:
    running, _ = played
    assert await verify.check(running.url, running.data) == 0


@pytest.mark.parametrize("tamper", [edited, deleted, reordered, truncated])
async def test_W_08_what_was_changed_past_the_platform_is_found(
    played: tuple[Inside, str], tamper: Tamper, capsys: pytest.CaptureFixture[str]
) -> None:
    running, whistle = played
    store = running.services["whistle"].stores[0]
    document = await store.get("whistles", whistle)
    assert document is not None
    changed = {**tamper(document), "rev": document["rev"] + 1}
    assert await store.replace("whistles", changed, document["rev"])
    assert await verify.check(running.url, running.data) == 1
    assert f"whistles/{whistle}" in capsys.readouterr().out
