"""A service is ready if it can keep a command; without its broker it is degraded, not unready."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from chassis import health
from chassis.brake import Brake
from chassis.cause import Cause
from chassis.deadlines import Scheduler, Timer
from chassis.health import Check, Watch
from chassis.kernel.errors import Unavailable
from chassis.outbox import Relay
from chassis.store import Document, Index, Store
from chassis.telemetry import WATCHED, Telemetry
from tests.support.inside import inside, starting
from tests.support.stores import store
from tests.support.toy import NOON, PutIn, cause, jars

__all__ = ["store"]


class Bus:
    def __init__(self) -> None:
        self.broken: str | None = None

    def trouble(self) -> str | None:
        return self.broken


async def watch(
    store: Store, bus: Bus, *, bound: int = 10, checks: Sequence[Check] = (), later: float = 0.0
) -> tuple[Watch, Brake, Telemetry]:
    def clock() -> datetime:
        return NOON + timedelta(seconds=later)

    telemetry, brake = Telemetry("tests"), Brake()
    relay = Relay(bus, clock, telemetry)  # type: ignore[arg-type]
    relay.serve([jars(store)])
    stopped = Scheduler("toy", [Timer(jars(store), nobody)], clock, telemetry)
    made = Watch(
        "toy",
        [store],
        checks,
        relay,
        stopped,
        brake,
        telemetry,
        clock,
        bound=bound,
        late=60.0,
        idle=lambda: None,
        worse={"bus": bus.trouble},
    )
    await made.prepare()
    return made, brake, telemetry


def told_ready(telemetry: Telemetry, service: str) -> float | None:
    return telemetry.registry.get_sample_value("gongzhi_ready", {"service": service})


async def nobody(id: str, cause: Cause) -> None:
    raise AssertionError("it doesn't run")


class Full:
    """A store that reads and can't write, as on a full disk."""

    def __init__(self, inner: Store) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)

    async def insert(self, collection: str, document: Document, *, ahead: bool = False) -> None:
        raise Unavailable("存储暂时不可用，请稍后再试。")

    async def replace(
        self, collection: str, document: Document, rev: int, *, ahead: bool = False
    ) -> bool:
        raise Unavailable("存储暂时不可用，请稍后再试。")

    async def prepare(self, collection: str, indexes: Sequence[Index]) -> None:
        return None


async def test_who_cannot_keep_a_command_is_not_ready_and_is_again_when_it_can(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await jars(store).prepare()
    good, _, telemetry = await watch(store, Bus())
    assert (await good.health()).troubles == {}
    full, _, _ = await watch(Full(store), Bus())  # type: ignore[arg-type]
    assert set((await full.health()).troubles) == {"store"}
    good._probes[0] = full._probes[0]
    monkeypatch.setattr(health, "PROBE_EVERY", 0.0)
    monkeypatch.setattr(health, "FRESH", 0.0)
    assert set((await good.health()).troubles) == {"store"}
    assert told_ready(telemetry, "toy") == 0


async def test_a_broker_that_is_away_degrades_and_says_so_in_the_metrics(store: Store) -> None:
    await jars(store).prepare()
    bus = Bus()
    made, brake, telemetry = await watch(store, bus)
    bus.broken = "消息中间件不可用"
    found = await made.health()
    assert (found.troubles, found.degraded) == ({}, {"bus": "消息中间件不可用"})
    assert telemetry.registry.get_sample_value("gongzhi_degraded", {"service": "toy"}) == 1
    brake.check()
    bus.broken = None
    assert (await made.health()).degraded == {}


async def test_an_old_outbox_degrades_and_a_full_one_takes_no_more(store: Store) -> None:
    kept = jars(store)
    await kept.prepare()
    for name in ("one", "two"):
        await kept.record(name, lambda _: [PutIn(amount=1, at=NOON)], cause())
    late, brake, telemetry = await watch(store, Bus(), later=61)
    assert set((await late.health()).degraded) == {"outbox"}
    oldest = telemetry.registry.get_sample_value(
        "gongzhi_outbox_oldest_seconds", {"service": "toy"}
    )
    assert oldest == 61
    brake.check()
    full, brake, _ = await watch(store, Bus(), bound=2)
    found = await full.health()
    assert found.troubles == {} and "2 条记录" in found.degraded["outbox"]
    with pytest.raises(Unavailable, match="暂不受理"):
        brake.check()


async def test_a_deadline_that_nobody_fires_shows_in_the_metrics(store: Store) -> None:
    kept = jars(store)
    await kept.prepare()
    for name, seconds in (("one", 1), ("two", 0)):
        at = NOON + timedelta(seconds=seconds)
        await kept.record(name, lambda _, at=at: [PutIn(amount=1, at=at)], cause())  # type: ignore[misc]
    day = timedelta(days=1).total_seconds()
    for later, oldest in ((day - 1, 0.0), (day + 400, 400.0)):
        made, _, telemetry = await watch(store, Bus(), later=later)
        await made.health()
        found = telemetry.registry.get_sample_value(
            "gongzhi_timers_oldest_due_seconds", {"service": "toy"}
        )
        assert found == oldest


async def test_a_store_that_never_says_what_waits_is_a_trouble(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last look would have passed for a new one, and no alert would have come."""
    await jars(store).prepare()
    made, _, telemetry = await watch(store, Bus())
    assert (await made.health()).troubles == {}

    async def never(*_: object, **__: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(health, "FRESH", 0.0)
    monkeypatch.setattr(health, "LOOK_WITHIN", 0.1)
    monkeypatch.setattr(store, "find", never)
    async with asyncio.timeout(60):
        assert set((await made.health()).troubles) == {"store"}
    assert told_ready(telemetry, "toy") == 0


async def test_what_is_missing_is_a_trouble(store: Store) -> None:
    await jars(store).prepare()

    async def missing() -> str:
        return "units: 已收到 3 / 40"

    made, _, _ = await watch(store, Bus(), checks=[missing])
    assert (await made.health()).troubles == {"register": "units: 已收到 3 / 40"}


async def test_a_stopped_timer_is_a_trouble_of_its_own(tmp_path: Path) -> None:
    async with inside(tmp_path / "data") as running:
        scheduler = running.services["whistle"]._scheduler
        assert scheduler._passes._task is not None
        scheduler._passes._task.cancel()
        await asyncio.sleep(0.05)
        assert await running.troubles() == {"whistle": "计时器已停止"}
        assert told_ready(running.runtime.telemetry, "whistle") == 0
        assert told_ready(running.runtime.telemetry, "housing") == 1


async def test_commands_are_refused_while_the_outbox_is_full_and_reading_goes_on(
    tmp_path: Path,
) -> None:
    async with inside(tmp_path / "data") as running:
        running.runtime.brakes[
            "whistle"
        ].reason = "有 100000 条记录的事件等待发布，暂不受理新的操作。"
        url = running.url + "/api/v1/whistle/whistles"
        token = running("street:guanshang").token
        headers = {"Authorization": f"Bearer {token}"}
        body = {
            "level": "street",
            "kind": "tackle",
            "units": ["water"],
            "lead": "water",
            "title": "河道",
            "category": "water",
        }
        async with running.session.post(url, json=body, headers=headers) as answer:
            assert (answer.status, answer.headers["retry-after"]) == (503, "2")
            assert "等待发布" in (await answer.json())["detail"]
        async with running.session.get(url, headers=headers) as answer:
            assert answer.status == 200


async def test_a_start_that_waits_for_the_broker_has_not_begun_but_lives(tmp_path: Path) -> None:
    nobody = "amqp://nobody:nobody@127.0.0.1:9/"
    async with starting(tmp_path, only=("whistle",), bus_url=nobody) as waiting:
        answers = {}
        for path in ("/livez", "/startupz", "/readyz"):
            async with waiting.session.get(waiting.url + path) as answer:
                answers[path] = answer.status
        # A process that is there and tells nothing would pass for one that is away, or not be missed at all.
        assert told_ready(waiting.runtime.telemetry, "whistle") == 0
    assert answers == {"/livez": 200, "/startupz": 503, "/readyz": 503}
    async with inside(tmp_path, only=("whistle", "housing")) as begun:
        async with begun.session.get(begun.url + "/startupz") as answer:
            assert (answer.status, await answer.json()) == (200, {"started": True})


async def test_what_watches_it_is_not_measured_with_what_users_ask(tmp_path: Path) -> None:
    async with inside(tmp_path, only=("whistle", "housing")) as running:
        for path in (*WATCHED, "/openapi.json"):
            async with running.session.get(running.url + path) as answer:
                assert answer.status == 200
        measured = {
            sample.labels["route"]
            for metric in running.runtime.telemetry.registry.collect()
            for sample in metric.samples
            if sample.name == "gongzhi_http_request_seconds_count"
        }
    assert "/openapi.json" in measured and not measured & WATCHED
