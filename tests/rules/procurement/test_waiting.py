"""Whose move it is: a purchase waits for who buys, delivers, evaluates and pays, each by its own deadline."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from chassis.kernel.clock import Ends, end_of, ends
from chassis.lists import moment
from services.procurement.domain import (
    catalogue,
    expert,
    plan,
    supplier,
    survey,
    waiting,
)
from services.procurement.domain.call import OPENING
from services.procurement.domain.call_events import (
    Awarded,
    CallCancelled,
    Scored,
    ScreeningStage,
    Sealed,
    StagePassed,
)
from services.procurement.domain.catalogue import (
    CatalogueApproved,
    CatalogueDrafted,
    CataloguePublished,
)
from services.procurement.domain.evaluation import Stage
from services.procurement.domain.events import Assessor, SelfAssessed, Way
from services.procurement.domain.evolution import evolve as evolve_contract
from services.procurement.domain.expert import ExpertAppointed
from services.procurement.domain.fund import QuarterMissed, QuarterPublished
from services.procurement.domain.item import Method
from services.procurement.domain.panel import ExpertRecused
from services.procurement.domain.payment import Instalment
from services.procurement.domain.plan import Draft, MatterReported, MatterSettled, MethodApproved
from services.procurement.domain.remark import RemarkJudged, RemarkMissed
from services.procurement.domain.report import ReportMissed, ReportPublished
from services.procurement.domain.report import evolve as evolve_report
from services.procurement.domain.supervision import report_due
from services.procurement.domain.supervision_events import (
    CommissionDecided,
    StageReported,
    SupervisionEnded,
    SupervisionMissed,
    What,
)
from services.procurement.domain.supervision_evolution import evolve as evolve_supervision
from services.procurement.domain.supplier import BarAppealed, Barred, BarReviewed
from services.procurement.domain.tip import Tip
from services.procurement.steps.contracts import CONTRACTS
from services.procurement.steps.funds import FUNDS
from services.procurement.steps.remarks import REMARKS
from services.procurement.steps.reports import REPORTS
from services.procurement.steps.supervisions import SUPERVISIONS
from tests.support.specification import past
from tests.support.walks import person

from . import test_P_24_reports as reports
from . import test_P_25_paid as paid
from . import test_P_26_inspection as inspections
from . import test_P_26_remarks as remarks
from . import test_P_39_allowance as allowances
from . import test_P_41_fund as funds
from .calling import (
    AFTER,
    APPLIED,
    CLOCK,
    LATER,
    SEATED,
    called,
    closed,
    confirmed,
    mine,
    over,
    revised,
    shut,
)
from .calling import approved as approved_plan
from .calling import drawn as seated
from .calling import given as call
from .cases import (
    BAR,
    CATALOGUE,
    DRAFT,
    ITEM,
    JUNE,
    MARCH,
    NOVEMBER,
    TERMS,
    accepted,
    answered,
    before,
    drafted,
    drawn,
    examined,
    filed,
    final_opened,
    first_missed,
    first_opened,
    first_paid,
    listed,
    mid,
    mid_opened,
    mid_paid,
    nominated,
    passed,
    published,
    ready,
    registered,
    reviewed,
    shown,
    signed,
    submitted,
    terminated,
)
from .test_P_13_passing import answered as passing_answered
from .test_P_13_passing import cleared
from .test_P_13_passing import found as passing_found
from .test_P_15_supervision import APR, MAR, commissioned, day, given, reported, session
from .test_P_37_needs import public, recorded

BUYER, SUPPLIER, COMMUNITY = "street:guanshang", "supplier:tongxin", "community:haihua"
FINANCE, DISTRICT, DISCIPLINE = "finance", "district_admin", "discipline"
KEEPERS = {FINANCE: None, DISTRICT: None}


# Before it is bought


def of_plan(*happened: Any, **other: Any) -> Any:
    return waiting.of_plan(past(None, plan.evolve, (replace(drafted, **other), *happened)).state)


def test_P_02_a_plan_waits_for_who_buys_and_between_for_who_examines_it() -> None:
    assert of_plan() == {BUYER: None}
    assert of_plan(submitted) == KEEPERS
    assert of_plan(submitted, replace(reviewed, agreed=False)) == {BUYER: None}
    assert of_plan(submitted, reviewed) == KEEPERS
    assert of_plan(submitted, reviewed, examined) == {BUYER: None}
    assert of_plan(submitted, reviewed, examined, published) == {}


@pytest.mark.parametrize("own", ["finance", "department:finance", "finance:budget"])
def test_P_02_nobody_is_awaited_to_examine_its_own_plan(own: str) -> None:
    others = [DISTRICT, FINANCE] if own == "finance:budget" else [DISTRICT]
    assert sorted(of_plan(submitted, purchaser=own)) == others
    assert list(of_plan(purchaser=own)) == [own.removesuffix(":budget")]


def test_P_29_what_the_year_brought_waits_for_the_district() -> None:
    matter = MatterReported(item=replace(ITEM, code="m1"), at=MARCH)
    settled = MatterSettled(item="m1", amount=1, source="预备费", document="5号", at=MARCH)
    before_that = (submitted, reviewed, examined, published)
    assert of_plan(*before_that, matter) == {DISTRICT: None}
    assert of_plan(*before_that, matter, settled) == {}


def test_P_03_a_way_without_competition_waits_for_the_district_once_finance_let_it_stand() -> None:
    alone = Draft(lines=DRAFT.lines, items=(replace(ITEM, method=Method.ENTRUSTMENT),))
    assert of_plan(submitted, reviewed, draft=alone) == KEEPERS
    told = (submitted, reviewed, examined)
    assert of_plan(*told, draft=alone) == {BUYER: None, DISTRICT: None}
    assert of_plan(*told, published, draft=alone) == {DISTRICT: None}
    allowed = MethodApproved(item="i1", document="3号", at=MARCH)
    assert of_plan(*told, published, allowed, draft=alone) == {}


def test_P_01_an_edition_waits_for_the_district_and_then_for_finance() -> None:
    def of(*happened: Any) -> Any:
        begun = CatalogueDrafted(year=2027, entries=CATALOGUE.entries[:2], at=MARCH)
        return waiting.of_catalogue(past(None, catalogue.evolve, (begun, *happened)).state)

    allowed = CatalogueApproved(document="1号", at=MARCH)
    assert (of(), of(allowed)) == ({DISTRICT: None}, {FINANCE: None})
    assert of(allowed, CataloguePublished(at=MARCH)) == {}


def test_P_37_a_list_of_needs_waits_for_who_surveys_until_it_is_public_and_classified() -> None:
    def of(*happened: Any) -> Any:
        return waiting.of_survey(past(None, survey.evolve, happened).state)

    heard = replace(recorded, need=replace(recorded.need, group="", kind=None, rank=None))
    assert of(recorded) == {COMMUNITY: None}
    assert of(recorded, public) == {}
    assert of(recorded, public, heard) == {COMMUNITY: None}
    assert of(replace(recorded, community=None)) == {BUYER: None}


def test_P_23_a_nominated_expert_waits_for_the_district() -> None:
    known = past(None, expert.evolve, (nominated,)).state
    assert waiting.of_expert(known) == {DISTRICT: None}
    assert waiting.of_expert(expert.evolve(known, ExpertAppointed(at=MARCH))) == {}


def test_P_07_an_appeal_waits_for_the_district_while_its_bar_stands() -> None:
    def of(*happened: Any) -> Any:
        every = (registered, Barred(bar=BAR, at=MARCH), *happened)
        return waiting.of_supplier(past(None, supplier.evolve, every).state)

    appealed = BarAppealed(bar="1", grounds="事实不清", at=MARCH)
    told = BarReviewed(bar="1", lifted=False, answer="维持", at=MARCH)
    assert of() == {}
    assert of(appealed) == {DISTRICT: None}
    assert of(appealed, told) == {}
    assert of(appealed, supplier.BarEnded(bar="1", at=NOVEMBER)) == {}


# The call

ALL_IN = tuple(Scored(sealed=Sealed(expert=one, box="…"), at=AFTER) for one in "789")
won = Awarded(supplier="tongxin", amount=1, at=AFTER)


def test_P_10_a_call_waits_for_nobody_here_until_its_closing_day_is_over() -> None:
    open_call = call()
    assert waiting.of_call(open_call.state) == {}
    assert open_call.state.next_due == AFTER
    late = open_call.when(lambda one: one.come_due(signed=False, now=AFTER)).then(shut)
    assert waiting.of_call(late.state) == {}
    late = late.when(
        lambda one: one.open_applications({"tongxin": mine}, AFTER + OPENING)
    ).leads_to()
    assert waiting.of_call(late.state) == KEEPERS
    assert late.state.next_due is None
    assert not late.when(lambda one: one.come_due(signed=False, now=LATER)).happened
    early = call(*APPLIED, listed)
    assert not early.when(lambda one: one.come_due(signed=False, now=AFTER)).happened


def test_P_10_stages_wait_for_who_bought_and_so_does_a_call_that_nobody_answered() -> None:
    building = called(Way.BUILDING)
    done = [StagePassed(stage=one, passed=("tongxin",), at=AFTER) for one in ScreeningStage]
    for number in range(len(done)):
        state = call(*APPLIED, over, *done[:number], first=building).state
        assert waiting.of_call(state) == {BUYER: None}
    assert waiting.of_call(call(*APPLIED, over, *done, first=building).state) == KEEPERS
    assert waiting.of_call(call(over).state) == {BUYER: None}


def test_P_11_a_panel_waits_to_be_drawn_by_another_office_than_listed_it() -> None:
    def of(*happened: Any) -> Any:
        return waiting.of_call(call(*APPLIED, over, *happened).state)

    assert of(listed) == {DISTRICT: None, DISCIPLINE: None}
    assert of(replace(listed, by=DISTRICT)) == {FINANCE: None, DISCIPLINE: None}
    back = [ExpertRecused(expert=one, reason="回避", at=AFTER) for one in "789"]
    assert of(listed, seated) == {}
    assert of(listed, seated, *back) == KEEPERS


def test_P_12_scores_wait_to_be_opened_once_all_are_in() -> None:
    assert waiting.of_call(call(*SEATED, *ALL_IN[:2]).state) == {}
    assert waiting.of_call(call(*SEATED, *ALL_IN).state) == KEEPERS


def test_P_36_a_result_waits_for_who_bought_to_the_day_it_is_owed() -> None:
    ranked = call(*SEATED, closed).state
    assert waiting.of_call(ranked) == {BUYER: ends(CLOCK)}
    [missed] = ranked.come_due(signed=False, now=LATER)
    assert waiting.of_call(call(*SEATED, closed, missed).state) == {BUYER: None}


def test_P_33_a_confirmed_plan_waits_for_the_leading_group() -> None:
    def of(*happened: Any) -> Any:
        return waiting.of_call(call(*SEATED, closed, won, *happened).state)

    assert of() == of(revised) == {}
    assert of(revised, confirmed) == KEEPERS
    assert of(revised, confirmed, approved_plan) == {}
    assert of(revised, confirmed, replace(approved_plan, approved=False)) == {}
    assert of(revised, confirmed, CallCancelled(reason="放弃", at=LATER)) == {}


# The contract


def of_contract(*happened: Any, **other: Any) -> Any:
    state = past(None, evolve_contract, (replace(signed, **other), *happened)).state
    return waiting.of_contract(state)


PAY_FIRST = ends(first_opened.clock)
TO_PAY = {FINANCE: PAY_FIRST, DISTRICT: PAY_FIRST}
OTHERWISE = {"way": Way.PURCHASE, "community": None}
BY_SEVEN = ready[:2]


def test_P_30_a_contract_waits_to_be_filed_and_its_panel_to_be_listed() -> None:
    assert of_contract() == {BUYER: None, **KEEPERS}
    assert of_contract(*BY_SEVEN) == {BUYER: None}
    assert of_contract(*BY_SEVEN, filed) == {}


def test_P_14_an_instalment_waits_for_who_pays_to_its_day_missed_or_not() -> None:
    assert of_contract(*BY_SEVEN, filed, first_opened) == TO_PAY
    assert of_contract(*BY_SEVEN, filed, first_opened, first_missed) == TO_PAY
    assert of_contract(*BY_SEVEN, filed, first_opened, first_paid) == {}
    assert of_contract(*BY_SEVEN, filed, first_opened, terminated) == {}
    assert of_contract(*BY_SEVEN, first_opened) == {BUYER: None}


def test_P_31_who_bought_is_not_awaited_to_pay() -> None:
    happened = (*BY_SEVEN, filed, first_opened)
    assert of_contract(*happened, purchaser="finance") == {DISTRICT: PAY_FIRST}
    assert of_contract(*happened, purchaser="department:finance") == {DISTRICT: PAY_FIRST}


def test_P_31_the_last_instalment_waits_for_who_bought_before_it_waits_for_who_pays() -> None:
    stages = (before, mid, passed)
    happened = (*BY_SEVEN, filed, shown, answered, *stages, final_opened)
    assert of_contract(*happened) == {BUYER: None}
    last = ends(final_opened.clock)
    assert of_contract(*happened, accepted) == {FINANCE: last, DISTRICT: last}
    middle = ends(mid_opened.clock)
    assert of_contract(*happened, mid_opened, accepted) == {FINANCE: middle, DISTRICT: middle}
    assert of_contract(*happened, mid_opened, mid_paid) == {BUYER: None}


def test_P_20_a_scheme_waits_for_the_supplier_to_accept_it() -> None:
    assert of_contract(*BY_SEVEN, filed, shown) == {SUPPLIER: None}
    assert of_contract(*BY_SEVEN, filed, shown, answered) == {}
    refused = replace(answered, accepted=False, comment="另议")
    assert of_contract(*BY_SEVEN, filed, shown, refused) == {}


def test_P_27_an_evaluation_waits_for_what_supplier_and_community_say_themselves() -> None:
    happened = (*BY_SEVEN, filed, shown, answered)
    supplier_said, community_said = (
        SelfAssessed(stage=Stage.MID, by=by, text="按计划实施", at=MARCH)
        for by in (Assessor.SUPPLIER, Assessor.COMMUNITY)
    )
    assert of_contract(*happened) == {}
    assert of_contract(*happened, before) == {SUPPLIER: None, COMMUNITY: None}
    assert of_contract(*happened, before, supplier_said) == {COMMUNITY: None}
    assert of_contract(*happened, before, supplier_said, community_said) == {}
    assert of_contract(*happened, before, community=None) == {SUPPLIER: None}
    assert of_contract(*happened, before, **OTHERWISE) == {}


def test_P_11_a_panel_is_awaited_while_a_stage_is_left() -> None:
    assert of_contract(filed, listed) == {DISTRICT: None, DISCIPLINE: None}
    assert of_contract(filed, listed, drawn) == {}
    stages = (*ready, filed, shown, answered, before, mid, passed, accepted)
    back = ExpertRecused(expert="7", reason="回避", at=NOVEMBER)
    assert of_contract(*ready, filed, back) == KEEPERS
    assert of_contract(*stages, back) == {}
    anew = replace(listed, by=DISTRICT)
    assert of_contract(*stages, back, anew) == {FINANCE: None, DISCIPLINE: None}


def test_P_13_what_was_passed_on_waits_for_the_supplier_and_another_office_than_found_it() -> None:
    happened = (*BY_SEVEN, filed, first_opened, passing_found)
    assert of_contract(*happened) == {SUPPLIER: None, **KEEPERS}
    assert of_contract(*happened, passing_answered) == KEEPERS
    by_finance = replace(passing_found, by=FINANCE)
    assert of_contract(*happened[:-1], by_finance, passing_answered) == {DISTRICT: None}
    assert of_contract(*happened, cleared) == TO_PAY


def test_P_14_of_two_instalments_the_sooner_one_says_the_day() -> None:
    assert of_contract(*BY_SEVEN, filed, mid_opened, first_opened) == TO_PAY


# While it runs


def test_P_26_a_remark_waits_for_who_delivers_to_its_day_and_then_for_who_found_it() -> None:
    def of(*happened: Any) -> Any:
        return waiting.of_remark(remarks.given(*happened).state)

    by = {SUPPLIER: ends(remarks.remarked.clock)}
    assert of() == of(RemarkMissed(at=remarks.LATE)) == by
    assert of(remarks.done) == {COMMUNITY: None}
    assert of(remarks.done, RemarkJudged(closed=False, opinion="未改", at=MARCH)) == by
    assert of(remarks.done, RemarkJudged(closed=True, opinion="可", at=MARCH)) == {}


def test_P_26_tips_and_draws_wait_for_the_leading_group() -> None:
    tip = Tip(contract="c-1", what="活动未开展")
    assert waiting.of_tip(tip) == KEEPERS
    assert waiting.of_tip(replace(tip, dismissed="查证不实")) == {}
    assert waiting.of_tip(replace(tip, remark="r-1")) == {}
    undrawn = inspections.given().state
    assert waiting.of_inspection(undrawn) == {DISTRICT: None, DISCIPLINE: None}
    assert waiting.of_inspection(inspections.given(inspections.drawn).state) == {}


def test_P_25_a_paid_service_waits_to_be_examined() -> None:
    assert waiting.of_paid(paid.given().state) == KEEPERS
    assert waiting.of_paid(paid.given(paid.examined).state) == {}


def test_P_36_a_report_waits_for_who_bought_to_its_day_missed_or_not() -> None:
    known = past(None, evolve_report, (reports.given_,)).state
    by = {BUYER: ends(reports.given_.clock)}
    late = evolve_report(known, ReportMissed(at=NOVEMBER))
    assert waiting.of_report(known) == waiting.of_report(late) == by
    assert waiting.of_report(evolve_report(known, ReportPublished(at=NOVEMBER))) == {}


def test_P_15_the_suppliers_records_and_reports_are_awaited_by_the_next_that_is_due() -> None:
    def of(*happened: Any) -> Any:
        return waiting.of_supervision(given(*happened).state)

    two = (session(date(2026, 3, 6), MARCH), session(date(2026, 3, 20), MARCH))
    end_of_march = datetime(2026, 3, 31, 16, tzinfo=UTC)
    assert of() == {SUPPLIER: Ends(due=end_of_march)}
    assert of(*two) == {SUPPLIER: Ends(due=report_due(MAR))}
    march = reported(MAR, day(4, 5))
    end_of_april = end_of(date(2026, 4, 30))
    assert of(*two, march) == {SUPPLIER: Ends(due=end_of_april)}
    late = SupervisionMissed(what=What.REPORT, month=MAR, at=day(4, 10))
    assert of(*two, late) == {SUPPLIER: Ends(due=report_due(MAR))}
    assert of(*two, late, march) == {SUPPLIER: Ends(due=end_of_april)}
    assert of(*two, SupervisionEnded(at=day(4, 1))) == {}


def test_P_15_nobody_is_late_with_a_report_that_was_due_before_the_commission() -> None:
    late = replace(commissioned, since=day(4, 10))
    of_april = SupervisionMissed(what=What.SESSIONS, month=APR, at=day(5, 1))
    for missed, due in (((), end_of(date(2026, 4, 30))), ((of_april,), report_due(APR))):
        state = past(None, evolve_supervision, (late, *missed)).state
        assert state.next_report == MAR
        assert waiting.of_supervision(state) == {SUPPLIER: Ends(due=due)}


def test_P_15_visits_are_not_the_suppliers_to_write() -> None:
    records = [
        session(date(2026, month, number), day(month, number))
        for month in (3, 4, 5)
        for number in (6, 20)
    ]
    told = [reported(month, NOVEMBER) for month in (MAR, APR, date(2026, 5, 1))]
    state = given(*records, *told).state
    assert state.next_due is not None
    assert waiting.of_supervision(state) == {}


def test_P_22_each_stage_report_waits_for_who_bought() -> None:
    told = (
        session(date(2026, 3, 6), MARCH),
        reported(MAR, day(4, 5)),
        StageReported(month=MAR, opinion="正常", at=day(4, 9)),
    )
    decided = CommissionDecided(month=MAR, goes_on=True, opinion="可", at=day(4, 10))
    assert waiting.of_supervision(given(*told).state)[BUYER] is None
    assert BUYER not in waiting.of_supervision(given(*told, decided).state)


# Money of communities


def test_P_39_a_project_waits_for_its_street_and_then_for_who_approves_it() -> None:
    def of(*happened: Any) -> Any:
        return waiting.of_allowance(allowances.given(*happened).state)

    assert of() == {}
    assert of(allowances.applied) == {BUYER: None}
    assert of(allowances.applied, allowances.reviewed) == KEEPERS
    assert of(*allowances.FIRST) == {}
    another = replace(allowances.applied, project=replace(allowances.PROJECT, code="p2"))
    assert of(allowances.applied, allowances.reviewed, another) == {BUYER: None, **KEEPERS}


def test_P_41_a_fund_waits_for_its_next_account_and_first_for_one_that_was_missed() -> None:
    def of(*happened: Any) -> Any:
        return waiting.of_fund(funds.given(*happened).state)

    missed = QuarterMissed(quarter=funds.FIRST, due=funds.DUE, at=funds.DUE)
    by_july = {COMMUNITY: Ends(due=datetime(2026, 7, 31, 16, tzinfo=UTC))}
    assert of() == of(missed) == {COMMUNITY: Ends(due=funds.DUE)}
    public_at_last = QuarterPublished(quarter=funds.FIRST, at=JUNE)
    assert of(missed, public_at_last) == by_july


# In a list


final_paid = replace(mid_paid, instalment=Instalment.FINAL)
SETTLED = (signed, *BY_SEVEN, filed, before, mid, passed, final_opened, accepted, final_paid)
LATE_REMARK = remarks.given(RemarkMissed(at=remarks.LATE)).state
LATE_REPORT = past(None, evolve_report, (reports.given_, ReportMissed(at=NOVEMBER))).state
LATE_FUND = funds.given(QuarterMissed(quarter=funds.FIRST, due=funds.DUE, at=funds.DUE)).state
LATE_MONTH = given(
    session(date(2026, 3, 6), MARCH),
    session(date(2026, 3, 20), MARCH),
    SupervisionMissed(what=What.REPORT, month=MAR, at=day(4, 9)),
).state
LATE_PAYMENT = past(None, evolve_contract, (signed, filed, first_opened, first_missed)).state


@pytest.mark.parametrize(
    ("of", "late", "mine", "others"),
    [
        (REMARKS, LATE_REMARK, SUPPLIER, COMMUNITY),
        (REPORTS, LATE_REPORT, BUYER, SUPPLIER),
        (FUNDS, LATE_FUND, COMMUNITY, BUYER),
        (SUPERVISIONS, LATE_MONTH, SUPPLIER, BUYER),
        (CONTRACTS, LATE_PAYMENT, FINANCE, SUPPLIER),
    ],
)
def test_what_one_is_late_with_comes_first_and_is_due_for_nobody_else(
    of: Any, late: Any, mine: str, others: str
) -> None:
    own = of.ends(late, person(mine))
    assert own is not None and of.keys(late)["due"] == moment(own.due)
    for_others = of.ends(late, person(others))
    assert for_others == (Ends(due=late.next_due) if late.next_due else None)
    assert for_others is None or for_others.due > own.due


def test_P_13_a_term_that_nobody_is_awaited_for_comes_up_by_its_last_day() -> None:
    state = past(None, evolve_contract, SETTLED).state
    assert waiting.of_contract(state) == {}
    assert CONTRACTS.keys(state)["due"] == moment(end_of(TERMS.until))
