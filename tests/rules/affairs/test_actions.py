"""What is offered is what may be done: for random lives, and whoever asks."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from chassis import step_taken
from chassis.asking import Asking
from chassis.cause import Cause
from chassis.copies import Told
from chassis.http import ReasonIn
from chassis.identity import Subject
from chassis.kernel.errors import Malformed, Refusal, UnknownReference
from services.affairs.desk import AffairsDesk
from services.affairs.domain.admission import Free, Group, Hearing, Mode
from services.affairs.domain.charter import Talk
from services.affairs.domain.establishment import NumberApproved
from services.affairs.domain.scale import Post
from services.affairs.domain.worker import Certificate, Honour
from services.affairs.main import desk_on
from services.affairs.steps import (
    admissions,
    checks,
    disclosures,
    intrusions,
    leaving,
    lists,
    pay,
    powers,
    workers,
)
from services.affairs.steps.admissions import ADMISSIONS
from services.affairs.steps.checks import CHARTERS, CHECKS
from services.affairs.steps.disclosures import CONTRACTS, DISCLOSURES
from services.affairs.steps.intrusions import INTRUSIONS
from services.affairs.steps.lists import PROOFS
from services.affairs.steps.pay import PAY, YEARS
from services.affairs.steps.powers import CASES, POWERS
from services.affairs.steps.workers import WORKERS
from tests.rules.standing_in import Instead
from tests.support.memory import MemoryStore
from tests.support.toy import Silent
from tests.support.walks import AnyStep, everybody, person

from .cases import FORM, MARCH, TODAY, WORK, applied
from .test_A_03_admission import CITY, EXEMPT
from .test_A_08_intrusions import reported
from .test_A_13_pay import taken
from .test_A_20_powers import FLOW, listed, opened
from .test_A_22_open import begun, drafted, found, submitted
from .test_A_25_lists import asked, version

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
        hearing=Hearing.HEARING,
        heard=("street:guanshang", "community:haihua"),
        opinion=TEXT,
        on=TODAY,
    ),
    "admit": admissions.AdmitIn(mode=Mode.ASSISTING, document="1", until=date(2099, 1, 1)),
    "refuse": admissions.RefuseIn(reason=TEXT, document="2"),
    "arrange": admissions.ArrangeIn(how=TEXT),
    "enter": admissions.EnterIn(on=TODAY, window="一号"),
    "funds": admissions.FundsIn(fen=1000, evidence="1", on=TODAY),
    "correct_registration": admissions.RegistrationCorrectedIn(
        item="普查",
        document="市和社〔2026〕2号",
        mode=Mode.AGENCY,
        scope=None,
        funds=10_000,
        until=None,
        reason=TEXT,
    ),
    "correct_funds": admissions.FundsCorrectedIn(number=1, fen=0, reason=TEXT),
    "confirm": leaving.OpinionIn(opinion=TEXT),
    "set_aside": ReasonIn(reason=TEXT),
    "shorten": leaving.ShortenIn(until=TODAY, reason=TEXT),
    "end": ReasonIn(reason=TEXT),
    "accept": None,
    "contest": ReasonIn(reason=TEXT),
    "withdraw": intrusions.WithdrawnIn(on=TODAY),
}

SAID |= {
    "name": workers.NameIn(name="甲（虚构）"),
    "leave": workers.LeaveIn(post=Post.STAFF, until=TODAY),
    "service": workers.ServiceIn(since=TODAY, where="某街道", proof="聘书"),
    "awards": workers.AwardIn(honour=Honour.CITY, on=TODAY, papers_on=TODAY),
    "training": workers.TrainIn(on=TODAY, hours=8, subject=TEXT),
    "person": ReasonIn(reason=TEXT),
    **{
        f"strike_{what}": ReasonIn(reason=TEXT)
        for what in ("post", "service", "certificate", "award", "training")
    },
    "approve": None,
    "return": ReasonIn(reason=TEXT),
    "correct_review": ReasonIn(reason=TEXT),
    "correct_excellent": pay.OtherExcellentIn(workers=("w-1",), reason=TEXT),
    "correct": pay.CorrectIn(worker="w-1", month="2025-12", fen=-1, reason=TEXT),
    "take_off": pay.OnPaperIn(paper="1"),
    "affairs.admissions.withdraw": ReasonIn(reason=TEXT),
    "affairs.cases.confirm": powers.ConfirmIn(opinion=TEXT),
    "trainings": pay.TrainingIn(on=TODAY, subject=TEXT, hours=6),
    "decline": lists.InsteadIn(instead="派出所"),
    "strike": ReasonIn(reason=TEXT),
    "stop": ReasonIn(reason=TEXT),
    "publish": disclosures.DisclosedIn(period="2026-02", decided=TEXT, vouchers=TEXT),
    "affairs.disclosures.correct": disclosures.CorrectedIn(
        period="2026-02", decided=TEXT, vouchers=TEXT, reason=TEXT
    ),
    "sign": disclosures.SignedIn(number="1", on=TODAY),
    "right": checks.ResultIn(result=TEXT),
    "affairs.years.review": pay.ReviewLevelsIn(proofs=TEXT),
    "affairs.contracts.review": disclosures.JointIn(
        passed=True, offices=("司法所", "经管站"), opinion=TEXT
    ),
    "affairs.charters.return": checks.GroundIn(ground=TEXT),
    "criticise": checks.CriticismIn(document="1"),
    "amend": checks.AmendIn(text=TEXT),
    "file": checks.FileIn(number="1"),
}
FINANCE = (person("department:organisation"), person("finance"))


def said(step: AnyStep, chance: random.Random) -> Any:
    if step.name == "assess":
        enough = chance.random() < 0.5
        return leaving.AssessIn(effect=TEXT, funds=TEXT, recognition=80, enough=enough)
    if step.name == "talks":
        return checks.TalkIn(talk=chance.choice(list(Talk)), on=TODAY)
    if step.name == "step":
        stage = chance.choice(FLOW).name
        return powers.StepIn(
            stage=stage, decision=TEXT, papers=TEXT, posts="主任", second="department:health"
        )
    if step.name == "excellent":
        return pay.ExcellentIn(workers=("w-1",))
    if step.name == "posts":
        return workers.PostIn(post=chance.choice(list(Post)), since=TODAY)
    if step.name == "move":
        community = chance.choice(["haihua", "wula"])
        return workers.MoveIn(community=community, post=Post.STAFF, since=TODAY)
    if step.name == "certificates":
        kind = chance.choice(list(Certificate))
        return workers.CertificateIn(kind=kind, on=TODAY, number="证-1")
    if step.name == "paid":
        return pay.PaidIn(month=f"2026-0{chance.randint(1, 3)}")
    if step.name == "verify":
        return intrusions.VerifyIn(found=chance.random() < 0.7, opinion=TEXT)
    return SAID.get(step.operation) or SAID[step.name]


def registered(**data: Any) -> Told:
    return Told(event="e-1", sequence=1, data={"listed": 1, "valid_from": "2018-01-01", **data})


async def there() -> tuple[MemoryStore, AffairsDesk]:
    store = MemoryStore()
    desk = desk_on(store, bytes(32), Silent(), WORK)
    await desk.policies.seed(MARCH)
    for code, street in (("haihua", "guanshang"), ("wula", "guanshang"), ("hepinglu", "taihe")):
        known = registered(code=code, name=code, street=street, kind="urban")
        await desk.communities.aggregates.once(code, [known], CAUSE)
    unit = registered(code="health", name="区卫健局", kind="department")
    await desk.units.aggregates.once("health", [unit], CAUSE)
    return store, desk


def walk(
    collection: Any,
    steps: Any,
    made: tuple[MemoryStore, AffairsDesk],
    seed: int,
    waits: str = "",
    others: tuple[Subject, ...] = (),
) -> Instead:
    """`waits`: the steps that somebody waits for; with a mark those that may be taken once more.

    A street acts for its communities, the district for the leading group's office; discipline checks as well.
    """
    store, desk = made
    names = waits.split()
    return Instead(
        collection,
        steps,
        desk,
        store,
        [*PEOPLE, *others],
        said,
        random.Random(seed),
        MARCH,
        waited=frozenset(name.rstrip("+") for name in names),
        again=frozenset(name.rstrip("+") for name in names if name.endswith("+")),
        instead=frozenset({"street", "district_admin", "discipline"}),
    )


@pytest.mark.parametrize("seed", range(4))
async def test_A_08_what_is_offered_of_an_admission_may_be_done(seed: int) -> None:
    store, desk = await there()
    at_once = replace(applied, form=replace(FORM, begins_on=TODAY))
    await desk.admissions.once("a-1", [at_once], CAUSE)
    waits = "review admit arrange enter funds+ confirm end"
    going = walk(ADMISSIONS, (*admissions.STEPS, *leaving.STEPS), (store, desk), seed, waits)
    await going.go("a-1", 10)
    assert going.tried > 80 and len(going.taken) > 2


@pytest.mark.parametrize("group", [Group.CITY, Group.STREET])
async def test_A_11_what_is_offered_of_another_groups_admission_may_be_done(group: Group) -> None:
    store, desk = await there()
    await desk.admissions.once("a-1", [replace(CITY, group=group)], CAUSE)
    waits = "arrange enter funds+ confirm end"
    going = walk(ADMISSIONS, (*admissions.STEPS, *leaving.STEPS), (store, desk), 0, waits)
    await going.go("a-1", 10)
    assert going.tried > 60 and "correct_registration" in going.taken


@pytest.mark.parametrize("free", [Free.LAW, Free.EMERGENCY])
@pytest.mark.parametrize("seed", range(2))
async def test_A_02_what_is_offered_of_a_claim_may_be_done(seed: int, free: Free) -> None:
    store, desk = await there()
    await desk.admissions.once("a-1", [replace(EXEMPT, free=free, claimed=True)], CAUSE)
    waits = "accept contest+ arrange enter funds+ confirm end"
    going = walk(ADMISSIONS, (*admissions.STEPS, *leaving.STEPS), (store, desk), seed, waits)
    await going.go("a-1", 8)
    assert going.tried > 60 and {"accept", "contest", "withdraw"} & {*going.taken}


@pytest.mark.parametrize("seed", range(2))
async def test_A_08_what_is_offered_of_an_intrusion_may_be_done(seed: int) -> None:
    store, desk = await there()
    await desk.intrusions.once("i-1", [reported], CAUSE)
    going = walk(INTRUSIONS, intrusions.STEPS, (store, desk), seed, "verify withdraw")
    await going.go("i-1", 4)
    assert going.tried > 30 and going.taken


async def staffed() -> tuple[MemoryStore, AffairsDesk]:
    store, desk = await there()
    for code in ("haihua", "wula"):
        number = NumberApproved(
            street="guanshang", community=code, approved=7, document="x", at=MARCH
        )
        await desk.establishments.once(code, [number], CAUSE)
    await desk.workers.once("w-1", [replace(taken, since=date(2026, 1, 1))], CAUSE)
    await desk.open_street("guanshang", MARCH)
    return store, desk


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("collection", "steps", "id", "waits"),
    [
        (WORKERS, workers.STEPS, "w-1", ""),
        (PAY, pay.STEPS, "guanshang-2026-Q1", "submit approve paid+"),
        (YEARS, pay.YEAR_STEPS, "guanshang-2026", "trainings+ review+"),
    ],
)
async def test_A_17_what_is_offered_of_workers_and_pay_may_be_done(
    collection: Any, steps: Any, id: str, waits: str, seed: int
) -> None:
    going = walk(collection, steps, await staffed(), seed, waits, FINANCE)
    await going.go(id, 8)
    assert going.tried > 60 and going.taken


async def test_A_17_a_streets_quarter_and_year_follow_one_another() -> None:
    """The next is there before the last one's dates are recorded as missed."""
    _, desk = await staffed()
    over = Cause(actor="timer", now=datetime(2026, 4, 1, 2, 0, tzinfo=UTC))
    await desk.pay_due("guanshang-2026-Q1", over)
    sheet = (await desk.pay.get("guanshang-2026-Q1")).aggregate
    assert [one.month for one in sheet.missed] == ["2026-03"]
    assert (await desk.pay.get("guanshang-2026-Q2")).aggregate.quarter == "2026-Q2"
    assert await desk.pay.look("guanshang-2026-Q3") is None
    await desk.year_due(
        "guanshang-2026", Cause(actor="timer", now=datetime(2027, 1, 1, tzinfo=UTC))
    )
    assert (await desk.years.get("guanshang-2026")).aggregate.closed is not None
    assert (await desk.years.get("guanshang-2027")).aggregate.year == 2027


@pytest.mark.parametrize(
    ("office", "refused"),
    [
        ("street:nowhere", UnknownReference),
        ("community:nowhere", UnknownReference),
        ("department:health", Malformed),
        ("street:", Malformed),
        ("xx", Malformed),
    ],
)
async def test_A_04_who_was_heard_is_of_the_registers(office: str, refused: type[Refusal]) -> None:
    _, desk = await there()
    own = ("street:guanshang", "community:haihua", "community:hepinglu")
    assert await desk.heard(own) == {"haihua": "guanshang", "hepinglu": "taihe"}
    await desk.admissions.once("a-1", [applied], CAUSE)
    asking = Asking(person("department:civil_affairs"), replace(CAUSE, expected=1))
    said = admissions.ReviewIn(
        hearing=Hearing.HEARING, heard=(*own, office), opinion=TEXT, on=TODAY
    )
    with pytest.raises(refused) as refusal:
        await step_taken.take(admissions.review, desk, asking, {"id": "a-1"}, (said,))
    assert refusal.value.field == "heard.3"


@pytest.mark.parametrize("second", ["street:nowhere", "department:nobody"])
async def test_A_21_the_other_office_is_one_of_the_registers(second: str) -> None:
    _, desk = await there()
    await desk.office("street:taihe", "second")
    await desk.office("department:health", "second")
    with pytest.raises(UnknownReference) as refusal:
        await desk.office(second, "second")
    assert refusal.value.field == "second"
    await desk.cases.once("x-1", [replace(opened, flow=FLOW[2:])], CAUSE)
    taken = powers.StepIn(stage="招标", decision=TEXT, papers=TEXT, posts="主任", second=second)
    asking = Asking(person("community:haihua"), replace(CAUSE, expected=1))
    with pytest.raises(UnknownReference):
        await step_taken.take(powers.step, desk, asking, {"id": "x-1"}, (taken,))


JANUARY = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
FEBRUARY_OWED = replace(begun, at=JANUARY, period="2026-03")
OPEN: list[tuple[Any, Any, Any, str, str]] = [
    (PROOFS, lists.PROOF_STEPS, asked, "proofs", "give decline"),
    (POWERS, powers.POWER_STEPS, listed, "powers", ""),
    (CASES, powers.CASE_STEPS, opened, "cases", "step confirm"),
    (DISCLOSURES, disclosures.STEPS, FEBRUARY_OWED, "disclosures", "publish+"),
    (CONTRACTS, disclosures.CONTRACT_STEPS, submitted, "contracts", "review sign"),
    (CHECKS, checks.STEPS, found, "checks", "right"),
    (CHARTERS, checks.CHARTER_STEPS, drafted, "charters", "talks send file publish"),
]


@pytest.mark.parametrize(("collection", "steps", "first", "name", "waits"), OPEN)
async def test_A_21_what_is_offered_of_powers_and_lists_may_be_done(
    collection: Any, steps: Any, first: Any, name: str, waits: str
) -> None:
    store, desk = await there()
    await desk.lists.once(version.list, [version], CAUSE)
    await getattr(desk, name).once("x-1", [first], CAUSE)
    going = walk(collection, steps, (store, desk), 7, waits)
    await going.go("x-1", 8)
    assert going.tried > 10 and going.taken
