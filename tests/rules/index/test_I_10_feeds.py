"""I-10: what the platform holds is a figure only with facts behind it, and no observation before it is confirmed."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import permutations

import pytest

from chassis.kernel.errors import RuleBroken
from services.index.domain import counted, feed
from services.index.domain.counted import Counted, CountHeard
from services.index.domain.entry import Standing
from services.index.domain.feed import (
    FED,
    DisputeHeard,
    Feed,
    Figure,
    OrganisationHeard,
    complaints,
    stated,
)
from services.index.domain.observation import (
    Evidence,
    Fed,
    FigureReported,
    Observation,
    ObservationAwaited,
    ObservationFiled,
    Source,
    evolve,
)
from services.index.shipped import printed_systems

MOST = 100
"""What a share may be, in percent."""
POINT = {point.number: point for point in printed_systems()["2019"].points}
NOW = datetime(2026, 5, 4, 2, tzinfo=UTC)
CONFIRMED = ObservationFiled(
    values=("92.31",),
    evidence=Evidence(source=Source.PLATFORM),
    by="department:market_regulation",
    at=NOW,
    fed=Fed(part=12, of=13),
)
REPORT = FigureReported(id="r-1", event="7", partner="/partners/x", values=("98.9",), at=NOW)
EMPTY = evolve(None, ObservationAwaited(year=2026, point=27, units=("market_regulation",)))


def told(sequence: int, day: str, *, counted: bool = True) -> OrganisationHeard:
    return OrganisationHeard(
        event=f"e-{sequence}",
        type="procurement.supplier_registered.v1",
        sequence=sequence,
        at=datetime.fromisoformat(f"{day}T02:00:00Z"),
        counted=counted,
    )


def broken(figure: Figure | None, population: int | None = None) -> str | None:
    with pytest.raises(RuleBroken) as refusal:
        stated(figure, population)
    assert refusal.value.rule.id == "I-10"
    return refusal.value.field


def test_I_10_the_points_that_are_fed_stand_in_the_printed_system() -> None:
    names = {point.name for point in POINT.values()}
    assert set(FED) <= names


def test_I_10_complaints_are_closed_ones_of_those_closed_and_open() -> None:
    counts = {Standing.CLOSED: 12, Standing.OPEN: 1, Standing.REJECTED: 5, Standing.WITHDRAWN: 4}
    assert complaints(counts) == Figure(feed=Feed.COMPLAINTS, part=12, of=13)
    assert stated(complaints(counts), None) == "92.31"
    assert broken(complaints({})) is None  # nothing to divide by: it isn't guessed
    assert broken(complaints(counts), 1000) == "population"


def test_I_10_organisations_are_per_ten_thousand_of_a_population_that_is_said() -> None:
    figure = Figure(feed=Feed.ORGANISATIONS, part=703)
    assert figure.value() is None
    assert broken(figure) == "population"
    assert stated(figure, 886_700) == "7.93"


def test_I_10_what_nobody_holds_is_filed_by_hand() -> None:
    assert broken(None) is None


def test_I_10_an_organisation_counts_from_the_day_it_is_told_until_it_leaves() -> None:
    life = (told(1, "2025-03-01"), told(2, "2026-02-01", counted=False))
    for order in permutations(life):
        known = None
        for one in (*order, order[0]):
            for heard in feed.hear(known, one):
                known = feed.evolve(known, heard)
        assert known is not None
        assert known.heard == life
        assert known.counted_on(date(2025, 12, 31))
        assert not known.counted_on(date(2025, 2, 28))
        assert not known.counted_on(date(2026, 12, 31))


def test_I_10_growth_is_against_the_year_before_and_may_fall() -> None:
    old = [feed.evolve(None, told(n, "2025-01-10")) for n in range(1, 4)]
    gone = feed.evolve(old[0], told(9, "2026-05-01", counted=False))
    new = feed.evolve(None, told(7, "2026-04-01"))
    figure = feed.organisations(Feed.GROWTH, [gone, *old[1:]], 2026)
    assert (figure.part, figure.of, figure.value()) == (2, 3, "-33.33")
    grown = feed.organisations(Feed.GROWTH, [*old, new], 2026)
    assert (grown.part, grown.of, grown.value()) == (4, 3, "33.33")
    assert feed.organisations(Feed.GROWTH, [new], 2026).value() is None


def test_I_10_disputes_are_settled_ones_of_those_that_ended_and_each_ends_once() -> None:
    ended = DisputeHeard(
        event="e-1",
        type="mediation.case_ended.v1",
        sequence=9,
        at=datetime(2026, 12, 31, 16, tzinfo=UTC),
        people=True,
        settled=True,
    )
    known = feed.evolve_dispute(None, *feed.hear_dispute(None, ended))
    assert known.year == 2027  # in Shanghai
    assert feed.hear_dispute(known, replace(ended, event="e-2", settled=False)) == []
    assert FED["人民调解调处成功率"] is Feed.MEDIATION
    assert stated(feed.disputes(63, 64), None) == "98.44"
    assert broken(feed.disputes(0, 0)) is None


def test_I_10_it_is_confirmed_and_never_filed_past_that() -> None:
    for source in (Source.PLATFORM, Source.PARTNER):
        with pytest.raises(RuleBroken) as refusal:
            EMPTY.file(replace(CONFIRMED, evidence=Evidence(source=source)), POINT[27], MOST)
        assert (refusal.value.rule.id, refusal.value.field) == ("I-10", "source")
    once = evolve(EMPTY, EMPTY.confirm(CONFIRMED, POINT[27], MOST))
    with pytest.raises(RuleBroken) as refusal:
        once.confirm(CONFIRMED, POINT[27], MOST)
    assert (refusal.value.rule.id, refusal.value.field) == ("I-03", "reason")


def test_I_10_a_partners_report_counts_for_nothing_until_it_is_confirmed() -> None:
    known: Observation = EMPTY
    for _ in range(2):
        for heard in known.hear(REPORT):
            known = evolve(known, heard)
    assert (known.reports, known.latest) == ((REPORT,), None)
    assert known.reported("r-1") == REPORT
    with pytest.raises(RuleBroken) as refusal:
        known.reported("r-2")
    assert (refusal.value.rule.id, refusal.value.field) == ("I-10", "report")


def recount(sequence: int, day: str, organisations: int) -> CountHeard:
    return CountHeard(
        event=f"n-{sequence}",
        type="organisations.counted.v1",
        sequence=sequence,
        at=datetime.fromisoformat(f"{day}T02:00:00Z"),
        organisations=organisations,
    )


def test_I_10_a_communitys_count_is_the_days_latest_in_whatever_order_it_comes() -> None:
    news = [
        recount(1, "2025-03-02", 4),
        recount(2, "2025-03-02", 5),
        recount(3, "2025-12-31", 8),
        recount(4, "2026-04-01", 6),
    ]
    for order in permutations([*news, news[0]]):
        known: Counted | None = None
        for event in order:
            for happened in counted.hear(known, event):
                known = counted.evolve(known, happened)
        assert known is not None
        assert [one.event for one in known.heard] == ["n-2", "n-3", "n-4"]
        days = [date(2025, 3, 1), date(2025, 3, 2), date(2025, 12, 31), date(2026, 12, 31)]
        assert [known.on(day) for day in days] == [None, 5, 8, 6]


def test_I_10_the_register_of_organisations_counts_from_when_it_told_something() -> None:
    here = Counted(heard=(recount(1, "2025-03-02", 5), recount(2, "2026-04-01", 9)))
    there = Counted(heard=(recount(1, "2026-02-02", 1),))
    number, growth = Feed.ORGANISATIONS, Feed.GROWTH
    assert counted.organisations(number, [here, there], 2026) == Figure(feed=number, part=10)
    assert counted.organisations(growth, [here, there], 2026) == Figure(feed=growth, part=10, of=5)
    assert counted.organisations(number, [here], 2024) is None
    assert counted.organisations(growth, [here], 2025) is None
    assert counted.organisations(number, [], 2026) is None
