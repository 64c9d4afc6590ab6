"""What is offered is what may be done: of what stands beside contracts, calls and plans, and whoever asks."""

import random
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chassis.cause import Cause
from chassis.http import ReasonIn
from chassis.steps import Collection
from services.procurement.domain.catalogue import CatalogueDrafted
from services.procurement.domain.fund import Move
from services.procurement.domain.resettling import Orphaned
from services.procurement.domain.survey import NeedClass, NeedRank
from services.procurement.domain.tip import TipGiven
from services.procurement.main import desk_on
from services.procurement.steps import (
    allowances,
    catalogues,
    experts,
    funds,
    inspections,
    paid,
    panels,
    passed,
    purchasers,
    remarks,
    reports,
    surveys,
)
from tests.support.memory import MemoryStore
from tests.support.toy import Silent
from tests.support.walks import AnyStep, Walk, everybody, person

from . import test_P_24_reports as given_reports
from . import test_P_25_paid as given_paid
from . import test_P_26_inspection as given_inspections
from . import test_P_26_remarks as given_remarks
from . import test_P_37_needs as given_needs
from . import test_P_38_sums as given_sums
from . import test_P_39_allowance as given_allowances
from . import test_P_41_fund as given_funds
from .cases import CATALOGUE, MARCH, NOVEMBER, WORK, finding, nominated, signed

CAUSE = Cause(actor="platform", now=MARCH)
PEOPLE = [
    *everybody("guanshang", "haihua", "tongxin"),
    *(person(one) for one in ("street:taihe", "community:heping", "supplier:other")),
]
DRAFTED = CatalogueDrafted(year=2027, entries=CATALOGUE.entries[:2], at=MARCH)
SAID: dict[str, Any] = {
    "paid_services.examine": paid.PaidExaminationIn(approved=True, opinion="同意"),
    "remarks.withdraw": ReasonIn(reason="记错项目"),
    "paid_services.correct_report": paid.ProfitCorrectedIn(
        number=1, income=800, cost=400, put_back=400, used_for="器材", reason="多写一百"
    ),
    "paid_services.report": paid.ProfitIn(income=900, cost=400, put_back=500, used_for="购置器材"),
    "remarks.put_right": remarks.PutRightIn(what="已补齐"),
    "tips.take_up": remarks.TakenUpIn(what="请核实"),
    "tips.dismiss": ReasonIn(reason="查证不实"),
    "surveys.strike": ReasonIn(reason="重复登记"),
    "surveys.classify": surveys.ClassIn(
        group="独居老人", kind=NeedClass.SUPPORT, rank=NeedRank.BASIC
    ),
    "allowances.supervise": allowances.SupervisedIn(findings="按期实施"),
    "allowances.correct": allowances.CorrectedIn(used=0, reason="漏记"),
    "sums.report_use": passed.UseIn(spent=100, on=date(2026, 3, 1), text="社区花园"),
    "inspections.draw": panels.DrawIn(seed="8024"),
    "experts.remove": ReasonIn(reason="任期届满"),
    "catalogues.approve": catalogues.ApprovalIn(document="官政复1号"),
    "purchasers.answer": purchasers.AnswerIn(answer="已按规定使用"),
    "purchasers.withdraw": ReasonIn(reason="查证不实"),
}
"""What is always said alike."""


def said(step: AnyStep, chance: random.Random) -> Any:
    operation = step.operation.removeprefix("procurement.")
    match operation:
        case "remarks.judge":
            return remarks.JudgementIn(closed=chance.random() < 0.5, opinion="可")
        case "remarks.correct":
            return remarks.RemarkCorrectedIn(what=f"缺第{chance.random()}期记录", reason="漏写")
        case "allowances.apply":
            code = f"p{chance.randint(1, 4)}"
            return allowances.ProjectIn(
                code=code, title="助餐", use="炊具", amount=1_000, decided_on=date(2026, 3, 1)
            )
        case "allowances.review":
            return allowances.ProjectReviewIn(agreed=chance.random() < 0.8, opinion="可行")
        case "allowances.approve":
            return allowances.ProjectApprovalIn(approved=chance.random() < 0.8, opinion="同意")
        case "allowances.drop":
            return allowances.DroppedIn(reason="场地收回", used=0)
        case "funds.spend":
            day = date(2026, chance.randint(1, 9), 5)
            return funds.SpendingIn(amount=1_000, on=day, title="照明", decided_on=day)
        case "sums.correct_use":
            spent = chance.randrange(90)
            return passed.UseCorrectedIn(number=1, spent=spent, reason="多写一个零")
        case "funds.strike":
            return funds.StruckIn(
                what=chance.choice(list(Move)), number=chance.randrange(1, 3), reason="重复登记"
            )
        case "funds.publish":
            return funds.QuarterIn(quarter=chance.choice([date(2026, 1, 1), date(2026, 4, 1)]))
        case _:
            return SAID.get(operation)


ORPHANED = Orphaned(at=MARCH)
BESIDE: list[tuple[Collection[Any, Any, Any, Any], Any, str, list[tuple[Any, ...]]]] = [
    (paid.PAID, paid.STEPS, "c-1.3-6", [(given_paid.filed,)]),
    (
        remarks.REMARKS,
        remarks.STEPS,
        "r-1",
        [
            (given_remarks.remarked,),
            (replace(given_remarks.remarked, by="finance"),),
            (given_remarks.remarked, ORPHANED),
        ],
    ),
    (
        remarks.TIPS,
        remarks.TIP_STEPS,
        "t-1",
        [(TipGiven(contract="c-1", what="活动未开展", at=MARCH),)],
    ),
    (surveys.SURVEYS, surveys.STEPS, "s-1", [(given_needs.recorded, given_needs.second)]),
    (
        allowances.ALLOWANCES,
        allowances.STEPS,
        "a-1",
        [(given_allowances.allotted,), (given_allowances.allotted, *given_allowances.FIRST)],
    ),
    (
        funds.FUNDS,
        funds.STEPS,
        "haihua",
        [(given_funds.received,), (given_funds.received, ORPHANED)],
    ),
    (passed.PASSED, passed.STEPS, "s-1", [(given_sums.passed,)]),
    (
        inspections.INSPECTIONS,
        inspections.STEPS,
        "i-1",
        [(given_inspections.listed,), (replace(given_inspections.listed, by="district_admin"),)],
    ),
    (reports.REPORTS, reports.STEPS, "c-1.mid", [(given_reports.given_,)]),
    (experts.EXPERTS, experts.STEPS, "7", [(nominated,)]),
    (catalogues.CATALOGUES, catalogues.STEPS, "2027", [(DRAFTED,)]),
    (purchasers.PURCHASER, purchasers.STEPS, "street.guanshang", [(finding,)]),
]
WAITED = {
    "paid_services": "examine",
    "remarks": "put_right judge",
    "tips": "take_up dismiss",
    "surveys": "publish classify",
    "allowances": "review approve",
    "funds": "publish",
    "inspections": "draw",
    "reports": "publish",
    "experts": "appoint",
    "catalogues": "approve publish",
}
AGAIN = {"surveys": "publish classify", "experts": "appoint"}
"""A street may publish for its community; a need is classified anew, and an expert who was removed appointed."""
ROUNDS = [
    pytest.param(of, steps, id, begun, id=f"{of.name}-{number}")
    for of, steps, id, every in BESIDE
    for number, begun in enumerate(every)
]


@pytest.mark.parametrize(("of", "steps", "id", "begun"), ROUNDS)
async def test_what_is_offered_beside_may_be_done_and_nothing_else(
    of: Collection[Any, Any, Any, Any], steps: Any, id: str, begun: tuple[Any, ...]
) -> None:
    store = MemoryStore()
    desk = desk_on(store, bytes(32), Silent(), WORK)
    await desk.policies.seed(MARCH)
    await desk.contracts.once("c-1", [signed], CAUSE)
    await of.of(desk).once(id, list(begun), CAUSE)
    own = [step for step in steps if step.record is not None]
    going = Walk(
        of,
        own,
        desk,
        store,
        PEOPLE,
        said,
        random.Random(len(begun)),
        NOVEMBER,
        waited=frozenset(WAITED.get(of.name, "").split()),
        again=frozenset(AGAIN.get(of.name, "").split()),
    )
    await going.go(id, 8)
    assert going.tried > 10 and going.taken
