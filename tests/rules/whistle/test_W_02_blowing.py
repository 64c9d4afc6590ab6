"""W-02 and W-03: who may be summoned by whom, and what blowing is at each level."""

from dataclasses import replace
from datetime import UTC, date
from typing import Any

import pytest

from chassis.kernel.errors import Malformed, RuleBroken, UnknownReference
from services.whistle.domain.blowing import blow, chiefs_of
from services.whistle.domain.course import Status
from services.whistle.domain.events import Level, WhistleBlown
from services.whistle.domain.evolution import evolve
from services.whistle.domain.unit import Unit, UnitKind
from services.whistle.domain.whistle import Whistle

from .cases import (
    COMMUNITY,
    KNOWN,
    MONDAY,
    POLICY,
    UNITS,
    WORK,
    at,
    blown,
    blown_below,
    called_below,
    registered,
    state,
)


def blow_it(happened: WhistleBlown, units: dict[str, Unit] | None = None) -> tuple[Any, ...]:
    return blow(happened, units or UNITS, policy=POLICY, work=WORK)


def below(*units: str) -> WhistleBlown:
    return replace(blown_below, summoned=units, lead=units[0])


# Of what it is about


@pytest.mark.parametrize("title", ["", "  "])
def test_W_01_a_whistle_says_what_it_is_about(title: str) -> None:
    with pytest.raises(Malformed) as refusal:
        blow_it(replace(blown, title=title))
    assert refusal.value.field == "title"


def test_W_01_a_whistle_has_a_category_of_the_list() -> None:
    with pytest.raises(RuleBroken) as refusal:
        blow_it(replace(blown, category="potholes", problem=None))
    assert (refusal.value.rule.id, refusal.value.field) == ("W-01", "category")


def test_W_01_a_problem_is_blown_for_although_its_category_was_struck_from_the_list() -> None:
    struck = replace(blown, category="potholes")
    assert blow_it(struck) == (struck,)


# Below


def test_W_02_below_blowing_registering_and_dispatching_are_one_step() -> None:
    happened = blow_it(blown_below)
    assert happened == (blown_below, registered, called_below)
    whistle = state(happened)
    assert (whistle.status, whistle.level, whistle.calendar) == (
        Status.DISPATCHED,
        Level.COMMUNITY,
        KNOWN,
    )


@pytest.mark.parametrize("unit", ["haihua_seven", "liujia_safety", "justice", "haihua_alliance"])
def test_W_02_a_community_summons_its_own_forces(unit: str) -> None:
    assert [task.unit for task in state(blow_it(below(unit))).tasks] == [unit]


@pytest.mark.parametrize(
    "unit", ["water", "haixiang_seven", "guandu_safety", "baoxiang_chief", "leader_1"]
)
def test_W_02_a_community_summons_no_others(unit: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        blow_it(below("haihua_seven", unit))
    assert (refusal.value.rule.id, refusal.value.field) == ("W-02", "units")
    assert refusal.value.clause == "官办通〔2019〕80号 四.4"


# At the street


def test_W_03_a_street_whistle_waits_for_the_command_centre() -> None:
    assert blow_it(blown) == (blown,)
    whistle = state(blow_it(blown))
    assert (whistle.status, whistle.tasks) == (Status.BLOWN, ())
    assert (whistle.authority, whistle.evaluator) == ("command_centre", "command_centre")


@pytest.mark.parametrize("unit", ["leader_1", "baoxiang_chief", "guandu_safety"])
def test_W_03_a_street_may_summon_a_linked_leader_with_the_departments(unit: str) -> None:
    whistle = replace(blown, summoned=("water", unit))
    assert blow_it(whistle) == (whistle,)


@pytest.mark.parametrize(
    ("units", "serves"),
    [(("leader_1",), ("haihua",)), (("water", "leader_1"), ("guandu",))],
    ids=["alone", "linked elsewhere"],
)
def test_W_03_a_linked_leader_comes_with_a_department_where_he_is_linked(
    units: tuple[str, ...], serves: tuple[str, ...]
) -> None:
    listed = {**UNITS, "leader_1": replace(UNITS["leader_1"], serves=serves)}
    with pytest.raises(RuleBroken) as refusal:
        blow_it(replace(blown, summoned=units, lead=units[0]), listed)
    assert (refusal.value.rule.id, refusal.value.clause) == ("W-03", "官办通〔2019〕80号 四.5")
    assert refusal.value.field == "units"


def test_W_13_a_river_chief_is_summoned_for_its_own_stretch() -> None:
    other = {**UNITS, "baoxiang_chief": replace(UNITS["baoxiang_chief"], serves=("guandu",))}
    both = replace(blown, summoned=("water", "baoxiang_chief"))
    assert blow_it(both) == (both,)
    with pytest.raises(RuleBroken) as refusal:
        blow_it(both, other)
    assert (refusal.value.rule.id, refusal.value.field) == ("W-13", "units")


def test_W_13_the_chiefs_of_a_stretch_are_those_listed_for_the_place_that_day() -> None:
    listed = list(UNITS.values())
    assert chiefs_of(listed, ("haihua",), date(2026, 3, 2)) == ["baoxiang_chief"]
    assert chiefs_of(listed, ("guandu",), date(2026, 3, 2)) == []
    assert chiefs_of(listed, ("haihua",), date(2019, 5, 30)) == []
    more = [replace(UNITS["baoxiang_chief"], code=code) for code in ("b", "a")]
    assert chiefs_of([*more, *listed], ("haihua",), date(2026, 3, 2)) == [
        "a",
        "b",
        "baoxiang_chief",
    ]


def test_W_13_a_river_matter_is_dispatched_to_the_chief_too() -> None:
    def dispatch(chiefs: tuple[str, ...]) -> list[tuple[str, bool]]:
        whistle = state((blown, registered))
        called = whistle.dispatch(
            by="command_centre", policy=POLICY, now=MONDAY, work=WORK, chiefs=chiefs
        )
        after = evolve(whistle, called)
        assert after.summoned == tuple(task.unit for task in after.tasks)
        return [(task.unit, task.lead) for task in after.tasks]

    named = [("water", True), ("transport", False), ("health", False)]
    assert dispatch(("baoxiang_chief",)) == [*named, ("baoxiang_chief", False)]
    assert dispatch(("water",)) == named


def test_W_13_below_too_a_river_matter_is_dispatched_to_the_chief() -> None:
    happened = blow(
        blown_below, UNITS, policy=POLICY, work=WORK, chiefs=("baoxiang_chief", "haihua_seven")
    )
    assert [(task.unit, task.lead) for task in state(happened).tasks] == [
        ("haihua_seven", True),
        ("baoxiang_chief", False),
    ]
    waiting = blow(blown, UNITS, policy=POLICY, work=WORK, chiefs=("baoxiang_chief",))
    assert waiting == (blown,)


def test_W_03_below_the_community_and_its_street_stand_in_for_the_centre() -> None:
    whistle = state(blow_it(blown_below))
    assert (whistle.authority, whistle.evaluator) == (COMMUNITY, "street:liujia")


# Whom


def test_W_05_the_lead_is_one_of_the_summoned() -> None:
    with pytest.raises(RuleBroken) as refusal:
        blow_it(replace(blown, lead="justice"))
    assert (refusal.value.rule.id, refusal.value.field) == ("W-05", "lead")


@pytest.mark.parametrize("units", [(), ("water", "water")])
def test_W_05_at_least_one_unit_and_each_once(units: tuple[str, ...]) -> None:
    with pytest.raises(Malformed) as refusal:
        blow_it(replace(blown, summoned=units))
    assert refusal.value.field == "units"


def test_a_unit_that_nobody_knows_is_not_summoned() -> None:
    with pytest.raises(UnknownReference) as refusal:
        blow_it(replace(blown, summoned=("water", "nobody")))
    assert refusal.value.field == "units"


VALIDITIES = [
    ("valid_from", date(2026, 3, 2), True),
    ("valid_from", date(2026, 3, 3), False),
    ("valid_to", date(2026, 3, 2), True),
    ("valid_to", date(2026, 3, 1), False),
]


@pytest.mark.parametrize(("bound", "day", "summonable"), VALIDITIES)
def test_a_unit_is_summoned_while_the_register_lists_it(
    bound: str, day: date, summonable: bool
) -> None:
    changed: dict[str, Any] = {bound: day}
    listed = {**UNITS, "water": replace(UNITS["water"], **changed)}
    if summonable:
        assert blow_it(blown, listed) == (blown,)
        return
    with pytest.raises(UnknownReference):
        blow_it(blown, listed)


def test_the_register_is_read_by_the_day_in_shanghai() -> None:
    """Half past midnight on the 3rd is still the 2nd in UTC."""
    listed = {**UNITS, "water": replace(UNITS["water"], valid_to=date(2026, 3, 2))}
    with pytest.raises(UnknownReference):
        blow_it(replace(blown, at=at("03-03 00:30").astimezone(UTC)), listed)


def test_the_kinds_of_units() -> None:
    assert {kind.value for kind in UnitKind} == {
        "department",
        "community_force",
        "street_office",
        "alliance",
        "river_chief",
        "linked_leader",
    }


def test_a_blown_whistle_is_what_was_said() -> None:
    assert state([replace(blown, origin="agreement:a-1")]) == Whistle(
        status=Status.BLOWN,
        level=Level.STREET,
        kind=blown.kind,
        blower="street:liujia",
        street="liujia",
        community="haihua",
        category="water",
        title="河道翻坝漏水",
        problem="p-1",
        summoned=("water", "transport", "health"),
        lead="water",
        origin="agreement:a-1",
        blown_at=MONDAY,
    )
