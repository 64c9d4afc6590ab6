"""I-19: findings of talks and checks, each with a date to put it right."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chassis.kernel.errors import RuleBroken
from services.index.domain.finding import (
    DateMissed,
    Finding,
    FindingEvent,
    FindingMade,
    Occasion,
    PutRight,
    evolve,
    make,
)

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
END = datetime(2026, 3, 31, 16, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MADE = FindingMade(
    street="guandu",
    occasion=Occasion.CROSS,
    held_on=date(2026, 3, 1),
    what="公示栏未更新",
    due=date(2026, 3, 31),
    by="department:supervision_office",
    at=NOW,
)
RIGHT = PutRight(what="已更新", evidence="照片", by="street:guandu", at=NOW)
MISSED = DateMissed(due=date(2026, 3, 31))
LIFE: tuple[FindingEvent, ...] = (MADE, MISSED, RIGHT)


def after(*events: FindingEvent) -> Finding:
    finding = evolve(None, MADE)
    for event in events:
        finding = evolve(finding, event)
    return finding


def refused(step: Callable[[], object]) -> str | None:
    with pytest.raises(RuleBroken) as refusal:
        step()
    assert refusal.value.rule.id == "I-19"
    return refusal.value.field


def test_I_19_a_finding_has_its_day_and_a_date_ahead() -> None:
    assert make(MADE) == MADE
    assert make(replace(MADE, held_on=date(2026, 3, 2), due=date(2026, 3, 2)))
    assert refused(lambda: make(replace(MADE, held_on=date(2026, 3, 3)))) == "held_on"
    assert refused(lambda: make(replace(MADE, due=date(2026, 3, 1)))) == "due"
    assert refused(lambda: make(replace(MADE, what=" "))) == "what"


def test_I_19_put_right_with_what_shows_it_and_once() -> None:
    said = {"what": "已更新", "evidence": "照片", "by": "street:guandu"}
    assert after().put(**said, now=NOW) == (RIGHT,)
    for field in ("what", "evidence"):
        assert refused(lambda field=field: after().put(**{**said, field: ""}, now=NOW)) == field  # type: ignore[misc]
    refused(lambda: after(RIGHT).put(**said, now=NOW))


def test_I_19_a_missed_date_is_on_record_once_and_stays() -> None:
    finding = after()
    assert finding.lapses_at == END
    assert (finding.lapse(END - SECOND), finding.lapse(END)) == ((), (MISSED,))
    assert after(MISSED).lapse(END + SECOND) == ()
    assert after(RIGHT).lapse(END) == ()
    late = after().put(what="已更新", evidence="照片", by="street:guandu", now=END)
    assert late == (MISSED, replace(RIGHT, at=END))
    assert after(MISSED, RIGHT).missed
