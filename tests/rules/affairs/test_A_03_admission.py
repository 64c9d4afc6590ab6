"""A-03 … A-11: how work comes to be asked of a community, and how it leaves again."""

from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chassis import step_taken
from chassis.asking import Asking
from chassis.calendar import NationalCalendar
from chassis.cause import Cause
from chassis.http import ReasonIn
from chassis.kernel.clock import WorkTime, begin_of, end_of
from chassis.kernel.errors import OURS, Malformed, NotAllowed, NotFound, RuleBroken
from contracts.affairs import WorkAdmitted
from services.affairs.announce import of_admissions
from services.affairs.domain import admitting, leaving, registering
from services.affairs.domain.admission import (
    Assessed,
    AssessmentSetAside,
    ClockRenewed,
    End,
    Ended,
    Exempted,
    Free,
    FundsCorrected,
    FundsMissing,
    FundsReceived,
    Group,
    Mode,
    Provision,
    Registered,
    RegistrationCorrected,
    ReviewMissed,
    ShortConfirmed,
    Status,
    Term,
    TermShortened,
    Withdrawn,
)
from services.affairs.domain.evolution import evolve
from services.affairs.domain.waiting import of_admission
from services.affairs.main import desk_on
from services.affairs.steps import leaving as leaving_steps
from tests.support.calendars import lengthened
from tests.support.memory import MemoryStore
from tests.support.specification import Decision, past
from tests.support.toy import Silent
from tests.support.walks import person

from .cases import (
    ADMITTED,
    DUE,
    ENTERED,
    FORM,
    LATER,
    MARCH,
    TODAY,
    WHEN,
    WORK,
    admitted,
    applied,
    arranged,
    broken,
    but,
    entered,
    given,
    malformed,
    reviewed,
)


def applying(now: datetime = MARCH, **other: Any) -> Decision[Any]:
    around = {name: other.pop(name, None) for name in ("urgent", "out_of_season")}
    listed = other.pop("listed", frozenset())
    form = but(FORM, **other)
    return Decision(
        None,
        lambda _: admitting.apply(
            unit="health",
            street="guanshang",
            community="haihua",
            form=form,
            listed=listed,
            brief_days=90,
            work=WORK,
            now=now,
            **around,
        ),
        lambda *_: None,
    )


def test_A_03_an_application_states_everything_the_form_asks_for() -> None:
    applying().then(replace(applied, due=DUE))
    for field in ("item", "basis", "aim", "task", "process", "assessed_by", "staff", "powers"):
        said: dict[str, Any] = {field: " "}
        applying(**said).breaks("A-03", field=field)
    applying(funds=0).breaks("A-03", field="funds")
    applying(until=None).breaks("A-03", field="until")
    applying(begins_on=date(2026, 3, 1)).breaks("A-03", field="begins_on")
    applying(until=date(2026, 3, 19)).breaks("A-03", field="until")


def test_A_03_out_of_march_and_september_it_says_why() -> None:
    may = datetime(2026, 5, 6, 2, 0, tzinfo=UTC)
    later = {"begins_on": date(2026, 6, 1)}
    applying(may, **later).breaks("A-03", field="out_of_season")
    assert applying(may, **later, out_of_season="市里新任务").happened[0].out_of_season
    september = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)
    assert applying(september, begins_on=date(2026, 10, 9), until=date(2026, 12, 1)).happened


def test_A_04_ten_working_days_go_round_the_national_day() -> None:
    """2026: 1 to 7 October are free, 20 September and 10 October are worked."""
    asked = datetime(2026, 9, 24, 2, 0, tzinfo=UTC)
    then = {"begins_on": date(2026, 11, 1), "until": date(2026, 12, 1)}
    [one] = applying(asked, **then).happened
    free = {date(2026, 9, day) for day in (25, 26, 27)} | {date(2026, 10, d) for d in range(1, 8)}
    days, counted = asked.date(), 0
    while counted < 10:
        days += timedelta(days=1)
        worked = days == date(2026, 10, 10) or days.weekday() < 5
        counted += worked and days not in free
    assert one.due == datetime(days.year, days.month, days.day, 9, 0, tzinfo=UTC)
    assert (one.due.date() - asked.date()).days > 14


def test_A_04_the_review_is_missed_once() -> None:
    late = DUE + timedelta(seconds=1)
    given().when(lambda one: admitting.come_due(one, DUE)).then()
    missed = given().when(lambda one: admitting.come_due(one, late)).then(ReviewMissed(due=DUE))
    missed.when(lambda one: admitting.come_due(one, LATER)).then()
    assert missed.state.next_due is None
    [first, second] = given().when(lambda one: reviewing(one, now=LATER)).happened
    assert (first, second.opinion) == (ReviewMissed(due=DUE), "必要")


def reviewing(one: Any, now: datetime = MARCH, **other: Any) -> Any:
    said = {
        "hearing": reviewed.hearing,
        "heard": reviewed.heard,
        "opinion": "必要",
        "on": TODAY,
        "placed": {},
        **other,
    }
    return admitting.review(one, **said, now=now)


def test_A_04_a_review_hears_street_and_community_in_a_meeting() -> None:
    given().when(reviewing).then(reviewed)
    given().when(lambda one: reviewing(one, hearing=None)).breaks("A-04", field="hearing")
    for heard in ((), ("street:guanshang",), ("community:haihua",)):
        broken("A-04", "heard", reviewing, given().state, heard=heard)
    given().when(lambda one: reviewing(one, opinion="")).breaks("A-04", field="opinion")
    tomorrow = date(2026, 3, 3)
    given().when(lambda one: reviewing(one, on=tomorrow)).refused(Malformed, field="on")
    given(applied, reviewed).when(reviewing).breaks("A-04")


def test_A_04_a_review_hears_whom_it_is_asked_of_and_after_it_was_asked() -> None:
    own = reviewed.heard
    for heard in ((own[0], "community:wula"), ("street:taihe", own[1])):
        broken("A-04", "heard", reviewing, given().state, heard=heard)
    given().when(lambda one: reviewing(one, heard=(*own, "street:taihe"))).leads_to()
    before = TODAY - timedelta(days=1)
    given().when(lambda one: reviewing(one, on=before)).breaks("A-04", field="on")
    whole = given(but(applied, community=None))
    there = {"haihua": "guanshang", "wula": "taihe"}
    whole.when(lambda one: reviewing(one, placed=there)).leads_to()
    elsewhere = ("street:guanshang", "community:wula")
    cases: Any = ((elsewhere, there), (own, {}), (own[:1], there))
    for heard, placed in cases:
        broken("A-04", "heard", reviewing, whole.state, heard=heard, placed=placed)


def deciding(one: Any, **other: Any) -> Any:
    said = {
        "mode": Mode.STAGE,
        "scope": "全部楼栋",
        "until": None,
        "document": "和社〔2026〕1号",
        "brief_days": 90,
        **other,
    }
    return admitting.admit(one, **said, now=MARCH)


def test_A_04_the_leading_group_decides_once_after_the_review() -> None:
    given().when(deciding).breaks("A-04")
    asked = given(applied, reviewed)
    asked.when(deciding).then(admitted)
    asked.when(lambda one: deciding(one, document="")).breaks("A-04", field="document")
    given(*ADMITTED).when(deciding).breaks("A-04")
    malformed("until", deciding, asked.state, until=date(2026, 3, 1))

    def no(one: Any, reason: str = "无依据", document: str = "和社〔2026〕2号") -> Any:
        return admitting.refuse(one, reason=reason, document=document, now=MARCH)

    asked.when(lambda one: no(one, reason=" ")).breaks("A-04", field="reason")
    asked.when(lambda one: no(one, document=" ")).breaks("A-04", field="document")
    given().when(no).breaks("A-04")
    assert asked.when(no).leads_to().state.status is Status.REFUSED


def test_A_04_what_was_decided_on_paper_stands_from_that_day_on() -> None:
    """Else who took it on meanwhile has to say a later day, and was there without approval until it was entered."""
    asked, entered_on = given(applied, reviewed), MARCH + timedelta(days=30)

    def deciding_it(on: date | None, now: datetime = entered_on) -> Decision[Any]:
        said: dict[str, Any] = {
            "scope": "全部楼栋",
            "until": None,
            "document": "1",
            "brief_days": 90,
        }
        return asked.when(lambda one: admitting.admit(one, mode=Mode.STAGE, **said, on=on, now=now))

    paper = WHEN - timedelta(days=1)
    stands = deciding_it(paper).leads_to()
    there = past(stands.state, evolve, [arranged]).when(
        lambda one: admitting.enter(one, on=WHEN, window="一号窗口", now=entered_on)
    )
    there.leads_to()
    assert stands.state.stood(begin_of(paper)) and not stands.state.stood(
        begin_of(paper) - timedelta(seconds=1)
    )
    today = past(deciding_it(None).leads_to().state, evolve, [arranged]).state
    broken("A-08", "on", admitting.enter, today, on=WHEN, window="一号窗口", now=entered_on)
    deciding_it(TODAY - timedelta(days=1)).breaks("A-04", field="on")
    deciding_it(entered_on.date() + timedelta(days=1)).refused(Malformed, field="on")


def test_A_05_what_is_short_is_asked_for_five_working_days_before() -> None:
    brief: dict[str, Any] = {"term": Term.BRIEF, "until": date(2026, 3, 20)}
    monday, friday = date(2026, 3, 9), date(2026, 3, 6)
    applying(**brief, begins_on=friday).breaks("A-05", field="begins_on")
    applying(**brief, begins_on=friday, urgent=" ").breaks("A-05", field="begins_on")
    assert applying(**brief, begins_on=friday, urgent="疫情").happened
    [one] = applying(**brief, begins_on=monday).happened
    assert one.due == datetime(2026, 3, 8, 16, 0, tzinfo=UTC)
    may = datetime(2026, 5, 6, 2, 0, tzinfo=UTC)
    assert applying(may, term=Term.BRIEF, begins_on=date(2026, 6, 1)).happened
    at_once = given(one).when(lambda known: reviewing(known, hearing=None, heard=()))
    assert at_once.leads_to().state.status is Status.REVIEWED


def test_A_05_what_lasts_longer_is_not_short() -> None:
    """Else no meeting would hear streets and communities of what stays with them for years."""
    begins = date(2026, 3, 20)
    for days, refused in ((90, True), (1000, True), (89, False), (0, False)):
        until = begins + timedelta(days=days)
        brief = applying(term=Term.BRIEF, begins_on=begins, until=until)
        if refused:
            brief.breaks("A-05", clause=OURS, field="until", says="90 天")
        else:
            brief.leads_to()
        applying(term=Term.STAGE, begins_on=begins, until=until).leads_to()


def test_A_05_what_is_short_is_admitted_for_no_longer_than_that() -> None:
    """Else the meeting that it went without is never held; as it asked, it stands, whatever the policy says since."""
    begins = FORM.begins_on
    brief = replace(FORM, term=Term.BRIEF, until=begins + timedelta(days=9))
    for form, refused in ((brief, True), (replace(brief, term=Term.STAGE), False)):
        asked = given(replace(applied, form=form), replace(reviewed, hearing=None, heard=()))
        longer = asked.when(lambda one: deciding(one, until=begins + timedelta(days=90)))
        if refused:
            longer.breaks("A-05", clause=OURS, field="until", says="90 天")
        else:
            longer.leads_to()
        asked.when(lambda one: deciding(one, until=begins + timedelta(days=89))).leads_to()
        asked.when(lambda one: deciding(one, brief_days=5)).leads_to()


def test_A_05_what_was_decided_on_paper_is_entered_when_its_term_is_over_too() -> None:
    """It stood as long as it did, and ends as soon as it is entered."""
    on, until = TODAY, FORM.begins_on + timedelta(days=9)
    brief = replace(FORM, term=Term.BRIEF, until=until)
    asked = given(replace(applied, form=brief), replace(reviewed, hearing=None, heard=(), on=on))
    said: dict[str, Any] = {"mode": Mode.ASSISTING, "scope": "", "document": "1", "brief_days": 90}
    late = begin_of(until) + timedelta(days=30)

    def entering(on: date | None, until: date | None = None) -> Decision[Any]:
        return asked.when(lambda one: admitting.admit(one, **said, until=until, on=on, now=late))

    one = entering(on).leads_to().state
    assert one.stood(begin_of(until)) and not one.stood(late)
    [ended] = admitting.come_due(one, late)
    assert isinstance(ended, Ended) and ended.how is End.TERM
    entering(None).refused(Malformed, field="until")
    entering(on, on - timedelta(days=1)).refused(Malformed, field="until")


def test_A_06_a_stage_says_its_scope_and_term() -> None:
    asked = given(applied, reviewed)
    asked.when(lambda one: deciding(one, scope="")).breaks("A-06", field="scope")
    for mode in set(Mode) - {Mode.STAGE}:
        assert deciding(asked.state, mode=mode, scope="").mode is mode
    lasting = replace(FORM, term=Term.LONG, until=None, provision=Provision.OFFICE)
    long = given(replace(applied, form=lasting), reviewed)
    long.when(deciding).breaks("A-06", field="until")


def test_A_06_a_term_ends_no_earlier_than_the_work_begins() -> None:
    asked, begins = given(applied, reviewed), FORM.begins_on
    for mode in Mode:
        before = {"mode": mode, "until": begins - timedelta(days=1)}
        broken("A-06", "until", deciding, asked.state, **before)
    assert deciding(asked.state, until=begins).until == begins


def test_A_07_the_long_pays_staff_and_office_the_short_sends_or_allots() -> None:
    for provision in (Provision.STAFF, Provision.FUNDS):
        applying(term=Term.LONG, provision=provision).breaks("A-07", field="provision")
        assert applying(provision=provision).happened
    applying(provision=Provision.OFFICE).breaks("A-07", field="provision")
    assert applying(term=Term.LONG, provision=Provision.OFFICE, until=None).happened
    assert applying(provision=Provision.STAFF, funds=0).happened


def receiving(one: Any, fen: int = 2_000_000, now: datetime = LATER, **other: Any) -> Any:
    said = {"evidence": "凭证 1", "on": WHEN, **other}
    return admitting.receive(one, fen=fen, now=now, **said)


def test_A_07_funds_not_received_are_found_the_day_after_once() -> None:
    at = end_of(WHEN)
    running = given(*ENTERED)
    assert running.state.next_due == at
    running.when(lambda one: admitting.come_due(one, at - timedelta(seconds=1))).then()
    found = running.when(lambda one: admitting.come_due(one, at)).then(FundsMissing(due=at))
    found.when(lambda one: admitting.come_due(one, at)).then()
    paid = running.when(receiving).leads_to()
    assert paid.state.next_due == end_of(date(2026, 6, 30))
    broken("A-07", None, receiving, paid.state)
    part = running.when(lambda one: receiving(one, 500_000)).leads_to()
    assert (part.state.still_owed, part.state.next_due) == (1_500_000, at)
    late = at + timedelta(days=1)
    [missing, received] = running.when(lambda one: receiving(one, now=late)).happened
    assert missing == FundsMissing(due=at) and isinstance(received, FundsReceived)


def test_A_07_what_came_has_its_evidence_and_is_no_more_than_owed() -> None:
    running = given(*ENTERED)
    running.when(lambda one: receiving(one, evidence=" ")).breaks("A-07", field="evidence")
    for fen in (0, 2_000_001):
        broken("A-07", "fen", receiving, running.state, fen)
    running.when(lambda one: receiving(one, on=date(2026, 3, 23))).refused(Malformed, field="on")
    given().when(receiving).breaks("A-07")


def test_A_03_what_was_asked_for_wrongly_is_taken_back_until_it_is_decided() -> None:
    def back(reason: str = "街道写错") -> Any:
        return lambda one: admitting.withdraw(one, reason, DUE)

    gone = given().when(back()).then(Withdrawn(reason="街道写错", at=DUE)).state
    assert (gone.status, gone.next_due, of_admission(gone)) == (Status.WITHDRAWN, None, {})
    assert not gone.in_force
    assert given(applied, reviewed).when(back()).happened
    given().when(back(" ")).breaks("A-03", clause=OURS, field="reason")
    for decided in (ADMITTED, ENTERED):
        given(*decided).when(back()).breaks("A-03", clause=OURS)
    claimed = given(replace(EXEMPT, free=Free.LAW, claimed=True))
    unclaimed = claimed.when(back()).leads_to().state
    assert (unclaimed.status, unclaimed.claimed) == (Status.WITHDRAWN, False)


def test_A_04_a_review_that_is_late_stays_so_where_the_application_is_taken_back() -> None:
    late = DUE + timedelta(seconds=1)

    def back(now: datetime) -> Any:
        return lambda one: admitting.withdraw(one, "街道写错", now)

    given().when(back(DUE)).then(Withdrawn(reason="街道写错", at=DUE))
    missed, withdrawn = ReviewMissed(due=DUE), Withdrawn(reason="街道写错", at=late)
    given().when(back(late)).then(missed, withdrawn)
    given(applied, missed).when(back(late)).then(withdrawn)


def test_A_07_a_wrong_sum_is_put_right_beside_what_was_entered() -> None:
    running = given(*ENTERED).when(lambda one: receiving(one, 1_000_000)).leads_to()

    def to(fen: int, number: int = 1, reason: str = "多输一个零") -> Any:
        return lambda one: admitting.correct(one, number=number, fen=fen, reason=reason, now=LATER)

    right = FundsCorrected(number=1, fen=100_000, reason="多输一个零", at=LATER)
    put = running.when(to(100_000)).then(right)
    assert put.state.still_owed == 1_900_000 and put.state.received[0].fen == 1_000_000
    for fen in (100_000, 2_000_001):
        put.when(to(fen)).breaks("A-07", clause=OURS, field="fen")
    whole = put.when(to(2_000_000)).leads_to()
    assert (whole.state.still_owed, whole.state.funds_due) == (0, None)
    assert whole.when(to(0)).leads_to().state.funds_due == end_of(WHEN)
    running.when(to(1, number=2)).breaks("A-07", clause=OURS, field="number")
    running.when(to(1, reason=" ")).breaks("A-07", clause=OURS, field="reason")
    given(*ENTERED).when(to(1)).breaks("A-07", clause=OURS)


def entering(one: Any, **other: Any) -> Any:
    return admitting.enter(one, **{"on": WHEN, "window": "一号窗口", **other}, now=LATER)


def test_A_08_approval_then_the_street_then_the_community() -> None:
    given(applied, reviewed).when(lambda one: admitting.arrange(one, "x", MARCH)).breaks("A-08")
    allowed = given(*ADMITTED)
    allowed.when(entering).breaks("A-08")
    allowed.when(lambda one: admitting.arrange(one, " ", MARCH)).breaks("A-08", field="how")
    placed = allowed.when(lambda one: admitting.arrange(one, "按楼栋推进", MARCH)).then(arranged)
    placed.when(lambda one: admitting.arrange(one, "x", MARCH)).breaks("A-08")
    placed.when(lambda one: entering(one, on=date(2026, 3, 1))).breaks("A-08", field="on")
    placed.when(lambda one: entering(one, on=date(2026, 3, 23))).refused(Malformed, field="on")
    placed.when(entering).then(entered)


def test_A_08_the_community_takes_on_nothing_before_it_is_to_begin() -> None:
    placed = given(*ADMITTED, arranged)
    before = FORM.begins_on - timedelta(days=1)
    broken("A-08", "on", entering, placed.state, on=before)
    begun = begin_of(FORM.begins_on)
    admitting.may_enter(placed.state, begun)
    broken("A-08", None, admitting.may_enter, placed.state, begun - timedelta(seconds=1))
    assert entering(placed.state, on=FORM.begins_on).on == FORM.begins_on
    assert entering(given(EXEMPT, arranged).state, on=before).on == before


def test_A_09_no_body_of_its_own_and_only_at_the_window() -> None:
    applying(own_body=True).breaks("A-09", field="own_body")
    applying(headed_by_director=True).breaks("A-09", field="headed_by_director")
    placed = given(*ADMITTED, arranged)
    placed.when(lambda one: entering(one, window=" ")).breaks(
        "A-09", clause="官办通〔2018〕39号 二（四）", field="window"
    )


ASSESSED = Assessed(effect="好", funds="用于本事项", recognition=80, enough=True, at=LATER)
SHORT = replace(ASSESSED, enough=False)
ASIDE = AssessmentSetAside(reason="认可度录错", at=LATER)


def test_A_10_the_community_assesses_the_street_reports_the_group_ends() -> None:
    running = given(*ENTERED)
    running.when(lambda one: leaving.assess(one, ASSESSED, 60)).then(ASSESSED)
    for wrong, field in (
        (replace(ASSESSED, effect=" "), "effect"),
        (replace(ASSESSED, funds=" "), "funds"),
        (replace(ASSESSED, recognition=101), "recognition"),
        (replace(ASSESSED, recognition=59), "enough"),
    ):
        broken("A-10", field, leaving.assess, running.state, wrong, 60)
    given(*ADMITTED).when(lambda one: leaving.assess(one, ASSESSED, 60)).breaks("A-10")

    def confirming(one: Any, opinion: str = "属实") -> Any:
        return leaving.confirm(one, opinion, LATER)

    def ending(one: Any, reason: str = "达不到") -> Any:
        return leaving.end(one, reason, LATER)

    running.when(confirming).breaks("A-10")
    short = running.when(lambda one: leaving.assess(one, SHORT, 60)).then(SHORT)
    short.when(ending).breaks("A-10")
    short.when(lambda one: confirming(one, " ")).breaks("A-10", field="opinion")
    told = short.when(confirming).then(ShortConfirmed(opinion="属实", at=LATER))
    told.when(lambda one: ending(one, " ")).breaks("A-10", field="reason")
    over = told.when(ending).then(Ended(how=End.FELL_SHORT, reason="达不到", at=LATER))
    for step in (ending, confirming, entering, deciding, reviewing, receiving):
        with pytest.raises(RuleBroken):
            step(over.state)


def test_A_10_what_falls_short_by_mistake_is_set_aside_and_assessed_anew() -> None:
    def setting_aside(one: Any, reason: str = "认可度录错") -> Any:
        return leaving.set_aside(one, reason, LATER)

    given(*ENTERED).when(setting_aside).breaks("A-10", clause=OURS, field=None)
    short = given(*ENTERED, ASSESSED, SHORT)
    short.when(lambda one: setting_aside(one, " ")).breaks("A-10", clause=OURS, field="reason")
    for reached in (short, given(*ENTERED, ASSESSED, SHORT, ShortConfirmed(opinion="x", at=LATER))):
        anew = reached.when(setting_aside).then(ASIDE)
        assert anew.state == given(*ENTERED, ASSESSED).state
        anew.when(lambda one: leaving.assess(one, SHORT, 60)).then(SHORT)
    over = given(*ENTERED, SHORT, Ended(how=End.FELL_SHORT, reason="x", at=LATER))
    over.when(setting_aside).breaks("A-10")


@pytest.mark.parametrize(
    ("told", "own"),
    [
        ((), {"community:haihua", "street:guanshang"}),
        ((ShortConfirmed(opinion="x", at=LATER),), {"department:civil_affairs"}),
    ],
)
async def test_A_10_it_is_set_aside_by_who_has_it(told: tuple[Any, ...], own: set[str]) -> None:
    offices = ("community:haihua", "street:guanshang", "department:civil_affairs")
    for by in (*offices, "department:health", "street:taihe", "community:wula"):
        desk = desk_on(MemoryStore(), bytes(32), Silent(), WORK)
        cause = Cause(actor="platform", now=MARCH)
        await desk.policies.seed(MARCH)
        happened = [*ENTERED, SHORT, *told]
        await desk.admissions.once("a-1", happened, cause)
        asking = Asking(person(by), replace(cause, expected=len(happened)))
        said = (ReasonIn(reason="认可度录错"),)
        taking = step_taken.take(leaving_steps.set_aside, desk, asking, {"id": "a-1"}, said)
        if by in own:
            assert (await taking)[0].aggregate.status is Status.ENTERED
        else:
            with pytest.raises((NotAllowed, NotFound)):
                await taking


def test_A_10_stages_end_by_themselves_at_their_term() -> None:
    over = end_of(date(2026, 6, 30))
    paid = given(*ENTERED, FundsReceived(fen=2_000_000, evidence="1", on=WHEN, at=LATER))
    paid.when(lambda one: admitting.come_due(one, over - timedelta(seconds=1))).then()
    ended = paid.when(lambda one: admitting.come_due(one, over)).then(Ended(how=End.TERM, at=over))
    ended.when(lambda one: admitting.come_due(one, over)).then()
    ended.when(lambda one: leaving.assess(one, ASSESSED, 60)).breaks("A-10")


SHORTENED = TermShortened(until=WHEN, reason="调查取消", at=LATER)


def shortening(
    one: Any, until: date = WHEN, reason: str = "调查取消", now: datetime = LATER
) -> Any:
    return leaving.shorten(one, until, reason, now)


def test_A_10_what_its_unit_gives_up_ends_with_the_day_it_says() -> None:
    """Else work that was called off waits for street and community, without a term for ever."""
    over = end_of(WHEN)
    for happened in (ADMITTED, (*ADMITTED, arranged), ENTERED, (EXEMPT,), (CITY,)):
        short = given(*happened).when(shortening).then(SHORTENED)
        gone = past(short.state, evolve, admitting.come_due(short.state, over)).state
        assert (gone.status, gone.ended and gone.ended.how) == (Status.ENDED, End.TERM)
        assert gone.stood(LATER) and not gone.stood(over)
        told = of_admissions(SHORTENED, short.state)
        assert isinstance(told, WorkAdmitted) and told.until == WHEN.isoformat()
    asked = given(*ENTERED)
    asked.when(lambda one: shortening(one, reason=" ")).breaks("A-10", clause=OURS, field="reason")
    for later in (FORM.until, FORM.until and FORM.until + timedelta(days=1)):
        broken("A-10", "until", shortening, asked.state, later)
    malformed("until", shortening, asked.state, WHEN - timedelta(days=1))
    for not_open in ((applied,), (applied, reviewed), (*ENTERED, SHORT)):
        given(*not_open).when(shortening).breaks("A-10", clause=OURS, field=None)


EXEMPT = Exempted(
    unit="health",
    street="guanshang",
    item="应急排查",
    free=Free.EMERGENCY,
    basis="应急预案",
    at=MARCH,
)


CITY = Registered(
    unit="health",
    street="guanshang",
    item="普查",
    group=Group.CITY,
    document="市和社〔2026〕1号",
    mode=Mode.ASSISTING,
    funds=100,
    at=MARCH,
)
corrected = RegistrationCorrected(
    item="人口普查",
    document="市和社〔2026〕2号",
    mode=Mode.STAGE,
    scope="入户登记",
    funds=300,
    until=date(2026, 12, 31),
    reason="文号误录",
    at=MARCH,
)


def test_A_11_another_groups_admission_is_registered_by_its_document() -> None:
    known = given(registering.register(CITY)).state
    assert (known.status, known.group, known.form) == (Status.ADMITTED, Group.CITY, None)
    for field, value in (("item", ""), ("document", ""), ("group", Group.DISTRICT)):
        broken("A-11", field, registering.register, but(CITY, **{field: value}))
    malformed("until", registering.register, but(CITY, until=date(2026, 3, 1)))
    stage = replace(CITY, mode=Mode.STAGE)
    broken("A-06", "scope", registering.register, stage)


def test_A_11_what_was_registered_wrongly_is_put_right_and_what_follows_of_it_follows() -> None:
    def correct(**other_than: Any) -> Any:
        said = {**asdict(corrected), "now": MARCH, **other_than}
        said.pop("at")
        return lambda known: registering.correct(known, **said)

    known = given(CITY)
    after = known.when(correct()).then(corrected)
    state = after.state
    assert (state.item, state.document, state.scope) == ("人口普查", corrected.document, "入户登记")
    assert (state.mode, state.still_owed, state.group) == (Mode.STAGE, 300, Group.CITY)
    assert state.ends_at == end_of(date(2026, 12, 31)) == state.next_due
    told = of_admissions(corrected, state)
    assert isinstance(told, WorkAdmitted)
    assert (told.mode, told.until) == ("stage", "2026-12-31")
    for field in ("item", "document", "reason"):
        known.when(correct(**{field: " "})).breaks("A-11", field=field)
    known.when(correct(scope="")).breaks("A-06", field="scope")
    known.when(correct(until=date(2026, 3, 1))).refused(Malformed, field="until")
    after.when(correct()).breaks("A-11", clause=OURS, field="item")
    came = given(CITY, FundsReceived(fen=80, evidence="1", on=date(2026, 3, 2), at=MARCH))
    came.when(correct(funds=79)).breaks("A-11", clause=OURS, field="funds")
    assert came.when(correct(funds=80)).leads_to().state.still_owed == 0


def test_A_11_nothing_but_another_groups_admission_is_put_right_so_and_only_while_it_stands() -> (
    None
):
    over = Ended(how=End.TERM, at=LATER)
    for known in (given(applied), given(EXEMPT), given(CITY, over)):
        known.when(registering.may_correct).breaks("A-11", clause=OURS)


def test_A_11_whose_it_is_to_register_is_said_at_the_group() -> None:
    street, office = "street:guanshang", "department:civil_affairs"
    broken("A-11", "group", registering.whose, Group.CITY, street)
    broken("A-11", "group", registering.whose, Group.STREET, office)
    for group, by in (
        (Group.STREET, street),
        (Group.CITY, office),
        (Group.STREET, "district_admin"),
    ):
        registering.whose(group, by)


def test_A_04_what_was_assumed_of_the_calendar_is_counted_again() -> None:
    short = WorkTime(days=NationalCalendar(date(2025, 12, 31)))
    assumed = replace(applied, provisional=True, due=DUE + timedelta(days=1))
    [renewed] = admitting.renew(given(assumed).state, WORK, MARCH)
    assert renewed == ClockRenewed(due=DUE, provisional=False)
    assert list(admitting.renew(given(assumed).state, WORK, LATER)) == []
    assert list(admitting.renew(given(applied).state, short, MARCH)) == []
    again = given(assumed).when(lambda one: admitting.renew(one, WORK, MARCH)).decide
    assert given(assumed, *again(given(assumed).state)).state.due == DUE


async def test_A_04_an_amended_notice_moves_a_sure_date_at_a_start_while_it_runs() -> None:
    """What is short is reviewed before it begins, whatever is worked."""
    longer = lengthened(date(2026, 3, 9))
    desk = desk_on(MemoryStore(), bytes(32), Silent(), longer)
    cause = Cause(actor="platform", now=MARCH)
    brief = replace(applied, form=but(FORM, term=Term.BRIEF))
    missed = ReviewMissed(due=DUE)
    await desk.admissions.once("1", [applied], cause)
    await desk.admissions.once("2", [brief], cause)
    await desk.admissions.once("3", [applied, missed], cause)
    for _ in range(2):
        await desk.renew_calendar(MARCH)
    found = [await desk.admissions.get(id) for id in ("1", "2", "3")]
    assert [(one.aggregate.due, one.version) for one in found] == [
        (DUE + timedelta(days=1), 2),
        (DUE, 1),
        (DUE, 2),
    ]
    late = DUE + timedelta(seconds=1)
    assert list(admitting.renew(given(applied).state, longer, late)) == []
