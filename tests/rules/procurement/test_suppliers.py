"""Who may be contracted at all."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chassis.kernel.errors import OURS, Malformed, RuleBroken
from contracts import procurement as published
from services.procurement import announce
from services.procurement.domain.supplier import (
    BarEnded,
    SupplierCorrected,
    SupplierKind,
    SupplierLeft,
    SupplierRegistered,
    SupplierReturned,
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


COMMITTEE = replace(SUPPLIER, kind=SupplierKind.COMMITTEE)


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
    # That nothing bars it any more is told of who left, too: it may come back.
    over = announce.of_suppliers(BarEnded(bar="1", at=NOVEMBER), gone.state)
    assert isinstance(over, published.EligibilityChanged) and over.state == "eligible"


def test_P_06_who_left_by_mistake_or_comes_back_may_be_contracted_again() -> None:
    def come_back(reason: str = "误办退出") -> Any:
        return lambda supplier: supplier.come_back(reason=reason, now=NOVEMBER)

    Given(SUPPLIER, evolve).when(come_back()).breaks("P-06")
    gone = Given(evolve(SUPPLIER, SupplierLeft(reason="注销", at=MARCH)), evolve)
    gone.when(come_back(" ")).refused(Malformed, field="reason")
    back = SupplierReturned(reason="误办退出", at=NOVEMBER)
    again = gone.when(come_back()).then(back)
    assert again.state == SUPPLIER
    told = announce.of_suppliers(back, again.state)
    assert isinstance(told, published.SupplierRegistered) and not told.left


def test_P_06_a_supplier_is_called_what_it_is_called_now() -> None:
    """An organisation changes its name, and a clerk mistypes one."""

    def correct(**said: Any) -> Any:
        asked = {"name": None, "kind": None, "scope": None, "founded_on": None, "reason": "更名"}
        return lambda supplier: supplier.correct(**{**asked, **said}, now=NOVEMBER)

    state = Given(SUPPLIER, evolve)
    state.when(correct()).breaks("P-06", field="name")
    state.when(correct(name=SUPPLIER.name)).breaks("P-06", field="name")
    for wrong, field in (
        ({"name": " "}, "name"),
        ({"name": "同心", "reason": " "}, "reason"),
        ({"founded_on": date(2026, 12, 2)}, "founded_on"),
    ):
        state.when(correct(**wrong)).refused(Malformed, field=field)
    state.when(correct(kind=SupplierKind.COMMITTEE)).breaks("P-06", clause=OURS, field="kind")
    back = Given(COMMITTEE, evolve).when(correct(kind=SupplierKind.COMPANY)).leads_to().state
    told = announce.of_suppliers(SupplierCorrected(reason="更正", at=NOVEMBER), back)
    assert told == published.SupplierRegistered(supplier="tongxin", kind="company")
    renamed = SupplierCorrected(name="同心社工中心", reason="更名", at=NOVEMBER)
    after = state.when(correct(name="同心社工中心", kind=SUPPLIER.kind)).then(renamed).state
    assert after == replace(SUPPLIER, name="同心社工中心")
    other: dict[str, Any] = {
        "kind": SupplierKind.COMPANY,
        "scope": "助老",
        "founded_on": date(2020, 1, 2),
    }
    found = state.when(correct(**other)).leads_to()
    assert found.state == replace(SUPPLIER, **other)
    told = announce.of_suppliers(renamed, found.state)
    assert told == published.SupplierRegistered(supplier="tongxin", kind="company")
