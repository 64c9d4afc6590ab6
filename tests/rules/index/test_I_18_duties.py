"""I-18: duties by the calendar, each period closed by the clock, each miss told once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chassis.kernel.errors import RuleBroken
from services.index.domain.duty import (
    Duty,
    DutyEvent,
    DutyMissed,
    DutyOpened,
    DutyRecorded,
    Per,
    PeriodMet,
    evolve,
    following,
    opened,
)
from services.index.domain.rules import RULES
from services.index.shipped import printed_duties, streets

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
JULY = datetime(2026, 6, 30, 16, tzinfo=UTC)
NEW_YEAR = datetime(2026, 12, 31, 16, tzinfo=UTC)
SECOND = timedelta(seconds=1)
OPENED = DutyOpened(
    code="street_studies",
    title="街道党工委研究社会治理工作",
    street="guandu",
    year=2026,
    times=1,
    per=Per.HALF,
    clauses=("官发〔2019〕3号 五（一）",),
    at=NOW,
)
RECORDED = DutyRecorded(held_on=date(2026, 3, 1), evidence="纪要1号", by="street:guandu", at=NOW)
MET = PeriodMet(period="2026-H1")
MISSED = DutyMissed(period="2026-H2", done=0, due=date(2026, 12, 31))
TWICE = replace(OPENED, code="district_party_building", per=Per.YEAR, times=2)
PUBLISHED = replace(OPENED, code="index_published", per=Per.YEAR)
LIFE: tuple[DutyEvent, ...] = (OPENED, RECORDED, MET, MISSED)


def after(*events: DutyEvent, begun: DutyOpened = OPENED) -> Duty:
    duty = evolve(None, begun)
    for event in events:
        duty = evolve(duty, event)
    return duty


def refused(step: Callable[[], object]) -> str | None:
    with pytest.raises(RuleBroken) as refusal:
        step()
    assert refusal.value.rule.id == "I-18"
    return refusal.value.field


# What is set


def test_I_18_each_duty_has_its_clause_and_no_other_is_claimed() -> None:
    printed = {duty.code: duty for duty in printed_duties()}
    assert {clause for duty in printed.values() for clause in duty.clauses} == set(
        RULES["I-18"].clauses
    )
    twice = printed["district_party_building"]
    assert (twice.times, twice.per, twice.owner) == (2, Per.YEAR, "organisation")
    assert {code for code, duty in printed.items() if duty.per is Per.HALF} == {
        "standing_committee",
        "street_studies",
        "street_mass_hearing",
    }


def test_I_18_a_street_has_its_own_and_the_district_one() -> None:
    names = tuple(streets())
    assert len(names) == 9
    begun = {
        id: one for duty in printed_duties() for id, one in opened(duty, 2026, names, NOW).items()
    }
    assert len(begun) == 5 + 4 * 9
    assert begun["street_studies.guandu.2026"] == OPENED
    assert begun["index_published.district.2026"].unit == "civil_affairs"


# Periods


def test_I_18_a_half_year_is_over_when_its_last_day_is() -> None:
    duty = after()
    assert duty.wakes_at == JULY
    assert duty.close(JULY - SECOND) == ()
    assert duty.close(JULY) == (DutyMissed(period="2026-H1", done=0, due=date(2026, 6, 30)),)
    assert after(RECORDED).close(JULY) == (MET,)


def test_I_18_each_period_is_closed_once_and_the_next_one_has_its_own() -> None:
    met = after(RECORDED, MET)
    assert met.close(JULY + SECOND) == ()
    assert met.wakes_at == NEW_YEAR
    assert met.close(NEW_YEAR) == (MISSED,)
    over = after(RECORDED, MET, MISSED)
    assert (over.wakes_at, over.close(NEW_YEAR + SECOND)) == (None, ())
    assert over.missed == (MISSED,)


def test_I_18_what_is_recorded_after_the_end_was_missed() -> None:
    late = replace(RECORDED, at=JULY)
    [missed] = after(late).close(JULY + SECOND)
    assert isinstance(missed, DutyMissed)
    in_time = replace(RECORDED, at=JULY - SECOND)
    assert after(in_time).close(JULY) == (MET,)


def test_I_18_twice_a_year_is_two_days() -> None:
    second = replace(RECORDED, held_on=date(2026, 11, 1))
    assert after(RECORDED, second, begun=TWICE).close(NEW_YEAR) == (PeriodMet(period="2026"),)
    [missed] = after(RECORDED, begun=TWICE).close(NEW_YEAR)
    assert missed == DutyMissed(period="2026", done=1, due=date(2026, 12, 31))


def test_I_18_a_published_edition_and_nothing_else_meets_that_duty() -> None:
    duty = after(begun=PUBLISHED)
    refused(lambda: duty.record(held_on=NOW.date(), evidence="公告", by="x", now=NOW))
    assert duty.close(NEW_YEAR, [NEW_YEAR - SECOND]) == (PeriodMet(period="2026"),)
    [missed] = duty.close(NEW_YEAR)
    assert isinstance(missed, DutyMissed)
    assert after().close(JULY, [NOW]) != (MET,)


@pytest.mark.parametrize("at", [NEW_YEAR, datetime(2025, 12, 31, 15, tzinfo=UTC)])
def test_I_18_an_edition_that_was_published_before_or_after_its_year_meets_nothing(
    at: datetime,
) -> None:
    assert after(begun=PUBLISHED).close(NEW_YEAR + SECOND, [at]) == (
        DutyMissed(period="2026", done=0, due=date(2026, 12, 31)),
    )


def test_I_18_what_was_over_before_it_was_entered_is_no_period() -> None:
    late = after(begun=replace(OPENED, at=JULY))
    assert [period.name for period in late.periods] == ["2026-H2"]
    last_day = after(begun=replace(OPENED, at=JULY - SECOND))
    assert [period.name for period in last_day.periods] == ["2026-H1", "2026-H2"]


def test_I_18_next_year_goes_on() -> None:
    id, begun = following(after(RECORDED, MET, MISSED), NEW_YEAR)
    assert id == "street_studies.guandu.2027"
    assert begun == replace(OPENED, year=2027, at=NEW_YEAR)
    district = replace(TWICE, street=None, unit="organisation")
    id, _ = following(after(begun=district), NEW_YEAR)
    assert id == "district_party_building.district.2027"


# Recording


def test_I_18_a_record_has_its_day_and_what_shows_it() -> None:
    said = {"held_on": date(2026, 3, 1), "evidence": "纪要1号", "by": "street:guandu", "now": NOW}
    assert after().record(**said) == RECORDED  # type: ignore[arg-type]
    for changed, field in (
        ({"held_on": date(2026, 3, 3)}, "held_on"),
        ({"held_on": date(2025, 12, 31)}, "held_on"),
        ({"evidence": " "}, "evidence"),
    ):
        assert refused(lambda changed=changed: after().record(**{**said, **changed})) == field  # type: ignore[misc]
    assert refused(lambda: after(RECORDED).record(**said)) == "held_on"  # type: ignore[arg-type]
