"""What is offered is what may be done: for random lives of whistles, problems, years and cases, and whoever asks."""

import random
from dataclasses import replace
from typing import Any

import pytest

from chassis.copies import Told
from chassis.http import ReasonIn
from services.whistle.desk import WhistleDesk
from services.whistle.domain.blowing import blow
from services.whistle.domain.events import Kind, Level, Manner
from services.whistle.domain.problem import Difficulty, Handling, Urgency
from services.whistle.domain.task import Outcome, Which
from services.whistle.domain.unit import UnitEntered
from services.whistle.steps import calling, cases, judging, problems, work, years
from services.whistle.steps.cases import CASES
from services.whistle.steps.problems import PROBLEMS
from services.whistle.steps.whistles import WHISTLES
from services.whistle.steps.years import YEARS
from tests.support.memory import MemoryStore
from tests.support.walks import AnyStep, Walk, everybody, person

from .cases import ANSWERED, MONDAY, POLICY, UNITS, WORK, blown
from .test_W_01_problems import collected
from .test_W_12_repeated import opened
from .test_W_16_reporters import CAUSE, desk

PEOPLE = [
    *everybody("liujia", "haihua"),
    person("department:water"),
    person("department:transport"),
    person("department:justice"),
    person("department:haihua_seven"),
    person("street:guandu"),
    person("community:haixiang"),
]
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


def said(step: AnyStep, chance: random.Random) -> Any:
    unit = chance.choice(["water", "transport", "justice", "health"])
    bodies: dict[str, Any] = {
        "triage": lambda: problems.TriageIn(
            kind=Kind.PROBLEM,
            urgency=Urgency.NORMAL,
            difficulty=Difficulty.EASY,
            handling=chance.choice([Handling.IMMEDIATE, Handling.JOINT]),
        ),
        "correct": lambda: problems.CorrectIn(
            category=chance.choice(["noise", "parking"]),
            title="夜间施工",
            place=None,
            reason="登记有误",
        ),
        "settle": lambda: problems.SettleIn(how="已劝离"),
        "reporter": lambda: problems.ReadIn(reason="核对地址"),
        "solve": lambda: calling.SolveIn(leader="街道办副主任", office="liujia_safety"),
        "blow_at_street": lambda: calling.StreetBlowIn(
            kind=Kind.TACKLE, units=("water",), lead="water"
        ),
        "arrive": lambda: work.ArriveIn(),
        "result": lambda: work.ResultIn(
            outcome=chance.choice([Outcome.RESOLVED, Outcome.CANNOT_ACT]),
            summary="已修复",
            ground="条例第三条",
            who_can="业主大会",
        ),
        "prove": lambda: PNG,
        "decline": lambda: work.DeclineIn(whose=unit, ground="属物业纠纷"),
        "competence": lambda: work.CompetenceIn(unit=unit, reason="按三定方案"),
        "extend": lambda: work.ExtendIn(
            which=chance.choice([Which.ARRIVAL, Which.HANDLING]), days=2, reason="等待配件"
        ),
        "grant_extension": lambda: work.GrantIn(
            which=chance.choice([Which.ARRIVAL, Which.HANDLING])
        ),
        "confirm": lambda: judging.WordIn(done=chance.random() < 0.7, said="复查"),
        "return": lambda: judging.ReturnIn(units=("water",), reason="没有办好"),
        "marks": lambda: judging.MarkIn(
            points=80, findings=(judging.FindingIn(unit="water", manner=Manner.PERFUNCTORY),)
        ),
        "answer": lambda: judging.AnswerIn(answer="已修复"),
        "close": lambda: cases.CloseIn(upheld=True, finding="推诿属实"),
        "exclude": lambda: years.ExclusionIn(whistle="w-1", reason="地震期间"),
        "appeal": lambda: years.AppealIn(grounds="漏计一哨"),
        "decide_appeal": lambda: years.VerdictIn(upheld=chance.random() < 0.5, reason="复核"),
    }
    return bodies[step.name]() if step.name in bodies else ReasonIn(reason="写明理由")


async def there(store: MemoryStore) -> WhistleDesk:
    made = desk(store, MemoryStore())
    await made.policies.seed(MONDAY)
    values = (await made.policies.book()).aggregate.editions[0].values
    for _ in range(2):  # what was scored was scored under the third
        await made.policies.put(values, "沿用", replace(CAUSE, key=None))
    for code, unit in UNITS.items():
        entered = UnitEntered(
            code=code,
            name=unit.name,
            kind=unit.kind,
            serves=unit.serves,
            valid_from=unit.valid_from,
            listed=len(UNITS),
        )
        await made.units.once(code, [entered], CAUSE)
    data = {"code": "haihua", "name": "海华", "valid_from": "2018-12-01", "listed": 1}
    told = Told(event="e-1", sequence=1, data={**data, "street": "liujia"})
    await made.communities.aggregates.once("haihua", [told], CAUSE)
    return made


def walk(
    collection: Any, steps: Any, made: WhistleDesk, store: MemoryStore, seed: int, **waits: Any
) -> Walk:
    chance = random.Random(seed)
    return Walk(collection, steps, made, store, PEOPLE, said, chance, MONDAY, **waits)


LIFE = (*calling.STEPS, *work.STEPS, *judging.STEPS)
WAITED = frozenset(
    "register dispatch solve blow_at_street arrive result competence grant_extension resume confirm verify return "
    "marks evaluate answer".split()
)


async def life(seed: int, *, below: bool) -> Walk:
    store = MemoryStore()
    made = await there(store)
    level, by, units, lead = (
        (Level.COMMUNITY, "community:haihua", ("haihua_seven",), "haihua_seven")
        if below
        else (Level.STREET, "street:liujia", ("water", "transport"), "water")
    )
    out = replace(blown, level=level, blower=by, summoned=units, lead=lead, problem=None)
    await made.whistles.once("w-1", blow(out, UNITS, policy=POLICY, work=WORK), CAUSE)
    again = frozenset({"confirm", "return"})
    going = walk(WHISTLES, LIFE, made, store, seed, waited=WAITED, again=again)
    await going.go("w-1", 20)
    return going


@pytest.mark.parametrize("seed", range(8))
async def test_W_17_what_is_offered_of_a_whistle_may_be_done_and_nothing_else(seed: int) -> None:
    """A life may be over after three steps, and none of them is wrong for it: another is lived, until one was long."""
    for lived in range(10):
        going = await life(seed + 100 * lived, below=seed % 3 == 0)
        assert going.tried > 200
        if len(going.taken) > 5:
            return
    raise AssertionError("of ten lives not one had six steps")


@pytest.mark.parametrize("seed", range(4))
async def test_W_01_what_is_offered_of_a_problem_may_be_done_and_nothing_else(seed: int) -> None:
    store = MemoryStore()
    made = await there(store)
    reported = seed % 2 == 0
    await made.reporters.keep(
        "p-1", {"asked": "请清理", **({"name": "甲"} if reported else {})}, CAUSE
    )
    await made.problems.once("p-1", [replace(collected, has_reporter=reported)], CAUSE)
    waited = frozenset({"triage", "settle"})
    going = walk(PROBLEMS, problems.STEPS, made, store, seed, waited=waited)
    await going.go("p-1", 4)
    assert going.tried > 20


@pytest.mark.parametrize("seed", range(4))
async def test_W_10_what_is_offered_of_a_year_may_be_done_and_nothing_else(seed: int) -> None:
    store = MemoryStore()
    made = await there(store)
    await made.whistles.once("w-1", ANSWERED, CAUSE)
    await made.years.once("water.2026", await made.begun("water.2026"), CAUSE)
    going = walk(YEARS, years.STEPS, made, store, seed)
    await going.go("water.2026", 8)
    assert going.tried > 50


@pytest.mark.parametrize("seed", range(4))
async def test_W_12_what_is_offered_of_a_case_may_be_done_and_nothing_else(seed: int) -> None:
    store = MemoryStore()
    made = await there(store)
    await made.cases.once("c-1", [opened], CAUSE)
    waited, again = frozenset({"answer", "close"}), frozenset({"close"})
    going = walk(CASES, cases.STEPS, made, store, seed, waited=waited, again=again)
    await going.go("c-1", 3)
    assert going.tried > 20
