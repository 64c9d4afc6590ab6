"""Changes of boundaries: what they may be, when they take effect, and the entry of a day."""

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import reduce
from typing import Any

import pytest

from chassis.kernel.errors import RuleBroken, UnknownReference
from services.housing.desk.imports import Called
from services.housing.domain import community
from services.housing.domain.boundaries import (
    BoundaryEvent,
    ChangeDecided,
    ChangeKind,
    ChangeReached,
    ChangeWithdrawn,
    Entry,
    Others,
    decide,
    entry_at,
    evolve,
    names_of,
    namesakes,
)
from services.housing.domain.community import CommunityEntered, CommunityKind
from services.housing.steps.changes import CHANGES
from tests.support.specification import past

NOW = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
REACHED_AT = datetime(2026, 6, 30, 16, 0, tzinfo=UTC)
"""Midnight in Shanghai before 1 July."""
STREETS = {"yiliu", "guandu"}


def entered(code: str, **how: Any) -> CommunityEntered:
    usual: dict[str, Any] = {"street": "yiliu", "kind": CommunityKind.URBAN, "households": 100}
    return CommunityEntered(
        code=code,
        name=code.upper(),
        valid_from=date(2026, 3, 2),
        reason="文件",
        listed=3,
        **{**usual, **how},
    )


KNOWN = {code: community.evolve(None, entered(code)) for code in ("east", "west", "north")}


def entry(code: str, **how: Any) -> Entry:
    usual = {"name": code.upper(), "street": "yiliu", "kind": CommunityKind.URBAN}
    return Entry(code=code, **{**usual, "households": 100, **how})


merged = ChangeDecided(
    change="c1",
    kind=ChangeKind.MERGE,
    on=date(2026, 7, 1),
    ends=("east",),
    entries=(entry("west", households=200),),
    reason="区政府批复",
    at=NOW,
)
split = replace(
    merged, kind=ChangeKind.SPLIT, ends=("east",), entries=(entry("east1"), entry("east2"))
)
renamed = replace(merged, kind=ChangeKind.RENAME, ends=(), entries=(entry("west", name="新西"),))
retyped = replace(
    merged,
    kind=ChangeKind.RETYPE,
    ends=(),
    entries=(entry("west", kind=CommunityKind.VILLAGE_CONVERTED),),
)
moved = replace(merged, kind=ChangeKind.MOVE, ends=(), entries=(entry("west", street="guandu"),))
change_withdrawn = ChangeWithdrawn(reason="日期写错", at=NOW)
EVERY = (merged, split, renamed, retyped, moved)


def decided(change: ChangeDecided) -> tuple[BoundaryEvent, ...]:
    return decide(change, KNOWN, STREETS)


@pytest.mark.parametrize("change", EVERY, ids=[change.kind for change in EVERY])
def test_H_11_a_change_waits_for_its_day(change: ChangeDecided) -> None:
    assert decided(change) == (change,)
    state = evolve(None, change)
    assert state.takes_effect_at == REACHED_AT
    assert state.reach(now=REACHED_AT.replace(microsecond=0) - (REACHED_AT - NOW)) == ()
    reached = state.reach(now=REACHED_AT)
    assert reached == tuple(ChangeReached(community=code) for code in state.codes)
    after = reduce(evolve, reached, state)
    assert (after.takes_effect_at, after.reach(now=REACHED_AT)) == (None, ())


@pytest.mark.parametrize(
    ("change", "only"),
    [
        (renamed, {"name": "新西"}),
        (retyped, {"kind": CommunityKind.VILLAGE_CONVERTED}),
        (moved, {"street": "guandu"}),
    ],
    ids=["renamed", "retyped", "moved"],
)
def test_H_11_what_alters_one_thing_leaves_what_was_entered_since_it_was_decided(
    change: ChangeDecided, only: dict[str, Any]
) -> None:
    since = replace(entered("west"), households=130, valid_from=date(2026, 6, 15))
    after = evolve(None, change).entered(community.evolve(None, since), "west", 3)
    day: dict[str, Any] = {"valid_from": change.on, "reason": change.reason, "change": "c1"}
    assert after == replace(since, **only, **day)


def test_H_11_what_is_merged_is_as_it_was_decided() -> None:
    since = community.evolve(None, replace(entered("west"), households=130))
    after = evolve(None, merged).entered(since, "west", 3)
    assert after is not None and after.households == 200


def test_H_11_what_is_merged_says_into_what_and_what_is_split_does_not() -> None:
    """One community goes on; of several it is nobody's to guess."""
    east = community.evolve(None, entered("east"))
    for change, into in ((merged, "west"), (split, None)):
        after = evolve(None, change).entered(east, "east", 3)
        assert after is not None and after.became == into


def test_H_11_a_change_of_a_past_day_takes_effect_at_once() -> None:
    past = replace(merged, on=date(2026, 5, 1))
    both = (ChangeReached(community="east"), ChangeReached(community="west"))
    assert decided(past) == (past, *both)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (replace(merged, reason=" "), "reason"),
        (replace(merged, ends=()), "ends"),
        (replace(merged, entries=(entry("new"),)), "ends"),
        (replace(merged, entries=(entry("west"), entry("north"))), "ends"),
        (replace(merged, ends=("east", "east")), "entries"),
        (replace(merged, on=date(2026, 3, 1)), "on"),
        (replace(split, entries=(entry("east1"),)), "entries"),
        (replace(split, ends=("east", "west")), "entries"),
        (replace(split, ends=()), "entries"),
        (replace(renamed, entries=(entry("west"),)), "entries"),
        (replace(renamed, entries=(entry("west", name="新西", households=5),)), "entries"),
        (replace(renamed, ends=("east",)), "entries"),
        (replace(retyped, entries=moved.entries), "entries"),
        (replace(renamed, entries=(entry("west", name=" "),)), "entries"),
    ],
)
def test_H_11_a_change_is_what_its_kind_says(wrong: ChangeDecided, field: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        decided(wrong)
    assert (refusal.value.rule.id, refusal.value.field) == ("H-11", field)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (replace(merged, ends=("nowhere", "east")), "ends"),
        (replace(moved, entries=(entry("west", street="nowhere"),)), "entries"),
        (replace(renamed, entries=(entry("nowhere"),)), "entries"),
    ],
)
def test_H_11_a_change_names_what_there_is(wrong: ChangeDecided, field: str) -> None:
    with pytest.raises(UnknownReference) as refusal:
        decided(wrong)
    assert refusal.value.field == field


def test_H_11_one_change_waits_for_a_community_at_a_time() -> None:
    with pytest.raises(RuleBroken) as refusal:
        decide(merged, KNOWN, STREETS, {"west"})
    assert (refusal.value.rule.id, refusal.value.field) == ("H-11", "entries")
    assert decide(merged, KNOWN, STREETS, {"north"}) == (merged,)


@pytest.mark.parametrize(
    ("change", "called", "at"),
    [
        (renamed, {("yiliu", "新西"): {"north"}}, 0),
        (moved, {("guandu", "WEST"): {"north"}}, 0),
        (replace(split, entries=(entry("east1"), entry("east2", name="EAST1"))), {}, 1),
    ],
)
def test_H_11_no_two_are_called_the_same_in_a_street_after_a_change(
    change: ChangeDecided, called: Any, at: int
) -> None:
    with pytest.raises(RuleBroken) as refusal:
        decide(change, KNOWN, STREETS, (), called)
    found = refusal.value.rule.id, refusal.value.field
    assert found == ("H-11", f"entries.{at}.name")
    elsewhere: Any = {("guandu", "新西"): {"north"}, ("yiliu", "WEST"): {"west"}}
    assert decide(renamed, KNOWN, STREETS, (), elsewhere) == (renamed,)


def test_H_11_a_community_will_be_called_as_it_is_entered_by_the_day_of_its_change() -> None:
    """That is whom another one, and a correction of its own, would have the name of."""
    corrected = replace(entered("west"), name="新名", valid_from=date(2026, 6, 15))
    south = community.evolve(None, replace(entered("south", street="guandu"), name="新名"))
    change = evolve(None, moved)
    assert change.called("west", KNOWN["west"]) == ("guandu", "WEST")
    assert change.called("west", corrected) == ("guandu", "新名")
    assert change.called("north", KNOWN["north"]) is None
    today = ("yiliu", "新名"), date(2026, 6, 15)
    on_its_day = ("guandu", "新名"), moved.on
    assert names_of(corrected, KNOWN["west"], [change]) == [today, on_its_day]
    assert names_of(corrected, KNOWN["west"], [evolve(None, merged)]) == [today]
    name, on = on_its_day
    assert namesakes(name, on, {"south"}, [change], KNOWN) == {"south"}
    assert namesakes(name, on, (), [change], {"west": corrected}) == {"west"}
    lines = Called({**KNOWN, "south": south}, [change], NOW.date())
    assert lines.namesakes(replace(corrected, name="别名")) == set()
    assert lines.namesakes(corrected) == {"south"}
    assert namesakes(("yiliu", "EAST"), moved.on, {"east"}, [evolve(None, merged)], KNOWN) == set()


def test_H_11_a_change_is_withdrawn_before_its_day_and_stands_in_no_others_way() -> None:
    """One of a wrong day kept every other change of its communities away, and came to pass."""
    waiting = past(None, evolve, (merged,))

    def withdraw(now: datetime = NOW, reason: str = "日期写错") -> Any:
        return lambda change: change.withdraw(reason=reason, now=now)

    waiting.when(withdraw(reason=" ")).breaks("H-11", field="reason")
    waiting.when(withdraw(REACHED_AT)).breaks("H-11")
    gone = waiting.when(withdraw()).then(change_withdrawn)
    gone.when(withdraw()).breaks("H-11")
    assert (gone.state.open, gone.state.takes_effect_at) == (False, None)
    assert gone.state.reach(now=REACHED_AT) == ()
    assert CHANGES.keys(gone.state)["open"] is False
    reached = waiting.when(lambda change: change.reach(now=REACHED_AT)).leads_to()
    reached.when(withdraw(REACHED_AT)).breaks("H-11")


def test_H_11_a_change_is_not_withdrawn_while_another_gives_away_a_name_that_it_frees() -> None:
    """Or two communities of one name are in the street from the other's day on."""
    first, ends = evolve(None, renamed), evolve(None, replace(merged, change="c3"))
    later = replace(renamed, change="c2", on=date(2026, 8, 1))
    north = replace(entered("north"), name="WEST", street="guandu")
    known = {**KNOWN, "north": community.evolve(None, north)}
    takes = replace(later, entries=(entry("north", name="WEST"),))
    moves = replace(takes, kind=ChangeKind.MOVE, entries=(entry("north", name="以前的名称"),))
    for change, other, there in (
        (first, takes, KNOWN),
        (first, moves, known),
        (ends, replace(takes, entries=(entry("north", name="EAST"),)), KNOWN),
    ):
        others = Others(changes=(evolve(None, other),), known=there)
        with pytest.raises(RuleBroken, match="先撤回该变更") as refusal:
            change.withdraw(others, reason="日期写错", now=NOW)
        assert (refusal.value.rule.id, refusal.value.field) == ("H-11", None)
    elsewhere = replace(takes, entries=(entry("north", name="别名"),))
    ended = community.evolve(None, replace(entered("west"), valid_to=date(2026, 7, 20)))
    for other, there in ((elsewhere, KNOWN), (takes, {**KNOWN, "west": ended}), (takes, {})):
        others = Others(changes=(evolve(None, other),), known=there)
        assert first.withdraw(others, reason="日期写错", now=NOW) == (change_withdrawn,)


def test_a_split_may_keep_the_old_one_as_a_part() -> None:
    kept = replace(split, ends=(), entries=(entry("east", households=60), entry("east2")))
    assert decided(kept) == (kept,)


def test_a_merge_may_make_a_new_one() -> None:
    new = replace(merged, ends=("east", "north"), entries=(entry("union"),))
    assert decided(new) == (new,)


class TestTheEntryOfADay:
    before, change = entered("east"), evolve(None, merged)

    def test_H_11_one_that_ends_holds_to_its_last_day(self) -> None:
        ended = self.change.entered(KNOWN["east"], "east", 3)
        assert ended is not None
        assert (ended.valid_to, ended.change) == (date(2026, 6, 30), "c1")
        trail = [self.before, ended]
        assert entry_at(trail, [], date(2026, 6, 30)) == ended
        assert entry_at(trail, [], date(2026, 7, 1)) is None
        assert entry_at(trail, [], date(2026, 3, 1)) is None

    def test_H_11_one_that_goes_on_changes_on_the_day(self) -> None:
        first = entered("west")
        grown = self.change.entered(KNOWN["west"], "west", 3)
        assert grown is not None
        for trail, coming in (([first, grown], []), ([first], [grown])):
            assert entry_at(trail, coming, date(2026, 6, 30)) == first
            found = entry_at(trail, coming, date(2026, 7, 1))
            assert found is not None and found.households == 200

    def test_H_11_an_entry_of_an_earlier_day_heard_late_is_history(self) -> None:
        grown = self.change.entered(KNOWN["west"], "west", 3)
        assert grown is not None
        late = replace(entered("west"), households=5, listed=4)
        state = past(None, community.evolve, (grown, late)).state
        assert (state.households, state.listed) == (200, 4)

    def test_of_two_entries_of_one_day_the_later_one_stands(self) -> None:
        first = entered("west")
        again = replace(first, households=7)
        assert past(None, community.evolve, (first, again)).state.households == 7
        assert entry_at([first, again], [], first.valid_from) == again

    def test_what_never_was_does_not_end(self) -> None:
        assert self.change.entered(None, "east", 3) is None


def test_H_11_an_ended_community_is_not_entered_again() -> None:
    ended = replace(KNOWN["east"], valid_to=date(2026, 6, 30))
    with pytest.raises(RuleBroken) as refusal:
        community.enter(ended, entered("east"), STREETS)
    assert refusal.value.rule.id == "H-11"
