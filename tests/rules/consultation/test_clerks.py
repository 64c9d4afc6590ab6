"""C-08: several clerks on several processes write one roll, and no vote passes after the quorum is gone."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from chassis import step_taken
from chassis.asking import Asking
from chassis.cause import Cause
from chassis.kernel.errors import RuleBroken
from chassis.store import Document
from services.consultation.domain.committee import CommitteeSeated, Level
from services.consultation.domain.events import Outcome
from services.consultation.main import desk_on
from services.consultation.steps import sessions
from tests.support.memory import MemoryStore
from tests.support.toy import Silent
from tests.support.walks import AnyStep, person

from .register import listed
from .test_matter import ACCEPTED, MEMBERS, PROPOSED, RESEARCHED
from .test_session import NEXT_MONDAY, OPEN, WORK

LEADER = person("community:guanshangzhongxinqu")
SEATED = CommitteeSeated(
    level=Level.COMMUNITY,
    street="guanshang",
    community="guanshangzhongxinqu",
    name="议事委员会",
    members=MEMBERS,
    policy=1,
    term_ends=NEXT_MONDAY.date().replace(year=2028),
    at=NEXT_MONDAY,
)
CAUSE = Cause(actor="platform", now=NEXT_MONDAY)


class SlowStore(MemoryStore):
    """Lets another process in between reading and writing."""

    async def replace(
        self, collection: str, document: Document, rev: int, *, ahead: bool = False
    ) -> bool:
        await asyncio.sleep(0)
        return await super().replace(collection, document, rev, ahead=ahead)


async def kept(store: MemoryStore) -> Any:
    """A session about to decide, with exactly a quorum; a desk as each process has one."""
    desk = desk_on(store, bytes(32), Silent(), WORK)
    await desk.policies.seed(NEXT_MONDAY)
    await listed(desk, CAUSE)
    await desk.committees.once("c-1", [SEATED], CAUSE)
    await desk.matters.once("m-1", [PROPOSED, ACCEPTED, RESEARCHED], CAUSE)
    await desk.sessions.once("s-1", OPEN, CAUSE)
    return desk


async def take(desk: Any, step: AnyStep, said: Any, seconds: int = 0) -> None:
    now = NEXT_MONDAY + timedelta(seconds=seconds)
    asking = Asking(LEADER, Cause(actor=LEADER.acts_as, now=now))
    await step_taken.take(step, desk, asking, {"id": "s-1"}, (said,))


RECORD = sessions.RecordIn(outcome=Outcome.USABLE_HERE, unit="urban_management")


@pytest.mark.parametrize("first", ["leave", "record"])
async def test_C_08_two_clerks_at_the_same_instant_decide_nothing_without_a_quorum(
    first: str,
) -> None:
    store = SlowStore()
    here = await kept(store)
    there = desk_on(store, bytes(32), Silent(), WORK)
    acts = {
        "leave": take(here, sessions.leave, sessions.SeatsIn(seats=("s3",))),
        "record": take(there, sessions.record, RECORD),
    }
    order = sorted(acts, key=lambda name: name != first)
    done = dict(
        zip(
            order,
            await asyncio.gather(*(acts[name] for name in order), return_exceptions=True),
            strict=True,
        )
    )
    assert done["leave"] is None
    trail = [entry["type"] for entry in await here.sessions.trail("s-1")]
    if done["record"] is None:
        assert trail.index("DecisionTaken") < trail.index("SeatsLeft")
    else:
        assert isinstance(done["record"], RuleBroken) and done["record"].rule.id == "C-08"
        assert "DecisionTaken" not in trail


async def test_C_08_many_clerks_take_one_roll() -> None:
    store = SlowStore()
    here = await kept(store)
    desks = [here, *(desk_on(store, bytes(32), Silent(), WORK) for _ in range(3))]
    late = ("s11", "s12", "s13", "s14")
    await asyncio.gather(
        *(
            take(desk, sessions.arrive, sessions.SeatsIn(seats=(seat, "s15")))
            for desk, seat in zip(desks, late, strict=True)
        )
    )
    there = (await here.sessions.get("s-1")).aggregate.there
    assert len(there) == len(set(there)) == 17
    assert set(there) >= {*late, "s15"}
