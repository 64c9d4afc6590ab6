"""Who may be contracted at all."""

import pytest

from chassis.kernel.errors import Malformed
from contracts import procurement as told
from services.procurement import announce
from services.procurement.domain.supplier import (
    SupplierKind,
    SupplierRegistered,
    evolve,
    register,
)
from tests.rules.procurement.cases import MARCH, registered
from tests.support.specification import past


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
    assert announce.of_suppliers(registered, after) == told.SupplierRegistered(
        supplier="tongxin", kind="social_organisation"
    )
