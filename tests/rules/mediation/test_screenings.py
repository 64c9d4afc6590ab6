"""M-01: the district meets monthly, a street every half month; what was missed is told once."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest

from chassis.cause import Cause
from chassis.kernel.errors import OURS, Malformed
from services.mediation.announce import of_screenings
from services.mediation.domain import risk, screening, waiting
from services.mediation.domain.events import CaseScreened
from services.mediation.domain.screening import (
    Decided,
    Level,
    MeetingHeld,
    MeetingMissed,
    PeriodMet,
    Scope,
    Screening,
    ScreeningBegun,
    ScreeningEnded,
    ScreeningResumed,
    begin,
    evolve,
    period_of,
)
from services.mediation.main import desk_on
from tests.support.memory import MemoryStore
from tests.support.specification import Given, past
from tests.support.toy import Silent

from .lives import TAKEN, WORK
from .lives import given as case

BEGUN = datetime(2026, 1, 20, 2, tzinfo=UTC)
SINCE = date(2026, 1, 20)
STREET, DISTRICT = begin("guanshang", BEGUN)[1], begin(None, BEGUN)[1]
DUE = datetime(2026, 2, 15, 16, tzinfo=UTC)
"""When the first period of a street's is over."""
MEETING = MeetingHeld(
    on=date(2026, 2, 3),
    scope=Scope.REGULAR,
    cases=("c-1",),
    decided=(Decided(case="c-1", office="street:guanshang", until=date(2026, 2, 10)),),
    minutes="纪要2026-3",
    by="street:guanshang",
    at=datetime(2026, 2, 3, 8, tzinfo=UTC),
)

SCREENED = CaseScreened(
    level=Level.STREET,
    street="guanshang",
    on=MEETING.on,
    minutes="纪要2026-3",
    office="street:taihe",
    until=date(2026, 2, 10),
    its_street="taihe",
    at=MEETING.at,
)


def given(*events: screening.ScreeningEvent) -> Given[Screening]:
    return past(None, evolve, events)


@pytest.mark.parametrize(
    ("level", "day", "name", "first", "last"),
    [
        (Level.DISTRICT, date(2026, 2, 10), "2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        (Level.STREET, date(2026, 2, 15), "2026-02-1", date(2026, 2, 1), date(2026, 2, 15)),
        (Level.STREET, date(2024, 2, 16), "2024-02-2", date(2024, 2, 16), date(2024, 2, 29)),
        (Level.STREET, date(2026, 12, 31), "2026-12-2", date(2026, 12, 16), date(2026, 12, 31)),
    ],
)
def test_M_01_the_periods(level: Level, day: date, name: str, first: date, last: date) -> None:
    assert period_of(level, day) == screening.Period(name=name, first=first, last=last)


def test_M_01_the_first_that_counts_is_the_first_whole_one() -> None:
    assert begin("guanshang", BEGUN)[0] == "guanshang"
    assert begin(None, BEGUN)[0] == "district"
    assert given(STREET).state.wakes_at == datetime(2026, 2, 15, 16, tzinfo=UTC)
    assert given(DISTRICT).state.wakes_at == datetime(2026, 2, 28, 16, tzinfo=UTC)


def test_M_01_a_period_without_a_meeting_is_missed_once() -> None:
    here = given(STREET)
    here.when(lambda s: s.close(datetime(2026, 2, 15, 15, 59, tzinfo=UTC), there=True)).then()
    missed = MeetingMissed(period="2026-02-1", due=DUE)
    after = here.when(lambda s: s.close(DUE, there=True)).then(missed)
    assert after.state.missed == (missed,)
    after.when(lambda s: s.close(DUE, there=True)).then()
    assert after.state.wakes_at == datetime(2026, 2, 28, 16, tzinfo=UTC)
    news = of_screenings(missed, after.state)
    assert news is not None and news.model_dump(mode="json", exclude_none=True) == {
        "street": "guanshang",
        "units": ["stability"],
        "level": "street",
        "period": "2026-02-1",
        "due": "2026-02-15T16:00:00.000000Z",
    }


def test_M_01_a_meeting_in_the_period_meets_it_and_one_recorded_later_comes_too_late() -> None:
    held = given(STREET, MEETING)
    met = held.when(lambda s: s.close(DUE, there=True)).then(PeriodMet(period="2026-02-1"))
    assert of_screenings(PeriodMet(period="2026-02-1"), met.state) is None
    for late in (
        replace(MEETING, at=datetime(2026, 2, 15, 16, tzinfo=UTC)),
        replace(MEETING, on=date(2026, 1, 30)),
    ):
        [event] = given(STREET, late).state.close(datetime(2026, 2, 16, tzinfo=UTC), there=True)
        assert isinstance(event, MeetingMissed)


def test_M_01_a_meeting_has_its_list_its_minutes_and_decisions_with_dates() -> None:
    here = given(STREET)
    here.when(lambda s: s.meet(MEETING, SINCE)).then(MEETING)
    other = (replace(MEETING.decided[0], case="c-2"),)
    early = (replace(MEETING.decided[0], until=date(2026, 2, 2)),)
    for meeting, field in (
        (replace(MEETING, minutes=" "), "minutes"),
        (replace(MEETING, decided=(*MEETING.decided, *other)), "decided.1.case"),
        (replace(MEETING, decided=early), "decided.0.until"),
    ):
        here.when(partial(Screening.meet, meeting=meeting, begun=SINCE)).breaks("M-01", field=field)
    here.when(lambda s: s.meet(replace(MEETING, on=date(2026, 2, 4)), SINCE)).refused(Malformed)
    again = given(STREET, MEETING).when(lambda s: s.meet(MEETING, SINCE))
    again.breaks("M-01", clause=OURS, field="on")
    assert isinstance(STREET, ScreeningBegun)


def test_M_01_a_case_says_what_a_meeting_decided_about_it_once() -> None:
    listed = replace(SCREENED, office=None, until=None, its_street=None)
    here = case(TAKEN)
    both = replace(SCREENED, office="street:guanshang", its_street="guanshang")
    after = here.when(lambda c: risk.screened(c, [SCREENED, both])).then(SCREENED, both)
    after.when(lambda c: risk.screened(c, [SCREENED, both])).then()
    again = replace(listed, on=date(2026, 2, 20))
    other = replace(listed, level=Level.DISTRICT, street=None)
    later = after.when(lambda c: risk.screened(c, [again])).then(again)
    last = later.when(lambda c: risk.screened(c, [other])).then(other)
    assert last.state.screened == (SCREENED, both, again, other)
    assert last.state.clocks == here.state.clocks
    assert "street:taihe" in last.state.offices, "who is to deal with it sees it"


def test_M_01_a_street_without_communities_misses_no_meeting_and_resumes_with_a_whole_period() -> (
    None
):
    here = given(STREET)
    here.when(lambda s: s.close(DUE - timedelta(seconds=1), there=False)).then()
    ended = ScreeningEnded(at=DUE)
    after = here.when(lambda s: s.close(DUE, there=False)).then(ended)
    assert (after.state.awaits, after.state.wakes_at, after.state.missed) == (None, None, ())
    assert waiting.of_screening(after.state) == {}
    assert of_screenings(ended, after.state) is None
    after.when(lambda s: s.close(DUE + timedelta(days=90), there=True)).then()
    later = datetime(2026, 5, 7, tzinfo=UTC)
    resumed = after.when(lambda s: s.resume(later)).then(ScreeningResumed(at=later))
    assert resumed.state.wakes_at == datetime(2026, 5, 31, 16, tzinfo=UTC)
    resumed.when(lambda s: s.resume(later)).then()


@pytest.mark.parametrize(
    ("begun", "first"),
    [(STREET, date(2026, 1, 16)), (DISTRICT, date(2026, 1, 1))],
)
def test_M_01_a_meeting_is_of_no_period_before_they_were_on_record(
    begun: ScreeningBegun, first: date
) -> None:
    here = given(begun)
    on = partial(replace, MEETING, decided=())
    for before in (first - timedelta(days=1), date(1999, 1, 1)):
        early = on(on=before)
        here.when(partial(Screening.meet, meeting=early, begun=SINCE)).breaks("M-01", field="on")
    here.when(lambda s: s.meet(on(on=first), SINCE)).leads_to()


async def test_M_01_since_when_is_as_the_record_says() -> None:
    desk = desk_on(MemoryStore(), bytes(32), Silent(), WORK)
    await desk.begin_screening("guanshang", datetime(2026, 1, 19, 16, 30, tzinfo=UTC))
    await desk.close_period("guanshang", Cause(actor="system:clock", now=BEGUN))
    assert await desk.begun("guanshang") == SINCE
