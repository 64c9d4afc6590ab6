"""P-06: what a project asks besides, with its ground, and a supplier that shows it."""

from dataclasses import replace
from datetime import date

import pytest

from chassis.kernel.errors import Malformed, RuleBroken
from services.procurement.domain.announcement import announced
from services.procurement.domain.condition import Condition
from services.procurement.domain.eligibility import Eligibility, State
from services.procurement.domain.item import check as check_item
from services.procurement.domain.standing import Standing, standing
from services.procurement.domain.supplier import Fact, FactKind, Supplier, SupplierKind
from services.procurement.domain.supplier import check as check_fact

from .calling import given as call
from .calling import opened
from .cases import CATALOGUE, FACTS, ITEM, NEEDED, POLICY, SUPPLIER, told_of

CONDITIONS = "官政办通〔2016〕40号 二.2"
DAY = date(2026, 3, 2)
COUNSELLOR = Condition(
    kind=FactKind.OTHER, name="counsellor", text="有心理咨询师", ground="服务对象需要心理疏导"
)
RATED = Condition(kind=FactKind.RATING, text="4A 以上", grade=4)
LICENSED = Condition(kind=FactKind.LICENCE, text="养老机构许可")


def asked(*conditions: Condition) -> None:
    check_item(replace(ITEM, conditions=conditions), CATALOGUE, POLICY[1])


def stands(
    *conditions: Condition,
    facts: tuple[Fact, ...] = (),
    supplier: Supplier = SUPPLIER,
    known: Eligibility | None = None,
) -> Standing:
    return standing(
        replace(supplier, facts=(*supplier.facts, *facts)),
        known,
        project="elderly-care",
        year=2026,
        on=DAY,
        needs=NEEDED,
        asked=conditions,
    )


def fact(kind: FactKind, **other: object) -> Fact:
    return Fact(**{"kind": kind, "evidence": "证-9", "on": date(2026, 1, 5), **other})  # type: ignore[arg-type]


def test_P_06_a_condition_beyond_the_documents_names_its_ground() -> None:
    asked(COUNSELLOR, RATED, LICENSED)
    for kind in (FactKind.WELFARE, FactKind.PARTY, FactKind.TRANSPARENCY):
        asked(Condition(kind=kind, text="要求", ground="项目面向困难群众"))
        with pytest.raises(RuleBroken) as broken:
            asked(Condition(kind=kind, text="要求", ground=" "))
        assert (broken.value.rule.id, broken.value.clause) == ("P-06", CONDITIONS)
        assert broken.value.field == "conditions.0.ground"
    with pytest.raises(RuleBroken):
        asked(replace(COUNSELLOR, ground=""))


@pytest.mark.parametrize(
    ("conditions", "field"),
    [
        ((RATED, RATED), "conditions"),
        ((replace(RATED, text=" "),), "conditions.0.text"),
        ((replace(COUNSELLOR, name=""),), "conditions.0.name"),
        ((replace(LICENSED, name="x"),), "conditions.0.name"),
        ((replace(RATED, grade=None),), "conditions.0.grade"),
        ((replace(RATED, grade=6),), "conditions.0.grade"),
        ((replace(RATED, grade=0),), "conditions.0.grade"),
        ((replace(LICENSED, grade=3),), "conditions.0.grade"),
    ],
)
def test_P_06_a_condition_says_what_it_asks(conditions: tuple[Condition, ...], field: str) -> None:
    with pytest.raises(Malformed) as wrong:
        asked(*conditions)
    assert wrong.value.field == field


def test_P_06_who_does_not_show_what_the_project_asks_is_restricted() -> None:
    assert stands().may_bid
    now = stands(COUNSELLOR)
    assert (now.state, now.may_bid) == (State.RESTRICTED, False)
    [reason] = now.reasons
    assert (reason.rule, reason.clause) == ("P-06", CONDITIONS)
    assert "有心理咨询师" in reason.text
    shown = fact(FactKind.OTHER, name="counsellor")
    assert stands(COUNSELLOR, facts=(shown,)).may_bid
    assert not stands(COUNSELLOR, facts=(replace(shown, name="nurse"),)).may_bid
    assert not stands(COUNSELLOR, facts=(replace(shown, until=date(2026, 3, 1)),)).may_bid
    assert stands(LICENSED, facts=(fact(FactKind.LICENCE),)).may_bid
    assert not stands(LICENSED).may_bid


def test_P_06_a_rating_is_asked_from_its_grade_on_whoever_told_it() -> None:
    assert not stands(RATED).may_bid
    assert not stands(RATED, facts=(fact(FactKind.RATING, grade=3),)).may_bid
    assert stands(RATED, facts=(fact(FactKind.RATING, grade=4),)).may_bid
    registered = Eligibility(supplier="tongxin", organisation=told_of("e-1", 1, grade=4))
    assert stands(RATED, known=registered).may_bid
    over = replace(told_of("e-1", 1, grade=4), grade_until=date(2026, 3, 1))
    assert not stands(RATED, known=Eligibility(supplier="tongxin", organisation=over)).may_bid


def test_P_06_a_street_or_committee_shows_none_of_them() -> None:
    street = replace(SUPPLIER, kind=SupplierKind.STREET, facts=())
    assert stands(COUNSELLOR, RATED, supplier=street).may_bid


@pytest.mark.parametrize(("grade", "simple"), [(3, False), (4, True), (5, True)])
def test_P_06_from_four_a_on_the_yearly_check_is_the_simplified_one(
    grade: int, simple: bool
) -> None:
    rating = fact(FactKind.RATING, grade=grade)
    assert stands(facts=(rating,)).simple_check is simple
    lapsed = replace(rating, until=date(2026, 3, 1))
    assert not stands(facts=(lapsed,)).simple_check
    assert not stands().simple_check


def test_P_06_a_paper_of_another_condition_says_of_which() -> None:
    check_fact(fact(FactKind.OTHER, name="counsellor"), DAY)
    with pytest.raises(Malformed) as wrong:
        check_fact(replace(FACTS[0], name="counsellor"), DAY)
    assert wrong.value.field == "name"


def test_P_36_a_calls_conditions_are_public_with_it() -> None:
    one = replace(opened, item=replace(ITEM, conditions=(COUNSELLOR, RATED)))
    held = call(first=one).state
    assert held is not None
    assert announced(held).conditions == (COUNSELLOR, RATED)
