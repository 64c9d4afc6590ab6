"""I-03: a figure with its evidence; a correction beside what it corrects; a reminder, and a miss told once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chassis.kernel.errors import Malformed, RuleBroken
from services.index.domain.collecting import (
    DueMoved,
    ObservationMissed,
    PointsReminded,
    Year,
    YearLapsed,
    YearOpened,
)
from services.index.domain.collecting import evolve as year_evolve
from services.index.domain.observation import (
    Assessed,
    Evidence,
    Observation,
    ObservationAwaited,
    ObservationFiled,
    Source,
    evolve,
)
from services.index.domain.policy import IndexPolicy, check
from services.index.domain.scoring import Grade
from services.index.shipped import printed_systems

POINT = {point.number: point for point in printed_systems()["2019"].points}
NOW = datetime(2026, 5, 4, 2, tzinfo=UTC)
BOOK = Evidence(source=Source.GUANDU, edition="2026", page="112")
FILED = ObservationFiled(values=("68.45",), evidence=BOOK, by="department:finance", at=NOW)
AWAITED = ObservationAwaited(year=2026, point=1, units=("finance",))
EMPTY = evolve(None, AWAITED)
MOST = 100
"""What a share may be, in percent."""


def refused(observation: Observation, filed: ObservationFiled, number: int = 1) -> tuple[str, Any]:
    with pytest.raises(RuleBroken) as refusal:
        observation.file(filed, POINT[number], MOST)
    return refusal.value.rule.id, refusal.value.field


# Filing


def test_I_03_the_first_filing_needs_no_reason_and_a_correction_does() -> None:
    assert EMPTY.file(FILED, POINT[1], MOST) == FILED
    once = evolve(EMPTY, FILED)
    assert refused(once, FILED) == ("I-03", "reason")
    assert refused(once, replace(FILED, reason="  ")) == ("I-03", "reason")
    corrected = replace(FILED, values=("68.5",), reason="决算数")
    assert once.file(corrected, POINT[1], MOST) == corrected


def test_I_03_nothing_is_overwritten() -> None:
    corrected = replace(FILED, values=("68.5",), reason="决算数")
    twice = evolve(evolve(EMPTY, FILED), corrected)
    assert twice.filings == (FILED, corrected)
    assert (twice.latest, EMPTY.latest) == (corrected, None)


def test_I_03_no_figure_is_filed_before_its_year() -> None:
    last_second = datetime(2025, 12, 31, 15, 59, 59, tzinfo=UTC)
    assert refused(EMPTY, replace(FILED, at=last_second)) == ("I-03", "year")
    begun = replace(FILED, at=last_second + timedelta(seconds=1))
    assert EMPTY.file(begun, POINT[1], MOST) == begun


@pytest.mark.parametrize(
    ("evidence", "field"),
    [
        (Evidence(source=Source.GUANDU, page="1"), "edition"),
        (Evidence(source=Source.KUNMING, edition=" ", page="1"), "edition"),
        (Evidence(source=Source.CHINA, edition="2026"), "page"),
        (Evidence(source=Source.STATISTICS, edition="2026", page="1"), "table"),
    ],
)
def test_I_02_the_evidence_names_the_source(evidence: Evidence, field: str) -> None:
    assert refused(EMPTY, replace(FILED, evidence=evidence)) == ("I-02", field)


def test_I_02_the_departments_own_statistics_are_evidence() -> None:
    own = replace(FILED, evidence=Evidence(source=Source.STATISTICS, table="年报"))
    assert EMPTY.file(own, POINT[1], MOST) == own


@pytest.mark.parametrize("values", [(), ("68", "69")])
def test_I_04_a_figure_for_every_goal(values: Sequence[str]) -> None:
    assert refused(EMPTY, replace(FILED, values=tuple(values))) == ("I-04", "values")
    assert refused(EMPTY, replace(FILED, values=("100",)), 24) == ("I-04", "values")
    assert EMPTY.file(replace(FILED, values=("100", "60")), POINT[24], MOST)


def test_I_04_a_figure_may_be_filed_where_its_goal_is_unsettled() -> None:
    assert POINT[30].goals[0].sense is None
    assert EMPTY.file(replace(FILED, values=("20",)), POINT[30], MOST)
    assert EMPTY.file(FILED, replace(POINT[1], goals=()), MOST)


@pytest.mark.parametrize("value", ["-0.01", "100.01", "6900"])
def test_I_03_a_share_is_filed_within_its_whole(value: str) -> None:
    odd = replace(FILED, values=(value,))
    assert refused(EMPTY, odd) == ("I-03", "values")
    with pytest.raises(RuleBroken):
        EMPTY.confirm(odd, POINT[1], MOST)
    assert refused(EMPTY, replace(FILED, values=("100", value)), 24) == ("I-03", "values")
    for number in (21, 30):  # a growth, a number in percent
        assert EMPTY.file(odd, POINT[number], MOST) == odd


def test_I_03_a_count_or_an_amount_is_not_below_zero() -> None:
    """Of who is on the list of bad debtors one less than nobody would have been filed, and missed a goal of none."""
    less, none = replace(FILED, values=("-1",)), replace(FILED, values=("0",))
    for number in (6, 12, 16, 17):
        assert refused(EMPTY, less, number) == ("I-03", "values")
        assert EMPTY.file(none, POINT[number], MOST) == none
    with pytest.raises(RuleBroken, match="不会小于零"):
        EMPTY.confirm(less, POINT[13], MOST)
    grown = replace(POINT[17], name="城镇居民人均可支配收入增加额")
    assert EMPTY.file(less, grown, MOST) == less


def test_I_03_a_share_that_may_be_more_is_the_policys() -> None:
    more = replace(FILED, values=("104.2",))
    assert EMPTY.file(more, POINT[9], 105) == more
    assert POLICY.share_most == MOST
    assert {number for number, point in POINT.items() if point.unit == "%" and not point.share} == {
        21,
        30,
    }


@pytest.mark.parametrize(
    "value", ["", "1,5", "68.4567891", "NaN", "1e3", "１２", "+1", "0x1", " 1"]
)
def test_I_03_a_figure_is_decimal_text(value: str) -> None:
    with pytest.raises(Malformed) as refusal:
        EMPTY.file(replace(FILED, values=(value,)), POINT[1], MOST)
    assert refusal.value.field == "values"


def test_I_04_a_graded_point_is_graded_by_named_assessors_each_once() -> None:
    met = Assessed(assessor="political_legal", grade=Grade.MET)
    mostly = Assessed(assessor="petitions", grade=Grade.MOSTLY)
    graded = replace(FILED, values=(), grades=(met, mostly))
    assert EMPTY.file(graded, POINT[31], MOST) == graded
    assert refused(EMPTY, replace(graded, grades=(met, met)), 31) == ("I-04", "grades")
    assert refused(EMPTY, replace(graded, grades=()), 31) == ("I-04", "grades")
    assert refused(EMPTY, replace(graded, values=("1",)), 31) == ("I-04", "grades")
    assert refused(EMPTY, replace(FILED, grades=(met,))) == ("I-04", "values")


# The year

OPENED = YearOpened(year=2026, due=date(2026, 10, 31), remind_on=date(2026, 10, 16), at=NOW)
UNFILED = {13: ("civil_affairs",), 11: ("urban_management", "grid_centre")}
REMIND = datetime(2026, 10, 15, 16, tzinfo=UTC)
END = datetime(2026, 10, 31, 16, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def begun(*events: Any) -> Year:
    year = year_evolve(None, OPENED)
    for event in events:
        year = year_evolve(year, event)
    return year


def test_I_03_who_has_not_filed_is_reminded_once_before_the_last_day() -> None:
    year = begun()
    assert year.wakes_at == REMIND
    assert year.come_due(UNFILED, REMIND - SECOND) == ()
    [reminded] = year.come_due(UNFILED, REMIND)
    assert reminded == PointsReminded(points=(11, 13), at=REMIND)
    after = begun(reminded)
    assert after.come_due(UNFILED, REMIND + SECOND) == ()
    assert after.wakes_at == END


def test_I_03_what_is_missed_is_published_once_when_the_last_day_has_ended() -> None:
    year = begun(PointsReminded(points=(11,), at=REMIND))
    assert year.come_due(UNFILED, END - SECOND) == ()
    told = year.come_due(UNFILED, END)
    assert told == (
        ObservationMissed(
            point=11, units=("urban_management", "grid_centre"), due=date(2026, 10, 31)
        ),
        ObservationMissed(point=13, units=("civil_affairs",), due=date(2026, 10, 31)),
        YearLapsed(at=END),
    )
    lapsed = begun(*told)
    assert [miss.point for miss in lapsed.missed] == [11, 13]
    assert (lapsed.wakes_at, lapsed.come_due(UNFILED, END + SECOND)) == (None, ())


def test_I_03_what_was_filed_after_the_last_day_was_missed() -> None:
    filed = {13: END - SECOND, 11: END}
    assert begun().outstanding(UNFILED, filed) == {11: UNFILED[11]}
    assert begun().outstanding(UNFILED, {}) == UNFILED


def test_I_03_a_scheduler_that_slept_over_the_reminder_tells_the_miss() -> None:
    assert begun().come_due({}, END) == (YearLapsed(at=END),)


def test_I_03_the_last_day_is_moved_with_a_reason_and_who_is_late_is_reminded_again() -> None:
    reminded = PointsReminded(points=(11,), at=REMIND)
    later = date(2026, 11, 30)
    moved = begun(reminded).move(due=later, remind_days=15, reason="统计口径调整", now=REMIND)
    assert moved == DueMoved(
        due=later, remind_on=date(2026, 11, 15), reason="统计口径调整", at=REMIND
    )
    year = begun(reminded, moved)
    assert year.wakes_at == datetime(2026, 11, 14, 16, tzinfo=UTC)
    assert year.reminded == (reminded,)
    assert year.come_due(UNFILED, END) == ()


@pytest.mark.parametrize(
    ("year", "now", "due", "reason", "field"),
    [
        (begun(), REMIND, date(2026, 11, 30), " ", "reason"),
        (begun(), REMIND, date(2026, 10, 15), "提前", "due"),
        (begun(), END, date(2026, 11, 30), "延后", "due"),
        (begun(YearLapsed(at=END)), END, date(2026, 11, 30), "延后", None),
    ],
)
def test_I_03_a_last_day_that_is_over_is_not_moved(
    year: Year, now: datetime, due: date, reason: str, field: str | None
) -> None:
    with pytest.raises(RuleBroken) as refusal:
        year.move(due=due, remind_days=15, reason=reason, now=now)
    assert (refusal.value.rule.id, refusal.value.field) == ("I-03", field)


# The policy

POLICY = IndexPolicy(
    filing_month=10,
    filing_day=31,
    remind_days=15,
    coverage_percent=60,
    draws=4000,
    survey_below=60,
    lowest_points=5,
    satisfaction_percent=50,
    weak_below=60,
    weak_fall=10,
    close_days=5,
)


def test_I_03_in_a_shorter_month_the_last_day_is_its_last() -> None:
    assert POLICY.due(2026) == date(2026, 10, 31)
    assert replace(POLICY, filing_month=2).due(2028) == date(2028, 2, 29)


@pytest.mark.parametrize(
    "wrong",
    [
        {"filing_month": 0},
        {"filing_month": 13},
        {"filing_day": 0},
        {"filing_day": 32},
        {"remind_days": 0},
        {"remind_days": 91},
        {"coverage_percent": 0},
        {"coverage_percent": 101},
        {"draws": 99},
        {"draws": 10_001},
        {"weak_below": -1},
        {"lowest_points": -1},
        {"lowest_points": 43},
        {"survey_below": -1},
        {"survey_below": 101},
        {"satisfaction_percent": 0},
        {"satisfaction_percent": 101},
        {"weak_below": 101},
        {"weak_fall": 0},
        {"weak_fall": 101},
        {"close_days": -1},
        {"close_days": 61},
        {"share_most": 99},
        {"share_most": 1001},
    ],
)
def test_a_policy_that_makes_no_sense_is_refused_by_its_field(wrong: dict[str, int]) -> None:
    check(POLICY)
    with pytest.raises(Malformed) as refusal:
        check(replace(POLICY, **wrong))
    assert [refusal.value.field] == list(wrong)
