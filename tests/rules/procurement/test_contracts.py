"""Signing and ending a contract."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chassis.kernel.errors import OURS, Malformed, RuleBroken
from contracts import procurement as published
from services.procurement import announce
from services.procurement.domain.contract import Contract
from services.procurement.domain.course import Status
from services.procurement.domain.eligibility import (
    Eligibility,
)
from services.procurement.domain.eligibility import evolve as evolve_eligibility
from services.procurement.domain.evaluation import Stage
from services.procurement.domain.evolution import evolve
from services.procurement.domain.item import Item, Method
from services.procurement.domain.rules import PLANNING, PURCHASERS
from services.procurement.domain.sellers import may_apply, may_sell
from services.procurement.domain.signing import (
    may_buy,
    once,
    replace_ended,
    sign,
    to_call_for,
    traded,
    year_of,
)
from services.procurement.domain.standing import Standing
from services.procurement.domain.supplier import SupplierKind, SupplierLeft
from tests.rules.procurement.cases import (
    AGREED,
    GOOD,
    ITEM,
    JUNE,
    MARCH,
    NOVEMBER,
    POLICY,
    STREET,
    SUPPLIER,
    WORK,
    answered,
    before,
    ended_unqualified,
    expired,
    failed,
    filed,
    first_opened,
    first_paid,
    found,
    heard,
    mid,
    passed,
    ready,
    registered,
    shown,
    signed,
    stands,
    terminated,
)
from tests.support.specification import Given, past


def given(*happened: Any) -> Given[Contract]:
    return past(None, evolve, (signed, *ready, shown, answered, *happened))


def known(*results: Any) -> Eligibility | None:
    eligibility = None
    for result in results:
        eligibility = evolve_eligibility(eligibility, result)
    return eligibility


def may(project: str, year: int, *results: Any) -> Standing:
    return stands(known(*results), project, year)


class TestSigning:
    def test_with_a_supplier_of_whom_nothing_was_heard(self) -> None:
        Given(may("elderly-care", 2026), evolve).when(lambda s: sign(signed, s)).then(signed)

    def test_P_07_not_for_the_project_in_the_year_after_it_failed(self) -> None:
        again = replace(signed, year=2027)
        Given(may("elderly-care", 2027, heard("e-1")), evolve).when(
            lambda s: sign(again, s)
        ).breaks("P-07", clause="官社建办通〔2018〕15号 二.5.6", field="supplier")

    @pytest.mark.parametrize(
        ("project", "year"),
        [("elderly-care", 2026), ("elderly-care", 2028), ("child-care", 2027)],
    )
    def test_P_07_leaves_other_projects_and_years_alone(self, project: str, year: int) -> None:
        other = replace(signed, project=project, year=year, at=signed.at.replace(year=year))
        Given(may(project, year, heard("e-1")), evolve).when(lambda s: sign(other, s)).then(other)

    @pytest.mark.parametrize(("year", "allowed"), [(2024, False), (2025, True), (2027, False)])
    def test_P_02_what_is_planned_for_a_year_is_signed_for_in_it_or_the_next(
        self, year: int, allowed: bool
    ) -> None:
        other = replace(signed, year=year)
        state = Given(may("elderly-care", year), evolve).when(lambda s: sign(other, s))
        if allowed:
            state.then(other)
        else:
            state.breaks("P-02", field="plan")

    def test_P_07_who_sits_out_this_year_signs_nothing_planned_for_the_last(self) -> None:
        assert [year_of(one, MARCH) for one in (2025, 2026, 2027)] == [2026, 2026, 2027]

    @pytest.mark.parametrize(("field", "value"), [("title", " "), ("amount", 0), ("amount", -1)])
    def test_says_what_for_how_much(self, field: str, value: Any) -> None:
        bad = replace(signed, **{field: value})
        Given(may("elderly-care", 2026), evolve).when(lambda s: sign(bad, s)).refused(
            Malformed, field=field
        )


class TestItems:
    def test_P_02_an_item_is_bought_once_unless_its_contract_ended_early(self) -> None:
        once(None)
        given().when(once).breaks("P-02", field="item")
        given(expired).when(once).breaks("P-02", field="item")
        given(terminated).when(once).breaks("P-02", clause=OURS, field="replaces")
        first = replace(signed, plan="p-1", item="i1")
        again = replace(first, contract="c-2")

        def replaces(*happened: Any, by: Any = again) -> Any:
            state = past(None, evolve, (first, *happened))
            return state.when(lambda c: replace_ended(c, by, first.amount))

        assert replaces(terminated).decide(replaces(terminated).state) == again
        replaces().breaks("P-02", field="replaces")
        replaces(expired).breaks("P-02", field="replaces")
        replaces(terminated, by=replace(again, item="i2")).breaks("P-02", field="replaces")

    def test_P_02_what_takes_its_place_is_signed_for_what_is_left_of_the_item(self) -> None:
        """However often it ends early, no more is paid than was planned."""
        first = replace(signed, plan="p-1", item="i1")
        paid = (filed, first_opened, first_paid, terminated)
        left = first.amount - first_paid.amount
        again = replace(first, contract="c-2", amount=left)

        def in_place(by: Any) -> Callable[[Contract], Any]:
            return lambda c: replace_ended(c, by, first.amount)

        ended = past(None, evolve, (first, *paid))
        second = ended.when(in_place(again)).decide(ended.state)
        assert second == replace(again, paid_before=first_paid.amount)
        ended.when(in_place(replace(again, amount=left + 1))).breaks("P-02", field="amount")
        less = replace(first_paid, amount=1)
        twice = past(None, evolve, (second, filed, first_opened, less, terminated))
        third = replace(again, contract="c-3", amount=left)
        twice.when(in_place(third)).breaks("P-02", field="amount")
        assert twice.when(in_place(replace(third, amount=left - 1))).decide(twice.state)

    def test_P_02_what_ended_early_is_called_for_again_for_what_is_left_of_the_item(self) -> None:
        def of(*happened: Any) -> Contract:
            return past(None, evolve, (replace(signed, plan="p-1", item="i1"), *happened)).state

        paid = (filed, first_opened, first_paid)
        second = replace(of(terminated), id="c-2", paid_before=first_paid.amount)

        def calling(earlier: tuple[Contract, ...]) -> Item:
            return to_call_for(ITEM, earlier)

        for earlier, left in (
            ((), ITEM.amount),
            ((of(terminated),), ITEM.amount),
            ((of(*paid, terminated), second), ITEM.amount - first_paid.amount),
        ):
            assert calling(earlier) == replace(ITEM, amount=left)
        for standing in (of(), of(expired)):
            Given((of(terminated), standing), evolve).when(calling).breaks("P-02", field="item")
        spent = replace(of(terminated), paid_before=ITEM.amount)
        Given((spent,), evolve).when(calling).breaks("P-02", clause=PLANNING, field="item")

    def test_P_13_what_goes_on_from_a_contract_is_not_called_for(self) -> None:
        Given(replace(ITEM, renews="c-0"), evolve).when(lambda item: to_call_for(item, ())).breaks(
            "P-13", field="item"
        )


class TestTrading:
    def test_P_03_from_the_threshold_on_a_contract_says_its_number_at_the_centre(self) -> None:
        clause = "官政办通〔2016〕40号 二.4.3"
        policy = POLICY[1]
        large = replace(ITEM, amount=policy.open_tender_from)

        def trades(item: Item, number: str = " ") -> Any:
            return Given(item, evolve).when(lambda one: traded(one, policy, number))

        trades(large).breaks("P-03", clause=clause, field="trade")
        for item, number in (
            (large, "交-2026-17"),
            (replace(large, amount=policy.open_tender_from - 1), ""),
            (replace(large, method=Method.ENTRUSTMENT), ""),
        ):
            assert trades(item, number).decide(item) is None


class TestPurchasers:
    def test_P_28_a_community_carries_out_and_does_not_buy(self) -> None:
        own = replace(signed, purchaser="community:haihua")
        Given(may("elderly-care", 2026), evolve).when(lambda s: sign(own, s)).breaks(
            "P-28", clause="官政办通〔2016〕40号 二.1"
        )

    def test_P_28_departments_buy_from_streets_and_streets_from_committees(self) -> None:
        def sells(kind: SupplierKind, by: str, outside: str = "") -> Any:
            return Given(kind, evolve).when(lambda one: may_sell(one, by, outside))

        street, committee = SupplierKind.STREET, SupplierKind.COMMITTEE
        for by in ("street:taihe", "finance", "district_admin"):
            sells(street, by).breaks("P-28", clause="官发〔2019〕3号 三（六）20", field="supplier")
        beyond = "官发〔2018〕15号 三（一）2"
        sells(committee, "department:water", "人口普查").breaks(
            "P-28", clause=beyond, field="supplier"
        )
        sells(committee, "street:taihe", " ").breaks("P-28", clause=beyond, field="outside")
        may_sell(street, "department:water", "")
        may_sell(committee, "street:taihe", "人口普查")
        for kind in set(SupplierKind) - {street, committee}:
            may_sell(kind, "finance", "")
            may_apply(kind)
        for kind in (street, committee):
            Given(kind, evolve).when(may_apply).breaks("P-28", field="supplier")

    def test_P_28_who_is_no_organisation_shows_no_conditions_and_is_not_told(self) -> None:
        for kind in (SupplierKind.STREET, SupplierKind.COMMITTEE):
            office = replace(SUPPLIER, kind=kind, facts=())
            assert stands(supplier=office).may_bid
            assert announce.of_suppliers(replace(registered, kind=kind), office) is None
            left = SupplierLeft(reason="撤并", at=NOVEMBER)
            assert announce.of_suppliers(left, office) is None
        assert not stands(supplier=replace(SUPPLIER, facts=())).may_bid

    @pytest.mark.parametrize("listed", ["alliance", "community_force", "ended"])
    def test_P_28_what_is_listed_as_no_department_does_not_buy(self, listed: str) -> None:
        buying = Given("department:water", evolve)
        buying.when(lambda office: may_buy(office, listed)).breaks("P-28", clause=OURS)
        buying = Given("community:haihua", evolve)
        buying.when(may_buy).breaks("P-28", clause=PURCHASERS)
        for known_as in ("department", None):
            may_buy("department:water", known_as)

    def test_P_28_a_department_buys_in_its_own_name(self) -> None:
        own = replace(signed, purchaser="department:civil-affairs")
        assert evolve(None, own).units == ("civil-affairs",)
        assert evolve(None, signed).units == ()


class TestEnding:
    def test_P_13_what_has_ended_is_over(self) -> None:
        given(terminated).when(
            lambda c: c.terminate(by=STREET, ground=AGREED, reason="重复", now=NOVEMBER)
        ).breaks("P-13")

    def test_P_13_has_a_reason(self) -> None:
        given().when(
            lambda c: c.terminate(by=STREET, ground=AGREED, reason="街道撤销项目", now=JUNE)
        ).then(terminated)
        given().when(lambda c: c.terminate(by=STREET, ground=AGREED, reason=" ", now=JUNE)).refused(
            Malformed, field="reason"
        )

    def test_P_13_by_who_bought_and_no_street_where_it_is_only_delivered(self) -> None:
        bought = past(None, evolve, (replace(signed, purchaser="department:civil-affairs"),))

        def ends(by: str) -> Any:
            return bought.when(
                lambda c: c.terminate(by=by, ground=AGREED, reason="项目撤销", now=JUNE)
            )

        for other in (STREET, "department:water"):
            ends(other).breaks("P-13")
        for own in ("department:civil-affairs", "finance", "district_admin"):
            assert ends(own).happened

    def test_keeps_why_and_when(self) -> None:
        end = given(terminated).state
        assert (end.status, end.ended_why, end.ended_reason, end.ended_at) == (
            Status.ENDED,
            "terminated",
            "街道撤销项目",
            JUNE,
        )


Step = Callable[[Contract], Any]


def evaluates(stage: str) -> Step:
    return lambda c: c.evaluate(
        by="expert:7", findings=found(Stage(stage), GOOD), policy=POLICY, now=NOVEMBER, work=WORK
    )


STEPS: dict[str, Step] = {
    "before": evaluates("before"),
    "mid": evaluates("mid"),
    "final": evaluates("final"),
    "terminate": lambda c: c.terminate(
        by=STREET, ground=AGREED, reason="街道撤销项目", now=NOVEMBER
    ),
}
IN_TURN = "P-16"
OVER = RuleBroken
LIFE: list[tuple[tuple[Any, ...], set[str], Any]] = [
    ((), {"before", "terminate"}, IN_TURN),
    ((before,), {"mid", "terminate"}, IN_TURN),
    ((before, mid), {"final", "terminate"}, IN_TURN),
    ((before, mid, passed), {"terminate"}, IN_TURN),
    ((before, mid, failed, ended_unqualified), set(), OVER),
    ((terminated,), set(), OVER),
    ((before, terminated), set(), OVER),
]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(("so_far", "possible", "otherwise"), LIFE)
def test_each_step_is_possible_only_where_it_is_written(
    so_far: tuple[Any, ...], possible: set[str], otherwise: Any, step: str
) -> None:
    decision = given(*so_far).when(STEPS[step])
    if step in possible:
        assert decision.happened
    elif otherwise is OVER:
        decision.refused(OVER)
    else:
        decision.breaks(otherwise)


class TestTelling:
    concerns = {
        "street": "guanshang",
        "community": "haihua",
        "supplier": "tongxin",
        "contract": "c-1",
        "project": "elderly-care",
    }

    def test_signed(self) -> None:
        assert announce.of_contracts(signed, given().state) == published.ContractSigned(
            **self.concerns, year=2026
        )

    def test_evaluated(self) -> None:
        after = given(before, mid, failed).state
        assert announce.of_contracts(failed, after) == published.ProjectEvaluated(
            **self.concerns,
            year=2026,
            stage="final",
            points=599,
            band="unqualified",
            evaluated_at=NOVEMBER,
        )

    @pytest.mark.parametrize(
        ("event", "why"), [(terminated, "terminated"), (ended_unqualified, "unqualified")]
    )
    def test_ended(self, event: Any, why: Any) -> None:
        assert announce.of_contracts(event, given(event).state) == published.ContractEnded(
            **self.concerns, year=2026, why=why
        )
