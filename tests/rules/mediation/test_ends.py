"""M-05, M-06: of the parties' own will, handed on, and ended with the parties told where else to go."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from chassis.kernel.clock import end_of, local_date
from chassis.kernel.errors import OURS, Malformed
from services.mediation.domain import clocks, course, following, mediating
from services.mediation.domain.case import Case, Clock, Status
from services.mediation.domain.dispute import (
    Awaited,
    Body,
    Effect,
    How,
    Party,
    Remedy,
    Way,
    Word,
)
from services.mediation.domain.events import (
    AgreementCorrected,
    CaseEnded,
    CaseHanded,
    ClockStarted,
    CommissionReturned,
    DateMissed,
    EffectNoted,
    MediationExtended,
    PerformanceStruck,
    SessionHeld,
    SessionStruck,
    WillSaid,
)
from services.mediation.domain.evolution import evolve
from tests.support.specification import past

from .lives import (
    ACCEPTED,
    AGREED,
    AGREEMENT,
    BOTH,
    CLOCKS,
    COMMUNITY,
    DONE,
    HELD,
    LATER,
    MEDIATION,
    MET,
    MORNING,
    PERFORMED,
    PERFORMING,
    REGISTERED,
    RESPONSE,
    SIGNED,
    STREET,
    TAKEN,
    VISITING,
    WILLING,
    given,
)

COURT, HEALTH = "department:court", "department:health"
WAYS = (Remedy.COURT, Remedy.ARBITRATION)


# --- M-05


def test_M_05_nobody_is_mediated_against_their_will() -> None:
    meeting: dict[str, Any] = {
        "on": date(2026, 3, 5),
        "body": Body.COMMITTEE,
        "mediators": ("m1",),
        "now": LATER,
    }
    one = given(TAKEN, WILLING[0])
    one.when(lambda c: mediating.meet(c, **meeting)).breaks("M-05")
    given(TAKEN, *WILLING).when(lambda c: mediating.meet(c, **meeting)).then(
        SessionHeld(on=date(2026, 3, 5), body=Body.COMMITTEE, mediators=("m1",), at=LATER)
    )
    left = given(MET, WillSaid(party=Party.YI, willing=False, at=LATER))
    left.when(lambda c: mediating.agree(c, AGREEMENT, "（虚构）", LATER)).breaks("M-05")
    given(TAKEN).when(lambda c: mediating.will(c, "z", True, MORNING)).refused(Malformed)


def test_M_05_an_agreement_is_signed_by_every_party() -> None:
    for signed in (BOTH[:1], (), (*BOTH, Party.BING)):
        agreement = replace(AGREEMENT, signed=signed)
        given(MET).when(
            partial(mediating.agree, agreement=agreement, terms="（虚构）", now=LATER)
        ).breaks("M-05", field="signed")


def test_M_05_a_party_signs_once() -> None:
    twice = replace(AGREEMENT, signed=(*BOTH, Party.JIA))
    given(MET).when(partial(mediating.agree, agreement=twice, terms="（虚构）", now=LATER)).refused(
        Malformed, field="signed"
    )


def test_M_05_refused_is_only_what_a_party_refused() -> None:
    fails = partial(mediating.fail, how=How.REFUSED, told=WAYS, clocks=CLOCKS, now=LATER)
    given(MET).when(fails).breaks("M-05", field="how")
    left = given(MET, WillSaid(party=Party.YI, willing=False, at=LATER))
    left.when(fails).then(CaseEnded(how=How.REFUSED, told=WAYS, at=LATER))


def test_M_04_an_agreement_that_was_registered_wrongly_is_put_right_until_it_is_performed() -> None:
    """Beside what was registered; its day of performance is that of the paper."""
    now = datetime(2026, 3, 10, 1, tzinfo=UTC)
    right = replace(AGREEMENT, perform_by=date(2026, 4, 16), amount=5_000)

    def correct(**other: Any) -> Any:
        said = {
            "signed_on": right.signed_on,
            "perform_by": right.perform_by,
            "amount": right.amount,
            "reason": "多写一个零。",
            "now": now,
            **other,
        }
        return lambda c: following.correct(c, **said)

    corrected = AgreementCorrected(agreement=right, reason="多写一个零。", at=now)
    performing = clocks.until(Awaited.PERFORMANCE, right.perform_by)
    after = given(AGREED).when(correct()).then(corrected, performing)
    assert (after.state.agreement, after.state.miswritten) == (right, (AGREEMENT,))
    assert after.state.next_due == performing.due
    after.when(correct()).refused(Malformed, field="perform_by")
    given(AGREED).when(correct(reason=" ")).breaks("M-04", clause=OURS, field="reason")
    given(AGREED).when(correct(amount=0)).refused(Malformed, field="amount")
    given(AGREED).when(correct(signed_on=date(2026, 3, 4))).breaks("M-04", field="signed_on")
    given(AGREED).when(correct(perform_by=date(2026, 3, 5))).refused(Malformed, field="perform_by")
    late = given(AGREED).when(correct(now=LATER)).happened
    assert late[0] == DateMissed(awaited=Awaited.PERFORMANCE, due=PERFORMING.due)
    asked = EffectNoted(effect=Effect.CONFIRMATION, word=Word.ASKED, on=now.date(), at=now)
    given(AGREED, asked).when(correct()).breaks("M-04", clause=OURS)
    given(MET).when(correct()).breaks("M-04")


def test_M_04_a_session_that_was_entered_wrongly_is_struck_and_entered_anew() -> None:
    """With a day too late it would put off the agreement, with another mediator the reward would be his."""
    wrong = replace(HELD, on=date(2026, 3, 15))
    early = replace(AGREEMENT, signed_on=date(2026, 3, 6))
    here = given(TAKEN, *WILLING, wrong)
    here.when(lambda c: mediating.agree(c, early, "接管排水。", LATER)).breaks("M-04")
    struck = SessionStruck(reason="日期写错。", at=LATER)
    anew = here.when(lambda c: mediating.strike(c, "日期写错。", LATER)).then(struck)
    assert anew.state == given(TAKEN, *WILLING).state
    anew.when(lambda c: mediating.strike(c, "日期写错。", LATER)).breaks("M-04", clause=OURS)
    again = past(anew.state, evolve, [HELD])
    again.when(lambda c: mediating.agree(c, early, "接管排水。", LATER)).leads_to()
    here.when(lambda c: mediating.strike(c, " ", LATER)).breaks("M-04", clause=OURS, field="reason")
    given(AGREED).when(lambda c: mediating.strike(c, "日期写错。", LATER)).breaks(
        "M-04", field=None
    )


def test_M_04_a_performance_that_was_entered_wrongly_is_struck_until_the_visit() -> None:
    """Else what wasn't performed at all is visited, and mediated again as if the agreement hadn't held."""
    struck = PerformanceStruck(reason="尚未履行。", at=LATER)
    here = given(DONE)
    awaited = ClockStarted(awaited=Awaited.PERFORMANCE, due=end_of(local_date(LATER)))
    again = here.when(lambda c: following.strike(c, "尚未履行。", LATER)).then(struck, awaited)
    assert (again.state.status, again.state.performed) == (Status.AGREED, None)
    assert again.state.carried_out == () and again.state.agreement == AGREEMENT
    again.when(lambda c: following.perform(c, date(2026, 3, 18), CLOCKS, LATER)).leads_to()
    lapsed = VISITING.due + timedelta(days=1)
    late = here.when(lambda c: following.strike(c, "尚未履行。", lapsed)).happened
    assert late[0] == DateMissed(awaited=Awaited.VISIT, due=VISITING.due)
    here.when(lambda c: following.strike(c, " ", LATER)).breaks("M-04", clause=OURS, field="reason")
    given(AGREED).when(lambda c: following.strike(c, "尚未履行。", LATER)).breaks(
        "M-04", field=None
    )


def test_M_04_a_performance_that_was_late_once_isn_t_told_so_again() -> None:
    """It was awaited by the same date before."""
    late = DateMissed(awaited=Awaited.PERFORMANCE, due=PERFORMING.due)
    here = given(AGREED, late, PERFORMED, VISITING)
    again = here.when(lambda c: following.strike(c, "尚未履行。", LATER)).leads_to()
    assert clocks.late(again.state, LATER + timedelta(days=9)) == ()


def test_M_04_a_day_that_was_mistyped_isn_t_late_when_it_is_entered_anew() -> None:
    """What was performed in time is told as missed to nobody; what isn't entered by the end of the day is."""
    now = PERFORMING.due + timedelta(days=3)
    today = ClockStarted(awaited=Awaited.PERFORMANCE, due=end_of(local_date(now)))
    struck = PerformanceStruck(reason="日期写错。", at=now)
    again = given(DONE).when(lambda c: following.strike(c, "日期写错。", now)).then(struck, today)
    anew = again.when(lambda c: following.perform(c, AGREEMENT.perform_by, CLOCKS, now))
    assert anew.leads_to().state.missed == ()
    late = DateMissed(awaited=Awaited.PERFORMANCE, due=today.due)
    after = today.due + timedelta(seconds=1)
    assert clocks.late(again.state, after) == (late,)
    other = past(again.state, evolve, [late, PERFORMED, VISITING])
    stays = other.when(lambda c: following.strike(c, "日期写错。", after)).leads_to().state
    assert clocks.late(stays, after + timedelta(days=9)) == ()


# --- M-06


def test_M_06_what_fails_ends_with_the_parties_told_where_else_to_go() -> None:
    here = given(MET)
    here.when(lambda c: mediating.fail(c, How.NO_AGREEMENT, (), CLOCKS, LATER)).breaks(
        "M-06", field="told"
    )
    twice = (*WAYS, Remedy.COURT)
    here.when(lambda c: mediating.fail(c, How.NO_AGREEMENT, twice, CLOCKS, LATER)).then(
        CaseEnded(how=How.NO_AGREEMENT, told=WAYS, at=LATER)
    )


def test_M_04_how_it_failed_is_so() -> None:
    for how in (How.SETTLED, How.NOT_PERFORMED):
        given(MET).when(
            partial(mediating.fail, how=how, told=WAYS, clocks=CLOCKS, now=LATER)
        ).breaks("M-04", field="how")
    given(TAKEN).when(lambda c: mediating.fail(c, How.NO_AGREEMENT, WAYS, CLOCKS, LATER)).breaks(
        "M-04", field="how"
    )
    agreed = given(AGREED)
    agreed.when(lambda c: mediating.fail(c, How.UNSUITED, WAYS, CLOCKS, LATER)).breaks(
        "M-04", field="how"
    )
    early = datetime(2026, 3, 16, 2, tzinfo=UTC)
    agreed.when(lambda c: mediating.fail(c, How.NOT_PERFORMED, WAYS, CLOCKS, early)).breaks(
        "M-04", field="how", says="履行日期为 2026-03-16"
    )
    missed = DateMissed(awaited=Awaited.PERFORMANCE, due=PERFORMING.due)
    agreed.when(lambda c: mediating.fail(c, How.NOT_PERFORMED, WAYS, CLOCKS, LATER)).then(
        missed, CaseEnded(how=How.NOT_PERFORMED, told=WAYS, at=LATER)
    )


def test_M_06_a_case_is_handed_on_as_it_is_and_a_commission_comes_back() -> None:
    here = given(MET)

    def handed(to: str, way: Way | None = None, reason: str = "请诉前调解。"):  # type: ignore[no-untyped-def]
        return here.when(
            lambda c: course.transfer(
                c, to=to, way=way, commission=True, reason=reason, clocks=CLOCKS, now=MORNING
            )
        )

    handed(COMMUNITY).breaks("M-06", field="to")
    handed(COURT, reason=" ").refused(Malformed, field="reason")
    there = handed(COURT).then(
        CaseHanded(
            office=COURT, way=Way.JUDICIAL, commission=True, reason="请诉前调解。", at=MORNING
        ),
        RESPONSE,
    )
    case = there.state
    assert (case.status, case.office, case.way, case.handed_by) == (
        Status.RECEIVED,
        COURT,
        Way.JUDICIAL,
        (COMMUNITY,),
    )
    assert case.willing == {"a": True, "b": True} and case.sessions == ()
    taken = there.when(lambda c: course.accept(c, None, CLOCKS, MORNING)).leads_to()
    back = taken.when(lambda c: mediating.fail(c, How.UNSUITED, WAYS, CLOCKS, MORNING)).then(
        CommissionReturned(how=How.UNSUITED, at=MORNING), MEDIATION
    )
    assert (back.state.status, back.state.office, back.state.way) == (
        Status.ACCEPTED,
        COMMUNITY,
        Way.PEOPLE,
    )
    back.when(lambda c: mediating.fail(c, How.UNSUITED, WAYS, CLOCKS, MORNING)).then(
        CaseEnded(how=How.UNSUITED, told=WAYS, at=MORNING)
    )


def test_M_06_what_a_commission_agreed_and_did_not_perform_comes_back_as_an_agreement_of_before() -> (
    None
):
    """Its terms go with the rest when their term is over, and what was asked of it is nothing of the next one."""
    asked = EffectNoted(
        effect=Effect.CONFIRMATION, word=Word.ASKED, on=AGREEMENT.signed_on, at=LATER
    )
    handed = CaseHanded(
        office=COURT, way=Way.JUDICIAL, commission=True, reason="委托。", at=MORNING
    )
    there = (handed, replace(ACCEPTED, way=Way.JUDICIAL), MEDIATION, *AGREED[len(TAKEN) :], asked)
    fails = partial(mediating.fail, how=How.NOT_PERFORMED, told=WAYS, clocks=CLOCKS, now=LATER)
    back = given(TAKEN, *there).when(fails).leads_to().state
    assert (back.office, back.agreement, back.effects) == (COMMUNITY, None, ())
    assert back.earlier == (AGREEMENT,)
    later = evolve(evolve(back, HELD), replace(SIGNED, agreement=replace(AGREEMENT, box="box-2")))
    assert set(later.boxes.values()) == {"box-1", "box-2"}
    late = datetime(2026, 4, 1, tzinfo=UTC)
    following.effect(later, Effect.CONFIRMATION, Word.ASKED, AGREEMENT.signed_on, late)


def test_M_06_a_transfer_does_not_come_back() -> None:
    there = given(MET).when(
        lambda c: course.transfer(
            c, to=COURT, way=None, commission=False, reason="移交。", clocks=CLOCKS, now=MORNING
        )
    )
    taken = there.leads_to().when(lambda c: course.accept(c, None, CLOCKS, MORNING)).leads_to()
    taken.when(lambda c: mediating.fail(c, How.UNSUITED, WAYS, CLOCKS, MORNING)).then(
        CaseEnded(how=How.UNSUITED, told=WAYS, at=MORNING)
    )


def _handed(now: datetime, to: str, way: Way | None = None, *, commission: bool = False) -> Any:
    return lambda c: course.transfer(
        c, to=to, way=way, commission=commission, reason="移交。", clocks=CLOCKS, now=now
    )


AT_HEALTH = (
    replace(REGISTERED, office=HEALTH, way=Way.ADMINISTRATIVE),
    RESPONSE,
    replace(ACCEPTED, way=Way.ADMINISTRATIVE),
    MEDIATION,
)


def _mediation(case: Case) -> Clock:
    [clock] = [one for one in case.clocks if one.awaited is Awaited.MEDIATION]
    return clock


def test_M_04_who_gives_a_case_away_and_has_it_back_gets_no_new_days() -> None:
    extended = given(AT_HEALTH, MediationExtended(at=MORNING))
    for to, way in ((HEALTH, Way.PEOPLE), (COURT, None)):
        away = extended.when(_handed(LATER, to, way)).leads_to()
        if to == COURT:
            away = away.when(lambda c: course.accept(c, None, CLOCKS, LATER)).leads_to()
            assert _mediation(away.state).due == CLOCKS.mediation(LATER).due
            away = away.when(_handed(LATER, HEALTH)).leads_to()
        back = away.when(lambda c: course.accept(c, None, CLOCKS, LATER)).leads_to()
        assert _mediation(back.state).due == MEDIATION.due
        back.when(lambda c: mediating.extend(c, BOTH, CLOCKS, LATER)).breaks("M-04")


def test_M_04_what_was_late_is_late_once_wherever_it_went() -> None:
    after = MEDIATION.due + timedelta(days=1)
    away = given(AT_HEALTH).when(_handed(after, HEALTH, Way.PEOPLE)).leads_to()
    back = away.when(lambda c: course.accept(c, None, CLOCKS, after)).leads_to()
    assert _mediation(back.state).missed
    assert clocks.late(back.state, after) == ()
    assert [one.awaited for one in back.state.missed] == [Awaited.MEDIATION]


def test_M_04_a_commission_leaves_the_days_that_were_left_when_it_went() -> None:
    there = given(TAKEN).when(_handed(MORNING, COURT, commission=True)).leads_to()
    taken = there.when(lambda c: course.accept(c, None, CLOCKS, MORNING)).leads_to()
    back = taken.when(lambda c: mediating.fail(c, How.UNSUITED, WAYS, CLOCKS, LATER)).leads_to()
    assert _mediation(back.state).due == MEDIATION.due + (LATER - MORNING)
    late = replace(MEDIATION, due=MORNING - timedelta(days=1))
    there = given((*TAKEN[:-1], late)).when(_handed(MORNING, COURT, commission=True)).leads_to()
    taken = there.when(lambda c: course.accept(c, None, CLOCKS, MORNING)).leads_to()
    back = taken.when(lambda c: mediating.fail(c, How.UNSUITED, WAYS, CLOCKS, LATER)).leads_to()
    assert (_mediation(back.state).due, _mediation(back.state).missed) == (late.due, True)


def test_M_06_judicial_mediation_is_a_courts_and_a_court_has_no_other() -> None:
    given(TAKEN).when(_handed(MORNING, COMMUNITY, Way.JUDICIAL)).breaks("M-06", field="way")
    given(TAKEN).when(_handed(MORNING, COURT, Way.PEOPLE)).breaks("M-06", clause=OURS, field="way")
    away = given(TAKEN).when(_handed(MORNING, COURT, Way.JUDICIAL)).leads_to()
    for way in (Way.PEOPLE, Way.ADMINISTRATIVE):
        away.when(partial(course.accept, way=way, clocks=CLOCKS, now=LATER)).breaks("M-06")
    received = given(TAKEN).when(_handed(MORNING, STREET)).leads_to()
    asked = partial(course.accept, way=Way.JUDICIAL, clocks=CLOCKS, now=LATER)
    received.when(asked).breaks("M-06", field="way")
    away.when(partial(course.accept, way=None, clocks=CLOCKS, now=LATER)).leads_to()


def test_M_06_nobody_commissions_itself() -> None:
    given(AT_HEALTH).when(_handed(MORNING, HEALTH, Way.PEOPLE, commission=True)).breaks(
        "M-06", field="to"
    )


@pytest.mark.parametrize("office", [COMMUNITY, STREET])
def test_M_06_streets_and_communities_have_peoples_mediation_and_no_other(office: str) -> None:
    """What fails there counts among what people's mediation didn't settle, whatever it is called."""
    for way in (Way.ADMINISTRATIVE, Way.JUDICIAL):
        given(AT_HEALTH).when(_handed(MORNING, office, way)).breaks("M-06", field="way")
        received = given(AT_HEALTH).when(_handed(MORNING, office)).leads_to()
        asked = partial(course.accept, way=way, clocks=CLOCKS, now=LATER)
        received.when(asked).breaks("M-06", field="way")
    own = given(AT_HEALTH).when(_handed(MORNING, office, Way.PEOPLE)).leads_to()
    assert own.state.way is Way.PEOPLE
    given(TAKEN).when(_handed(MORNING, COMMUNITY, Way.ADMINISTRATIVE)).breaks("M-06", field="way")
    handed = given(AT_HEALTH).when(_handed(MORNING, office)).leads_to().state
    before = past(replace(handed, way=Way.ADMINISTRATIVE), evolve, ())
    taken = before.when(partial(course.accept, way=None, clocks=CLOCKS, now=LATER)).leads_to()
    assert taken.state.way is Way.PEOPLE


def test_M_06_a_department_may_have_a_peoples_mediation_committee_too() -> None:
    for way in (Way.PEOPLE, Way.ADMINISTRATIVE):
        there = given(TAKEN).when(_handed(MORNING, HEALTH, way)).leads_to()
        assert there.state.way is way
