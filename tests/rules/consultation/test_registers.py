"""What stands beside committees, matters and sessions comes back from its document as it was, too."""

import json
from typing import Any

import pytest

from chassis.documents import Codec
from services.consultation.domain.contact import ContactBecameTopic, ContactSettled
from services.consultation.domain.fact import FactCorrected, Item
from services.consultation.domain.resettling import Resettled
from services.consultation.domain.unit import Body, UnitKind, UnitPassed
from services.consultation.steps.assessments import ASSESSMENTS, SCHEMES
from services.consultation.steps.contacts import CONTACTS
from services.consultation.steps.facts import FACTS
from services.consultation.steps.halls import HALLS
from services.consultation.steps.proposals import PROPOSALS
from services.consultation.steps.situations import SITUATIONS
from services.consultation.steps.units import UNITS

from . import test_contacts, test_facts, test_situations, test_topics, test_units

BODY = test_units.formed(Body.STAFF_CONGRESS)

MERGED = Resettled(street="taihe", community="xinshequ", at=test_facts.AT)
LIVES: tuple[tuple[Any, tuple[Any, ...]], ...] = (
    *((FACTS, (test_facts.recorded(item),)) for item in test_facts.WELL),
    (
        FACTS,
        (
            test_facts.recorded(Item.PLACE),
            FactCorrected(figures=test_facts.WELL[Item.PLACE], reason="更正。", at=test_facts.AT),
        ),
    ),
    (UNITS, (test_units.registered(UnitKind.COLLEGE), BODY, UnitPassed(at=test_facts.AT))),
    (
        CONTACTS,
        (
            test_contacts.HELD,
            ContactBecameTopic(matter="m-1", at=test_facts.AT),
            ContactSettled(result="已立项。", at=test_facts.AT),
            MERGED,
        ),
    ),
    (PROPOSALS, (test_topics.PROPOSED, MERGED, test_topics.TAKEN_UP)),
    (PROPOSALS, (test_topics.PROPOSED, test_topics.TURNED_DOWN, test_topics.MEDIATED)),
    (SITUATIONS, (test_situations.REPORTED, MERGED, test_situations.ANSWERED)),
    (HALLS, (test_situations.SPACE, MERGED, test_situations.PEOPLE)),
    (SCHEMES, (test_contacts.SCHEME_SET, test_contacts.SCHEME_RIGHT)),
    (ASSESSMENTS, (test_contacts.ASSESSED, test_contacts.RIGHT)),
)


@pytest.mark.parametrize(("collection", "life"), LIVES)
def test_it_comes_back(collection: Any, life: tuple[Any, ...]) -> None:
    codec: Codec[Any, Any] = Codec(collection.state, collection.events)
    state: Any = None
    for event in life:
        name, data = codec.dump_event(event)
        assert codec.load_event(name, json.loads(json.dumps(data))) == event
        state = collection.evolve(state, event)
        assert codec.load_state(json.loads(json.dumps(codec.dump_state(state)))) == state


def test_every_event_class_is_among_the_examples() -> None:
    for collection in {id(known): known for known, _ in LIVES}.values():
        happened = {type(event) for known, life in LIVES if known is collection for event in life}
        assert happened == set(collection.events)
