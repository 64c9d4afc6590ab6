"""What is offered is what may be done, and waits for who has it: for random lives, and whoever asks."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from chassis.cause import Cause
from chassis.http import ReasonIn
from services.index.desk import IndexDesk
from services.index.domain.checklist import Listing
from services.index.domain.duty import DutyOpened, Per
from services.index.domain.finding import FindingMade, Occasion
from services.index.domain.improvement import Ask, ImprovementAnswered, ImprovementAsked, Why
from services.index.domain.innovation import AssessmentBegun, Body, Found, Phase
from services.index.main import desk_on
from services.index.steps import checklists, duties, findings, improvements, innovation
from services.index.steps.checklists import CHECKLISTS
from services.index.steps.duties import DUTIES
from services.index.steps.findings import FINDINGS
from services.index.steps.improvements import IMPROVEMENTS
from services.index.steps.innovation import INNOVATION
from tests.support.memory import MemoryStore
from tests.support.toy import Silent
from tests.support.walks import AnyStep, Walk, everybody, person

from .test_I_17_checklists import ENTERED, STANDING

MARCH = datetime(2026, 3, 2, 1, tzinfo=UTC)
CAUSE = Cause(actor="platform", now=MARCH)
TEXT = "已核实"
PEOPLE = [
    *everybody("guandu", "haihua"),
    *(
        person(f"department:{code}")
        for code in ("civil_affairs", "finance", "supervision_office", "united_front")
    ),
]
DUTY = DutyOpened(
    code="studies",
    title="研究社区治理",
    street="guandu",
    year=2026,
    times=2,
    per=Per.HALF,
    clauses=("x",),
    at=MARCH,
)
DISTRICTS = replace(DUTY, code="meeting", street=None, unit="civil_affairs", per=Per.YEAR)
MADE = FindingMade(
    street="guandu",
    occasion=Occasion.TALK,
    held_on=date(2026, 3, 1),
    what=TEXT,
    due=date(2026, 4, 1),
    by="department:supervision_office",
    at=MARCH,
)
BEGUN = AssessmentBegun(community="haihua", street="guandu", phase=Phase.FIRST, at=MARCH)
BODIES = (
    BEGUN,
    AssessmentBegun(street="guandu", phase=Phase.FIRST, at=MARCH, body=Body.STREET),
    AssessmentBegun(unit="finance", phase=Phase.FIRST, at=MARCH, body=Body.DEPARTMENT),
)
ASKED = (
    ImprovementAsked(
        year=2026, edition="e", ask=Ask(point=1, name="x", why=Why.LOWEST), units=("finance",)
    ),
    ImprovementAnswered(what=TEXT, by="department:finance", at=MARCH),
)


SAID: dict[str, Any] = {
    "report": checklists.ReportIn(said=TEXT, evidence="验收单"),
    "give_back": ReasonIn(reason=TEXT),
    "cancel": checklists.FoundIn(found=TEXT),
    "name_lead": checklists.LeadIn(lead="区财政局", code="finance", reason=TEXT),
    "set_deadline": checklists.DeadlineIn(due=date(2099, 1, 1), reason=TEXT),
    "put_right": findings.PutRightIn(what=TEXT, evidence="照片"),
    "city": innovation.CityIn(passed=True, paper="市评〔2026〕1号"),
    "answer": improvements.ImprovementIn(what=TEXT),
    "look": improvements.LookIn(found=TEXT, done=True),
}


def said(step: AnyStep, chance: random.Random) -> Any:
    match step.name:
        case "list_item":
            by_day = chance.choice([None, date(2098, 1, 1)])
            return checklists.ListedIn(listing=Listing.PROBLEM, what=TEXT, by_day=by_day)
        case "do_item":
            return checklists.DoneIn(item=chance.randint(1, 2), evidence="照片")
        case "record":
            day = date(2026, chance.choice([1, 2]), chance.randint(1, 28))
            return duties.RecordIn(held_on=day, evidence="纪要")
        case "office_submit":
            return innovation.OfficeIn(experts=3, residents=5, qualifies=chance.random() < 0.7)
        case "self_mark" | "street_mark" | "office_mark":
            one = chance.choice(STANDARDS)
            return innovation.MarkIn(
                standard=one.code, found=Found.MET, method=one.methods[0], evidence="台账"
            )
    return SAID[step.name]


async def there() -> tuple[MemoryStore, IndexDesk]:
    store = MemoryStore()
    desk = desk_on(store, bytes(32), Silent())
    await desk.policies.seed(MARCH)
    return store, desk


STANDARDS = tuple(desk_on(MemoryStore(), bytes(32), Silent()).standards.values())[:2]
"""As many as a walk can look at."""


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    "entered", [ENTERED, STANDING, replace(ENTERED, code=None), replace(ENTERED, due=None)]
)
async def test_I_17_what_is_offered_of_a_task_may_be_done_and_waits_for_its_office(
    entered: Any, seed: int
) -> None:
    store, desk = await there()
    await desk.tasks.once("t-1", [entered], CAUSE)
    waited, again = frozenset({"report", "do_item", "cancel"}), frozenset({"report"})
    walk = Walk(
        CHECKLISTS,
        checklists.STEPS,
        desk,
        store,
        PEOPLE,
        said,
        random.Random(seed),
        MARCH,
        waited=waited,
        again=again,
    )
    await walk.go("t-1", 12)
    assert walk.tried > 100 and len(walk.taken) > 3


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("opened", [DUTY, DISTRICTS])
async def test_I_18_a_duty_waits_until_it_is_done_as_often_as_is_wanted(
    opened: DutyOpened, seed: int
) -> None:
    store, desk = await there()
    await desk.duties.once("d-1", [opened], CAUSE)
    once = frozenset({"record"})
    chance = random.Random(seed)
    walk = Walk(
        DUTIES, duties.STEPS, desk, store, PEOPLE, said, chance, MARCH, waited=once, again=once
    )
    await walk.go("d-1", 4)
    assert walk.tried > 20 and len(walk.taken) > 1


@pytest.mark.parametrize("seed", range(2))
async def test_I_19_a_finding_waits_for_its_street_until_it_is_put_right(seed: int) -> None:
    store, desk = await there()
    await desk.findings.once("f-1", [MADE], CAUSE)
    waited = frozenset({"put_right"})
    chance = random.Random(seed)
    walk = Walk(FINDINGS, findings.STEPS, desk, store, PEOPLE, said, chance, MARCH, waited=waited)
    await walk.go("f-1", 2)
    assert walk.taken == ["put_right"]


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("begun", BODIES)
async def test_I_16_each_step_of_an_assessment_waits_for_who_takes_it(
    begun: AssessmentBegun, seed: int
) -> None:
    store, whole = await there()
    desk = replace(whole, standards={one.code: one for one in STANDARDS})
    await desk.innovation.once("i-1", [begun], CAUSE)
    waited = frozenset({"self_mark", "street_mark", "office_mark", "city"})
    walk = Walk(
        INNOVATION,
        innovation.STEPS,
        desk,
        store,
        PEOPLE,
        said,
        random.Random(seed),
        MARCH,
        waited=waited,
    )
    await walk.go("i-1", 40)
    assert walk.tried > 100 and "office_submit" in walk.taken


@pytest.mark.parametrize("next_year", [False, True])
async def test_I_24_an_answer_is_looked_at_when_the_next_year_is_collected(
    next_year: bool,
) -> None:
    store, desk = await there()
    await desk.improvements.once("2026.1", ASKED, CAUSE)
    if next_year:
        await desk.open_year(2027, MARCH)
    walk = Walk(
        IMPROVEMENTS,
        improvements.STEPS,
        desk,
        store,
        PEOPLE,
        said,
        random.Random(1),
        MARCH,
        waited=frozenset({"answer", "look"}) if next_year else frozenset(),
        again=frozenset({"answer"}),
    )
    await walk.go("2026.1", 6)
    assert walk.tried > 20 and ("look" in walk.taken) is next_year
