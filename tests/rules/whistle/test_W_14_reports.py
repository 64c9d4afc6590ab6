"""W-14, W-15: the rhythm of reports, what they add up to, and what is not shown; the ledger's columns."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given as for_any
from hypothesis import strategies as st

from chassis.kernel.counts import shown, total
from chassis.kernel.errors import Malformed
from services.whistle.domain import figures
from services.whistle.domain.figures import Share
from services.whistle.domain.period import Rhythm, period
from services.whistle.domain.task import Outcome
from services.whistle.domain.whistle import Whistle

from .cases import (
    ANSWERED,
    CALLED,
    answered,
    blown,
    came,
    done,
    evaluated,
    filed,
    grid_80,
    missed_arrival,
    rejected,
    state,
    street_90,
    verified,
    withdrawn,
)

PERIODS = [
    ("2026-10", Rhythm.MONTHLY, date(2026, 10, 1), date(2026, 10, 31)),
    ("2026-11", Rhythm.MONTHLY, date(2026, 11, 1), date(2026, 11, 30)),
    ("2026-12", Rhythm.MONTHLY, date(2026, 12, 1), date(2026, 12, 31)),
    ("2024-02", Rhythm.MONTHLY, date(2024, 2, 1), date(2024, 2, 29)),
    ("2026-Q1", Rhythm.QUARTERLY, date(2026, 1, 1), date(2026, 3, 31)),
    ("2026-Q4", Rhythm.QUARTERLY, date(2026, 10, 1), date(2026, 12, 31)),
    ("2026", Rhythm.YEARLY, date(2026, 1, 1), date(2026, 12, 31)),
]


@pytest.mark.parametrize(("text", "rhythm", "first", "last"), PERIODS)
def test_W_14_a_month_a_quarter_a_year(text: str, rhythm: Rhythm, first: date, last: date) -> None:
    found = period(text)
    assert (found.rhythm, found.first, found.last) == (rhythm, first, last)


@pytest.mark.parametrize("text", ["", "26", "2026-13", "2026-00", "2026-Q5", "2026-1", "2026-10-1"])
def test_W_14_any_other_period_is_malformed(text: str) -> None:
    with pytest.raises(Malformed) as refusal:
        period(text)
    assert refusal.value.field == "period"


def ended(outcome: Outcome, *rated: object) -> Whistle:
    """One late arrival of three, and the lead's outcome as given."""
    happened = (
        *CALLED,
        missed_arrival,
        came("water", "03-04 09:00"),
        came("transport"),
        came("health"),
        filed("water", outcome=outcome),
        filed("transport"),
        filed("health"),
        done,
        verified,
        grid_80,
        street_90,
        evaluated,
        answered,
    )
    return state(happened)


def test_W_14_what_was_blown_is_counted_by_kind_level_and_street() -> None:
    found = figures.blown([state(ANSWERED), state((blown, rejected)), state((blown, withdrawn))])
    assert (found.count, found.irregular, found.withdrawn) == (3, 1, 1)
    assert (found.by_kind, found.by_level, found.by_street) == (
        {"problem": 3},
        {"street": 3},
        {"liujia": 3},
    )


@pytest.mark.parametrize("outcome", [one for one in Outcome if one is not Outcome.RESOLVED])
def test_W_14_only_resolved_counts_as_resolved(outcome: Outcome) -> None:
    found = figures.closed([ended(Outcome.RESOLVED), ended(outcome)], 3)
    assert found.resolved == Share(part=1, of=2)
    assert found.outcomes[outcome.value] == 1


def test_W_14_punctuality_by_department() -> None:
    found = figures.closed([ended(Outcome.RESOLVED)], 3)
    # Who said "not ours" and was right does not count; nobody did here.
    assert (found.arrival_on_time, found.handling_on_time) == (
        Share(part=2, of=3),
        Share(part=3, of=3),
    )
    water = next(
        one for one in figures.departments([ended(Outcome.RESOLVED)]) if one.unit == "water"
    )
    assert (water.whistles, water.arrival_on_time, water.score) == (1, Share(part=0, of=1), 8400)


def test_W_14_a_leads_outcome_hides_no_other_units() -> None:
    whistle = ended(Outcome.RESOLVED)
    assisting = whistle.task("health")
    helpless = filed("health", outcome=Outcome.CANNOT_ACT).result
    rounds = (replace(assisting.rounds[-1], result=helpless),)
    others = (whistle.task("water"), whistle.task("transport"))
    one = replace(whistle, tasks=(*others, replace(assisting, rounds=rounds)))
    assert figures.closed([one], 3).resolved == Share(part=1, of=1)
    found = {unit.unit: unit.outcomes for unit in figures.departments([one])}
    assert (found["water"]["resolved"], found["water"]["cannot_act"]) == (1, 0)
    assert (found["health"]["resolved"], found["health"]["cannot_act"]) == (0, 1)


def test_W_14_a_unit_handled_in_time_when_every_round_of_it_was() -> None:
    whistle = ended(Outcome.RESOLVED)
    [late, *others] = whistle.tasks
    missed = replace(late.rounds[-1].clock, rungs=1)
    for rounds in (
        (replace(late.rounds[-1], clock=missed),),
        (replace(late.rounds[-1], clock=missed), *late.rounds),
        (*late.rounds, replace(late.rounds[-1], clock=missed)),
    ):
        one = replace(whistle, tasks=(replace(late, rounds=rounds), *others))
        assert figures.closed([one], 3).handling_on_time == Share(part=2, of=3)


def test_W_14_whose_it_was_not_counts_in_no_units_figures() -> None:
    whistle = ended(Outcome.RESOLVED)
    not_ours = replace(
        filed("transport", outcome=Outcome.NOT_OURS), summary="不属本单位", whose="water"
    ).result
    task = whistle.task("transport")
    released = replace(task, rounds=(replace(task.rounds[-1], result=not_ours),))
    tasks = (whistle.task("water"), released, whistle.task("health"))
    one = replace(whistle, tasks=tasks)
    found = figures.closed([one], 3)
    assert (found.arrival_on_time.of, found.handling_on_time.of) == (2, 2)
    assert [unit.unit for unit in figures.departments([one])] == ["health", "water"]


def test_W_14_the_departments_are_added_up_over_their_scored_whistles() -> None:
    whistle = ended(Outcome.RESOLVED)
    better = replace(whistle, scores=tuple(replace(one, score=9001) for one in whistle.scores))
    returned = replace(
        better, tasks=tuple(replace(task, returns=2) for task in better.tasks), returns=6
    )
    unscored = replace(whistle, scores=())
    found = {one.unit: one for one in figures.departments([whistle, returned, unscored])}
    assert (found["water"].whistles, found["water"].score, found["water"].returns) == (2, 8701, 2)
    assert found["health"].arrival_on_time == Share(part=2, of=2)
    assert figures.closed([whistle, returned], 3).returns == 6


def test_W_16_a_satisfaction_of_few_is_not_shown() -> None:
    rated = [replace(state(ANSWERED), rating=rating) for rating in (5, 4, 4)]
    assert figures.closed(rated[:2], 3).satisfaction is None
    assert figures.closed(rated, 3).satisfaction == 433
    unrated = figures.closed([*rated, state(ANSWERED)], 3)
    assert (unrated.count, unrated.rated, unrated.satisfaction) == (4, 3, 433)
    assert figures.closed([], 3).satisfaction is None


def of(street: str, *ratings: int | None) -> list[Whistle]:
    return [replace(state(ANSWERED), street=street, rating=rating) for rating in ratings]


def test_W_11_each_street_by_what_it_blew_and_how_it_ended() -> None:
    begun = [*of("liujia", None, None), replace(state((blown, rejected)), street="liujia")]
    found = figures.streets(begun, of("guandu", 5, 5, 5), 3)
    assert [(one.street, one.blown, one.irregular, one.closed.count) for one in found] == [
        ("guandu", 0, 0, 3),
        ("liujia", 3, 1, 0),
    ]
    assert found[0].closed.satisfaction == 500


def test_W_04_what_a_blowing_unit_has_left_of_its_year() -> None:
    begun = [state(ANSWERED), *[state((blown, rejected))] * 2]
    begun.append(replace(state((blown, rejected)), blower="community:haihua", cost=500))
    found = [
        (one.blower, one.blown, one.irregular, one.points) for one in figures.whistlers(begun, 100)
    ]
    assert found == [("community:haihua", 1, 1, 0), ("street:liujia", 3, 2, 90)]


def test_W_04_what_the_platform_blew_is_in_no_account_of_irregular_ones() -> None:
    """Also where an earlier build took points for it."""
    begun = [state((blown, rejected)), state((replace(blown, origin="agreement:a-1"), rejected))]
    assert (figures.blown(begun).count, figures.blown(begun).irregular) == (2, 1)
    [street] = figures.streets(begun, [], 3)
    [whistler] = figures.whistlers(begun, 100)
    assert (street.irregular, whistler.irregular, whistler.points) == (1, 1, 95)


def test_W_16_a_streets_satisfaction_can_not_be_computed_from_the_others() -> None:
    ended = [*of("a", 1, 1), *of("b", 5, 5, 5), *of("c", *[4] * 9), *of("d", None)]
    found = {one.street: one.closed.satisfaction for one in figures.streets([], ended, 3)}
    # b is enough of its own, and would give a away.
    assert found == {"a": None, "b": None, "c": 400, "d": None}


SUPPRESSED = [
    ({}, {}),
    ({"a": 1}, {"a": None}),
    ({"a": 3, "b": 4}, {"a": 3, "b": 4}),
    ({"a": 1, "b": 2, "c": 9}, {"a": None, "b": None, "c": 9}),
    # With one gap alone the total would tell it.
    ({"a": 1, "b": 5, "c": 9}, {"a": None, "b": None, "c": 9}),
    ({"c": 9, "b": 5, "a": 1}, {"a": None, "b": None, "c": 9}),
]


@pytest.mark.parametrize(("counts", "public"), SUPPRESSED)
def test_W_16_a_community_with_one_report_is_not_shown(
    counts: dict[str, int], public: dict[str, int | None]
) -> None:
    assert shown(counts, 3) == public


@pytest.mark.parametrize(("counts", "public"), [({}, 0), ({"a": 1, "b": 1}, None), ({"a": 3}, 3)])
def test_W_16_a_total_of_few_is_not_shown_and_none_is_nobody(
    counts: dict[str, int], public: int | None
) -> None:
    assert total(counts, 3) == public


@for_any(st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.integers(1, 9)))
def test_W_16_no_gap_can_be_computed_from_the_total(counts: dict[str, int]) -> None:
    public = shown(counts, 3)
    assert all(count is None or count >= 3 for count in public.values())
    gaps = [name for name, count in public.items() if count is None]
    together = total(counts, 3)
    known = sum(count for count in public.values() if count is not None)
    assert not gaps or together is None or (len(gaps) > 1 and together - known >= 3)
