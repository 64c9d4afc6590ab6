"""What is offered is what may be done: for random lives of contracts, and whoever asks."""

import random
from dataclasses import asdict, replace
from datetime import date
from typing import Any

import pytest

from chassis.cause import Cause
from services.procurement.domain.evaluation import Stage
from services.procurement.domain.expert import ExpertAppointed, Institution
from services.procurement.domain.payment import Instalment
from services.procurement.domain.supplier import FactKind, Ground
from services.procurement.main import desk_on
from services.procurement.shipped import catalogue
from services.procurement.steps import contracts, panels, plans, suppliers
from services.procurement.steps.contracts import CONTRACTS
from services.procurement.steps.plans import PLANS
from services.procurement.steps.suppliers import SUPPLIERS
from tests.support.bodies import evaluation
from tests.support.memory import MemoryStore
from tests.support.toy import Silent
from tests.support.walks import AnyStep, Walk, everybody, person

from .cases import DRAFT, ITEM, MARCH, SCHEME, TERMS, WORK, drafted, nominated, registered, signed

PEOPLE = [
    *everybody("guanshang", "haihua", "tongxin"),
    *(person(f"expert:{code}") for code in "789ab"),
]
TODAY = date(2026, 3, 1)
CAUSE = Cause(actor="platform", now=MARCH)


def said(step: AnyStep, chance: random.Random) -> Any:
    if step.name == "list_panel":
        return panels.PanelIn(size=3)
    if step.name == "draw_panel":
        return panels.DrawIn(seed=str(chance.random()))
    if step.name == "recuse":
        return panels.RecusalIn(reason="回避")
    if step.name == "terminate":
        return contracts.ReasonIn(reason="街道撤销项目")
    if step.name == "show_scheme":
        indicators = [asdict(one) for one in SCHEME.indicators]
        return contracts.SchemeIn(indicators=tuple(contracts.IndicatorIn(**i) for i in indicators))
    if step.name == "answer_scheme":
        return contracts.SchemeAnswerIn(accepted=chance.random() < 0.7, comment="另议")
    if step.name == "file":
        return contracts.TermsIn(**asdict(TERMS))
    if step.name == "accept":
        return contracts.AcceptIn(passed=chance.random() < 0.7, findings="已验收")
    if step.name == "pay":
        return contracts.PaymentIn(instalment=chance.choice(list(Instalment)))
    points = chance.choice([200, 100])
    stage = chance.choice(list(Stage))
    return contracts.EvaluationIn(
        **evaluation(stage, dict.fromkeys(contracts.PartsIn.model_fields, points))
    )


def said_of_suppliers(step: AnyStep, chance: random.Random) -> Any:
    if step.name == "file_fact":
        return suppliers.FactIn(kind=FactKind.RATING, evidence="证-2", on=TODAY, grade=4)
    if step.name == "bar":
        return suppliers.BarIn(
            ground=Ground.FRAUD, document="3号", findings="虚报", decided_on=TODAY
        )
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
    going = Walk(PLANS, plans.STEPS[1:], desk, store, PEOPLE, said_of_plans, chance, MARCH)
    await going.go("p-1", 12)
    assert going.tried > 50 and going.taken


@pytest.mark.parametrize("seed", range(3))
async def test_P_07_what_is_offered_of_a_supplier_may_be_done_and_nothing_else(seed: int) -> None:
    store = MemoryStore()
    desk = desk_on(store, bytes(32), Silent(), WORK)
    await desk.policies.seed(MARCH)
    await desk.suppliers.once("tongxin", [registered], CAUSE)
    chance = random.Random(seed)
    going = Walk(
        SUPPLIERS, suppliers.STEPS[1:], desk, store, PEOPLE, said_of_suppliers, chance, MARCH
    )
    await going.go("tongxin", 10)
    assert going.tried > 50 and going.taken


@pytest.mark.parametrize("seed", range(6))
async def test_P_16_what_is_offered_of_a_contract_may_be_done_and_nothing_else(seed: int) -> None:
    store = MemoryStore()
    desk = desk_on(store, bytes(32), Silent(), WORK)
    await desk.policies.seed(MARCH)
    for code, institution in zip("789ab", Institution, strict=False):
        one = replace(nominated, code=code, institution=institution, employer=f"inst-{code}")
        await desk.experts.once(code, [one, ExpertAppointed(at=MARCH)], CAUSE)
    await desk.contracts.once("c-1", [signed], CAUSE)
    chance = random.Random(seed)
    going = Walk(
        CONTRACTS, (*contracts.STEPS, *panels.STEPS), desk, store, PEOPLE, said, chance, MARCH
    )
    await going.go("c-1", 18)
    assert going.tried > 50 and going.taken
