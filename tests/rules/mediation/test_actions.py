"""What is offered is what may be done: for random lives of cases, and whoever asks."""

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from chassis.cause import Cause
from chassis.copies import Told
from chassis.http import ReasonIn
from services.mediation.desk import MediationDesk
from services.mediation.domain.dispute import (
    Body,
    Conflict,
    Effect,
    How,
    Remedy,
    Risk,
    Word,
)
from services.mediation.domain.mediator import Grade
from services.mediation.main import desk_on
from services.mediation.steps import (
    cases,
    following,
    mediators,
    notices,
    parties,
    screenings,
)
from services.mediation.steps.cases import CASES
from services.mediation.steps.mediators import MEDIATORS
from services.mediation.steps.notices import NOTICES
from services.mediation.steps.screenings import SCREENINGS
from tests.rules.standing_in import Instead
from tests.support.memory import MemoryStore
from tests.support.toy import Silent
from tests.support.walks import AnyStep, everybody, person

from .lives import BOTH, COMMUNITY, MORNING, RECEIVED, STREET, WORK
from .test_mediators import ENLISTED, TRAINED
from .test_notices import ISSUED

PEOPLE = [
    *everybody("guanshang", "guanshangzhongxinqu"),
    person("street:liujia"),
    person("department:stability"),
    person("department:court"),
]
CAUSE = Cause(actor="platform", now=MORNING)
DAY = date(2026, 3, 2)
COURT = "department:court"
SAID: dict[str, Any] = {
    "accept": cases.AcceptIn(),
    "session": cases.SessionIn(on=DAY, body=Body.COMMITTEE, mediators=("m9",)),
    "extend": cases.ExtendIn(agreed=BOTH),
    "agree": cases.AgreeIn(
        signed_on=DAY, signed=BOTH, perform_by=DAY, amount=100, terms="接管排水。"
    ),
    "correct": following.AgreementCorrectedIn(
        signed_on=DAY, perform_by=DAY, amount=99, reason="写错。"
    ),
    "strike_session": ReasonIn(reason="日期写错。"),
    "void": ReasonIn(reason="重复登记。"),
    "perform": following.PerformIn(on=DAY),
    "strike_performance": ReasonIn(reason="尚未履行。"),
    "raise": following.RaiseIn(risk=Risk.MASS, reason="有人扬言。"),
    "charge": following.ChargeIn(office=STREET),
    "supervise": following.ListIn(until=DAY + timedelta(days=3000), reason="久拖未决。"),
    "party": cases.PartyIn(name="某甲"),
    "sealed": ReasonIn(reason="通知调解。"),
    "export": ReasonIn(reason="本人申请查阅。"),
}


def said(step: AnyStep, chance: random.Random) -> Any:
    match step.name:
        case "whose" | "assign":
            return cases.ToIn(to=chance.choice([STREET, COMMUNITY, COURT]), reason="属地管理。")
        case "transfer":
            to, commission = chance.choice([STREET, COMMUNITY, COURT]), chance.random() < 0.5
            return cases.TransferIn(to=to, commission=commission, reason="请诉前调解。")
        case "will":
            return cases.WillIn(party=chance.choice(BOTH), willing=chance.random() < 0.9)
        case "recuse":
            return cases.RecuseIn(mediator=f"x{chance.randrange(10**9)}", why=Conflict.KIN)
        case "fail":
            return cases.FailIn(how=chance.choice(list(How)), told=(Remedy.COURT,))
        case "visit":
            return following.VisitIn(on=DAY, settled=chance.random() < 0.3, heard="不再滴水。")
        case "effect":
            word = chance.choice(list(Word))
            return following.EffectIn(effect=chance.choice(list(Effect)), word=word, on=DAY)
        case name:
            return SAID[name]


SAID |= {
    "meeting": screenings.MeetingIn(on=DAY, minutes="纪要2026-3"),
    "grade": mediators.GradeIn(grade=Grade.FIRST, on=DAY),
    "train": mediators.TrainIn(on=DAY, hours=8, subject="调解技巧"),
    "since": mediators.SinceIn(since=DAY),
    "leave": ReasonIn(reason="调离。"),
    "person": ReasonIn(reason="联系培训。"),
    "answer": notices.MeasuresIn(causes="物业更替。", measures="逐户走访。"),
    "climb": notices.ClimbIn(reason="未改。", until=DAY + timedelta(days=3000)),
    "lift": notices.ResultIn(result="已下降。"),
    "withdraw": ReasonIn(reason="发错单位。"),
    "veto": notices.VetoIn(ground="发生命案。"),
}


def registered(**data: Any) -> Told:
    return Told(event="e-1", sequence=1, data={"listed": 1, "valid_from": "2018-01-01", **data})


async def there() -> tuple[MemoryStore, MediationDesk]:
    store = MemoryStore()
    desk = desk_on(store, bytes(32), Silent(), WORK)
    await desk.policies.seed(MORNING)
    code = "guanshangzhongxinqu"
    known = registered(code=code, name="关上中心区", street="guanshang")
    await desk.communities.aggregates.once(code, [known], CAUSE)
    return store, desk


WAITED = frozenset("accept assign will session agree fail perform visit charge".split())


def walk(
    collection: Any, steps: Any, made: tuple[MemoryStore, MediationDesk], seed: int, **waits: Any
) -> Instead:
    """A street acts for its communities, the district for everybody."""
    store, desk = made
    instead, chance = frozenset({"street", "district_admin"}), random.Random(seed)
    return Instead(
        collection, steps, desk, store, PEOPLE, said, chance, MORNING, instead=instead, **waits
    )


@pytest.mark.parametrize("seed", range(6))
async def test_M_04_what_is_offered_of_a_case_may_be_done_and_nothing_else(seed: int) -> None:
    store, desk = await there()
    await desk.mediators.once("m9", [replace(ENLISTED, code="m9"), TRAINED], CAUSE)
    await desk.cases.once("c-1", RECEIVED, CAUSE)
    steps = (*cases.STEPS, *following.STEPS, *parties.STEPS)
    again = frozenset({"charge"})
    going = walk(CASES, steps, (store, desk), seed, waited=WAITED, again=again)
    await going.go("c-1", 14)
    assert going.tried > 80 and len(going.taken) > 2


@pytest.mark.parametrize("seed", range(3))
async def test_M_13_what_is_offered_of_a_notice_may_be_done_and_nothing_else(seed: int) -> None:
    store, desk = await there()
    await desk.notices.once("n-1", [ISSUED], CAUSE)
    waited = frozenset({"answer", "climb", "lift"})
    going = walk(NOTICES, notices.STEPS, (store, desk), seed, waited=waited, again=waited)
    await going.go("n-1", 8)
    assert going.tried > 80 and len(going.taken) > 1


@pytest.mark.parametrize("seed", range(2))
async def test_M_10_what_is_offered_of_a_mediator_may_be_done_and_nothing_else(seed: int) -> None:
    store, desk = await there()
    await desk.enlist(ENLISTED, "某甲", CAUSE)
    going = walk(MEDIATORS, mediators.STEPS, (store, desk), seed)
    await going.go("m1", 6)
    assert going.tried > 80 and len(going.taken) > 1


@pytest.mark.parametrize("street", ["guanshang", None])
async def test_M_01_what_is_offered_of_a_screening_may_be_done_and_nothing_else(
    street: str | None,
) -> None:
    store, desk = await there()
    await desk.begin_screening(street, MORNING)
    waited = frozenset({"meeting"})
    going = walk(SCREENINGS, screenings.STEPS, (store, desk), 1, waited=waited, again=waited)
    await going.check(street or "district", PEOPLE)
    assert going.tried == len(PEOPLE)
    await going.go(street or "district", 3)
    assert going.taken == ["meeting"]
