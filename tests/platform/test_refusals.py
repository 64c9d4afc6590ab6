"""How often a rule stood in the way: added up over processes and restarts, on each store."""

from datetime import timedelta

from chassis.kernel.clock import local_date
from chassis.refusals import Refusals, RefusedByRule
from chassis.store import Store
from tests.support.stores import store
from tests.support.toy import NOON

__all__ = ["store"]
LATER = local_date(NOON + timedelta(days=3))


async def counted(store: Store, days: int = 0) -> Refusals:
    found = Refusals(store, lambda: NOON + timedelta(days=days))
    await found.prepare()
    return found


def times(found: list[RefusedByRule]) -> dict[str, dict[str, int]]:
    return {one.rule: {each.operation: each.refused for each in one.by_step} for one in found}


async def test_processes_add_to_the_same_counts_and_nothing_is_counted_twice(store: Store) -> None:
    one, other = await counted(store), await counted(store, days=3)
    assert await one.known() == []
    for _ in range(2):
        one.note("W-03", "whistle.whistles.register")
    other.note("W-03", "whistle.whistles.blow")
    other.note("W-17", "whistle.whistles.blow")
    await other.write()
    wanted = {
        "W-03": {"whistle.whistles.blow": 1, "whistle.whistles.register": 2},
        "W-17": {"whistle.whistles.blow": 1},
    }
    assert times(await one.known()) == times(await other.known()) == wanted
    [known] = [each for each in await one.known() if each.rule == "W-03"]
    assert (known.refused, known.since, known.last_on) == (3, LATER, LATER)


async def test_what_was_counted_is_written_down_at_the_end(store: Store) -> None:
    one = await counted(store)
    one.note("W-03", "whistle.whistles.register")
    await one.stop()
    assert times(await (await counted(store)).known()) == {"W-03": {"whistle.whistles.register": 1}}
