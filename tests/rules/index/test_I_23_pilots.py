"""I-23: pilots have a ground, a number, phases in their order and an acceptance; a title ends when withdrawn."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from chassis.kernel.errors import RuleBroken
from services.index.domain.pilot import (
    MOST,
    Course,
    Kind,
    PhaseBegun,
    PilotAccepted,
    PilotDesignated,
    PilotWithdrawn,
    SelfChecked,
    designate,
    evolve,
)
from services.index.shipped import named_pilots, printed_systems

NOW = datetime(2026, 5, 4, 2, tzinfo=UTC)
LEAD = "department:civil_affairs"
DESIGNATED = PilotDesignated(
    kind=Kind.RURAL, community="wula", year=2019, ground="官办发〔2019〕7号", by=LEAD, at=NOW
)
PHASE = PhaseBegun(phase=2, on=date(2026, 5, 1), by=LEAD, at=NOW)
CHECKED = SelfChecked(evidence="自查报告", by="community:wula", at=NOW)
ACCEPTED = PilotAccepted(passed=True, found="达标", by=LEAD, at=NOW)
WITHDRAWN = PilotWithdrawn(reason="不再符合", by=LEAD, at=NOW)
LIFE = (DESIGNATED, PHASE, CHECKED, ACCEPTED, WITHDRAWN)


def refused(do: Any, *args: Any, **about: Any) -> tuple[str, str | None, str | None]:
    with pytest.raises(RuleBroken) as refusal:
        do(*args, **about)
    return refusal.value.rule.id, refusal.value.clause, refusal.value.field


def others(count: int) -> list[PilotDesignated]:
    return [replace(DESIGNATED, community=f"other-{number}") for number in range(count)]


def test_I_23_a_pilot_has_its_ground_and_one_place() -> None:
    assert designate(DESIGNATED, others(1)) == DESIGNATED
    clause = "官办发〔2019〕7号 二"
    assert refused(designate, replace(DESIGNATED, ground=" "), []) == ("I-23", clause, "ground")
    for place in ({"community": None}, {"street": "yiliu"}):
        about: Any = place
        assert refused(designate, replace(DESIGNATED, **about), []) == ("I-23", clause, "community")


@pytest.mark.parametrize("kind", Kind)
def test_I_23_so_many_of_a_kind(kind: Kind) -> None:
    one = replace(DESIGNATED, kind=kind)
    most = MOST.get(kind)
    if most is None:
        assert designate(one, others(1000))
        return
    assert designate(one, others(most - 1))
    assert refused(designate, one, others(most))[2] == "kind"


def test_I_23_a_place_is_one_of_a_kind_once() -> None:
    clause = "官办发〔2019〕7号 二"
    assert refused(designate, DESIGNATED, [DESIGNATED]) == ("I-23", clause, "community")
    street = replace(DESIGNATED, community=None, street="yiliu")
    assert refused(designate, street, [street]) == ("I-23", clause, "street")
    assert designate(street, [DESIGNATED]) == street


def test_I_23_phases_in_their_order_up_to_the_fifth() -> None:
    pilot = evolve(None, DESIGNATED)
    assert pilot.phase == 1
    assert refused(pilot.go_on, on=date(2026, 5, 5), by=LEAD, now=NOW)[2] == "on"
    for phase in range(2, 6):
        begun = pilot.go_on(on=date(2026, 5, 4), by=LEAD, now=NOW)
        assert begun.phase == phase
        pilot = evolve(pilot, begun)
    assert refused(pilot.go_on, on=date(2026, 5, 4), by=LEAD, now=NOW)[0] == "I-23"
    other = evolve(None, replace(DESIGNATED, kind=Kind.LINKAGE))
    assert refused(other.go_on, on=date(2026, 5, 4), by=LEAD, now=NOW)[0] == "I-23"


def test_I_23_a_rural_pilot_checks_itself_before_it_is_accepted() -> None:
    pilot = evolve(None, DESIGNATED)
    assert refused(pilot.accept, ACCEPTED) == ("I-23", "官办发〔2019〕7号 四", None)
    assert refused(pilot.check, evidence="", by=LEAD, now=NOW)[2] == "evidence"
    checked = evolve(pilot, pilot.check(evidence="自查报告", by=CHECKED.by, now=NOW))
    assert refused(checked.accept, replace(ACCEPTED, found=""))[2] == "found"
    accepted = evolve(checked, checked.accept(ACCEPTED))
    assert accepted.course is Course.ACCEPTED
    assert refused(accepted.accept, ACCEPTED)[0] == "I-23"
    assert refused(accepted.check, evidence="x", by=LEAD, now=NOW)[0] == "I-23"
    failed = evolve(checked, replace(ACCEPTED, passed=False))
    assert failed.course is Course.FAILED
    other = evolve(None, replace(DESIGNATED, kind=Kind.LINKAGE))
    assert other.accept(ACCEPTED) == ACCEPTED


def test_I_23_a_title_ends_when_it_is_withdrawn_with_a_reason() -> None:
    accepted = evolve(evolve(None, DESIGNATED), ACCEPTED)
    assert refused(accepted.withdraw, reason=" ", by=LEAD, now=NOW)[2] == "reason"
    over = evolve(accepted, accepted.withdraw(reason="不再符合", by=LEAD, now=NOW))
    assert over.course is Course.WITHDRAWN
    assert refused(over.withdraw, reason="再次", by=LEAD, now=NOW)[0] == "I-23"
    assert refused(over.go_on, on=date(2026, 5, 4), by=LEAD, now=NOW)[0] == "I-23"


def test_I_23_the_pilots_that_are_named_are_shipped_within_their_numbers() -> None:
    named = named_pilots(NOW)
    counts = {kind: sum(one.kind is kind for one in named) for kind in Kind}
    assert (counts[Kind.LINKAGE], counts[Kind.FIRST_BATCH], counts[Kind.RURAL]) == (8, 4, 2)
    assert all(designate(one, others(counts[one.kind] - 1)) for one in named)
    assert {one.system for one in named if one.kind is Kind.RURAL} == {"rural-2019"}


def test_I_23_the_rural_pilots_bring_goals_of_their_own() -> None:
    rural = printed_systems()["rural-2019"]
    goals = [(point.goals[0].value, point.goals[0].sense) for point in rural.points]
    assert goals == [
        (Decimal(13), ">="),
        (Decimal(80), ">="),
        (Decimal(70), ">="),
        (Decimal(100), "=="),
        (Decimal(80), ">="),
    ]
    assert [gap.lacks for gap in rural.gaps] == ["attribute"] * 5
