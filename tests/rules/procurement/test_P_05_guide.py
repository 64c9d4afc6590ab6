"""P-05: what a 三社联动 project offers to whom, by the service guide."""

from dataclasses import replace

import pytest

from chassis.kernel.errors import Malformed, RuleBroken
from services.procurement.domain.guide import Counted, Nature, Population, Service, check

from .cases import GUIDE, SERVICES

CLAUSE = "官社建办通〔2018〕15号 二.4."


def refused(services: tuple[Service, ...], *counted: Counted) -> tuple[str, str, str | None]:
    with pytest.raises(RuleBroken) as broken:
        check(services, counted, GUIDE)
    assert broken.value.field is not None
    assert broken.value.rule.id == "P-05"
    return str(broken.value.clause).removeprefix(CLAUSE), broken.value.field, broken.value.detail


def test_P_05_the_guide_has_what_was_printed() -> None:
    items = {table: sum(one.table == table for one in GUIDE) for table in range(1, 8)}
    assert items == {1: 7, 2: 4, 3: 8, 4: 5, 5: 6, 6: 7, 7: 6}
    assert sum(one.other for one in GUIDE) == 8
    assert {one.code for one in GUIDE if one.natures == (Nature.PAID,)} == {"3-6", "3-7"}


def test_P_05_the_fewest_services_are_enough() -> None:
    check(SERVICES, (Counted(population=Population.VETERANS, people=20),), GUIDE)


@pytest.mark.parametrize("left_out", ["1-2", "2-2", "3-2", "4-2"])
def test_P_05_each_base_group_gets_three(left_out: str) -> None:
    fewer = tuple(one for one in SERVICES if one.code != left_out)
    assert refused(fewer)[:2] == ("4", "services")


def test_P_05_self_help_is_offered_in_full() -> None:
    for item in range(1, 6):
        fewer = tuple(one for one in SERVICES if one.code != f"7-{item}")
        assert refused(fewer)[:2] == ("6", "services")


@pytest.mark.parametrize(
    ("population", "codes"),
    [
        (Population.VETERANS, ("5-1", "5-2")),
        (Population.CORRECTED, ("6-1", "6-2")),
        (Population.DESTITUTE, ("6-4", "6-5")),
    ],
)
def test_P_05_a_population_of_more_than_twenty_gets_two(
    population: Population, codes: tuple[str, str]
) -> None:
    counted = Counted(population=population, people=21)
    one, two = (Service(code=code, nature=Nature.FREE) for code in codes)
    assert refused((*SERVICES, one), counted)[:2] == ("5", "populations")
    check((*SERVICES, one, two), (counted,), GUIDE)


def test_P_05_other_services_are_written_out() -> None:
    other = Service(code="1-7", nature=Nature.FREE, content=" ")
    assert refused((*SERVICES, other))[:2] == ("4", "content")
    check((*SERVICES, replace(other, content="助浴")), (), GUIDE)


def test_P_05_free_is_free_and_paid_is_not_above_the_market() -> None:
    paid = Service(code="3-6", nature=Nature.PAID, price=5_000, market=5_000)
    check((*SERVICES, paid), (), GUIDE)
    for other_than, field in (
        ({"price": 5_001}, "price"),
        ({"price": None}, "price"),
        ({"market": None}, "price"),
        ({"nature": Nature.FREE}, "nature"),
        ({"code": "1-5"}, "nature"),
        ({"code": "1-4", "nature": Nature.FREE}, "price"),
    ):
        others = tuple(one for one in SERVICES if one.code != other_than.get("code"))
        assert refused((*others, replace(paid, **other_than)))[:2] == ("1", field)


def test_P_05_paid_services_are_fewer() -> None:
    codes = [f"{one.code}" for one in GUIDE if Nature.PAID in one.natures]
    paid = tuple(
        Service(code=code, nature=Nature.PAID, content="收费", price=1, market=1) for code in codes
    )
    free = tuple(one for one in SERVICES if one.code not in codes)
    assert len(free) > len(paid) - 5
    assert refused((*free[:4], *paid))[:2] == ("1", "services")


def test_P_05_nothing_is_said_twice() -> None:
    with pytest.raises(Malformed):
        check((*SERVICES, SERVICES[0]), (), GUIDE)
    twice = Counted(population=Population.VETERANS, people=1)
    with pytest.raises(Malformed):
        check(SERVICES, (twice, twice), GUIDE)


def test_P_05_what_the_guide_has_not_is_not_offered() -> None:
    assert refused((*SERVICES, Service(code="8-1", nature=Nature.FREE)))[:2] == ("4", "services")
