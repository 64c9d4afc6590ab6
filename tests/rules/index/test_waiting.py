"""I-17, I-18, I-19, I-24: for whom something waits, and by when."""

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import reduce
from typing import Any

from services.index.domain import duty, finding, improvement, waiting
from services.index.domain.checklist import Task, evolve

from .test_actions import DUTY, MADE
from .test_I_17_checklists import (
    CANCELLED,
    DONE,
    ENTERED,
    LEAD,
    LISTED,
    MISSED,
    NOW,
    OFFICE,
    REPORTED,
    RETURNED,
    STANDING,
)
from .test_I_24_improvements import LIFE


def task(*events: Any) -> Task:
    known: Any = reduce(evolve, events, None)
    assert isinstance(known, Task)
    return known


def until(*day: int) -> datetime:
    """The end of it, in Shanghai."""
    return datetime(*day, 16, tzinfo=UTC)  # type: ignore[misc,arg-type]


def due(awaits: Any) -> dict[str, datetime | None]:
    return {office: ends and ends.due for office, ends in awaits.items()}


def test_I_17_a_task_waits_for_its_lead_and_then_for_who_takes_it_off() -> None:
    assert due(waiting.of_task(task(ENTERED))) == {LEAD: until(2026, 6, 30)}
    assert due(waiting.of_task(task(ENTERED, LISTED))) == {LEAD: until(2026, 5, 1)}
    assert due(waiting.of_task(task(ENTERED, MISSED))) == {LEAD: None}
    assert due(waiting.of_task(task(ENTERED, REPORTED))) == {OFFICE: None}
    assert due(waiting.of_task(task(ENTERED, LISTED, REPORTED))) == {LEAD: until(2026, 5, 1)}
    assert due(waiting.of_task(task(ENTERED, LISTED, DONE, REPORTED))) == {OFFICE: None}
    assert due(waiting.of_task(task(ENTERED, REPORTED, RETURNED))) == {LEAD: until(2026, 6, 30)}
    assert waiting.of_task(task(ENTERED, REPORTED, CANCELLED)) == {}


def test_I_17_who_supervises_does_not_judge_its_own_report_and_many_leads_are_the_districts() -> (
    None
):
    own = replace(ENTERED, code="supervision_office")
    assert waiting.of_task(task(own, replace(REPORTED, by=OFFICE))) == {}
    assert set(waiting.of_task(task(replace(ENTERED, code=None)))) == {"district_admin"}


def test_I_17_a_standing_task_waits_for_next_years_report() -> None:
    known = task(STANDING)
    after = reduce(evolve, known.report(said="已办", evidence="台账", by=LEAD, now=NOW), known)
    assert due(waiting.of_task(after)) == {LEAD: until(2027, 12, 31)}


def test_I_18_a_duty_waits_by_its_period_and_not_once_it_is_done() -> None:
    known = duty.evolve(None, DUTY)
    assert due(waiting.of_duty(known)) == {"street:guandu": until(2026, 6, 30)}
    held: list[duty.DutyEvent] = [
        duty.DutyRecorded(held_on=date(2026, 2, day), evidence="纪要", by="street:guandu", at=NOW)
        for day in (1, 2)
    ]
    assert waiting.of_duty(reduce(duty.evolve, held, known)) == {}
    over = duty.evolve(reduce(duty.evolve, held, known), duty.PeriodMet(period="2026-H1"))
    assert due(waiting.of_duty(over)) == {"street:guandu": until(2026, 12, 31)}
    published = duty.evolve(None, replace(DUTY, code=duty.PUBLISHED))
    assert waiting.of_duty(published) == {}


def test_I_19_a_finding_waits_for_its_street_by_its_date_late_or_not() -> None:
    known = finding.evolve(None, MADE)
    assert due(waiting.of_finding(known)) == {"street:guandu": until(2026, 4, 1)}
    late = finding.evolve(known, finding.DateMissed(due=MADE.due))
    assert due(waiting.of_finding(late)) == {"street:guandu": until(2026, 4, 1)}
    put = finding.PutRight(what="已改", evidence="照片", by="street:guandu", at=NOW)
    assert waiting.of_finding(finding.evolve(late, put)) == {}


def test_I_24_what_was_asked_waits_for_its_departments_and_an_answer_for_who_leads() -> None:
    ways = [reduce(improvement.evolve, LIFE[:count], None) for count in (1, 2, 3)]
    assert [due(waiting.of_improvement(one)) for one in ways if one] == [
        {"department:human_resources": None},
        {"department:civil_affairs": None},
        {},
    ]
