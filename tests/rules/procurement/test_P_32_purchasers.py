"""P-32: the year that a purchaser loses."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from chassis.cause import Cause
from chassis.kernel.errors import OURS, Malformed, NotFound
from contracts import procurement as published
from services.procurement import announce
from services.procurement.domain.plan import (
    PlanPublished,
    PlanSubmitted,
)
from services.procurement.domain.purchaser import (
    FindingAnswered,
    FindingWithdrawn,
    Misconduct,
    Purchaser,
    find,
    id_of,
    office_of,
)
from services.procurement.domain.purchaser import evolve as evolve_purchaser
from services.procurement.main import desk_on
from tests.support.memory import MemoryStore
from tests.support.specification import Given, past
from tests.support.toy import Silent

from .cases import (
    JUNE,
    MARCH,
    WORK,
    examined,
    finding,
    reviewed,
    submitted,
)
from .test_P_02_plans import NUMBERS, buys, given, public

OFFICE = "street:guanshang"


def found(*happened: Any) -> Purchaser:
    return past(None, evolve_purchaser, (finding, *happened)).state


withdrawn = FindingWithdrawn(finding="1", reason="查证不实", at=JUNE)


def test_P_32_who_misused_the_money_plans_and_buys_nothing_in_the_year_after() -> None:
    lost = found()
    assert (lost.lost(2026), lost.lost(2025), lost.lost(2027)) == (finding.finding, None, None)
    given().when(lambda p: p.submit(lost, NUMBERS, MARCH)).breaks(
        "P-32", clause="官政办通〔2016〕40号 三.3"
    )
    given(submitted, reviewed, examined).when(lambda p: p.publish(lost, MARCH)).breaks("P-32")
    buys(public(), found=lost).breaks("P-32")
    free = found(withdrawn)
    given().when(lambda p: p.submit(free, NUMBERS, MARCH)).then(PlanSubmitted(at=MARCH))
    given(submitted, reviewed, examined).when(lambda p: p.publish(free, MARCH)).then(
        PlanPublished(at=MARCH)
    )


@pytest.mark.parametrize("by", ["finance", "district_admin"])
def test_P_32_nobody_answers_in_the_purchasers_place(by: str) -> None:
    """There is one answer, and who found it would have used it up."""
    known = Given(found(), evolve_purchaser)
    known.when(lambda p: p.answer("1", by=by, answer="属实", now=MARCH)).breaks("P-32", clause=OURS)
    own = Purchaser(office=f"department:{by}", findings=(finding.finding,))
    assert own.answer("1", by=by, answer="已按规定使用", now=MARCH).finding == "1"


@pytest.mark.parametrize("other", ["finance", "department:finance"])
async def test_P_32_a_year_is_lost_under_both_names_of_an_office(other: str) -> None:
    """It would plan and buy on under the one that nothing was found under."""
    desk = desk_on(MemoryStore(), bytes(32), Silent(), WORK)
    for office in ("finance", "department:finance", "department:water"):
        assert await desk.purchaser(office) is None
    told = replace(finding, purchaser=other)
    await desk.purchasers.once(id_of(other), [told], Cause(actor="finance", now=MARCH))
    for office in ("finance", "department:finance"):
        assert await desk.purchaser(office) == Purchaser(office=office, findings=(told.finding,))
    assert await desk.purchaser("department:water") is None


def test_P_32_in_the_year_that_is_lost_nothing_is_bought_by_the_plan_of_the_year_before() -> None:
    """What was planned for 2026 may be signed for in 2027 still, but not by who lost 2027."""
    of_2026 = replace(finding, finding=replace(finding.finding, year=2026))
    lost = past(None, evolve_purchaser, (of_2026,)).state
    december, january = (
        datetime(2026, 12, 31, 15, tzinfo=UTC),
        datetime(2026, 12, 31, 16, tzinfo=UTC),
    )
    assert buys(public(), found=lost, now=december).decide(public().state)
    buys(public(), found=lost, now=january).breaks("P-32", clause="官政办通〔2016〕40号 三.3")
    assert buys(public(), now=january).decide(public().state)


def test_P_32_is_recorded_by_finance_answered_once_and_withdrawn_once() -> None:
    def record(known: Any, year: int = 2025, findings: str = "挪用") -> Any:
        return find(
            known,
            OFFICE,
            year=year,
            ground=Misconduct.MISUSE,
            findings=findings,
            now=MARCH,
        )

    past(None, evolve_purchaser, ()).when(record).then(finding)
    second = Given(found(), evolve_purchaser).when(record).leads_to()
    assert [one.id for one in second.state.findings] == ["1", "2"]
    for wrong, field in (({"year": 2027}, "year"), ({"findings": " "}, "findings")):
        with pytest.raises(Malformed) as refusal:
            record(None, **wrong)
        assert refusal.value.field == field
    answered = FindingAnswered(finding="1", answer="已按规定使用", at=MARCH)
    known = Given(found(), evolve_purchaser)
    after = known.when(lambda p: p.answer("1", by=OFFICE, answer=answered.answer, now=MARCH)).then(
        answered
    )
    after.when(lambda p: p.answer("1", by=OFFICE, answer="再", now=MARCH)).breaks("P-32")
    known.when(lambda p: p.answer("9", by=OFFICE, answer="无", now=MARCH)).refused(NotFound)
    free = after.when(lambda p: p.withdraw("1", reason="查证不实", now=JUNE)).then(withdrawn)
    free.when(lambda p: p.withdraw("1", reason="再", now=JUNE)).breaks("P-32")


def test_P_32_is_told_with_its_year_and_when_it_falls() -> None:
    for event, over in ((finding, False), (withdrawn, True)):
        assert announce.of_purchasers(event, found(withdrawn)) == published.PurchaserRestricted(
            street="guanshang",
            year=2026,
            rule="P-32",
            clause="官政办通〔2016〕40号 三.3",
            withdrawn=over,
        )
    answered = FindingAnswered(finding="1", answer="无", at=MARCH)
    assert announce.of_purchasers(answered, found()) is None


@pytest.mark.parametrize("office", ["street:guanshang", "department:civil-affairs", "finance"])
def test_an_office_stands_in_an_address_and_comes_back(office: str) -> None:
    assert office_of(id_of(office)) == office
