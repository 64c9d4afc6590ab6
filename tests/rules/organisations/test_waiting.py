"""Whose move it is: who decides on an organisation, what it owes; groups, needs, service, complaints, plans, draws."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from chassis.kernel.clock import Awaits, Ends, end_of, ends
from services.organisations.domain import complaint, draw, group, meeting, need, waiting
from services.organisations.domain.complaint import Outcome
from services.organisations.domain.events import (
    HeadAudited,
    HeadLeft,
    ListingLeft,
    MatterFollowed,
    MatterMissed,
    RegistrationRefused,
    SupervisorSaid,
    YearMissed,
)
from services.organisations.domain.evolution import evolve
from services.organisations.domain.kinds import CheckResult, Left
from services.organisations.domain.meeting import MeetingLevel
from services.organisations.domain.parts import Approval
from services.organisations.steps.meetings import MEETINGS
from tests.support.specification import past
from tests.support.walks import person

from . import test_O_05_groups as groups
from . import test_O_06_heads as heads
from . import test_O_07_watching as watching
from . import test_O_10_draws as draws
from . import test_O_10_listing as listing
from . import test_O_11_ending as ending
from . import test_O_12_complaints as complaints
from . import test_O_15_volunteers as volunteers
from . import test_O_16_plans as plans
from .cases import LATER, MARCH, applied, examined, on_register, other, registered

CIVIL, ITSELF = "department:civil_affairs", "supplier:nuanyang"
STREET, COMMUNITY = "street:guanshang", "community:haihua"
YEAR = Ends(due=end_of(date(2027, 6, 30)))
"""Of the year it was registered in."""


def approval(*, agreed: bool) -> SupervisorSaid:
    return SupervisorSaid(approval=Approval(document="教-1", agreed=agreed, at=MARCH))


@pytest.mark.parametrize(
    ("happened", "offices"),
    [
        ((applied,), [CIVIL]),
        ((other,), ["department:education"]),
        ((other, approval(agreed=True)), [CIVIL]),
        ((other, approval(agreed=False)), [CIVIL]),
        ((applied, examined), [CIVIL]),
        ((applied, RegistrationRefused(excluded=(), reason="不符合", at=MARCH)), []),
        ((applied, examined, registered, ending.begun), [CIVIL]),
        ((applied, examined, registered, ending.begun, ending.liquidated), [CIVIL]),
        ((applied, examined, registered, ending.begun, ending.liquidated, ending.over), []),
    ],
)
def test_O_01_an_application_waits_for_its_supervising_unit_first_then_for_civil_affairs(
    happened: tuple[Any, ...], offices: list[str]
) -> None:
    found = waiting.of_organisation(past(None, evolve, happened).state)
    assert found == dict.fromkeys(offices)


def _organisation(*happened: Any) -> Awaits:
    return waiting.of_organisation(on_register(*happened).state)


def test_O_08_an_organisation_reports_on_each_year_missed_or_not_and_is_checked() -> None:
    assert _organisation() == {ITSELF: YEAR}
    missed = YearMissed(year=2026, due=YEAR.due)
    assert _organisation(missed) == {ITSELF: YEAR}
    next_year = Ends(due=end_of(date(2028, 6, 30)))
    assert _organisation(watching.reported) == {CIVIL: None, ITSELF: next_year}
    assert _organisation(missed, watching.reported) == {CIVIL: None, ITSELF: next_year}
    assert _organisation(watching.reported, watching.checked) == {ITSELF: next_year}
    again = replace(watching.CHECK, result=CheckResult.TO_PUT_RIGHT)
    once_more = replace(watching.checked, check=again)
    assert _organisation(watching.reported, once_more) == {CIVIL: None, ITSELF: next_year}


def test_O_07_what_came_of_a_matter_waits_by_its_own_date_missed_or_not() -> None:
    by = ends(watching.MATTER.clock)
    late = MatterMissed(matter="m1", due=by.due)
    assert _organisation(watching.matter) == {ITSELF: by}
    assert _organisation(watching.matter, late) == {ITSELF: by}
    told = MatterFollowed(matter="m1", after="已签约", at=LATER)
    assert _organisation(watching.matter, told) == {ITSELF: YEAR}
    assert ITSELF not in _organisation(watching.matter, ending.begun)


def test_O_06_a_head_waits_to_be_seated_and_an_audit_by_its_date() -> None:
    sat = (heads.legal, heads.named, heads.seated)
    assert _organisation(heads.publicised) == {CIVIL: None, ITSELF: YEAR}
    assert _organisation(*sat) == {ITSELF: YEAR}
    left = HeadLeft(seat="h1", on=date(2026, 3, 31), reason="辞职", audit=heads.AUDIT)
    owed = ends(heads.AUDIT)
    assert _organisation(*sat, left) == {CIVIL: owed, ITSELF: YEAR}
    assert _organisation(*sat, left, ending.begun) == {CIVIL: owed}
    done = HeadAudited(seat="h1", document="审-1")
    assert _organisation(*sat, left, done) == {ITSELF: YEAR}
    unaudited = replace(left, audit=None)
    assert _organisation(*sat, unaudited) == {ITSELF: YEAR}


def test_O_10_a_listing_that_was_told_waits_to_be_decided() -> None:
    assert _organisation(listing.proposed) == {CIVIL: None, ITSELF: YEAR}
    assert _organisation(listing.proposed, listing.answered) == {CIVIL: None, ITSELF: YEAR}
    assert _organisation(listing.proposed, listing.entered) == {ITSELF: YEAR}
    dropped = ListingLeft(listing="1", left=Left.DROPPED, on=listing.TODAY, at=LATER)
    assert _organisation(listing.proposed, dropped) == {ITSELF: YEAR}


def test_O_05_a_group_waits_for_its_community_first_then_for_the_street() -> None:
    def of(*happened: Any) -> Awaits:
        return waiting.of_group(past(None, group.evolve, (groups.proposed, *happened)).state)

    assert of() == {COMMUNITY: None}
    assert of(groups.looked) == {STREET: None}
    assert of(groups.looked, groups.filed) == of(groups.declined) == {}


def test_O_15_a_need_waits_for_its_community_once_its_account_has_given() -> None:
    def of(*happened: Any) -> Awaits:
        return waiting.of_need(past(None, need.evolve, (volunteers.asked, *happened)).state)

    covered, matched = volunteers.covered, volunteers.matched
    assert of() == {}
    assert of(covered) == of(covered, matched) == {COMMUNITY: None}
    assert of(covered, matched, volunteers.met) == of(covered, volunteers.cancelled) == {}


@pytest.mark.parametrize(
    ("receiver", "by", "office"),
    [
        ("department:health", COMMUNITY, "department:health"),
        (ITSELF, COMMUNITY, ITSELF),
        ("resident", ITSELF, COMMUNITY),
        ("resident", STREET, COMMUNITY),
        ("volunteer:v-2", COMMUNITY, STREET),
    ],
)
def test_O_15_service_waits_for_who_received_it_and_never_for_who_recorded_it(
    receiver: str, by: str, office: str
) -> None:
    service = replace(volunteers.SERVICE, receiver=receiver, recorded_by=by)
    recorded = replace(volunteers.recorded, service=service)
    assert waiting.of_volunteer(volunteers.given(recorded).state) == {office: None}
    for answer in (volunteers.confirmed, volunteers.rejected):
        assert waiting.of_volunteer(volunteers.given(recorded, answer).state) == {}


def test_O_12_a_complaint_waits_to_be_decided_and_a_penalty_to_be_made_public() -> None:
    def of(*happened: Any) -> Awaits:
        return waiting.of_complaint(
            past(None, complaint.evolve, (complaints.taken, *happened)).state
        )

    assert of() == of(complaints.decided) == {CIVIL: None}
    assert of(complaints.decided, complaints.published) == {}
    assert of(replace(complaints.decided, outcome=Outcome.UNFOUNDED)) == {}


def test_O_16_a_plan_waits_for_its_next_contact_missed_or_not() -> None:
    by = {COMMUNITY: Ends(due=end_of(plans.SOON))}
    assert waiting.of_plan(plans.planning(plans.planned).state) == by
    assert waiting.of_plan(plans.planning(plans.planned, plans.contact_missed).state) == by
    assert waiting.of_plan(plans.planning(plans.planned, plans.kept).state) == {}
    [first] = plans.planned.contacts
    early = replace(first, id="c2", by=plans.TODAY)
    both = replace(plans.planned, contacts=(first, early))
    found = waiting.of_plan(plans.planning(both).state)
    assert found == {COMMUNITY: Ends(due=end_of(plans.TODAY))}


def test_O_17_a_meeting_waits_for_who_called_it_then_for_each_office_with_its_task() -> None:
    called, decided, task = plans.called, plans.decided, plans.TASK
    district = replace(called, level=MeetingLevel.DISTRICT, street=None)
    assert waiting.of_meeting(plans.meeting().state) == {STREET: None}
    assert waiting.of_meeting(past(None, meeting.evolve, (district,)).state) == {CIVIL: None}
    sooner = plans.SOON - timedelta(days=1)
    tasks = (
        task,
        replace(task, id="t2", who="department:health", by=sooner),
        replace(task, id="t3", by=sooner),
    )
    here = plans.meeting(replace(decided, tasks=tasks))
    early, late = Ends(due=end_of(sooner)), Ends(due=end_of(plans.SOON))
    assert waiting.of_meeting(here.state) == {COMMUNITY: early, "department:health": early}
    done = past(here.state, here.evolve, (replace(plans.task_done, task="t3"),)).state
    assert waiting.of_meeting(done) == {COMMUNITY: late, "department:health": early}
    assert waiting.of_meeting(plans.meeting(decided, plans.task_missed).state) == {COMMUNITY: late}
    assert waiting.of_meeting(plans.meeting(decided, plans.task_done).state) == {}


def test_O_17_a_task_that_is_late_is_due_still_and_no_other_departments_business() -> None:
    late = plans.meeting(plans.decided, plans.task_missed).state
    due = end_of(plans.SOON)
    assert MEETINGS.keys(late)["due"] == MEETINGS.keys(plans.meeting(plans.decided).state)["due"]
    assert MEETINGS.ends(late, person(CIVIL)) == Ends(due=due)
    assert MEETINGS.ends(late, person("department:health")) is None


def test_O_10_a_list_waits_to_be_drawn_by_another_office() -> None:
    assert waiting.of_draw(draws.given().state) == {CIVIL: None}
    assert waiting.of_draw(draws.given(draws.drawn).state) == {}
    own = past(None, draw.evolve, (replace(draws.listed, unit="civil_affairs", by=CIVIL),)).state
    assert waiting.of_draw(own) == dict.fromkeys(("discipline", "district_admin"))
