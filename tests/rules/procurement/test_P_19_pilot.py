"""P-19: the pilot's budget of a community, to the fen, and what the text leaves open."""

from dataclasses import replace

import pytest

from chassis.kernel.errors import RuleBroken
from services.procurement.domain.item import Fund
from services.procurement.domain.money import owned
from services.procurement.domain.pilot import Households, budget, carried_out

from .cases import ITEM, POLICY

NUMBERS = POLICY[1]
COUNTED = Households(
    all=15_000, self_governed=1_000, public_unit=2_000, property_managed=3_000, counted=True
)


@pytest.mark.parametrize(
    ("households", "yuan"),
    [
        (10_000, 300_000),
        (20_000, 300_000),
        (20_001, 300_000),
        (29_999, 300_000),
        (30_000, 400_000),
        (45_000, 500_000),
        (50_000, 600_000),
    ],
)
def test_P_19_office_money_rises_with_every_further_ten_thousand(
    households: int, yuan: int
) -> None:
    assert budget("haihua", Households(all=households), NUMBERS).office == yuan * 100


def test_P_19_a_part_counts_where_the_policy_says_so() -> None:
    counts = replace(NUMBERS, pilot_part_counts=True)
    for households, yuan in ((20_000, 300_000), (20_001, 400_000), (30_000, 400_000)):
        found = budget("haihua", Households(all=households), counts)
        assert found.office == yuan * 100
    assert "按一万户计" in "".join(budget("haihua", Households(all=20_001), counts).open)


def test_P_19_services_by_the_kind_of_yard() -> None:
    found = budget("haihua", COUNTED, NUMBERS)
    assert found.services == {
        "self_governed": 1_000 * 50 * 100,
        "public_unit": 2_000 * 20 * 100,
        "property_managed": 3_000 * 30 * 100,
    }
    assert found.total == (300_000 + 50_000 + 40_000 + 90_000) * 100


def test_P_19_where_the_text_has_no_figure_there_is_none_and_it_says_why() -> None:
    few = budget("haihua", replace(COUNTED, all=9_999), NUMBERS)
    assert (few.office, few.total) == (None, None)
    assert "不足一万户" in few.open[0]
    unknown = budget("haihua", replace(COUNTED, all=None), NUMBERS)
    assert (unknown.office, unknown.open[0]) == (None, "登记册中没有户数")
    uncounted = budget("haihua", Households(all=15_000), NUMBERS)
    assert (uncounted.services, uncounted.total) == (None, None)
    assert "院落" in uncounted.open[0]


PILOT = replace(ITEM, fund=Fund.PILOT)


def test_P_19_a_pilot_is_its_streets_to_plan() -> None:
    owned((PILOT,), "street:guanshang")
    for office in ("department:civil-affairs", "finance"):
        with pytest.raises(RuleBroken) as broken:
            owned((PILOT,), office)
        assert (broken.value.rule.id, broken.value.field) == ("P-19", "fund")
        assert broken.value.clause == "官民函〔2022〕61号"


@pytest.mark.parametrize(("workers", "enough"), [(2, False), (3, True), (5, True), (6, False)])
def test_P_19_a_pilot_has_three_to_five_social_workers(workers: int, enough: bool) -> None:
    found = budget("haihua", COUNTED, NUMBERS)
    assert (found.workers_least, found.workers_most) == (3, 5)
    carried_out(ITEM, None, workers)
    if enough:
        carried_out(PILOT, "haihua", workers)
        return
    with pytest.raises(RuleBroken) as broken:
        carried_out(PILOT, "haihua", workers)
    assert (broken.value.rule.id, broken.value.field) == ("P-19", "workers")


def test_P_19_a_community_carries_a_pilot_out() -> None:
    with pytest.raises(RuleBroken) as broken:
        carried_out(PILOT, None, 3)
    assert (broken.value.rule.id, broken.value.field) == ("P-19", "community")
