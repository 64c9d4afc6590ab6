"""The scheduler: all that is due, oldest first, each exactly once, whatever fails and however many run."""

import asyncio
from collections.abc import Iterable
from datetime import timedelta

import pytest

from chassis.aggregates import Aggregates
from chassis.cause import Cause
from chassis.deadlines import Scheduler, Timer
from chassis.store import Store
from chassis.telemetry import Telemetry
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
        await kept.record(f"j{n:04}", lambda jar, at=at: (jar or Jar()).put(1, at), cause(now=at))


class Lid:
    """Puts a lid on what is due; notes what it fired and fails where it is told to."""

    def __init__(self, kept: Jars, failing: frozenset[str] = frozenset()) -> None:
        self.kept = kept
        self.failing = failing
        self.fired: list[str] = []

    async def __call__(self, id: str, cause: Cause) -> None:
        if id in self.failing:
            raise RuntimeError("no")

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


async def test_three_schedulers_fire_each_once(kept: Jars) -> None:
    await filled(kept, 120)
    lids = [Lid(jars(kept.store)) for _ in range(3)]
    await asyncio.gather(*(scheduler(lid.kept, lid).fire_due() for lid in lids))
    fired = [id for lid in lids for id in lid.fired]
    assert sorted(fired) == [f"j{n:04}" for n in range(120)]
