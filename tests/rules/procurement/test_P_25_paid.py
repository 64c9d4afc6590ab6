"""P-25: paid services filed, examined, begun; profit put back; the organisations that may take projects."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chassis import step_taken
from chassis.asking import Asking
from chassis.cause import Cause
from chassis.kernel.errors import OURS, Malformed, RuleBroken
from services.procurement.domain.contract import Contract
from services.procurement.domain.eligibility import Eligibility
from services.procurement.domain.evaluation import Band
from services.procurement.domain.events import Way
from services.procurement.domain.evolution import evolve as evolve_contract
from services.procurement.domain.guide import Nature, Service
from services.procurement.domain.integrity import IntegrityHeard, Register
from services.procurement.domain.listed import listed
from services.procurement.domain.paid import (
    Paid,
    PaidBegun,
    PaidExamined,
    PaidFiled,
    PaidStatus,
    ProfitCorrected,
    ProfitReported,
    evolve,
    file,
)
from services.procurement.domain.supplier import SupplierKind
from services.procurement.main import desk_on
from services.procurement.steps import paid as steps
from tests.support.memory import MemoryStore
from tests.support.specification import Decision, Given, past
from tests.support.toy import Silent
from tests.support.walks import person

from .cases import (
    BAR,
    GUIDE,
    JUNE,
    MARCH,
    SERVICES,
    SUPPLIER,
    WORK,
    heard,
    signed,
    terminated,
    told_of,
)

FILED = "官社建办通〔2018〕15号 二.5.1"
NATURES = "官社建办通〔2018〕15号 二.4.1"
SERVICE = Service(code="3-6", nature=Nature.PAID, price=5_000, market=6_000)
CONTRACT: Contract = past(None, evolve_contract, (signed,)).state
filed = PaidFiled(
    contract="c-1",
    supplier="tongxin",
    street="guanshang",
    community="haihua",
    purchaser="street:guanshang",
    service=SERVICE,
    at=MARCH,
)
examined = PaidExamined(approved=True, opinion="同意", at=MARCH)
begun = PaidBegun(at=MARCH)
reported = ProfitReported(income=900, cost=400, put_back=500, used_for="购置器材", at=JUNE)


def given(*happened: Any) -> Given[Paid]:
    return past(None, evolve, (filed, *happened))


def files(contract: Contract = CONTRACT, service: Service = SERVICE, known: Any = None) -> Any:
    return Given(known, evolve).when(lambda state: file(state, contract, service, GUIDE, MARCH))


def test_P_25_an_item_is_filed_once_unless_it_was_refused() -> None:
    files().then(filed)
    files(known=given().state).breaks("P-25", clause=FILED, field="code")
    refused = given(replace(examined, approved=False)).state
    files(known=refused).then(filed)


def test_P_25_by_a_linkage_project_that_goes_on() -> None:
    over: Contract = past(None, evolve_contract, (signed, terminated)).state
    files(over).breaks("P-25", clause=FILED)
    files(replace(CONTRACT, way=Way.PURCHASE)).breaks("P-25", clause=FILED)


def test_P_05_as_the_guide_lets_it_and_not_above_the_market() -> None:
    files(service=replace(SERVICE, price=6_001)).breaks("P-05", clause=NATURES, field="price")
    files(service=replace(SERVICE, code="1-5")).breaks("P-05", clause=NATURES, field="nature")
    free = Service(code="1-1", nature=Nature.FREE)
    files(service=free).refused(Malformed, field="nature")


def test_P_05_with_what_was_approved_and_filed_since_less_is_paid_than_free() -> None:
    """Of 17 that were approved, all free, and one beside them: eight are paid and ten free, at the most."""

    def one(code: str) -> Service:
        return replace(SERVICE, code=code)

    def others(*codes: str, status: PaidStatus = PaidStatus.FILED) -> list[Paid]:
        return [replace(given().state, service=one(code), status=status) for code in codes]

    def asks(known: list[Paid], approved: Any = SERVICES) -> Decision[Any]:
        return Given(known, evolve).when(
            lambda kept: file(None, CONTRACT, SERVICE, GUIDE, MARCH, approved=approved, others=kept)
        )

    assert SERVICE.code not in {one.code for one in SERVICES} and len(SERVICES) == 17
    within = [one.code for one in SERVICES[:8]]
    asks(others(*within)).breaks("P-05", clause=NATURES, field="code")
    asks(others(*within[:7])).then(filed)
    asks(others(*within, status=PaidStatus.REFUSED)).then(filed)
    asks(others(*within), approved=()).then(filed)


def test_P_25_who_examines_is_told_what_was_approved_as_free() -> None:
    for nature in Nature:
        approved = (*SERVICES, replace(SERVICE, nature=nature))
        told = file(None, CONTRACT, SERVICE, GUIDE, MARCH, approved=approved)
        assert evolve(None, told).approved_as is nature
    assert given().state.approved_as is None


def test_P_25_nothing_begins_before_it_was_examined() -> None:
    begin = lambda paid: paid.begin(MARCH, over=False)  # noqa: E731
    given().when(begin).breaks("P-25", clause=FILED)
    given(replace(examined, approved=False)).when(begin).breaks("P-25", clause=FILED)
    given(examined).when(begin).then(begun)
    given(examined, begun).when(begin).breaks("P-25", clause=FILED)
    again = lambda paid: paid.examine(approved=True, opinion="同意", now=MARCH)  # noqa: E731
    given(examined).when(again).breaks("P-25", clause=FILED)


def reports(state: Given[Paid], **other_than: Any) -> Decision[Paid]:
    said = {"income": 900, "cost": 400, "put_back": 500, "used_for": "购置器材", **other_than}
    return state.when(lambda paid: paid.report(**said, now=JUNE))


@pytest.mark.parametrize("so_far", [(), (terminated,)])
async def test_P_25_whether_its_project_is_over_is_looked_up(so_far: tuple[Any, ...]) -> None:
    desk = desk_on(MemoryStore(), bytes(32), Silent(), WORK)
    cause = Cause(actor="supplier:tongxin", now=JUNE)
    await desk.contracts.once("c-1", [signed, *so_far], cause)
    await desk.paid.once("c-1.3-6", [filed, examined], cause)
    asking = Asking(person("supplier:tongxin"), cause)
    begins = step_taken.take(steps.begin, desk, asking, {"id": "c-1.3-6"}, ())
    if so_far:
        with pytest.raises(RuleBroken):
            await begins
    else:
        assert (await begins)[0].aggregate.status is PaidStatus.BEGUN


def test_P_25_nothing_begins_once_its_project_is_over() -> None:
    after = given(examined)
    after.when(lambda paid: paid.begin(JUNE, over=True)).breaks("P-25", clause=FILED)
    after.when(lambda paid: paid.begin(JUNE, over=False)).then(replace(begun, at=JUNE))


CORRECTED: dict[str, Any] = {
    "number": 1,
    "income": 800,
    "cost": 400,
    "put_back": 400,
    "used_for": "器材",
}
corrected = ProfitCorrected(**CORRECTED, reason="多写一百", at=JUNE)


def corrects(state: Given[Paid], **other_than: Any) -> Decision[Paid]:
    said = {**CORRECTED, "reason": corrected.reason, **other_than}
    return state.when(lambda paid: paid.correct(**said, now=JUNE))


def test_P_25_a_report_that_was_wrong_is_put_right_beside_it_and_the_sums_follow() -> None:
    twice = given(examined, begun, reported, reported)
    once = corrects(twice).then(corrected).state
    assert once.reports == (reported, reported), "what was said stays"
    assert (once.income, once.cost, once.put_back) == (1_700, 800, 900)
    loss = {"income": 400, "cost": 500, "put_back": 0, "used_for": ""}
    again = corrects(given(examined, begun, reported, reported, corrected), **loss).leads_to().state
    assert (again.income, again.cost, again.put_back) == (1_300, 900, 500)


def test_P_25_what_puts_a_report_right_is_held_to_the_same_and_says_why() -> None:
    corrects(given(examined, begun)).breaks("P-25", clause=OURS)
    told = given(examined, begun, reported)
    for number in (0, 2):
        corrects(told, number=number).breaks("P-25", clause=OURS, field="number")
    corrects(told, put_back=399).breaks("P-25", clause=NATURES, field="put_back")
    corrects(told, used_for=" ").breaks("P-25", clause=NATURES, field="used_for")
    corrects(told, reason=" ").breaks("P-25", clause=OURS, field="reason")
    corrects(given(examined, begun, reported, corrected)).breaks("P-25", field="income")


def test_P_25_all_of_a_profit_goes_back_for_what_is_said() -> None:
    on = given(examined, begun)
    reports(given(examined)).breaks("P-25", clause=FILED)
    reports(on).then(reported)
    for put_back in (499, 501):
        reports(on, put_back=put_back).breaks("P-25", clause=NATURES, field="put_back")
    reports(on, used_for=" ").breaks("P-25", clause=NATURES, field="used_for")
    loss = reports(on, cost=1_000, put_back=0, used_for="").leads_to()
    twice = reports(loss).leads_to().state
    assert (twice.income, twice.cost, twice.put_back) == (1_800, 1_400, 500)


def test_P_25_who_may_take_projects_is_listed_by_results_and_age() -> None:
    old = replace(SUPPLIER, scope="社区养老", founded_on=date(2015, 3, 3))
    judged = replace(old, code="judged", founded_on=date(2020, 1, 1))
    others = (
        replace(old, code="company", kind=SupplierKind.COMPANY),
        replace(old, code="barred", bars=(BAR,)),
        replace(old, code="silent", scope=""),
    )
    passed = heard("e-1", points=800, band=Band.GOOD)
    known = {"judged": Eligibility(supplier="judged", heard=(passed,))}
    found = listed((old, judged, *others), known, date(2026, 3, 2))
    assert [(one.supplier, one.years) for one in found] == [("judged", 6), ("tongxin", 10)]
    assert [one.points for one in found[0].results] == [800]


def test_P_25_whom_a_register_lets_take_nothing_is_not_on_the_list() -> None:
    able = replace(SUPPLIER, scope="社区养老")
    bad = IntegrityHeard(
        event="e-1",
        supplier="tongxin",
        register=Register.CREDIT,
        reference="信用-1",
        clean=False,
        on=date(2026, 1, 1),
        until=date(2026, 3, 1),
    )

    def grades(on: date = date(2026, 3, 1), **known: Any) -> list[int | None]:
        heard_ = {"tongxin": Eligibility(supplier="tongxin", **known)}
        return [one.grade for one in listed((able,), heard_, on)]

    for how in ({"ended": "dissolved"}, {"abnormal": ("late",)}, {"blacklisted": ("fraud",)}):
        assert grades(organisation=told_of("e-2", 1, **how)) == []
    assert grades(integrity=(bad,)) == []
    assert grades(date(2026, 3, 2), integrity=(bad,)) == [None]
    assert grades(organisation=told_of("e-2", 1, grade=4)) == [4], "as the register rates it"
