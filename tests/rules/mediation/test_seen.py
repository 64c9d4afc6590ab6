"""Who sees a case and who acts on it; what goes on paper."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chassis.identity import granted
from chassis.kernel.errors import Malformed, RuleBroken
from services.mediation.access import HOLDERS, OF_CASES
from services.mediation.desk import case_resource, departments, place_of
from services.mediation.domain import course, forms, mediating
from services.mediation.domain.case import Case
from services.mediation.domain.dispute import Awaited, Body, How, Risk, Way
from services.mediation.domain.events import (
    CaseEnded,
    CaseHanded,
    CaseReturned,
    CaseVisited,
    ChargeTaken,
    CommissionReturned,
    MediationExtended,
    RiskRaised,
)
from services.mediation.domain.forms import CaseForm
from services.mediation.shown.sheets import Names, sheet
from services.mediation.steps.cases import holder
from tests.support.walks import person

from .lives import (
    AGREED,
    CLOCKS,
    COMMUNITY,
    DONE,
    HELD,
    LATER,
    MET,
    MORNING,
    PERFORMED,
    RECEIVED,
    REGISTERED,
    SIGNED,
    STREET,
    TAKEN,
    WILLING,
    given,
)

HEALTH, COURT = "department:health", "department:court"
TO_COURT = CaseHanded(office=COURT, way=Way.JUDICIAL, commission=False, reason="移交。", at=MORNING)


def seen(acts_as: str, case: Case) -> bool:
    return OF_CASES.may_see(person(acts_as), case_resource(case))


@pytest.mark.parametrize(
    ("acts_as", "sees"),
    [
        ("community:guanshangzhongxinqu", True),
        (STREET, True),
        ("department:stability", True),
        (HEALTH, True),
        (COURT, True),
        ("department:justice", True),
        ("command_centre", True),
        ("department:transport", False),
        ("street:taihe", False),
        ("community:hepinglu", False),
        ("resident", False),
        ("partner:grid", False),
    ],
)
def test_M_06_whoever_a_case_passed_through_sees_it_to_its_end(acts_as: str, sees: bool) -> None:
    returned = CaseReturned(
        office=STREET, to=HEALTH, reason="专业。", way=Way.ADMINISTRATIVE, at=MORNING
    )
    charge = ChargeTaken(office="department:justice", by=STREET, at=MORNING)
    case = given(RECEIVED, returned, *TAKEN[2:], TO_COURT, charge).state
    assert seen(acts_as, case) is sees


def test_whose_a_case_is_is_its_office_s_and_a_community_s_also_its_street_s() -> None:
    case = given(RECEIVED).state
    assert holder(case, None) == {  # type: ignore[arg-type]
        "street": "guanshang",
        "community": "guanshangzhongxinqu",
        "units": (),
    }
    assert place_of(HEALTH) == {"street": None, "community": None, "units": ("health",)}
    assert departments([STREET, HEALTH, "district_admin"]) == ("health",)


TAIHE, HEPINGLU = "street:taihe", "community:hepinglu"


@pytest.mark.parametrize(
    ("to", "its"),
    [(TAIHE, {TAIHE}), (HEPINGLU, {TAIHE, HEPINGLU})],
)
def test_M_03_whose_it_is_may_be_in_another_street_which_then_sees_and_holds_it(
    to: str, its: set[str]
) -> None:
    here = given(RECEIVED)
    sent = here.when(
        lambda c: course.whose(c, to, "属太和街道。", CLOCKS, MORNING, its_street="taihe")
    )
    handed = given(TAKEN).when(
        lambda c: course.transfer(
            c,
            to=to,
            way=None,
            commission=True,
            reason="请协助。",
            clocks=CLOCKS,
            now=MORNING,
            its_street="taihe",
        )
    )
    elsewhere = replace(REGISTERED, office=to, its_street="taihe")
    for case in (sent.leads_to().state, handed.leads_to().state, given((elsewhere,)).state):
        assert {one for one in (TAIHE, HEPINGLU, "street:liujia") if seen(one, case)} == its
        assert seen(STREET, case) and seen(COMMUNITY, case)
        holds = holder(case, None)  # type: ignore[arg-type]
        acting = {one for one in (*its, STREET, COMMUNITY) if granted(person(one), HOLDERS, holds)}
        assert acting == its


def test_M_06_a_commission_that_comes_back_is_its_giver_s_and_who_had_it_sees_it_still() -> None:
    there = CaseHanded(
        office=HEPINGLU,
        way=Way.PEOPLE,
        commission=True,
        reason="请协助。",
        its_street="taihe",
        at=MORNING,
    )
    back = CommissionReturned(how=How.NO_AGREEMENT, at=MORNING)
    case = given(TAKEN, there, back).state
    assert granted(person(STREET), HOLDERS, holder(case, None))  # type: ignore[arg-type]
    assert not granted(person(HEPINGLU), HOLDERS, holder(case, None))  # type: ignore[arg-type]
    assert seen(TAIHE, given(TAKEN, there).state)


def test_M_08_who_is_put_in_charge_sees_it_in_whatever_street() -> None:
    charge = ChargeTaken(office=HEPINGLU, by=STREET, its_street="taihe", at=MORNING)
    case = given(TAKEN, charge).state
    assert seen(HEPINGLU, case) and seen(TAIHE, case)
    assert not granted(person(HEPINGLU), HOLDERS, holder(case, None))  # type: ignore[arg-type]


def test_M_10_who_leads_is_of_the_street_that_has_it() -> None:
    case = given((replace(REGISTERED, office=HEPINGLU, its_street="taihe"),)).state
    assert (case.held_in, given(RECEIVED).state.held_in) == ("taihe", "guanshang")


def test_M_08_the_clock_for_a_charge_stops_with_it() -> None:
    raised = RiskRaised(risk=Risk.MASS, reason="扬言。", at=MORNING)
    running = given(TAKEN, raised, CLOCKS.started(Awaited.CHARGE, MORNING))
    charged = given(
        TAKEN,
        raised,
        CLOCKS.started(Awaited.CHARGE, MORNING),
        ChargeTaken(office=STREET, by=STREET, at=MORNING),
    )
    assert [one.awaited for one in running.state.clocks] == [Awaited.MEDIATION, Awaited.CHARGE]
    assert [one.awaited for one in charged.state.clocks] == [Awaited.MEDIATION]


def test_M_04_another_s_mediation_may_be_extended_again() -> None:
    case = given(TAKEN, MediationExtended(at=MORNING), TO_COURT)
    there = case.when(lambda c: course.accept(c, None, CLOCKS, MORNING)).leads_to()
    assert not there.state.extended


def test_M_04_no_session_is_held_tomorrow() -> None:
    tomorrow = LATER.date() + timedelta(days=1)
    given(TAKEN, *WILLING).when(
        lambda c: mediating.meet(c, on=tomorrow, body=Body.COMMITTEE, mediators=("m1",), now=LATER)
    ).refused(Malformed, field="on")


def test_M_04_a_form_is_there_once_its_case_came_that_far() -> None:
    names = Names(number="关上-0302-ABCD", place="关上", office="关上中心区")
    for form, early, there in (
        (CaseForm.AGREEMENT, given(TAKEN).state, given(MET).state),
        (CaseForm.VISIT, given(AGREED).state, given(DONE).state),
    ):
        with pytest.raises(RuleBroken) as refusal:
            forms.of_case(form, early)
        assert refusal.value.rule.id == "M-04"
        forms.of_case(form, there)
        shown = sheet(form, there, names)
        assert dict(shown.lines)["编号"] == "关上-0302-ABCD"
        assert [row[0] for row in shown.grids[0].rows] == ["甲方", "乙方"]
    agreed = dict(sheet(CaseForm.AGREEMENT, given(AGREED).state, names).lines)
    assert (agreed["给付金额（元）"], agreed["约定履行日期"]) == ("500.00", "2026-03-16")
    unpaid = given(AGREED).state
    assert unpaid.agreement is not None
    unpaid = replace(unpaid, agreement=replace(unpaid.agreement, amount=None))
    assert dict(sheet(CaseForm.AGREEMENT, unpaid, names).lines)["给付金额（元）"] == "—"


def test_M_04_the_sheet_of_a_second_visit_says_nothing_of_the_first() -> None:
    """It is filled in by hand at the door: what was found in March is no answer of May."""
    names = Names(number="1", place="关上", office="关上中心区")
    broken = CaseVisited(on=date(2026, 4, 2), settled=False, box="b", at=LATER)
    may = replace(PERFORMED, on=date(2026, 5, 8))
    again = given(DONE, broken, HELD, SIGNED, may)
    lines = dict(sheet(CaseForm.VISIT, again.state, names).lines)
    assert (lines["实际履行日期"], lines["回访日期"], lines["纠纷是否已解决"]) == (
        "2026-05-08",
        "—",
        "—",
    )
    visited = replace(broken, on=date(2026, 6, 1), settled=True)
    ended = given(DONE, broken, HELD, SIGNED, may, visited, CaseEnded(how=How.SETTLED, at=LATER))
    lines = dict(sheet(CaseForm.VISIT, ended.state, names).lines)
    assert (lines["回访日期"], lines["纠纷是否已解决"]) == ("2026-06-01", "是")
