"""I-21: satisfaction is measured by a third party, two bodies evaluate each other, and what is low is entered."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from chassis.kernel.errors import Malformed, RuleBroken
from services.index.domain.survey import (
    Kind,
    SurveyCorrected,
    SurveyEntered,
    enter,
    evolve,
    points,
)

NOW = datetime(2026, 5, 4, 2, tzinfo=UTC)
ENTERED = SurveyEntered(
    kind=Kind.ORGANISATIONS,
    year=2026,
    street="guandu",
    rated="street:guandu",
    rater="supplier:third_party",
    score=5999,
    asked=300,
    held_on=date(2026, 4, 1),
    evidence="测评报告",
    bound=6000,
    by="department:civil_affairs",
    at=NOW,
)
CORRECTED = SurveyCorrected(
    score=6000, asked=301, evidence="报告二", reason="漏统计一份", by=ENTERED.by, at=NOW
)
LIFE = (ENTERED, CORRECTED)


def refused(**about: Any) -> tuple[str, str | None, str | None]:
    with pytest.raises(RuleBroken) as refusal:
        enter(replace(ENTERED, **about))
    return refusal.value.rule.id, refusal.value.clause, refusal.value.field


@pytest.mark.parametrize(
    ("about", "field"),
    [
        ({"rater": "department:finance"}, "rater"),
        ({"rated": "department:finance"}, "rated"),
        ({"held_on": date(2025, 12, 31)}, "held_on"),
        ({"held_on": date(2026, 5, 5)}, "held_on"),
        ({"asked": 0}, "asked"),
        ({"evidence": " "}, "evidence"),
    ],
)
def test_I_21_by_a_third_party_in_its_year_with_what_shows_it(about: Any, field: str) -> None:
    assert enter(ENTERED) == ENTERED
    assert refused(**about) == ("I-21", "官办通〔2019〕77号 五（四）", field)


@pytest.mark.parametrize("kind", [Kind.MASS, Kind.CULTURE])
def test_I_21_the_other_kinds_are_of_a_third_party_too(kind: Kind) -> None:
    assert enter(replace(ENTERED, kind=kind))
    assert refused(kind=kind, rater="street:guandu")[2] == "rater"


def test_I_21_two_way_is_of_a_street_with_its_committee_or_a_department() -> None:
    two_way: dict[str, Any] = {"kind": Kind.TWO_WAY, "rater": "community:haihua"}
    assert enter(replace(ENTERED, **two_way))
    assert enter(replace(ENTERED, **{**two_way, "rater": "department:finance"}))
    for rater in ("supplier:third_party", "street:liujia"):
        assert refused(**{**two_way, "rater": rater})[2] == "rater"


def test_I_21_what_is_below_the_bound_of_the_day_is_weak_until_corrected() -> None:
    survey = evolve(None, ENTERED)
    assert (survey.score, survey.weak) == (5999, True)
    after = evolve(survey, survey.correct(CORRECTED))
    assert (after.score, after.weak) == (6000, False)
    assert after.entered.score == 5999
    for about in ({"reason": ""}, {"evidence": ""}):
        blank: Any = about
        with pytest.raises(RuleBroken) as refusal:
            survey.correct(replace(CORRECTED, **blank))
        assert (refusal.value.rule.id, refusal.value.field) == ("I-21", *about)


@pytest.mark.parametrize("text", ["100.01", "-1", "1.234", "一"])
def test_I_21_a_score_is_of_a_hundred_points(text: str) -> None:
    assert points("59.99") == 5999
    with pytest.raises(Malformed) as refusal:
        points(text)
    assert refusal.value.field == "score"
