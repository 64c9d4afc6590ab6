"""What stands in a community that was merged into another goes along, once."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chassis import step_taken
from chassis.asking import Asking
from chassis.copies import Told
from chassis.kernel.errors import Malformed, NotAllowed, NotFound, RuleBroken
from services.organisations.domain import group as groups
from services.organisations.domain import meeting as meetings
from services.organisations.domain import serving
from services.organisations.domain.group import (
    GroupDeclined,
    GroupKind,
    GroupProposed,
    GroupStatus,
)
from services.organisations.domain.meeting import (
    Assigned,
    MeetingCalled,
    MeetingDecided,
    MeetingLevel,
)
from services.organisations.domain.resettling import Resettled, Transferred, resettle
from services.organisations.domain.volunteer import ServiceRecorded
from services.organisations.domain.waiting import of_volunteer
from services.organisations.steps import groups as steps
from services.organisations.steps.places import CommunityIn
from services.organisations.steps.volunteers import ConfirmationIn, confirm
from tests.support.memory import MemoryStore
from tests.support.taking import take
from tests.support.walks import person

from .cases import MARCH
from .test_actions import CAUSE, there
from .test_O_15_volunteers import SERVICE, registered

TO = Resettled(before="haihua", community="hepinglu", street="taihe", at=MARCH)
proposed = GroupProposed(
    id="g1",
    name="合唱队",
    kind=GroupKind.CULTURE,
    street="liujia",
    community="haihua",
    purpose="文艺",
    members=20,
    at=MARCH,
)


def test_H_11_it_goes_along_once_and_nothing_else_does() -> None:
    before = groups.evolve(None, proposed)
    assert resettle(before, TO) == (TO,)
    after = groups.evolve(before, TO)
    assert (after.street, after.community) == ("taihe", "hepinglu")
    assert resettle(after, TO) == ()
    assert resettle(replace(before, community="wula"), TO) == ()


def test_H_11_what_it_had_still_to_do_is_the_other_ones() -> None:
    called = MeetingCalled(
        id="m1", level=MeetingLevel.DISTRICT, on=date(2026, 3, 2), agenda=("对接",), at=MARCH
    )
    known = meetings.evolve(None, called)
    by = date(2026, 3, 9)
    offices = ("community:haihua", "community:haihua", "community:wula")
    assigned = tuple(Assigned(what="对接", who=who, by=by) for who in offices)
    decided = meetings.decide(known, decision="照办", assigned=assigned, now=MARCH)
    assert isinstance(decided, MeetingDecided)
    known = meetings.evolve(known, decided)
    [done] = meetings.do(known, "t1", report="已办", now=MARCH)
    known = meetings.evolve(known, done)
    [to] = meetings.resettle(known, TO)
    after = meetings.evolve(known, to)
    assert [one.who for one in after.tasks] == [
        "community:haihua",
        "community:hepinglu",
        "community:wula",
    ]
    assert meetings.resettle(after, TO) == ()


async def test_O_15_what_both_sides_of_a_merger_did_for_each_other_their_street_confirms() -> None:
    """Or nobody could: who recorded it never confirms."""
    desk = await there(MemoryStore())
    given = replace(registered, street="taihe", community="hepinglu", organisation=None)
    service = replace(SERVICE, receiver="community:haihua", recorded_by="community:hepinglu")
    await desk.volunteers.once("v-1", [given, ServiceRecorded(service=service), TO], CAUSE)
    merged = (await desk.volunteers.get("v-1")).aggregate
    assert of_volunteer(merged) == {"street:taihe": None}

    async def confirms(who: str) -> Any:
        asking = Asking(person(who), replace(CAUSE, actor=who))
        return await take(confirm, desk, asking, ConfirmationIn(), id="v-1", service="s1")

    with pytest.raises(RuleBroken, match="不得自己确认"):
        serving.may_confirm(merged, "s1", "community:hepinglu")
    for other in ("community:hepinglu", "street:guanshang"):
        with pytest.raises((NotAllowed, NotFound)):
            await confirms(other)
    assert (await confirms("street:taihe")).aggregate.balance == 90


async def test_O_05_a_name_is_free_where_its_group_was_transferred_from() -> None:
    desk = await there(MemoryStore())
    given = {name: getattr(proposed, name) for name in ("name", "kind", "purpose", "members")}
    here = {**given, "community": "haihua"}
    first = await desk.propose_group("guanshang", here, CAUSE)
    away = Transferred(street="guanshang", community="wula", at=MARCH)
    await desk.groups.change(first.id, lambda one: [groups.transfer(one, away, taken=False)], CAUSE)
    second = await desk.propose_group("guanshang", here, CAUSE)
    for where in (here, {**given, "community": "wula"}):
        with pytest.raises(Malformed) as refused:
            await desk.propose_group("guanshang", where, CAUSE)
        assert refused.value.field == "name"
    over = GroupDeclined(by="street:guanshang", reason="重名", at=MARCH)
    await desk.groups.change(first.id, lambda _: [over], CAUSE)
    await desk.groups.change(second.id, lambda _: [over], CAUSE)
    again = await desk.propose_group("guanshang", here, CAUSE)
    assert (again.id, again.aggregate.status) == (second.id, GroupStatus.PROPOSED)
    kept = (await desk.groups.get(first.id)).aggregate
    assert (kept.community, kept.status) == ("wula", GroupStatus.DECLINED)


@pytest.mark.parametrize("status", list(GroupStatus))
def test_O_05_what_is_declined_or_off_file_is_transferred_no_more(status: GroupStatus) -> None:
    to = Transferred(street="liujia", community="wula", at=MARCH)
    known = replace(groups.evolve(None, proposed), status=status)
    if status in groups.OVER:
        with pytest.raises(RuleBroken):
            groups.transfer(known, to, taken=False)
    else:
        assert groups.transfer(known, to, taken=False) == to


async def test_O_05_of_two_of_one_name_after_a_merger_their_street_renames_one() -> None:
    """No third comes to them by hand."""
    desk = await there(MemoryStore())
    given = {name: getattr(proposed, name) for name in ("name", "kind", "purpose", "members")}
    ids = [
        (await desk.propose_group("guanshang", {**given, "community": code}, CAUSE)).id
        for code in ("haihua", "wula")
    ]
    merged = Resettled(before="haihua", community="wula", street="guanshang", at=MARCH)
    await desk.groups.change(ids[0], lambda one: resettle(one, merged), CAUSE)
    assert await desk.group_stands("wula", "合唱队"), "both do"
    one = (await desk.groups.get(ids[0])).aggregate
    for name, reason, taken, field in (
        (" ", "与原社区的同名", False, "name"),
        ("海华合唱队", " ", False, "reason"),
        ("合唱队", "与原社区的同名", True, "name"),
        ("舞蹈队", "与原社区的同名", True, "name"),
    ):
        with pytest.raises(RuleBroken if name != "合唱队" else Malformed) as refused:
            groups.rename(one, name=name, reason=reason, taken=taken, now=MARCH)
        assert refused.value.field == field
    renamed = groups.rename(one, name="海华合唱队", reason="同名", taken=False, now=MARCH)
    await desk.groups.change(ids[0], lambda _: [renamed], CAUSE)
    names = [held.aggregate.name async for held in desk.groups.every({"community": "wula"})]
    assert sorted(names) == ["合唱队", "海华合唱队"]
    assert not await desk.group_stands("haihua", "合唱队")


async def test_O_05_a_group_is_not_transferred_to_where_one_of_its_name_is() -> None:
    desk = await there(MemoryStore())
    data = {"code": "wula", "name": "吴拉", "street": "guanshang", "listed": 1}
    told = Told(event="e-2", sequence=1, data={**data, "valid_from": "2018-01-01"})
    await desk.communities.aggregates.once("wula", [told], CAUSE)
    given = {name: getattr(proposed, name) for name in ("name", "kind", "purpose", "members")}
    first, second = [
        await desk.propose_group("guanshang", {**given, "community": code}, CAUSE)
        for code in ("haihua", "wula")
    ]
    asking = Asking(person("street:guanshang"), replace(CAUSE, expected=1))
    to = (CommunityIn(community="wula"),)
    with pytest.raises(RuleBroken) as refused:
        await step_taken.take(steps.transfer, desk, asking, {"id": first.id}, to)
    assert (refused.value.rule.id, refused.value.field) == ("O-05", "community")
    over = GroupDeclined(by="street:guanshang", reason="重名", at=MARCH)
    await desk.groups.change(second.id, lambda _: [over], CAUSE)
    assert not await desk.group_stands("wula", "合唱队")
