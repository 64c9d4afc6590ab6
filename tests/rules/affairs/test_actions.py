"""What is offered is what may be done: for random lives, and whoever asks."""

import random
from datetime import date
from typing import Any

import pytest

from chassis.cause import Cause
from chassis.copies import Told
from chassis.http import ReasonIn
from services.affairs.desk import AffairsDesk
from services.affairs.domain.admission import Hearing, Mode
from services.affairs.main import desk_on
from services.affairs.steps import admissions, intrusions
from services.affairs.steps.admissions import ADMISSIONS
from services.affairs.steps.intrusions import INTRUSIONS
from tests.support.memory import MemoryStore
from tests.support.toy import Silent
from tests.support.walks import AnyStep, Walk, everybody, person

from .cases import MARCH, TODAY, WORK, applied
from .test_A_08_intrusions import reported

PEOPLE = [
    *everybody("guanshang", "haihua"),
    person("department:civil_affairs"),
    person("department:health"),
    person("street:liujia"),
]
CAUSE = Cause(actor="platform", now=MARCH)
TEXT = "已核实"
SAID: dict[str, Any] = {
    "review": admissions.ReviewIn(
        hearing=Hearing.HEARING, heard=("street:a", "community:b"), opinion=TEXT, on=TODAY
    ),
    "admit": admissions.AdmitIn(mode=Mode.ASSISTING, document="1", until=date(2099, 1, 1)),
    "refuse": admissions.RefuseIn(reason=TEXT, document="2"),
    "arrange": admissions.ArrangeIn(how=TEXT),
    "enter": admissions.EnterIn(on=TODAY, window="一号"),
    "funds": admissions.FundsIn(fen=1000, evidence="1", on=TODAY),
    "confirm": admissions.OpinionIn(opinion=TEXT),
    "end": ReasonIn(reason=TEXT),
    "withdraw": intrusions.WithdrawnIn(on=TODAY),
}


def said(step: AnyStep, chance: random.Random) -> Any:
    if step.name == "assess":
        enough = chance.random() < 0.5
        return admissions.AssessIn(effect=TEXT, funds=TEXT, recognition=80, enough=enough)
    if step.name == "verify":
        return intrusions.VerifyIn(found=chance.random() < 0.7, opinion=TEXT)
    return SAID[step.name]


def registered(**data: Any) -> Told:
    return Told(event="e-1", sequence=1, data={"listed": 1, "valid_from": "2018-01-01", **data})


async def there() -> tuple[MemoryStore, AffairsDesk]:
    store = MemoryStore()
    desk = desk_on(store, bytes(32), Silent(), WORK)
    await desk.policies.seed(MARCH)
    known = registered(code="haihua", name="海华", street="guanshang", kind="urban")
    await desk.communities.aggregates.once("haihua", [known], CAUSE)
    return store, desk


@pytest.mark.parametrize("seed", range(4))
async def test_A_08_what_is_offered_of_an_admission_may_be_done(seed: int) -> None:
    store, desk = await there()
    await desk.admissions.once("a-1", [applied], CAUSE)
    walk = Walk(ADMISSIONS, admissions.STEPS, desk, store, PEOPLE, said, random.Random(seed), MARCH)
    await walk.go("a-1", 10)
    assert walk.tried > 80 and len(walk.taken) > 2


@pytest.mark.parametrize("seed", range(2))
async def test_A_08_what_is_offered_of_an_intrusion_may_be_done(seed: int) -> None:
    store, desk = await there()
    await desk.intrusions.once("i-1", [reported], CAUSE)
    walk = Walk(INTRUSIONS, intrusions.STEPS, desk, store, PEOPLE, said, random.Random(seed), MARCH)
    await walk.go("i-1", 4)
    assert walk.tried > 30 and walk.taken
