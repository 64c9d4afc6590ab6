"""Whose move it is: a matter is its leader's until it is over, and what members found amiss its unit's, too."""

from dataclasses import replace

import pytest

from chassis.kernel.clock import Ends
from services.consultation.domain import topic, waiting
from services.consultation.domain.committee import Level
from services.consultation.domain.events import MatterEvent, Procedure
from services.consultation.domain.evolution import evolve
from services.consultation.domain.matter import Matter
from services.consultation.domain.plans import PlanMissed
from services.consultation.domain.topic import Proposal
from tests.support.specification import past

from .test_following import WAYS, concluded, going
from .test_matter import PASTS, PASTS_2016, PROCEDURES, PROPOSED
from .test_plans import MARCH, sitting
from .test_session import CALLED, CLOSED, NEXT_MONDAY, OPEN, held
from .test_topics import PROPOSED as ASKED
from .test_topics import TAKEN_UP, TURNED_DOWN
from .test_watching import BADLY, DUE

OURS, STREET, UNIT = (
    "community:guanshangzhongxinqu",
    "street:guanshang",
    "department:urban_management",
)
OVER = {"refused", "deliberated", "fed_back", "closed"}
CELLS = [(p, stage) for p, (pasts, *_) in PROCEDURES.items() for stage in pasts]


def _matter(*happened: MatterEvent) -> Matter:
    return past(None, evolve, happened).state


@pytest.mark.parametrize(("procedure", "stage"), CELLS)
def test_C_16_a_matter_waits_for_who_leads_it_until_it_is_over(
    procedure: Procedure, stage: str
) -> None:
    happened = (PASTS if procedure is Procedure.SIX_STEPS_2018 else PASTS_2016)[stage]
    found = waiting.of_matter(_matter(*happened))
    assert list(found) == ([] if stage in OVER else [OURS])


def test_C_16_a_street_committees_matter_waits_for_the_street() -> None:
    assert list(waiting.of_matter(_matter(replace(PROPOSED, level=Level.STREET)))) == [STREET]


@pytest.mark.parametrize("level", [Level.STREET, Level.COMMUNITY])
def test_C_11_each_step_of_an_outcome_waits_to_its_date(level: Level) -> None:
    here = concluded(start=replace(PROPOSED, level=level))
    leader = STREET if level is Level.STREET else OURS
    for step in WAYS[level, True]:
        assert here.state.awaits is not None
        [(office, by)] = waiting.of_matter(here.state).items()
        assert office == leader
        assert by == Ends(due=here.state.awaits.due, provisional=here.state.awaits.provisional)
        here = going(here, step)
    assert waiting.of_matter(here.state) == {}


def test_C_20_what_members_found_amiss_waits_for_who_carries_it_out() -> None:
    found = waiting.of_matter(_matter(*PASTS["handed"], BADLY))
    assert found[UNIT] == Ends(due=DUE, provisional=False)
    assert set(found) == {UNIT, OURS}


def test_C_07_a_session_waits_to_be_held_and_closed() -> None:
    assert waiting.of_session(held(CALLED).state) == {OURS: Ends(due=NEXT_MONDAY, wall=True)}
    assert waiting.of_session(held(*OPEN).state) == {OURS: None}
    assert waiting.of_session(held(*OPEN, CLOSED).state) == {}
    upper = replace(CALLED, level=Level.STREET)
    assert list(waiting.of_session(held(upper).state)) == [STREET]


def test_C_05_a_committee_is_awaited_with_its_years_plan() -> None:
    missed = PlanMissed(year=2026, due=MARCH)
    assert list(waiting.of_committee(sitting(missed, level=Level.COMMUNITY).state).values()) == [
        Ends(due=MARCH)
    ]
    assert waiting.of_committee(sitting(level=Level.BUILDING).state) == {}


def test_C_24_a_residents_topic_waits_for_the_community_until_it_is_answered() -> None:
    def of(*happened: topic.ProposalEvent) -> list[str]:
        proposal: Proposal = past(None, topic.evolve, happened).state
        return list(waiting.of_proposal(proposal))

    assert of(ASKED) == [OURS]
    assert of(ASKED, TAKEN_UP) == of(ASKED, TURNED_DOWN) == []
