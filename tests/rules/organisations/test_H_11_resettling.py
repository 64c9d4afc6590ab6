"""What stands in a community that was merged into another goes along, once."""

from dataclasses import replace
from datetime import date

from services.organisations.domain import group as groups
from services.organisations.domain import meeting as meetings
from services.organisations.domain.group import GroupKind, GroupProposed
from services.organisations.domain.meeting import (
    Assigned,
    MeetingCalled,
    MeetingDecided,
    MeetingLevel,
)
from services.organisations.domain.resettling import Resettled, resettle

from .cases import MARCH

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
