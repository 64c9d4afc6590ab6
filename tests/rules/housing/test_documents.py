"""Every event and every state comes back from its document as it went in."""

import json
from dataclasses import replace
from functools import reduce
from typing import Any

import pytest

from chassis.documents import Codec
from services.housing.domain import agreement, community
from services.housing.main import AGREEMENTS, COMMUNITIES

from .test_agreement import cancelled, extended, fulfilled, half, overdue, rest, signed
from .test_register import entered, seeded

AGREEMENT_EVENTS = (signed, half, rest, fulfilled, overdue, extended, cancelled)
COMMUNITY_EVENTS = (seeded, entered)


def through_json(value: Any) -> Any:
    return json.loads(json.dumps(value, ensure_ascii=False, allow_nan=False))


def test_every_class_is_here() -> None:
    assert {type(event) for event in AGREEMENT_EVENTS} == set(AGREEMENTS.events)
    assert {type(event) for event in COMMUNITY_EVENTS} == set(COMMUNITIES.events)


@pytest.mark.parametrize(
    ("kind", "event"),
    [(AGREEMENTS, event) for event in AGREEMENT_EVENTS]
    + [(COMMUNITIES, event) for event in COMMUNITY_EVENTS],
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
        reduce(agreement.evolve, happened, None)
        for happened in (
            (signed,),
            (signed, overdue, extended, half),
            (signed, half, rest, fulfilled),
            (signed, cancelled),
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
