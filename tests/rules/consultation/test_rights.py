"""C-25: members' rights are steps, by seat; their duties are counted."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from chassis.kernel.errors import Malformed
from services.consultation.domain import rights
from services.consultation.domain.events import MatterEvent
from services.consultation.domain.evolution import evolve
from services.consultation.domain.following_events import MatterReopened
from services.consultation.domain.matter import Matter, Status
from services.consultation.domain.membership import members_only
from services.consultation.domain.rights import Came
from services.consultation.domain.session_events import FloorAsked, FloorGiven, SessionEvent, Side
from services.consultation.domain.watching_events import (
    Fault,
    MatterCorrected,
    MatterInspected,
    Stage,
)
from tests.support.specification import past

from .test_matter import ACCEPTED, EVENING, MEMBERS, PROPOSED, RESEARCHED, USABLE, recorded
from .test_session import CLOSED, DECIDED, NEXT_MONDAY, OPEN, held

LIFE = (PROPOSED, ACCEPTED, RESEARCHED)
ON_PAPER = recorded(replace(USABLE, held_on=date(2024, 12, 30)))
REOPENED = MatterReopened(reason="未落实。")
CORRECTED = MatterCorrected(
    fault=Fault.PROCEDURE, back_to=Stage.RESEARCH, reason="未征求意见。", at=EVENING
)
AGAIN = (RESEARCHED,)
CLAUSE = "官办通〔2018〕58号 附件1 第7—8条"


def lived(events: Sequence[MatterEvent]) -> tuple[Matter, Sequence[MatterEvent]]:
    return past(None, evolve, events).state, events


def test_C_25_rights_are_of_the_committee_s_own_members() -> None:
    here = past(MEMBERS, lambda members, _: members, [])
    here.when(lambda m: members_only(("s1", "x1"), m, "seats")).breaks(
        "C-25", clause=CLAUSE, field="seats"
    )
    here.when(lambda m: members_only(("s1", "s1"), m, "seats")).refused(Malformed, field="seats")
    assert members_only(("s1", "s2"), MEMBERS, "seats") == ("s1", "s2")


@pytest.mark.parametrize(
    ("seat", "counts"),
    [("s1", (1, 1, 0, 1, 1, 1)), ("s2", (1, 1, 0, 0, 0, 0)), ("s15", (1, 0, 1, 0, 0, 0))],
)
def test_C_25_what_a_member_did_in_a_year_is_counted(seat: str, counts: tuple[int, ...]) -> None:
    spoke: list[SessionEvent] = [
        FloorAsked(seat="s1", side=Side.AGAINST),
        FloorGiven(seat="s1", side=Side.AGAINST, at=NEXT_MONDAY),
    ]
    session = held(*OPEN, *spoke, DECIDED, CLOSED).state
    proposed = replace(PROPOSED, by_seat="s1")
    researched = replace(RESEARCHED, seats=("s1",))
    found = MatterInspected(seat="s1", finding="已划线。", at=EVENING)
    matter = lived([proposed, ACCEPTED, researched, found])
    year = rights.year_of(seat, 2025, [session], [matter], [])
    assert counts == (
        year.sessions,
        year.attended,
        year.absent,
        year.spoke,
        year.researched,
        year.inspected,
    )
    mine = (Came(matter="m-1", title="小区停车秩序", status=Status.RESEARCHED),)
    assert year.proposed == (mine if seat == "s1" else ())
    other = rights.year_of(seat, 2026, [session], [matter], [])
    assert (other.sessions, other.inspected, other.proposed) == (0, 0, ())


@pytest.mark.parametrize(("seat", "there"), [("s1", 1), ("s10", 1), ("s11", 0)])
def test_C_17_who_was_there_where_a_session_was_on_paper_attended_it(seat: str, there: int) -> None:
    here = recorded(replace(ON_PAPER.conclusion, session="s-1"))
    matter, elsewhere = lived([*LIFE, ON_PAPER]), lived([*LIFE, here])
    year = rights.year_of(seat, 2024, [], [matter, elsewhere, lived(LIFE)], [])
    assert (year.sessions, year.attended, year.absent) == (there, there, 0)
    assert rights.year_of(seat, 2025, [], [matter], []).attended == 0


@pytest.mark.parametrize("back", [REOPENED, CORRECTED], ids=["taken up again", "put right"])
def test_C_17_who_was_there_was_there_also_where_the_matter_came_back(back: MatterEvent) -> None:
    """The day once, also where its outcome was entered anew."""
    once, anew = lived([*LIFE, ON_PAPER, back]), lived([*LIFE, ON_PAPER, back, *AGAIN, ON_PAPER])
    for matter in (once, anew):
        year = rights.year_of("s1", 2024, [], [matter], [])
        assert (year.sessions, year.attended) == (1, 1)
    later = recorded(replace(ON_PAPER.conclusion, held_on=date(2024, 12, 31)))
    twice = lived([*LIFE, ON_PAPER, back, *AGAIN, later])
    assert rights.year_of("s1", 2024, [], [twice], []).attended == 2


def test_C_25_who_joined_the_research_did_also_where_it_was_made_anew() -> None:
    first = replace(RESEARCHED, seats=("s1",))
    matter = lived([PROPOSED, ACCEPTED, first, ON_PAPER, CORRECTED, RESEARCHED])
    assert rights.year_of("s1", 2025, [], [matter], []).researched == 1
    assert rights.year_of("s2", 2025, [], [matter], []).researched == 0
