"""What is stored comes back as it was: every event class, every state, and the shipped policy."""

import json
import tomllib
from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import date
from typing import Any, get_args, get_type_hints

import pytest
from pydantic import TypeAdapter

from chassis.documents import Codec
from chassis.kind import Kind
from services.whistle.announce import of_whistles
from services.whistle.domain.accountability import CaseEvent
from services.whistle.domain.dealing import WhistleConcerned
from services.whistle.domain.events import (
    CalendarRenewed,
    DeadlineMoved,
    Finding,
    Manner,
    MissEscalated,
    Noted,
    Projected,
    ResidentRated,
    RungMoved,
    StreetBlew,
    StreetSolves,
    Urged,
    WhistleEvent,
)
from services.whistle.domain.events import (
    Kind as Sort,
)
from services.whistle.domain.placing import Spotted
from services.whistle.domain.policy import WhistlePolicy
from services.whistle.domain.problem import ProblemEvent, ReporterRead
from services.whistle.domain.proof import ProofFiled
from services.whistle.domain.spot import SpotEvent
from services.whistle.domain.task import Outcome, Which
from services.whistle.domain.unit import UnitEntered, UnitKind
from services.whistle.domain.yearly import YearEvent
from services.whistle.kinds import DEALINGS, PROOFS, SPOTS
from services.whistle.shipped import POLICY, member_units
from services.whistle.steps.cases import CASES
from services.whistle.steps.problems import PROBLEMS
from services.whistle.steps.units import UNITS
from services.whistle.steps.unplaced import UNPLACED
from services.whistle.steps.whistles import WHISTLES
from services.whistle.steps.years import YEARS

from . import cases
from .cases import ANSWERED, CALLED, CENTRE, HANDLED, RAISED, WORK, at, came
from .test_agreements import extended as agreement_extended
from .test_W_01_placing import put, turned
from .test_W_01_placing import taken as waiting
from .test_W_01_problems import collected, dropped, followed, joint, noise, settled, small
from .test_W_05_outcomes_and_competence import ARRIVED as DISPUTED
from .test_W_05_outcomes_and_competence import decided, second
from .test_W_05_proofs import proof_filed, shown_arrival, shown_result
from .test_W_06_pause_and_extension import asked, grant
from .test_W_09_judging import returned
from .test_W_10_years import LIFE as YEAR
from .test_W_12_repeated import CASE, first_run, looked_at
from .test_W_12_repeated import report as spotted
from .test_W_17_reopening import reopened

TOLD = replace(WHISTLES.kind, announce=of_whistles(WORK))
ARRIVED = (*CALLED, came("water"))
extended = cases.given(*ARRIVED, asked).when(grant()).happened[0]
resumed = (
    cases.given(*CALLED, *cases.paused_pair)
    .when(lambda w: w.resume(unit="health", by=CENTRE, now=at("03-04 11:00"), work=WORK))
    .happened
)
told_head = MissEscalated(unit="water", which=Which.ARRIVAL, to="head", next_rung=at("03-05 17:00"))
told_last = replace(told_head, to="discipline", next_rung=None)
renewed = CalendarRenewed(
    calendar="2027-12-31",
    moved=(Projected(unit="water", which=Which.HANDLING, deadline=cases.HANDLING),),
    rungs=(RungMoved(unit="water", which=Which.ARRIVAL, next_rung=at("03-05 17:00")),),
)
found = replace(cases.street_90, findings=(Finding(unit="water", manner=Manner.PERFUNCTORY),))
entered = UnitEntered(
    code="haihua_seven",
    name="海华社区七员",
    kind=UnitKind.COMMUNITY_FORCE,
    serves=("haihua",),
    valid_from=date(2026, 3, 2),
    valid_to=date(2026, 12, 31),
    listed=33,
)
cannot = replace(
    cases.filed("water", outcome=Outcome.CANNOT_ACT), ground="条例第三条", who_can="业主大会"
)
rated = ResidentRated(rating=4, scores=cases.evaluated.scores)
solves = StreetSolves(leader="街道办副主任", office="liujia_safety", by=cases.STREET)
street_blew = StreetBlew(
    by=cases.STREET, kind=Sort.TACKLE, summoned=("water",), lead="water", at=cases.MONDAY
)

URGED = Urged(whom=("command_centre",), at=cases.MONDAY)
LIVES: list[tuple[Kind[Any, Any], tuple[Any, ...]]] = [
    (TOLD, (*ANSWERED[:-3], found, *ANSWERED[-2:], reopened)),
    (TOLD, (*HANDLED, cases.not_done, returned)),
    (TOLD, (cases.blown, cases.rejected)),
    (TOLD, (cases.blown, URGED, cases.withdrawn, Noted(what="extended", about="a-1"))),
    (TOLD, (*RAISED, street_blew, cases.registered)),
    (TOLD, (*RAISED, solves, cases.registered, cases.called)),
    (TOLD, (*CALLED, cases.missed_arrival, told_head, told_last, renewed)),
    (TOLD, (*ARRIVED, asked, extended)),
    (TOLD, (*ANSWERED, rated, reopened)),
    (TOLD, (*HANDLED, replace(rated, scores=()))),
    (TOLD, (*ARRIVED, cannot)),
    (TOLD, (*DISPUTED, second, decided)),
    (TOLD, (*CALLED, *cases.paused_pair, *resumed)),
    (
        PROBLEMS.kind,
        (collected, noise, small, settled, ReporterRead(by="command_centre", reason="核对地址")),
    ),
    (
        PROBLEMS.kind,
        (replace(collected, place=None, origin="matter:m-1"), joint, followed, dropped),
    ),
    (YEARS.kind, YEAR),
    (SPOTS, (spotted(1, 0), spotted(2, 30), spotted(3, 90), first_run, looked_at)),
    (CASES.kind, CASE),
    (TOLD, (*CALLED, shown_arrival, shown_result)),
    (PROOFS, (proof_filed,)),
    (DEALINGS, (agreement_extended, replace(agreement_extended, community=None))),
    (UNPLACED.kind, (waiting, put)),
    (UNPLACED.kind, (replace(waiting, spotted=Spotted(east=1, north=2)), turned)),
    (UNITS.kind, (entered,)),
    (UNITS.kind, (replace(entered, serves=(), valid_to=None),)),
]


@pytest.mark.parametrize(("kind", "life"), LIVES)
def test_events_and_every_state_on_the_way_come_back(
    kind: Kind[Any, Any], life: tuple[Any, ...]
) -> None:
    codec: Codec[Any, Any] = Codec(kind.state, kind.events)
    state = None
    for event in life:
        name, data = codec.dump_event(event)
        assert codec.load_event(name, json.loads(json.dumps(data))) == event
        state = kind.evolve(state, event)
        assert codec.load_state(json.loads(json.dumps(codec.dump_state(state)))) == state


@pytest.mark.parametrize(
    ("kind", "union"),
    [
        (TOLD, get_args(WhistleEvent)),
        (PROBLEMS.kind, get_args(ProblemEvent)),
        (UNITS.kind, (UnitEntered,)),
        (YEARS.kind, get_args(YearEvent)),
        (SPOTS, get_args(SpotEvent)),
        (CASES.kind, get_args(CaseEvent)),
        (DEALINGS, (WhistleConcerned,)),
        (PROOFS, (ProofFiled,)),
    ],
    ids=[
        "whistles",
        "problems",
        "units",
        "years",
        "spots",
        "cases",
        "dealings",
        "proofs",
    ],
)
def test_every_event_class_is_among_the_examples(
    kind: Kind[Any, Any], union: tuple[type, ...]
) -> None:
    tried = {type(event) for other, life in LIVES if other is kind for event in life}
    assert tried == set(union) == set(kind.events)


def test_the_moved_deadlines_are_of_all_three_kinds() -> None:
    moved = {event.why for _, life in LIVES for event in life if isinstance(event, DeadlineMoved)}
    assert moved == {"extended", "paused", "resumed"}


def test_the_shipped_policy_is_the_documented_default() -> None:
    shipped = tomllib.loads(POLICY.read_text(encoding="utf-8"))
    assert TypeAdapter(WhistlePolicy).validate_python(shipped) == cases.NUMBERS


def test_the_register_starts_with_the_32_member_units_and_every_category_names_one() -> None:
    codes = [code for code, _ in member_units()]
    assert len(codes) == len(set(codes)) == 32
    assert {category.unit for category in cases.NUMBERS.categories.values()} <= set(codes)


def inside(shape: Any, met: set[type]) -> set[type]:
    """Every dataclass that a document of this shape can hold."""
    if is_dataclass(shape) and isinstance(shape, type) and shape not in met:
        met.add(shape)
        for hint in get_type_hints(shape).values():
            inside(hint, met)
    for part in get_args(shape):
        inside(part, met)
    return met


@pytest.mark.parametrize(
    "kind",
    [TOLD, PROBLEMS.kind, UNITS.kind, YEARS.kind, SPOTS, CASES.kind, DEALINGS, PROOFS],
    ids=lambda kind: kind.collection,
)
def test_a_field_that_may_be_empty_has_a_default(kind: Kind[Any, Any]) -> None:
    """A document leaves empty fields out, so without a default it could not be read back."""
    met: set[type] = set()
    for shape in (kind.state, *kind.events):
        inside(shape, met)
    without = [
        f"{shape.__name__}.{one.name}"
        for shape in met
        for one in fields(shape)
        if type(None) in get_args(get_type_hints(shape)[one.name]) and one.default is MISSING
    ]
    assert without == []
