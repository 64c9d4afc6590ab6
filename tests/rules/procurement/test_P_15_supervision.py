"""P-15, P-21, P-22: who supervises, what is recorded and reported by when, and what was missed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chassis.cause import Cause
from chassis.kernel.clock import end_of
from chassis.kernel.errors import OURS, Malformed
from contracts import procurement as told
from services.procurement import announce
from services.procurement.domain import recording
from services.procurement.domain.events import ContractEnded
from services.procurement.domain.evolution import evolve as evolve_contract
from services.procurement.domain.figures import Figures, averaged
from services.procurement.domain.ledger import Entry, EntryKind, Ledger, enclosed
from services.procurement.domain.supervision import (
    Supervision,
    commission,
    next_month,
    report_due,
)
from services.procurement.domain.supervision_events import (
    CommissionDecided,
    Commissioned,
    Countersigned,
    HandedOver,
    Manner,
    RecordCorrected,
    Recorded,
    RecordsAwaited,
    Reported,
    StageReported,
    SupervisionEnded,
    SupervisionMissed,
    What,
)
from services.procurement.domain.supervision_evolution import evolve
from services.procurement.main import desk_on, seed
from tests.support.memory import MemoryStore
from tests.support.specification import Decision, Given, past
from tests.support.toy import Silent

from .cases import (
    JUNE,
    MARCH,
    NOVEMBER,
    STREET,
    TERMS,
    WORK,
    accepted,
    ended_unqualified,
    expired,
    filed,
    mid,
    passed,
    ready,
    signed,
    terminated,
)

THREE = "官办通〔2019〕77号 附件2 三"
FIVE = "官办通〔2019〕77号 附件2 五"
SIX = "官办通〔2019〕77号 附件2 六"
MAR, APR, MAY = (date(2026, month, 1) for month in (3, 4, 5))
commissioned = Commissioned(
    contract="c-1",
    supplier="tongxin",
    supervisor="duxun",
    purchaser="street:guanshang",
    street="guanshang",
    community="haihua",
    first=MAR,
    last=MAY,
    qualified=1,
    at=MARCH,
)
taken = replace(commissioned, since=MARCH)
MARCH_OVER = datetime(2026, 3, 31, 16, tzinfo=UTC)
RECORDED = datetime(2026, 4, 3, 9, tzinfo=UTC)
"""By then the record of a session of 31 March, a Tuesday, has to be there: the close of Friday 3 April."""
SIGNED, UNTIL = date(2026, 3, 2), date(2026, 7, 31)


def day(month: int, of: int, hour: int = 4) -> datetime:
    return datetime(2026, month, of, hour, tzinfo=UTC)


def given(*happened: Any) -> Given[Supervision]:
    return past(None, evolve, (commissioned, *happened))


def session(on: date, at: datetime, late: bool = False) -> Recorded:
    return Recorded(way=Manner.GROUP, held_on=on, minutes=150, summary="小组督导", late=late, at=at)


# Commissioning


def commissions(known: Any = None, **changed: Any) -> Decision[Any]:
    said = replace(commissioned, **changed)
    return Given(known, evolve).when(lambda one: commission(one, said, SIGNED, UNTIL))


def test_P_15_another_than_the_supplier_with_people_who_may() -> None:
    commissions().then(taken)
    commissions(supervisor="tongxin").breaks("P-15", clause=THREE, field="supervisor")
    commissions(qualified=0).breaks("P-15", clause=THREE, field="qualified")
    commissions(last=date(2026, 2, 1)).refused(Malformed, field="last")
    commissions(given().state).breaks("P-15", clause=THREE)
    over = given(SupervisionEnded(at=MARCH)).state
    assert commissions(over).decide(over) == replace(taken, begun=MAR)


def test_P_15_it_is_commissioned_for_months_of_the_contract() -> None:
    early = {"first": date(2026, 2, 1)}
    commissions(**early).breaks("P-15", clause=THREE, field="first")
    commissions(last=date(2026, 8, 1)).breaks("P-15", clause=THREE, field="last")
    assert commissions(last=date(2026, 7, 1)).happened
    unfiled = Given(None, evolve).when(
        lambda one: commission(one, replace(commissioned, last=date(2027, 1, 1)), SIGNED, None)
    )
    assert unfiled.happened


@pytest.mark.parametrize("how", [terminated, expired, ended_unqualified])
def test_P_15_nobody_is_commissioned_for_a_contract_that_has_ended(how: ContractEnded) -> None:
    known = past(None, evolve_contract, (signed, filed, *ready, how))
    known.when(lambda one: one.may_be_supervised(JUNE)).breaks("P-15")


def test_P_15_nobody_is_commissioned_once_it_was_accepted_or_its_term_is_over() -> None:
    known = past(None, evolve_contract, (signed, filed, *ready))
    last = end_of(TERMS.until) - timedelta(seconds=1)
    assert known.when(lambda one: one.may_be_supervised(last)).decide(known.state) is None
    known.when(lambda one: one.may_be_supervised(end_of(TERMS.until))).breaks("P-15", clause=OURS)
    over = past(None, evolve_contract, (signed, filed, *ready, mid, passed, accepted))
    over.when(lambda one: one.may_be_supervised(NOVEMBER)).breaks("P-15", clause=OURS)


def test_P_15_nothing_is_missed_of_months_that_were_over_when_it_was_commissioned() -> None:
    """A report of the month before may still come in time."""
    now = day(5, 4)
    state = commissions(at=now).leads_to()
    assert state.state.next_due == report_due(APR)
    finds(state, now).then()
    finds(state, report_due(APR)).then(missed(What.REPORT, APR, report_due(APR)))


def test_P_15_two_sessions_arent_owed_of_a_month_of_which_one_day_was_left() -> None:
    for on, sessions in ((30, (missed(What.SESSIONS, MAR, RECORDED),)), (31, ())):
        state = commissions(at=day(3, on)).leads_to()
        finds(state, RECORDED).then(*sessions)
        finds(state, report_due(MAR)).then(
            *(replace(one, at=report_due(MAR)) for one in sessions),
            missed(What.REPORT, MAR, report_due(MAR)),
        )


# Records


def records(
    way: Manner, on: date, now: datetime, minutes: int = 150, summary: str = "小组督导"
) -> Decision[Supervision]:
    return given().when(
        lambda one: one.record(
            way, held_on=on, minutes=minutes, summary=summary, now=now, work=WORK
        )
    )


@pytest.mark.parametrize(
    ("way", "last"),
    [
        # Held on Friday 6 March: the third working day is Wednesday 11 March, until the close of work.
        (Manner.GROUP, datetime(2026, 3, 11, 9, tzinfo=UTC)),
        (Manner.VISIT, datetime(2026, 3, 9, 16, tzinfo=UTC)),
        (Manner.REMOTE, datetime(2026, 3, 31, 16, tzinfo=UTC)),
    ],
)
def test_P_15_a_record_is_late_after_its_day_and_is_kept_all_the_same(
    way: Manner, last: datetime
) -> None:
    held = date(2026, 3, 6)
    for now, late in ((last - timedelta(seconds=1), False), (last, True)):
        [event] = records(way, held, now).happened
        assert event.late is late


def test_P_15_a_group_session_takes_two_to_three_hours() -> None:
    on, now = date(2026, 3, 6), day(3, 6)
    for minutes in (119, 181):
        records(Manner.GROUP, on, now, minutes).breaks("P-15", clause=FIVE, field="minutes")
        assert records(Manner.VISIT, on, now, minutes).happened
    for minutes in (120, 180):
        assert records(Manner.GROUP, on, now, minutes).happened
    records(Manner.GROUP, on, now, summary=" ").refused(Malformed, field="summary")
    for strange in (date(2026, 2, 28), date(2026, 3, 7)):
        records(Manner.GROUP, strange, now).refused(Malformed, field="held_on")
    assert records(Manner.GROUP, date(2026, 5, 31), day(6, 2)).happened
    records(Manner.GROUP, date(2026, 6, 1), day(6, 2)).refused(Malformed, field="held_on")


def test_P_15_the_supervisor_countersigns_each_session_once() -> None:
    held = given(session(date(2026, 3, 6), day(3, 6)))
    sign = lambda one: one.countersign(1, day(3, 9))  # noqa: E731
    signed = held.when(sign).then(Countersigned(record=1, at=day(3, 9)))
    signed.when(sign).breaks("P-15", clause=SIX)
    given().when(sign).breaks("P-15")
    visit = replace(session(date(2026, 3, 6), day(3, 6)), way=Manner.VISIT)
    given(visit).when(sign).breaks("P-15")


SIXTH, SEVENTEENTH = date(2026, 3, 6), date(2026, 3, 17)


def corrects(
    state: Given[Supervision], record: int = 1, **other_than: Any
) -> Decision[Supervision]:
    said: dict[str, Any] = {
        "held_on": SEVENTEENTH,
        "minutes": 120,
        "summary": "小组督导二",
        "reason": "日期误录",
    }
    said |= {"now": day(3, 20), "work": WORK, **other_than}
    return state.when(lambda one: recording.correct(one, record, **said))


corrected = RecordCorrected(
    record=1,
    held_on=SEVENTEENTH,
    minutes=120,
    summary="小组督导二",
    reason="日期误录",
    at=day(3, 20),
)


def test_P_15_a_record_that_was_wrong_is_put_right_and_countersigned_anew() -> None:
    """That it came late stays, whatever day it is of."""
    signed = Countersigned(record=1, at=day(3, 19))
    late = given(session(SIXTH, day(3, 18), late=True), signed)
    [record] = corrects(late).then(corrected).state.records
    assert (record.held_on, record.minutes, record.summary) == (SEVENTEENTH, 120, "小组督导二")
    assert (record.late, record.countersigned_at) == (True, None)


@pytest.mark.parametrize(
    ("way", "right", "late"),
    [
        (Manner.GROUP, date(2026, 3, 17), False),
        (Manner.GROUP, date(2026, 3, 16), True),
        (Manner.VISIT, date(2026, 3, 17), False),
        (Manner.VISIT, date(2026, 3, 16), True),
    ],
)
def test_P_15_a_record_is_late_by_the_day_that_it_is_corrected_to(
    way: Manner, right: date, late: bool
) -> None:
    """Entered after work on Thursday 19 March, a visit on the 20th; as it was where no such time was kept."""
    entered = day(3, 19 if way is Manner.GROUP else 20, 10)
    [event] = records(way, date(2026, 3, 19), entered).happened
    assert (event.late, event.entered_at) == (False, entered)
    for kept, found in ((event, late), (replace(event, entered_at=None), False)):
        [record] = corrects(given(kept), held_on=right, now=day(3, 23)).leads_to().state.records
        assert record.late is found


def test_P_15_what_puts_a_record_right_is_held_to_the_same_and_says_why() -> None:
    held = given(session(SIXTH, day(3, 6)))
    for minutes in (119, 181):
        corrects(held, minutes=minutes).breaks("P-15", clause=FIVE, field="minutes")
    for strange in (date(2026, 2, 28), date(2026, 3, 21)):
        corrects(held, held_on=strange).refused(Malformed, field="held_on")
    for field in ("summary", "reason"):
        said: dict[str, Any] = {field: " "}
        corrects(held, **said).refused(Malformed, field=field)
    same: dict[str, Any] = {"held_on": SIXTH, "minutes": 150, "summary": "小组督导"}
    corrects(held, **same).breaks("P-15", clause=OURS, field="held_on")
    for number in (0, 2):
        corrects(held, number).breaks("P-15", clause=OURS)
    over = given(session(SIXTH, day(3, 6)), SupervisionEnded(at=day(3, 19)))
    corrects(over).breaks("P-15", clause=SIX)
    corrects(handed(*HELD), held_on=date(2026, 3, 7), now=day(4, 9)).breaks("P-15", clause=OURS)


def test_P_15_the_sessions_of_a_month_follow_and_what_was_missed_by_then_stays_missed() -> None:
    april = [session(date(2026, 4, on), day(4, on)) for on in (8, 15)]
    march = session(SIXTH, day(3, 6))
    now = day(4, 20)
    gone = missed(What.SESSIONS, MAR, now)
    again = replace(corrected, record=2, held_on=SEVENTEENTH, at=now)
    after = corrects(given(march, *april), 2, now=now).then(gone, again).state
    report = missed(What.REPORT, MAR, now)
    assert after.find_missed(now, WORK) == (report,)
    assert evolve(after, report).next_due == end_of(date(2026, 4, 30)), "one is lacking there now"


# Reports


def kept(kind: EntryKind, month: int, on: int = 1) -> Entry:
    return Entry(kind=kind, on=date(2026, month, on), title="材料", evidence="档案盒 1")


LEDGER = Ledger(
    contract="c-1",
    supplier="tongxin",
    street="guanshang",
    purchaser="street:guanshang",
    entries=(
        kept(EntryKind.PLAN, 3),
        *(
            kept(kind, month)
            for month in (3, 4, 5)
            for kind in (EntryKind.PROGRESS, EntryKind.SUMMARY)
        ),
    ),
)


def reported(month: date, at: datetime, late: bool = False, **figures: int) -> Reported:
    return Reported(
        month=month,
        figures=Figures(**figures),
        workers=2,
        averages=averaged(Figures(**figures), 2, month.month - MAR.month + 1),
        events="",
        reason="",
        enclosed=enclosed(LEDGER, month),
        late=late,
        at=at,
    )


def reports(
    state: Given[Supervision], month: date, now: datetime, reason: str = "", **figures: int
) -> Decision[Supervision]:
    return state.when(
        lambda one: one.report(
            month,
            figures=Figures(**figures),
            workers=2,
            events="",
            reason=reason,
            ledger=LEDGER,
            now=now,
            work=WORK,
        )
    )


def test_P_15_a_month_is_reported_by_the_eighth_of_the_next_that_day_included() -> None:
    assert report_due(MAR) == datetime(2026, 4, 8, 16, tzinfo=UTC)
    assert report_due(date(2026, 12, 1)) == datetime(2027, 1, 8, 16, tzinfo=UTC)
    last, after = day(4, 8, 15), day(4, 8, 16)
    reports(given(), MAR, last).then(reported(MAR, last, False))
    late = missed(What.REPORT, MAR, after)
    reports(given(), MAR, after).then(late, reported(MAR, after, True))
    reports(given(late), MAR, after).then(reported(MAR, after, True))


def test_P_15_a_report_without_its_enclosures_is_not_taken() -> None:
    figures = Figures()
    without = given().when(
        lambda one: one.report(
            MAR,
            figures=figures,
            workers=2,
            events="",
            reason="",
            ledger=None,
            now=day(4, 2),
            work=WORK,
        )
    )
    without.breaks("P-15", clause=SIX, field="month")
    assert reports(given(), MAR, day(4, 2)).happened[0].enclosed == (1, 2, 3)


def test_P_15_months_are_reported_in_turn_once_they_are_over() -> None:
    reports(given(), APR, day(5, 4)).breaks("P-15", clause=SIX, field="month")
    reports(given(), MAR, day(3, 31, 15)).breaks("P-15", field="month")
    all_of_it = [reported(month, MARCH) for month in (MAR, APR, MAY)]
    reports(given(*all_of_it[:1]), MAR, day(4, 4)).breaks("P-15", field="month")
    reports(given(*all_of_it), date(2026, 6, 1), day(7, 4)).breaks("P-15", field="month")
    assert given(*all_of_it).state.next_report is None


def test_P_21_a_figure_that_falls_is_a_correction_with_its_reason() -> None:
    first = given(reported(MAR, day(4, 2), contacts=40, cases_opened=5))
    reports(first, APR, day(5, 2), contacts=39, cases_opened=5).breaks("P-21", field="reason")
    reports(first, APR, day(5, 2), " ", contacts=39, cases_opened=5).breaks("P-21")
    assert reports(first, APR, day(5, 2), "重复计数", contacts=39, cases_opened=5).happened
    assert reports(first, APR, day(5, 2), contacts=40, cases_opened=5).happened


def test_P_21_no_figure_is_negative_and_no_more_cases_close_than_opened() -> None:
    reports(given(), MAR, day(4, 2), contacts=-1).refused(Malformed, field="figures")
    reports(given(), MAR, day(4, 2), cases_closed=1).refused(Malformed, field="figures")


def test_P_22_the_reports_decide_whether_the_commission_goes_on() -> None:
    def decides(state: Given[Supervision], goes_on: bool, opinion: str = "已阅") -> Any:
        return state.when(
            lambda one: one.decide(by=STREET, goes_on=goes_on, opinion=opinion, now=MARCH)
        )

    clause = "官办通〔2019〕77号 附件2 七"
    decides(given(), True).breaks("P-22", clause=clause)
    march = StageReported(month=MAR, opinion="进展正常", at=MARCH)
    told = given(reported(MAR, MARCH), march)
    decides(told, True, " ").refused(Malformed, field="opinion")
    on = CommissionDecided(month=MAR, goes_on=True, opinion="已阅", at=MARCH)
    goes = decides(told, True).then(on)
    decides(goes, True).breaks("P-22", clause=clause)
    april = given(reported(MAR, MARCH), march, on, replace(march, month=APR))
    off = CommissionDecided(month=APR, goes_on=False, opinion="已阅", at=MARCH)
    over = decides(april, False).then(off, SupervisionEnded(at=MARCH))
    decides(over, True).breaks("P-15")
    again = replace(commissioned, at=MARCH)
    declined = over.when(lambda one: commission(one, again, SIGNED, UNTIL))
    declined.breaks("P-22", clause=clause, field="supervisor")
    another = replace(taken, supervisor="other", begun=MAR)
    over.when(lambda one: commission(one, another, SIGNED, UNTIL)).then(another)
    ended = given(on, SupervisionEnded(at=MARCH))
    ended.when(lambda one: commission(one, again, SIGNED, UNTIL)).then(replace(taken, begun=MAR))


def test_P_22_a_stage_report_follows_the_month_s_report_once() -> None:
    def stage(*happened: Any, opinion: str = "进展正常") -> Decision[Supervision]:
        return given(*happened).when(lambda one: one.report_stage(MAR, opinion=opinion, now=MARCH))

    done = StageReported(month=MAR, opinion="进展正常", at=MARCH)
    stage().breaks("P-22", field="month")
    stage(reported(MAR, MARCH)).then(done)
    stage(reported(MAR, MARCH), done).breaks("P-22", field="month")
    stage(reported(MAR, MARCH), opinion=" ").refused(Malformed, field="opinion")


# Missed


def finds(state: Given[Supervision], now: datetime) -> Decision[Supervision]:
    return state.when(lambda one: one.find_missed(now, WORK))


def awaited(what: What, month: date, due: datetime, at: datetime) -> RecordsAwaited:
    return RecordsAwaited(what=what, month=month, due=due, at=at)


def missed(what: What, month: date, at: datetime) -> SupervisionMissed:
    return SupervisionMissed(what=what, month=month, at=at)


def test_P_15_what_a_month_lacks_is_found_once() -> None:
    state = given(session(date(2026, 3, 6), day(3, 6)))
    assert state.state.next_due == MARCH_OVER
    finds(state, MARCH_OVER - timedelta(seconds=1)).then()
    after = finds(state, RECORDED).then(missed(What.SESSIONS, MAR, RECORDED))
    finds(after, RECORDED).then()
    assert after.state.next_due == report_due(MAR)
    late = finds(after, report_due(MAR)).then(missed(What.REPORT, MAR, report_due(MAR)))
    finds(late, report_due(MAR)).then()


def test_P_15_a_session_of_the_months_last_day_is_not_missed_while_its_record_may_come() -> None:
    waits = awaited(What.SESSIONS, MAR, RECORDED, MARCH_OVER)
    one = session(date(2026, 3, 6), day(3, 6))
    over = finds(given(one), MARCH_OVER).then(waits)
    assert over.state.next_due == RECORDED
    finds(over, RECORDED - timedelta(seconds=1)).then()
    finds(over, RECORDED).then(missed(What.SESSIONS, MAR, RECORDED))
    finds(given(one, waits, session(date(2026, 3, 31), day(4, 3, 8))), RECORDED).then()
    assert announce.of_supervisions(waits, over.state) is None


def test_P_15_the_record_of_a_last_day_before_a_holiday_has_the_working_days_after_it() -> None:
    """The National Day of 2026 lasts to 7 October; the third working day after it is Saturday 10 October, worked."""
    september, over = date(2026, 9, 1), day(9, 30, 16)
    state = past(None, evolve, (replace(commissioned, first=september, last=september),))
    sessions = awaited(What.SESSIONS, september, datetime(2026, 10, 10, 9, tzinfo=UTC), over)
    visits = awaited(What.VISITS, september, day(10, 3, 16), over)
    after = finds(state, over).then(sessions, visits)
    assert after.state.next_due == visits.due
    finds(after, visits.due).then(missed(What.VISITS, september, visits.due))


def test_P_15_a_calendar_that_is_known_better_gives_the_record_its_days() -> None:
    """Waited for by a day that has turned out to be a holiday."""
    sooner = awaited(What.SESSIONS, MAR, day(4, 2, 9), MARCH_OVER)
    known = given(session(date(2026, 3, 6), day(3, 6)), sooner)
    later = finds(known, sooner.due).then(awaited(What.SESSIONS, MAR, RECORDED, sooner.due))
    assert later.state.next_due == RECORDED


def test_P_15_a_visit_of_the_last_day_is_not_missed_while_its_record_may_come() -> None:
    visit = replace(session(date(2026, 3, 6), day(3, 6)), way=Manner.VISIT)
    due = day(6, 3, 16)
    for now, lacks in ((due - timedelta(seconds=1), False), (due, True)):
        found = finds(given(visit, visit), now).happened
        assert (missed(What.VISITS, MAY, now) in found) is lacks
    last = replace(visit, held_on=date(2026, 5, 31), at=due - timedelta(seconds=1))
    found = finds(given(visit, visit, last), due).happened
    assert missed(What.VISITS, MAY, due) not in found


def test_P_15_what_was_done_in_time_is_never_missed() -> None:
    two = [session(date(2026, 3, on), day(3, on)) for on in (6, 20)]
    done = given(*two, reported(MAR, day(4, 2)))
    finds(done, report_due(MAR)).then()
    assert done.state.next_due == datetime(2026, 4, 30, 16, tzinfo=UTC)


def test_P_15_what_is_missed_is_found_before_its_record_comes_late() -> None:
    """Whether or not the timer came by."""

    def holds(state: Given[Supervision], way: Manner, on: date, now: datetime) -> Any:
        return state.when(
            lambda one: one.record(
                way, held_on=on, minutes=150, summary="小组督导", now=now, work=WORK
            )
        ).happened

    one, second = session(date(2026, 3, 6), day(3, 6)), date(2026, 3, 20)
    lacks = missed(What.SESSIONS, MAR, RECORDED)
    in_time = holds(given(one), Manner.GROUP, second, RECORDED - timedelta(seconds=1))
    assert lacks not in in_time and in_time[-1].held_on == second
    assert holds(given(one), Manner.GROUP, second, RECORDED)[:-1] == (lacks,)
    assert holds(given(one), Manner.VISIT, second, RECORDED)[:-1] == ()
    over = day(6, 3, 16)
    assert holds(given(), Manner.VISIT, MAY, over)[:-1] == (missed(What.VISITS, MAY, over),)


def test_P_15_a_long_silence_is_found_whole_in_the_order_of_its_days() -> None:
    now = day(7, 1)
    found = finds(given(), now).happened
    assert [(one.what, one.month) for one in found] == [
        (What.SESSIONS, MAR),
        (What.REPORT, MAR),
        (What.SESSIONS, APR),
        (What.REPORT, APR),
        (What.SESSIONS, MAY),
        (What.VISITS, MAY),
        (What.REPORT, MAY),
    ]
    after = finds(given(), now).leads_to()
    assert after.state.next_due is None
    finds(after, now).then()


def test_P_15_three_visits_by_the_end_of_the_project() -> None:
    visit = replace(session(date(2026, 3, 6), day(3, 6)), way=Manner.VISIT)
    for times, lacks in ((2, True), (3, False)):
        found = finds(given(*[visit] * times), day(7, 1)).happened
        assert (What.VISITS in [one.what for one in found]) is lacks


def test_P_15_nothing_is_missed_or_filed_after_the_end() -> None:
    over = given(SupervisionEnded(at=MARCH))
    assert over.state.next_due is None
    finds(over, day(7, 1)).then()
    reports(over, MAR, day(4, 2)).breaks("P-15", clause=SIX)
    over.when(lambda one: one.end(by=STREET, now=MARCH)).breaks("P-15")
    given().when(lambda one: one.end(by=STREET, now=MARCH)).then(SupervisionEnded(at=MARCH))


def test_P_15_what_the_last_month_lacks_is_missed_when_it_ends_before_its_records_are_due() -> None:
    """No record of it can come any more, whether or not its end was found before."""
    over, now = day(5, 31, 16), day(6, 1)
    visit = replace(session(date(2026, 3, 6), day(3, 6)), way=Manner.VISIT)
    months = [reported(month, day(5, 30)) for month in (MAR, APR)]
    held = [session(date(2026, month, on), day(5, 30)) for month in (3, 4) for on in (6, 20)]
    known = given(*held, *months, visit, visit)
    lacks = (missed(What.SESSIONS, MAY, now), missed(What.VISITS, MAY, now))
    ended = SupervisionEnded(at=now)
    found = finds(known, over).leads_to()
    assert [type(one) for one in finds(known, over).happened] == [RecordsAwaited] * 2
    for state in (known, found):
        state.when(lambda one: one.end(by=STREET, now=now)).then(*lacks, ended)
    stage = StageReported(month=APR, opinion="进展正常", at=day(5, 31))
    off = CommissionDecided(month=APR, goes_on=False, opinion="已阅", at=now)
    decides = past(found.state, evolve, (stage,)).when(
        lambda one: one.decide(by=STREET, goes_on=False, opinion="已阅", now=now)
    )
    decides.then(off, *lacks, ended)
    before = over - timedelta(seconds=1)
    known.when(lambda one: one.end(by=STREET, now=before)).then(SupervisionEnded(at=before))
    report = missed(What.REPORT, MAY, report_due(MAY))
    late = known.when(lambda one: one.end(by=STREET, now=report_due(MAY))).happened
    assert report in late


def test_P_15_who_commissioned_ends_it_and_no_street_where_it_is_only_delivered() -> None:
    stage = StageReported(month=MAR, opinion="进展正常", at=MARCH)
    bought = replace(commissioned, purchaser="department:civil-affairs")
    known = past(None, evolve, (bought, reported(MAR, MARCH), stage))

    def ends(by: str) -> Decision[Supervision]:
        return known.when(lambda one: one.end(by=by, now=MARCH))

    decides = known.when(lambda one: one.decide(by=STREET, goes_on=True, opinion="已阅", now=MARCH))
    for done in (ends(STREET), decides):
        done.breaks("P-15", clause=THREE)
    for own in ("department:civil-affairs", "finance"):
        assert ends(own).happened


def test_P_15_with_a_contract_that_ended_early_it_is_over_once() -> None:
    """What was over by then is missed all the same, and nothing that would have come."""
    known = given(session(date(2026, 3, 6), day(3, 6)), reported(MAR, day(4, 2)))
    now = day(4, 15)
    lacks, ended = missed(What.SESSIONS, MAR, now), SupervisionEnded(at=now)
    over = known.when(lambda one: one.end_with_contract(now)).then(lacks, ended)
    finds(over, day(7, 1)).then()
    over.when(lambda one: one.end_with_contract(now)).then()


async def test_P_15_what_went_on_after_its_contract_s_early_end_ends_at_the_next_start() -> None:
    """As of the contract's end; one whose contract goes on, or ran out, goes on as before."""
    desk = desk_on(MemoryStore(), bytes(32), Silent(), WORK)
    cause = Cause(actor="x", now=MARCH)
    for id, so_far in (("c-1", [terminated]), ("c-2", []), ("c-3", [expired])):
        await desk.contracts.once(id, [replace(signed, contract=id), *so_far], cause)
        await desk.supervisions.once(id, [replace(commissioned, contract=id)], cause)
    lacking = (await desk.supervisions.get("c-1")).aggregate.close(terminated.at)
    for _ in range(2):
        await seed(desk, NOVEMBER)
        of = [(await desk.supervisions.get(f"c-{n}")).aggregate for n in (1, 2, 3)]
        assert [one.ended_at for one in of] == [terminated.at, None, None]
        assert [one.next_due is None for one in of] == [True, False, False]
        assert (*of[0].missed, SupervisionEnded(at=terminated.at)) == lacking
    assert (await desk.supervisions.get("c-1")).version == 1 + len(lacking)


def hands_over(
    state: Given[Supervision], by: str = "duxun", report: str = "记录三十份"
) -> Decision[Supervision]:
    return state.when(lambda one: one.hand_over(by=by, report=report, now=MARCH))


def test_P_15_the_supervisor_hands_its_records_over_once_with_a_report() -> None:
    for state in (given(), given(SupervisionEnded(at=MARCH))):
        after = hands_over(state).then(HandedOver(by="duxun", report="记录三十份", at=MARCH))
        hands_over(after).breaks("P-15", clause=SIX)
    hands_over(given(), report=" ").refused(Malformed, field="report")
    assert announce.of_supervisions(HandedOver(report="记录", at=MARCH), given().state) is None


def test_P_15_what_is_missed_is_told_and_records_are_not() -> None:
    event = missed(What.REPORT, MAR, day(4, 9))
    assert announce.of_supervisions(event, given(event).state) == told.SupervisionMissed(
        street="guanshang",
        community="haihua",
        supplier="tongxin",
        contract="c-1",
        supervisor="duxun",
        what="report",
        month="2026-03-01",
    )
    record = session(date(2026, 3, 6), day(3, 6))
    assert announce.of_supervisions(record, given(record).state) is None


def test_months_follow_each_other_over_the_year() -> None:
    assert [next_month(one) for one in (MAR, date(2026, 12, 1))] == [APR, date(2027, 1, 1)]


def test_P_15_what_was_missed_stays_when_it_is_commissioned_again() -> None:
    missed = SupervisionMissed(what=What.SESSIONS, month=MAR, at=day(4, 1))
    ended = SupervisionEnded(at=day(4, 2))
    again = replace(commissioned, first=APR, at=day(4, 3))
    over = given(missed, ended)
    anew = over.when(lambda one: commission(one, again, SIGNED, UNTIL))
    assert anew.then(replace(again, since=again.at, begun=MAR)).state.missed == (missed,)
    later = replace(again, first=date(2026, 6, 1), last=date(2026, 7, 1))
    apart = over.when(lambda one: commission(one, later, SIGNED, UNTIL))
    apart.breaks("P-15", field="first")
    once = given(missed, ended, replace(commissioned, at=day(4, 3)))
    assert replace(missed, at=day(4, 30)) not in finds(once, day(4, 30)).happened


def test_P_22_who_was_declined_is_not_commissioned_after_another_either() -> None:
    off = CommissionDecided(month=MAR, goes_on=False, opinion="已阅", at=MARCH)
    another = replace(commissioned, supervisor="other", at=MARCH)
    over = given(off, SupervisionEnded(at=MARCH), another, SupervisionEnded(at=MARCH))
    again = replace(commissioned, at=MARCH)
    declined = over.when(lambda one: commission(one, again, SIGNED, UNTIL))
    declined.breaks("P-22", field="supervisor")


def test_P_15_two_sessions_of_one_day_are_one() -> None:
    held = Recorded(
        way=Manner.GROUP,
        held_on=date(2026, 3, 5),
        minutes=120,
        summary="集体督导",
        late=False,
        at=day(3, 5),
    )
    other = replace(held, held_on=date(2026, 3, 6))

    def short(*records: Recorded) -> bool:
        found = finds(given(*records), RECORDED).happened
        return missed(What.SESSIONS, MAR, RECORDED) in found

    assert short(held, held)
    assert not short(held, other)


# Another supervisor goes on

NEXT = replace(commissioned, supervisor="other", first=APR, at=day(4, 3))
HELD = tuple(session(date(2026, 3, on), day(3, on)) for on in (6, 20))


def handed(*happened: Any, anew: Commissioned = NEXT) -> Given[Supervision]:
    """To another on 3 April, of what happened under the first."""
    over = given(*happened, SupervisionEnded(at=day(4, 2)))
    return over.when(lambda one: commission(one, anew, SIGNED, UNTIL)).leads_to()


def test_P_15_what_was_held_and_visited_under_the_one_before_counts_under_the_next() -> None:
    """A month of two supervisors has its sessions from both."""
    early = replace(NEXT, first=MAR, at=day(3, 21))
    finds(handed(*HELD, anew=early), RECORDED).then()
    one = handed(HELD[0], anew=early)
    finds(one, RECORDED).then(missed(What.SESSIONS, MAR, RECORDED))
    visit = replace(session(date(2026, 3, 6), day(3, 6)), way=Manner.VISIT)
    for visits, lacks in ((3, False), (2, True)):
        found = finds(handed(*[visit] * visits), day(7, 1)).happened
        assert (What.VISITS in [one.what for one in found]) is lacks


def test_P_21_the_next_report_follows_the_one_before_whoever_supervised_then() -> None:
    on = handed(reported(MAR, day(4, 2), contacts=40))
    assert on.state.next_report == APR
    assert finds(on, report_due(MAR)).happened == ()
    reports(on, APR, day(5, 2), contacts=39).breaks("P-21", field="reason")
    [april] = reports(on, APR, day(5, 2), contacts=40).happened
    assert april.averages == averaged(Figures(contacts=40), 2, 2), "of both months"


def test_P_15_a_month_that_the_one_before_left_unreported_is_reported_to_the_next() -> None:
    on = handed(*HELD)
    assert on.state.next_report == MAR
    finds(on, report_due(MAR)).then(missed(What.REPORT, MAR, report_due(MAR)))


def test_P_15_the_next_may_be_commissioned_for_months_before_the_first_ones() -> None:
    """Their reports are owed and taken as well."""
    one = past(None, evolve, (replace(commissioned, first=APR), SupervisionEnded(at=day(4, 2))))
    earlier = replace(NEXT, first=MAR)
    on = one.when(lambda known: commission(known, earlier, SIGNED, UNTIL)).leads_to()
    assert (on.state.beginning, on.state.next_report) == (MAR, MAR)
    finds(on, report_due(MAR)).then(missed(What.REPORT, MAR, report_due(MAR)))


def test_P_15_a_session_is_countersigned_by_who_supervised_it() -> None:
    def signs(state: Given[Supervision], record: int) -> Decision[Supervision]:
        return state.when(lambda one: one.countersign(record, day(4, 9)))

    on = handed(*HELD)
    signs(on, 2).breaks("P-15", clause=SIX)
    assert [one.supervisor for one in on.state.records] == ["duxun", "duxun"]
    own = session(date(2026, 4, 8), day(4, 8))
    after = signs(past(handed(*HELD).state, evolve, [own]), 3).leads_to().state.records
    assert [one.countersigned_at for one in after] == [None, None, day(4, 9)]
    signs(handed(*HELD, anew=replace(NEXT, supervisor="duxun")), 2).then(
        Countersigned(record=2, at=day(4, 9))
    )


def test_P_22_the_next_one_reports_on_what_was_reported_to_it_and_is_judged_by_that() -> None:
    march = StageReported(month=MAR, opinion="进展正常", at=day(4, 2))
    on = handed(reported(MAR, day(4, 2)), march)
    assert not on.state.undecided
    on.when(lambda one: one.report_stage(MAR, opinion="正常", now=day(4, 9))).breaks(
        "P-22", field="month"
    )
    own = past(on.state, evolve, [reported(APR, day(5, 2))])
    stage = own.when(lambda one: one.report_stage(APR, opinion="正常", now=day(5, 3)))
    assert stage.leads_to().state.undecided


def test_P_15_who_supervised_before_still_hands_its_records_over() -> None:
    on = handed(*HELD)
    after = hands_over(on).then(HandedOver(by="duxun", report="记录三十份", at=MARCH))
    assert after.state.former == ()
    assert after.state.handed_over is None, "the next one's own are still to come"
    hands_over(after).breaks("P-15", clause=SIX)
    hands_over(after, "other").then(HandedOver(by="other", report="记录三十份", at=MARCH))
    before = handed(*HELD, HandedOver(report="记录", at=MARCH))
    assert before.state.former == ()
    hands_over(before).breaks("P-15", clause=SIX)
    back = handed(*HELD, anew=replace(NEXT, supervisor="duxun"))
    assert back.state.former == (), "it goes on itself"
    again = handed(HandedOver(report="记录", at=MARCH), anew=replace(NEXT, supervisor="duxun"))
    assert hands_over(again).happened, "what it records from now on"


def test_P_15_who_supervised_before_is_told_nothing_that_came_since() -> None:
    own, april = session(date(2026, 4, 8), day(4, 8)), reported(APR, day(5, 2))
    lacks = missed(What.SESSIONS, APR, day(5, 1))
    handed_over = HandedOver(by="other", report="记录", at=day(5, 2))
    on = past(
        handed(*HELD, reported(MAR, day(4, 2))).state, evolve, [own, april, lacks, handed_over]
    )
    assert on.state.of("other") == on.state
    told = on.state.of("duxun")
    assert [one.held_on for one in told.records] == [one.held_on for one in HELD]
    assert (told.reports, told.missed, told.handed_over) == ((), (), None)
    assert on.state.of("stranger").records == ()


def test_P_15_a_record_names_no_supervisor_until_another_goes_on() -> None:
    """So that what was stored before there was another still follows from what happened."""
    assert [one.supervisor for one in given(*HELD).state.records] == [None, None]


def test_P_15_a_commission_of_before_is_folded_as_it_was_then() -> None:
    """Its records are numbered anew."""
    ended, own = SupervisionEnded(at=day(4, 2)), session(date(2026, 4, 8), day(4, 8))
    signed = Countersigned(record=1, at=day(4, 9))
    kept = given(*HELD, ended, replace(NEXT, since=day(4, 3)), own, signed).state.records
    assert [(one.held_on, one.countersigned_at) for one in kept] == [(date(2026, 4, 8), day(4, 9))]
