"""What is stored comes back as it was: every event class, every state, and the shipped policy."""

import json
import tomllib
from dataclasses import MISSING, fields, is_dataclass
from functools import reduce
from typing import Any, get_args, get_type_hints

import pytest
from pydantic import TypeAdapter

from chassis.documents import Codec
from chassis.kind import Kind
from services.organisations.domain.events import ListingLeft, RegistrationRefused, SupervisorSaid
from services.organisations.domain.kinds import Exclusion, Left
from services.organisations.domain.parts import Approval
from services.organisations.domain.policy import OrganisationsPolicy, check
from services.organisations.shipped import POLICY
from services.organisations.steps.organisations import ORGANISATIONS
from tests.rules.organisations import cases
from tests.rules.organisations import test_O_10_listing as listings

HAPPENED: list[tuple[Kind[Any, Any], tuple[Any, ...]]] = [
    (
        ORGANISATIONS.kind,
        (
            cases.applied,
            SupervisorSaid(
                approval=Approval(document="教〔2026〕1号", agreed=True, at=cases.MARCH)
            ),
            cases.examined,
            RegistrationRefused(excluded=(Exclusion.CLAN,), reason="宗族类", at=cases.LATER),
            cases.registered,
            listings.proposed,
            listings.answered,
            listings.entered,
            ListingLeft(
                listing="1",
                left=Left.PUT_RIGHT,
                on=listings.TODAY,
                why="已更新住所",
                at=cases.LATER,
            ),
        ),
    ),
]


@pytest.mark.parametrize(("kind", "events"), HAPPENED)
def test_events_and_state_come_back(kind: Kind[Any, Any], events: tuple[Any, ...]) -> None:
    codec: Codec[Any, Any] = Codec(kind.state, kind.events)
    for event in events:
        name, data = codec.dump_event(event)
        assert codec.load_event(name, json.loads(json.dumps(data))) == event
    state = reduce(kind.evolve, events, None)
    assert codec.load_state(json.loads(json.dumps(codec.dump_state(state)))) == state


@pytest.mark.parametrize("kind", [kind for kind, _ in HAPPENED])
def test_every_event_class_is_tried(kind: Kind[Any, Any]) -> None:
    tried = {type(event) for other, events in HAPPENED if other is kind for event in events}
    assert tried == set(kind.events)


def test_the_shipped_policy_is_the_documented_default() -> None:
    shipped = tomllib.loads(POLICY.read_text(encoding="utf-8"))
    policy = TypeAdapter(OrganisationsPolicy).validate_python(shipped)
    check(policy)
    assert policy == cases.SHIPPED


def _held(kind: Any, met: set[Any]) -> set[Any]:
    """Every dataclass that is stored with it."""
    if kind in met:
        return met
    if is_dataclass(kind):
        met.add(kind)
        for hint in get_type_hints(kind).values():
            _held(hint, met)
    for part in get_args(kind):
        _held(part, met)
    return met


@pytest.mark.parametrize("kind", [kind for kind, _ in HAPPENED])
def test_what_may_be_nothing_is_read_back_as_nothing(kind: Kind[Any, Any]) -> None:
    """A document leaves out what is None: so its field has a default."""
    stored: set[Any] = set()
    for one in (kind.state, *kind.events):
        _held(one, stored)
    bare = [
        f"{one.__name__}.{part.name}"
        for one in stored
        for part in fields(one)
        if type(None) in get_args(get_type_hints(one)[part.name]) and part.default is MISSING
    ]
    assert bare == []
