"""I-15: a street's whole year of annex 9, from what consultation tells to each item's points, worked by hand."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chassis.cause import Cause
from chassis.kernel.clock import end_of
from chassis.subscriptions import Heard
from contracts import consultation as published
from contracts.event import Envelope, Event
from services.index.annex9_news import READ
from services.index.domain.annex9 import Sum, total
from services.index.domain.annex9_events import Marker, Sheet, SheetBegun, evolve

SEAL = "0f" * 32


def on(month: int, day: int, year: int = 2026) -> datetime:
    return datetime(year, month, day, 4, tzinfo=UTC)


def fact(day: int, **said: Any) -> Event:
    return published.FactRecorded(street="guandu", year=2026, at=on(5, day), **said)


def session(month: int, kind: str = "topical", level: str = "street") -> Event:
    return published.SessionHeld(
        street="guandu",
        committee="c-1",
        level=level,
        kind=kind,
        matter=None if kind == "regular" else f"of-{month}",
        present=40,
        fixed=50,
        seal=SEAL,
        at=on(month, 20),
    )


def outcome(
    matter: str, month: int, fixed: int, level: str = "street", came: str = "usable_here"
) -> Event:
    return published.OutcomeReported(
        street="guandu",
        community="haihua" if matter == "b" else None,
        matter=matter,
        outcome=came,
        level=level,
        fixed=fixed,
        at=on(month, 21),
    )


def closed(
    matter: str, at: datetime, decided: datetime, fixed: int, told_: int, written: int, done: bool
) -> Event:
    return published.MatterClosed(
        street="guandu",
        community="haihua" if matter == "b" else None,
        matter=matter,
        completed=done,
        fixed=fixed,
        informed=told_,
        written=written,
        progress=int(done),
        missed=0,
        level="street",
        decided=decided,
        at=at,
    )


def followed(matter: str, at: datetime, progress: int = 0, level: str = "street") -> Event:
    return published.OutcomeFollowed(
        street="guandu",
        matter=matter,
        fixed=50,
        informed=40,
        written=28,
        progress=progress,
        level=level,
        decided=on(4, 21),
        at=at,
    )


def missed(matter: str, awaited: str, due: datetime, level: str = "street") -> Event:
    return published.DateMissed(
        street="guandu", matter=matter, awaited=awaited, due=due, level=level
    )


YEAR: tuple[Event, ...] = (
    fact(1, item=1),
    fact(2, item=2),
    published.PlanFiled(
        street="guandu",
        level="street",
        year=2026,
        topics=2,
        regular=2,
        late=False,
        seats=50,
        outside=30,
        at=on(2, 10),
    ),
    published.SeatEnded(
        street="guandu", level="street", seat="s01", seats=49, outside=30, at=on(4, 1)
    ),
    fact(3, item=4, fixed=True, walls=1),
    fact(4, item=4, fixed=True, walls=2, corrected=True),
    session(4),
    session(9),
    session(6, kind="regular"),
    session(3, level="community"),
    outcome("a", 4, 50),
    outcome("b", 9, 50, came="declined"),
    outcome("c", 10, 49),
    outcome("not-ours", 3, 25, level="community"),
    closed("a", on(8, 1), on(4, 21), 50, 50, 30, done=True),
    closed("b", on(12, 30), on(9, 21), 50, 40, 20, done=False),
    # Of last year: counts there, though it ended in this one.
    closed("before", on(1, 9), on(11, 9, 2025), 50, 50, 50, done=True),
    fact(5, item=8, made=7, published=5),
    fact(6, item=11, mark=87),
    fact(7, item=12, mark=93),
    fact(8, piece="info-1", taken="district"),
    fact(9, piece="info-1", taken="city", commented=True, corrected=True),
    fact(10, piece="info-2", taken="province"),
    published.PlanFiled(
        street="guandu",
        level="community",
        year=2026,
        topics=9,
        regular=12,
        late=False,
        seats=25,
        outside=15,
        at=on(2, 20),
    ),
    published.SeatEnded(
        street="guandu", level="community", seat="s02", seats=24, outside=15, at=on(6, 1)
    ),
    missed("c", "feedback", on(11, 20)),
    missed("c", "progress", on(12, 20)),
    missed("not-ours", "progress", on(6, 20), level="community"),
)
POINTS = {
    1: 400,  # its document
    2: 500,  # its document
    3: 1000,  # 49 seats, of which 30 from outside: about 50, and 61 %
    4: 400,  # a fixed place and two of three walls: 6 x 2/3
    5: 1000,  # a plan of two topical sessions and two regular meetings
    6: 2000,  # both topical ones held, their minutes sealed
    7: 240,  # told 90 of 149: 60.4 %; in writing 50 of 149, of 70 %: 47.94 %; the lower of 5 points: 2.397
    8: 714,  # 5 of 7 published: 7.143
    9: 625,  # of the two with something to carry out one reported on, of 80 %: 62.5 %
    10: 625,  # of these two one carried out, of 80 %: 62.5 %
    11: 435,  # 87 of 100
    12: 465,  # 93 of 100
}
BONUS = 300  # 2 for the city and 1 for the comment, 3 for the province: 6, at most 3


def heard(number: int, event: Event) -> Heard[Any]:
    sequence = f"{number + 3:012}"
    envelope = Envelope(
        id=f"e-{number:02}",
        source="/gongzhi/consultation",
        type=event.type,
        subject=f"things/{number}",
        time=on(12, 31),
        sequence=sequence,
        correlationid="case-1",
        data={},
    )
    return Heard(event, envelope, Cause(actor="system:bus", now=on(12, 31)))


def sheet(news: list[tuple[int, Event]]) -> Sheet:
    made = evolve(None, SheetBegun(street="guandu", year=2026))
    for number, event in news:
        found = READ[type(event)](heard(number, event))
        if found is not None and found[0] == 2026:
            for one in made.hear(found[1]):
                made = evolve(made, one)
    return made


def told_year() -> list[tuple[int, Event]]:
    return list(enumerate(YEAR))


def summed(made: Sheet) -> Sum:
    return total(made, Marker.ASSESSED)


def test_I_15_a_whole_year_is_what_was_worked_by_hand() -> None:
    found = summed(sheet(told_year()))
    assert {line.item: line.points for line in found.lines} == POINTS
    assert (found.bonus, found.points, found.without) == (BONUS, 8404 + 300, ())
    assert sum(POINTS.values()) == 8404
    behind = {line.item: line.events for line in found.lines}
    assert (behind[5], behind[6]) == (("e-02",), ("e-06", "e-07"))


def test_I_15_a_session_counts_for_the_matter_it_was_on() -> None:
    plan = next(one for one in YEAR if isinstance(one, published.PlanFiled))
    for months, scored in (((4, 4), 0), ((4, 9), 2000)):
        made = sheet(list(enumerate((plan, *map(session, months)))))
        assert [line.points for line in summed(made).lines if line.item == 6] == [scored]


@pytest.mark.parametrize("seed", range(3))
def test_I_15_a_whole_year_three_times_and_shuffled_is_the_same(seed: int) -> None:
    news = told_year() * 3
    random.Random(seed).shuffle(news)
    assert repr(summed(sheet(news))) == repr(summed(sheet(told_year())))


def test_I_15_an_outcome_counts_from_its_day_and_as_carried_out_from_its_end() -> None:
    made = sheet(told_year())
    lines = {line.item: line for line in summed(made.by(date(2026, 6, 30))).lines}
    assert (lines[10].points, lines[10].events) == (0, ("e-10",))
    lines = {line.item: line for line in summed(made.by(date(2026, 8, 2))).lines}
    assert (lines[10].points, lines[10].events) == (1000, ("e-14",))
    before = {line.item: line for line in summed(made.by(date(2026, 3, 31))).lines}
    assert before[10].points is None


def lines(made: Sheet) -> dict[int, int | None]:
    return {line.item: line.points for line in summed(made).lines}


def test_I_15_what_is_done_after_the_year_is_none_of_it_and_sheet_and_card_agree() -> None:
    plan = next(one for one in YEAR if isinstance(one, published.PlanFiled))
    in_time = closed("a", on(12, 30), on(4, 21), 50, 50, 50, done=True)
    for news, item, scored in (
        (plan.model_copy(update={"at": on(1, 1, 2027)}), 5, 0),
        (plan.model_copy(update={"at": on(12, 31)}), 5, 1000),
        (in_time, 10, 1000),
        (in_time.model_copy(update={"at": on(1, 5, 2027)}), 10, 0),
    ):
        made = sheet([(0, outcome("a", 4, 50)), (1, news)])
        assert lines(made)[item] == lines(made.by(date(2026, 12, 31)))[item] == scored
    beyond = session(4).model_copy(update={"at": on(1, 1, 2027)})
    assert summed(sheet([(0, plan), (1, beyond)])).lines[5].events == ()


def test_I_15_what_is_said_of_the_year_when_it_is_over_is_said_of_the_whole_of_it() -> None:
    late = published.FactRecorded(street="guandu", year=2026, item=11, mark=90, at=on(1, 5, 2027))
    made = sheet([(0, late)])
    assert lines(made)[11] == lines(made.by(date(2026, 12, 31)))[11] == 450
    assert lines(made.by(date(2026, 9, 30)))[11] is None


def points(*news: Event) -> dict[int, int | None]:
    found = summed(sheet(list(enumerate(news))))
    return {line.item: line.points for line in found.lines if line.item in (7, 9, 10)}


@pytest.mark.parametrize("came", ["declined", "not_yet_possible"])
def test_I_15_where_nothing_is_to_be_carried_out_nothing_is_missing(came: str) -> None:
    told_back = closed("n", on(5, 9), on(4, 21), 50, 50, 50, done=False)
    done = (outcome("d", 3, 50), closed("d", on(8, 1), on(3, 21), 50, 50, 50, done=True))
    for heard in ([outcome("n", 4, 50, came=came)], [outcome("n", 4, 50), told_back], [told_back]):
        assert points(*done, *heard) == {7: 500, 9: 1000, 10: 1000}
    # Feedback is owed of every outcome; alone it leaves the other two without a value.
    assert points(told_back) == {7: 500, 9: None, 10: None}
    silent = closed("n", on(5, 9), on(4, 21), 50, 0, 0, done=False)
    assert points(*done, silent)[7] == 250


def test_I_15_what_is_not_due_yet_is_not_missing() -> None:
    done = (outcome("d", 3, 50), closed("d", on(8, 1), on(3, 21), 50, 50, 50, done=True))
    late = outcome("l", 12, 50)
    assert points(late) == {7: None, 9: None, 10: 0}
    assert points(*done, late) == {7: 500, 9: 1000, 10: 625}
    assert points(*done, late, missed("l", "decision", on(12, 30))) == {7: 250, 9: 1000, 10: 625}
    assert points(*done, late, missed("l", "progress", on(12, 30))) == {7: 500, 9: 625, 10: 625}
    assert points(*done, late, missed("l", "publication", on(12, 30)))[9] == 1000
    # By the end of the year's last day, and not by that of the next.
    over = end_of(date(2026, 12, 31))
    assert points(*done, late, missed("l", "progress", over))[9] == 625
    assert points(*done, late, missed("l", "progress", over + timedelta(days=1)))[9] == 1000
    # Of a time it was deliberated before.
    assert points(*done, late, missed("l", "progress", on(11, 30)))[9] == 1000


def test_I_15_what_is_said_of_an_outcome_counts_before_its_matter_ends_and_once() -> None:
    late, begun = missed("m", "report", on(5, 1)), outcome("m", 4, 50)
    assert points(begun, late) == {7: 0, 9: None, 10: 0}
    told_late = (begun, late, followed("m", on(5, 20)))
    assert points(*told_late) == {7: 400, 9: None, 10: 0}
    silent = missed("m", "progress", on(8, 20))
    assert points(*told_late, silent) == {7: 400, 9: 0, 10: 0}
    going_on = (*told_late, silent, followed("m", on(9, 1), progress=1))
    assert points(*going_on) == {7: 400, 9: 1000, 10: 0}
    # Nothing was missed, and what was told is counted all the same.
    assert points(begun, followed("m", on(5, 2), progress=1)) == {7: 400, 9: 1000, 10: 0}
    end = closed("m", on(11, 1), on(4, 21), 50, 40, 28, done=True)
    assert points(*going_on, end) == {7: 400, 9: 1000, 10: 1000}
    assert points(begun, followed("m", on(5, 2), level="community"))[7] is None


def test_I_15_what_is_said_of_an_outcome_in_the_year_after_is_none_of_its_own() -> None:
    made = sheet(list(enumerate([outcome("m", 4, 50), followed("m", on(1, 2, 2027), 1)])))
    assert made.matters[1].at == on(1, 2, 2027)
    assert lines(made) == lines(made.by(date(2026, 12, 31)))
    assert (lines(made)[7], lines(made)[9]) == (None, None)


def test_I_15_carried_out_before_its_first_report_was_due_is_reported_on() -> None:
    swift = published.MatterClosed(
        **{**closed("s", on(5, 9), on(4, 21), 50, 50, 50, done=True).model_dump(), "progress": 0}
    )
    assert points(swift) == {7: 500, 9: 1000, 10: 1000}
    assert points(missed("s", "progress", on(5, 1)), swift) == {7: 500, 9: 0, 10: 1000}


def test_I_15_a_matter_of_2016_is_carried_out_and_nobody_counts_who_was_told() -> None:
    begun = outcome("o", 3, 50)
    end = published.MatterClosed(
        street="guandu",
        matter="o",
        completed=True,
        fixed=50,
        progress=0,
        missed=0,
        level="street",
        decided=on(3, 21),
        at=on(8, 1),
    )
    assert points(begun, end) == {7: None, 9: 1000, 10: 1000}
    counted = closed("a", on(8, 1), on(4, 21), 50, 50, 50, done=True)
    assert points(outcome("a", 4, 50), counted, begun, end)[7] == 500


def test_I_15_a_missed_date_alone_is_no_news_of_a_year() -> None:
    made = sheet([(0, missed("before", "progress", on(2, 1)))])
    assert made.misses and not made.known


def test_I_15_a_matter_taken_up_again_counts_as_not_carried_out() -> None:
    again = (90, outcome("a", 11, 50))
    lines = {line.item: line for line in summed(sheet([*told_year(), again])).lines}
    assert lines[10].points == 0
