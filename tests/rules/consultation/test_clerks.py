"""C-08: several clerks on several processes write one roll, and no vote passes after the quorum is gone."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from chassis import step_taken
from chassis.asking import Asking
from chassis.cause import Cause
from chassis.http import ReasonIn
from chassis.kernel.clock import begin_of
from chassis.kernel.errors import RuleBroken
from chassis.store import Document
from services.consultation.domain import leaving
from services.consultation.domain.committee import CommitteeSeated, Level
from services.consultation.domain.events import Outcome
from services.consultation.domain.members import CommitteeDissolved, Ended
from services.consultation.domain.session_events import (
    Calling,
    Chair,
    SeatExcused,
    SeatsArrived,
    SessionAdjourned,
    SessionKind,
)
from services.consultation.main import desk_on, seed
from services.consultation.steps import matters, sessions
from tests.support.memory import MemoryStore
from tests.support.toy import Silent
from tests.support.walks import AnyStep, person

from .register import listed
from .test_matter import ACCEPTED, ELEVEN, MEMBERS, PROPOSED, RESEARCHED, SEATS, SETTLED
from .test_session import CALLED, NEXT_MONDAY, NOTICED, OPEN, WORK

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


async def take(
    desk: Any,
    step: AnyStep,
    said: Any,
    seconds: int = 0,
    at: datetime = NEXT_MONDAY,
    id: str = "s-1",
) -> Any:
    now = at + timedelta(seconds=seconds)
    asking = Asking(LEADER, Cause(actor=LEADER.acts_as, now=now))
    return (await step_taken.take(step, desk, asking, {"id": id}, (said,)))[0]


PUBLIC = replace(ACCEPTED, settled=replace(SETTLED, public=True))
RECORD = sessions.RecordIn(outcome=Outcome.USABLE_HERE, unit="urban_management")


async def over(desk: Any, how: str) -> datetime:
    """The committee's term is, or it is dissolved."""
    if how == "dissolved":
        gone = CommitteeDissolved(reason="区划调整。", at=NEXT_MONDAY)
        await desk.committees.change("c-1", lambda _: [gone], CAUSE)
        return NEXT_MONDAY
    return begin_of(SEATED.term_ends) + timedelta(hours=9)


@pytest.mark.parametrize("how", ["dissolved", "term over"])
async def test_C_01_what_is_in_work_when_the_term_ends_comes_to_its_session(how: str) -> None:
    """What touches many has no outcome but in one (C-26); a regular meeting is something new."""
    here = await kept(MemoryStore())
    await here.matters.once("m-2", [replace(PROPOSED, id="m-2"), PUBLIC, RESEARCHED], CAUSE)
    now = await over(here, how)
    by_hand = matters.OutcomeIn(
        outcome=Outcome.USABLE_HERE, present=ELEVEN, unit="urban_management"
    )
    with pytest.raises(RuleBroken) as refusal:
        await take(here, matters.outcome, by_hand, at=now, id="m-2")
    assert refusal.value.rule.id == "C-26"
    calling = sessions.SessionIn(
        committee="c-1",
        kind=SessionKind.REGULAR,
        called_by=Calling.PARTY_COMMITTEE,
        place="居民议事厅",
        held_at=now + timedelta(minutes=10),
    )
    with pytest.raises(RuleBroken) as refusal:
        await take(here, sessions.call, calling, at=now)
    assert (refusal.value.rule.id, refusal.value.field) == ("C-01", "committee")
    topical = calling.model_copy(update={"kind": SessionKind.TOPICAL, "matter": "m-2"})
    called = await take(here, sessions.call, topical, at=now)
    for step, said in (
        (sessions.urgent, ReasonIn(reason="汛期。")),
        (sessions.arrive, sessions.SeatsIn(seats=ELEVEN)),
        (sessions.open_it, sessions.OpenIn(chair=Chair.SECRETARY)),
        (sessions.record, RECORD),
    ):
        await take(here, step, said, at=now, id=called.id)
    assert (await here.sessions.get(called.id)).aggregate.conclusion is not None


async def test_C_03_the_committee_counts_who_stayed_away_where_too_few_came() -> None:
    here = await kept(MemoryStore())
    few = SeatsArrived(seats=ELEVEN[:5], at=NEXT_MONDAY)
    for number in range(3):
        id = f"s-few-{number}"
        await here.sessions.once(id, [CALLED, NOTICED, few], CAUSE)
        said = ReasonIn(reason="到会不足半数。")
        await take(here, sessions.adjourn, said, id=id)
        committee = (await here.committees.get("c-1")).aggregate
        assert committee.missed("s15") == number + 1
        assert committee.missed("s1") == 0
    gone = leaving.dismiss(committee, "s15", Ended.ABSENT, "三次无故缺席。", NEXT_MONDAY)
    assert gone.seat == "s15"


async def test_C_03_what_a_process_no_longer_came_to_count_is_counted_once_at_the_next_start() -> (
    None
):
    """Nothing else would: an adjourned session is told to nobody, and isn't adjourned a second time."""
    here = await kept(MemoryStore())
    few = SeatsArrived(seats=ELEVEN[:5], at=NEXT_MONDAY)
    left = SessionAdjourned(reason="到会不足半数。", absent=SEATS[5:], at=NEXT_MONDAY)
    await here.sessions.once("s-few", [CALLED, NOTICED, few, left], CAUSE)
    off = SessionAdjourned(reason="改期。", at=NEXT_MONDAY)
    await here.sessions.once("s-off", [CALLED, off], CAUSE)
    for _ in range(2):
        await seed(here, NEXT_MONDAY + timedelta(minutes=1))
        committee = await here.committees.get("c-1")
        assert [one.session for one in committee.aggregate.absences] == ["s-few"]
        assert committee.aggregate.missed("s15") == 1
        assert committee.version == 2


async def test_C_03_a_committee_that_cannot_be_read_holds_up_no_other() -> None:
    here = await kept(MemoryStore())
    few = SeatsArrived(seats=ELEVEN[:5], at=NEXT_MONDAY)
    left = SessionAdjourned(reason="到会不足半数。", absent=SEATS[5:], at=NEXT_MONDAY)
    for id, committee in {"s-1": "c-gone", "s-2": "c-1", "s-3": "c-gone"}.items():
        called = replace(CALLED, committee=committee)
        await here.sessions.once(id, [called, NOTICED, few, left], CAUSE)
    await seed(here, NEXT_MONDAY + timedelta(minutes=1))
    assert (await here.committees.get("c-1")).aggregate.missed("s15") == 1


async def test_C_03_an_excuse_after_the_end_is_counted_at_once_or_at_the_next_start() -> None:
    here = await kept(MemoryStore())
    few = SeatsArrived(seats=ELEVEN[:5], at=NEXT_MONDAY)
    left = SessionAdjourned(reason="到会不足半数。", absent=SEATS[5:], at=NEXT_MONDAY)
    await here.sessions.once("s-few", [CALLED, NOTICED, few, left], CAUSE)
    await seed(here, NEXT_MONDAY + timedelta(minutes=1))

    async def counted(seat: str) -> int:
        return int((await here.committees.get("c-1")).aggregate.missed(seat))

    assert (await counted("s15"), await counted("s16")) == (1, 1)
    said = sessions.ExcuseIn(seat="s15", reason="住院，假条后补。")
    await take(here, sessions.excuse, said, id="s-few")
    assert (await counted("s15"), await counted("s16")) == (0, 1)
    died = SeatExcused(seat="s16", reason="签到表漏录。")
    await here.sessions.change("s-few", lambda _: [died], CAUSE)
    await seed(here, NEXT_MONDAY + timedelta(minutes=2))
    assert (await counted("s16"), await counted("s17")) == (0, 1)


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
    assert not isinstance(done["leave"], BaseException)
    trail = [entry["type"] for entry in await here.sessions.trail("s-1")]
    if not isinstance(done["record"], BaseException):
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
