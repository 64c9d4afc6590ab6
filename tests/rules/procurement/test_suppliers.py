"""Who may be contracted at all."""

import pytest

from chassis.kernel.errors import Malformed, RuleBroken
from contracts import procurement as published
from services.procurement import announce
from services.procurement.domain.supplier import (
    BarEnded,
    SupplierKind,
    SupplierLeft,
    SupplierRegistered,
    evolve,
    register,
)
from tests.rules.procurement.cases import MARCH, NOVEMBER, SUPPLIER, registered, stands
from tests.support.specification import Given, past


def test_a_supplier_is_registered_once() -> None:
    past(None, evolve, ()).when(lambda known: register(known, registered)).then(registered)
    past(None, evolve, [registered]).when(lambda known: register(known, registered)).refused(
        Malformed, field="code"
    )


@pytest.mark.parametrize("name", ["", "  "])
def test_a_supplier_has_a_name(name: str) -> None:
    nameless = SupplierRegistered(code="tongxin", name=name, kind=SupplierKind.COMPANY, at=MARCH)
    past(None, evolve, ()).when(lambda known: register(known, nameless)).refused(
        Malformed, field="name"
    )


def test_a_registration_is_told_with_its_code() -> None:
    after = evolve(None, registered)
    assert announce.of_suppliers(registered, after) == published.SupplierRegistered(
        supplier="tongxin", kind="social_organisation"
    )


def test_P_06_who_leaves_takes_no_contract_any_more_and_is_told_once() -> None:
    leave = lambda supplier: supplier.leave(reason="注销", now=NOVEMBER)  # noqa: E731
    state = Given(SUPPLIER, evolve)
    state.when(lambda supplier: supplier.leave(reason=" ", now=NOVEMBER)).refused(
        Malformed, field="reason"
    )
    gone = state.when(leave).then(SupplierLeft(reason="注销", at=NOVEMBER))
    gone.when(leave).breaks("P-06")
    with pytest.raises(RuleBroken) as broken:
        stands(supplier=gone.state).must_bid()
    assert (broken.value.rule.id, broken.value.field) == ("P-06", "supplier")
    assert broken.value.source == "platform", "no clause says that who left is left out"
    event = announce.of_suppliers(SupplierLeft(reason="注销", at=NOVEMBER), gone.state)
    assert isinstance(event, published.SupplierRegistered) and event.left
    over = announce.of_suppliers(BarEnded(bar="1", at=NOVEMBER), gone.state)
    assert over is None
