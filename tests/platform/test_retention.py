"""What is over so long that it goes, and what was listed as over and isn't any more."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from chassis.aggregates import Aggregates
from chassis.cause import Cause
from chassis.kind import Held
from chassis.lists import OVER, due
from chassis.retention import Line
from tests.support.memory import MemoryStore
from tests.support.toy import JARS, KEY, NOON, Jar, Lidded, PutIn, Silent

CAUSE = Cause(actor="system:test", now=NOON)


async def test_what_is_over_no_longer_at_its_turn_stays() -> None:
    """Both were listed; while the first went, the second was lidded, and another was gone already."""
    kind = replace(JARS, keys=lambda jar: {OVER: due(jar.due)}, indexes=(OVER,), always=(OVER,))
    jars: Aggregates[Jar, Any] = Aggregates(kind, MemoryStore(), KEY, Silent())
    for id in ("j1", "j2", "j3", "j4"):
        await jars.create(id, lambda: [PutIn(amount=1, at=NOON)], CAUSE)
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
