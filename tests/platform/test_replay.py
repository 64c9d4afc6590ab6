"""`gongzhi replay index` (I-12): the journal's feed gives the scorecards that index shows, or says which it doesn't."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from chassis.kernel.clock import SHANGHAI
from gongzhi import demo, demo_cast, replay
from tests.support.inside import Inside, inside


@pytest.fixture
async def played(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Inside]:
    async with inside(tmp_path / "data") as running:
        await demo.need_to_scorecard(demo_cast.Cast(running.session, running.url, running.data))
        year = datetime.now(SHANGHAI).year
        claim = {"members": 50, "non_party": 40, "document": "名册"}
        await running("department:united_front").post(
            f"/api/v1/index/consultation/guandu.{year}/assessed",
            {"item": 3, "claim": claim, "evidence": "考核表"},
        )
        await running.idle()
        yield running


async def test_I_12_the_journal_replayed_gives_the_same_digits(
    played: Inside, capsys: pytest.CaptureFixture[str]
) -> None:
    year = datetime.now(SHANGHAI).year
    shown = await played("street:guandu").get(
        "/api/v1/index/scorecards/guandu", quarter=f"{year}-Q4"
    )
    assert shown["figures"][-1] == {**shown["figures"][-1], "name": "consultation", "value": 1000}
    assert await replay.check(played.url, played.data) == 0
    assert "0 个不同" in capsys.readouterr().out


async def test_I_12_a_figure_changed_past_the_platform_is_found(
    played: Inside, capsys: pytest.CaptureFixture[str]
) -> None:
    store = played.services["index"].stores[0]
    [entry] = await store.find("entries", {"keys.standing": "closed"})
    keys = {**entry["keys"], "score": entry["keys"]["score"] - 1}
    whole = await store.get("entries", entry["id"])
    assert whole is not None
    assert await store.replace(
        "entries", {**whole, "keys": keys, "rev": whole["rev"] + 1}, whole["rev"]
    )
    assert await replay.check(played.url, played.data) == 1
    assert "mean_score" in capsys.readouterr().out
