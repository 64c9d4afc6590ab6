"""I-13: low, or falling; told once for a street, theme and quarter, some days after its end."""

from datetime import UTC, datetime, timedelta

import pytest

from services.index.domain.entry import Standing
from services.index.domain.scorecard import scorecard
from services.index.domain.weakness import (
    Bounds,
    Level,
    Quarter,
    QuarterClosed,
    QuarterOpened,
    Why,
    evolve,
    following,
    levels_of,
    open_quarter,
)

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
CLOSES = datetime(2026, 4, 5, 16, tzinfo=UTC)
BOUNDS = Bounds(below=6000, fall=1000)
SECOND = timedelta(seconds=1)
OPENED = QuarterOpened(quarter="2026-Q1", closes_at=CLOSES)
CLOSED = QuarterClosed(levels=(Level(street="liujia", theme="whistles", level=7000),), at=CLOSES)
LIFE = (OPENED, CLOSED)


def level(street: str, points: int) -> Level:
    return Level(street=street, theme="whistles", level=points)


def quarter(*before: Level) -> Quarter:
    return Quarter(quarter="2026-Q1", closes_at=CLOSES, before=before)


@pytest.mark.parametrize(
    ("now", "before", "why"),
    [
        (5999, None, Why.BELOW),
        (6000, None, None),
        (6000, 6999, None),
        (6000, 7000, Why.FALLING),
        (9000, 10_000, Why.FALLING),
        (5000, 9000, Why.BELOW),
        (5999, 5000, Why.BELOW),
        (8000, 7000, None),
    ],
)
def test_I_13_below_60_or_10_points_under_the_quarter_before(
    now: int, before: int | None, why: Why | None
) -> None:
    earlier = (level("liujia", before),) if before is not None else ()
    found = quarter(*earlier).weak([level("liujia", now)], BOUNDS, CLOSES)
    if why is None:
        assert found == ()
        return
    [weak] = found
    assert (weak.street, weak.theme, weak.quarter) == ("liujia", "whistles", "2026-Q1")
    assert (weak.level, weak.before, weak.why, weak.at) == (now, before, why, CLOSES)


def test_I_13_each_street_is_compared_with_itself() -> None:
    before = (level("liujia", 9000), level("guandu", 6100))
    found = quarter(*before).weak([level("liujia", 8900), level("guandu", 6100)], BOUNDS, CLOSES)
    assert found == ()


def test_I_13_a_quarter_is_looked_at_once_five_days_after_its_end() -> None:
    assert open_quarter(NOW, 5) == OPENED
    opened = evolve(None, OPENED)
    assert opened.wakes_at == CLOSES
    assert opened.close(CLOSED.levels, CLOSES - SECOND) == ()
    assert opened.close(CLOSED.levels, CLOSES) == (CLOSED,)
    closed = evolve(opened, CLOSED)
    assert (closed.wakes_at, closed.close((), CLOSES + SECOND)) == (None, ())


def test_I_13_the_next_quarter_knows_what_the_one_before_came_to() -> None:
    second = following("2026-Q1", CLOSED.levels, 5)
    assert second == QuarterOpened(
        quarter="2026-Q2", closes_at=datetime(2026, 7, 5, 16, tzinfo=UTC), before=CLOSED.levels
    )
    assert following("2026-Q4", (), 0) == QuarterOpened(
        quarter="2027-Q1", closes_at=datetime(2027, 3, 31, 16, tzinfo=UTC)
    )


def test_I_13_a_theme_without_a_figure_has_no_level() -> None:
    empty = scorecard("liujia", "2026-Q1", {}, {}, ())
    assert levels_of(empty) == ()
    sums = {Standing.CLOSED: {"count": 2, "score": 9000}}
    assert levels_of(scorecard("liujia", "2026-Q1", sums, {}, ())) == (level("liujia", 4500),)


@pytest.mark.parametrize(
    ("score", "count", "told", "why"),
    [(11_999, 2, 6000, None), (17_998, 3, 5999, Why.BELOW), (17_999, 3, 6000, None)],
)
def test_I_13_the_bounds_are_held_to_the_figure_as_it_is_published(
    score: int, count: int, told: int, why: Why | None
) -> None:
    """A street whose card says 60.00 is not told that it is below 60."""
    sums = {Standing.CLOSED: {"count": count, "score": score}}
    levels = levels_of(scorecard("liujia", "2026-Q1", sums, {}, ()))
    assert levels == (level("liujia", told),)
    assert [one.why for one in quarter().weak(levels, BOUNDS, CLOSES)] == ([why] if why else [])


def test_I_13_consultation_is_looked_at_when_its_year_has_ended() -> None:
    def found(quarter: str, points: int | None) -> dict[str, int]:
        card = scorecard("liujia", quarter, {}, {}, (), consultation=points)
        return {one.theme: one.level for one in levels_of(card)}

    assert found("2026-Q4", 5999) == {"consultation": 5999}
    assert found("2026-Q4", 10_300) == {"consultation": 10_000}
    assert found("2026-Q4", None) == {}
    assert [found(f"2026-Q{n}", 1000) for n in range(1, 4)] == [{}, {}, {}]
    weak = Level(street="liujia", theme="consultation", level=5999)
    [told] = quarter().weak([weak], BOUNDS, CLOSES)
    assert (told.theme, told.why) == ("consultation", Why.BELOW)
