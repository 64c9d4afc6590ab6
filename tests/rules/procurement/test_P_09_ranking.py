"""P-09: between equals, and what is said to have decided."""

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from services.procurement.domain.application import Precedence
from services.procurement.domain.ranking import Ranked, rank

from .calling import AFTER, EQUAL, mine, other


@pytest.mark.parametrize(
    ("better", "decided"),
    [
        ({"social": True}, "社会组织"),
        ({"workers_share": (3, 3)}, "社工占比"),
        ({"outstanding": True}, "上年度优秀"),
        ({"clean": True}, "诚信"),
        ({"grade": 5}, "评估等级"),
        ({"welfare": True}, "公益性"),
        ({"party": True}, "党组织"),
        ({"transparent": True}, "信息公开"),
    ],
)
def test_P_09_between_equals_it_is_said_which_one_decided(better: Any, decided: str) -> None:
    low = Precedence(social=False, workers_share=(2, 3), outstanding=False, clean=False, grade=0)
    one = replace(mine, precedence=replace(low, **better), at=AFTER)
    two = replace(other, precedence=low)
    same = [{"tongxin": 80, "other": 80}]
    for order in permutations((one, two)):
        assert rank(order, same) == (
            Ranked(rank=1, supplier="tongxin", points=80, decided=decided),
            Ranked(rank=2, supplier="other", points=80),
        )


def test_P_09_the_order_of_what_decides_and_the_earlier_of_what_is_alike() -> None:
    first = replace(mine, precedence=replace(EQUAL, workers_share=(3, 3)))
    second = replace(other, precedence=replace(EQUAL, grade=5, outstanding=True))
    [best, _] = rank((second, first), [{"tongxin": 1, "other": 1}])
    assert (best.supplier, best.decided) == ("tongxin", "社工占比")
    third = replace(other, precedence=replace(EQUAL, party=True))
    [best, _] = rank((first, third), [{"tongxin": 1, "other": 1}])
    assert (best.supplier, best.decided) == ("other", "党组织")
    later = replace(mine, at=AFTER)
    [best, _] = rank((later, other), [{"tongxin": 1, "other": 1}])
    assert (best.supplier, best.decided) == ("other", "申报在先")


@for_all(st.lists(st.integers(0, 5), min_size=2, max_size=8), st.randoms())
def test_P_09_a_ranking_is_one_order_whoever_is_looked_at_first(
    given_points: Any, chance: Any
) -> None:
    all_of_them = [replace(mine, supplier=f"s{n}") for n in range(len(given_points))]
    table = [{f"s{n}": one for n, one in enumerate(given_points)}]
    shuffled = list(all_of_them)
    chance.shuffle(shuffled)
    ranking = rank(shuffled, table)
    assert ranking == rank(all_of_them, table)
    assert [one.points for one in ranking] == sorted(given_points, reverse=True)
    assert [one.rank for one in ranking] == list(range(1, len(given_points) + 1))
