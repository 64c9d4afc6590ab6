"""I-16: standard by standard, each by its printed method, step by step; quotas per street; never a sum."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chassis.kernel.errors import RuleBroken, UnknownReference
from services.index.domain.innovation import (
    COURSE,
    METHODS,
    QUOTAS,
    AssessmentBegun,
    Body,
    CityDecided,
    Found,
    Innovation,
    InnovationEvent,
    Method,
    Phase,
    StandardMarked,
    Step,
    StepDone,
    begin,
    evolve,
)
from services.index.shipped import innovation_standards, quotas

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
STANDARDS = innovation_standards()
BEGUN = AssessmentBegun(community="haihua", street="liujia", phase=Phase.FIRST, at=NOW)
MARKED = StandardMarked(
    step=Step.SELF,
    standard="1.1",
    found=Found.MET,
    method=Method.PAPERS,
    evidence="制度文件",
    by="community:haihua",
    at=NOW,
)
CITY = CityDecided(passed=True, paper="市办发1号", by="department:civil_affairs", at=NOW)


def marks(step: Step) -> tuple[StandardMarked, ...]:
    return tuple(
        replace(MARKED, step=step, standard=code, method=standard.methods[0])
        for code, standard in STANDARDS.items()
    )


def done(step: Step, **changed: int | bool) -> StepDone:
    given = StepDone(step=step, by="x", at=NOW)
    full = replace(given, experts=5, residents=20) if step is Step.OFFICE else given
    return replace(full, **changed)  # type: ignore[arg-type]


def through(*steps: Step) -> tuple[InnovationEvent, ...]:
    found: list[InnovationEvent] = []
    for step in steps:
        found += [*marks(step), done(step)]
    return tuple(found)


def after(*events: InnovationEvent) -> Innovation:
    innovation = evolve(None, BEGUN)
    for event in events:
        innovation = evolve(innovation, event)
    return innovation


LIFE = (BEGUN, *through(Step.SELF, Step.STREET, Step.OFFICE), CITY)


def refused(step: Callable[[], object]) -> tuple[str | None, str | None]:
    with pytest.raises(RuleBroken) as refusal:
        step()
    assert refusal.value.rule.id == "I-16"
    return refusal.value.clause, refusal.value.field


# What is printed


def test_I_14_5_and_21_indicators_are_there_with_their_standards() -> None:
    assert len({standard.level1 for standard in STANDARDS.values()}) == 5
    assert len({code.partition(".")[0] for code in STANDARDS}) == 21
    assert len(STANDARDS) == 63
    assert STANDARDS["4.1"].indicator == "社会力量协同参与"
    assert {code.partition(".")[0] for code, one in STANDARDS.items() if one.doubt} == {
        "7",
        "10",
        "20",
        "21",
    }


def test_I_16_quotas_are_9_in_the_first_phase_and_25_in_all() -> None:
    assert sum(quota.first for quota in quotas().values()) == 9
    assert sum(quota.whole for quota in quotas().values()) == 25
    assert len(quotas()) == 9


# The procedure


def test_I_16_community_street_office_and_city_each_in_its_turn() -> None:
    steps = (Step.SELF, Step.STREET, Step.OFFICE, Step.CITY)
    for count, step in enumerate(steps):
        at = after(*through(*steps[:count]))
        assert at.step is step
        for other in {*steps} - {step}:
            wrong = replace(MARKED, step=other)
            assert refused(lambda at=at, wrong=wrong: at.mark(wrong, STANDARDS)) == (COURSE, None)  # type: ignore[misc]
    at_city = after(*through(*steps[:3]))
    assert at_city.decide(CITY) == CITY
    assert refused(lambda: at_city.decide(replace(CITY, paper=" "))) == (COURSE, "paper")
    over = after(*through(*steps[:3]), CITY)
    assert over.step is Step.OVER
    refused(lambda: over.decide(CITY))


def test_I_16_a_standard_is_looked_at_by_the_method_printed_for_it() -> None:
    assert after().mark(MARKED, STANDARDS) == MARKED
    on_site = replace(MARKED, method=Method.ON_SITE)
    assert refused(lambda: after().mark(on_site, STANDARDS)) == (METHODS, "method")
    second = replace(on_site, standard="1.2")
    assert after().mark(second, STANDARDS) == second
    assert refused(lambda: after().mark(replace(MARKED, evidence=""), STANDARDS))[1] == "evidence"
    with pytest.raises(UnknownReference):
        after().mark(replace(MARKED, standard="22.1"), STANDARDS)


def test_I_16_a_step_looks_at_every_standard() -> None:
    every = marks(Step.SELF)
    assert after(*every).finish(done(Step.SELF), STANDARDS) == done(Step.SELF)
    assert refused(lambda: after(*every[:-1]).finish(done(Step.SELF), STANDARDS)) == (COURSE, None)
    street = after(*through(Step.SELF))
    assert len(street.unmarked(STANDARDS)) == 63


def test_I_16_the_last_mark_of_a_step_counts_and_other_steps_keep_theirs() -> None:
    again = replace(MARKED, found=Found.UNMET)
    assert after(MARKED, again).marks == (again,)
    street = replace(MARKED, step=Step.STREET)
    both = after(*through(Step.SELF), street)
    assert sum(mark.standard == "1.1" for mark in both.marks) == 2


@pytest.mark.parametrize("nobody", ["experts", "residents"])
def test_I_16_the_office_assesses_with_experts_and_residents(nobody: str) -> None:
    office = after(*through(Step.SELF, Step.STREET), *marks(Step.OFFICE))
    assert office.finish(done(Step.OFFICE), STANDARDS)
    assert refused(lambda: office.finish(done(Step.OFFICE, **{nobody: 0}), STANDARDS)) == (
        COURSE,
        nobody,
    )


def test_I_16_what_does_not_qualify_does_not_go_to_the_city() -> None:
    failed = done(Step.OFFICE, qualifies=False)
    over = after(*through(Step.SELF, Step.STREET), *marks(Step.OFFICE), failed)
    assert (over.step, over.decided) == (Step.OVER, None)
    refused(lambda: over.decide(CITY))


# Quotas


@pytest.mark.parametrize(
    ("phase", "first", "whole", "refuses"),
    [
        (Phase.FIRST, 0, 0, False),
        (Phase.FIRST, 1, 1, True),
        (Phase.LATER, 1, 1, False),
        (Phase.LATER, 0, 2, True),
        (Phase.FIRST, 0, 2, True),
    ],
)
def test_I_16_a_street_has_its_quota(phase: Phase, first: int, whole: int, refuses: bool) -> None:
    asked = replace(BEGUN, phase=phase)
    quota = quotas()["liujia"]
    assert (quota.first, quota.whole) == (1, 2)
    if refuses:
        assert refused(lambda: begin(asked, quota, first, whole)) == (QUOTAS, "phase")
    else:
        assert begin(asked, quota, first, whole) == asked
    with pytest.raises(UnknownReference):
        begin(asked, None, 0, 0)


@pytest.mark.parametrize("body", [Body.STREET, Body.DEPARTMENT, Body.MASS])
def test_I_16_others_go_from_themselves_to_the_office_and_have_no_quota(body: Body) -> None:
    begun = AssessmentBegun(unit="women", body=body, phase=Phase.FIRST, at=NOW)
    assert begin(begun, None, 99, 99) == begun
    one = evolve(None, begun)
    for event in through(Step.SELF):
        one = evolve(one, event)
    assert one.step is Step.OFFICE
    for event in through(Step.OFFICE):
        one = evolve(one, event)
    assert one.step is Step.CITY
