"""P-40: further lists of the same kind, apart from the catalogue; the form in which money goes."""

from dataclasses import replace

import pytest

from chassis.kernel.errors import RuleBroken
from services.procurement.domain.catalogue import (
    CatalogueDrafted,
    Listing,
    comparable,
    draft,
    evolve,
    id_of,
)
from services.procurement.domain.contract import Contract
from services.procurement.domain.events import Money
from services.procurement.domain.evolution import evolve as evolve_contract
from tests.support.specification import past

from .cases import CATALOGUE, MARCH, signed

LIST = Listing.COMMUNITY_SERVICES


def test_P_40_a_list_is_drawn_up_beside_the_catalogue_of_its_year() -> None:
    assert (id_of(Listing.GUIDANCE, 2016), id_of(LIST, 2026)) == ("2016", "community_services-2026")
    entries = CATALOGUE.entries[:2]
    drafted = draft(None, year=2026, entries=entries, listing=LIST, now=MARCH)
    assert drafted == CatalogueDrafted(year=2026, entries=entries, listing=LIST, at=MARCH)
    assert evolve(None, drafted).listing is LIST


def test_P_40_only_editions_of_one_list_are_compared() -> None:
    other = replace(CATALOGUE, listing=LIST)
    comparable(CATALOGUE, replace(CATALOGUE, year=2027))
    with pytest.raises(RuleBroken) as broken:
        comparable(other, CATALOGUE)
    assert (broken.value.rule.id, broken.value.field) == ("P-40", "with")


@pytest.mark.parametrize("money", list(Money))
def test_P_40_a_contract_says_in_which_form_its_money_goes(money: Money) -> None:
    state: Contract = past(None, evolve_contract, (replace(signed, money=money),)).state
    assert state.money is money
