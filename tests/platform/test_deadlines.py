"""The scheduler: all that is due, each exactly once, whatever fails and however many run."""

import asyncio
import itertools
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest

from chassis.aggregates import Aggregates
from chassis.cause import Cause
from chassis.deadlines import FIRED_WITHIN, FORGOTTEN_AFTER, PAGE, Scheduler, Soon, Timer
from chassis.store import Document, Range, Store, Where
from chassis.telemetry import Telemetry
from tests.support.buses import until
from tests.support.memory import MemoryStore
from tests.support.stores import store
from tests.support.toy import NOON, Jar, Lidded, PutIn, cause, jars

__all__ = ["store"]
Jars = Aggregates[Jar, PutIn | Lidded]
LATER = NOON + timedelta(days=2)


@pytest.fixture
async def kept(store: Store) -> Jars:
    found = jars(store)
    await found.prepare()
    return found


async def filled(kept: Jars, count: int) -> None:
    for n in range(count):
        at = NOON + timedelta(seconds=n)
        await kept.once(f"j{n:04}", Jar().put(1, at), cause(now=at))


class Lid:
    """Puts a lid on what is due; notes what it fired, and fails or never ends where it is told to."""

    def __init__(
        self,
        kept: Jars,
        failing: frozenset[str] = frozenset(),
        hanging: frozenset[str] = frozenset(),
    ) -> None:
        self.kept = kept
        self.failing = failing
        self.hanging = hanging
        self.fired: list[str] = []

    async def __call__(self, id: str, cause: Cause) -> None:
        if id in self.failing:
            raise RuntimeError("no")
        if id in self.hanging:
            await asyncio.Event().wait()

        def lidded(jar: Jar) -> Iterable[Lidded]:
            return [] if jar.lidded else [Lidded()]

        changed = await self.kept.change(id, lidded, cause)
        if changed.events:
            self.fired.append(id)


def scheduler(kept: Jars, lid: Lid) -> Scheduler:
    return Scheduler("toy", [Timer(kept, lid)], lambda: LATER, Telemetry("test"))


async def test_everything_due_fires_once_page_by_page(kept: Jars) -> None:
    await filled(kept, 450)
    lid = Lid(kept)
    await scheduler(kept, lid).fire_due()
    await scheduler(kept, lid).fire_due()
    assert sorted(lid.fired) == [f"j{n:04}" for n in range(450)]


async def test_what_is_not_due_does_not_fire(kept: Jars) -> None:
    await filled(kept, 3)
    lid = Lid(kept)
    early = Scheduler(
        "toy", [Timer(kept, lid)], lambda: NOON + timedelta(days=1, seconds=1), Telemetry("test")
    )
    await early.fire_due()
    assert sorted(lid.fired) == ["j0000", "j0001"]


async def test_one_that_fails_is_met_again_and_never_stands_in_front(kept: Jars) -> None:
    await filled(kept, 250)
    lid = Lid(kept, frozenset({"j0000", "j0001"}))
    await scheduler(kept, lid).fire_due()
    assert len(lid.fired) == 248
    lid.failing = frozenset()
    await scheduler(kept, lid).fire_due()
    assert sorted(lid.fired[248:]) == ["j0000", "j0001"]


async def test_one_that_fails_each_time_is_tried_ever_less_often_but_each_minute(
    kept: Jars, monkeypatch: pytest.MonkeyPatch
) -> None:
    await filled(kept, 2)
    seconds, tries = 0.0, []
    lid = Lid(kept, frozenset({"j0000"}))

    async def noted(id: str, cause: Cause) -> None:
        tries.append((id, seconds))
        await lid(id, cause)

    monkeypatch.setattr("chassis.deadlines.monotonic", lambda: seconds)
    runs = Scheduler("toy", [Timer(kept, noted)], lambda: LATER, Telemetry("test"))
    for _ in range(600):
        await runs.fire_due()
        seconds += 1
    failed = [at for id, at in tries if id == "j0000"]
    waits = [after - before for before, after in itertools.pairwise(failed)]
    assert len(failed) < 30 and waits[0] <= 2 and max(waits) <= 73
    assert lid.fired == ["j0001"]
    lid.failing = frozenset()
    seconds += 73
    await runs.fire_due()
    assert lid.fired == ["j0001", "j0000"]


async def test_what_was_put_off_before_the_clock_was_set_back_is_looked_for_once_a_minute(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    memory, seconds, looks = MemoryStore(), 0.0, list[float]()
    kept = jars(memory)
    await filled(kept, 2)
    lid, found = Lid(kept), memory.find

    async def find(name: str, where: Where, **further: Any) -> list[Document]:
        due = where.get("next_due")
        if isinstance(due, Range) and due.above:
            looks.append(seconds)
        return await found(name, where, **further)

    monkeypatch.setattr(memory, "find", find)
    monkeypatch.setattr("chassis.deadlines.monotonic", lambda: seconds)
    timer = Timer(kept, lid, soon=Soon({}, timedelta(hours=1)))
    runs = Scheduler("toy", [timer], lambda: NOON - timedelta(days=9), Telemetry("test"))
    for _ in range(150):
        await runs.fire_due()
        seconds += 1
    assert sorted(lid.fired) == ["j0000", "j0001"]
    assert looks == [0, 60, 120]


async def test_what_failed_here_and_another_fired_is_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Due once more later, it is told as due like any other."""
    kept, seconds = jars(MemoryStore()), 0.0
    await filled(kept, 1)
    monkeypatch.setattr("chassis.deadlines.monotonic", lambda: seconds)
    here, other = Lid(kept, frozenset({"j0000"})), Lid(kept)
    runs = scheduler(kept, here)
    await runs.fire_due()
    await scheduler(kept, other).fire_due()
    assert other.fired == ["j0000"] and runs._failed
    seconds += 60 + FORGOTTEN_AFTER + 1
    await runs.fire_due()
    assert not runs._failed


async def test_those_that_wait_to_be_tried_again_are_looked_past_page_by_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept, looks = jars(MemoryStore()), 0
    await filled(kept, 1000)
    find = kept.store.find

    async def counted(*asked: Any, **how: Any) -> list[Document]:
        nonlocal looks
        looks += 1
        return await find(*asked, **how)

    monkeypatch.setattr("chassis.deadlines.monotonic", lambda: 0.0)
    runs = scheduler(kept, Lid(kept, frozenset(f"j{n:04}" for n in range(1000))))
    await runs.fire_due()
    monkeypatch.setattr(kept.store, "find", counted)
    await runs.fire_due()
    assert looks == 1000 // PAGE + 1


@pytest.mark.parametrize("count", [1, 20])
async def test_one_that_never_ends_is_cut_off_and_others_go_on(count: int) -> None:
    """Also where more hang than fire abreast. In memory, so that the machine's pace cuts nothing else off."""
    kept = jars(MemoryStore())
    await filled(kept, 300)
    hanging = frozenset(f"j{n:04}" for n in range(count))
    lid = Lid(kept, hanging=hanging)
    telemetry = Telemetry("test")
    timers = [Timer(kept, lid, within=2.0)]
    runs = Scheduler("toy", timers, lambda: LATER, telemetry, tick=0.05)

    def failed() -> float:
        labels = {"service": "toy", "outcome": "failed"}
        return telemetry.registry.get_sample_value("gongzhi_timers_fired_total", labels) or 0.0

    runs.start()
    await until(lambda: len(lid.fired) == 300 - count and failed() >= count)
    assert await runs.oldest_due() is None, "what fails here"
    assert await scheduler(kept, lid).oldest_due() == NOON + timedelta(days=1), "what nobody fired"
    lid.hanging = frozenset()
    await until(lambda: len(lid.fired) == 300)
    assert runs.trouble() is None
    await runs.stop()
    assert await scheduler(kept, lid).oldest_due() is None


async def test_what_comes_due_while_one_hangs_fires_before_that_is_cut_off() -> None:
    kept = jars(MemoryStore())
    await filled(kept, 1)
    lid = Lid(kept, hanging=frozenset({"j0000"}))
    runs = Scheduler("toy", [Timer(kept, lid)], lambda: LATER, Telemetry("test"), tick=0.05)
    runs.start()
    await until(lambda: bool(runs._firing))
    await filled(kept, 2)
    await until(lambda: lid.fired == ["j0001"], within=FIRED_WITHIN / 2)
    await runs.stop()


async def test_what_was_fired_and_what_failed_is_counted_and_only_the_fired_was_late(
    kept: Jars,
) -> None:
    await filled(kept, 3)
    telemetry = Telemetry("test")
    lid = Lid(kept, frozenset({"j0000"}))
    await Scheduler("toy", [Timer(kept, lid)], lambda: LATER, telemetry).fire_due()

    def counted(what: str, **labels: str) -> float | None:
        return telemetry.registry.get_sample_value(what, {"service": "toy", **labels})

    fired, failed = (
        counted("gongzhi_timers_fired_total", outcome=outcome) for outcome in ("fired", "failed")
    )
    assert (fired, failed, counted("gongzhi_timer_lag_seconds_count")) == (2, 1, 2)


async def test_a_job_that_waited_for_its_turn_is_counted_and_is_no_late_deadline() -> None:
    """A department that hands in four files in the evening would have paged for the fourth."""
    kept, telemetry = jars(MemoryStore()), Telemetry("test")
    await filled(kept, 2)
    jobs = [Timer(kept, Lid(kept))]
    await Scheduler("toy", jobs, lambda: LATER, telemetry, jobs=True).fire_due()

    def counted(what: str, **labels: str) -> float | None:
        return telemetry.registry.get_sample_value(what, {"service": "toy", **labels})

    assert counted("gongzhi_timers_fired_total", outcome="fired") == 2
    assert not counted("gongzhi_timer_lag_seconds_count")


async def test_a_job_that_hangs_is_cut_off_and_the_next_has_its_turn() -> None:
    kept, telemetry = jars(MemoryStore()), Telemetry("test")
    await filled(kept, 2)
    lid = Lid(kept, hanging=frozenset({"j0000"}))
    jobs = [Timer(kept, lid, within=0.1)]
    runs = Scheduler("toy", jobs, lambda: LATER, telemetry, tick=0.01, jobs=True)
    runs.start()
    await until(lambda: lid.fired == ["j0001"])
    await runs.stop()


async def test_it_fires_by_itself_goes_on_while_the_store_is_away_and_ends_when_told(
    kept: Jars, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = 0

    async def away(*_: object, **__: object) -> list[Document]:
        nonlocal tries
        tries += 1
        raise OSError("store away")

    await filled(kept, 1)
    lid = Lid(kept)
    runs = Scheduler("toy", [Timer(kept, lid)], lambda: LATER, Telemetry("test"), tick=0.01)
    with monkeypatch.context() as broken:
        broken.setattr(kept.store, "find", away)
        runs.start()
        await until(lambda: tries >= 2)
    await until(lambda: lid.fired == ["j0000"])
    await runs.stop()
    await filled(kept, 2)
    await asyncio.sleep(0.05)
    assert lid.fired == ["j0000"]


async def test_three_schedulers_fire_each_once(kept: Jars) -> None:
    await filled(kept, 120)
    lids = [Lid(jars(kept.store)) for _ in range(3)]
    await asyncio.gather(*(scheduler(lid.kept, lid).fire_due() for lid in lids))
    fired = [id for lid in lids for id in lid.fired]
    assert sorted(fired) == [f"j{n:04}" for n in range(120)]


async def test_schedulers_on_one_store_seldom_try_the_same() -> None:
    """In memory, where each goes on in turn: two of three tries were for nothing when each fired its whole page."""
    kept, tries = jars(MemoryStore()), 0
    await filled(kept, 1000)
    lid = Lid(kept)

    async def counted(id: str, cause: Cause) -> None:
        nonlocal tries
        tries += 1
        await asyncio.sleep(0)
        await lid(id, cause)

    three = [Scheduler("toy", [Timer(kept, counted)], lambda: LATER, Telemetry("t")) for _ in "123"]
    await asyncio.gather(*(one.fire_due() for one in three))
    assert len(lid.fired) == 1000 and tries < 2000, tries
