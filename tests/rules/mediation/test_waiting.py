"""Whose move it is: of a case whose it is or who decides that, of a notice its office, of meetings who holds them."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from chassis.kernel.clock import Ends, end_of
from services.mediation.domain import notice, screening, waiting
from services.mediation.domain.clocks import until
from services.mediation.domain.dispute import Awaited, How, Remedy, Risk
from services.mediation.domain.events import (
    CaseEnded,
    CaseEvent,
    CaseListed,
    ChargeTaken,
    ClockStarted,
    DateMissed,
    RiskRaised,
)
from services.mediation.domain.notice import (
    NoticeAnswered,
    NoticeClimbed,
    NoticeLifted,
    NoticeMissed,
    Rung,
)
from services.mediation.domain.screening import MeetingMissed, PeriodMet
from services.mediation.steps.cases import CASES
from tests.support.walks import person

from .lives import (
    AGREED,
    CLOCKS,
    COMMUNITY,
    DONE,
    LATER,
    MEDIATION,
    MORNING,
    PERFORMING,
    RECEIVED,
    RESPONSE,
    STREET,
    TAKEN,
    VISITING,
    given,
)
from .test_course import COURT, HEALTH, returned
from .test_notices import ANSWERED, DUE, ISSUED, NOW
from .test_screenings import DISTRICT, MEETING
from .test_screenings import STREET as A_STREETS

STABILITY = "department:stability"
DECISION = CLOCKS.started(Awaited.DECISION, MORNING)
CHARGE = CLOCKS.started(Awaited.CHARGE, MORNING)
MASS = RiskRaised(risk=Risk.MASS, reason="有人扬言。", at=MORNING)
TAKEN_UP = ChargeTaken(office=HEALTH, by=STREET, at=LATER)
BACK = (returned(HEALTH), RESPONSE, returned(COURT, HEALTH), DECISION)


def by(clock: ClockStarted) -> Ends:
    return Ends(due=clock.due, provisional=clock.provisional)


def _case(*happened: CaseEvent) -> Any:
    return waiting.of_case(given(happened).state)


@pytest.mark.parametrize(
    ("happened", "clock"),
    [(RECEIVED, RESPONSE), (TAKEN, MEDIATION), (AGREED, PERFORMING), (DONE, VISITING)],
)
def test_M_04_each_step_of_a_case_waits_for_who_has_it_by_its_own_date(
    happened: tuple[CaseEvent, ...], clock: ClockStarted
) -> None:
    assert _case(*happened) == {COMMUNITY: by(clock)}
    late = DateMissed(awaited=clock.awaited, due=clock.due)
    assert _case(*happened, late) == {COMMUNITY: by(clock)}
    over = CaseEnded(how=How.UNSUITED, told=(Remedy.COURT,), at=LATER)
    assert _case(*happened, over) == {}


def test_M_03_what_was_returned_waits_for_who_decides_whose_it_is() -> None:
    assert _case(*RECEIVED, *BACK[:2]) == {HEALTH: by(RESPONSE)}
    assert _case(*RECEIVED, *BACK) == {STREET: by(DECISION)}
    third = replace(returned(STREET, COURT), at=LATER)
    assert _case(*RECEIVED, *BACK, third, DECISION) == {"district_admin": by(DECISION)}


def test_M_08_street_and_district_see_that_somebody_takes_charge() -> None:
    assert _case(*TAKEN, MASS, CHARGE) == {
        COMMUNITY: by(MEDIATION),
        STREET: by(CHARGE),
        STABILITY: by(CHARGE),
    }
    assert list(_case(*TAKEN, MASS, CHARGE, TAKEN_UP)) == [COMMUNITY]
    ended = CaseEnded(how=How.UNSUITED, told=(Remedy.COURT,), at=LATER)
    assert _case(*TAKEN, MASS, CHARGE, ended) == {}


def test_M_08_what_is_listed_waits_for_who_has_it_to_the_date_that_was_set() -> None:
    soon = MORNING.date() + timedelta(days=2)
    listed = CaseListed(by=STREET, reason="久拖未决。", until=soon, at=MORNING)
    watched = (listed, until(Awaited.SUPERVISION, soon))
    assert _case(*TAKEN, *watched) == {COMMUNITY: Ends(due=end_of(soon), provisional=False)}
    returns = (*RECEIVED, *watched, *BACK)
    assert _case(*returns) == {STREET: by(DECISION)}


def test_M_04_a_date_that_was_missed_is_due_still_to_all_but_who_handed_the_case_on() -> None:
    running = (*RECEIVED, *BACK)
    late = DateMissed(awaited=DECISION.awaited, due=DECISION.due)
    case = given((*running, late)).state
    assert CASES.keys(case)["due"] == CASES.keys(given(running).state)["due"]
    for office in (COMMUNITY, STREET, STABILITY, "command_centre"):
        ends = CASES.ends(case, person(office))
        assert ends is not None and ends.due == DECISION.due
    assert CASES.ends(case, person(HEALTH)) is None
    assert CASES.ends(given(running).state, person(HEALTH)) == Ends(due=DECISION.due)


OFFICE = ISSUED.office
HERE = Ends(due=DUE)
MISSED = NoticeMissed(rung=Rung.NOTIFIED, due=DUE)
AFTER = DUE + timedelta(days=1)
TO = AFTER.date() + timedelta(days=10)


def _notice(*happened: notice.NoticeEvent) -> Any:
    found = notice.evolve(None, ISSUED)
    for event in happened:
        found = notice.evolve(found, event)
    return waiting.of_notice(found)


def climbed(rung: Rung) -> NoticeClimbed:
    return NoticeClimbed(rung=rung, reason="未改。", until=TO, by=STABILITY, at=AFTER)


def test_M_13_a_notice_waits_for_causes_and_measures_then_for_who_leads_the_work() -> None:
    assert _notice() == {OFFICE: HERE}
    assert _notice(ANSWERED) == {STABILITY: None}
    assert _notice(MISSED) == {STABILITY: None, OFFICE: HERE}
    assert _notice(ANSWERED, MISSED) == {STABILITY: None}
    assert _notice(ANSWERED, NoticeLifted(result="已下降。", by=STABILITY, at=NOW)) == {}


def test_M_13_each_rung_asks_for_causes_and_measures_again() -> None:
    again = Ends(due=end_of(TO))
    talked = (ANSWERED, MISSED, climbed(Rung.TALKED))
    assert _notice(*talked) == {OFFICE: again}
    assert _notice(*talked, replace(ANSWERED, at=AFTER)) == {STABILITY: None}
    listed = (*talked, climbed(Rung.LISTED), NoticeMissed(rung=Rung.LISTED, due=end_of(TO)))
    assert _notice(*listed) == {OFFICE: again}
    assert isinstance(ANSWERED, NoticeAnswered)


def _meetings(*happened: screening.ScreeningEvent) -> Any:
    found = None
    for event in happened:
        found = screening.evolve(found, event)
    assert found is not None
    return waiting.of_screening(found)


def test_M_01_a_periods_meeting_waits_for_who_holds_it_until_it_is_held() -> None:
    first, second = end_of(date(2026, 2, 15)), end_of(date(2026, 2, 28))
    assert _meetings(A_STREETS) == {STREET: Ends(due=first)}
    assert _meetings(DISTRICT) == {STABILITY: Ends(due=second)}
    assert _meetings(A_STREETS, MEETING) == {}
    before = replace(MEETING, on=date(2026, 1, 31))
    assert _meetings(A_STREETS, before) == {STREET: Ends(due=first)}
    for over in (PeriodMet(period="2026-02-1"), MeetingMissed(period="2026-02-1", due=first)):
        assert _meetings(A_STREETS, MEETING, over) == {STREET: Ends(due=second)}
