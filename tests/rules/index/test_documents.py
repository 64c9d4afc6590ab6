"""What is stored comes back as it was: the event, and every state on the way."""

import json
from dataclasses import MISSING, fields, replace
from datetime import date
from typing import Any, get_args, get_type_hints

import pytest

from chassis.documents import Codec
from services.index.domain.collecting import DueMoved, ObservationMissed, PointsReminded, YearLapsed
from services.index.domain.entry import Account, Entry, Turn, TurnHeard
from services.index.domain.note import AccountabilityNoted, HandoverNoted
from services.index.domain.observation import Assessed, Evidence
from services.index.domain.scoring import Grade
from services.index.domain.weakness import Level, Quarter
from services.index.kinds import ENTRIES, FACTS, NOTES, ORGANISATIONS, PREMISES, QUARTERS
from services.index.steps.checklists import CHECKLISTS
from services.index.steps.consultation import SHEETS
from services.index.steps.duties import DUTIES
from services.index.steps.editions import EDITIONS
from services.index.steps.findings import FINDINGS
from services.index.steps.improvements import IMPROVEMENTS
from services.index.steps.innovation import INNOVATION
from services.index.steps.observations import OBSERVATIONS
from services.index.steps.pilots import PILOTS
from services.index.steps.surveys import SURVEYS
from services.index.steps.systems import SYSTEMS
from services.index.steps.weaknesses import WEAKNESSES
from services.index.steps.years import YEARS

from .cases import LIFE, closed, delivered, rejected, withdrawn
from .test_I_02_settling import REDUCTION, SHIPPED, WHOSE
from .test_I_03_observations import AWAITED, FILED, NOW, OPENED
from .test_I_05_weights import FAIR
from .test_I_08_review import DRAFTED
from .test_I_08_review import LIFE as LIFE_OF_AN_EDITION
from .test_I_10_feeds import REPORT as REPORTED_FIGURE
from .test_I_10_feeds import told
from .test_I_11_facts import EVALUATED, OVERDUE, RELEASED, ROOMS
from .test_I_13_weaknesses import BOUNDS
from .test_I_13_weaknesses import LIFE as QUARTER
from .test_I_15_annex9 import LIFE as LIFE_OF_A_SHEET
from .test_I_16_innovation import LIFE as LIFE_OF_AN_ASSESSMENT
from .test_I_17_checklists import LIFE as LIFE_OF_A_TASK
from .test_I_17_checklists import REPORTED
from .test_I_18_duties import LIFE as LIFE_OF_A_DUTY
from .test_I_19_findings import LIFE as LIFE_OF_A_FINDING
from .test_I_20_measuring import ADOPTED, BROUGHT
from .test_I_21_surveys import LIFE as LIFE_OF_A_SURVEY
from .test_I_23_pilots import LIFE as LIFE_OF_A_PILOT
from .test_I_24_improvements import LIFE as LIFE_OF_AN_IMPROVEMENT

WEAK = Level(street="liujia", theme="whistles", level=5000)
MET = Assessed(assessor="petitions", grade=Grade.MET)

LIVES = [
    LIFE,
    (rejected,),
    (withdrawn,),
    (replace(closed, community=None),),
]
CASE = AccountabilityNoted(
    event="n-1",
    street="guandu",
    community="haihua",
    category="sewer",
    holder="department:water",
    count=5,
    first=date(2026, 1, 3),
    last=date(2026, 2, 9),
    day=date(2026, 2, 10),
)
HANDOVER = HandoverNoted(event="n-2", street="guandu", area=35_000, day=date(2026, 3, 1))
CODEC: Codec[Entry, TurnHeard] = Codec(ENTRIES.state, ENTRIES.events)


@pytest.mark.parametrize("life", LIVES)
def test_events_and_every_state_on_the_way_come_back(life: tuple[TurnHeard, ...]) -> None:
    for length, event in enumerate(life, start=1):
        name, data = CODEC.dump_event(event)
        assert CODEC.load_event(name, json.loads(json.dumps(data))) == event
        state = delivered(*life[:length])
        assert CODEC.load_state(json.loads(json.dumps(CODEC.dump_state(state)))) == state


def test_every_event_class_and_every_turn_is_among_the_examples() -> None:
    assert {type(event) for life in LIVES for event in life} == set(ENTRIES.events)
    assert {event.turn for life in LIVES for event in life} == set(Turn)


KEPT: list[tuple[Any, tuple[Any, ...]]] = [
    (
        OBSERVATIONS.kind,
        (AWAITED, FILED, REPORTED_FIGURE, replace(FILED, reason="决算数", grades=(MET,))),
    ),
    (CHECKLISTS.kind, (*LIFE_OF_A_TASK, replace(REPORTED, year=2026))),
    (DUTIES.kind, LIFE_OF_A_DUTY),
    (EDITIONS.kind, (*LIFE_OF_AN_EDITION, replace(DRAFTED, number=2, reason="更正"))),
    (INNOVATION.kind, LIFE_OF_AN_ASSESSMENT),
    (FACTS, (RELEASED, OVERDUE, EVALUATED)),
    (PREMISES, (ROOMS,)),
    (ORGANISATIONS, (told(1, "2025-03-01"), told(2, "2026-02-01", counted=False))),
    (FINDINGS.kind, LIFE_OF_A_FINDING),
    (PILOTS.kind, LIFE_OF_A_PILOT),
    (IMPROVEMENTS.kind, LIFE_OF_AN_IMPROVEMENT),
    (SURVEYS.kind, LIFE_OF_A_SURVEY),
    (QUARTERS, QUARTER),
    (NOTES, (CASE, HANDOVER)),
    (WEAKNESSES.kind, Quarter(quarter="2026-Q1", closes_at=NOW).weak([WEAK], BOUNDS, NOW)),
    (SHEETS.kind, LIFE_OF_A_SHEET),
    (SYSTEMS.kind, (SHIPPED, WHOSE, REDUCTION, FAIR, ADOPTED, BROUGHT)),
    (
        YEARS.kind,
        (
            OPENED,
            PointsReminded(points=(11, 13), at=NOW),
            DueMoved(due=OPENED.due, remind_on=OPENED.remind_on, reason="调整", at=NOW),
            ObservationMissed(point=11, units=("grid_centre",), due=OPENED.due),
            YearLapsed(at=NOW),
        ),
    ),
]


@pytest.mark.parametrize(("kind", "life"), KEPT)
def test_what_is_kept_comes_back_at_every_step(kind: Any, life: tuple[Any, ...]) -> None:
    codec, state = Codec(kind.state, kind.events), None
    assert {type(event) for event in life} == set(kind.events)
    for event in life:
        name, data = codec.dump_event(event)
        assert codec.load_event(name, json.loads(json.dumps(data))) == event
        state = kind.evolve(state, event)
        assert codec.load_state(json.loads(json.dumps(codec.dump_state(state)))) == state


SHAPES = [Entry, TurnHeard, Account, Evidence, *(type(one) for _, life in KEPT for one in life)]


@pytest.mark.parametrize("shape", dict.fromkeys(SHAPES))
def test_a_field_that_may_be_empty_has_a_default(shape: type) -> None:
    """A document leaves empty fields out, so without a default it could not be read back."""
    for one in fields(shape):
        if type(None) in get_args(get_type_hints(shape)[one.name]):
            assert one.default is not MISSING, one.name
