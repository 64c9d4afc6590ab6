"""C-01: what is a community's goes along into another street, or into the one it was merged into (ours)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from chassis.asking import Asking
from chassis.cause import Cause
from chassis.http import ReasonIn
from chassis.kernel.errors import NotFound, RuleBroken, UnknownReference
from contracts.housing import CommunityProfiled
from contracts.procurement import NeedsSurveyPublished
from services.consultation import keeping
from services.consultation.desk import ConsultationDesk
from services.consultation.domain import arising
from services.consultation.domain.committee import Level
from services.consultation.domain.coverage import consulted_by
from services.consultation.domain.evolution import evolve
from services.consultation.domain.following_events import MatterReopened
from services.consultation.domain.resettling import Resettled
from services.consultation.main import desk_on
from services.consultation.queries import public
from services.consultation.receipts import Receipts
from services.consultation.steps import (
    committees,
    contacts,
    halls,
    matters,
    plans,
    proposals,
    sessions,
    situations,
    units,
    watching,
)
from services.consultation.steps.committees import CommitteeIn, MemberIn
from services.consultation.steps.contacts import ContactIn, DelegateIn
from services.consultation.steps.halls import HallIn
from services.consultation.steps.matters import InvitedIn, InviteIn, MatterIn
from services.consultation.steps.proposals import TurnDownIn
from services.consultation.steps.sessions import SessionIn
from services.consultation.steps.situations import SituationIn
from services.consultation.steps.units import UnitIn
from tests.support.memory import MemoryStore
from tests.support.taking import take
from tests.support.toy import Silent
from tests.support.walks import person

from . import test_contacts, test_situations, test_topics
from .test_clerks import SEATED
from .test_matter import (
    ACCEPTED,
    EVENING,
    MEMBERS,
    PASTS,
    PROPOSED,
    RESEARCHED,
    USABLE,
    recorded,
)
from .test_referrals import CAUSE, HERE, STREET, hear
from .test_session import CALLED, SETTING, WORK

HERS, ITS = "guanshang", "taihe"
"""The street the community lay in, and that where it lies now."""
COMMUNITY = HERE["community"]
LIES = CommunityProfiled(
    code=COMMUNITY, name="关上中心区", street=HERS, valid_from="2018-12-01", listed=1
)
MOVED = LIES.model_copy(update={"street": ITS})
TOPIC = MatterIn(committee="c-1", category="parking", head="order", title="停车", subject="划线")
NO = TurnDownIn(reason="上级已有部署。")
INVITED = InviteIn(invited=(InvitedIn(seat="x1", why="expert"),))
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
    await there.sessions.change("s-1", lambda s: [s.adjourn("改期。", SETTING, EVENING)], CAUSE)
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


NEW = "xinshequ"
"""The community that this one and another were merged into, in another street still."""
GOES_ON = LIES.model_copy(update={"code": NEW, "name": "新社区", "street": ITS, "listed": 2})
ENDED = LIES.model_copy(update={"valid_to": "2025-03-19", "became": NEW, "listed": 2})
BESIDE = ("p-1", "k-1", "n-1")
"""A resident's proposal, a contact day, a situation."""


async def merge(desk: ConsultationDesk, sequence: int = 2) -> None:
    await hear(desk, GOES_ON, f"n-{sequence}", about=NEW, sequence=sequence)
    await hear(desk, ENDED, f"e-{sequence}", about=COMMUNITY, sequence=sequence)


async def beside(desk: ConsultationDesk) -> None:
    await desk.proposals.once("p-1", [test_topics.PROPOSED], CAUSE)
    await desk.contacts.once("k-1", [test_contacts.HELD], CAUSE)
    await desk.situations.once("n-1", [test_situations.REPORTED], CAUSE)
    await desk.halls.once(COMMUNITY, [test_situations.SPACE], CAUSE)


async def lie(desk: ConsultationDesk) -> dict[str, tuple[str, str | None]]:
    """What is below a street's committee, and what lies beside it."""
    kept: tuple[Any, ...] = (desk.matters, desk.proposals, desk.contacts, desk.halls)
    every = [held for one in kept async for held in one.every({})]
    found = {held.id: held.aggregate for held in every}
    found["c-1"] = (await desk.committees.get("c-1")).aggregate
    found["s-1"] = (await desk.sessions.get("s-1")).aggregate.called
    found["n-1"] = (await desk.situations.get("n-1")).aggregate.reported
    return {id: (one.street, one.community) for id, one in found.items()}


async def test_C_24_what_residents_and_delegates_said_goes_along_into_another_street(
    there: ConsultationDesk,
) -> None:
    """So do a situation and the hall: who is above the community deals with them."""
    await beside(there)
    for sequence in (2, 3):
        await move(there, sequence)
    lying = await lie(there)
    assert {lying[id] for id in (*BESIDE, COMMUNITY)} == {(ITS, COMMUNITY)}
    with pytest.raises(NotFound):
        await take(proposals.turn_down, there, asking(f"street:{HERS}"), NO, id="p-1")
    await take(proposals.turn_down, there, asking(f"street:{ITS}"), NO, id="p-1")
    for kept, id in ((there.proposals, "p-1"), (there.halls, COMMUNITY)):
        assert await kept.check(id) == []


async def test_C_01_what_is_a_merged_community_s_goes_along_into_the_new_one(
    there: ConsultationDesk,
) -> None:
    """What is before the old street's committee stays that street's, and names the new community; a hall is no other
    community's."""
    await beside(there)
    for sequence in (2, 3):
        await merge(there, sequence)
    lying = await lie(there)
    assert lying.pop("m-3") == (HERS, NEW)
    assert lying.pop(COMMUNITY) == (HERS, COMMUNITY)
    assert set(lying) == {"c-1", "s-1", "m-1", "m-2", *BESIDE}
    assert set(lying.values()) == {(ITS, NEW)}
    for kept, id in ((there.committees, "c-1"), (there.matters, "m-1"), (there.sessions, "s-1")):
        _, trail = await kept.history(id)
        assert [entry["type"] for entry in trail].count(Resettled.__name__) == 1
        assert await kept.check(id) == []


async def test_C_01_what_was_heard_by_a_build_that_followed_nothing_goes_along_when_told_again(
    there: ConsultationDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As `gongzhi catch-up` tells it: the very news that the copy knows already."""

    await beside(there)

    async def nothing(*_: object) -> None:
        pass

    with monkeypatch.context() as earlier:
        earlier.setattr(ConsultationDesk, "follow", nothing)
        await merge(there)
    assert (await lie(there))["c-1"] == (HERS, COMMUNITY)
    await merge(there)
    assert (await lie(there))["c-1"] == (ITS, NEW)


async def test_C_01_the_new_community_goes_on_with_what_was_the_merged_one_s(
    there: ConsultationDesk,
) -> None:
    """Its two committees sit until their terms end or they are dissolved; what arises is before the last one."""
    await beside(there)
    later = replace(SEATED, street=ITS, community=NEW, at=EVENING)
    await there.committees.once("c-2", [later], CAUSE)
    await merge(there)
    its = asking(f"community:{NEW}")
    await take(matters.invite, there, its, INVITED, id="m-1")
    await take(proposals.turn_down, there, its, NO, id="p-1")
    survey = NeedsSurveyPublished(**HERE, survey="n-1", year=2026, needs=7)
    await hear(there, survey, "e-9")
    [topic] = [
        one.aggregate
        async for one in there.matters.every({"community": NEW})
        if one.id not in ("m-1", "m-2", "m-3")
    ]
    assert (topic.committee, topic.street) == ("c-2", ITS)
    anew, new = ANEW.model_copy(update={"community": NEW}), asking(f"street:{ITS}")
    end = ReasonIn(reason="随社区合并，重新组成。")
    for committee in ("c-1", "c-2"):
        with pytest.raises(RuleBroken, match="已有在任的议事委员会"):
            await take(committees.seat, there, new, anew)
        await take(committees.dissolve, there, new, end, id=committee)
    seated = await take(committees.seat, there, new, anew)
    assert (seated.aggregate.community, seated.version) == (NEW, 1)


async def test_C_05_after_a_merger_each_of_the_two_committees_plans_its_own_year(
    there: ConsultationDesk,
) -> None:
    await beside(there)
    later = replace(SEATED, street=ITS, community=NEW, at=EVENING)
    await there.committees.once("c-2", [later], CAUSE)
    await merge(there)
    its, year = asking(f"community:{NEW}"), EVENING.year
    said = plans.PlanIn(year=year, topics=(), regular=12, publicised_on=EVENING.date())
    await take(plans.plan, there, its, said, id="c-1")
    planned = [(await there.committees.get(id)).aggregate.planned for id in ("c-1", "c-2")]
    assert planned == [frozenset({year}), frozenset()]
    await take(plans.plan, there, its, said, id="c-2")
    assert (await there.committees.get("c-2")).aggregate.planned == planned[0]


async def test_C_01_nothing_new_begins_in_a_community_that_has_ended(
    there: ConsultationDesk,
) -> None:
    await merge(there)
    district = asking("district_admin")
    day = ContactIn(
        community=COMMUNITY,
        on=EVENING.date(),
        delegates=(DelegateIn(delegate_class="congress", number="r-1"),),
        taken_up="停车",
    )
    space = HallIn(community=COMMUNITY, head="space", what="二楼。", on=EVENING.date())
    new = SituationIn(community=COMMUNITY, title="新情况", text="线上议事。")
    receipts = Receipts(bytes(32))
    for begun in (
        take(committees.seat, there, district, ANEW),
        take(contacts.hold, there, district, day),
        take(halls.describe, there, district, space),
        take(situations.report, there, district, new),
        public.propose(there, receipts, COMMUNITY, "停车", "划线", CAUSE),
    ):
        with pytest.raises(UnknownReference) as refused:
            await begun
        assert refused.value.detail == ("关上中心区 已于 2025-03-19 终止，并入新社区，请写明后者。")
        assert refused.value.field == "community"


async def test_C_01_the_committee_of_a_community_that_was_split_goes_on_until_its_street_ends_it(
    there: ConsultationDesk,
) -> None:
    split = LIES.model_copy(update={"valid_to": "2025-03-19", "listed": 3})
    await hear(there, split, "e-2", about=COMMUNITY, sequence=2)
    street = asking(f"street:{HERS}")
    proposed = await take(matters.propose, there, street, TOPIC)
    assert (proposed.aggregate.committee, proposed.aggregate.community) == ("c-1", COMMUNITY)
    await take(committees.dissolve, there, street, ReasonIn(reason="社区拆分。"), id="c-1")
    with pytest.raises(RuleBroken):
        await take(matters.propose, there, street, TOPIC)
    with pytest.raises(UnknownReference):
        await take(committees.seat, there, street, ANEW)


async def test_C_29_what_was_deliberated_before_a_merger_counts_for_the_community_of_then(
    there: ConsultationDesk,
) -> None:
    held = replace(USABLE, held_on=date(2024, 12, 30))
    await there.matters.once("m-5", [PROPOSED, ACCEPTED, RESEARCHED, recorded(held)], CAUSE)
    await merge(there)
    matter = (await there.matters.get("m-5")).aggregate
    assert matter.community == NEW
    assert consulted_by(matter, 2024) == {COMMUNITY}
    again = evolve(evolve(matter, MatterReopened(reason="另有意见。")), RESEARCHED)
    later = evolve(again, recorded(replace(held, held_on=date(2025, 6, 2))))
    assert consulted_by(later, 2024) == {COMMUNITY}
    assert consulted_by(later, 2025) == {NEW}


async def test_C_01_nothing_new_begins_in_a_street_whose_communities_have_all_ended(
    there: ConsultationDesk,
) -> None:
    """It is told from one that never was."""
    district = asking("district_admin")
    anew = ANEW.model_copy(update={"level": Level.STREET, "community": None, "street": HERS})
    with pytest.raises(RuleBroken, match="已有在任的议事委员会"):
        await take(committees.seat, there, district, anew)
    await merge(there)
    said = SituationIn(street=HERS, title="新情况", text="线上议事。")
    unit = UnitIn(street=HERS, code="u-1", name="一中", kind="secondary_school")
    for begun in (
        take(committees.seat, there, district, anew),
        take(situations.report, there, district, said),
        take(units.register, there, district, unit),
    ):
        with pytest.raises(UnknownReference, match="该街道的社区均已终止") as refused:
            await begun
        assert refused.value.field == "street"
    unknown = anew.model_copy(update={"street": "nowhere"})
    with pytest.raises(UnknownReference, match="没有这个街道"):
        await take(committees.seat, there, district, unknown)
