"""C-01: a community that lies in another street now takes along what is before its committees (ours)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from chassis.asking import Asking
from chassis.cause import Cause
from chassis.http import ReasonIn
from chassis.kernel.errors import NotFound, RuleBroken
from contracts.housing import CommunityProfiled
from services.consultation import keeping
from services.consultation.desk import ConsultationDesk
from services.consultation.domain import arising
from services.consultation.domain.committee import Level
from services.consultation.domain.resettling import Resettled, resettle
from services.consultation.main import desk_on
from services.consultation.steps import committees, matters, sessions, watching
from services.consultation.steps.committees import CommitteeIn, MemberIn
from services.consultation.steps.matters import MatterIn
from services.consultation.steps.sessions import SessionIn
from tests.support.memory import MemoryStore
from tests.support.taking import take
from tests.support.toy import Silent
from tests.support.walks import person

from .test_clerks import SEATED
from .test_matter import EVENING, MEMBERS, PASTS, PROPOSED
from .test_referrals import CAUSE, HERE, STREET, hear
from .test_session import CALLED, WORK

HERS, ITS = "guanshang", "taihe"
"""The street the community lay in, and that where it lies now."""
COMMUNITY = HERE["community"]
LIES = CommunityProfiled(
    code=COMMUNITY, name="关上中心区", street=HERS, valid_from="2018-12-01", listed=1
)
MOVED = LIES.model_copy(update={"street": ITS})
TOPIC = MatterIn(committee="c-1", category="parking", head="order", title="停车", subject="划线")
ANEW = CommitteeIn(
    level=Level.COMMUNITY,
    community=COMMUNITY,
    name="新一届",
    members=tuple(MemberIn(seat=one.seat, kind=one.kind, non_party=True) for one in MEMBERS),
)


@pytest.fixture
async def there() -> AsyncIterator[ConsultationDesk]:
    """A community's committee with a matter that is open and one that is over, and its street's."""
    desk = desk_on(MemoryStore(), bytes(32), Silent(), WORK)
    await desk.policies.seed(EVENING)
    await hear(desk, LIES, "e-0", about=COMMUNITY)
    await desk.committees.once("c-1", [SEATED], CAUSE)
    for street in (HERS, ITS):
        await desk.committees.once(f"c-{street}", [replace(STREET, street=street)], CAUSE)
    await desk.matters.once("m-1", PASTS["researched"], CAUSE)
    await desk.matters.once("m-2", PASTS["refused"], CAUSE)
    above = replace(PROPOSED, id="m-3", committee=f"c-{HERS}", level=Level.STREET)
    await desk.matters.once("m-3", [above], CAUSE)
    await desk.sessions.once("s-1", [CALLED], CAUSE)
    yield desk


async def move(desk: ConsultationDesk, sequence: int = 2, now: datetime = EVENING) -> None:
    await hear(desk, MOVED, f"e-{sequence}", about=COMMUNITY, sequence=sequence, now=now)


def asking(who: str) -> Asking:
    subject = person(who)
    return Asking(subject, Cause(actor=subject.acts_as, now=EVENING))


async def streets(desk: ConsultationDesk) -> dict[str, str]:
    kept: tuple[Any, ...] = (desk.committees, desk.matters)
    found = {held.id: held.aggregate.street for one in kept async for held in one.every({})}
    return {**found, "s-1": (await desk.sessions.get("s-1")).aggregate.called.street}


async def test_C_01_what_is_a_community_s_goes_along_into_another_street(
    there: ConsultationDesk,
) -> None:
    """What is before the old street's committee is that street's, also where it concerns the community."""
    before = await streets(there)
    gone = dict.fromkeys(("c-1", "m-1", "m-2", "s-1"), ITS)
    for sequence in (2, 3):
        await move(there, sequence)
        assert await streets(there) == {**before, **gone}
    trails: tuple[Any, ...] = (there.committees, there.matters, there.sessions)
    for kept, id in zip(trails, ("c-1", "m-1", "s-1"), strict=True):
        _, trail = await kept.history(id)
        moves = [entry["data"]["street"] for entry in trail if entry["type"] == Resettled.__name__]
        assert moves == [ITS]
    assert resettle(Level.COMMUNITY, ITS, ITS, EVENING) == ()
    nowhere = MOVED.model_copy(update={"street": None})
    await hear(there, nowhere, "e-4", about=COMMUNITY, sequence=4)
    assert await streets(there) == {**before, **gone}


async def test_C_01_the_new_street_replaces_the_committee_and_the_old_one_doesn_t(
    there: ConsultationDesk,
) -> None:
    await move(there)
    end = ReasonIn(reason="随社区划入，重新组成。")
    old, new = asking(f"street:{HERS}"), asking(f"street:{ITS}")
    with pytest.raises(NotFound):
        await take(committees.dissolve, there, old, end, id="c-1")
    with pytest.raises(RuleBroken, match="已有在任的议事委员会"):
        await take(committees.seat, there, new, ANEW)
    await take(committees.dissolve, there, new, end, id="c-1")
    seated = await take(committees.seat, there, new, ANEW)
    assert seated.aggregate.street == ITS


async def test_C_01_new_matters_and_sessions_lie_in_the_new_street(
    there: ConsultationDesk,
) -> None:
    """Also a topic of what was taken up while the community lay in the old one."""
    await move(there)
    its = asking(f"community:{COMMUNITY}")
    proposed = await take(matters.propose, there, its, TOPIC)
    said = arising.taken_up(HERS, COMMUNITY, "parking", "停车", "划线")
    id = await there.propose_taken_up(said, "contact k-1", CAUSE)
    called = SessionIn(
        committee="c-1",
        kind=CALLED.kind,
        called_by="party_committee",
        matter="m-1",
        place="议事厅",
        held_at=EVENING + timedelta(days=20),
    )
    await there.sessions.change("s-1", lambda s: [s.adjourn("改期。", EVENING)], CAUSE)
    session = await take(sessions.call, there, its, called)
    taken_up = (await there.matters.get(id)).aggregate
    assert {proposed.aggregate.street, session.aggregate.called.street, taken_up.street} == {ITS}


async def test_C_20_the_new_street_puts_right_what_came_of_it_before(
    there: ConsultationDesk,
) -> None:
    closed = [replace(PROPOSED, id="m-4"), *PASTS["closed"][1:]]
    await there.matters.once("m-4", closed, CAUSE)
    await move(there)
    fault = watching.FaultCorrectIn(fault="law", back_to="research", reason="违反规定。")
    with pytest.raises(NotFound):
        await take(watching.correct, there, asking(f"street:{HERS}"), fault, id="m-4")
    done = await take(watching.correct, there, asking(f"street:{ITS}"), fault, id="m-4")
    assert len(done.aggregate.corrected) == 1


async def test_C_18_a_photograph_is_kept_no_longer_because_its_community_moved(
    there: ConsultationDesk,
) -> None:
    photo = await there.photos.file("m-2", b"\xff\xd8\xff\xe0 a photo", 1024, CAUSE)
    end = EVENING + timedelta(days=(await there.policies.current())[1].photo_days)
    await move(there, now=end - timedelta(days=1))
    for line in keeping.lines(there):
        await line.go_through("consultation", end)
    with pytest.raises(NotFound):
        await there.photos.read("m-2", photo.id)
