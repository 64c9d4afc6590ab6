"""The people, numbers, times and things that happened which the specifications share.

Every time is written out as a Shanghai clock shows it. March 2026 has no holiday: its weeks are plain,
the 2nd is a Monday.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Any

from chassis.calendar import NationalCalendar
from chassis.kernel.clock import Budget, Deadline, Pause, WorkTime
from services.whistle.domain.events import (
    Assignment,
    ClosingVerified,
    DeadlineMissed,
    DeadlineMoved,
    Kind,
    Level,
    Marker,
    MarkGiven,
    ResultFiled,
    TaskDispatched,
    UnitArrived,
    UnitScore,
    WhistleAnswered,
    WhistleBlown,
    WhistleEscalated,
    WhistleEvaluated,
    WhistleRegistered,
    WhistleRejected,
    WhistleWithdrawn,
    WordGiven,
)
from services.whistle.domain.evolution import evolve
from services.whistle.domain.ladder import Steps
from services.whistle.domain.policy import (
    Accountability,
    Appealing,
    Assessment,
    Category,
    Competence,
    Open311,
    PhotoLimits,
    Proof,
    Reopening,
    Retention,
    Rungs,
    Scoring,
    Statistics,
    Telling,
    Urging,
    WhistlePolicy,
    Workload,
)
from services.whistle.domain.task import Outcome, Which
from services.whistle.domain.unit import Unit, UnitKind
from services.whistle.domain.whistle import Whistle
from tests.support.specification import Given, past

STREET, COMMUNITY, CENTRE = "street:liujia", "community:haihua", "command_centre"
EAST_EIGHT = timezone(timedelta(hours=8))
WORK = WorkTime(days=NationalCalendar(date(2026, 12, 31)))
KNOWN = "2026-12-31"


def at(text: str) -> datetime:
    """ "03-02 10:00" of 2026, or with its own year, as a Shanghai clock shows it."""
    return datetime.fromisoformat(text if text[4] == "-" else f"2026-{text}").replace(
        tzinfo=EAST_EIGHT
    )


SECOND = timedelta(seconds=1)
MONDAY = at("03-02 10:00")

ANSWERS = {
    "environment": ("环境卫生", "urban_management"),
    "property": ("物业管理", "housing_construction"),
    "parking": ("停车秩序", "urban_management"),
    "illegal_building": ("违法建筑", "urban_management"),
    "noise": ("噪声扰民", "ecology_environment"),
    "water": ("河湖水务", "water"),
    "food_drug": ("食品药品", "market_regulation"),
    "public_security": ("社会治安", "public_security"),
    "utilities": ("市政设施", "housing_construction"),
    "welfare": ("民生保障", "civil_affairs"),
    "fire_safety": ("消防安全", "emergency"),
    "dispute": ("矛盾纠纷", "justice"),
    "other": ("其他", "grid_centre"),
}
NUMBERS = WhistlePolicy(
    arrival={
        "emergency": Budget.minutes(30),
        "tackle": Budget.working_hours(4),
        "problem": Budget.working_days(1),
        "service": Budget.working_days(2),
    },
    handling={
        "emergency": Budget.hours(24),
        "tackle": Budget.working_days(10),
        "problem": Budget.working_days(5),
        "service": Budget.working_days(7),
    },
    rungs=Rungs(head=1, linked_leader=2, discipline=4),
    scoring=Scoring(
        grid_percent=60,
        street_percent=40,
        late_arrival=10,
        late_handling_each_day=2,
        late_handling_most=20,
        each_return=15,
        irregular_costs=5,
        year_starts_at=100,
    ),
    reopening=Reopening(days=15),
    assessment=Assessment(weight_percent=20, appeal_days=15),
    appeal=Appealing(decision=Budget.working_days(10)),
    workload=Workload(middle=20, large=100),
    accountability=Accountability(reports=3, days=90, apart=1, answer=Budget.working_days(5)),
    statistics=Statistics(least=3),
    proof=Proof(bytes=1_000_000),
    urging=Urging(kinds=tuple(Kind), days=1),
    photos=PhotoLimits(most=3, bytes=8_000_000),
    telling=Telling(
        arrived="您反映的事项（编号 {number}）已有单位到场办理。",
        handled="您反映的事项（编号 {number}）各单位已提交办理结果，待核实，可凭回执码查看办理情况。",
        answered="您反映的事项（编号 {number}）已办结并答复，可凭回执码查看办理情况和评价。",
        settled="您反映的事项（编号 {number}）已由社区办结，可凭回执码查看办理情况。",
    ),
    retention=Retention(reporter_days=365, proof_days=1095),
    open311=Open311(
        url="/api/v1/whistle/open311/v2",
        contact="市网格化综合监督指挥中心官渡分中心",
        posts_each_minute=10,
        posts_each_day=100,
    ),
    competence=Competence(returns=2, decision=Budget.working_days(1)),
    categories={
        code: Category(name=name, unit=unit, river=code == "water")
        for code, (name, unit) in ANSWERS.items()
    },
)
POLICY = (3, NUMBERS)
LADDER = Steps(rungs=lambda _: NUMBERS.rungs, work=WORK)


# The register


def _unit(code: str, kind: UnitKind, *serves: str) -> Unit:
    return Unit(
        code=code, name=code, kind=kind, serves=serves, valid_from=date(2019, 5, 31), listed=9
    )


UNITS = {
    unit.code: unit
    for unit in (
        _unit("water", UnitKind.DEPARTMENT),
        _unit("transport", UnitKind.DEPARTMENT),
        _unit("health", UnitKind.DEPARTMENT),
        _unit("justice", UnitKind.DEPARTMENT, "haihua"),
        _unit("haihua_seven", UnitKind.COMMUNITY_FORCE, "haihua"),
        _unit("haixiang_seven", UnitKind.COMMUNITY_FORCE, "haixiang"),
        _unit("liujia_safety", UnitKind.STREET_OFFICE, "liujia"),
        _unit("guandu_safety", UnitKind.STREET_OFFICE, "guandu"),
        _unit("haihua_alliance", UnitKind.ALLIANCE, "haihua"),
        _unit("baoxiang_chief", UnitKind.RIVER_CHIEF, "haihua", "liujia"),
        _unit("leader_1", UnitKind.LINKED_LEADER, "haihua", "liujia"),
    )
}


# Deadlines of a `problem` dispatched on Monday the 2nd at ten: one working day, and five.

ARRIVE_BY, HANDLE_BY = at("03-03 17:00"), at("03-09 17:00")
ARRIVAL = Deadline(started=MONDAY, budget=Budget.working_days(1), due=ARRIVE_BY, provisional=False)
HANDLING = Deadline(started=MONDAY, budget=Budget.working_days(5), due=HANDLE_BY, provisional=False)


# What happened at street level, to `water` (the lead), `transport` and `health`

blown = WhistleBlown(
    level=Level.STREET,
    kind=Kind.PROBLEM,
    blower=STREET,
    street="liujia",
    community="haihua",
    category="water",
    title="河道翻坝漏水",
    problem="p-1",
    summoned=("water", "transport", "health"),
    lead="water",
    at=MONDAY,
)
registered = WhistleRegistered()
rejected = WhistleRejected(reason="吹空哨", cost=5, policy=3)
withdrawn = WhistleWithdrawn(reason="已自行解决")


def assigned(unit: str, *, lead: bool = False) -> Assignment:
    return Assignment(unit=unit, lead=lead, arrival=ARRIVAL, handling=HANDLING)


called = TaskDispatched(
    tasks=(assigned("water", lead=True), assigned("transport"), assigned("health")),
    policy=3,
    calendar=KNOWN,
    at=MONDAY,
)
paused_pair = tuple(
    DeadlineMoved(
        unit="health",
        which=which,
        why="paused",
        deadline=replace(
            deadline, pauses=(Pause(since=MONDAY, reason="等待鉴定", approved_by=CENTRE),)
        ),
    )
    for which, deadline in ((Which.ARRIVAL, ARRIVAL), (Which.HANDLING, HANDLING))
)


def came(unit: str, when: str = "03-02 15:00") -> UnitArrived:
    return UnitArrived(unit=unit, at=at(when))


def filed(unit: str, when: str = "03-05 11:00", outcome: Outcome = Outcome.RESOLVED) -> ResultFiled:
    return ResultFiled(unit=unit, outcome=outcome, summary="已修复渗漏段。", at=at(when))


missed_arrival = DeadlineMissed(
    unit="water", which=Which.ARRIVAL, due=ARRIVE_BY, next_rung=at("03-04 17:00")
)
missed_handling = DeadlineMissed(
    unit="water", which=Which.HANDLING, due=HANDLE_BY, next_rung=at("03-10 17:00")
)
done = WordGiven(done=True, said="")
not_done = WordGiven(done=False, said="仍在漏水")
verified = ClosingVerified()
grid_80 = MarkGiven(by=Marker.GRID, points=80, policy=3)
street_90 = MarkGiven(by=Marker.STREET, points=90, policy=3)
evaluated = WhistleEvaluated(
    scores=tuple(
        UnitScore(unit=unit, score=8400, taken_off=0) for unit in ("water", "transport", "health")
    ),
    policy=3,
    calendar=KNOWN,
)
answered = WhistleAnswered(answer="渗漏段已修复，三个月后复查。", at=at("03-10 10:00"))

CALLED: tuple[Any, ...] = (blown, registered, called)
HANDLED: tuple[Any, ...] = (
    *CALLED,
    *(came(unit) for unit in ("water", "transport", "health")),
    *(filed(unit) for unit in ("water", "transport", "health")),
)
VERIFIED: tuple[Any, ...] = (*HANDLED, done, verified)
EVALUATED: tuple[Any, ...] = (*VERIFIED, grid_80, street_90, evaluated)
ANSWERED: tuple[Any, ...] = (*EVALUATED, answered)


# What happened at community level, to one force of its own

blown_below = replace(
    blown,
    level=Level.COMMUNITY,
    blower=COMMUNITY,
    summoned=("haihua_seven",),
    lead="haihua_seven",
)
called_below = replace(called, tasks=(assigned("haihua_seven", lead=True),))
CALLED_BELOW: tuple[Any, ...] = (blown_below, registered, called_below)
HANDLED_BELOW: tuple[Any, ...] = (*CALLED_BELOW, came("haihua_seven"), filed("haihua_seven"))
escalated = WhistleEscalated(reason="超出社区能力", rated_anew=True)
RAISED: tuple[Any, ...] = (*CALLED_BELOW, escalated)


def given(*happened: object) -> Given[Whistle]:
    return past(None, evolve, happened)


def state(happened: Iterable[Any]) -> Whistle:
    return past(None, evolve, happened).state
