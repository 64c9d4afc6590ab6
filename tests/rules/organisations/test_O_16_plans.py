"""O-16: planned contacts; O-17: joint meetings, and who does what by when."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from chassis.kernel.clock import end_of
from chassis.kernel.errors import Malformed, NotFound
from services.organisations.domain import contact as contacts
from services.organisations.domain import meeting as meetings
from services.organisations.domain import waiting
from services.organisations.domain.contact import (
    Contact,
    ContactKept,
    ContactMissed,
    ContactPlan,
    ContactsPlanned,
    Intended,
)
from services.organisations.domain.meeting import (
    Assigned,
    Meeting,
    MeetingCalled,
    MeetingCalledOff,
    MeetingDecided,
    MeetingLevel,
    Task,
    TaskDone,
    TaskMissed,
)
from tests.support.specification import Given, past

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
TODAY = date(2026, 3, 2)
SOON = TODAY + timedelta(days=30)
INTENDED = Intended(worker="worker-1", by=SOON, about="助老志愿者季度联系", volunteers=10)
planned = ContactsPlanned(
    street="guanshang",
    community="haihua",
    year=2026,
    contacts=(
        Contact(id="c1", worker="worker-1", by=SOON, about="助老志愿者季度联系", volunteers=10),
    ),
    at=NOW,
)
kept = ContactKept(contact="c1", on=TODAY, reached=9, outcome="新增两名骨干")
contact_missed = ContactMissed(contact="c1", at=NOW)


def plan(*intended: Intended, year: int = 2026) -> Any:
    return lambda known: contacts.plan(
        known,
        street="guanshang",
        community="haihua",
        year=year,
        intended=intended,
        now=NOW,
    )


def planning(*happened: Any) -> Given[ContactPlan]:
    return past(None, contacts.evolve, happened)


def test_O_16_contact_is_planned_for_a_year() -> None:
    first = planning().when(plan(INTENDED)).then(planned)
    planning().when(plan()).breaks("O-16", field="contacts")
    planning().when(plan(replace(INTENDED, about=" "))).breaks("O-16", field="contacts.0.about")
    past_day = replace(INTENDED, by=TODAY - timedelta(days=1))
    planning().when(plan(past_day)).refused(Malformed, field="contacts.0.by")
    planning().when(plan(INTENDED, year=2027)).refused(Malformed, field="contacts.0.by")
    more = first.when(plan(INTENDED)).leads_to()
    assert [one.id for one in more.state.contacts] == ["c1", "c2"]


def test_O_16_what_came_of_it_is_on_record_and_what_is_late_stays_marked() -> None:
    def keep(on: date = TODAY, outcome: str = "新增两名骨干", now: datetime = NOW) -> Any:
        return lambda p: contacts.keep(p, "c1", on=on, reached=9, outcome=outcome, now=now)

    known = planning(planned)
    known.when(keep(outcome=" ")).breaks("O-16", field="outcome")
    known.when(keep(TODAY + timedelta(days=1))).refused(Malformed, field="on")
    known.when(keep(date(TODAY.year - 1, 12, 31))).refused(Malformed, field="on")
    known.when(keep(date(TODAY.year, 1, 1))).leads_to()
    done = known.when(keep()).then(kept)
    done.when(keep()).breaks("O-16")
    assert contacts.missed(done.state, end_of(SOON)) == ()
    due = end_of(SOON)
    assert known.state.next_due == due
    assert contacts.missed(known.state, due - timedelta(seconds=1)) == ()
    late = known.when(lambda p: contacts.missed(p, due)).then(replace(contact_missed, at=due))
    assert (late.state.next_due, contacts.missed(late.state, due)) == (None, ())
    after = late.when(keep(now=due)).leads_to()
    assert after.state.contacts[0].missed
    assert (late.state.due, after.state.due) == (due, None)
    early = known.when(keep(now=due)).leads_to()
    assert early.state.contacts[0].missed, "before the clock has come for it, too"
    known.when(lambda p: contacts.keep(p, "c9", on=TODAY, reached=1, outcome="x", now=NOW)).refused(
        NotFound
    )


called = MeetingCalled(
    id="m-1",
    level=MeetingLevel.STREET,
    street="guanshang",
    on=TODAY,
    agenda=("需求清单对接",),
    needs=("survey-1.1",),
    at=NOW,
)
TASK = Task(id="t1", what="对接助老需求", who="community:haihua", by=SOON)
decided = MeetingDecided(decision="由社区对接", tasks=(TASK,), at=NOW)
called_off = MeetingCalledOff(reason="改期", at=NOW)
task_done = TaskDone(task="t1", on=TODAY, report="已对接")
task_missed = TaskMissed(task="t1", at=NOW)


def meeting(*happened: Any) -> Given[Meeting]:
    return past(None, meetings.evolve, (called, *happened))


def test_O_17_a_meeting_that_is_not_held_is_called_off_and_waits_for_nobody() -> None:
    """Its decision couldn't be recorded, and it waited for it."""

    def off(one: Meeting, reason: str = "改期") -> Any:
        return meetings.call_off(one, reason=reason, now=NOW)

    meeting().when(lambda one: off(one, " ")).breaks("O-17", field="reason")
    meeting(decided).when(off).breaks("O-17")
    known = meeting().when(off).then(called_off)
    known.when(off).breaks("O-17")
    known.when(lambda one: meetings.decide(one, decision="照办", assigned=(), now=NOW)).breaks(
        "O-17"
    )
    assert waiting.of_meeting(known.state) == {}


def test_O_17_a_meeting_has_its_agenda() -> None:
    assert meetings.call(called) == called
    meeting().when(lambda _: meetings.call(replace(called, agenda=(" ",)))).breaks(
        "O-17", field="agenda"
    )

    def call(wrong: MeetingCalled) -> Any:
        return lambda _: meetings.call(wrong)

    for wrong in (replace(called, street=None), replace(called, level=MeetingLevel.DISTRICT)):
        meeting().when(call(wrong)).refused(Malformed, field="street")


def test_O_17_its_decision_says_who_does_what_by_when() -> None:
    def decide(decision: str = "由社区对接", by: date = SOON, now: datetime = NOW) -> Any:
        assigned = (Assigned(what="对接助老需求", who="community:haihua", by=by),)
        return lambda m: meetings.decide(m, decision=decision, assigned=assigned, now=now)

    after = meeting().when(decide()).then(decided)
    after.when(decide()).breaks("O-17")
    meeting().when(decide(" ")).breaks("O-17", field="decision")
    meeting().when(decide(by=TODAY - timedelta(days=1))).refused(Malformed, field="tasks.0.by")
    meeting().when(decide(now=NOW - timedelta(days=1))).breaks("O-17", says=f"定于 {TODAY}")
    nothing = (Assigned(what=" ", who="community:haihua", by=SOON),)
    meeting().when(
        lambda m: meetings.decide(m, decision="由社区对接", assigned=nothing, now=NOW)
    ).refused(Malformed, field="tasks.0.what")


def test_O_17_a_task_is_reported_and_what_is_late_stays_marked() -> None:
    def do(report: str = "已对接", now: datetime = NOW) -> Any:
        return lambda m: meetings.do(m, "t1", report=report, now=now)

    known = meeting(decided)
    known.when(do(" ")).breaks("O-17", field="report")
    done = known.when(do()).then(task_done)
    done.when(do()).breaks("O-17")
    due = end_of(SOON)
    assert meetings.missed(done.state, due) == ()
    assert known.state.next_due == due
    assert meetings.missed(known.state, due - timedelta(seconds=1)) == ()
    late = known.when(lambda m: meetings.missed(m, due)).then(replace(task_missed, at=due))
    assert (late.state.next_due, meetings.missed(late.state, due)) == (None, ())
    for one in (late, known):  # before the clock has come for it, too
        assert one.when(do(now=due)).leads_to().state.tasks[0].missed
    meeting().when(do()).refused(NotFound)


def test_O_17_of_two_tasks_the_one_that_is_named_is_done() -> None:
    two = meeting(replace(decided, tasks=(TASK, replace(TASK, id="t2"))))
    after = two.when(lambda m: meetings.do(m, "t2", report="已对接", now=NOW)).leads_to()
    assert [one.done_on for one in after.state.tasks] == [None, TODAY]
    assert after.when(lambda m: meetings.do(m, "t1", report="已对接", now=NOW)).happened
