"""I-15: annex 9 on its stated scale: what is told, what is claimed, both marks side by side."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from chassis.kernel.errors import RuleBroken
from services.index.domain.annex9 import CLAIMED, FULL, TOLD, Sum, bonus_of, total
from services.index.domain.annex9_events import (
    Claim,
    FactTold,
    ItemMarked,
    Level,
    Marker,
    MatterTold,
    MissTold,
    Owed,
    PieceTakenUp,
    PlanTold,
    RollTold,
    SessionTold,
    Sheet,
    SheetBegun,
    SheetEvent,
    evolve,
)

NOW = datetime(2026, 11, 2, 1, tzinfo=UTC)
BEGUN = SheetBegun(street="guandu", year=2026)
PLAN = PlanTold(event="e-1", sequence=3, topics=2, regular=1)
SESSIONS = (SessionTold(event="e-2", papers=True), SessionTold(event="e-3", papers=True))
DONE = MatterTold(
    event="e-4",
    matter="m-1",
    sequence=9,
    completed=True,
    fixed=50,
    informed=50,
    written=35,
    progress=2,
)
NOT_DONE = replace(DONE, event="e-5", matter="m-2", completed=False, informed=40, progress=0)
CLAIMS = {
    1: Claim(document="成立领导小组的文件"),
    2: Claim(document="协商民主机制的文件"),
    3: Claim(document="名单", members=50, non_party=30),
    4: Claim(place=True, walls=3),
    8: Claim(published=4, of=4),
    11: Claim(mark=100, signed=True),
    12: Claim(mark=100, signed=True),
}
PIECE = PieceTakenUp(
    piece="信息1号",
    level=Level.CITY,
    evidence="采用通知",
    by="department:united_front",
    at=NOW,
)


def marked(item: int, claim: Claim, marker: Marker = Marker.SELF) -> ItemMarked:
    return ItemMarked(
        marker=marker, item=item, claim=claim, evidence="材料", by="street:guandu", at=NOW
    )


def after(*events: SheetEvent) -> Sheet:
    sheet = evolve(None, BEGUN)
    for event in events:
        sheet = evolve(sheet, event)
    return sheet


def summed(*events: SheetEvent, marker: Marker = Marker.SELF) -> Sum:
    return total(after(*events), marker)


def points(item: int, *events: SheetEvent) -> int | None:
    return summed(*events).lines[item - 1].points


def of(item: int, **claim: Any) -> int | None:
    return points(item, marked(item, Claim(**claim)))


LIFE: tuple[SheetEvent, ...] = (
    BEGUN,
    *(marked(item, claim) for item, claim in CLAIMS.items()),
    PLAN,
    *SESSIONS,
    DONE,
    PIECE,
    RollTold(event="e-8", sequence=4, members=50, non_party=30, at=NOW),
    FactTold(event="e-9", sequence=1, item=1, claim=Claim(document="consultation"), at=NOW),
    MissTold(event="e-10", matter="m-9", owed=Owed.PROGRESS, at=NOW),
)


# The whole


def test_I_15_a_full_year_is_100_points_and_what_is_beyond() -> None:
    assert sum(FULL.values()) == 10_000
    whole = summed(*LIFE[1:])
    assert [line.points for line in whole.lines] == list(FULL.values())
    assert (whole.points, whole.bonus, whole.without) == (10_200, 200, ())


def test_I_15_without_an_outcome_7_9_and_10_have_no_value_and_it_is_said() -> None:
    some = [event for event in LIFE[1:] if event != DONE]
    whole = summed(*some)
    assert whole.without == (7, 9, 10)
    assert whole.points == 10_200 - 500 - 1000 - 1000
    assert summed().without == (1, 2, 3, 4, 7, 8, 9, 10, 11, 12)


def test_I_15_the_streets_own_marks_and_the_assessed_stand_side_by_side() -> None:
    own, assessed = marked(4, CLAIMS[4]), marked(4, Claim(place=True, walls=2), Marker.ASSESSED)
    assert summed(own, assessed).lines[3].points == 600
    assert summed(own, assessed, marker=Marker.ASSESSED).lines[3].points == 400
    again = marked(4, Claim(place=True, walls=1))
    assert summed(own, again, assessed).lines[3].points == 200
    assert summed(own, marker=Marker.ASSESSED).lines[3].points is None


# What is claimed


def test_I_15_documents_are_full_or_nothing() -> None:
    assert (of(1, document="文件"), of(2, document="文件")) == (400, 500)
    assert (of(1, document=" "), of(2)) == (0, 0)


@pytest.mark.parametrize(
    ("members", "non_party", "document", "scored"),
    [
        (50, 30, "名单", 1000),
        (45, 27, "名单", 1000),
        (55, 33, "名单", 1000),
        (44, 44, "名单", 0),
        (56, 56, "名单", 0),
        (50, 29, "名单", 0),
        (50, 30, "", 0),
    ],
)
def test_I_15_the_committee_stands_as_it_should_with_its_list(
    members: int, non_party: int, document: str, scored: int
) -> None:
    assert of(3, members=members, non_party=non_party, document=document) == scored


def test_I_15_each_wall_counts_and_without_a_fixed_place_none() -> None:
    assert [of(4, place=True, walls=walls) for walls in range(4)] == [0, 200, 400, 600]
    assert of(4, place=False, walls=3) == 0


def test_I_15_what_is_published_counts_by_its_share() -> None:
    assert (of(8, published=3, of=4), of(8, published=0, of=4)) == (750, 0)
    assert of(8) is None  # no rules came of it: nothing to publish


def test_I_15_a_mark_without_a_signature_counts_nothing() -> None:
    assert (of(11, mark=87, signed=True), of(12, mark=87, signed=False)) == (435, 0)


# What is told


def test_I_15_a_plan_of_two_sessions() -> None:
    assert points(5, PLAN) == 1000
    assert points(5, replace(PLAN, topics=1, regular=0)) == 0
    assert points(5, replace(PLAN, topics=0, regular=2)) == 1000
    assert points(5) == 0
    newer = replace(PLAN, event="e-0", sequence=4, topics=1, regular=0)
    assert points(5, PLAN, newer) == 0 == points(5, newer, PLAN)


def test_I_15_the_planned_topical_sessions_held_with_their_papers_or_nothing() -> None:
    assert points(6, PLAN, *SESSIONS) == 2000
    assert points(6, PLAN, SESSIONS[0]) == 0
    assert points(6, PLAN, SESSIONS[0], replace(SESSIONS[1], papers=False)) == 0
    assert points(6, *SESSIONS) == 0
    assert points(6, replace(PLAN, topics=0)) == 0


def test_I_15_a_plan_filed_again_makes_no_planned_session_less() -> None:
    fewer = replace(PLAN, event="e-0", sequence=4, topics=1)
    assert points(6, PLAN, fewer, SESSIONS[0]) == 0 == points(6, fewer, PLAN, SESSIONS[0])
    assert points(6, PLAN, fewer, *SESSIONS) == 2000
    more = replace(fewer, topics=3)
    assert points(6, PLAN, more, *SESSIONS) == 0


def test_I_15_two_sessions_on_one_matter_are_of_one_planned_topic() -> None:
    first, again = (replace(session, matter="m-1") for session in SESSIONS)
    assert points(6, PLAN, first, again) == 0
    assert points(6, PLAN, first, replace(again, matter="m-2")) == 2000


def test_I_15_feedback_counts_by_the_lower_of_the_two() -> None:
    assert points(7, DONE) == 500
    assert points(7, replace(DONE, informed=40)) == 400
    assert points(7, replace(DONE, written=21)) == 300  # 42 % of 70 %
    assert points(7, replace(DONE, written=50)) == 500
    assert points(7, DONE, NOT_DONE) == 450
    assert points(7, replace(DONE, fixed=0, informed=0, written=0)) is None


def test_I_15_progress_and_completion_count_by_their_share_of_80_percent() -> None:
    others = [replace(DONE, event=f"e-1{n}", matter=f"m-1{n}") for n in range(3)]
    assert (points(9, DONE, NOT_DONE), points(10, DONE, NOT_DONE)) == (625, 625)
    four_of_five = (DONE, *others, NOT_DONE)
    assert (points(9, *four_of_five), points(10, *four_of_five)) == (1000, 1000)
    assert points(10, DONE) == 1000


def test_I_15_a_matter_counts_as_it_ended_last() -> None:
    again = replace(DONE, event="e-0", sequence=15, completed=False)
    assert points(10, DONE, again) == 0 == points(10, again, DONE)


def test_I_12_what_is_told_counts_once_in_whatever_order() -> None:
    sheet = after(PLAN)
    assert sheet.hear(PLAN) == ()
    assert sheet.hear(DONE) == (DONE,)
    told: tuple[SheetEvent, ...] = (PLAN, SESSIONS[0], SESSIONS[1], DONE)
    assert len({repr(after(*order)) for order in permutations(told)}) == 1


def test_I_15_every_figure_that_is_told_opens_to_its_events() -> None:
    lines = {line.item: line.events for line in summed(*LIFE[1:]).lines}
    assert {item: lines[item] for item in sorted(TOLD)} == {
        5: ("e-1",),
        6: ("e-2", "e-3"),
        7: ("e-4",),
        9: ("e-4",),
        10: ("e-4",),
    }


# Bonus


@pytest.mark.parametrize(
    ("pieces", "bonus"),
    [
        ((), 0),
        ((replace(PIECE, level=Level.DISTRICT),), 100),
        ((PIECE,), 200),
        ((replace(PIECE, level=Level.PROVINCE),), 300),
        ((PIECE, replace(PIECE, level=Level.DISTRICT)), 200),
        ((replace(PIECE, level=Level.DISTRICT), replace(PIECE, level=None, commented=True)), 200),
        ((PIECE, replace(PIECE, piece="信息2号", level=Level.DISTRICT)), 300),
        ((PIECE, replace(PIECE, piece="信息2号")), 300),
        ((replace(PIECE, level=Level.PROVINCE, commented=True),), 300),
    ],
)
def test_I_15_each_piece_once_at_its_highest_and_never_more_than_3(
    pieces: tuple[PieceTakenUp, ...], bonus: int
) -> None:
    assert bonus_of(after(*pieces)) == bonus


# What consultation has on record


def recorded(item: int | None, sequence: int = 1, **more: Any) -> FactTold:
    event = f"f-{item or more.get('piece')}-{sequence}"
    return FactTold(event=event, sequence=sequence, item=item, at=NOW, **more)


FACTS = (
    recorded(1, claim=Claim(document="consultation")),
    recorded(2, claim=Claim(document="consultation")),
    recorded(4, claim=Claim(place=True, walls=2)),
    recorded(8, claim=Claim(published=3, of=4)),
    recorded(11, claim=Claim(mark=90, signed=True)),
    recorded(12, claim=Claim(mark=80, signed=True)),
)


def test_I_15_what_consultation_has_on_record_stands_for_both_marks() -> None:
    for marker in Marker:
        sheet = summed(*FACTS, marker=marker)
        found = {line.item: line.points for line in sheet.lines if line.points is not None}
        assert {n: found[n] for n in (1, 2, 4, 8, 11, 12)} == {
            1: 400,
            2: 500,
            4: 400,  # two of three walls
            8: 750,
            11: 450,
            12: 400,
        }
    [line] = [line for line in summed(*FACTS).lines if line.item == 8]
    assert line.events == ("f-8-1",)


def test_I_15_what_one_of_them_says_of_an_item_goes_before_for_its_own_mark() -> None:
    said = marked(8, Claim(published=1, of=4), Marker.ASSESSED)
    own, assessed = (
        {line.item: line.points for line in summed(*FACTS, said, marker=marker).lines}
        for marker in Marker
    )
    assert (own[8], assessed[8]) == (750, 250)


def test_I_15_of_an_item_the_last_record_holds_in_whatever_order_they_come() -> None:
    first, put_right = (
        recorded(11, n, claim=Claim(mark=mark, signed=True)) for n, mark in ((1, 90), (2, 60))
    )
    assert points(11, first, put_right) == points(11, put_right, first) == 300


def test_I_15_a_piece_on_record_and_entered_counts_once_and_never_more_than_3() -> None:
    taken = recorded(None, piece=PIECE.piece, level=Level.DISTRICT)
    assert bonus_of(after(taken)) == 100
    assert bonus_of(after(PIECE, taken)) == 200
    put_right = recorded(None, 2, piece=PIECE.piece, level=Level.PROVINCE, commented=True)
    other = recorded(None, piece="info-9", level=Level.CITY)
    assert bonus_of(after(taken, put_right)) == 300
    assert bonus_of(after(taken, put_right, other, PIECE)) == 300


def test_I_12_a_record_told_again_counts_once() -> None:
    sheet = after(FACTS[0])
    assert sheet.hear(FACTS[0]) == ()
    assert sheet.hear(FACTS[1]) == (FACTS[1],)


# What is refused


def refused(step: Callable[[], object]) -> str | None:
    with pytest.raises(RuleBroken) as refusal:
        step()
    assert refusal.value.rule.id == "I-15"
    return refusal.value.field


@pytest.mark.parametrize(
    ("marked", "field"),
    [
        (marked(5, Claim()), "item"),
        (marked(13, Claim()), "item"),
        (replace(marked(1, CLAIMS[1]), at=datetime(2025, 12, 31, tzinfo=UTC)), "item"),
        (replace(marked(1, CLAIMS[1]), evidence=" "), "evidence"),
        (marked(3, Claim(document="名单", members=50, non_party=51)), "non_party"),
        (marked(8, Claim(published=5, of=4)), "published"),
    ],
)
def test_I_15_only_what_is_claimed_is_marked_and_shown(marked: ItemMarked, field: str) -> None:
    assert after().mark(replace(marked, item=1, claim=CLAIMS[1], evidence="材料", at=NOW), CLAIMED)
    assert refused(lambda: after().mark(marked, CLAIMED)) == field


def test_I_15_a_piece_says_who_took_it_up_and_shows_it() -> None:
    assert after().take_up(PIECE) == PIECE
    assert refused(lambda: after().take_up(replace(PIECE, level=None))) == "level"
    assert refused(lambda: after().take_up(replace(PIECE, piece=""))) == "piece"
    assert refused(lambda: after().take_up(replace(PIECE, evidence=""))) == "evidence"


def test_I_15_a_quarters_figure_is_of_what_was_known_when_it_ended() -> None:
    march, april = (datetime(2026, month, 10, 2, tzinfo=UTC) for month in (3, 4))
    early = replace(PLAN, at=march)
    late = replace(SESSIONS[0], at=april)
    again = replace(PLAN, event="e-9", at=april)
    sheet = Sheet(street="guandu", year=2026, plans=(early, again), sessions=(late, SESSIONS[1]))
    first, second = sheet.by(date(2026, 3, 31)), sheet.by(date(2026, 6, 30))
    assert (first.plans, first.sessions) == ((early,), (SESSIONS[1],))
    assert second == sheet
    mark = ItemMarked(
        marker=Marker.ASSESSED,
        item=1,
        claim=Claim(document="文件"),
        evidence="文件",
        by="x",
        at=april,
    )
    marked = replace(sheet, marked=(mark,))
    assert (marked.by(date(2026, 3, 31)).marked, marked.by(date(2026, 4, 10)).marked) == (
        (),
        (mark,),
    )
    assert not Sheet(street="guandu", year=2026).known and first.known


# Item 3, of the seats as they were told to stand

EARLY = replace(PLAN, members=50, non_party=30, at=NOW)


def stood(members: int, non_party: int, days: int, sequence: int = 4) -> RollTold:
    at = NOW + timedelta(days=days)
    return RollTold(
        event=f"roll-{days}", sequence=sequence, members=members, non_party=non_party, at=at
    )


def test_I_15_the_seats_that_are_told_stand_for_both_marks() -> None:
    for marker in Marker:
        assert summed(EARLY, marker=marker).lines[2].points == 1000
        assert summed(PLAN, marker=marker).lines[2].points is None
    assert summed(EARLY).lines[2].events == (EARLY.event,)


def test_I_15_the_seats_as_they_stood_last_whatever_came_first() -> None:
    fewer, again = stood(44, 30, 1), stood(45, 27, 2)
    two: tuple[SheetEvent, ...] = (EARLY, fewer)
    for order in permutations(two):
        assert points(3, *order) == 0
    for order in permutations((*two, again)):
        assert points(3, *order) == 1000
    assert points(3, stood(50, 29, 0, 5), stood(50, 30, 0, 4)) == 0
    sheet = after(EARLY, fewer, again).by(date(2026, 11, 3))
    assert total(sheet, Marker.SELF).lines[2].points == 0


def test_I_15_what_is_said_of_the_committee_goes_before_what_is_told() -> None:
    said = marked(3, Claim(document="名单", members=44, non_party=44), Marker.ASSESSED)
    assert summed(EARLY, said, marker=Marker.ASSESSED).lines[2].points == 0
    assert summed(EARLY, said, marker=Marker.SELF).lines[2].points == 1000
