"""What others are promised to hear over a whole life, and that no word of the matter or a person is in it."""

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, get_args

import pytest
from hypothesis import given as for_any
from hypothesis import strategies as st

from chassis.keyring import Keyring
from chassis.kind import derived_id
from contracts import whistle as published
from contracts.event import Event
from services.whistle import announce
from services.whistle.domain import problem, unit
from services.whistle.domain.events import (
    DeadlineMoved,
    Noted,
    StreetSolves,
    UnitArrived,
    Urged,
    WhistleEvent,
    WhistleReopened,
)
from services.whistle.domain.evolution import evolve
from services.whistle.domain.task import Outcome
from services.whistle.spots import Spots
from services.whistle.steps.problems import PROBLEMS
from services.whistle.steps.units import UNITS
from tests.support.specification import past

from . import cases
from . import test_W_05_outcomes_and_competence as disputes
from .cases import (
    ANSWERED,
    ARRIVE_BY,
    CALLED,
    CALLED_BELOW,
    HANDLED,
    VERIFIED,
    WORK,
    at,
    blown,
    came,
    escalated,
    filed,
)
from .test_documents import LIVES, TOLD, entered, found, told_head
from .test_W_01_problems import collected, followed, joint, noise, settled, small
from .test_W_09_judging import returned
from .test_W_17_reopening import reopened

ABOUT = {
    "street": "liujia",
    "community": "haihua",
    "units": ("water", "transport", "health"),
    "kind": "problem",
    "level": "street",
    "category": "water",
}
tell = announce.of_whistles(WORK)
SPOTS = Spots(bytes(32))
of_problems = announce.of_problems(SPOTS)


def heard(happened: Iterable[Any]) -> list[Event]:
    """All that is published, in order."""
    whistle, letters = None, []
    for event in happened:
        whistle = evolve(whistle, event)
        if (letter := tell(event, whistle)) is not None:
            letters.append(letter)
    return letters


def test_W_06_a_whistle_is_closed_where_the_clock_of_who_took_the_arrival_was_behind() -> None:
    """Dispatched at 10:00 by one machine; by another's clock the unit had come half a minute before."""
    early = at("03-02 09:59:30")
    life = [
        replace(one, at=early) if isinstance(one, UnitArrived) and one.unit == "water" else one
        for one in ANSWERED
    ]
    *_, closed = heard(life)
    assert isinstance(closed, published.Closed)
    [water] = [one for one in closed.records if one.unit == "water"]
    assert (water.arrival_wall_seconds, water.arrival_working_seconds) == (0, 0)
    assert water.arrived_on_time and water.handling_working_seconds


def last(*happened: Any) -> Event | None:
    whistle = cases.state(happened)
    return tell(happened[-1], whistle)


# The promised events


def test_W_08_a_whole_life_is_told_in_order() -> None:
    late = (*CALLED, cases.missed_arrival, came("water", "03-04 09:00"), *ANSWERED[4:])
    assert [letter.type for letter in heard((*late, reopened))] == [
        "whistle.blown.v1",
        "whistle.dispatched.v1",
        "whistle.deadline_missed.v1",
        "whistle.arrived.v1",
        "whistle.handled.v1",
        "whistle.verified.v1",
        "whistle.closed.v1",
        "whistle.reopened.v1",
    ]


def test_W_03_blown_and_dispatched() -> None:
    assert last(blown) == published.Blown(**ABOUT, problem="p-1")
    assert last(*CALLED) == published.Dispatched(**ABOUT, lead="water")


def test_W_05_arrived_is_told_of_the_lead_alone() -> None:
    assert last(*CALLED, came("transport")) is None
    assert last(*CALLED, came("water")) == published.Arrived(**ABOUT, at=at("03-02 15:00"))


def test_W_05_handled_is_told_when_the_last_has_filed_and_again_after_a_return() -> None:
    handled = published.Handled(**ABOUT, outcome="resolved", at=at("03-05 11:00"))
    assert [last(*HANDLED[:-2]), last(*HANDLED[:-1]), last(*HANDLED)] == [None, None, handled]
    again = (*HANDLED, returned, filed("transport", "03-12 11:00"))
    assert last(*again[:-1]) == published.Returned(**ABOUT, returned=("transport",))
    assert last(*again) == handled.model_copy(update={"at": at("03-12 11:00")})


def test_W_05_a_decision_that_leaves_nobody_to_wait_for_is_told_as_handled() -> None:
    of_two = {**ABOUT, "units": ("water", "justice")}
    waiting = (*disputes.ARRIVED, disputes.second, filed("justice", "03-04 12:00"))
    assert last(*waiting) is None
    assert last(*waiting, disputes.decided) == published.Handled(
        **of_two, outcome="resolved", at=at("03-05 09:00")
    )


def test_W_08_that_the_result_holds_is_told() -> None:
    assert last(*VERIFIED) == published.Verified(**ABOUT, outcome="resolved")


def test_W_07_a_miss_is_told() -> None:
    assert last(*CALLED, cases.missed_arrival) == published.DeadlineMissed(
        **ABOUT, unit="water", deadline="arrival", due=ARRIVE_BY
    )
    assert last(*CALLED, cases.missed_handling) == published.DeadlineMissed(
        **ABOUT, unit="water", deadline="handling", due=cases.HANDLE_BY
    )


def test_W_04_rejected_withdrawn_and_reopened() -> None:
    assert last(blown, cases.rejected) == published.Rejected(**ABOUT, problem="p-1")
    automatic = replace(blown, origin="agreement:a-1")
    assert last(automatic, cases.rejected) == published.Rejected(
        **ABOUT, problem="p-1", automatic=True
    )
    assert last(blown, cases.withdrawn) == published.Withdrawn(**ABOUT, problem="p-1")
    assert last(*ANSWERED, reopened) == published.Reopened(**ABOUT)


def test_W_18_an_urging_is_told_and_nothing_of_whom() -> None:
    assert last(blown, Urged(whom=("command_centre",), at=blown.at)) == published.Urged(**ABOUT)


def test_W_05_a_unit_called_in_is_told_as_a_dispatch_and_a_mere_no_is_not() -> None:
    of_two = {**ABOUT, "units": ("water", "justice")}
    assert last(*disputes.ALONE, disputes.first) == published.Dispatched(**of_two, lead="water")
    assert last(*disputes.ARRIVED, disputes.second) is None
    decided = last(*disputes.ARRIVED, disputes.second, disputes.decided)
    assert decided == published.Dispatched(**of_two, lead="justice")


def test_W_12_a_place_of_blanks_is_no_place() -> None:
    def problem_at(place: str | None) -> problem.Problem:
        return problem.evolve(None, replace(collected, place=place))

    for place in (None, "", " \u3000 "):
        assert SPOTS.of(problem_at(place)) is None
    here = SPOTS.of(problem_at("东门 A座"))
    assert here is not None and here == SPOTS.of(problem_at(" 东门\u3000a座 "))
    assert here != SPOTS.of(problem_at("西门"))


def test_W_02_dispatch_after_solving_is_told_of_the_office() -> None:
    solves = StreetSolves(leader="副主任", office="liujia_safety", by=cases.STREET)
    called = replace(cases.called, tasks=(cases.assigned("liujia_safety", lead=True),))
    letters = heard((*CALLED_BELOW, escalated, solves, cases.registered, called))
    assert [letter.type for letter in letters] == [
        "whistle.blown.v1",
        "whistle.dispatched.v1",
        "whistle.dispatched.v1",
    ]
    assert letters[-1] == published.Dispatched(
        **{**ABOUT, "units": ("liujia_safety",)}, lead="liujia_safety"
    )


def record(unit: str, **other: Any) -> published.UnitRecord:
    fields: dict[str, Any] = {
        "unit": unit,
        "lead": unit == "water",
        "outcome": "resolved",
        # From Monday 10:00 to Monday 15:00, and to Thursday 11:00.
        "arrival_wall_seconds": 5 * 3600,
        "arrival_working_seconds": 4 * 3600,
        "arrived_on_time": True,
        "handling_wall_seconds": 73 * 3600,
        "handling_working_seconds": 22 * 3600,
        "handled_on_time": True,
        "returns": 0,
        "score": 8400,
    }
    return published.UnitRecord(**(fields | other))


def test_W_09_closed_is_the_account_of_the_walk() -> None:
    assert last(*ANSWERED) == published.Closed(
        **ABOUT,
        problem="p-1",
        outcome="resolved",
        closed_at=at("03-10 10:00"),
        records=(record("water"), record("transport"), record("health")),
        returns=0,
        score=8400,
    )


def test_W_09_closed_tells_of_lateness_returns_and_the_lead_s_outcome() -> None:
    late = cases.missed_arrival
    scores = tuple(
        replace(score, score=hundredths)
        for score, hundredths in zip(cases.evaluated.scores, (7400, 6900, 8401), strict=True)
    )
    partly = problem_outcome("partly_resolved")
    happened = (
        *CALLED,
        late,
        came("water", "03-04 09:00"),
        came("transport"),
        came("health"),
        filed("water", outcome=partly),
        filed("transport"),
        filed("health"),
        returned,
        filed("transport", "03-06 11:00"),
        cases.done,
        cases.verified,
        cases.grid_80,
        cases.street_90,
        replace(cases.evaluated, scores=scores),
        cases.answered,
    )
    assert last(*happened) == published.Closed(
        **ABOUT,
        problem="p-1",
        outcome="partly_resolved",
        closed_at=at("03-10 10:00"),
        records=(
            record(
                "water",
                outcome="partly_resolved",
                arrival_wall_seconds=47 * 3600,
                arrival_working_seconds=13 * 3600,
                arrived_on_time=False,
                score=7400,
            ),
            record(
                "transport",
                handling_wall_seconds=74 * 3600,
                handling_working_seconds=23 * 3600,
                returns=1,
                score=6900,
            ),
            record("health", score=8401),
        ),
        returns=1,
        score=7567,
    )


def test_W_09_the_mean_leaves_out_whose_it_was_not() -> None:
    scores = tuple(
        replace(score, score=hundredths)
        for score, hundredths in zip(cases.evaluated.scores, (8000, 2000, 9001), strict=True)
    )
    elsewhere = replace(filed("transport", outcome=Outcome.NOT_OURS), whose="water")
    arrived = (*CALLED, came("water"), came("transport"), came("health"))
    judged = (cases.done, cases.verified, cases.grid_80, cases.street_90)
    happened = (
        *arrived,
        elsewhere,
        filed("water"),
        filed("health"),
        *judged,
        replace(cases.evaluated, scores=scores),
        cases.answered,
    )
    account = last(*happened)
    assert isinstance(account, published.Closed)
    assert [(one.unit, one.score) for one in account.records if one.whose] == [("transport", 2000)]
    assert account.score == 8501


def problem_outcome(value: str) -> Any:
    return Outcome(value)


@pytest.mark.parametrize(
    "happened",
    [
        (blown, cases.registered),
        (*CALLED_BELOW, escalated),
        (*CALLED, came("water"), filed("water")),
        (*CALLED, cases.missed_arrival, told_head),
        (*CALLED, cases.paused_pair[0]),
        (*HANDLED, cases.done),
        (*VERIFIED, cases.grid_80),
        ANSWERED[:-1],
        (blown, Noted(what="cancelled", about="a-1")),
    ],
    ids=lambda happened: type(happened[-1]).__name__,
)
def test_W_16_the_rest_is_our_own_affair(happened: tuple[Any, ...]) -> None:
    assert last(*happened) is None


def test_W_01_a_small_matter_settled_is_told_without_its_words() -> None:
    states = past(None, problem.evolve, (collected, small, settled)).state
    assert of_problems(settled, states) == published.ProblemSettled(
        street="liujia", community="haihua", category="parking", channel="visit"
    )
    for silent in (joint, followed, problem.ReporterRead(by="c", reason="r")):
        assert of_problems(silent, states) is None


def test_W_12_a_problem_collected_is_told_by_its_spot_and_not_by_its_place() -> None:
    def told_of(**other: Any) -> Any:
        happened = replace(collected, **other)
        return of_problems(happened, problem.evolve(None, happened))

    first = told_of()
    assert (first.street, first.community, first.channel) == ("liujia", "haihua", "visit")
    assert first.spot == told_of(place=" 海华小区 三栋").spot
    assert first.spot != told_of(place="海华小区四栋").spot
    assert first.spot != told_of(category="noise").spot
    assert told_of(place=None).spot is None
    assert of_problems(noise, problem.evolve(problem.evolve(None, collected), noise)) is None


def test_W_16_a_place_that_is_guessed_is_not_recognised_by_what_is_told() -> None:
    """A door is one of some thousands: an id that follows from it alone is the door."""
    here = problem.evolve(None, replace(collected, place="17栋2单元1203室"))
    told_here = of_problems(collected, here)
    assert isinstance(told_here, published.ProblemCollected)
    assert told_here.spot not in (
        derived_id("spots", here.community, here.category, here.place or ""),
        Spots(bytes([1]) * 32).of(here),
    )
    rotated = Spots(Keyring([SPOTS.secret, bytes([1]) * 32]))
    assert rotated.of(here) == told_here.spot
    assert "secret" not in repr(SPOTS)


def test_a_listed_unit_is_told() -> None:
    assert announce.of_units(entered, unit.evolve(None, entered)) == published.UnitListed(
        units=("haihua_seven",),
        code="haihua_seven",
        name="海华社区七员",
        kind="community_force",
        valid_from="2026-03-02",
        valid_to="2026-12-31",
        listed=33,
    )
    lasting = replace(entered, valid_to=None)
    letter = announce.of_units(lasting, unit.evolve(None, lasting))
    assert isinstance(letter, published.UnitListed) and letter.valid_to is None


# Nothing of the matter, nothing of a person

FREE = {
    "title",
    "reason",
    "ground",
    "leader",
    "summary",
    "said",
    "answer",
    "what",
    "about",
    "asked",
    "place",
    "how",
    "origin",
    "by",
    "grounds",
    "finding",
}
"""The fields of our private events that hold somebody's words."""


WITHOUT_WORDS = ("MarkGiven", "StreetSolves", "StreetBlew")
"""Their `by` is an office."""


def marked(event: Any, words: str) -> Any:
    """The event, with these words wherever somebody's could be."""
    if type(event).__name__ in WITHOUT_WORDS:
        return event
    said = {name: words for name in FREE if isinstance(getattr(event, name, None), str)}
    return replace(event, **said)


STORIES = [life for kind, life in LIVES if kind in (TOLD, PROBLEMS.kind)]
words = st.text("张三丰李四烧烤摊0123456789", min_size=8, max_size=20).map(
    lambda text: f"〔{text}〕"
)


@for_any(st.sampled_from([(kind, life) for kind, life in LIVES if kind is not UNITS.kind]), words)
def test_W_16_no_word_of_a_reporter_or_of_the_matter_is_ever_published(
    told_of: tuple[Any, tuple[Any, ...]], secret: str
) -> None:
    kind, life = told_of
    state: Any = None
    for event in life:
        event = marked(event, secret)
        state = kind.evolve(state, event)
        letter = kind.announce(event, state)
        if letter is not None:
            assert secret not in json.dumps(letter.model_dump(mode="json"), ensure_ascii=False)


def test_W_16_the_stories_say_something_and_are_complete() -> None:
    """The property above is not empty: the words do get into the states."""
    state = past(None, evolve, [marked(event, "〔张三丰〕") for event in STORIES[0]]).state
    assert state.title == "〔张三丰〕"
    assert {type(event) for life in STORIES for event in life} >= set(get_args(WhistleEvent))
    assert found in STORIES[0]
    assert DeadlineMoved in {type(event) for event in STORIES[7]}
    assert WhistleReopened in {type(event) for event in STORIES[0]}


def test_W_16_the_promised_fields_hold_no_free_text() -> None:
    """A new field of a published event has to be looked at by somebody."""
    promised = {
        event: set(event.model_fields)
        for event in vars(published).values()
        if isinstance(event, type) and issubclass(event, Event) and "type" in vars(event)
    }
    place = {"street", "community", "units", "supplier"}
    about = place | {"kind", "level", "category"}
    ours = {
        published.Blown: about | {"problem"},
        published.Dispatched: about | {"lead"},
        published.Arrived: about | {"at"},
        published.Handled: about | {"outcome", "at"},
        published.Returned: about | {"returned"},
        published.Verified: about | {"outcome"},
        published.DeadlineMissed: about | {"unit", "deadline", "due"},
        published.Closed: about
        | {"problem", "outcome", "closed_at", "records", "returns", "satisfaction", "score"},
        published.Reopened: about,
        published.Rejected: about | {"problem", "automatic"},
        published.Withdrawn: about | {"problem"},
        published.Urged: about,
        published.ProblemSettled: place | {"category", "channel"},
        published.AgreementNoted: place | {"agreement", "due", "change"},
        published.UnitListed: place | {"code", "name", "kind", "valid_from", "valid_to", "listed"},
    }
    assert {event: names for event, names in promised.items() if event in ours} == ours
