"""I-11: what counts in which quarter, and figures that never guess."""

from dataclasses import replace
from typing import Any

import pytest

from chassis.cause import Cause
from chassis.subscriptions import Heard
from contracts import whistle
from contracts.event import Envelope
from services.index import consumers
from services.index.domain.entry import Account, Entry, Standing, Turn
from services.index.domain.scorecard import (
    AREA,
    CONSULTATION,
    FACTS,
    FIGURES,
    PREMISES,
    SUMS,
    Figure,
    Scorecard,
    scorecard,
)
from services.index.kinds import entry_keys
from services.index.queries.scorecards import ScorecardQueries
from services.index.replay import Book
from tests.contracts.examples import EXAMPLES

from .cases import (
    GOOD,
    LIFE,
    WORSE,
    closed,
    closed_again,
    delivered,
    heard,
    missed,
    missed_again,
    rejected,
    reopened,
    withdrawn,
)

# Quarters

QUARTERS = [
    ("2026-03-31T15:59:59Z", "2026-Q1"),
    ("2026-03-31T15:59:59.999999Z", "2026-Q1"),
    ("2026-03-31T16:00:00Z", "2026-Q2"),
    ("2026-06-30T16:00:00Z", "2026-Q3"),
    ("2026-09-30T16:00:00Z", "2026-Q4"),
    ("2026-12-31T15:59:59Z", "2026-Q4"),
    ("2026-12-31T16:00:00Z", "2027-Q1"),
]


@pytest.mark.parametrize(("at", "quarter"), QUARTERS)
def test_I_11_a_quarter_ends_at_midnight_in_shanghai(at: str, quarter: str) -> None:
    assert delivered(heard(12, Turn.CLOSED, at, GOOD)).quarter == quarter


def test_I_11_an_entry_counts_in_the_quarter_of_its_first_closing() -> None:
    assert delivered(*LIFE).quarter == "2026-Q1"
    assert delivered(closed_again).quarter == "2026-Q2"
    assert delivered(missed, closed_again).quarter == "2026-Q2"


def test_I_11_what_came_up_to_the_street_counts_in_the_quarter_of_the_streets_closing() -> None:
    """W-10: what the community closed and could not settle after all isn't that of its first closing."""
    below = replace(closed, level="community")
    again = replace(closed_again, level="community")
    above = replace(closed_again, level="street")
    assert delivered(below, reopened).quarter == "2026-Q1"
    assert delivered(below, reopened, again).quarter == "2026-Q1"
    assert delivered(below, reopened, above).quarter == "2026-Q2"
    assert delivered(above, reopened, below).quarter == "2026-Q2"
    # What was entered before the level was kept stays where it is counted.
    assert delivered(closed, reopened, above).quarter == "2026-Q1"
    rated = heard(30, Turn.CLOSED, "2026-07-02T03:00:00Z", GOOD)
    assert delivered(below, reopened, above, replace(rated, level="street")).quarter == "2026-Q2"


@pytest.mark.parametrize("turn", [Turn.REJECTED, Turn.WITHDRAWN])
def test_I_11_what_came_up_and_was_not_registered_counts_in_the_quarter_of_that(turn: Turn) -> None:
    """W-02, W-04: the irregular one is the street's, and nothing that its community once closed."""
    below = replace(closed, level="community")
    ended = replace(heard(25, turn, "2026-04-20T03:00:00Z"), level="street")
    assert delivered(below, reopened, ended).quarter == "2026-Q2"
    # What was entered before the level was kept stays where it is counted.
    assert delivered(below, reopened, replace(ended, level=None)).quarter == "2026-Q1"
    assert delivered(closed, reopened, ended).quarter == "2026-Q1"


async def test_I_11_the_level_of_a_closing_is_kept() -> None:
    book = Book()
    [hear] = [one for one in consumers.of_cards(book) if one.event is whistle.Closed]
    news = whistle.Closed.model_validate(EXAMPLES["whistle.closed.v1"])
    await hear.react(said(news))
    [turn] = book.entries["w-1"].heard
    assert turn.level == news.level


@pytest.mark.parametrize(
    ("automatic", "standing"), [(False, Standing.REJECTED), (True, Standing.WITHDRAWN)]
)
async def test_W_04_a_rejection_of_what_the_platform_blew_is_nobodys_irregular_one(
    automatic: bool, standing: Standing
) -> None:
    book = Book()
    [hear] = [one for one in consumers.of_cards(book) if one.event is whistle.Rejected]
    example = EXAMPLES["whistle.rejected.v1"]
    await hear.react(said(whistle.Rejected.model_validate({**example, "automatic": automatic})))
    assert book.entries["w-1"].standing is standing


def said(news: whistle.Closed | whistle.Rejected) -> Heard[Any]:
    envelope = Envelope.model_validate(
        {
            "id": "e-1",
            "source": "/gongzhi/whistle",
            "type": news.type,
            "subject": "whistles/w-1",
            "time": "2026-03-10T02:00:00Z",
            "sequence": "000000000012",
            "correlationid": "case-1",
            "data": {},
        }
    )
    return Heard(news, envelope, Cause(actor="system:bus", now=envelope.time))


def test_I_11_without_a_closing_it_is_that_of_the_rejection_withdrawal_or_first_alarm() -> None:
    assert delivered(rejected).quarter == "2026-Q1"
    assert delivered(withdrawn).quarter == "2026-Q1"
    assert delivered(missed).quarter == "2026-Q1"
    in_april = heard(9, Turn.REJECTED, "2026-04-02T03:00:00Z")
    assert delivered(missed, in_april).quarter == "2026-Q2"
    alarm_in_april = heard(9, Turn.MISSED, "2026-04-02T03:00:00Z")
    assert delivered(missed, alarm_in_april).quarter == "2026-Q1"


def test_I_11_a_reopening_heard_alone_has_a_quarter_too() -> None:
    assert delivered(reopened).quarter == "2026-Q1"


# What an entry counts


async def test_I_11_a_unit_whose_it_was_not_counts_in_no_share() -> None:
    example = EXAMPLES["whistle.closed.v1"]
    theirs = {**example["records"][0], "settled_before": False}
    late = {"arrived_on_time": False, "handled_on_time": False}
    records = [theirs, {**theirs, **late}, {**theirs, **late, "outcome": "not_ours"}]
    account = await heard_of({**example, "records": records})
    assert (account.arrivals, account.arrivals_on_time) == (2, 1)
    assert (account.handlings, account.handlings_on_time) == (2, 1)


async def test_I_11_what_a_unit_settled_before_counts_though_it_is_anothers_now() -> None:
    example = EXAMPLES["whistle.closed.v1"]
    theirs = {**example["records"][0], "outcome": "not_ours", "settled_before": True}
    account = await heard_of({**example, "records": [theirs]})
    assert (account.arrivals, account.handlings_on_time) == (1, 1)


async def heard_of(example: dict[str, Any]) -> Account:
    news = whistle.Closed.model_validate(example)
    book = Book()
    [hear] = [one for one in consumers.of_cards(book) if one.event is whistle.Closed]
    await hear.react(said(news))
    account = book.entries["w-1"].account
    assert account is not None
    return account


STANDINGS = [
    ((missed,), Standing.OPEN),
    ((closed,), Standing.CLOSED),
    ((missed, closed), Standing.CLOSED),
    ((closed, reopened), Standing.OPEN),
    ((closed, reopened, missed_again), Standing.OPEN),
    (LIFE, Standing.CLOSED),
    ((rejected,), Standing.REJECTED),
    ((withdrawn,), Standing.WITHDRAWN),
    ((closed, heard(15, Turn.MISSED, "2026-03-27T09:00:01Z")), Standing.CLOSED),
]


@pytest.mark.parametrize(("news", "standing"), STANDINGS)
def test_I_11_the_standing_is_that_of_the_latest_turn(
    news: tuple[Any, ...], standing: Standing
) -> None:
    assert delivered(*news).standing is standing


def test_I_11_a_reopened_whistle_does_not_count_until_it_is_closed_again() -> None:
    assert delivered(missed, closed).account == GOOD
    assert delivered(missed, closed, reopened).account is None
    assert delivered(*LIFE).account == WORSE


def test_I_11_alarms_are_of_open_whistles_only() -> None:
    assert delivered(missed).alarms == 1
    assert delivered(missed, heard(5, Turn.MISSED, "2026-03-09T09:00:01Z")).alarms == 2
    assert delivered(missed, closed).alarms == 0
    withdrawn_after = heard(9, Turn.WITHDRAWN, "2026-03-05T03:00:00Z")
    assert delivered(missed, withdrawn_after).alarms == 0


def test_I_11_the_alarms_of_a_closed_walk_do_not_come_back_with_a_reopening() -> None:
    assert delivered(missed, closed, reopened).alarms == 0
    assert delivered(missed, closed, reopened, missed_again).alarms == 1
    assert delivered(*LIFE).alarms == 0


def keys(entry: Entry) -> dict[str, object]:
    return {name: value for name, value in entry_keys(entry).items() if value}


def test_I_11_alarms_are_never_in_the_on_time_figures() -> None:
    alarmed = delivered(closed, reopened, missed_again)
    assert keys(alarmed) == {
        "street": "liujia",
        "quarter": "2026-Q1",
        "year": 2026,
        "community": "haihua",
        "standing": Standing.OPEN,
        "alarms": 1,
    }


def test_I_11_on_time_comes_from_the_closing_alone() -> None:
    expected = {
        "street": "liujia",
        "quarter": "2026-Q1",
        "year": 2026,
        "community": "haihua",
        "standing": Standing.CLOSED,
        "arrivals": 3,
        "arrivals_on_time": 2,
        "handlings": 3,
        "handlings_on_time": 3,
        "returns": 1,
        "score": 7567,
        "satisfaction": 4,
        "rated": 1,
    }
    assert keys(delivered(closed)) == expected
    assert keys(delivered(missed, closed)) == expected
    assert set(entry_keys(delivered(missed))) == {
        "street",
        "quarter",
        "year",
        "category",
        "community",
        "standing",
        *SUMS,
    }


def test_I_11_an_unrated_whistle_is_not_in_the_satisfaction() -> None:
    kept = entry_keys(delivered(*LIFE))
    assert (kept["satisfaction"], kept["rated"]) == (0, 0)


# The card

NOTHING: dict[str, int] = {}

CLOSED = {
    "count": 3,
    "arrivals": 7,
    "arrivals_on_time": 6,
    "handlings": 8,
    "handlings_on_time": 5,
    "returns": 2,
    "score": 22_000,
    "satisfaction": 9,
    "rated": 2,
    "alarms": 0,
}
FULL = {
    Standing.CLOSED: CLOSED,
    Standing.REJECTED: {"count": 2, "alarms": 9, "returns": 9},
    Standing.OPEN: {"count": 4, "alarms": 5, "returns": 9},
    Standing.WITHDRAWN: {"count": 6, "returns": 9},
}


def carded(sums: Any, facts: Any = NOTHING, premises: Any = ()) -> Scorecard:
    return scorecard("liujia", "2026-Q1", sums, facts, premises)


def test_I_11_the_card_in_full() -> None:
    card = carded(FULL)
    assert (card.street, card.quarter) == ("liujia", "2026-Q1")
    assert card.figures[:8] == (
        Figure(name="whistles_closed", value=3),
        Figure(name="arrival_on_time", value=8571, part=6, of=7),
        Figure(name="handling_on_time", value=6250, part=5, of=8),
        Figure(name="returns", value=2),
        Figure(name="mean_score", value=7333, part=22_000, of=3),
        Figure(name="satisfaction", value=450, part=900, of=2),
        Figure(name="irregular", value=2),
        Figure(name="open_alarms", value=5),
    )


@pytest.mark.parametrize(
    ("part", "of", "value"), [(1, 8, 1250), (1, 3, 3333), (2, 3, 6667), (1, 16, 625), (0, 5, 0)]
)
def test_I_11_shares_are_hundredths_of_a_percent(part: int, of: int, value: int) -> None:
    sums = {Standing.CLOSED: {"count": 1, "arrivals": of, "arrivals_on_time": part}}
    assert carded(sums).figures[1].value == value


def test_I_11_a_mean_is_rounded_half_up() -> None:
    sums = {Standing.CLOSED: {"count": 2, "score": 8400 + 8401}}
    assert carded(sums).figures[4].value == 8401


def test_I_11_without_a_denominator_there_is_no_value() -> None:
    figures = {one.name: one for one in carded({}).figures}
    assert {name for name, one in figures.items() if one.value is None} == {
        "arrival_on_time",
        "handling_on_time",
        "mean_score",
        "satisfaction",
        "payments_on_time",
        "evaluation",
        "premises_at_standard",
        "area_per_100",
        "consultation",
    }
    assert {name: one.value for name, one in figures.items() if one.value is not None} == {
        "whistles_closed": 0,
        "returns": 0,
        "irregular": 0,
        "open_alarms": 0,
    }


def test_I_11_nobody_rated_is_not_a_satisfaction_of_zero() -> None:
    unrated = {Standing.CLOSED: {**CLOSED, "satisfaction": 0, "rated": 0}}
    assert carded(unrated).figures[5] == Figure(name="satisfaction", value=None, part=0, of=0)


def test_I_11_every_figure_opens_to_the_entries_it_is_made_of() -> None:
    assert dict(FIGURES) == {
        "whistles_closed": Standing.CLOSED,
        "arrival_on_time": Standing.CLOSED,
        "handling_on_time": Standing.CLOSED,
        "returns": Standing.CLOSED,
        "mean_score": Standing.CLOSED,
        "satisfaction": Standing.CLOSED,
        "irregular": Standing.REJECTED,
        "open_alarms": Standing.OPEN,
    }
    assert [one.name for one in carded({}).figures] == [
        *FIGURES,
        *FACTS,
        PREMISES,
        AREA,
        CONSULTATION,
    ]
    assert hasattr(ScorecardQueries, "behind")
