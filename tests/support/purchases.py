"""A generated year of purchasing: processes of every outcome, as their own events would have left them."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import reduce
from typing import Any

from services.procurement.domain import call_events, call_evolution, evolution, plan
from services.procurement.domain.application import Application, Precedence
from services.procurement.domain.call import Call
from services.procurement.domain.contract import Contract
from services.procurement.domain.evaluation import Band, Parts, Stage
from services.procurement.domain.events import (
    ContractEnded,
    ContractFiled,
    ContractSigned,
    PaymentReleased,
    ProjectEvaluated,
    Terms,
    Way,
    Why,
)
from services.procurement.domain.item import Item, Method
from services.procurement.domain.payment import Instalment
from services.procurement.domain.payment import plan as instalments
from services.procurement.ocds.releases import Process, ocid_of

BEGIN = datetime(2026, 1, 5, 2, tzinfo=UTC)
SECRETS = ("sealed-box", "申报书全文", "expert-7")
"""What stands in these records and is never published."""


def processes(seed: int, count: int) -> list[Process]:
    """`count` of them, each with an outcome of its own."""
    chance = random.Random(seed)
    items = [_item(chance, number) for number in range(count)]
    planned = plan.Plan(
        id="plan-1",
        purchaser=chance.choice(["street:guanshang", "department:civil-affairs"]),
        year=2026,
        lines=(),
        items=tuple(items),
        status=plan.PlanStatus.PUBLISHED,
        approved=tuple(one.code for one in items),
        published_at=BEGIN,
    )
    settled = plan.MatterSettled(
        item="i0", amount=items[0].amount, source="预备费", document="5号", at=_later(BEGIN, 9)
    )
    planned = replace(planned, settled=(settled,))
    return [_process(chance, planned, item) for item in items]


def _item(chance: random.Random, number: int) -> Item:
    return Item(
        code=f"i{number}",
        way=chance.choice(list(Way)),
        entry="B0101",
        title=f"项目{number}",
        line="services",
        amount=chance.randint(3, 10**9),
        method=chance.choice(list(Method)),
        targets="目标",
        standard="标准",
        ground=chance.choice(["", "发育程度低"]),
        renews=chance.choice([None, "earlier"]),
    )


def _process(chance: random.Random, planned: plan.Plan, item: Item) -> Process:
    call = _call(chance, planned, item) if chance.random() < 0.7 else None
    signed: list[Contract] = []
    if call is None or call.awarded is not None:
        signed = [_contract(chance, planned, item, n) for n in range(chance.randint(0, 2))]
    return Process(
        plan=planned,
        item=item,
        call=call,
        contracts=signed,
        buyer="官渡区某街道",
        named=lambda code: f"机构{code}",
        renews=ocid_of("plan-0", "i1") if item.renews else None,
    )


def _call(chance: random.Random, planned: plan.Plan, item: Item) -> Call:
    precedence = _precedence()
    opened = call_events.CallOpened(
        call=f"call-{item.code}",
        plan=planned.id,
        item=item,
        project="p",
        year=2026,
        purchaser=planned.purchaser,
        title=item.title,
        closes=_later(BEGIN, 30).date(),
        criteria=(),
        at=_later(BEGIN, 10),
    )
    happened: list[Any] = [opened]
    for supplier in ("s1", "s2", "s3")[: chance.randint(0, 3)]:
        application = Application(
            supplier=supplier,
            community="haihua",
            workers=2,
            staff=3,
            amount=item.amount,
            summary=SECRETS[1],
            prepared=None,
            precedence=precedence,
            at=_later(BEGIN, 12),
        )
        happened.append(call_events.Applied(application=application))
    sealed = call_events.Sealed(expert=SECRETS[2], box=SECRETS[0])
    happened.append(call_events.Scored(sealed=sealed, at=_later(BEGIN, 31)))
    if len(happened) > 2 and chance.random() < 0.7:
        happened.append(
            call_events.Awarded(supplier="s1", amount=item.amount, at=_later(BEGIN, 40))
        )
    elif chance.random() < 0.5:
        happened.append(call_events.CallCancelled(reason="无人申报", at=_later(BEGIN, 41)))
    if isinstance(happened[-1], call_events.Awarded) and chance.random() < 0.2:
        happened.append(call_events.CallCancelled(reason="中选方放弃", at=_later(BEGIN, 42)))
    if isinstance(happened[-1], call_events.CallCancelled) and chance.random() < 0.5:
        again = replace(opened, closes=_later(BEGIN, 48).date(), at=_later(BEGIN, 43))
        happened.append(again)
    call: Call | None = reduce(call_evolution.evolve, happened, None)
    assert call is not None
    return call


def _precedence() -> Precedence:
    return Precedence(social=True, workers_share=(2, 3), outstanding=False, clean=True, grade=3)


def _contract(chance: random.Random, planned: plan.Plan, item: Item, number: int) -> Contract:
    at = _later(BEGIN, 50 + 100 * number)
    happened: list[Any] = [
        ContractSigned(
            contract=f"{item.code}-{number}",
            supplier=chance.choice(["s1", "s4"]),
            project="p",
            title=item.title,
            year=2026,
            street="guanshang",
            amount=item.amount,
            purchaser=planned.purchaser,
            plan=planned.id,
            item=item.code,
            at=at,
        )
    ]
    if chance.random() < 0.8:
        terms = Terms(
            scope="a",
            object="b",
            quantity="c",
            quality="d",
            until=_later(at, 300).date(),
            payment="e",
            duties="f",
            liability="g",
        )
        happened.append(ContractFiled(terms=terms, at=_later(at, 1)))
    for stage, day in ((Stage.BEFORE, 2), (Stage.MID, 40), (Stage.FINAL, 80)):
        if chance.random() < 0.6:
            happened.append(_evaluated(chance, stage, _later(at, day)))
    shares = instalments(item.amount)
    for instalment, day in ((Instalment.FIRST, 5), (Instalment.MID, 45), (Instalment.FINAL, 85)):
        if chance.random() < 0.6:
            paid = _later(at, day)
            happened.append(
                PaymentReleased(instalment=instalment, amount=shares[instalment], due=paid, at=paid)
            )
    if chance.random() < 0.5:
        happened.append(ContractEnded(why=chance.choice(list(Why)), at=_later(at, 95)))
    contract: Contract | None = reduce(evolution.evolve, happened, None)
    assert contract is not None
    return contract


def _evaluated(chance: random.Random, stage: Stage, at: datetime) -> ProjectEvaluated:
    return ProjectEvaluated(
        stage=stage,
        parts=Parts(professional=200, output=200, quality=200, management=200),
        points=800,
        band=chance.choice(list(Band)),
        policy=1,
        by=SECRETS[2],
        at=at,
    )


def _later(at: datetime, days: int) -> datetime:
    return at + timedelta(days=days)
