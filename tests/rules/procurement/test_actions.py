"""What is offered is what may be done: for random lives of contracts, and whoever asks."""

import random
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

import pytest

from chassis import step_taken
from chassis.asking import Asking
from chassis.cause import Cause
from chassis.http import ReasonIn
from services.procurement.domain.call_events import Awarded, ScreeningStage
from services.procurement.domain.evaluation import Stage
from services.procurement.domain.events import EndGround, Way
from services.procurement.domain.expert import ExpertAppointed, Institution
from services.procurement.domain.payment import Instalment
from services.procurement.domain.supervision_events import SupervisionEnded
from services.procurement.domain.supplier import FactKind, Ground
from services.procurement.main import desk_on
from services.procurement.shipped import catalogue
from services.procurement.steps import (
    applications,
    awards,
    calls,
    contracts,
    endings,
    evaluations,
    panels,
    passing,
    plans,
    supervisions,
    suppliers,
)
from services.procurement.steps.calls import CALLS
from services.procurement.steps.contracts import CONTRACTS
from services.procurement.steps.plans import PLANS
from services.procurement.steps.supervisions import SUPERVISIONS
from services.procurement.steps.suppliers import SUPPLIERS
from tests.support.bodies import evaluation
from tests.support.memory import MemoryStore
from tests.support.toy import Silent
from tests.support.walks import AnyStep, Walk, everybody, person

from .calling import AFTER, APPLIED, CRITERIA, closed, opened, over
from .calling import drawn as seated
from .cases import (
    DRAFT,
    FORM,
    ITEM,
    MARCH,
    NOVEMBER,
    SCHEME,
    SERVICES,
    TERMS,
    WORK,
    accepted,
    answered,
    before,
    drafted,
    drawn,
    filed,
    final_opened,
    first_opened,
    listed,
    mid,
    mid_opened,
    nominated,
    passed,
    ready,
    registered,
    shown,
    signed,
)
from .hearing import profiled
from .test_P_15_supervision import LEDGER, MAR, NEXT, commissioned, reported, session
from .test_P_35_ledger import entered

PEOPLE = [
    *everybody("guanshang", "haihua", "tongxin"),
    *(person(f"expert:{code}") for code in "789ab"),
]
TODAY = date(2026, 3, 1)
CAUSE = Cause(actor="platform", now=MARCH)


SAID = {
    "list_panel": panels.PanelIn(size=3),
    "recuse": ReasonIn(reason="回避"),
    "cancel": ReasonIn(reason="取消"),
    "terminate": endings.EndIn(ground=EndGround.UNMET, reason="街道撤销项目"),
    "stop": endings.StopIn(ground=EndGround.CHANGED, reason="内容变更"),
    "assess": evaluations.AssessmentIn(text="按计划实施"),
    "file": contracts.TermsIn(**asdict(TERMS)),
    "correct": contracts.CorrectionIn(
        terms=contracts.TermsIn(**asdict(replace(TERMS, scope="原写有误"))), reason="笔误"
    ),
    "answer_correction": contracts.CorrectionAnswerIn(agreed=False, comment="原写无误"),
    "show_scheme": evaluations.SchemeIn(
        indicators=tuple(evaluations.IndicatorIn(**asdict(one)) for one in SCHEME.indicators)
    ),
    "find_passing": passing.PassingIn(to="某机构", findings="转包", document="3号"),
    "answer_passing": passing.PassingAnswerIn(answer="不属实"),
    "settle_passing": passing.PassingSettlementIn(upheld=False, opinion="已复核"),
}
"""What is always said alike."""


STANDING_IN = frozenset("submit publish pass_stage award decide".split())
"""What finance and the district may do for any purchaser, and nobody waits for from them."""


def said(step: AnyStep, chance: random.Random) -> Any:
    if step.name in SAID:
        return SAID[step.name]
    if step.name == "draw_panel":
        return panels.DrawIn(seed=str(chance.random()))
    if step.name == "answer_scheme":
        return evaluations.SchemeAnswerIn(accepted=chance.random() < 0.7, comment="另议")
    if step.name == "accept":
        return contracts.AcceptIn(passed=chance.random() < 0.7, findings="已验收")
    if step.name == "pay":
        return contracts.PaymentIn(instalment=chance.choice(list(Instalment)))
    points = chance.choice([200, 100])
    stage = chance.choice(list(Stage))
    return evaluations.EvaluationIn(
        **evaluation(stage, dict.fromkeys(evaluations.PartsIn.model_fields, points))
    )


def said_of_suppliers(step: AnyStep, chance: random.Random) -> Any:
    if step.name == "file_fact":
        return suppliers.FactIn(kind=FactKind.RATING, evidence="证-2", on=TODAY, grade=4)
    if step.name == "bar":
        return suppliers.BarIn(
            ground=Ground.FRAUD, document="3号", findings="虚报", decided_on=TODAY
        )
    if step.name in ("leave", "come_back"):
        return ReasonIn(reason="注销")
    if step.name == "correct":
        return suppliers.SupplierCorrectedIn(name=f"同心{chance.random()}", reason="更名")
    if step.name == "appeal":
        return suppliers.AppealIn(grounds="事实不清")
    return suppliers.ReviewIn(lifted=chance.random() < 0.5, answer="已复核")


def said_of_plans(step: AnyStep, chance: random.Random) -> Any:
    item = {**asdict(ITEM), "ground": "突发", "code": chance.choice(["i1", "m1", "m2"])}
    match step.name:
        case "revise":
            lines = tuple(plans.LineIn(**asdict(one)) for one in DRAFT.lines)
            items = tuple(plans.ItemIn(**asdict(one)) for one in DRAFT.items)
            return plans.DraftIn(lines=lines, items=items)
        case "review":
            return plans.ReviewPlanIn(agreed=chance.random() < 0.8, opinion="可")
        case "examine":
            return plans.ExaminationIn(approved=("i1",), opinion="同意")
        case "send_back":
            return ReasonIn(reason="督导经费未列足")
        case "report":
            return plans.ItemIn(**item)
        case "settle":
            return plans.SettlementIn(amount=ITEM.amount, source="预备费", document="5号")
        case "approve_method":
            return plans.MethodIn(document="3号")
        case _:
            return None


@pytest.mark.parametrize("seed", range(4))
async def test_P_02_what_is_offered_of_a_plan_may_be_done_and_nothing_else(seed: int) -> None:
    store = MemoryStore()
    desk = desk_on(store, bytes(32), Silent(), WORK)
    await desk.policies.seed(MARCH)
    await desk.seed_catalogue(catalogue(), MARCH)
    await desk.plans.once("p-1", [drafted], CAUSE)
    chance = random.Random(seed)
    waited = frozenset("submit review examine publish settle approve_method".split())
    going = Walk(
        PLANS,
        plans.STEPS[1:],
        desk,
        store,
        PEOPLE,
        said_of_plans,
        chance,
        MARCH,
        waited=waited,
        again=STANDING_IN & waited,
    )
    await going.go("p-1", 12)
    assert going.tried > 50 and going.taken


def said_of_calls(step: AnyStep, chance: random.Random) -> Any:
    match step.name:
        case "pass_stage":
            stage = chance.choice(list(ScreeningStage))
            return calls.StageIn(stage=stage, passed=("tongxin",))
        case "score":
            given = [
                calls.PointsIn(supplier="tongxin", criterion=one.code, points=one.points)
                for one in CRITERIA
            ]
            return calls.ScoresIn(points=tuple(given))
        case "revise_programme":
            services = tuple(applications.ServiceIn(**asdict(one)) for one in SERVICES)
            return awards.ProgrammeIn(form=applications.FormIn(**asdict(FORM)), services=services)
        case "confirm_programme":
            return None
        case "approve_programme":
            return awards.ProgrammeApprovalIn(approved=chance.random() < 0.7, opinion="可")
        case "award":
            return awards.AwardIn(supplier="tongxin")
        case _:
            return said(step, chance)


won = Awarded(supplier="tongxin", amount=1, at=AFTER)
CALLED: list[tuple[tuple[Any, ...], datetime]] = [
    ((), MARCH),
    (APPLIED[:1], MARCH),
    ((APPLIED[0], over), AFTER),
    ((APPLIED[0], over, listed), AFTER),
    ((APPLIED[0], over, listed, seated), AFTER),
    ((APPLIED[0], over, listed, seated, closed), AFTER),
    ((APPLIED[0], over, listed, seated, closed, won), AFTER),
]
"""Applicants and reviewers see no record and aren't walked on by: so it begins at each point they lead to."""


@pytest.mark.parametrize(("so_far", "now"), CALLED)
@pytest.mark.parametrize("way", [Way.LINKAGE, Way.BUILDING])
async def test_P_10_what_is_offered_of_a_call_may_be_done_and_nothing_else(
    way: Way, so_far: tuple[Any, ...], now: datetime
) -> None:
    store = MemoryStore()
    desk = desk_on(store, bytes(32), Silent(), WORK)
    await desk.policies.seed(MARCH)
    await desk.suppliers.once("tongxin", [registered], CAUSE)
    await profiled(desk, "haihua", "guanshang")
    for code, institution in zip("789ab", Institution, strict=False):
        one = replace(nominated, code=code, institution=institution, employer=f"inst-{code}")
        await desk.experts.once(code, [one, ExpertAppointed(at=MARCH)], CAUSE)
    first = replace(opened, item=replace(ITEM, way=way))
    await desk.calls.once("call-1", [first, *so_far], CAUSE)
    # Of the codes here only one is a supplier's.
    people = [one for one in PEOPLE if one.kind != "supplier" or one.code == "tongxin"]
    chance = random.Random(len(so_far))
    waited = "pass_stage list_panel draw_panel close_panel award approve_programme"
    going = Walk(
        CALLS,
        (*calls.STEPS[1:], *awards.STEPS),
        desk,
        store,
        people,
        said_of_calls,
        chance,
        now,
        waited=frozenset(waited.split()),
        again=STANDING_IN | {"list_panel"},
    )
    await going.go("call-1", 6)
    assert going.tried > 50


def said_of_supervisions(step: AnyStep, chance: random.Random) -> Any:
    held: dict[str, Any] = {"held_on": date(2026, 3, 6), "minutes": 150, "summary": "督导"}
    match step.name:
        case "record_session":
            return supervisions.RecordIn(**held)
        case "correct_record":
            held |= {"minutes": chance.randint(120, 180)}
            return supervisions.RecordCorrectedIn(**held, reason="时长误录")
        case "record_visit":
            return supervisions.VisitIn(**held)
        case "report":
            figures = supervisions.FiguresIn(contacts=1)
            return supervisions.ReportIn(month=MAR, figures=figures, workers=2)
        case "hand_over":
            return supervisions.HandOverIn(report="记录已移交")
        case "decide":
            return supervisions.DecisionIn(goes_on=True, opinion="已阅")
        case "report_stage":
            return supervisions.StageReportIn(month=MAR, opinion="正常")
        case _:
            return None


WATCHED: list[tuple[Any, ...]] = [
    (),
    (session(date(2026, 3, 6), MARCH),),
    (session(date(2026, 3, 6), MARCH), reported(MAR, MARCH)),
    (session(date(2026, 3, 6), MARCH), SupervisionEnded(at=MARCH), replace(NEXT, begun=MAR)),
]


@pytest.mark.parametrize("so_far", WATCHED)
async def test_P_15_what_is_offered_of_a_supervision_may_be_done_and_nothing_else(
    so_far: tuple[Any, ...],
) -> None:
    store = MemoryStore()
    desk = desk_on(store, bytes(32), Silent(), WORK)
    await desk.supervisions.once("c-1", [commissioned, *so_far], CAUSE)
    kept = [replace(entered, entry=one) for one in LEDGER.entries]
    await desk.ledgers.once("c-1", kept, CAUSE)
    people = [*PEOPLE, person("supplier:duxun"), person("supplier:other")]
    steps, chance = supervisions.STEPS[1:], random.Random(len(so_far))
    going = Walk(
        SUPERVISIONS,
        steps,
        desk,
        store,
        people,
        said_of_supervisions,
        chance,
        NOVEMBER,
        waited=frozenset({"record_session", "report", "decide"}),
        again=STANDING_IN | {"record_session", "report"},
    )
    await going.go("c-1", 6)
    assert going.tried > 50 and going.taken


@pytest.mark.parametrize("who", ["supplier:duxun", "supplier:other"])
async def test_P_15_who_hands_over_again_with_the_same_key_is_answered_as_before(who: str) -> None:
    desk = desk_on(MemoryStore(), bytes(32), Silent(), WORK)
    await desk.supervisions.once("c-1", [commissioned, *WATCHED[-1]], CAUSE)
    asking = Asking(person(who), Cause(actor=who, now=MARCH, key="k-1"))
    request = (supervisions.hand_over, desk, asking, {"id": "c-1"})
    said = (supervisions.HandOverIn(report="记录一份"),)
    first, again = [(await step_taken.take(*request, said))[0].version for _ in range(2)]
    assert first == again


@pytest.mark.parametrize("seed", range(3))
async def test_P_07_what_is_offered_of_a_supplier_may_be_done_and_nothing_else(seed: int) -> None:
    store = MemoryStore()
    desk = desk_on(store, bytes(32), Silent(), WORK)
    await desk.policies.seed(MARCH)
    await desk.suppliers.once("tongxin", [registered], CAUSE)
    chance = random.Random(seed)
    going = Walk(
        SUPPLIERS,
        suppliers.STEPS[1:],
        desk,
        store,
        PEOPLE,
        said_of_suppliers,
        chance,
        MARCH,
        waited=frozenset({"review"}),
    )
    await going.go("tongxin", 10)
    assert going.tried > 50 and going.taken


PASSED = (
    filed,
    first_opened,
    *ready,
    shown,
    answered,
    before,
    mid,
    mid_opened,
    passed,
    final_opened,
)
BEGUN: list[tuple[Any, ...]] = [
    (),
    (listed,),
    (listed, drawn),
    (*ready, shown),
    (filed, first_opened, *ready, shown, answered, before),
    PASSED,
    (*PASSED, accepted),
]


@pytest.mark.parametrize("so_far", BEGUN)
async def test_P_16_what_is_offered_of_a_contract_may_be_done_and_nothing_else(
    so_far: tuple[Any, ...],
) -> None:
    store = MemoryStore()
    desk = desk_on(store, bytes(32), Silent(), WORK)
    await desk.policies.seed(MARCH)
    for code, institution in zip("789ab", Institution, strict=False):
        one = replace(nominated, code=code, institution=institution, employer=f"inst-{code}")
        await desk.experts.once(code, [one, ExpertAppointed(at=MARCH)], CAUSE)
    await desk.contracts.once("c-1", [signed, *so_far], CAUSE)
    chance = random.Random(len(so_far))
    waited = (
        "file accept pay list_panel draw_panel answer_scheme assess answer_passing settle_passing "
        "answer_correction"
    )
    going = Walk(
        CONTRACTS,
        (*contracts.STEPS, *evaluations.STEPS, *endings.STEPS, *passing.STEPS),
        desk,
        store,
        PEOPLE,
        said,
        chance,
        NOVEMBER,
        waited=frozenset(waited.split()),
        again=frozenset({"list_panel"}),
    )
    await going.go("c-1", 12)
    assert going.tried > 50 and going.taken
