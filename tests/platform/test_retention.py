"""What is over so long that it goes, and what was listed as over and isn't any more."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from chassis.aggregates import Aggregates
from chassis.cause import Cause
from chassis.kernel.errors import NotFound
from chassis.keyring import Keyring
from chassis.kind import Held
from chassis.lists import OVER, due
from chassis.recurring import Recurring
from chassis.removals import Removals
from chassis.retention import EVERY, Line, Retention
from chassis.sealed import Sealed
from chassis.telemetry import Telemetry
from tests.support.memory import MemoryStore
from tests.support.toy import JARS, KEY, NOON, Jar, Lidded, PutIn, Silent

CAUSE = Cause(actor="system:test", now=NOON)


async def test_what_is_over_no_longer_at_its_turn_stays() -> None:
    """Both were listed; while the first went, the second was lidded, and another was gone already. One is of a later
    version, and can't be read.
    """
    kind = replace(JARS, keys=lambda jar: {OVER: due(jar.due)}, indexes=(OVER,), always=(OVER,))
    jars: Aggregates[Jar, Any] = Aggregates(kind, MemoryStore(), KEY, Silent())
    for id in ("j0", "j1", "j2", "j3", "j4"):
        await jars.create(id, lambda: [PutIn(amount=1, at=NOON)], CAUSE)
    later = dict(await jars.store.get("jars", "j0") or {})
    later["state"] = {**later["state"], "holds": "much"}
    assert await jars.store.replace("jars", {**later, "rev": 2}, 1)
    gone = []

    async def remove(held: Held[Jar], cause: Cause) -> None:
        gone.append(held.id)
        await jars.store.delete("jars", held.id)
        if held.id == "j1":
            await jars.change("j2", lambda _: [Lidded()], cause)
            await jars.store.delete("jars", "j3")

    async def days() -> int:
        return 30

    line = Line(name="jars", of=jars, days=days, remove=remove)
    term = timedelta(days=31)
    await line.go_through("toy", NOON + term - timedelta(seconds=1))
    assert gone == []
    await line.go_through("toy", NOON + term)
    assert gone == ["j1", "j4"]
    assert (await jars.get("j2")).aggregate.lidded


async def test_what_is_sealed_is_noted_since_it_is_kept_through_every_key_and_once() -> None:
    old, new = bytes(32), bytes([1] * 32)
    store, later = MemoryStore(), NOON + timedelta(days=2)
    first = Sealed("toy", store, Keyring([old]), Silent())
    await first.keeping("j-1", "a", {"name": "（虚构）"}, CAUSE, number="7")()
    await first.keeping("j-2", "b", {"name": "（虚构）"}, CAUSE, number="7")()
    await first.keeping("j-1", "a", {"name": "（虚构二）"}, replace(CAUSE, now=later), number="7")()
    both = Sealed("toy", store, Keyring([old, new]), Silent())
    assert await both.boxes.reseal(lambda: later) == 2
    assert sorted(await both.same("j-1", "a")) == [("j-1", "a"), ("j-2", "b")]
    removals = Removals("toy", store, old, Silent())
    for _ in range(2):
        await both.remove("j-1", ("a", "never"), removals, "days", replace(CAUSE, now=later))
    [noted] = await removals.kept.find({})
    assert (noted.aggregate.record, noted.aggregate.since, noted.version) == ("j-1/a", NOON, 1)
    assert await both.read("j-1", {"a": "a"}) == {} and await both.open("j-2", "b")
    with pytest.raises(NotFound):
        await both.open("j-1", "a")


async def test_after_the_clock_was_set_back_what_is_over_goes_all_the_same() -> None:
    clock, rounds = [NOON], asyncio.Event()

    async def days() -> int:
        rounds.set()
        return 30

    async def remove(*_: Any) -> None: ...

    jars: Aggregates[Jar, Any] = Aggregates(
        replace(JARS, indexes=(OVER,)), MemoryStore(), KEY, Silent()
    )
    line = Line(name="jars", of=jars, days=days, remove=remove)
    retention = Retention("toy", line, lambda: clock[0])
    for now in (NOON, NOON - timedelta(days=30), NOON - timedelta(days=30) + EVERY):
        clock[0] = now
        rounds.clear()
        await retention.look()
        assert rounds.is_set()
        rounds.clear()
        await retention.look()
        assert not rounds.is_set()


async def test_one_that_hangs_is_cut_off_and_the_others_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """At each round it would have stood in front of what comes after it."""
    monkeypatch.setattr("chassis.retention.REMOVED_WITHIN", 0.05)
    kind = replace(JARS, keys=lambda jar: {OVER: due(jar.due)}, indexes=(OVER,), always=(OVER,))
    jars: Aggregates[Jar, Any] = Aggregates(kind, MemoryStore(), KEY, Silent())
    for id in ("j1", "j2"):
        await jars.create(id, lambda: [PutIn(amount=1, at=NOON)], CAUSE)
    gone = []

    async def days() -> int:
        return 30

    async def remove(held: Held[Jar], _: Cause) -> None:
        if held.id == "j1":
            await asyncio.Event().wait()
        gone.append(held.id)

    line = Line(name="jars", of=jars, days=days, remove=remove)
    async with asyncio.timeout(60):
        await line.go_through("toy", NOON + timedelta(days=31))
    assert gone == ["j2"]


async def test_a_round_reaches_what_is_behind_many_that_hang(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Together they hang for longer than a job may get no farther."""
    monkeypatch.setattr("chassis.retention.REMOVED_WITHIN", 0.1)
    kind = replace(JARS, keys=lambda jar: {OVER: due(jar.due)}, indexes=(OVER,), always=(OVER,))
    jars: Aggregates[Jar, Any] = Aggregates(kind, MemoryStore(), KEY, Silent())
    for n in range(40):
        await jars.create(f"j{n:02}", lambda: [PutIn(amount=1, at=NOON)], CAUSE)
    gone = asyncio.Event()

    async def days() -> int:
        return 30

    async def remove(held: Held[Jar], _: Cause) -> None:
        if held.id != "j39":
            await asyncio.Event().wait()
        gone.set()

    line = Line(name="jars", of=jars, days=days, remove=remove)
    look = Retention("toy", line, lambda: NOON + timedelta(days=31)).look
    job = Recurring("toy", "jars", "-", look, Telemetry("tests"), every=60, within=2.0)
    job.start()
    await asyncio.wait_for(gone.wait(), 60)
    await job.stop()


async def test_what_cannot_be_gone_through_is_tried_again_before_the_hour_is_over() -> None:
    met = []

    class Broken:
        name = "broken"

        async def go_through(self, service: str, now: datetime) -> None:
            met.append(service)
            raise RuntimeError("unreadable")

    retention = Retention("toy", Broken(), lambda: NOON)
    for _ in range(2):
        with pytest.raises(RuntimeError):
            await retention.look()
    assert met == ["toy", "toy"]
