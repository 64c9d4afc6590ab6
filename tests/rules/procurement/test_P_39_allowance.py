"""P-39: the money for serving people: its sum, its projects in order, which communities have too little."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chassis.kernel.errors import OURS, Malformed, NotFound, RuleBroken
from services.procurement.domain.allowance import (
    Allotted,
    Allowance,
    Project,
    ProjectApplied,
    ProjectApproved,
    ProjectDropped,
    ProjectReviewed,
    ProjectStatus,
    ProjectSupervised,
    UseCorrected,
    allot,
    evolve,
    shorts,
)
from tests.support.specification import Decision, Given, past

from .cases import MARCH

CLAUSE = "官办通〔2018〕38号（十九）"
SUM = 20_000_000
allotted = Allotted(street="guanshang", community="haihua", year=2026, amount=SUM, at=MARCH)
PROJECT = Project(
    code="p1", title="助餐点", use="添置炊具", amount=12_000_000, decided_on=date(2026, 3, 1)
)
applied = ProjectApplied(project=PROJECT, at=MARCH)
reviewed = ProjectReviewed(project="p1", agreed=True, opinion="可行", at=MARCH)
approved = ProjectApproved(project="p1", approved=True, opinion="同意", at=MARCH)
supervised = ProjectSupervised(project="p1", findings="按期实施", at=MARCH)
FIRST = (applied, reviewed, approved)


def given(*happened: Any) -> Given[Allowance]:
    return past(None, evolve, (allotted, *happened))


def applies(state: Given[Allowance], **other_than: Any) -> Decision[Allowance]:
    project = replace(PROJECT, **other_than)
    return state.when(lambda allowance: allowance.apply(project, MARCH))


def test_P_39_residents_settle_the_use_before_it_is_applied_for() -> None:
    applies(given()).then(applied)
    late = date(2026, 3, 3)
    applies(given(), decided_on=late).breaks("P-39", clause=CLAUSE, field="decided_on")
    applies(given(), title=" ").refused(Malformed, field="title")
    applies(given(), use=" ").refused(Malformed, field="use")
    applies(given(), amount=0).refused(Malformed, field="amount")
    applies(given(applied)).refused(Malformed, field="code")


def test_P_39_projects_take_no_more_than_there_is() -> None:
    applies(given(), amount=SUM).then(replace(applied, project=replace(PROJECT, amount=SUM)))
    applies(given(), amount=SUM + 1).breaks("P-39", field="amount")
    applies(given(*FIRST), code="p2").breaks("P-39", field="amount")
    other = ProjectApplied(project=replace(PROJECT, code="p2"), at=MARCH)
    both = given(applied, other, reviewed, approved, replace(reviewed, project="p2"))
    both.when(lambda one: one.approve("p2", approved=True, opinion="同意", now=MARCH)).breaks(
        "P-39", field="amount"
    )
    assert both.when(
        lambda one: one.approve("p2", approved=False, opinion="不足", now=MARCH)
    ).happened


def test_P_39_in_order_of_review_approval_and_supervision() -> None:
    review = lambda one: one.review("p1", agreed=True, opinion="可行", now=MARCH)  # noqa: E731
    approve = lambda one: one.approve("p1", approved=True, opinion="同意", now=MARCH)  # noqa: E731
    supervise = lambda one: one.supervise("p1", findings="按期实施", now=MARCH)  # noqa: E731
    state = given(applied)
    for early in (approve, supervise):
        state.when(early).breaks("P-39", clause=CLAUSE)
    state = state.when(review).then(reviewed)
    for wrong in (review, supervise):
        state.when(wrong).breaks("P-39", clause=CLAUSE)
    state = state.when(approve).then(approved)
    state.when(approve).breaks("P-39", clause=CLAUSE)
    done = state.when(supervise).then(supervised).when(supervise).leads_to()
    assert done.state.projects[0].supervised == ("按期实施", "按期实施")
    state.when(lambda one: one.review("p9", agreed=True, opinion="可", now=MARCH)).refused(NotFound)


def test_P_39_what_is_refused_goes_no_further() -> None:
    refused = given(applied, replace(reviewed, agreed=False))
    assert refused.state.projects[0].status is ProjectStatus.REFUSED
    refused.when(lambda one: one.approve("p1", approved=True, opinion="同意", now=MARCH)).breaks(
        "P-39"
    )


def test_P_39_the_sum_is_never_less_than_what_is_bound() -> None:
    def again(amount: int) -> Allotted:
        return allot(
            given(*FIRST).state,
            street="guanshang",
            community="haihua",
            year=2026,
            amount=amount,
            now=MARCH,
        )

    assert evolve(given(*FIRST).state, again(12_000_000)).amount == 12_000_000
    with pytest.raises(RuleBroken) as broken:
        again(11_999_999)
    assert (broken.value.rule.id, broken.value.field) == ("P-39", "amount")


dropped = ProjectDropped(project="p1", used=2_000_000, reason="场地收回", at=MARCH)


def drops(state: Given[Allowance], used: int | None = 2_000_000) -> Decision[Allowance]:
    return state.when(lambda one: one.drop("p1", used=used, reason="场地收回", now=MARCH))


def test_P_39_what_is_dropped_leaves_its_money_to_other_projects() -> None:
    second = ProjectApplied(project=replace(PROJECT, code="p2", amount=18_000_000), at=MARCH)
    applies(given(*FIRST), code="p2", amount=18_000_000).breaks("P-39", field="amount")
    after = drops(given(*FIRST)).then(dropped)
    assert after.state.bound == 2_000_000, "what was spent of it is gone"
    applies(after, code="p2", amount=18_000_000).then(second)
    applies(after, code="p2", amount=18_000_001).breaks("P-39", field="amount")
    for step in (
        lambda one: one.supervise("p1", findings="按期实施", now=MARCH),
        lambda one: one.approve("p1", approved=True, opinion="同意", now=MARCH),
    ):
        after.when(step).breaks("P-39", clause=CLAUSE)
    drops(after).breaks("P-39", clause=OURS)


def test_P_39_a_project_is_dropped_with_what_was_spent_of_it_and_why() -> None:
    for used in (0, 12_000_000):
        drops(given(*FIRST), used).then(replace(dropped, used=used))
    for used in (-1, 12_000_001):
        drops(given(*FIRST), used).refused(Malformed, field="used")
    given(*FIRST).when(lambda one: one.drop("p1", used=0, reason=" ", now=MARCH)).refused(
        Malformed, field="reason"
    )
    for early in (given(applied), given(applied, reviewed)):
        drops(early, 1).breaks("P-39", field="used")
        for nothing in (0, None):
            assert drops(early, nothing).then(replace(dropped, used=None)).state.bound == 0
    drops(given(*FIRST), None).breaks("P-39", clause=OURS, field="used", says="写 0")
    drops(given(applied, replace(reviewed, agreed=False)), 0).breaks("P-39", clause=OURS)


corrected = UseCorrected(project="p1", used=2_000_000, reason="漏记", at=MARCH)


def corrects(state: Given[Allowance], used: int, reason: str = "漏记") -> Decision[Allowance]:
    return state.when(lambda one: one.correct("p1", used=used, reason=reason, now=MARCH))


def test_P_39_what_was_spent_of_a_dropped_project_is_put_right_with_a_reason() -> None:
    wrong = given(*FIRST, replace(dropped, used=0))
    right = corrects(wrong, 2_000_000).then(corrected)
    assert (right.state.bound, right.state.projects[0].status) == (2_000_000, ProjectStatus.DROPPED)
    assert corrects(right, 0).leads_to().state.bound == 0
    corrects(wrong, 12_000_001).refused(Malformed, field="used")
    corrects(wrong, 1, " ").refused(Malformed, field="reason")
    others = applies(wrong, code="p2", amount=18_000_001).leads_to()
    for step in (
        lambda one: one.review("p2", agreed=True, opinion="可行", now=MARCH),
        lambda one: one.approve("p2", approved=True, opinion="同意", now=MARCH),
    ):
        others = others.when(step).leads_to()
    corrects(others, 2_000_000).breaks("P-39", clause=CLAUSE, field="used")
    assert corrects(others, 1_999_999).happened
    for other in (given(*FIRST), given(applied), drops(given(applied), None).leads_to()):
        corrects(other, 0).breaks("P-39", clause=OURS)


def test_P_39_communities_below_the_sum_are_shown_first() -> None:
    names = {
        "haihua": ("海华社区", "guanshang"),
        "heping": ("和平路社区", "taihe"),
        "wula": ("五腊社区", None),
    }
    little = replace(given(*FIRST).state, community="heping", amount=SUM - 1)
    found = shorts(names, [given(*FIRST).state, little], SUM)
    assert [(one.community, one.short, one.bound) for one in found] == [
        ("wula", SUM, 0),
        ("heping", 1, 12_000_000),
        ("haihua", 0, 12_000_000),
    ]
