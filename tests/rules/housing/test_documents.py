"""Every event and every state comes back from its document as it went in."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from chassis.documents import Codec
from services.housing.domain import (
    agreement,
    booking,
    boundaries,
    community,
    declaration,
    evidence,
    premises,
    yards,
)
from services.housing.domain.booking import RoomClosed, RoomReopened
from services.housing.domain.boundaries import ChangeReached
from services.housing.domain.events import Handover, PremisesHandedOver
from services.housing.domain.premises import OutcomeNoted
from services.housing.kinds import EVIDENCE
from services.housing.steps.agreements import AGREEMENTS
from services.housing.steps.changes import CHANGES
from services.housing.steps.communities import COMMUNITIES
from services.housing.steps.declarations import DECLARATIONS
from services.housing.steps.months import MONTHS
from services.housing.steps.outlines import OUTLINES
from services.housing.steps.premises import PREMISES
from services.housing.steps.yards import YARDS
from tests.support.specification import past

from .test_agreement import (
    accepted_bare,
    bare,
    cancelled,
    extended,
    fulfilled,
    half,
    made_right,
    overdue,
    remedied,
    replaced,
    rest,
    seen_half,
    signed,
)
from .test_bookings import booked
from .test_bookings import cancelled as booking_cancelled
from .test_boundaries import change_withdrawn, merged, renamed
from .test_evidence import filed
from .test_imports import yards_entered
from .test_outlines import drawn
from .test_premises import assessed, changed, listed, noted, struck
from .test_register import closed, entered, seeded
from .test_statement import declared, withdrawn

succeeding = replace(
    signed,
    agreement="a2",
    replaces="a1",
    carried=(Handover(area=1, at=half.at, remedies=accepted_bare.remedies),),
    inspected=(seen_half.inspection,),
)
AGREEMENT_EVENTS = (
    signed,
    succeeding,
    seen_half,
    bare,
    made_right,
    half,
    PremisesHandedOver(area=1, at=half.at),
    accepted_bare,
    remedied,
    rest,
    fulfilled,
    overdue,
    extended,
    cancelled,
    replaced,
)
COMMUNITY_EVENTS = (seeded, entered, closed)
deliberated = OutcomeNoted(matter="m-1", outcome="usable_here", at=datetime(2026, 3, 2, tzinfo=UTC))
closing = RoomClosed(room="haihua~1", month="2026-03", community="haihua", at=half.at)
PREMISES_EVENTS = (noted, listed, changed, struck, assessed, deliberated)
EVERY = (
    (AGREEMENTS.kind, AGREEMENT_EVENTS),
    (COMMUNITIES.kind, COMMUNITY_EVENTS),
    (PREMISES.kind, PREMISES_EVENTS),
    (EVIDENCE, (filed,)),
    (MONTHS.kind, (booked, booking_cancelled, closing, RoomReopened())),
    (YARDS.kind, (yards_entered,)),
    (OUTLINES.kind, (drawn,)),
    (CHANGES.kind, (merged, change_withdrawn, ChangeReached(community="east"))),
    (DECLARATIONS.kind, (declared, withdrawn)),
)


def through_json(value: Any) -> Any:
    return json.loads(json.dumps(value, ensure_ascii=False, allow_nan=False))


def test_every_class_is_here() -> None:
    for kind, events in EVERY:
        assert {type(event) for event in events} == set(kind.events)


@pytest.mark.parametrize(
    ("kind", "event"), [(kind, event) for kind, events in EVERY for event in events]
)
def test_an_event_comes_back(kind: Any, event: Any) -> None:
    codec: Codec[Any, Any] = Codec(kind.state, kind.events)
    name, data = codec.dump_event(event)
    back = codec.load_event(name, through_json(data))
    assert back == event
    assert type(back) is type(event)


@pytest.mark.parametrize(
    "state",
    [
        past(None, agreement.evolve, happened).state
        for happened in (
            (signed,),
            (signed, overdue, extended, half),
            (signed, half, rest, fulfilled),
            (signed, cancelled),
            (signed, bare, accepted_bare, remedied, replaced),
            (succeeding,),
        )
    ],
)
def test_an_agreement_comes_back(state: Any) -> None:
    codec = Codec(AGREEMENTS.state, AGREEMENTS.events)
    assert codec.load_state(through_json(codec.dump_state(state))) == state


@pytest.mark.parametrize("event", [*COMMUNITY_EVENTS, replace(entered, kind=None)])
def test_a_community_comes_back(event: community.CommunityEntered) -> None:
    codec = Codec(COMMUNITIES.state, COMMUNITIES.events)
    state = community.evolve(None, event)
    assert codec.load_state(through_json(codec.dump_state(state))) == state


@pytest.mark.parametrize(
    "happened",
    [
        (noted,),
        (replace(noted, street=None, households=None), listed, changed, assessed),
        (
            noted,
            deliberated,
        ),
    ],
)
def test_premises_come_back(happened: Any) -> None:
    codec = Codec(PREMISES.state, PREMISES.events)
    state = past(None, premises.evolve, happened).state
    assert codec.load_state(through_json(codec.dump_state(state))) == state


def test_a_declaration_comes_back() -> None:
    codec = Codec(DECLARATIONS.state, DECLARATIONS.events)
    state = past(None, declaration.evolve, (declared, withdrawn)).state
    assert codec.load_state(through_json(codec.dump_state(state))) == state


def test_evidence_comes_back() -> None:
    codec = Codec(EVIDENCE.state, EVIDENCE.events)
    state = evidence.evolve(evidence.evolve(None, filed), replace(filed, agreement="a2"))
    assert codec.load_state(through_json(codec.dump_state(state))) == state


@pytest.mark.parametrize(
    "happened", [(merged,), (merged, change_withdrawn), (renamed, ChangeReached(community="west"))]
)
def test_a_change_of_boundaries_comes_back(happened: Any) -> None:
    codec = Codec(CHANGES.state, CHANGES.events)
    state = past(None, boundaries.evolve, happened).state
    assert codec.load_state(through_json(codec.dump_state(state))) == state


def test_yards_come_back() -> None:
    codec = Codec(YARDS.state, YARDS.events)
    state = yards.evolve(None, yards_entered)
    assert codec.load_state(through_json(codec.dump_state(state))) == state


def test_a_month_of_bookings_comes_back() -> None:
    codec = Codec(MONTHS.state, MONTHS.events)
    state = past(None, booking.evolve, (booked, booking_cancelled)).state
    assert codec.load_state(through_json(codec.dump_state(state))) == state
