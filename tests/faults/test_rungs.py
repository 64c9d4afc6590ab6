"""W-06, W-07: three schedulers are killed while rungs fall due; each rung is recorded once, and none is lost."""

from datetime import timedelta
from pathlib import Path

from chassis.aggregates import Aggregates
from chassis.service import open_store, utc_now
from services.whistle.steps.whistles import WHISTLES
from tests.bench.whistle_rungs import SCHEDULERS, Schedulers, fired, seed, with_kills
from tests.support.platform import environment_of
from tests.support.toy import Silent

RUNGS = 300


async def test_W_07_whoever_is_killed_each_rung_fires_once(tmp_path: Path, sqlite_url: str) -> None:
    data = tmp_path / "data"
    data.mkdir()
    environment = environment_of(data, sqlite_url, f"local://{data}/bus.db")
    secret = bytes.fromhex(environment["GONGZHI_TRAIL_KEY"])
    store = open_store(sqlite_url, "whistle", "pymongo")
    whistles = Aggregates(WHISTLES.kind, store, secret, Silent())
    schedulers = Schedulers(environment, data)
    try:
        await schedulers.begin()
        await seed(whistles, utc_now() + timedelta(seconds=5), RUNGS, seconds=10)
        await with_kills(whistles, schedulers, RUNGS, kills=SCHEDULERS)
    finally:
        schedulers.end()
    times, _ = await fired(whistles, RUNGS)
    await store.close()
    assert (dict(times), schedulers.kills) == ({1: RUNGS}, SCHEDULERS)
