"""What is stored comes back as it was: every event class, every state, and the shipped policy."""

import json
import tomllib
from dataclasses import replace
from functools import reduce
from typing import Any

import pytest
from pydantic import TypeAdapter

from chassis.documents import Codec
from chassis.kind import Kind
from services.procurement.domain.call_events import (
    ApplicationsOpened,
    Awarded,
    CallCancelled,
    ResultMissed,
    ResultRenewed,
    Scored,
    ScreeningStage,
    Sealed,
    SigningChecked,
    StagePassed,
)
from services.procurement.domain.catalogue import (
    CatalogueApproved,
    CatalogueDrafted,
    CataloguePublished,
)
from services.procurement.domain.eligibility import EligibilityChanged, StandingTold, State
from services.procurement.domain.evaluation import Stage
from services.procurement.domain.events import SecondScored
from services.procurement.domain.expert import ExpertAppointed, ExpertRemoved
from services.procurement.domain.fund import CommunityEnded, QuarterMissed
from services.procurement.domain.offer import OfferWithdrawn
from services.procurement.domain.panel import ExpertRecused
from services.procurement.domain.plan import (
    MatterReported,
    MatterSettled,
    MethodApproved,
    PlanReturned,
    PlanRevised,
)
from services.procurement.domain.policy import ProcurementPolicy, check
from services.procurement.domain.purchaser import FindingAnswered, FindingWithdrawn
from services.procurement.domain.remark import RemarkJudged, RemarkMissed, RemarkRenewed
from services.procurement.domain.report import ReportMissed, ReportPublished, ReportRenewed
from services.procurement.domain.resettling import Orphaned, Resettled
from services.procurement.domain.supervision_events import (
    CommissionDecided,
    Countersigned,
    HandedOver,
    StageReported,
    SupervisionEnded,
    What,
)
from services.procurement.domain.supplier import (
    BarAppealed,
    BarEnded,
    Barred,
    BarReviewed,
    FactFiled,
    SupplierCorrected,
    SupplierLeft,
    SupplierReturned,
)
from services.procurement.domain.tip import TipDismissed, TipGiven, TipReturned, TipTakenUp
from services.procurement.kinds import ELIGIBILITIES
from services.procurement.shipped import POLICY
from services.procurement.steps.allowances import ALLOWANCES
from services.procurement.steps.applications import APPLICATIONS
from services.procurement.steps.calls import CALLS
from services.procurement.steps.catalogues import CATALOGUES
from services.procurement.steps.contracts import CONTRACTS
from services.procurement.steps.experts import EXPERTS
from services.procurement.steps.funds import FUNDS
from services.procurement.steps.inspections import INSPECTIONS
from services.procurement.steps.ledgers import LEDGERS
from services.procurement.steps.paid import PAID
from services.procurement.steps.passed import PASSED
from services.procurement.steps.plans import PLANS
from services.procurement.steps.purchasers import PURCHASER
from services.procurement.steps.remarks import REMARKS, TIPS
from services.procurement.steps.reports import REPORTS
from services.procurement.steps.supervisions import SUPERVISIONS
from services.procurement.steps.suppliers import SUPPLIERS
from services.procurement.steps.surveys import SURVEYS
from tests.rules.procurement import calling as calls
from tests.rules.procurement import cases
from tests.rules.procurement import test_P_06_integrity as integrity
from tests.rules.procurement import test_P_13_passing as passing
from tests.rules.procurement import test_P_15_supervision as care
from tests.rules.procurement import test_P_24_reports as reports
from tests.rules.procurement import test_P_25_paid as paid
from tests.rules.procurement import test_P_26_inspection as inspection
from tests.rules.procurement import test_P_26_remarks as remarks
from tests.rules.procurement import test_P_30_correcting as correcting
from tests.rules.procurement import test_P_35_ledger as ledgers
from tests.rules.procurement import test_P_37_needs as surveys
from tests.rules.procurement import test_P_38_sums as sums
from tests.rules.procurement import test_P_39_allowance as allowance
from tests.rules.procurement import test_P_41_fund as fund

RESETTLED = Resettled(community="heping", at=cases.JUNE)
ORPHANED = Orphaned(at=cases.JUNE)

HAPPENED: list[tuple[Kind[Any, Any], tuple[Any, ...]]] = [
    (
        SUPPLIERS.kind,
        (
            cases.registered,
            FactFiled(fact=cases.FACTS[0], at=cases.MARCH),
            Barred(bar=cases.BAR, at=cases.MARCH),
            BarAppealed(bar="1", grounds="事实不清", at=cases.MARCH),
            BarReviewed(bar="1", lifted=False, answer="维持", at=cases.MARCH),
            BarEnded(bar="1", at=cases.NOVEMBER),
            SupplierLeft(reason="注销", at=cases.NOVEMBER),
            SupplierReturned(reason="误办退出", at=cases.NOVEMBER),
            SupplierCorrected(name="同心社工中心", reason="更名", at=cases.NOVEMBER),
        ),
    ),
    (
        CONTRACTS.kind,
        (
            replace(cases.signed, standing=cases.stands()),
            *cases.ASSESSED,
            cases.before,
            SecondScored(stage=Stage.BEFORE, by="expert:8", points=700, apart=100, at=cases.MARCH),
            RESETTLED,
            ORPHANED,
            cases.terminated,
        ),
    ),
    (
        EXPERTS.kind,
        (
            cases.nominated,
            ExpertAppointed(at=cases.MARCH),
            ExpertRemoved(reason="调离", at=cases.JUNE),
        ),
    ),
    (
        CONTRACTS.kind,
        (
            cases.signed,
            cases.listed,
            cases.drawn,
            ExpertRecused(expert="7", reason="回避", at=cases.MARCH),
        ),
    ),
    (
        APPLICATIONS.kind,
        (calls.offered, OfferWithdrawn(at=cases.MARCH)),
    ),
    (
        CALLS.kind,
        (
            calls.opened,
            *calls.APPLIED,
            calls.shut,
            ApplicationsOpened(applications=(calls.mine,), at=calls.AFTER),
            *calls.SEATED[len(calls.APPLIED) + 1 :],
            StagePassed(stage=ScreeningStage.SCREENING, passed=("tongxin",), at=cases.MARCH),
            ExpertRecused(expert="7", reason="回避", at=cases.MARCH),
            Scored(sealed=Sealed(expert="8", box="sealed"), at=cases.MARCH),
            calls.closed,
            ResultRenewed(clock=calls.CLOCK),
            ResultMissed(due=cases.JUNE, at=cases.JUNE),
            Awarded(supplier="tongxin", amount=1, sign_by=cases.JUNE, at=cases.MARCH),
            SigningChecked(signed=False, at=cases.JUNE),
            *calls.PROGRAMME,
            CallCancelled(reason="取消", at=cases.MARCH),
        ),
    ),
    (
        SUPERVISIONS.kind,
        (
            care.commissioned,
            care.session(care.MAR, cases.MARCH),
            Countersigned(record=1, at=cases.MARCH),
            care.corrected,
            care.reported(care.MAR, cases.JUNE, contacts=3),
            StageReported(month=care.MAR, opinion="正常", at=cases.JUNE),
            CommissionDecided(month=care.MAR, goes_on=True, opinion="已阅", at=cases.JUNE),
            care.awaited(What.SESSIONS, care.MAR, cases.JUNE, cases.JUNE),
            care.missed(What.VISITS, care.MAY, cases.JUNE),
            HandedOver(report="记录三十份", at=cases.JUNE),
            SupervisionEnded(at=cases.JUNE),
            RESETTLED,
        ),
    ),
    (
        REPORTS.kind,
        (
            reports.given_,
            ReportRenewed(clock=reports.given_.clock),
            ReportMissed(at=cases.NOVEMBER),
            ReportPublished(at=cases.NOVEMBER),
            RESETTLED,
        ),
    ),
    (
        REMARKS.kind,
        (
            remarks.remarked,
            remarks.done,
            RemarkJudged(closed=False, opinion="仍有缺漏", at=cases.JUNE),
            RemarkMissed(at=cases.JUNE),
            RemarkRenewed(clock=remarks.remarked.clock),
            remarks.corrected,
            remarks.withdrawn,
            RESETTLED,
            ORPHANED,
        ),
    ),
    (
        TIPS.kind,
        (
            TipGiven(contract="c-1", what="活动未开展", at=cases.MARCH),
            TipTakenUp(remark="r-1", at=cases.MARCH),
            TipReturned(remark="r-1", at=cases.MARCH),
            TipDismissed(reason="查证不实", at=cases.MARCH),
        ),
    ),
    (INSPECTIONS.kind, (inspection.listed, inspection.drawn)),
    (PASSED.kind, (sums.passed, sums.used, sums.put_right)),
    (LEDGERS.kind, (ledgers.entered, ledgers.struck, RESETTLED)),
    (
        SURVEYS.kind,
        (
            surveys.recorded,
            *surveys.hears(None),
            surveys.classified,
            surveys.struck,
            surveys.public,
            RESETTLED,
            ORPHANED,
        ),
    ),
    (
        ALLOWANCES.kind,
        (
            allowance.allotted,
            *allowance.FIRST,
            allowance.supervised,
            allowance.dropped,
            allowance.corrected,
            RESETTLED,
        ),
    ),
    (
        FUNDS.kind,
        (
            fund.received,
            fund.spent,
            fund.struck,
            fund.published,
            QuarterMissed(quarter=fund.SECOND, due=fund.DUE, at=fund.DUE),
            CommunityEnded(on=fund.SECOND, at=fund.DUE),
            RESETTLED,
            ORPHANED,
        ),
    ),
    (PAID.kind, (paid.filed, paid.examined, paid.begun, paid.reported, paid.corrected, RESETTLED)),
    (CONTRACTS.kind, (cases.signed, cases.shown, cases.answered, cases.agreed)),
    (CONTRACTS.kind, (cases.signed, cases.filed, correcting.asked, correcting.confirmed)),
    (
        CONTRACTS.kind,
        (cases.signed, passing.found, passing.answered, passing.upheld, passing.ended),
    ),
    (
        CONTRACTS.kind,
        (cases.signed, cases.filed, cases.before, cases.mid, cases.failed, cases.ended_unqualified),
    ),
    (
        CONTRACTS.kind,
        (
            cases.signed,
            cases.filed,
            cases.first_opened,
            cases.first_missed,
            cases.first_paid,
            cases.accepted,
            cases.final_opened,
            cases.final_renewed,
        ),
    ),
    (
        CATALOGUES.kind,
        (
            CatalogueDrafted(year=2016, entries=cases.CATALOGUE.entries, at=cases.MARCH),
            CatalogueApproved(document="官政复1号", at=cases.MARCH),
            CataloguePublished(at=cases.MARCH),
        ),
    ),
    (
        PURCHASER.kind,
        (
            cases.finding,
            FindingAnswered(finding="1", answer="已按规定使用", at=cases.MARCH),
            FindingWithdrawn(finding="1", reason="查证不实", at=cases.JUNE),
        ),
    ),
    (
        PLANS.kind,
        (
            cases.drafted,
            PlanRevised(draft=cases.DRAFT, at=cases.MARCH),
            cases.submitted,
            cases.reviewed,
            PlanReturned(reason="督导经费未列足", at=cases.MARCH),
            cases.submitted,
            cases.reviewed,
            cases.examined,
            cases.published,
            MethodApproved(item="i1", document="官政复2号", at=cases.MARCH),
            MatterReported(item=replace(cases.ITEM, code="m1"), at=cases.JUNE),
            MatterSettled(item="m1", amount=1, source="预备费", document="5号", at=cases.JUNE),
        ),
    ),
    (
        ELIGIBILITIES,
        (
            cases.heard("e-1"),
            EligibilityChanged(state=State.RESTRICTED, project="elderly-care", year=2027),
            passing.breach,
            integrity.serious,
            cases.told_of("s-1", 1, abnormal=("report_missed",)),
            StandingTold(state=State.RESTRICTED, until=None),
        ),
    ),
]


@pytest.mark.parametrize(("kind", "events"), HAPPENED)
def test_events_and_state_come_back(kind: Kind[Any, Any], events: tuple[Any, ...]) -> None:
    codec: Codec[Any, Any] = Codec(kind.state, kind.events)
    for event in events:
        name, data = codec.dump_event(event)
        assert codec.load_event(name, json.loads(json.dumps(data))) == event
    state = reduce(kind.evolve, events, None)
    assert codec.load_state(json.loads(json.dumps(codec.dump_state(state)))) == state


@pytest.mark.parametrize("kind", [kind for kind, _ in HAPPENED])
def test_every_event_class_is_tried(kind: Kind[Any, Any]) -> None:
    tried = {type(event) for other, events in HAPPENED if other is kind for event in events}
    assert tried == set(kind.events)


def test_the_shipped_policy_is_the_documented_default() -> None:
    shipped = tomllib.loads(POLICY.read_text(encoding="utf-8"))
    policy = TypeAdapter(ProcurementPolicy).validate_python(shipped)
    check(policy)
    assert policy == cases.POLICY[1]
