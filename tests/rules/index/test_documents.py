"""What is stored comes back as it was: the event, and every state on the way."""

import json
from dataclasses import MISSING, fields, replace
from typing import get_args, get_type_hints

import pytest

from chassis.documents import Codec
from services.index.domain.entry import Account, Entry, Turn, TurnHeard
from services.index.kinds import ENTRIES

from .cases import LIFE, closed, delivered, rejected, withdrawn

LIVES = [
    LIFE,
    (rejected,),
    (withdrawn,),
    (replace(closed, community=None),),
]
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


@pytest.mark.parametrize("shape", [Entry, TurnHeard, Account])
def test_a_field_that_may_be_empty_has_a_default(shape: type) -> None:
    """A document leaves empty fields out, so without a default it could not be read back."""
    for one in fields(shape):
        if type(None) in get_args(get_type_hints(shape)[one.name]):
            assert one.default is not MISSING, one.name
