"""O-05: community groups are filed first, then active; O-11: asleep for two years, and no longer filed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from chassis.kernel.clock import end_of
from chassis.kernel.errors import OURS, Malformed
from contracts import organisations as published
from services.organisations import announce
from services.organisations.domain import group as groups
from services.organisations.domain.group import (
    Group,
    GroupActive,
    GroupDeclined,
    GroupFiled,
    GroupKind,
    GroupLapsed,
    GroupLeft,
    GroupLookedAt,
    GroupProposed,
    GroupRenamed,
    GroupStatus,
    evolve,
)
from tests.support.specification import Given, past

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
TODAY = date(2026, 3, 2)
FIRST_LOOK = "官办通〔2019〕77号 四（三）2"
proposed = GroupProposed(
    id="g-1",
    name="晨曦合唱队（虚构）",
    kind=GroupKind.CULTURE,
    street="guanshang",
    community="haihua",
    purpose="文艺活动",
    members=20,
    at=NOW,
)
looked = GroupLookedAt(opinion="符合条件", at=NOW)
filed = GroupFiled(number="备-1", at=NOW)
active = GroupActive(on=TODAY, what="排练", members=22)
declined = GroupDeclined(by="street:guanshang", reason="重名", at=NOW)
renamed = GroupRenamed(name="海华合唱队", reason="同名", at=NOW)
left = GroupLeft(reason="解散", at=NOW)
lapsed = GroupLapsed(last=TODAY, at=NOW)


def given(*happened: Any) -> Given[Group]:
    return past(None, evolve, (proposed, *happened))


def look(opinion: str = "符合条件") -> Any:
    return lambda g: groups.look(g, opinion=opinion, now=NOW)


def file(number: str = "备-1") -> Any:
    return lambda g: groups.file(g, number=number, now=NOW)


def act(on: date = TODAY, what: str = "排练", members: int = 22, now: datetime = NOW) -> Any:
    return lambda g: groups.act(g, on=on, what=what, members=members, now=now)


def test_O_05_group_goes_by_its_community_first() -> None:
    nothing: Given[Any] = past(None, evolve, ())
    nothing.when(lambda g: groups.propose(g, proposed)).then(proposed)
    nothing.when(lambda g: groups.propose(g, replace(proposed, name=" "))).breaks(
        "O-05", field="name"
    )
    nothing.when(lambda g: groups.propose(g, replace(proposed, purpose=" "))).breaks(
        "O-05", field="purpose"
    )
    given().when(lambda g: groups.propose(g, proposed)).refused(Malformed, field="name")
    given().when(file()).breaks("O-05", clause=FIRST_LOOK)
    given().when(look(" ")).breaks("O-05", field="opinion")
    seen = given().when(look()).then(looked)
    seen.when(look()).breaks("O-05")
    seen.when(file(" ")).breaks("O-05", field="number")
    after = seen.when(file()).then(filed)
    after.when(file()).breaks("O-05")
    assert after.state.filed


def test_O_05_the_document_wants_a_first_look_and_the_platform_one_of_a_name() -> None:
    given().when(look(" ")).breaks("O-05", clause=FIRST_LOOK, field="opinion")
    rename = partial(groups.rename, name="海华合唱队", reason="同名", taken=True, now=NOW)
    given(looked, filed).when(rename).breaks("O-05", clause=OURS, field="name")
    given(looked, filed).when(act(members=0)).breaks("O-05", clause=OURS, field="members")


@pytest.mark.parametrize(
    "happened", [(declined,), (looked, filed, left), (looked, filed, active, lapsed)]
)
def test_O_05_what_was_declined_or_is_off_file_may_be_proposed_again(happened: Any) -> None:
    again = replace(proposed, purpose="文艺和互助", at=NOW + timedelta(days=1))
    anew = given(*happened).when(lambda g: groups.propose(g, again)).then(again)
    assert anew.state == past(None, evolve, (again,)).state
    for stands in ((), (looked,), (looked, filed)):
        given(*stands).when(lambda g: groups.propose(g, again)).refused(Malformed, field="name")


def test_O_05_the_members_are_those_of_the_latest_activity() -> None:
    """One that is recorded late says how many they were then."""
    day = TODAY + timedelta(days=9)
    latest = replace(active, on=day, members=30)
    known = given(looked, filed, latest)
    late = known.when(act(members=22)).then(replace(active, before=True))
    assert (late.state.members, late.state.last) == (30, day)
    again = known.when(act(day, members=28, now=end_of(day))).leads_to()
    assert again.state.members == 28


def test_O_05_first_filed_then_active() -> None:
    given(looked).when(act()).breaks("O-05", clause=FIRST_LOOK)
    on_file = given(looked, filed)
    on_file.when(act()).then(active)
    on_file.when(act(what=" ")).breaks("O-05", field="what")
    on_file.when(act(TODAY - timedelta(days=1))).breaks("O-05", field="on")
    on_file.when(act(TODAY + timedelta(days=1))).refused(Malformed, field="on")


def test_O_05_a_group_and_its_activity_are_of_somebody() -> None:
    nothing: Given[Any] = past(None, evolve, ())

    def propose(members: int) -> Any:
        return lambda g: groups.propose(g, replace(proposed, members=members))

    nothing.when(propose(0)).breaks("O-05", field="members")
    nothing.when(propose(1)).then(replace(proposed, members=1))
    on_file = given(looked, filed)
    on_file.when(act(members=0)).breaks("O-05", field="members")
    on_file.when(act(members=1)).then(replace(active, members=1))


@pytest.mark.parametrize("before", [(), (looked,)])
def test_O_05_community_or_street_may_decline_with_a_reason(before: Any) -> None:
    def decline(reason: str) -> Any:
        return lambda g: groups.decline(g, by="street:guanshang", reason=reason, now=NOW)

    given(*before).when(decline(" ")).breaks("O-05", field="reason")
    gone = given(*before).when(decline("重名")).then(declined)
    assert gone.state.status is GroupStatus.DECLINED
    gone.when(decline("重名")).breaks("O-05")
    given(looked, filed).when(decline("重名")).breaks("O-05")


def test_O_11_a_group_that_sleeps_for_more_than_two_years_lapses_once() -> None:
    on_file = given(looked, filed, active)
    due = end_of(date(2028, 3, 2))
    assert on_file.state.next_due == due
    assert groups.lapse(on_file.state, due - timedelta(seconds=1)) == ()
    gone = on_file.when(lambda g: groups.lapse(g, due)).then(replace(lapsed, at=due))
    assert (gone.state.status, gone.state.next_due) == (GroupStatus.LAPSED, None)
    assert groups.lapse(gone.state, due) == ()
    woken = given(looked, filed, replace(active, on=date(2027, 3, 2)))
    assert groups.lapse(woken.state, due) == ()
    gone.when(act()).breaks("O-05")


def test_O_05_a_group_leaves_with_a_reason() -> None:
    on_file = given(looked, filed)
    on_file.when(lambda g: groups.leave(g, reason=" ", now=NOW)).breaks("O-05", field="reason")
    gone = on_file.when(lambda g: groups.leave(g, reason="解散", now=NOW)).then(left)
    gone.when(lambda g: groups.leave(g, reason="解散", now=NOW)).breaks("O-05")


@pytest.mark.parametrize(("event", "is_left"), [(filed, False), (left, True), (lapsed, True)])
def test_O_05_that_it_is_on_file_is_told_and_that_it_no_longer_is(
    event: Any, is_left: bool
) -> None:
    after = given(looked, filed, *([event] if is_left else [])).state
    assert announce.of_groups(event, after) == published.GroupFiled(
        street="guanshang", community="haihua", group="g-1", kind="culture", left=is_left
    )
    assert announce.of_groups(looked, after) is None
